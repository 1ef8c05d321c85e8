// The session between server and application: order, resume, gaps, slow and hostile applications (docs: protocol).

import assert from 'node:assert/strict';
import { once } from 'node:events';
import { test } from 'node:test';
import path from 'node:path';
import { startApplication } from '../support/application.mjs';
import { startRawApplication } from '../support/raw_application.mjs';
import { ROOT, TandemServer, printed } from '../support/server.mjs';

const SOURCES = (hz, ms) => ({ sources: [{ tone: { frequencies_hz: [hz], duration_ms: ms } }] });

/** A server, a raw application and a phone that stays on the line until told. */
async function rawCall(t, { settings, phoneArgs = ['--hangup-after', '20'] } = {}) {
  const server = await TandemServer.start(t, settings);
  const application = await startRawApplication(t);
  const provisioned = await server.provision(application.url, { secret: 'a'.repeat(64) });
  const phone = server.startPhone(phoneArgs);
  const peer = await application.peer();
  const created = await peer.event('call.created');
  return { server, application, provisioned, phone, peer, callId: created.call_id };
}

async function answered(t, options) {
  const call = await rawCall(t, options);
  await call.peer.request('call.answer', { call_id: call.callId, op_id: 'OP1' });
  await call.peer.event('op.completed', (e) => e.op_id === 'OP1');
  return call;
}

test('a session begins as the protocol says: headers, session.started, call.created, contiguous numbers', async (t) => {
  const { peer, provisioned, callId } = await rawCall(t);
  assert.equal(peer.headers['tandem-reason'], 'inbound-call');
  assert.equal(peer.headers['tandem-account'], provisioned.account.id);
  assert.match(peer.headers['tandem-session'], /^SE/);
  assert.match(peer.headers['tandem-signature'], /^v1=[0-9a-f]{64}$/);
  assert.match(peer.headers.traceparent, /^00-[0-9a-f]{32}-[0-9a-f]{16}-01$/);
  const response = await peer.request('call.answer', { call_id: callId, op_id: 'OP1' });
  assert.equal(response.result.op.id, 'OP1');
  await peer.event('op.completed');
  const types = peer.events().map((e) => e.type);
  assert.deepEqual(types, ['session.started', 'call.created', 'call.answered', 'ivr.created', 'op.completed']);
  assert.deepEqual(peer.events().map((e) => e.seq), [1, 2, 3, 4, 5]);
  const started = peer.events()[0];
  assert.ok(started.data.capabilities.includes('call.prompt'));
  const order = peer.frames.map((f) => f.id ?? f.params.type);
  assert.ok(order.indexOf(response.id) < order.indexOf('op.completed'), 'the response precedes the events of its operation');
});

test('bad frames get clear errors and the call goes on', async (t) => {
  const { peer, callId } = await answered(t);
  const code = async (method, params) => {
    const { error } = await peer.request(method, params);
    return [error.data.code, error.data.field ?? ''];
  };
  assert.deepEqual(await code('call.fly', {}), ['unknown_method', '']);
  assert.deepEqual(await code('call.detect', { call_id: callId }), ['not_implemented', '']);
  assert.deepEqual(await code('call.say', { call_id: callId, text: 7 }), ['invalid_params', 'text']);
  assert.deepEqual(await code('call.say', { call_id: callId, text: 'x', txet: 'y' }), ['invalid_params', 'txet']);
  assert.deepEqual(await code('call.say', { call_id: 'CAnobody', text: 'x' }), ['call_not_found', 'call_id']);
  assert.deepEqual(await code('op.stop', { op_id: 'OPnothing' }), ['op_not_found', 'op_id']);
  peer.socket.send('this is not JSON');
  const bad = await peer.frame((f) => f.error?.data.code === 'parse_error');
  assert.equal(bad.id, null);
  const good = await peer.request('call.play', { call_id: callId, op_id: 'OP9', ...SOURCES(440, 100) });
  assert.equal(good.result.op.state, 'running');
  const done = await peer.event('op.completed', (e) => e.op_id === 'OP9');
  assert.equal(done.data.outcome, 'succeeded');
});

