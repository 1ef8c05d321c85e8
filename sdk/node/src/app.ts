// The application: is dialled by the server, or dials it as a worker, and runs a handler for each call.

import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Duplex } from 'node:stream';
import { WebSocketServer, type WebSocket } from 'ws';
import { SafeEmitter } from './emitter.js';
import { SocketLink } from './link.js';
import { SessionRunner, type CallHandler, type Handlers, type OutboundHandler } from './runner.js';
import { Session } from './session.js';
import { verifySignature } from './signature.js';
import { SUBPROTOCOL, Worker, type ConnectOptions } from './worker.js';

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

export type AppEvents = {
  session: Session;
  /** A handler or listener threw something other than the quiet end of its call. */
  error: unknown;
};

/** Sessions closed while their socket was broken, to be told to the server when it dials again; no more than these. */
const CLOSED_WHILE_AWAY = 1_000;

export class TandemApp extends SafeEmitter<AppEvents> {
  readonly sessions = new Map<string, Session>();
  readonly #options: Required<Omit<TandemAppOptions, 'secret'>> & { secret: string | undefined };
  readonly #upgrader: WebSocketServer;
  readonly #handlers: Handlers = {};
  readonly #workers = new Set<Worker>();
  readonly #closedWhileAway = new Set<string>();
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

  /** The handler of each inbound call. When the call ends, what it awaits rejects and the handler unwinds quietly. */
  onCall(handler: CallHandler): this {
    this.#handlers.call = handler;
    return this;
  }

  /** The handler of each outbound call that REST asked for; `session.data` is what it was asked with. Nothing is dialled yet. */
  onOutbound(handler: OutboundHandler): this {
    this.#handlers.outbound = handler;
    return this;
  }

  /** The handler of a call that takes another one's place (INVITE with Replaces). The server answers it; there may be nothing to do. */
  onReplace(handler: CallHandler): this {
    this.#handlers.replace = handler;
    return this;
  }

  /**
   * Dials the server and takes sessions from it: no public URL needed. Resolves when the server has taken the worker;
   * rejects when it refuses it. A server that cannot be reached is tried again.
   */
  async connect(options: ConnectOptions): Promise<Worker> {
    const worker = new Worker(options, {
      open: (id) => this.#create(id),
      find: (id) => this.sessions.get(id),
      maxFrameBytes: this.#options.maxFrameBytes,
    });
    this.#workers.add(worker);
    worker.on('error', (error) => this.#report(error));
    worker.on('closed', () => this.#workers.delete(worker));
    await worker.ready();
    return worker;
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
    for (const worker of [...this.#workers]) worker.close();
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
    if (resumed && this.#closedWhileAway.delete(id)) {
      socket.close(1000, 'done');
      return;
    }
    const session = this.sessions.get(id) ?? this.#create(id);
    session.attach(new SocketLink(socket, session), resumed);
  }

  #create(id: string): Session {
    const session = new Session(id);
    this.sessions.set(id, session);
    new SessionRunner(session, this.#handlers, this.#options.afterHandler, (error) => this.#report(error));
    session.on('closed', ({ reason }) => {
      this.sessions.delete(id);
      if (reason === 'application' && !session.connected) this.#rememberClosed(id);
    });
    session.on('error', (error) => this.#report(error));
    this.emit('session', session);
    return session;
  }

  #rememberClosed(id: string): void {
    this.#closedWhileAway.add(id);
    if (this.#closedWhileAway.size <= CLOSED_WHILE_AWAY) return;
    for (const oldest of this.#closedWhileAway) {
      this.#closedWhileAway.delete(oldest);
      break;
    }
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
