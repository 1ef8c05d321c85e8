// One session: calls and operations steered over a link, which may break and be replaced while they go on.

import type { Bridge } from './bridge.js';
import type { Call, OperationOptions } from './call.js';
import type { Conference, CreateConferenceInput } from './conference.js';
import { DialOperation, parseDial, type DialInput, type Target } from './dial.js';
import { SafeEmitter } from './emitter.js';
import { CallEndedError, RequestError, SessionClosedError } from './errors.js';
import type {
  EndpointInfo,
  EventDataByType,
  MethodParams,
  MethodResult,
  OperationView,
  SessionLimits,
  SessionReason,
  Snapshot,
  UnregisterReason,
} from './generated/protocol.js';
import type { Link, LinkReceiver, Message, ResumePoint } from './link.js';
import { Operation, type OpenOperation } from './operation.js';
import type { Queue } from './queue.js';
import type { Recording } from './recording.js';
import { Resources, type EventParams } from './resources.js';

export type EndpointChange = {
  change: 'registered' | 'unregistered' | 'reachable' | 'unreachable';
  endpoint: EndpointInfo;
  /** With "unregistered". */
  reason?: UnregisterReason;
};

export type SessionEvents = {
  started: EventDataByType['session.started'];
  resumed: EventDataByType['session.resumed'];
  draining: EventDataByType['session.draining'];
  lagging: EventDataByType['session.lagging'];
  /** An outbound call was asked for by REST; nothing has been dialled. */
  requested: EventDataByType['call.requested'];
  /** A new call, inbound or dialled. */
  call: Call;
  bridge: Bridge;
  /** One that the session made, or that a call of its has joined. */
  conference: Conference;
  /** Only after `subscribe({ endpoints: true })`. */
  endpoint: EndpointChange;
  /** Of a conference, also one that is recorded as it was made; those of a call come to the call. */
  recordingReady: Recording;
  recordingFailed: Recording;
  /** The link broke; the session waits to be resumed. */
  disconnected: { code: number };
  closed: { reason: 'application' | 'server' | 'expired' };
  error: unknown;
};

interface Pending {
  message: Message;
  opId: string | undefined;
  /** The link that carried it last; another one means that it must be sent again. */
  sentOn: Link | undefined;
  resolve: (result: unknown) => void;
  reject: (error: Error) => void;
}
const ACK_EVERY = 50;
const ACK_DELAY_MS = 250;
/** Kept beyond the server's own time to resume, so that the server decides. */
const RESUME_SLACK_MS = 5_000;

