// Outbound calls, dialling, bridges, hold, transfers, endpoints: what goes over the wire and what comes back.

import assert from 'node:assert/strict';
import { once } from 'node:events';
import { test } from 'node:test';
import {
  AttemptError,
  CallEndedError,
  OperationError,
  parseTarget,
  type Bridge,
  type Call,
  type ReferRequest,
} from '../src/index.js';
import { ScriptedServer, withApp, withOutbound, type Frame } from './support.js';

const ATTEMPT = { number: 1, call_id: 'CA2', target: '+1555', outcome: 'answered', sip_code: 200, reason: 'OK', ring_ms: 10 };

/** Carries a dial out: the call appears, answers, and the operation completes. */
function answerDial(server: ScriptedServer, dial: Frame, id = 'CA2', more: object = {}): void {
  server.accept(dial);
  server.newCall(id, 'outbound', { op_id: dial.params['op_id'], attempt: 1 });
  server.event('call.dialing', { uri: 'sip:+1555@192.0.2.1' }, { call_id: id });
  server.event('call.answered', { codec: 'PCMU', telephone_event: true }, { call_id: id });
  server.complete(dial, { reason: 'answered', result: { call_id: id, attempts: [ATTEMPT], ...more } });
}

function standBridge(server: ScriptedServer, call_ids = ['CA1', 'CA2'], id = 'BR1'): void {
  for (const type of ['bridge.created', 'bridge.connected']) server.event(type, { bridge_id: id, call_ids, direction: 'both' }, {});
}

test('the short forms of a target', () => {
  assert.deepEqual(parseTarget('+15550123'), { number: '+15550123' });
  assert.deepEqual(parseTarget('sip:desk@192.0.2.9:5070'), { uri: 'sip:desk@192.0.2.9:5070' });
  assert.deepEqual(parseTarget('alice@acme.example'), { endpoint: 'alice@acme.example' });
  assert.deepEqual(parseTarget({ number: '1', trunk_id: 'TK1' }), { number: '1', trunk_id: 'TK1' });
  for (const bad of ['', 'alice', '+1 555', 'a@b@c', 'tel:+1']) assert.throws(() => parseTarget(bad), TypeError, bad);
});

test('an outbound session: its data, a dial with the new call, and everything hung up at the end', async (t) => {
  const seen: unknown[] = [];
  const { server, errors } = await withOutbound(t, async (session) => {
    seen.push(session.data, session.reason, session.intentId);
    const dial = session.dial({ to: '+15550123', from: '+15550199', ring_timeout_ms: 20_000 });
    dial.on('attempt', (call) => seen.push(['attempt', call.id, call.state]));
    const { call, attempts, reason } = await dial;
    seen.push([call.id, call.state, attempts.length, reason]);
    await call.say('Hello');
  }, { order: 42 });
  const dial = await server.request('call.dial');
  assert.deepEqual(dial.params, { to: { number: '+15550123' }, from: '+15550199', ring_timeout_ms: 20_000, op_id: 'OP1-d1' });
  answerDial(server, dial);
  const say = await server.carryOut('call.say', { result: { heard_ms: 1 } });
  assert.equal(say.params['call_id'], 'CA2');
  const hangup = await server.carryOut('call.hangup', { reason: 'hung_up' });
  assert.equal(hangup.params['call_id'], 'CA2');
  server.endCall('CA2');
  const [code] = await once(server.socket, 'close');
  assert.equal(code, 1000);
  assert.deepEqual(seen, [{ order: 42 }, 'outbound-call', 'IN1', ['attempt', 'CA2', 'dialing'], ['CA2', 'answered', 1, 'answered']]);
  assert.deepEqual(errors, []);
});

test('an outbound session that dials nothing is closed', async (t) => {
  const { server } = await withOutbound(t, async () => undefined);
  const [code] = await once(server.socket, 'close');
  assert.equal(code, 1000);
});

