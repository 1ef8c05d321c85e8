// The server's part for tests of the SDK: it dials an application, or takes workers, and says what the test tells it to.

import { once } from 'node:events';
import type { Server } from 'node:http';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { WebSocket, WebSocketServer } from 'ws';
import { TandemApp, type Call, type Session } from '../src/index.js';

export interface Frame {
  id: number;
  session_id?: string;
  method: string;
  params: Record<string, unknown>;
}

/** A peer that plays the server's part towards an application. */
export class ScriptedServer {
  readonly frames: Frame[] = [];
  #seq = 0;
  #waiting: (() => void)[] = [];

  /** `sessionId`: a session's share of a worker's socket. */
  constructor(
    readonly socket: WebSocket,
    readonly sessionId?: string,
  ) {
    socket.on('message', (data) => {
      const frame = JSON.parse(String(data)) as Frame;
      if (frame.session_id !== sessionId) return;
      this.frames.push(frame);
      this.#waiting.splice(0).forEach((resolve) => resolve());
    });
  }

  static async dial(url: string, headers: Record<string, string> = {}): Promise<ScriptedServer> {
    const socket = new WebSocket(url, 'tandem.v1', { headers: { 'Tandem-Session': 'SE1', ...headers } });
    const server = new ScriptedServer(socket);
    await once(socket, 'open');
    return server;
  }

  event(type: string, data: unknown, ids: { call_id?: string; op_id?: string } = { call_id: 'CA1' }): void {
    const params = { seq: ++this.#seq, ts: '2026-01-01T00:00:00.000Z', type, session_id: this.sessionId ?? 'SE1', ...ids, data };
    this.send({ method: 'event', params });
  }

  send(message: object): void {
    this.socket.send(JSON.stringify({ jsonrpc: '2.0', ...(this.sessionId && { session_id: this.sessionId }), ...message }));
  }

  continueAt(seq: number): void {
    this.#seq = seq;
  }

  begin(): void {
    this.start();
    this.newCall('CA1', 'inbound');
  }

  start(more: object = {}): void {
    const session = { id: this.sessionId ?? 'SE1', created_at: '', resume_ttl_ms: 1000 };
    this.event('session.started', { session, reason: 'inbound-call', account_id: 'AC1', application_id: 'AP1', capabilities: ['call.say'], resume_token: 'token', ...more }, {});
  }

  newCall(id: string, direction: string, more: object = {}): void {
    const state = direction === 'inbound' ? 'incoming' : 'dialing';
    this.event('call.created', { direction, from: '1', to: '2', state, sip: {}, application_id: 'AP1', account_id: 'AC1', ...more }, { call_id: id });
  }

  async request(method: string): Promise<Frame> {
    for (;;) {
      const found = this.frames.find((f) => f.method === method);
      if (found !== undefined) return this.frames.splice(this.frames.indexOf(found), 1)[0]!;
      await new Promise<void>((resolve) => this.#waiting.push(resolve));
    }
  }

  accept(frame: Frame, view: object = {}): void {
    const op = { id: frame.params['op_id'], method: frame.method, state: 'running', ...view };
    this.send({ id: frame.id, result: { op } });
  }

  refuse(frame: Frame, data: { code: string; message: string; retry: string; field?: string }): void {
    this.send({ id: frame.id, error: { code: -32602, message: data.message, data } });
  }

  complete(frame: Frame, data: object): void {
    const call_id = frame.params['call_id'] as string | undefined;
    this.event('op.completed', { method: frame.method, outcome: 'succeeded', reason: 'finished', ...data },
      { ...(call_id !== undefined && { call_id }), op_id: frame.params['op_id'] as string });
  }

  /** Takes the next request of `method` and does it. */
  async carryOut(method: string, data: object = {}): Promise<Frame> {
    const frame = await this.request(method);
    this.accept(frame);
    this.complete(frame, data);
    return frame;
  }

  endCall(call_id = 'CA1'): void {
    this.event('call.ended', { reason: 'hangup', party: 'caller', sip_code: 200 }, { call_id });
    this.event('cdr.ready', { cdr: { cdr_id: 'CD1' } }, { call_id });
  }
}

/** An application with `handler`, dialled by a scripted server; errors are collected. */
export async function withApp(t: { after(f: () => Promise<void>): void }, handler: (call: Call) => Promise<void>) {
  const app = new TandemApp();
  const errors: unknown[] = [];
  app.on('error', (error) => errors.push(error));
  app.onCall(handler);
  const { url } = await app.listen();
  t.after(() => app.close());
  const server = await ScriptedServer.dial(url);
  server.begin();
  return { app, url, errors, server };
}

/** An application for outbound calls, dialled by a scripted server that asks for one with `data`. */
export async function withOutbound(t: { after(f: () => Promise<void>): void }, handler: (session: Session) => Promise<void>, data?: unknown) {
  const app = new TandemApp();
  const errors: unknown[] = [];
  app.on('error', (error) => errors.push(error));
  app.onOutbound(handler);
  const { url } = await app.listen();
  t.after(() => app.close());
  const server = await ScriptedServer.dial(url);
  server.start({ reason: 'outbound-call', ...(data !== undefined && { data }) });
  server.event('call.requested', { intent_id: 'IN1', account_id: 'AC1', application_id: 'AP1', requested_at: '' }, {});
  return { app, url, errors, server };
}

/** A server for workers: each connection as it comes. */
export class WorkerDoor {
  readonly url: string;
  /** What each connection asked for: path and authorization. */
  readonly asked: { path: string; authorization: string | undefined }[] = [];
  /** Answers the next handshakes with these statuses instead of 101. */
  readonly refusals: { status: number; body?: object }[] = [];
  readonly #sockets: WebSocket[] = [];
  #waiting: (() => void)[] = [];
  #next = 0;

  private constructor(http: Server) {
    this.url = `http://127.0.0.1:${(http.address() as AddressInfo).port}`;
    const upgrader = new WebSocketServer({ noServer: true, handleProtocols: () => 'tandem.v1' });
    http.on('upgrade', (request, socket, head) => {
      this.asked.push({ path: request.url ?? '', authorization: request.headers.authorization });
      const refusal = this.refusals.shift();
      if (refusal !== undefined) {
        const body = JSON.stringify(refusal.body ?? {});
        socket.end(`HTTP/1.1 ${refusal.status} No\r\nConnection: close\r\nContent-Length: ${body.length}\r\n\r\n${body}`);
        return;
      }
      upgrader.handleUpgrade(request, socket, head, (ws) => {
        this.#sockets.push(ws);
        this.#waiting.splice(0).forEach((resolve) => resolve());
      });
    });
  }

  static async open(t: { after(f: () => Promise<void>): void }): Promise<WorkerDoor> {
    const http = createServer();
    await new Promise<void>((resolve) => http.listen(0, '127.0.0.1', resolve));
    const door = new WorkerDoor(http);
    t.after(async () => {
      for (const socket of door.#sockets) socket.terminate();
      await new Promise((resolve) => http.close(resolve));
    });
    return door;
  }

  /** The next connection, as the worker's own channel. */
  async worker(): Promise<ScriptedServer> {
    while (this.#sockets.length <= this.#next) await new Promise<void>((resolve) => this.#waiting.push(resolve));
    return new ScriptedServer(this.#sockets[this.#next++]!);
  }

  get connections(): number {
    return this.#sockets.length;
  }
}
