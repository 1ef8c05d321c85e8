// A call: one SIP leg that the application steers.

import type { CallDirection, CallState, EventDataByType, MethodParams, MethodResult } from './generated/protocol.js';
import type { Bridge } from './bridge.js';
import { JoinOperation, type Conference, type JoinInput } from './conference.js';
import { BridgeOperation, parsePlan, parseTarget, type DialInput, type DialOperation, type DialPlanInput, type Target } from './dial.js';
import { SafeEmitter } from './emitter.js';
import { CallEndedError } from './errors.js';
import { Operation, type OpenOperation } from './operation.js';
import { EnqueueOperation, TakeOperation, type EnqueueInput, type QueueEntry } from './queue.js';
import { RecordOperation, type Recording } from './recording.js';
import { ReferRequest } from './refer.js';
import type { Session } from './session.js';

type CallMethod = Extract<keyof MethodParams, `call.${string}`>;
/** Parameters of a verb as the protocol names them; the call is implied and `op_id` is made unless given. */
export type Params<M extends CallMethod> = Omit<MethodParams[M], 'call_id'>;

export interface OperationOptions {
  /** Aborting cancels the operation. */
  signal?: AbortSignal;
}

/** What `call.bridge()` joins the call with: exactly one of `with`, `with_call_id` and `dial`. */
export type BridgeInput = Omit<Params<'call.bridge'>, 'dial'> & { with?: Call; dial?: Target | DialPlanInput };

export type TransferInput = Omit<Params<'call.transfer'>, 'to'> & { to?: Target; consult?: Call };

export type Cdr = EventDataByType['cdr.ready']['cdr'];

export type CallEvents = {
  dialing: EventDataByType['call.dialing'];
  ringing: EventDataByType['call.ringing'];
  early_media: EventDataByType['call.early_media'];
  answered: EventDataByType['call.answered'];
  held: EventDataByType['call.held'];
  unheld: EventDataByType['call.unheld'];
  dtmf: EventDataByType['call.dtmf'];
  sip_message: EventDataByType['call.sip_message'];
  media_changed: EventDataByType['call.media_changed'];
  quality: EventDataByType['call.quality'];
  /** The peer asks for a transfer; see ReferRequest. */
  referRequested: ReferRequest;
  /** How a transfer in mode "refer" goes. */
  transfer_progress: EventDataByType['call.transfer_progress'];
  /** Another call takes this one's place. */
  replaced: EventDataByType['call.replaced'];
  /** It is to be joined with another call. */
  bridged: Bridge;
  /** It is out of that bridge. */
  unbridged: Bridge;
  /** It is in a conference. */
  joined: Conference;
  /** It is out of that conference. */
  left: Conference;
  /** It waits in a queue. */
  queued: QueueEntry;
  recordingStarted: EventDataByType['recording.started'];
  /** Complete and ready to be fetched; may come after the call has ended. */
  recordingReady: Recording;
  recordingFailed: Recording;
  recordingPurged: EventDataByType['recording.purged'];
  ended: EventDataByType['call.ended'];
  cdr: Cdr;
};

export class Call extends SafeEmitter<CallEvents> {
  readonly id: string;
  readonly session: Session;
  readonly direction: CallDirection;
  readonly from: string;
  readonly to: string;
  /** All that the server said of the new call. */
  readonly info: EventDataByType['call.created'];
  /** Resolves with the verdict when the call is over. */
  readonly ended: Promise<EventDataByType['call.ended']>;
  /** Resolves with the call detail record, which comes after the end. A call that was never answered by anything has none. */
  readonly cdr: Promise<Cdr>;
  /** Aborts when the call ends: for timers and requests of your own. */
  readonly signal: AbortSignal;
  /** Yours. */
  appData: unknown;

  #state: CallState;
  #ivrId: string | undefined;
  #bridge: Bridge | undefined;
  #conference: Conference | undefined;
  #verdict: EventDataByType['call.ended'] | undefined;
  #operations = 0;
  readonly #abort = new AbortController();
  #resolveEnded!: (verdict: EventDataByType['call.ended']) => void;
  #resolveCdr!: (cdr: Cdr) => void;