test('groups of targets: in turn and at once', async (t) => {
  const { server } = await withOutbound(t, async (session) => {
    await session.dial({ endpoints: [['a@x.example', '+1'], 'sip:b@y', { targets: [{ number: '2' }] }] });
  });
  const dial = await server.request('call.dial');
  assert.deepEqual(dial.params['endpoints'], [
    { targets: [{ endpoint: 'a@x.example' }, { number: '+1' }] },
    { targets: [{ uri: 'sip:b@y' }] },
    { targets: [{ number: '2' }] },
  ]);
});

test('nobody answers: AttemptError with every attempt', async (t) => {
  let error: unknown;
  const { server } = await withOutbound(t, async (session) => {
    await session.dial('+1555').catch((e: unknown) => (error = e));
  });
  const dial = await server.request('call.dial');
  server.accept(dial);
  const attempts = [{ ...ATTEMPT, outcome: 'busy', sip_code: 486, reason: 'Busy Here' }];
  server.complete(dial, { outcome: 'failed', reason: 'error', error: { code: 'busy', message: 'busy', retry: 'later', sip_code: 486 }, result: { attempts } });
  await once(server.socket, 'close');
  assert.ok(error instanceof AttemptError && error instanceof OperationError);
  assert.equal(error.code, 'busy');
  assert.equal(error.sipCode, 486);
  assert.deepEqual(error.attempts, attempts);
});

test('an AbortSignal gives a dial up', async (t) => {
  const controller = new AbortController();
  let error: unknown;
  const { server } = await withOutbound(t, async (session) => {
    await session.dial('+1555', { signal: controller.signal }).catch((e: unknown) => (error = e));
  });
  const dial = await server.request('call.dial');
  server.accept(dial);
  controller.abort();
  const cancel = await server.request('op.cancel');
  assert.equal(cancel.params['op_id'], dial.params['op_id']);
  server.accept(cancel);
  server.complete(dial, { outcome: 'cancelled', reason: 'cancelled', result: { attempts: [] } });
  await once(server.socket, 'close');
  assert.ok(error instanceof AttemptError && error.outcome === 'cancelled');
});

test('what is dialled for a call is given up when the caller hangs up, and the handler unwinds quietly', async (t) => {
  let error: unknown;
  const { server, errors } = await withApp(t, async (call) => {
    await call.dial('+1555').catch((e: unknown) => {
      error = e;
      throw e;
    });
  });
  const dial = await server.request('call.dial');
  server.accept(dial);
  server.endCall();
  server.accept(await server.request('op.cancel'));
  server.complete(dial, { outcome: 'cancelled', reason: 'cancelled' });
  await once(server.socket, 'close');
  assert.ok(error instanceof CallEndedError && error.callId === 'CA1');
  assert.deepEqual(errors, []);
});

test('a dialled call runs no handler of its own', async (t) => {
  let handled = 0;
  const { server } = await withApp(t, async (call) => {
    ++handled;
    await call.dial('+1555');
  });
  answerDial(server, await server.request('call.dial'));
  await server.request('call.hangup');
  await server.request('call.hangup');
  assert.equal(handled, 1);
});

test('a bridge: connected, its events, and how it ended', async (t) => {
  const story: unknown[] = [];
  let first: Call | undefined;
  const { server } = await withApp(t, async (call) => {
    first = call;
    call.on('bridged', (bridge) => story.push(['bridged', bridge.id, bridge.state]));
    call.on('unbridged', (bridge) => story.push(['unbridged', bridge.state]));
    const { call: other } = await call.dial('+1555');
    const operation = call.bridge(other);
    const bridge: Bridge = await operation.connected;
    story.push(['connected', bridge.state, bridge.other(call) === other, call.currentBridge === bridge]);
    bridge.on('updated', ({ direction }) => story.push(['updated', direction]));
    const { by, reason } = await operation;
    story.push(['ended', by, reason, bridge.state, call.currentBridge]);
  });
  answerDial(server, await server.request('call.dial'));
  const frame = await server.request('call.bridge');
  assert.deepEqual(frame.params, { with_call_id: 'CA2', call_id: 'CA1', op_id: 'OP1-1' });
  server.accept(frame);
  standBridge(server);
  server.event('bridge.updated', { bridge_id: 'BR1', call_ids: ['CA1', 'CA2'], direction: 'listen' }, {});
  server.event('bridge.ended', { bridge_id: 'BR1', reason: 'left', by_call_id: 'CA2', duration_ms: 5 }, {});
  server.complete(frame, { reason: 'ended', result: { bridge_id: 'BR1', by: 'peer', cause: 'hangup', duration_ms: 5 } });
  await server.request('call.hangup');
  assert.deepEqual(story[0], ['bridged', 'BR1', 'connecting']);
  // Awaiting comes later than events that arrive together; their order among themselves holds.
  assert.deepEqual(story.filter((s) => (s as string[])[0] === 'unbridged'), [['unbridged', 'active']]);
  assert.deepEqual(story.at(-1), ['ended', 'peer', 'ended', 'ended', undefined]);
  assert.equal(first?.session.bridges.size, 0);
});

