// One session: the frames of one WebSocket, which may break and be replaced while calls and operations go on.

import type { RawData, WebSocket } from 'ws';
import { Call } from './call.js';
import { SafeEmitter } from './emitter.js';
import { OperationError, RequestError, SessionClosedError } from './errors.js';
import type { EventDataByType, OperationView, Snapshot } from './generated/protocol.js';
import type { Operation } from './operation.js';

export type SessionEvents = {
  started: EventDataByType['session.started'];
  resumed: EventDataByType['session.resumed'];
  draining: EventDataByType['session.draining'];
  lagging: EventDataByType['session.lagging'];
  call: Call;
  /** The socket broke; the session waits to be resumed. */
  disconnected: { code: number };
  closed: { reason: 'application' | 'server' | 'expired' };
  error: unknown;
};

interface Pending {
  frame: string;
  /** The socket that carried it last; another one means that it must be sent again. */
  sentOn: WebSocket | undefined;
  resolve: (result: unknown) => void;
  reject: (error: Error) => void;
}
interface EventParams {
  seq: number;
  type: keyof EventDataByType;
  call_id?: string;
  op_id?: string;
  data: unknown;
}

const ACK_EVERY = 50;
const ACK_DELAY_MS = 250;
/** Kept beyond the server's own time to resume, so that the server decides. */
const RESUME_SLACK_MS = 5_000;

export class Session extends SafeEmitter<SessionEvents> {
  readonly id: string;
  readonly calls = new Map<string, Call>();
  #socket: WebSocket | undefined;
  #nextRequest = 1;
  #lastSeq = 0;
  #ackedSeq = 0;
  #replaying = false;
  #closed = false;
  #resumeTtlMs = 30_000;
  #ackTimer: NodeJS.Timeout | undefined;
  #expiry: NodeJS.Timeout | undefined;
  readonly #pending = new Map<number, Pending>();
  readonly #operations = new Map<string, Operation<unknown>>();

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

  /** All that the server holds for this session. */
  async snapshot(): Promise<Snapshot> {
    return (await this.request('snapshot.get', {})) as Snapshot;
  }

