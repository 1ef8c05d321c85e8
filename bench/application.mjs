// Application of the signalling benchmark: speaks frames without the SDK, so that it is cheap. "release": answers and hangs
// up. "talk": answers and plays a short tone again and again until the caller goes.

import { createRequire } from 'node:module';
import path from 'node:path';
import { ROOT } from '../tests/support/server.mjs';

const { WebSocketServer } = createRequire(path.join(ROOT, 'sdk/node/package.json'))('ws');
const talk = process.argv[2] === 'talk';
const server = new WebSocketServer({ host: '127.0.0.1', port: 0, handleProtocols: () => 'tandem.v1' });

server.on('connection', (socket) => {
  let id = 0;
  let callId;
  const request = (method, params = {}) =>
    socket.send(JSON.stringify({ jsonrpc: '2.0', id: ++id, method, params: { call_id: callId, ...params } }));
  const play = () => request('call.play', { sources: [{ tone: { frequencies_hz: [440], duration_ms: 200 } }] });
  const next = { 'call.answer': () => (talk ? play() : request('call.hangup')), 'call.play': () => setTimeout(play, 300) };
  socket.on('message', (data) => {
    const event = JSON.parse(data).params;
    if (event === undefined) return;
    if (event.type === 'call.created') {
      callId = event.call_id;
      request('call.answer');
    } else if (event.type === 'op.completed' && event.data.outcome === 'succeeded') next[event.data.method]?.();
    else if (event.type === 'cdr.ready') socket.close(1000);
    if (event.seq % 50 === 0) socket.send(JSON.stringify({ jsonrpc: '2.0', id: ++id, method: 'session.ack', params: { seq: event.seq } }));
  });
});
server.once('listening', () => console.log(`ws://127.0.0.1:${server.address().port}/`));