test('a bridge that dials: the shorthand, and connected rejects when nobody answers', async (t) => {
  const errors: unknown[] = [];
  const { server } = await withApp(t, async (call) => {
    const operation = call.bridge({ dial: 'alice@acme.example', on_peer_leave: 'hangup' });
    await operation.connected.catch((e: unknown) => errors.push(e));
    await operation.catch((e: unknown) => errors.push(e));
  });
  const frame = await server.request('call.bridge');
  assert.deepEqual(frame.params['dial'], { to: { endpoint: 'alice@acme.example' } });
  assert.equal(frame.params['on_peer_leave'], 'hangup');
  server.accept(frame);
  server.complete(frame, { outcome: 'failed', reason: 'error', error: { code: 'no_answer', message: 'no', retry: 'later' }, result: { duration_ms: 0, attempts: [] } });
  await server.request('call.hangup');
  assert.equal(errors.length, 2);
  assert.ok(errors.every((e) => e instanceof AttemptError && e.code === 'no_answer'));
});

test('stop ends the bridge and keeps the calls', async (t) => {
  let result: unknown;
  const { server } = await withApp(t, async (call) => {
    const { call: other } = await call.dial('+1555');
    const operation = call.bridge(other);
    await operation.connected;
    await operation.stop();
    result = await operation;
    await call.say('Back again');
  });
  answerDial(server, await server.request('call.dial'));
  const frame = await server.request('call.bridge');
  server.accept(frame);
  standBridge(server);
  server.accept(await server.request('op.stop'));
  server.event('bridge.ended', { bridge_id: 'BR1', reason: 'stopped', duration_ms: 5 }, {});
  server.complete(frame, { reason: 'stopped', result: { bridge_id: 'BR1', by: 'application', duration_ms: 5 } });
  await server.request('call.say');
  assert.deepEqual(result, { bridge_id: 'BR1', by: 'application', duration_ms: 5, reason: 'stopped' });
});

test('a call in a bridge is not hung up when its handler returns, but when the bridge is over', async (t) => {
  const { server } = await withApp(t, async (call) => {
    const { call: other } = await call.dial('+1555');
    await call.bridge(other).connected;
  });
  answerDial(server, await server.request('call.dial'));
  const frame = await server.request('call.bridge');
  server.accept(frame);
  standBridge(server);
  server.event('call.dtmf', { digit: '1', duration_ms: 0, method: 'rfc4733' });
  await server.request('session.ack'); // Long after the handler returned.
  assert.deepEqual(server.frames.filter((f) => f.method === 'call.hangup'), []);
  server.event('bridge.ended', { bridge_id: 'BR1', reason: 'left', by_call_id: 'CA2', duration_ms: 5 }, {});
  server.complete(frame, { reason: 'ended', result: { bridge_id: 'BR1', by: 'peer', duration_ms: 5 } });
  server.endCall('CA2');
  const hangup = await server.carryOut('call.hangup', { reason: 'hung_up' });
  assert.equal(hangup.params['call_id'], 'CA1');
  server.endCall('CA1');
  const [code] = await once(server.socket, 'close');
  assert.equal(code, 1000);
});

