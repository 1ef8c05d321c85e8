// The application: waits for the server to dial it, and runs a handler for each call.

import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Duplex } from 'node:stream';
import { WebSocketServer, type WebSocket } from 'ws';
import type { Call } from './call.js';
import { SafeEmitter } from './emitter.js';
import { CallEndedError, SessionClosedError } from './errors.js';
import { Session } from './session.js';
import { verifySignature } from './signature.js';

export const SUBPROTOCOL = 'tandem.v1';

export interface TandemAppOptions {
  /** The account's webhook secret. Without it connections are not verified: for development only. */
  secret?: string;
  /** Path of the callback URL; default "/". */
  path?: string;
  /** What to do when a call handler returns while its call is up; default "hangup". */
  afterHandler?: 'hangup' | 'keep';
  /** Largest frame accepted from the server in bytes; default 1 MiB. */
  maxFrameBytes?: number;
}

export type CallHandler = (call: Call) => Promise<void> | void;

export type AppEvents = {
  session: Session;
  /** A handler or listener threw something other than the quiet end of its call. */
  error: unknown;
};

/** How long a session waits for the CDR after its last call before it is closed. */
const CDR_WAIT_MS = 5_000;

export class TandemApp extends SafeEmitter<AppEvents> {
  readonly sessions = new Map<string, Session>();
  readonly #options: Required<Omit<TandemAppOptions, 'secret'>> & { secret: string | undefined };
  readonly #upgrader: WebSocketServer;
  #handler: CallHandler | undefined;
  #server: Server | undefined;

  constructor(options: TandemAppOptions = {}) {
    super();
    this.#options = {
      secret: options.secret,
      path: options.path ?? '/',
      afterHandler: options.afterHandler ?? 'hangup',
      maxFrameBytes: options.maxFrameBytes ?? 1 << 20,
    };
    this.#upgrader = new WebSocketServer({
      noServer: true,
      maxPayload: this.#options.maxFrameBytes,
      handleProtocols: (offered) => (offered.has(SUBPROTOCOL) ? SUBPROTOCOL : false),
    });
    this.setListenerErrorHandler((error) => this.#report(error));
  }

  /** The handler of each new call. When the call ends, what it awaits rejects and the handler unwinds quietly. */
  onCall(handler: CallHandler): this {
    this.#handler = handler;
    return this;
  }

  /** Starts an HTTP server of its own; port 0 takes a free one. */
  async listen(options: { port?: number; host?: string } = {}): Promise<{ port: number; url: string }> {
    const server = createServer((_request, response) => {
      response.writeHead(426, { 'content-type': 'text/plain' }).end('a Tandem application: WebSocket upgrade required\n');
    });
    this.attach(server);
    await new Promise<void>((resolve, reject) => {
      server.once('error', reject);
      server.listen(options.port ?? 0, options.host ?? '127.0.0.1', resolve);
    });
    this.#server = server;
    const { port, address, family } = server.address() as AddressInfo;
    const host = family === 'IPv6' ? `[${address}]` : address;
    return { port, url: `ws://${host}:${port}${this.#options.path}` };
  }

  /** Serves upgrades of an HTTP(S) server of yours, on the configured path only. */
  attach(server: Server): void {
    server.on('upgrade', (request: IncomingMessage, socket: Duplex, head: Buffer) => {
      const path = (request.url ?? '/').split('?')[0];
      if (path === this.#options.path) this.#upgrade(request, socket, head);
      else if (server === this.#server) refuse(socket, 404, 'Not Found');
    });
  }

  /** Stops listening and drops the sockets; the server keeps the sessions for a resume. */
  async close(): Promise<void> {
    for (const client of this.#upgrader.clients) client.close(1001, 'going away');
    const server = this.#server;
    if (server === undefined) return;
    await new Promise<void>((resolve) => server.close(() => resolve()));
  }

  #upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): void {
    const id = header(request, 'tandem-session');
    if (id === undefined) return refuse(socket, 400, 'Bad Request');
    if (!this.#verified(request)) return refuse(socket, 401, 'Unauthorized');
    this.#upgrader.handleUpgrade(request, socket, head, (ws) => {
      this.#open(id, header(request, 'tandem-reason') === 'resume', ws);
    });
  }

  #verified(request: IncomingMessage): boolean {
    const { secret } = this.#options;
    if (secret === undefined) return true;
    const timestamp = header(request, 'tandem-timestamp');
    const signature = header(request, 'tandem-signature');
    const rest = `://${request.headers.host ?? ''}${request.url ?? '/'}`;
    // A TLS-terminating proxy or an http URL in the provisioning changes the scheme, nothing else.
    return ['ws', 'wss', 'http', 'https'].some((scheme) =>
      verifySignature(secret, { method: 'GET', url: scheme + rest, timestamp, signature }),
    );
  }

  #open(id: string, resumed: boolean, socket: WebSocket): void {
    let session = this.sessions.get(id);
    if (session === undefined) {
      session = new Session(id);
      this.sessions.set(id, session);
      session.on('call', (call) => void this.#run(call));
      session.on('closed', () => this.sessions.delete(id));
      session.on('error', (error) => this.#report(error));
      this.emit('session', session);
    }
    session.attach(socket, resumed);
  }

  async #run(call: Call): Promise<void> {
    const cdr = new Promise<void>((resolve) => call.once('cdr', () => resolve()));
    let ending = false;
    try {
      await this.#handler?.(call);
    } catch (error) {
      // Operations complete before call.ended comes: the call's state may still say otherwise here.
      ending = error instanceof CallEndedError;
      if (!ending && !(error instanceof SessionClosedError)) this.#report(error);
    }
    if (call.session.closed) return;
    if (!ending && call.state !== 'ended' && this.#options.afterHandler === 'hangup') call.hangup();
    await call.ended;
    await Promise.race([cdr, new Promise((resolve) => setTimeout(resolve, CDR_WAIT_MS).unref())]);
    if ([...call.session.calls.values()].every((c) => c.state === 'ended')) call.session.close();
  }

  #report(error: unknown): void {
    if (!this.emit('error', error)) process.emitWarning(`Tandem application: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`);
  }
}

function header(request: IncomingMessage, name: string): string | undefined {
  const value = request.headers[name];
  return typeof value === 'string' ? value : undefined;
}

function refuse(socket: Duplex, status: number, text: string): void {
  socket.end(`HTTP/1.1 ${status} ${text}\r\nConnection: close\r\nContent-Length: 0\r\n\r\n`);
}