  /** Ends the session: calls still up go on without an application. */
  close(): void {
    if (this.#closed) return;
    this.#flushAck();
    this.#socket?.close(1000, 'done');
    this.#end('application');
  }

  /** @internal */
  attach(socket: WebSocket, resumed: boolean): void {
    if (this.#socket !== undefined) {
      const old = this.#socket;
      this.#socket = undefined;
      old.terminate();
    }
    clearTimeout(this.#expiry);
    this.#socket = socket;
    this.#replaying = resumed;
    socket.on('message', (data: RawData, binary: boolean) => {
      if (!binary && socket === this.#socket) this.#onText(data.toString());
    });
    socket.on('close', (code: number) => this.#onClose(socket, code));
    socket.on('error', (error: Error) => this.reportError(error));
    if (!resumed) return;
    this.#ackedSeq = this.#lastSeq;
    this.#send(JSON.stringify({ jsonrpc: '2.0', id: this.#nextRequest++, method: 'session.ack', params: { seq: this.#lastSeq } }));
  }

  /** @internal */
  begin(operation: Operation<unknown>, method: string, params: object): void {
    if (!this.#operations.has(operation.id)) this.#operations.set(operation.id, operation);
    this.request(method, params).then(
      (result) => {
        operation.applyView((result as { op: OperationView }).op);
        if (operation.settled) this.#operations.delete(operation.id);
      },
      (error: Error) => {
        this.#operations.delete(operation.id);
        operation.fail(error as RequestError);
      },
    );
  }

  /** @internal Survives a broken socket: what was not answered is sent again after the resume. */
  request(method: string, params: object): Promise<unknown> {
    if (this.#closed) return Promise.reject(new SessionClosedError());
    const id = this.#nextRequest++;
    const frame = JSON.stringify({ jsonrpc: '2.0', id, method, params });
    return new Promise((resolve, reject) => {
      this.#pending.set(id, { frame, sentOn: this.#socket, resolve, reject });
      this.#send(frame);
    });
  }

  /** @internal */
  reportError(error: unknown): void {
    if (!this.emit('error', error)) process.emitWarning(`Tandem session ${this.id}: ${String(error)}`);
  }

  #send(frame: string): void {
    if (this.#socket?.readyState === 1) this.#socket.send(frame);
  }

  #onText(text: string): void {
    let message: { id?: number; result?: unknown; error?: { message: string; data?: { code: string } }; params?: EventParams };
    try {
      message = JSON.parse(text) as typeof message;
    } catch {
      this.reportError(new Error('the server sent a frame that is not JSON'));
      return;
    }
    if (message.params !== undefined) this.#onEvent(message.params);
    else if (typeof message.id === 'number') this.#onResponse(message.id, message.result, message.error);
    else if (message.error !== undefined) this.reportError(new Error(message.error.message));
  }

  #onResponse(id: number, result: unknown, error?: { message: string; data?: { code: string } }): void {
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
    if (event.op_id !== undefined && event.type.startsWith('op.')) this.#onOperationEvent(event.op_id, event);
    else if (event.call_id !== undefined) this.#onCallEvent(event.call_id, event);
    else this.#onSessionEvent(event);
  }

  #onOperationEvent(opId: string, event: EventParams): void {
    const operation = this.#operations.get(opId);
    if (operation === undefined) return;
    if (event.type === 'op.completed') {
      this.#operations.delete(opId);
      operation.applyCompletion(event.data as EventDataByType['op.completed']);
    } else {
      operation.applyEvent(event.type as 'op.started', event.data as EventDataByType['op.started']);
    }
  }

  #onCallEvent(callId: string, event: EventParams): void {
    if (event.type === 'call.created') {
      const call = new Call(this, callId, event.data as EventDataByType['call.created']);
      this.calls.set(callId, call);
      this.emit('call', call);
      return;
    }
    this.calls.get(callId)?.applyEvent(event.type, event.data as never);
  }

  #onSessionEvent(event: EventParams): void {
    switch (event.type) {
      case 'session.started': {
        const started = event.data as EventDataByType['session.started'];
        this.#resumeTtlMs = started.session.resume_ttl_ms;
        this.emit('started', started);
        break;
      }
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
      default:
        break; // A newer server's event.
    }
  }

  #onResumed(data: EventDataByType['session.resumed']): void {
    this.#replaying = false;
    if (data.snapshot !== undefined) this.#applySnapshot(data.snapshot);
    // Requests that the old socket took with it; operations are idempotent by op_id.
    for (const pending of this.#pending.values()) {
      if (pending.sentOn === this.#socket) continue;
      pending.sentOn = this.#socket;
      this.#send(pending.frame);
    }
    this.emit('resumed', data);
  }

  /** Settles each open promise by what the server says now. */
  #applySnapshot(snapshot: Snapshot): void {
    const views = new Map(snapshot.operations.map((view) => [view.id, view]));
    for (const [id, operation] of [...this.#operations]) {
      const view = views.get(id);
      if (view !== undefined) operation.applyView(view);
      else if (![...this.#pending.values()].some((p) => p.frame.includes(`"${id}"`))) {
        operation.fail(
          new OperationError(`${operation.method}: lost`, { code: 'op_not_found', retry: 'refresh' }, 'failed', 'error'),
        );
      }
      if (operation.settled) this.#operations.delete(id);
    }
    const known = new Map(snapshot.calls.map((call) => [call.id, call]));
    for (const call of this.calls.values()) {
      const view = known.get(call.id);
      if (view !== undefined && view.state !== 'ended') continue;
      call.applyEnd({
        reason: 'internal',
        party: 'platform',
        sip_code: 0,
        q850_cause: 0,
        class: 'indeterminate',
        retryable: false,
        detail: 'ended while the session was disconnected',
        duration_ms: 0,
        billable_ms: 0,
      });
    }
  }

  #scheduleAck(): void {
    if (this.#lastSeq - this.#ackedSeq >= ACK_EVERY) this.#flushAck();
    else this.#ackTimer ??= setTimeout(() => this.#flushAck(), ACK_DELAY_MS).unref();
  }

  #flushAck(): void {
    clearTimeout(this.#ackTimer);
    this.#ackTimer = undefined;
    if (this.#closed || this.#lastSeq === this.#ackedSeq || this.#socket?.readyState !== 1) return;
    this.#ackedSeq = this.#lastSeq;
    const params = { seq: this.#lastSeq };
    this.#send(JSON.stringify({ jsonrpc: '2.0', id: this.#nextRequest++, method: 'session.ack', params }));
  }

  #onClose(socket: WebSocket, code: number): void {
    if (socket !== this.#socket || this.#closed) return;
    this.#socket = undefined;
    if (code === 1000) {
      this.#end('server');
      return;
    }
    this.#replaying = true;
    this.emit('disconnected', { code });
    this.#expiry = setTimeout(() => this.#end('expired'), this.#resumeTtlMs + RESUME_SLACK_MS);
    this.#expiry.unref();
  }

  #end(reason: 'application' | 'server' | 'expired'): void {
    this.#closed = true;
    clearTimeout(this.#ackTimer);
    clearTimeout(this.#expiry);
    const error = new SessionClosedError();
    for (const { reject } of this.#pending.values()) reject(error);
    this.#pending.clear();
    for (const operation of this.#operations.values()) operation.fail(error);
    this.#operations.clear();
    this.emit('closed', { reason });
  }
}