test('the end of another call unwinds the handler quietly and its own call is hung up', async (t) => {
  const { server, errors } = await withApp(t, async (call) => {
    const { call: other } = await call.dial('+1555');
    await other.say('Hello');
  });
  answerDial(server, await server.request('call.dial'));
  const say = await server.request('call.say');
  server.accept(say);
  server.complete(say, { outcome: 'failed', reason: 'call_ended', error: { code: 'call_ended', message: 'ended', retry: 'never' } });
  server.endCall('CA2');
  const hangup = await server.carryOut('call.hangup', { reason: 'hung_up' });
  assert.equal(hangup.params['call_id'], 'CA1');
  server.endCall('CA1');
  await once(server.socket, 'close');
  assert.deepEqual(errors, []);
});

test('hold, unhold and the three transfers', async (t) => {
  const { server } = await withApp(t, async (call) => {
    const { call: consult } = await call.dial('+1555');
    await call.hold({ music: { sources: [{ url: 'https://x/music.wav' }] } });
    await call.unhold();
    await call.transfer('+1666');
    await call.transfer(consult);
    await call.transfer({ mode: 'refer', to: 'sip:desk@pbx.example', consult });
  });
  answerDial(server, await server.request('call.dial'));
  const hold = await server.carryOut('call.hold', { reason: 'held' });
  assert.deepEqual(hold.params['music'], { sources: [{ url: 'https://x/music.wav' }] });
  await server.carryOut('call.unhold', { reason: 'unheld' });
  const sent: Frame[] = [];
  for (const mode of ['blind', 'attended', 'refer']) sent.push(await server.carryOut('call.transfer', { reason: 'completed', result: { mode, sip_code: 200 } }));
  const [blind, attended, refer] = sent.map(({ params: { call_id: _, op_id: __, ...rest } }) => rest);
  assert.deepEqual(blind, { to: { number: '+1666' } });
  assert.deepEqual(attended, { mode: 'attended', consult_call_id: 'CA2' });
  assert.deepEqual(refer, { mode: 'refer', to: { uri: 'sip:desk@pbx.example' }, consult_call_id: 'CA2' });
});

test('a REFER of the peer: handled and reported, rejected, accepted', async (t) => {
  const requests: ReferRequest[] = [];
  const { server } = await withApp(t, async (call) => {
    call.on('referRequested', async (refer) => {
      requests.push(refer);
      if (refer.id === '1') {
        await refer.handle();
        await refer.report(180, 'Ringing');
        await refer.report(200);
      } else if (refer.id === '2') await refer.reject(486);
      else await refer.accept({ from: '+1999' });
    });
    await call.ended;
  });
  for (const refer_id of ['1', '2', '3']) server.event('call.refer_requested', { refer_id, target: 'sip:x@y', to: 'x', ...(refer_id === '1' && { replaces_call_id: 'CA1' }) });
  const answers: Record<string, unknown>[] = [];
  for (let i = 0; i < 3; ++i) answers.push((await server.carryOut('call.answer_refer', { reason: 'accepted', result: { sip_code: 202 } })).params);
  assert.deepEqual(answers.map((a) => a['action']), ['handle', 'reject', 'accept']);
  assert.deepEqual(answers.map((a) => a['op_id']), ['OP1-r1a', 'OP1-r2a', 'OP1-r3a']);
  assert.equal(answers[1]?.['sip_code'], 486);
  assert.equal(answers[2]?.['from'], '+1999');
  const reports = [await server.carryOut('call.report_refer', { reason: 'sent' }), await server.carryOut('call.report_refer', { reason: 'sent' })];
  assert.deepEqual(reports.map((r) => [r.params['sip_code'], r.params['reason'], r.params['op_id']]), [[180, 'Ringing', 'OP1-r1n1'], [200, undefined, 'OP1-r1n2']]);
  assert.equal(requests[0]?.replaces?.id, 'CA1');
  assert.equal(requests[1]?.replaces, undefined);
});