export class Session extends SafeEmitter<SessionEvents> implements LinkReceiver {
  readonly id: string;
  readonly #resources = new Resources(this, {
    call: (call) => void this.emit('call', call),
    bridge: (bridge) => void this.emit('bridge', bridge),
    conference: (conference) => void this.emit('conference', conference),
  });
  #link: Link | undefined;
  #started: EventDataByType['session.started'] | undefined;
  #requested: EventDataByType['call.requested'] | undefined;
  #dials = 0;
  #others = 0;
  #wish: MethodParams['session.subscribe'] = {};
  #nextRequest = 1;
  #resumeRequest: number | undefined;
  #lastSeq = 0;
  #ackedSeq = 0;
  #replaying = false;
  #closed = false;
  #resumeTtlMs = 30_000;
  #ackTimer: NodeJS.Timeout | undefined;
  #expiry: NodeJS.Timeout | undefined;
  readonly #pending = new Map<number, Pending>();
  /** Results that came ahead of the replayed events they speak of. */
  #early: (() => void)[] = [];

  /** @internal */
  constructor(id: string) {
    super();
    this.id = id;
    this.setListenerErrorHandler((error) => this.reportError(error));
  }

  get closed(): boolean {
    return this.#closed;
  }

  /** True while events that happened before this socket are being replayed. */
  get replaying(): boolean {
    return this.#replaying;
  }

  get lastSeq(): number {
    return this.#lastSeq;
  }

  get calls(): ReadonlyMap<string, Call> {
    return this.#resources.calls;
  }

  /** Bridges that are not over. */
  get bridges(): ReadonlyMap<string, Bridge> {
    return this.#resources.bridges;
  }

  /** Conferences that the session made or that its calls are in, while they live. */
  get conferences(): ReadonlyMap<string, Conference> {
    return this.#resources.conferences;
  }

  /** A conference of the account by its id, also one that this session is not told of: to act on it. */
  conference(id: string): Conference {
    return this.#resources.conference(id);
  }

  /** Why it exists; undefined before `started`. */
  get reason(): SessionReason | undefined {
    return this.#started?.reason;
  }

  /** The JSON that an outbound call was requested with. */
  get data(): unknown {
    return this.#started?.data;
  }

  /** The intent of an outbound call. */
  get intentId(): string | undefined {
    return this.#requested?.intent_id;
  }

  get accountId(): string | undefined {
    return this.#started?.account_id;
  }

  get applicationId(): string | undefined {
    return this.#started?.application_id;
  }

  get limits(): SessionLimits | undefined {
    return this.#started?.limits;
  }

  /** Whether the server carries out a method, for example "call.record". */
  can(method: string): boolean {
    return this.#started?.capabilities.includes(method) ?? false;
  }

  /** All that the server holds for this session. */
  async snapshot(): Promise<Snapshot> {
    return (await this.request('snapshot.get', {})) as Snapshot;
  }

  /** Places an outbound call: `session.dial('+15550123')`, or to several in turn and at once with `endpoints`. */
  dial(what: Target | DialInput, options?: OperationOptions): DialOperation {
    return this.#dial(what, [options?.signal]);
  }

  /** Makes a conference; no call need exist. With `if_exists: 'use'` that of this name, if there is one. */
  async createConference(params: CreateConferenceInput = {}): Promise<Conference> {
    const opId = params.op_id ?? this.nextOpId('c');
    const operation = new Operation<MethodResult['conference.create']>(this, opId, 'conference.create');
    this.begin(operation, 'conference.create', { ...params, op_id: opId });
    return this.conference((await operation).conference_id);
  }

  /** Chooses which events of the account the session gets beside its own; replaces what was chosen before. */
  async subscribe(params: MethodParams['session.subscribe']): Promise<void> {
    this.#wish = params;
    await this.request('session.subscribe', params);
  }

  /** A queue of the account: to take calls from, or to `subscribe()` to. */
  queue(name: string): Queue {
    return this.#resources.queue(name);
  }

  /** @internal Adds one queue to what the session subscribed to, or takes it away. */
  watchQueue(name: string, on: boolean): Promise<void> {
    const { queue_names: names, queues, ...rest } = this.#wish;
    const all = queues === true && names === undefined; // Of every queue already.
    if (all) return on ? this.subscribe(this.#wish) : Promise.resolve();
    const wanted = new Set(queues === true ? names : []);
    if (on) wanted.add(name);
    else wanted.delete(name);
    return this.subscribe(wanted.size === 0 ? rest : { ...rest, queues: true, queue_names: [...wanted] });
  }

  /** @internal An operation that belongs to no call. */
  operate<M extends 'queue.remove' | 'queue.update'>(
    method: M,
    params: MethodParams[M],
    options?: OperationOptions,
  ): Operation<MethodResult[M]> {
    const opId = params.op_id ?? this.nextOpId('q');
    const operation = new Operation<MethodResult[M]>(this, opId, method, [options?.signal]);
    this.begin(operation, method, { ...params, op_id: opId });
    return operation;
  }

  /** Ends the session: calls still up go on without an application. */
  close(): void {
    if (this.#closed) return;
    this.#flushAck();
    const link = this.#link;
    this.#end('application');
    link?.finish();
  }

  /** @internal Numbered as a call's operations are, for the sake of a restarted process. */
  nextOpId(kind: string): string {
    return `OP${this.id.slice(2)}-${kind}${++this.#others}`;
  }

  /** @internal True while a link carries the session. */
  get connected(): boolean {
    return this.#link !== undefined;
  }

  /** @internal What to show, and where to go on, when another link takes it up. */
  get resumePoint(): ResumePoint {
    return { resumeToken: this.#started?.resume_token ?? '', lastSeq: this.#lastSeq };
  }

  /** @internal Operations that are not over. */
  get openOperations(): OpenOperation[] {
    return [...this.#resources.operations.values()];
  }

  /** @internal See `Call.dial()`. */
  dialFor(call: Call, what: Target | DialInput, options?: OperationOptions): DialOperation {
    return this.#dial(what, [options?.signal, call.signal], call);
  }

  #dial(what: Target | DialInput, signals: (AbortSignal | undefined)[], onBehalfOf?: Call): DialOperation {
    const params = parseDial(what);
    // Numbered as a call's operations are, for the sake of a restarted process.
    const opId = (params as { op_id?: string }).op_id ?? `OP${this.id.slice(2)}-d${++this.#dials}`;
    const operation = new DialOperation(this, opId, signals, onBehalfOf);
    if (onBehalfOf?.state === 'ended' && !this.#replaying) {
      const error = new CallEndedError('call.dial: the call has ended', { code: 'call_ended', retry: 'never' }, 'failed', 'call_ended');
      error.callId = onBehalfOf.id;
      operation.fail(error);
    } else {
      this.begin(operation, 'call.dial', { ...params, op_id: opId });
    }
    return operation;
  }

  /** @internal */
  attach(link: Link, resumed: boolean): void {
    const old = this.#link;
    this.#link = link;
    old?.terminate();
    clearTimeout(this.#expiry);
    this.#replaying = resumed;
    this.#resumeRequest = undefined;
    if (!resumed) return;
    this.#ackedSeq = this.#lastSeq;
    this.#resumeRequest = this.#nextRequest++;
    this.#send({ id: this.#resumeRequest, ...link.resumeRequest(this.resumePoint) });
  }

  /** @internal */
  begin(operation: OpenOperation, method: string, params: object): void {
    if (!this.#resources.operations.has(operation.id)) this.#resources.operations.set(operation.id, operation);
    this.request(method, params).then(
      (result) => {
        const view = (result as { op: OperationView }).op;
        const apply = (): void => {
          operation.applyView(view);
          if (operation.settled) this.#resources.forget(operation);
        };
        if (this.#replaying && view.state === 'completed') this.#early.push(apply);
        else apply();
      },
      (error: Error) => {
        this.#resources.forget(operation);
        operation.fail(error as RequestError);
      },
    );
  }

  /** @internal Survives a broken link: what was not answered is sent again after the resume. */
  request(method: string, params: object): Promise<unknown> {
    if (this.#closed) return Promise.reject(new SessionClosedError());
    const id = this.#nextRequest++;
    const message: Message = { id, method, params };
    const opId = (params as { op_id?: string }).op_id;
    // Until the server has taken the session up on this link, it would not know what the request is about.
    const held = this.#resumeRequest !== undefined;
    return new Promise((resolve, reject) => {
      this.#pending.set(id, { message, opId, sentOn: held ? undefined : this.#link, resolve, reject });
      if (!held) this.#send(message);
    });
  }

  /** @internal */
  reportError(error: unknown): void {
    if (!this.emit('error', error)) process.emitWarning(`Tandem session ${this.id}: ${String(error)}`);
  }

  #send(message: Message): void {
    if (this.#link?.open === true) this.#link.send(message);
  }

  /** @internal */
  receive(link: Link, message: Message): void {
    if (link !== this.#link) return;
    const params = message.params;
    if (typeof params === 'object' && params !== null) this.#onEvent(params as EventParams);
    else if (typeof message.id === 'number') this.#onResponse(message.id, message.result, message.error);
    else if (message.error !== undefined) this.reportError(new Error(message.error.message));
  }

  #onResponse(id: number, result: unknown, error: Message['error']): void {
    if (id === this.#resumeRequest) {
      if (error === undefined) this.#resumeRequest = undefined;
      // It was offered to this worker anew in the meantime: all events come again.
      else if (error.data?.code === 'wrong_state') this.#caughtUp();
      else this.#end('expired');
      return;
    }
    const pending = this.#pending.get(id);
    if (pending === undefined) return;
    this.#pending.delete(id);
    if (error === undefined) pending.resolve(result);
    else pending.reject(new RequestError(error.message, error.data ?? { code: 'internal' }));
  }

  #onEvent(event: EventParams): void {
    if (event.seq <= this.#lastSeq) return;
    const jump = event.type === 'session.resumed' && (event.data as EventDataByType['session.resumed']).gap;
    if (event.seq !== this.#lastSeq + 1 && !jump) {
      this.reportError(new Error(`events ${this.#lastSeq + 1} to ${event.seq - 1} are missing`));
    }
    this.#lastSeq = event.seq;
    this.#scheduleAck();
    if (event.type.startsWith('op.')) this.#resources.onOperationEvent(event);
    else if (event.type.startsWith('bridge.')) this.#resources.onBridgeEvent(event);
    else if (event.type.startsWith('conference.')) this.#resources.onConferenceEvent(event);
    else if (event.type.startsWith('queue.')) this.#resources.onQueueEvent(event);
    else if (event.call_id !== undefined) this.#resources.onCallEvent(event.call_id, event);
    else if (event.type.startsWith('recording.')) this.#onConferenceRecording(event);
    else this.#onSessionEvent(event);
  }

  #onConferenceRecording(event: EventParams): void {
    const recording = this.#resources.onConferenceRecording(event);
    if (recording === undefined) return;
    this.emit(event.type === 'recording.ready' ? 'recordingReady' : 'recordingFailed', recording);
  }

  #onSessionEvent(event: EventParams): void {
    switch (event.type) {
      case 'session.started':
        this.#started = event.data as EventDataByType['session.started'];
        this.#resumeTtlMs = this.#started.session.resume_ttl_ms;
        this.emit('started', this.#started);
        break;
      case 'session.resumed':
        this.#onResumed(event.data as EventDataByType['session.resumed']);
        break;
      case 'session.draining':
        this.emit('draining', event.data as EventDataByType['session.draining']);
        break;
      case 'session.lagging':
        this.#flushAck();
        this.emit('lagging', event.data as EventDataByType['session.lagging']);
        break;
      case 'call.requested':
        this.#requested = event.data as EventDataByType['call.requested'];
        this.emit('requested', this.#requested);
        break;
      case 'endpoint.registered':
      case 'endpoint.unregistered':
      case 'endpoint.reachable':
      case 'endpoint.unreachable': {
        const data = event.data as EventDataByType['endpoint.unregistered'];
        this.emit('endpoint', { ...data, change: event.type.slice('endpoint.'.length) as EndpointChange['change'] });
        break;
      }
      default:
        break; // A newer server's event.
    }
  }

  #onResumed(data: EventDataByType['session.resumed']): void {
    if (data.snapshot !== undefined) {
      this.#replaying = false;
      this.#resources.applySnapshot(data.snapshot, new Set([...this.#pending.values()].map(({ opId }) => opId)));
    }
    this.#caughtUp();
    this.emit('resumed', data);
  }

  /** The link is as good as a new one: results that came early count, and what was not answered is sent again. */
  #caughtUp(): void {
    this.#replaying = false;
    this.#resumeRequest = undefined;
    for (const apply of this.#early.splice(0)) apply();
    // Requests that the old link took with it; operations are idempotent by op_id.
    for (const pending of this.#pending.values()) {
      if (pending.sentOn === this.#link) continue;
      pending.sentOn = this.#link;
      this.#send(pending.message);
    }
  }

  #scheduleAck(): void {
    if (this.#lastSeq - this.#ackedSeq >= ACK_EVERY) this.#flushAck();
    else this.#ackTimer ??= setTimeout(() => this.#flushAck(), ACK_DELAY_MS).unref();
  }

  #flushAck(): void {
    clearTimeout(this.#ackTimer);
    this.#ackTimer = undefined;
    if (this.#closed || this.#lastSeq === this.#ackedSeq || this.#link?.open !== true) return;
    this.#ackedSeq = this.#lastSeq;
    this.#send({ id: this.#nextRequest++, method: 'session.ack', params: { seq: this.#lastSeq } });
  }

  /** @internal The link is gone. 1000 is the server's word that the session is over. */
  lost(link: Link, code: number): void {
    if (link !== this.#link || this.#closed) return;
    this.#link = undefined;
    if (code === 1000) {
      this.#end('server');
      return;
    }
    this.#replaying = true;
    this.emit('disconnected', { code });
    this.#expiry = setTimeout(() => this.#end('expired'), this.#resumeTtlMs + RESUME_SLACK_MS);
    this.#expiry.unref();
  }

  /** @internal The server ended it, or no longer holds it. */
  endedByServer(): void {
    if (!this.#closed) this.#end('server');
  }

  #end(reason: 'application' | 'server' | 'expired'): void {
    this.#closed = true;
    clearTimeout(this.#ackTimer);
    clearTimeout(this.#expiry);
    const error = new SessionClosedError();
    for (const { reject } of this.#pending.values()) reject(error);
    this.#pending.clear();
    for (const operation of this.#resources.operations.values()) operation.fail(error);
    this.#resources.operations.clear();
    this.#early = [];
    this.emit('closed', { reason });
  }
}
