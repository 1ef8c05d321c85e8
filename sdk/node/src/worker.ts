// Worker mode: the application dials the server and is given sessions over one socket, which it keeps up.

import type { IncomingMessage } from 'node:http';
import { WebSocket, type RawData } from 'ws';
import { SafeEmitter } from './emitter.js';
import { RequestError, TandemError } from './errors.js';
import { NOT_JSON, parseFrame, type Link, type Message, type ResumePoint } from './link.js';
import { problem } from './rest.js';
import type { Session } from './session.js';

export const SUBPROTOCOL = 'tandem.v1';

export interface ConnectOptions {
  /** The server's HTTP address, for example "https://voice.example". */
  url: string;
  accountId: string;
  applicationId: string;
  /** An API key of the account. */
  apiKey: string;
  /** Sessions that this worker carries at a time; default 100. */
  maxSessions?: number;
  /** Shortest and longest pause before the next attempt to connect; default 500 ms and 30 s. */
  backoff?: { minMs?: number; maxMs?: number };
  /** A server that says nothing for so long is taken for lost; default 20 s. */
  silenceMs?: number;
  /** Certificate authorities for a server with a certificate of your own (PEM). */
  ca?: string | Buffer;
}

export type WorkerEvents = {
  /** The server takes this worker; also after each reconnect. */
  connected: { url: string };
  /** The socket broke; `retryInMs` until the next attempt. */
  disconnected: { code: number; retryInMs: number; error?: Error };
  /** All sessions are over and the socket is closed, after `drain()` or `close()`, or the server refuses this worker. */
  closed: { reason: 'drained' | 'closed' | 'refused' };
  error: unknown;
};

/** @internal */
export interface SessionHost {
  /** A session for an id that is new. */
  open(id: string): Session;
  find(id: string): Session | undefined;
  readonly maxFrameBytes: number;
}

type State = 'connecting' | 'ready' | 'waiting' | 'closed';

const HANDSHAKE_MS = 10_000;
/** How long to read why the server refuses. */
const REFUSAL_MS = 2_000;
/** Codes of session.closed after which the session can be resumed on the same socket. */
const CUT_OFF = 1008;
/** Id of the request that takes a session up only to close it; no session numbers its requests so. */
const CLOSING_REQUEST = 'close';

export class Worker extends SafeEmitter<WorkerEvents> {
  readonly #options: Required<Omit<ConnectOptions, 'ca' | 'backoff'>> & Pick<ConnectOptions, 'ca'>;
  readonly #backoff: { minMs: number; maxMs: number };
  readonly #host: SessionHost;
  readonly #links = new Map<string, WorkerLink>();
  /** Sessions that the application closed while the server could not be told. */
  readonly #unsaid = new Map<string, ResumePoint>();
  readonly #pending = new Map<number, { resolve: () => void; reject: (error: Error) => void }>();
  readonly #ready: Promise<void>;
  #resolveReady!: () => void;
  #rejectReady!: (error: Error) => void;
  #drained: Promise<void> | undefined;
  #socket: WebSocket | undefined;
  #state: State = 'connecting';
  #nextRequest = 1;
  #attempts = 0;
  #wasReady = false;
  #timer: NodeJS.Timeout | undefined;
  #watchdog: NodeJS.Timeout | undefined;