test('a call that takes the place of another one stays in its bridge; only onReplace gets it', async (t) => {
  const handled: string[] = [];
  const { server, app } = await withApp(t, async (call) => {
    handled.push(call.id);
    call.on('replaced', ({ by_call_id }) => handled.push(`replaced by ${by_call_id}`));
    const { call: other } = await call.dial('+1555');
    await call.bridge(other);
  });
  answerDial(server, await server.request('call.dial'));
  const frame = await server.request('call.bridge');
  server.accept(frame);
  standBridge(server);
  server.newCall('CA5', 'inbound', { replaces_call_id: 'CA1' });
  server.event('call.answered', {}, { call_id: 'CA5' });
  server.event('call.replaced', { by_call_id: 'CA5' });
  server.event('bridge.updated', { bridge_id: 'BR1', call_ids: ['CA5', 'CA2'], direction: 'both' }, {});
  server.complete(frame, { outcome: 'failed', reason: 'call_ended', error: { code: 'call_ended', message: 'ended', retry: 'never' } });
  server.endCall('CA1');
  await server.request('session.ack');
  assert.deepEqual(server.frames.filter((f) => f.method === 'call.hangup'), [], 'both go on talking');
  const [session] = app.sessions.values();
  assert.deepEqual(session?.calls.get('CA2')?.currentBridge?.calls.map((c) => c.id), ['CA5', 'CA2']);
  app.onReplace((call) => void handled.push(`replacing ${call.id}`));
  server.newCall('CA6', 'inbound', { replaces_call_id: 'CA5' });
  server.event('bridge.ended', { bridge_id: 'BR1', reason: 'left', duration_ms: 1 }, {});
  const hungUp = [await server.request('call.hangup'), await server.request('call.hangup'), await server.request('call.hangup')];
  assert.deepEqual(hungUp.map((f) => f.params['call_id']).sort(), ['CA2', 'CA5', 'CA6']);
  assert.deepEqual(handled, ['CA1', 'replaced by CA5', 'replacing CA6']);
});

test('endpoint events after subscribe; a refused subscribe rejects', async (t) => {
  const changes: string[] = [];
  let refused: unknown;
  const { server } = await withApp(t, async (call) => {
    call.session.on('endpoint', ({ change, endpoint }) => changes.push(`${change} ${endpoint.address}`));
    await call.session.subscribe({ endpoints: true, domain_id: 'DO1' });
    await call.session.subscribe({ domain_id: 'DOnone' }).catch((e: unknown) => (refused = e));
    await call.ended;
  });
  const subscribe = await server.request('session.subscribe');
  assert.deepEqual(subscribe.params, { endpoints: true, domain_id: 'DO1' });
  server.send({ id: subscribe.id, result: {} });
  server.refuse(await server.request('session.subscribe'), { code: 'invalid_params', message: 'no', retry: 'fix', field: 'domain_id' });
  const endpoint = { id: 'EP1', address: 'alice@acme.example', state: 'registered', contacts: [] };
  for (const type of ['registered', 'unreachable', 'reachable', 'unregistered']) server.event(`endpoint.${type}`, { endpoint }, {});
  server.endCall();
  await once(server.socket, 'close');
  assert.deepEqual(changes, ['registered', 'unreachable', 'reachable', 'unregistered'].map((c) => `${c} alice@acme.example`));
  assert.equal((refused as { field?: string }).field, 'domain_id');
});

test('a listener of an operation or a bridge that throws breaks nothing', async (t) => {
  const { server, errors } = await withApp(t, async (call) => {
    const dial = call.dial('+1555');
    dial.on('attempt', () => {
      throw new Error('mine');
    });
    const { call: other } = await dial;
    call.on('bridged', (bridge) => bridge.on('connected', () => Promise.reject(new Error('mine too'))));
    await call.bridge(other).connected;
  });
  answerDial(server, await server.request('call.dial'));
  const frame = await server.request('call.bridge');
  server.accept(frame);
  standBridge(server);
  server.event('bridge.ended', { bridge_id: 'BR1', reason: 'left', duration_ms: 0 }, {});
  server.complete(frame, { reason: 'ended', result: { duration_ms: 0 } });
  await server.request('call.hangup');
  assert.deepEqual(errors.map(String), ['Error: mine', 'Error: mine too']);
});

