// A call: one SIP leg that the application steers.

import type { CallDirection, CallState, EventDataByType, MethodParams, MethodResult } from './generated/protocol.js';
import { SafeEmitter } from './emitter.js';
import { CallEndedError } from './errors.js';
import { Operation } from './operation.js';
import type { Session } from './session.js';

type CallMethod = Extract<keyof MethodParams, `call.${string}`>;
/** Parameters of a verb as the protocol names them; the call is implied and `op_id` is made unless given. */
export type Params<M extends CallMethod> = Omit<MethodParams[M], 'call_id'>;

export interface OperationOptions {
  /** Aborting cancels the operation. */
  signal?: AbortSignal;
}

export type CallEvents = {
  ringing: EventDataByType['call.ringing'];
  early_media: EventDataByType['call.early_media'];
  answered: EventDataByType['call.answered'];
  held: EventDataByType['call.held'];
  unheld: EventDataByType['call.unheld'];
  dtmf: EventDataByType['call.dtmf'];
  sip_message: EventDataByType['call.sip_message'];
  media_changed: EventDataByType['call.media_changed'];
  quality: EventDataByType['call.quality'];
  ended: EventDataByType['call.ended'];
  cdr: EventDataByType['cdr.ready']['cdr'];
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
  /** Aborts when the call ends: for timers and requests of your own. */
  readonly signal: AbortSignal;
  /** Yours. */
  appData: unknown;

  #state: CallState;
  #ivrId: string | undefined;
  #operations = 0;
  readonly #abort = new AbortController();
  #resolveEnded!: (verdict: EventDataByType['call.ended']) => void;

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
    this.setListenerErrorHandler((error) => session.reportError(error));
  }

  get state(): CallState {
    return this.#state;
  }

  /** The media endpoint at the server while the call speaks and listens there. */
  get ivrId(): string | undefined {
    return this.#ivrId;
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

  #operate<M extends CallMethod>(method: M, params: Params<M>, options?: OperationOptions): Operation<MethodResult[M]> {
    // Numbered, not random: a handler that runs again in a restarted process meets the operations it had begun.
    const given = (params as { op_id?: string }).op_id;
    const opId = given ?? `OP${this.id.slice(2)}-${++this.#operations}`;
    const operation = new Operation<MethodResult[M]>(this.session, opId, method, options?.signal);
    if (this.#state === 'ended' && !this.session.replaying) {
      operation.fail(
        new CallEndedError(`${method}: the call has ended`, { code: 'call_ended', retry: 'never' }, 'failed', 'call_ended'),
      );
      return operation;
    }
    this.session.begin(operation as Operation<unknown>, method, { ...params, call_id: this.id, op_id: opId });
    return operation;
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
        this.emit('cdr', (data as EventDataByType['cdr.ready']).cdr);
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

  /** @internal Also from a snapshot, where the verdict may be all that is known. */
  applyEnd(verdict: EventDataByType['call.ended']): void {
    if (this.#abort.signal.aborted) return;
    this.#state = 'ended';
    this.#ivrId = undefined;
    this.#abort.abort();
    this.#resolveEnded(verdict);
    this.emit('ended', verdict);
  }
}
