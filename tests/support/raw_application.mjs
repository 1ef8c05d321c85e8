// An application without the SDK: a WebSocket server that speaks frames, for tests of the protocol itself.

import { createRequire } from 'node:module';
import path from 'node:path';
import { ROOT } from './server.mjs';

const { WebSocketServer } = createRequire(path.join(ROOT, 'sdk/node/package.json'))('ws');

/** One connection of the server: its headers, all frames that came, and promises for those to come. */
class Peer {
  constructor(socket, request) {
    this.socket = socket;
    this.headers = request.headers;
    this.frames = [];
    this.waiting = [];
    this.nextId = 1;
    socket.on('message', (data) => {
      this.frames.push(JSON.parse(data.toString()));
      this.waiting = this.waiting.filter((check) => !check());
    });
    this.closed = new Promise((resolve) => socket.on('close', (code) => resolve(code)));
    socket.on('error', () => {});
  }

  /** The first frame, past or to come, for which `match` holds. */
  frame(match) {
    return new Promise((resolve) => {
      const check = () => {
        const found = this.frames.find(match);
        if (found) resolve(found);
        return found !== undefined;
      };
      if (!check()) this.waiting.push(check);
    });
  }

  event(type, match = () => true) {
    return this.frame((f) => f.params?.type === type && match(f.params)).then((f) => f.params);
  }

  /** Sends a request and gives its response frame. */
  request(method, params) {
    const id = this.nextId++;
    this.socket.send(JSON.stringify({ jsonrpc: '2.0', id, method, params }));
    return this.frame((f) => f.id === id);
  }

  events() {
    return this.frames.filter((f) => f.method === 'event').map((f) => f.params);
  }
}

export async function startRawApplication(t, { port = 0, ...options } = {}) {
  const server = new WebSocketServer({ host: '127.0.0.1', port, handleProtocols: () => 'tandem.v1', ...options });
  await new Promise((resolve) => server.once('listening', resolve));
  const peers = [];
  const waiting = [];
  server.on('connection', (socket, request) => {
    const peer = new Peer(socket, request);
    peers.push(peer);
    waiting.splice(0).forEach((resolve) => resolve());
  });
  const stop = () => {
    for (const client of server.clients) client.terminate();
    return new Promise((resolve) => server.close(resolve));
  };
  t.after(stop);
  return {
    url: `ws://127.0.0.1:${server.address().port}/`,
    port: server.address().port,
    peers,
    stop,
    /** The n-th connection, from 0. */
    async peer(n = 0) {
      while (peers.length <= n) await new Promise((resolve) => waiting.push(resolve));
      return peers[n];
    },
  };
}