test('after a gap the snapshot brings calls and bridges up to date', async (t) => {
  const story: string[] = [];
  let main: Call | undefined;
  const { server, url } = await withApp(t, async (call) => {
    main = call;
    const dial = call.dial('+1555');
    const { call: other } = await dial;
    story.push(`dialled ${other.id} ${other.state}`);
    await call.bridge(other).connected;
    story.push(`bridged ${call.currentBridge?.id}`);
  });
  const dial = await server.request('call.dial');
  server.accept(dial);
  server.socket.terminate();
  const back = await ScriptedServer.dial(url, { 'Tandem-Reason': 'resume' });
  await back.request('session.ack');
  back.continueAt(900);
  const view = { id: dial.params['op_id'], method: 'call.dial', state: 'completed', outcome: 'succeeded', reason: 'answered', result: { call_id: 'CA2', attempts: [ATTEMPT] } };
  const call = { from: '1', to: '2', state: 'answered', direction: 'inbound', id: 'CA1' };
  const snapshot = { session: { id: 'SE1' }, last_seq: 900, operations: [view], bridges: [{ id: 'BR7', state: 'connecting', call_ids: ['CA1', 'CA2'], direction: 'both', created_at: '' }], calls: [call, { ...call, id: 'CA2', direction: 'outbound', parent_call_id: 'CA1' }] };
  back.event('session.resumed', { gap: true, replay_from: 901, snapshot }, {});
  const bridge = await back.request('call.bridge');
  back.accept(bridge);
  assert.equal(main?.currentBridge?.id, 'BR7');
  assert.equal(main?.session.calls.get('CA2')?.info.parent_call_id, 'CA1');
  back.event('bridge.ended', { bridge_id: 'BR7', reason: 'failed', duration_ms: 0 }, {});
  standBridge(back, ['CA1', 'CA2'], 'BR8');
  back.event('bridge.ended', { bridge_id: 'BR8', reason: 'left', duration_ms: 0 }, {});
  back.complete(bridge, { reason: 'ended', result: { duration_ms: 0 } });
  await back.request('call.hangup');
  assert.deepEqual(story[0], 'dialled CA2 answered');
});

test('a result that comes ahead of its replayed events waits for them', async (t) => {
  // A process that knows nothing of the session: its handler runs again and dials with the same id.
  const fresh = await withApp(t, async (call) => {
    const { call: other } = await call.dial('+1555');
    await other.say(`on ${other.id}`);
  });
  const dial = await fresh.server.request('call.dial');
  fresh.server.socket.terminate();
  const back = await ScriptedServer.dial(fresh.url, { 'Tandem-Reason': 'resume' });
  await back.request('session.ack');
  back.continueAt(2);
  // The answer to the request sent before the break may come first when it is sent again before session.resumed.
  back.send({ id: dial.id, result: { op: { id: dial.params['op_id'], method: 'call.dial', state: 'completed', outcome: 'succeeded', reason: 'answered', result: { call_id: 'CA2', attempts: [] } } } });
  back.newCall('CA2', 'outbound');
  back.event('session.resumed', { gap: false, replay_from: 3 }, {});
  const say = await back.request('call.say');
  assert.equal(say.params['text'], 'on CA2');
});

test('a session that was closed while its socket was broken is not run again', async (t) => {
  let runs = 0;
  const { app, server, url } = await withApp(t, async (call) => {
    ++runs;
    await call.ended.catch(() => undefined);
  });
  const session = await new Promise<import('../src/index.js').Session>((resolve) => {
    const check = (): void => (app.sessions.size > 0 ? resolve([...app.sessions.values()][0]!) : void setImmediate(check));
    check();
  });
  server.socket.terminate();
  await new Promise<void>((resolve) => session.once('disconnected', () => resolve()));
  session.close();
  const back = await ScriptedServer.dial(url, { 'Tandem-Reason': 'resume' });
  const [code] = await once(back.socket, 'close');
  assert.equal(code, 1000);
  assert.equal(runs, 1);
});