test('the same op_id is the same operation; with other parameters a conflict', async (t) => {
  const { peer, callId } = await answered(t);
  const params = { call_id: callId, op_id: 'OP5', ...SOURCES(440, 100) };
  await peer.request('call.play', params);
  const again = await peer.request('call.play', params);
  assert.equal(again.result.op.id, 'OP5');
  await peer.event('op.completed', (e) => e.op_id === 'OP5');
  const late = await peer.request('call.play', params);
  assert.equal(late.result.op.state, 'completed');
  assert.equal(late.result.op.outcome, 'succeeded');
  const conflict = await peer.request('call.play', { ...params, loop: 2 });
  assert.equal(conflict.error.data.code, 'idempotency_conflict');
  assert.equal(peer.events().filter((e) => e.type === 'op.completed' && e.op_id === 'OP5').length, 1);
});

test('a frame of 1 MiB closes the socket with 1009, and the session is resumed', async (t) => {
  const { peer, application, callId } = await answered(t);
  peer.socket.send(JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'call.say', params: { call_id: callId, text: 'x'.repeat(1 << 20) } }));
  assert.equal(await peer.closed, 1009);
  const back = await application.peer(1);
  assert.equal(back.headers['tandem-reason'], 'resume');
  await back.request('session.ack', { seq: 5 });
  const resumed = await back.event('session.resumed');
  assert.equal(resumed.data.gap, false);
});

test('ten thousand requests at once are limited, and a call beside it does not suffer', async (t) => {
  const { peer, server, callId } = await answered(t);
  for (let i = 0; i < 10_000; ++i) {
    peer.socket.send(JSON.stringify({ jsonrpc: '2.0', id: `x${i}`, method: 'op.get', params: { op_id: 'OP1' } }));
  }
  const limited = await peer.frame((f) => f.error?.data.code === 'rate_limited');
  assert.equal(limited.error.data.retry, 'later');
  assert.ok(limited.error.data.retry_after_ms >= 1);
  assert.equal(await peer.closed, 1008);
  const other = await startApplication(t, async (c) => { await c.answer(); await c.play(SOURCES(880, 1000)); });
  await server.provision(other.url, { did: '+15550200', name: 'other' });
  const phone = await server.phone(['--expect-tone', '880:600'], { number: '+15550200' });
  assert.equal(phone.code, 0, phone.output);
  assert.ok(callId);
});

test('a broken socket is resumed: events are replayed, the prompt goes on', async (t) => {
  const { peer, application, callId } = await answered(t);
  await peer.request('call.play', { call_id: callId, op_id: 'OP2', ...SOURCES(440, 1500) });
  const seen = peer.events().length;
  peer.socket.terminate();
  const back = await application.peer(1);
  assert.equal(back.headers['tandem-session'], peer.headers['tandem-session']);
  const early = await back.request('snapshot.get', {});
  assert.equal(early.error.data.code, 'wrong_state', 'session.ack comes first');
  await back.request('session.ack', { seq: 2 });
  const done = await back.event('op.completed', (e) => e.op_id === 'OP2');
  assert.equal(done.data.outcome, 'succeeded');
  assert.ok(Math.abs(done.data.result.heard_ms - 1500) <= 20, `heard ${done.data.result.heard_ms}`);
  const numbers = back.events().map((e) => e.seq);
  assert.deepEqual(numbers, numbers.map((_, i) => 3 + i), 'contiguous from where the application was');
  assert.ok(numbers.length >= seen - 2);
});

test('beyond the replay window the session is resumed with a gap and a snapshot', async (t) => {
  const { peer, application, callId } = await answered(t, { settings: { app: { replay_window_events: 40 } } });
  for (let i = 0; i < 45; ++i) {
    await peer.request('call.set_audio', { call_id: callId, op_id: `OPa${i}`, gain_db: { out: 0 } });
    await peer.event('op.completed', (e) => e.op_id === `OPa${i}`);
    await peer.request('session.ack', { seq: peer.events().at(-1).seq });
  }
  const last = peer.events().at(-1).seq;
  peer.socket.terminate();
  const back = await application.peer(1);
  await back.request('session.ack', { seq: 1 });
  const resumed = await back.event('session.resumed');
  assert.equal(resumed.data.gap, true);
  assert.equal(resumed.seq, last + 1);
  assert.equal(back.events().length, 1, 'nothing before the snapshot');
  const [call] = resumed.data.snapshot.calls;
  assert.equal(call.id, callId);
  assert.equal(call.state, 'answered');
  const operation = resumed.data.snapshot.operations.find((op) => op.id === 'OP1');
  assert.equal(operation.outcome, 'succeeded');
});

