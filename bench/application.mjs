// Application of the signalling benchmark: speaks frames without the SDK, so that it is cheap. "release": answers and hangs
// up. "talk": answers and plays a short tone again and again until the caller goes. "bridge URI": answers, dials the URI into a
// bridge and hangs the caller up once they are connected, which ends the other leg too.

import { createRequire } from 'node:module';
import path from 'node:path';
import { ROOT } from '../tests/support/server.mjs';

const { WebSocketServer } = createRequire(path.join(ROOT, 'sdk/node/package.json'))('ws');
const [mode, farEnd] = process.argv.slice(2);
const server = new WebSocketServer({ host: '127.0.0.1', port: 0, handleProtocols: () => 'tandem.v1' });

server.on('connection', (socket) => {
  let id = 0;
  let callId;
  let open = mode === 'bridge' ? 2 : 1; // Calls without a CDR.
  const request = (method, params = {}) =>
    socket.send(JSON.stringify({ jsonrpc: '2.0', id: ++id, method, params: { call_id: callId, ...params } }));
  const play = () => request('call.play', { sources: [{ tone: { frequencies_hz: [440], duration_ms: 200 } }] });
  const answered = {
    talk: play,
    release: () => request('call.hangup'),
    bridge: () => request('call.bridge', { dial: { to: { uri: farEnd } } }),
  };
  const next = { 'call.answer': answered[mode], 'call.play': () => setTimeout(play, 300) };
  socket.on('message', (data) => {
    const event = JSON.parse(data).params;
    if (event === undefined) return;
    if (event.type === 'call.created' && callId === undefined) {
      callId = event.call_id;
      request('call.answer');
    } else if (event.type === 'op.completed' && event.data.outcome === 'succeeded') next[event.data.method]?.();
    else if (event.type === 'op.completed' && event.data.outcome === 'failed') {
      console.log('failed'); // The benchmark counts them.
      request('call.hangup');
    } else if (event.type === 'bridge.connected') request('call.hangup');
    else if (event.type === 'cdr.ready' && --open === 0) socket.close(1000);
    if (event.seq % 50 === 0) socket.send(JSON.stringify({ jsonrpc: '2.0', id: ++id, method: 'session.ack', params: { seq: event.seq } }));
  });
});
server.once('listening', () => console.log(`ws://127.0.0.1:${server.address().port}/`));