  /** @internal */
  constructor(session: Session, id: string, info: EventDataByType['call.created']) {
    super();
    this.session = session;
    this.id = id;
    this.info = info;
    this.direction = info.direction;
    this.from = info.from;
    this.to = info.to;
    this.#state = info.state;
    this.signal = this.#abort.signal;
    this.ended = new Promise((resolve) => (this.#resolveEnded = resolve));
    this.cdr = new Promise((resolve) => (this.#resolveCdr = resolve));
    this.setListenerErrorHandler((error) => session.reportError(error));
  }

  get state(): CallState {
    return this.#state;
  }

  /** The media endpoint at the server while the call speaks and listens there. */
  get ivrId(): string | undefined {
    return this.#ivrId;
  }

  /** The bridge that it is in, or about to be. */
  get currentBridge(): Bridge | undefined {
    return this.#bridge;
  }

  /** The conference that it is in. */
  get currentConference(): Conference | undefined {
    return this.#conference;
  }

  /** Why it ended, once it has. */
  get verdict(): EventDataByType['call.ended'] | undefined {
    return this.#verdict;
  }

  ring(params: Params<'call.ring'> = {}, options?: OperationOptions): Operation<MethodResult['call.ring']> {
    return this.#operate('call.ring', params, options);
  }

  answer(params: Params<'call.answer'> = {}, options?: OperationOptions): Operation<MethodResult['call.answer']> {
    return this.#operate('call.answer', params, options);
  }

  reject(params: Params<'call.reject'> = {} as Params<'call.reject'>): Operation<MethodResult['call.reject']> {
    return this.#operate('call.reject', params);
  }

  redirect(params: Params<'call.redirect'>): Operation<MethodResult['call.redirect']> {
    return this.#operate('call.redirect', params);
  }

  hangup(params: Params<'call.hangup'> = {}): Operation<MethodResult['call.hangup']> {
    return this.#operate('call.hangup', params);
  }

  /** `call.say('Hello')` or with all parameters. */
  say(what: string | Params<'call.say'>, options?: OperationOptions): Operation<MethodResult['call.say']> {
    return this.#operate('call.say', typeof what === 'string' ? ({ text: what } as Params<'call.say'>) : what, options);
  }

  /** `call.play('https://…/hello.wav')` or with all parameters. */
  play(what: string | Params<'call.play'>, options?: OperationOptions): Operation<MethodResult['call.play']> {
    const params = typeof what === 'string' ? ({ sources: [{ url: what }] } as Params<'call.play'>) : what;
    return this.#operate('call.play', params, options);
  }

  collect(params: Params<'call.collect'>, options?: OperationOptions): Operation<MethodResult['call.collect']> {
    return this.#operate('call.collect', params, options);
  }

  prompt(params: Params<'call.prompt'>, options?: OperationOptions): Operation<MethodResult['call.prompt']> {
    return this.#operate('call.prompt', params, options);
  }

  /** Records beside all other operations: `await op.stop()` ends it, `await op.recording` is the finished recording. */
  record(params: Params<'call.record'> = {}, options?: OperationOptions): RecordOperation {
    const operation = new RecordOperation(this, this.#opId(params), [options?.signal]);
    this.#begin(operation, 'call.record', params);
    return operation;
  }

  sendDigits(
    what: string | Params<'call.send_digits'>,
    options?: OperationOptions,
  ): Operation<MethodResult['call.send_digits']> {
    const params = typeof what === 'string' ? ({ digits: what } as Params<'call.send_digits'>) : what;
    return this.#operate('call.send_digits', params, options);
  }

  sendSip(params: Params<'call.send_sip'>, options?: OperationOptions): Operation<MethodResult['call.send_sip']> {
    return this.#operate('call.send_sip', params, options);
  }

  setAudio(params: Params<'call.set_audio'>): Operation<MethodResult['call.set_audio']> {
    return this.#operate('call.set_audio', params);
  }

  update(params: Params<'call.update'>): Operation<MethodResult['call.update']> {
    return this.#operate('call.update', params);
  }

  /** Puts the call on hold; with music, or in silence. */
  hold(params: Params<'call.hold'> = {}, options?: OperationOptions): Operation<MethodResult['call.hold']> {
    return this.#operate('call.hold', params, options);
  }

  unhold(params: Params<'call.unhold'> = {}, options?: OperationOptions): Operation<MethodResult['call.unhold']> {
    return this.#operate('call.unhold', params, options);
  }

  /**
   * Dials for this call: as `session.dial()`, and given up when this call ends. The dialled call is not joined with this
   * one unless `then.bridge` says so.
   */
  dial(what: Target | DialInput, options?: OperationOptions): DialOperation {
    return this.session.dialFor(this, what, options);
  }

  /** Joins this call with another one, or with one that is dialled: `call.bridge(other)`, `call.bridge({ dial: '+15550123' })`. */
  bridge(what: Call | BridgeInput, options?: OperationOptions): BridgeOperation {
    const { with: other, dial, ...rest } = what instanceof Call ? { with: what, dial: undefined } : what;
    const params: Params<'call.bridge'> = {
      ...rest,
      ...(other !== undefined && { with_call_id: other.id }),
      ...(dial !== undefined && { dial: planOf(dial) }),
    };
    const operation = new BridgeOperation(this.session, this.#opId(params), this.id, [options?.signal]);
    this.#begin(operation, 'call.bridge', params);
    return operation;
  }

  /** Takes the call into a conference: `call.join(conference)`, `call.join('standup')` by name, or with all parameters. */
  join(what: Conference | string | JoinInput, options?: OperationOptions): JoinOperation {
    const input: JoinInput = typeof what === 'string' ? { name: what } : 'session' in what ? { conference: what } : what;
    const { conference, ...rest } = input;
    const params: Params<'call.join'> = { ...rest, ...(conference !== undefined && { conference_id: conference.id }) };
    const operation = new JoinOperation(this.session, this.#opId(params), this.id, [options?.signal]);
    this.#begin(operation, 'call.join', params);
    return operation;
  }

  /** `call.transfer('+15550123')` blind, `call.transfer(consultation)` attended, or with all parameters. */
  transfer(what: Target | Call | TransferInput, options?: OperationOptions): Operation<MethodResult['call.transfer']> {
    if (what instanceof Call) what = { mode: 'attended', consult: what };
    else if (typeof what === 'string') what = { to: what };
    else if ('number' in what || 'uri' in what || 'endpoint' in what) what = { to: what };
    const { to, consult, ...rest } = what as TransferInput;
    const params: Params<'call.transfer'> = {
      ...rest,
      ...(to !== undefined && { to: parseTarget(to) }),
      ...(consult !== undefined && { consult_call_id: consult.id }),
    };
    return this.#operate('call.transfer', params, options);
  }

  /** Puts the call into a queue: `call.enqueue('support')`, or with all parameters. */
  enqueue(what: string | EnqueueInput, options?: OperationOptions): EnqueueOperation {
    const params: EnqueueInput = typeof what === 'string' ? { queue: what } : what;
    const operation = new EnqueueOperation(this.session, this.#opId(params), this.id, [options?.signal]);
    this.#begin(operation, 'call.enqueue', params);
    return operation;
  }

  /** @internal See `Queue.take()`. */
  takeFrom(params: Omit<MethodParams['queue.take'], 'call_id'>, options?: OperationOptions): TakeOperation {
    const operation = new TakeOperation(this.session, this.#opId(params), this.id, [options?.signal]);
    this.#begin(operation, 'queue.take', params);
    return operation;
  }

  /** Answers a REFER by its id; `ReferRequest` is the comfortable way. */
  answerRefer(params: Params<'call.answer_refer'>): Operation<MethodResult['call.answer_refer']> {
    return this.#operate('call.answer_refer', params);
  }

  /** Reports on a REFER that the application handles itself; see `ReferRequest.report()`. */
  reportRefer(params: Params<'call.report_refer'>): Operation<MethodResult['call.report_refer']> {
    return this.#operate('call.report_refer', params);
  }

  #operate<M extends CallMethod>(method: M, params: Params<M>, options?: OperationOptions): Operation<MethodResult[M]> {
    const operation = new Operation<MethodResult[M]>(this.session, this.#opId(params), method, [options?.signal], this.id);
    this.#begin(operation, method, params);
    return operation;
  }

  /** Numbered, not random: a handler that runs again in a restarted process meets the operations it had begun. */
  #opId(params: object): string {
    return (params as { op_id?: string }).op_id ?? `OP${this.id.slice(2)}-${++this.#operations}`;
  }

  #begin(operation: OpenOperation, method: string, params: object): void {
    if (this.#state === 'ended' && !this.session.replaying) {
      operation.fail(
        new CallEndedError(`${method}: the call has ended`, { code: 'call_ended', retry: 'never' }, 'failed', 'call_ended'),
      );
      return;
    }
    this.session.begin(operation, method, { ...params, call_id: this.id, op_id: operation.id });
  }

  /** @internal */
  applyEvent<T extends keyof EventDataByType>(type: T, data: EventDataByType[T]): void {
    switch (type) {
      case 'call.ringing':
        this.#state = 'ringing';
        break;
      case 'call.early_media':
        this.#state = 'early';
        break;
      case 'call.answered':
      case 'call.unheld':
        this.#state = 'answered';
        break;
      case 'call.held':
        this.#state = 'held';
        break;
      case 'ivr.created':
        this.#ivrId = (data as EventDataByType['ivr.created']).ivr_id;
        return;
      case 'ivr.ended':
        this.#ivrId = undefined;
        return;
      case 'cdr.ready':
        this.#resolveCdr((data as EventDataByType['cdr.ready']).cdr);
        this.emit('cdr', (data as EventDataByType['cdr.ready']).cdr);
        return;
      case 'recording.started':
        this.emit('recordingStarted', data as EventDataByType['recording.started']);
        return;
      case 'recording.ready':
        this.emit('recordingReady', (data as EventDataByType['recording.ready']).recording);
        return;
      case 'recording.failed':
        this.emit('recordingFailed', (data as EventDataByType['recording.failed']).recording);
        return;
      case 'recording.purged':
        this.emit('recordingPurged', data as EventDataByType['recording.purged']);
        return;
      case 'recording.paused':
      case 'recording.resumed':
        return; // The operation says it too.
      case 'call.refer_requested':
        this.emit('referRequested', new ReferRequest(this, data as EventDataByType['call.refer_requested']));
        return;
      case 'call.ended':
        this.applyEnd(data as EventDataByType['call.ended']);
        return;
      default:
        break;
    }
    const name = String(type).replace(/^call\./, '') as keyof CallEvents;
    this.emit(name, data as never);
  }

  /** @internal Joins and leaves; a call is in one bridge at a time. */
  setBridge(bridge: Bridge, joined: boolean): void {
    if (joined === (this.#bridge === bridge)) return;
    if (!joined) {
      this.#bridge = undefined;
      this.emit('unbridged', bridge);
      return;
    }
    const former = this.#bridge;
    this.#bridge = bridge;
    if (former !== undefined) this.emit('unbridged', former);
    this.emit('bridged', bridge);
  }

  /** @internal */
  setConference(conference: Conference, joined: boolean): void {
    if (joined === (this.#conference === conference)) return;
    this.#conference = joined ? conference : undefined;
    this.emit(joined ? 'joined' : 'left', conference);
  }

  /** @internal */
  setQueued(entry: QueueEntry): void {
    this.emit('queued', entry);
  }

  /** @internal How things stand after events were missed. */
  applySnapshot(state: CallState, ivrId: string | undefined): void {
    if (this.#abort.signal.aborted || state === 'ended') return;
    this.#state = state;
    this.#ivrId = ivrId;
  }

  /** @internal Also from a snapshot, where the verdict may be all that is known. */
  applyEnd(verdict: EventDataByType['call.ended']): void {
    if (this.#abort.signal.aborted) return;
    this.#state = 'ended';
    this.#verdict = verdict;
    this.#ivrId = undefined;
    this.#abort.abort();
    this.#resolveEnded(verdict);
    this.emit('ended', verdict);
  }
}

function planOf(dial: Target | DialPlanInput): NonNullable<Params<'call.bridge'>['dial']> {
  if (typeof dial === 'string' || 'number' in dial || 'uri' in dial || 'endpoint' in dial) {
    return { to: parseTarget(dial as Target) };
  }
  return parsePlan(dial as DialPlanInput);
}
