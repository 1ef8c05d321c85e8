// The parts of the SDK that need no server: signatures, emitter, and a session against a scripted peer.

import assert from 'node:assert/strict';
import { createHmac } from 'node:crypto';
import { once } from 'node:events';
import { test } from 'node:test';
import { CallEndedError, OperationError, RequestError, TandemApp, verifySignature } from '../src/index.js';
import { ScriptedServer, withApp } from './support.js';

const secret = 's3cret';
const sign = (timestamp: string, url: string): string =>
  'v1=' + createHmac('sha256', secret).update(`${timestamp}.GET.${url}`).digest('hex');

test('a signature is good for its URL, its secret and five minutes', () => {
  const url = 'wss://app.example/voice';
  const request = { method: 'GET', url, timestamp: '1000', signature: sign('1000', url) };
  assert.equal(verifySignature(secret, request, 1_000_000), true);
  assert.equal(verifySignature(secret, request, 1_299_000), true);
  assert.equal(verifySignature(secret, request, 1_301_000), false);
  assert.equal(verifySignature('other', request, 1_000_000), false);
  assert.equal(verifySignature(secret, { ...request, url: url + '?x' }, 1_000_000), false);
  assert.equal(verifySignature(secret, { ...request, timestamp: undefined }, 1_000_000), false);
});

test('an operation resolves with its result and reason', async (t) => {
  let result: unknown;
  const { server } = await withApp(t, async (call) => {
    result = await call.say('Hello');
  });
  const say = await server.request('call.say');
  assert.deepEqual(say.params, { text: 'Hello', call_id: 'CA1', op_id: 'OP1-1' });
  server.accept(say);
  server.complete(say, { result: { heard_ms: 500 } });
  const hangup = await server.request('call.hangup');
  assert.deepEqual(result, { heard_ms: 500, reason: 'finished' });
  server.accept(hangup);
  server.complete(hangup, { reason: 'hung_up' });
  server.endCall();
  const [code] = await once(server.socket, 'close');
  assert.equal(code, 1000, 'the session is closed after the CDR');
});

test('a refused request rejects with its field; a failed operation with its code', async (t) => {
  const seen: unknown[] = [];
  const { server } = await withApp(t, async (call) => {
    await call.say('').then(undefined, (e: unknown) => seen.push(e));
    await call.play('http://x/').then(undefined, (e: unknown) => seen.push(e));
  });
  server.refuse(await server.request('call.say'), { code: 'invalid_params', message: 'text: must not be empty', retry: 'fix', field: 'text' });
  const play = await server.request('call.play');
  server.accept(play);
  server.complete(play, { outcome: 'failed', reason: 'error', error: { code: 'fetch_failed', message: 'no', retry: 'later' } });
  await server.request('call.hangup');
  assert.ok(seen[0] instanceof RequestError && seen[0].field === 'text' && seen[0].retry === 'fix');
  assert.ok(seen[1] instanceof OperationError && seen[1].code === 'fetch_failed' && seen[1].outcome === 'failed');
});

test('a hang-up unwinds the handler quietly, awaited or not', async (t) => {
  const seen: unknown[] = [];
  const { server, errors } = await withApp(t, async (call) => {
    void call.collect({ digits: {} });
    try {
      await call.play('http://x/');
    } catch (error) {
      seen.push(error);
      throw error;
    }
  });
  for (const method of ['call.collect', 'call.play']) {
    const frame = await server.request(method);
    server.accept(frame);
    server.complete(frame, { outcome: 'failed', reason: 'call_ended', error: { code: 'call_ended', message: 'ended', retry: 'never' } });
  }
  server.endCall();
  await once(server.socket, 'close');
  assert.ok(seen[0] instanceof CallEndedError);
  assert.deepEqual(errors, []);
});

test("a listener's exception breaks neither the library nor other listeners", async (t) => {
  const digits: string[] = [];
  const { server, errors } = await withApp(t, async (call) => {
    call.on('dtmf', () => {
      throw new Error('mine');
    });
    call.on('dtmf', ({ digit }) => digits.push(digit));
    await call.ended;
  });
  server.event('call.dtmf', { digit: '5', duration_ms: 0, method: 'rfc4733' });
  server.endCall();
  await once(server.socket, 'close');
  assert.deepEqual(digits, ['5']);
  assert.match(String(errors[0]), /mine/);
});

test('an AbortSignal cancels the operation', async (t) => {
  const controller = new AbortController();
  let error: unknown;
  const { server } = await withApp(t, async (call) => {
    await call.play('http://x/', { signal: controller.signal }).then(undefined, (e: unknown) => (error = e));
  });
  const play = await server.request('call.play');
  server.accept(play);
  controller.abort();
  const cancel = await server.request('op.cancel');
  assert.equal(cancel.params['op_id'], play.params['op_id']);
  server.accept(cancel);
  server.complete(play, { outcome: 'cancelled', reason: 'cancelled' });
  await server.request('call.hangup');
  assert.ok(error instanceof OperationError && error.outcome === 'cancelled');
});

test('after a broken socket the session says where it stands and unanswered requests go again', async (t) => {
  let reason: string | undefined;
  const { server, url } = await withApp(t, async (call) => {
    reason = (await call.say('Hello')).reason;
  });
  const lost = await server.request('call.say');
  server.socket.terminate();
  const back = await ScriptedServer.dial(url, { 'Tandem-Reason': 'resume' });
  const ack = await back.request('session.ack');
  assert.equal(ack.params['seq'], 2);
  back.continueAt(2);
  back.event('session.resumed', { gap: false, replay_from: 3 }, {});
  const again = await back.request('call.say');
  assert.deepEqual(again.params, lost.params, 'the same operation id: the server does it once');
  back.accept(again);
  back.complete(again, { result: { heard_ms: 1 } });
  await back.request('call.hangup');
  assert.equal(reason, 'finished');
});

test('after a gap the snapshot settles what is open', async (t) => {
  const outcomes: string[] = [];
  const { server, url } = await withApp(t, async (call) => {
    const say = call.say('Hello');
    const play = call.play('http://x/');
    await say.then((r) => outcomes.push(r.reason), () => outcomes.push('say failed'));
    await play.then(() => outcomes.push('play succeeded'), (e: unknown) => outcomes.push((e as OperationError).code));
  });
  for (const method of ['call.say', 'call.play']) server.accept(await server.request(method));
  server.event('call.dtmf', { digit: '1', duration_ms: 0, method: 'rfc4733' });
  server.socket.terminate();
  const back = await ScriptedServer.dial(url, { 'Tandem-Reason': 'resume' });
  await back.request('session.ack');
  back.continueAt(5000);
  const done = { id: 'OP1-1', method: 'call.say', state: 'completed', outcome: 'succeeded', reason: 'finished', result: { heard_ms: 5 } };
  const snapshot = { session: { id: 'SE1' }, last_seq: 5000, calls: [{ id: 'CA1', state: 'answered' }], operations: [done] };
  back.event('session.resumed', { gap: true, replay_from: 5001, snapshot }, {});
  await back.request('call.hangup');
  assert.deepEqual(outcomes, ['finished', 'op_not_found']);
});

test('a connection without the right signature is refused', async (t) => {
  const app = new TandemApp({ secret });
  const { url } = await app.listen();
  t.after(() => app.close());
  await assert.rejects(ScriptedServer.dial(url), /401/);
  const now = String(Math.floor(Date.now() / 1000));
  const good = await ScriptedServer.dial(url, { 'Tandem-Timestamp': now, 'Tandem-Signature': sign(now, url) });
  good.socket.close(1000);
});
