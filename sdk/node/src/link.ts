// What carries a session's messages: a socket of its own when the server dialled, or its share of a worker's socket.

import type { RawData, WebSocket } from 'ws';

/** A JSON-RPC 2.0 message, or what a peer sent instead of one. */
export interface Message {
  id?: number | string | null;
  method?: string;
  params?: unknown;
  result?: unknown;
  error?: { message: string; data?: { code: string } };
  /** Worker mode only. */
  session_id?: string;
}

/** What a session says after a break. */
export interface ResumePoint {
  resumeToken: string;
  lastSeq: number;
}

export interface Link {
  readonly open: boolean;
  send(message: Message): void;
  /** The first request on a link that takes a session up again. */
  resumeRequest(point: ResumePoint): { method: string; params: object };
  /** The application is done with the session. */
  finish(): void;
  /** Drops the link without a word: the session moved to another one. */
  terminate(): void;
}

/** What a link tells its session. */
export interface LinkReceiver {
  receive(link: Link, message: Message): void;
  lost(link: Link, code: number): void;
  reportError(error: unknown): void;
}

/** The JSON object in a frame, or undefined. */
export function parseFrame(data: RawData, binary: boolean): Message | undefined {
  if (binary) return undefined;
  try {
    const message: unknown = JSON.parse(data.toString());
    return typeof message === 'object' && message !== null ? message : undefined;
  } catch {
    return undefined;
  }
}

export const NOT_JSON = 'the server sent a frame that is not a JSON object';

/** A WebSocket that serves one session. */
export class SocketLink implements Link {
  readonly #socket: WebSocket;

  constructor(socket: WebSocket, receiver: LinkReceiver) {
    this.#socket = socket;
    socket.on('message', (data: RawData, binary: boolean) => {
      const message = parseFrame(data, binary);
      if (message !== undefined) receiver.receive(this, message);
      else receiver.reportError(new Error(NOT_JSON));
    });
    socket.on('close', (code: number) => receiver.lost(this, code));
    socket.on('error', (error: Error) => receiver.reportError(error));
  }

  get open(): boolean {
    return this.#socket.readyState === 1;
  }

  send(message: Message): void {
    this.#socket.send(JSON.stringify({ jsonrpc: '2.0', ...message }));
  }

  resumeRequest(point: ResumePoint): { method: string; params: object } {
    return { method: 'session.ack', params: { seq: point.lastSeq } };
  }

  finish(): void {
    this.#socket.close(1000, 'done');
  }

  terminate(): void {
    this.#socket.terminate();
  }
}