  /** @internal Use `app.connect()`. */
  constructor(options: ConnectOptions, host: SessionHost) {
    super();
    const { backoff, ...rest } = options;
    this.#options = { maxSessions: 100, silenceMs: 20_000, ...rest };
    this.#backoff = { minMs: backoff?.minMs ?? 500, maxMs: backoff?.maxMs ?? 30_000 };
    this.#host = host;
    this.#ready = new Promise((resolve, reject) => {
      this.#resolveReady = resolve;
      this.#rejectReady = reject;
    });
    this.#ready.catch(() => undefined);
    this.setListenerErrorHandler((error) => void this.emit('error', error));
    this.#connect();
  }

  get state(): State {
    return this.#state;
  }

  /** Sessions that this worker holds now. */
  get sessionCount(): number {
    return this.#links.size;
  }

  /** Resolves when the server has taken the worker for the first time. */
  ready(): Promise<void> {
    return this.#ready;
  }

  /** Takes no more sessions, and closes when those it has are over; resolves then. */
  drain(): Promise<void> {
    this.#drained ??= new Promise((resolve) => {
      if (this.#state === 'closed') return resolve();
      this.once('closed', () => resolve());
      if (this.#state === 'ready') this.#sendDrain();
      else this.#closeIfDrained();
    });
    return this.#drained;
  }

  /** Closes at once. Its sessions stay at the server for their time to resume; another worker may get them. */
  close(): void {
    this.#finish('closed', 1001);
  }

  #connect(): void {
    this.#state = 'connecting';
    const { url, accountId, applicationId, apiKey, silenceMs, ca } = this.#options;
    const socket = new WebSocket(connectUrl(url, accountId, applicationId), SUBPROTOCOL, {
      headers: { Authorization: `Bearer ${apiKey}` },
      maxPayload: this.#host.maxFrameBytes,
      handshakeTimeout: HANDSHAKE_MS,
      ...(ca !== undefined && { ca }),
    });
    this.#socket = socket;
    let failure: Error | undefined;
    socket.on('unexpected-response', (_request, response) => {
      void this.#onRefusal(socket, response).then((error) => (failure = error));
    });
    socket.on('open', () => {
      this.#watch(socket, silenceMs);
      this.#introduce(socket);
    });
    socket.on('message', (data: RawData, binary: boolean) => this.#receive(socket, data, binary));
    socket.on('error', (error: Error) => (failure ??= error));
    socket.on('close', (code: number) => this.#onClose(socket, code, failure));
  }

  /** Takes its sessions up again, then says that it has room for others: so none of its own is offered to it as new. */
  #introduce(socket: WebSocket): void {
    for (const id of this.#unsaid.keys()) this.#askToClose(id);
    for (const id of [...this.#links.keys()]) this.#resume(id);
    this.#request('worker.ready', { max_sessions: this.#options.maxSessions }).then(
      () => {
        if (socket !== this.#socket) return;
        this.#state = 'ready';
        this.#attempts = 0;
        this.#wasReady = true;
        this.emit('connected', { url: this.#options.url });
        this.#resolveReady();
        if (this.#drained !== undefined) this.#sendDrain();
      },
      (error: Error) => {
        if (!(error instanceof RequestError)) return; // The socket broke; its close says so.
        if (error.retry === 'later' || error.retry === 'refresh') socket.close(1000);
        else this.#fail(error);
      },
    );
  }

  #resume(id: string): void {
    const session = this.#host.find(id);
    this.#links.delete(id);
    if (session === undefined || session.closed) return;
    session.attach(this.#link(id), true);
  }

  #link(id: string): WorkerLink {
    const socket = this.#socket;
    const link = new WorkerLink(id, {
      open: () => socket !== undefined && socket === this.#socket && socket.readyState === WebSocket.OPEN,
      write: (message) => this.#write(message),
    });
    this.#links.set(id, link);
    return link;
  }

  #receive(socket: WebSocket, data: RawData, binary: boolean): void {
    if (socket !== this.#socket) return;
    this.#watch(socket, this.#options.silenceMs);
    const message = parseFrame(data, binary);
    if (message === undefined) {
      this.emit('error', new Error(NOT_JSON));
      return;
    }
    const id = message.session_id ?? (message.params as { session_id?: string } | undefined)?.session_id;
    if (typeof id !== 'string') this.#onResponse(message);
    else if (message.method === 'session.closed') this.#onSessionClosed(id, message.params as { code?: number } | undefined);
    else this.#deliver(id, message);
  }

  #deliver(id: string, message: Message): void {
    let link = this.#links.get(id);
    let session = this.#host.find(id);
    if (link === undefined && message.id === CLOSING_REQUEST && this.#unsaid.has(id)) {
      this.#onClosingAnswer(id, message);
      return;
    }
    if (link === undefined) {
      // What is still on its way about a session that was closed here: no new one.
      if ((message.params as { type?: string } | undefined)?.type !== 'session.started' || session !== undefined) return;
      link = this.#link(id);
      session = this.#host.open(id);
      const opened = session;
      session.on('closed', ({ reason }) => this.#onEnd(opened, reason === 'application'));
      session.attach(link, false);
    }
    session?.receive(link, message);
  }

  #onSessionClosed(id: string, params: { code?: number } | undefined): void {
    const session = this.#host.find(id);
    const link = this.#links.get(id);
    if (link === undefined) return;
    if (params?.code === CUT_OFF && session !== undefined) {
      link.cutOff = true;
      session.lost(link, CUT_OFF);
      // Not at once: it was cut off for asking too much or reading too slowly.
      setTimeout(() => {
        if (this.#links.get(id) === link && link.open) this.#resume(id);
      }, this.#backoff.minMs).unref();
      return;
    }
    link.gone = true;
    session?.endedByServer();
  }

  /** A session is over, by whom ever. */
  #onEnd(session: Session, byApplication: boolean): void {
    const link = this.#links.get(session.id);
    if (link === undefined) return;
    this.#links.delete(session.id);
    if (byApplication && (link.cutOff || !link.open)) {
      this.#unsaid.set(session.id, session.resumePoint);
      this.#askToClose(session.id);
    }
    // The session's last word, session.close, is sent before the socket may go.
    queueMicrotask(() => this.#closeIfDrained());
  }

  /** Only the socket that holds a session can close it: takes it up again, and closes it when that is answered. */
  #askToClose(id: string): void {
    const point = this.#unsaid.get(id);
    if (point === undefined) return;
    const link = new WorkerLink(id, { open: () => true, write: (message) => this.#write(message) });
    link.send({ id: CLOSING_REQUEST, ...link.resumeRequest(point) });
  }

  #onClosingAnswer(id: string, message: Message): void {
    this.#unsaid.delete(id);
    if (message.error === undefined) this.#write({ method: 'session.close', session_id: id, params: {} });
    this.#closeIfDrained();
  }

  #onResponse(message: Message): void {
    const pending = typeof message.id === 'number' ? this.#pending.get(message.id) : undefined;
    const error = message.error && new RequestError(message.error.message, message.error.data ?? { code: 'internal' });
    if (pending === undefined) {
      if (error !== undefined) this.emit('error', error);
      return;
    }
    this.#pending.delete(message.id as number);
    if (error === undefined) pending.resolve();
    else pending.reject(error);
  }

  #request(method: string, params: object): Promise<void> {
    const id = this.#nextRequest++;
    return new Promise((resolve, reject) => {
      this.#pending.set(id, { resolve, reject });
      this.#write({ id, method, params });
    });
  }

  #write(message: Message): void {
    if (this.#socket?.readyState === WebSocket.OPEN) this.#socket.send(JSON.stringify({ jsonrpc: '2.0', ...message }));
  }

  #sendDrain(): void {
    // Only after the answer is it sure that no offer is on its way.
    this.#request('worker.drain', {}).then(
      () => this.#closeIfDrained(),
      (error: unknown) => {
        if (error instanceof RequestError) this.emit('error', error);
      },
    );
  }

  #closeIfDrained(): void {
    if (this.#drained === undefined || this.#links.size > 0 || this.#unsaid.size > 0) return;
    if (this.#state !== 'ready' || this.#pending.size === 0) this.#finish('drained', 1000);
  }

  /** Pings a quiet server, and drops the socket when no answer comes either. */
  #watch(socket: WebSocket, silenceMs: number): void {
    clearTimeout(this.#watchdog);
    this.#watchdog = setTimeout(() => {
      if (socket.readyState !== WebSocket.OPEN) return;
      socket.once('pong', () => this.#watch(socket, silenceMs));
      socket.ping();
      this.#watchdog = setTimeout(() => socket.terminate(), silenceMs / 2);
    }, silenceMs / 2);
  }

  #onClose(socket: WebSocket, code: number, error: Error | undefined): void {
    if (socket !== this.#socket || this.#state === 'closed') return;
    clearTimeout(this.#watchdog);
    this.#socket = undefined;
    this.#state = 'waiting';
    this.#rejectPending();
    for (const [id, link] of [...this.#links]) this.#host.find(id)?.lost(link, code === 1000 ? 1001 : code);
    const retryInMs = this.#pause();
    this.#timer = setTimeout(() => this.#connect(), retryInMs);
    this.emit('disconnected', { code, retryInMs, ...(error !== undefined && { error }) });
    // Nobody holds the worker yet who could listen.
    if (!this.#wasReady) {
      const why = error?.message ?? `closed with ${code}`;
      const message = `cannot connect to ${this.#options.url}: ${why}; next attempt in ${retryInMs} ms`;
      this.emit('error', new TandemError(message, { code: 'unreachable', retry: 'later' }));
    }
  }

  /** Doubles with each attempt; half of it is chance, so that a thousand workers do not come back at once. */
  #pause(): number {
    const { minMs, maxMs } = this.#backoff;
    const ceiling = Math.min(maxMs, minMs * 2 ** Math.min(this.#attempts++, 20));
    return Math.round(ceiling / 2 + (Math.random() * ceiling) / 2);
  }

  /** The answer to the handshake is none of 101: for good when it is about this worker, else to be tried again. */
  async #onRefusal(socket: WebSocket, response: IncomingMessage): Promise<TandemError> {
    const status = response.statusCode ?? 0;
    const limit = setTimeout(() => response.destroy(), REFUSAL_MS);
    let text = '';
    try {
      for await (const chunk of response.setEncoding('utf8')) if (text.length < 10_000) text += chunk;
    } catch {
      // The status says enough.
    }
    clearTimeout(limit);
    const error = problem(status, text);
    if (socket !== this.#socket) return error;
    if (status >= 400 && status < 500 && error.retry !== 'later') this.#fail(error);
    else socket.terminate();
    return error;
  }

  #fail(error: TandemError): void {
    if (this.#state === 'closed') return;
    this.#rejectReady(error);
    // Later refusals, for example of a key that was revoked, have nobody who waits for them.
    if (this.#wasReady) this.emit('error', error);
    this.#finish('refused', 1000);
  }

  #finish(reason: 'drained' | 'closed' | 'refused', code: number): void {
    if (this.#state === 'closed') return;
    this.#state = 'closed';
    clearTimeout(this.#timer);
    clearTimeout(this.#watchdog);
    const socket = this.#socket;
    this.#socket = undefined;
    this.#rejectPending();
    this.#rejectReady(new TandemError('the worker is closed', { code: 'worker_closed', retry: 'never' }));
    if (socket?.readyState === WebSocket.OPEN) socket.close(code, reason);
    else socket?.terminate();
    for (const [id, link] of [...this.#links]) this.#host.find(id)?.lost(link, 1001);
    this.emit('closed', { reason });
  }

  #rejectPending(): void {
    for (const { reject } of this.#pending.values()) reject(new Error('the socket broke'));
    this.#pending.clear();
  }
}

/** A session's share of the worker's socket. */
class WorkerLink implements Link {
  /** The server has ended the session: there is nothing to tell it. */
  gone = false;
  /** The server has taken the session off the socket for a while. */
  cutOff = false;
  readonly #id: string;
  readonly #socket: { open(): boolean; write(message: Message): void };

  constructor(id: string, socket: { open(): boolean; write(message: Message): void }) {
    this.#id = id;
    this.#socket = socket;
  }

  get open(): boolean {
    return this.#socket.open();
  }

  send(message: Message): void {
    this.#socket.write({ ...message, session_id: this.#id });
  }

  resumeRequest(point: ResumePoint): { method: string; params: object } {
    return { method: 'session.resume', params: { resume_token: point.resumeToken, last_seq: point.lastSeq } };
  }

  finish(): void {
    if (!this.gone && this.open) this.send({ method: 'session.close', params: {} });
  }

  terminate(): void {
    // The socket serves other sessions.
  }
}

/** The address to dial; throws TypeError for one that is none. */
function connectUrl(base: string, accountId: string, applicationId: string): string {
  const url = new URL(base);
  if (!['http:', 'https:', 'ws:', 'wss:'].includes(url.protocol)) {
    throw new TypeError(`"${base}": the server's address begins with http:, https:, ws: or wss:`);
  }
  url.protocol = url.protocol.replace('http', 'ws');
  const prefix = url.pathname.replace(/\/$/, '');
  url.pathname = `${prefix}/v1/Accounts/${encodeURIComponent(accountId)}/Applications/${encodeURIComponent(applicationId)}/Connect`;
  return url.href;
}