for (const [action, reason] of [['hangup', 'app_disconnected'], ['keep', 'hangup']]) {
  test(`not resumed in time, on_disconnect ${action}`, async (t) => {
    const { peer, application, server, callId, phone } = await answered(t, {
      settings: { app: { resume_ttl_ms: 1000 } },
      phoneArgs: ['--hangup-after', '4'],
    });
    await peer.request('call.update', { call_id: callId, op_id: 'OP2', on_disconnect: { action } });
    await peer.event('op.completed', (e) => e.op_id === 'OP2');
    await application.stop();
    const [cdr] = await server.cdrs();
    assert.equal(cdr.reason, reason);
    await phone.finished;
  });
}

test('an application that never acts: the caller gets 480 and the CDR says why', async (t) => {
  const server = await TandemServer.start(t, { app: { app_action_timeout_ms: 1000 } });
  const application = await startRawApplication(t);
  await server.provision(application.url);
  const result = await server.sipp('unreachable_480.xml');
  assert.equal(result.code, 0, result.output);
  const [cdr] = await server.cdrs();
  assert.equal(cdr.reason, 'app_timeout');
});

test('an application that closes the session leaves its call in peace', async (t) => {
  const { peer, server, phone } = await answered(t, { phoneArgs: ['--hangup-after', '2'] });
  peer.socket.close(1000);
  const { code } = await phone.finished;
  assert.equal(code, 0);
  const [cdr] = await server.cdrs();
  assert.equal(cdr.party, 'caller');
  assert.ok(cdr.billable_ms > 1500);
});

test('the SDK resumes by itself and its promises settle', async (t) => {
  const server = await TandemServer.start(t);
  const reasons = [];
  const application = await startApplication(t, async (call) => {
    await call.answer();
    const play = call.play(SOURCES(880, 2000));
    await play.started;
    for (const socket of cut()) socket.terminate();
    reasons.push((await play).reason);
    reasons.push((await call.play(SOURCES(990, 500))).reason);
  });
  const cut = () => application.sockets();
  application.sockets = trackSockets(application.app);
  await server.provision(application.url);
  const phone = await server.phone(['--expect-tone', '880:1600', '--expect-tone', '990:300']);
  assert.equal(phone.code, 0, phone.output);
  assert.deepEqual(reasons, ['finished', 'finished']);
});

test('an application killed in the middle of a prompt and started again loses nothing', async (t) => {
  const server = await TandemServer.start(t);
  const launch = async (port) => {
    const child = server.spawn('node', [path.join(ROOT, 'tests/support/killable_application.mjs'), String(port)]);
    const [line] = await once(child.stdout.setEncoding('utf8'), 'data');
    child.url = line.trim();
    return child;
  };
  const first = await launch(0);
  const port = Number(new URL(first.url).port);
  await server.provision(first.url);
  const phone = server.startPhone(['--wait-for-audio', '--wait-silence', '300', '--digits', '7',
    '--expect-tone', '600:1600', '--expect-tone', '900:300']);
  await printed(phone, 'hears audio');
  const gone = once(first, 'exit');
  first.kill('SIGKILL');
  await gone;
  await launch(port);
  const { code, output } = await phone.finished;
  assert.equal(code, 0, output);
  const [cdr] = await server.cdrs();
  assert.equal(cdr.party, 'application', 'the handler ran to its end');
});

/** The WebSockets that an SDK application holds now: reached through its HTTP server's connections. */
function trackSockets(app) {
  const sockets = new Set();
  app.on('session', (session) => {
    const attach = session.attach.bind(session);
    session.attach = (socket, resumed) => {
      sockets.clear();
      sockets.add(socket);
      attach(socket, resumed);
    };
  });
  return () => [...sockets];
}
