// Worker mode against a scripted server: offers, many sessions on one socket, reconnect and resume, drain, refusals.

import assert from 'node:assert/strict';
import { once } from 'node:events';
import { test } from 'node:test';
import { SessionClosedError, TandemApp, TandemError, type Call, type ConnectOptions, type Worker } from '../src/index.js';
import { ScriptedServer, WorkerDoor, type Frame } from './support.js';

type Test = { after(f: () => Promise<void>): void };

/** An application whose handler is `handler`, connected to a scripted server as a worker. */
async function withWorker(t: Test, handler: (call: Call) => Promise<void> | void, more: Partial<ConnectOptions> = {}) {
  const door = await WorkerDoor.open(t);
  const app = new TandemApp();
  const errors: unknown[] = [];
  app.on('error', (error) => errors.push(error));
  app.onCall(handler);
  t.after(() => app.close());
  const connecting = app.connect({
    url: door.url,
    accountId: 'AC1',
    applicationId: 'AP1',
    apiKey: 'secret',
    maxSessions: 7,
    backoff: { minMs: 10, maxMs: 20 },
    ...more,
  });
  const channel = await door.worker();
  await welcome(channel);
  return { door, app, errors, channel, worker: await connecting };
}

async function welcome(channel: ScriptedServer): Promise<Frame> {
  const ready = await channel.request('worker.ready');
  channel.send({ id: ready.id, result: {} });
  return ready;
}

/** The server's side of session `id` on the worker's socket. */
function session(channel: ScriptedServer, id: string): ScriptedServer {
  return new ScriptedServer(channel.socket, id);
}

/** Waits until the worker has seen all that was sent to it so far. */
async function settled(channel: ScriptedServer): Promise<void> {
  channel.socket.ping();
  await once(channel.socket, 'pong');
}

async function pause(worker: Worker, event: 'disconnected' | 'connected' | 'closed'): Promise<unknown> {
  return new Promise((resolve) => worker.once(event, resolve));
}

test('a worker says who it is, and the same handlers serve several sessions on one socket', async (t) => {
  const said: string[] = [];
  const { door, channel } = await withWorker(t, async (call) => {
    const { heard_ms } = await call.say(`I am ${call.session.id}`);
    said.push(`${call.session.id} ${heard_ms}`);
  });
  assert.deepEqual(door.asked, [{ path: '/v1/Accounts/AC1/Applications/AP1/Connect', authorization: 'Bearer secret' }]);
  const [one, two] = [session(channel, 'SE1'), session(channel, 'SE2')];
  one.begin();
  two.begin();
  const [first, second] = [await one.request('call.say'), await two.request('call.say')];
  assert.equal(first.id, second.id, 'each session numbers its own requests');
  assert.deepEqual([first.params['text'], second.params['text']], ['I am SE1', 'I am SE2']);
  two.accept(second);
  two.complete(second, { result: { heard_ms: 2 } });
  await two.carryOut('call.hangup');
  one.accept(first);
  one.complete(first, { result: { heard_ms: 1 } });
  await one.carryOut('call.hangup');
  assert.deepEqual(said, ['SE2 2', 'SE1 1']);
  for (const [server, id] of [[one, 'SE1'], [two, 'SE2']] as const) {
    server.endCall();
    const close = await server.request('session.close');
    assert.equal(close.session_id, id);
    assert.equal(close.id, undefined, 'a notification');
  }
});

test('worker.ready tells the credit', async (t) => {
  const door = await WorkerDoor.open(t);
  const app = new TandemApp();
  t.after(() => app.close());
  const connecting = app.connect({ url: door.url, accountId: 'AC1', applicationId: 'AP1', apiKey: 'k', maxSessions: 3 });
  const ready = await welcome(await door.worker());
  assert.deepEqual(ready.params, { max_sessions: 3 });
  assert.equal(ready.session_id, undefined);
  assert.equal((await connecting).state, 'ready');
});

test('an outbound call reaches onOutbound in worker mode too', async (t) => {
  const { app, channel } = await withWorker(t, () => undefined);
  app.onOutbound(async (s) => void (await s.dial(s.data as string)));
  const offered = session(channel, 'SE9');
  offered.start({ reason: 'outbound-call', data: '+1555' });
  offered.event('call.requested', { intent_id: 'IN1', account_id: 'AC1', application_id: 'AP1', requested_at: '' }, {});
  const dial = await offered.request('call.dial');
  assert.deepEqual(dial.params, { to: { number: '+1555' }, op_id: 'OP9-d1' });
});

test('after a broken socket the worker comes back, resumes each session and repeats what was not answered', async (t) => {
  const results: string[] = [];
  const { door, channel, worker } = await withWorker(t, async (call) => {
    results.push((await call.say(`I am ${call.session.id}`)).reason);
  });
  const lost = [session(channel, 'SE1'), session(channel, 'SE2')];
  for (const server of lost) server.begin();
  const sent = [await lost[0]!.request('call.say'), await lost[1]!.request('call.say')];
  channel.socket.terminate();
  await pause(worker, 'disconnected');
  assert.equal(worker.state, 'waiting');
  const back = await door.worker();
  const again = [session(back, 'SE1'), session(back, 'SE2')];
  await welcome(back);
  for (const [i, server] of again.entries()) {
    const resume = await server.request('session.resume');
    assert.deepEqual(resume.params, { resume_token: 'token', last_seq: 2 });
    server.send({ id: resume.id, result: {} });
    server.continueAt(2);
    server.event('call.dtmf', { digit: '1', duration_ms: 0, method: 'rfc4733' });
    server.event('session.resumed', { gap: false, replay_from: 3 }, {});
    const say = await server.request('call.say');
    assert.deepEqual(say.params, sent[i]!.params, 'the same operation id: the server does it once');
    server.accept(say);
    server.complete(say, { result: { heard_ms: 1 } });
    await server.request('call.hangup');
  }
  assert.deepEqual(results, ['finished', 'finished']);
  assert.equal(worker.sessionCount, 2);
});

test('requests made before the server has taken the session up wait for it', async (t) => {
  let open: Call | undefined;
  const { door, channel, worker } = await withWorker(t, async (call) => {
    open = call;
    await call.ended;
  });
  session(channel, 'SE1').begin();
  await session(channel, 'SE1').request('session.ack');
  channel.socket.terminate();
  await pause(worker, 'disconnected');
  const back = await door.worker();
  const one = session(back, 'SE1');
  const resume = await one.request('session.resume');
  await welcome(back);
  void open!.say('Still there?');
  await settled(back);
  assert.deepEqual(one.frames, []);
  one.send({ id: resume.id, result: {} });
  one.continueAt(2);
  one.event('session.resumed', { gap: false, replay_from: 3 }, {});
  assert.equal((await one.request('call.say')).params['text'], 'Still there?');
});

test('a session that was offered to the same worker again goes on', async (t) => {
  const { door, channel, worker } = await withWorker(t, async (call) => void (await call.say('x')));
  session(channel, 'SE1').begin();
  const lost = await session(channel, 'SE1').request('call.say');
  channel.socket.terminate();
  await pause(worker, 'disconnected');
  const back = await door.worker();
  const one = session(back, 'SE1');
  one.begin(); // The server was faster.
  await welcome(back);
  one.refuse(await one.request('session.resume'), { code: 'wrong_state', message: 'on this socket already', retry: 'refresh' });
  assert.deepEqual((await one.request('call.say')).params, lost.params);
  assert.equal(worker.sessionCount, 1);
});

test('a session that the server no longer holds ends, the others go on', async (t) => {
  const errors: unknown[] = [];
  const { door, channel, worker } = await withWorker(t, async (call) => {
    await call.say('x').catch((e: unknown) => errors.push(call.session.id, e));
  });
  for (const id of ['SE1', 'SE2']) session(channel, id).begin();
  await session(channel, 'SE2').request('session.ack');
  channel.socket.terminate();
  const back = await door.worker();
  const [one, two] = [session(back, 'SE1'), session(back, 'SE2')];
  await welcome(back);
  one.refuse(await one.request('session.resume'), { code: 'session_not_found', message: 'gone', retry: 'never' });
  await two.request('session.resume');
  two.continueAt(2);
  two.event('session.resumed', { gap: false, replay_from: 3 }, {});
  await two.request('call.say');
  assert.equal(errors[0], 'SE1');
  assert.ok(errors[1] instanceof SessionClosedError);
  assert.equal(worker.sessionCount, 1);
});

test('session.closed ends a session; cut off for slowness it is resumed on the same socket', async (t) => {
  const story: string[] = [];
  const { app, channel, worker } = await withWorker(t, async (call) => {
    call.session.on('closed', ({ reason }) => story.push(`${call.session.id} ${reason}`));
    await call.say('x');
  });
  const [one, two] = [session(channel, 'SE1'), session(channel, 'SE2')];
  one.begin();
  two.begin();
  await one.request('call.say');
  await two.request('call.say');
  one.send({ method: 'session.closed', params: { code: 1000, reason: 'idle' } });
  two.send({ method: 'session.closed', params: { code: 1008, reason: 'too slow' } });
  const resume = await two.request('session.resume');
  assert.equal(resume.params['last_seq'], 2);
  two.send({ id: resume.id, result: {} });
  two.continueAt(2);
  two.event('session.resumed', { gap: false, replay_from: 3 }, {});
  await two.request('call.say');
  assert.deepEqual(story, ['SE1 server']);
  assert.deepEqual([...app.sessions.keys()], ['SE2']);
  assert.equal(worker.sessionCount, 1);
  assert.equal(one.frames.filter((f) => f.method === 'session.close').length, 0, 'nothing to say of what the server ended');
});

test('a session closed while the socket was broken is taken up and closed after the reconnect', async (t) => {
  const { app, door, channel, worker } = await withWorker(t, async (call) => void (await call.ended));
  session(channel, 'SE1').begin();
  await session(channel, 'SE1').request('session.ack');
  const open = app.sessions.get('SE1')!;
  channel.socket.terminate();
  await pause(worker, 'disconnected');
  open.close();
  assert.equal(worker.sessionCount, 0);
  const back = await door.worker();
  const one = session(back, 'SE1');
  const resume = await one.request('session.resume');
  await welcome(back);
  assert.deepEqual(resume.params, { resume_token: 'token', last_seq: 2 });
  await settled(back);
  assert.deepEqual(one.frames, [], 'not closed before it is taken up');
  one.send({ id: resume.id, result: {} });
  await one.request('session.close');
  one.continueAt(2);
  one.event('session.resumed', { gap: false, replay_from: 3 }, {});
  assert.equal(app.sessions.size, 0, 'what is still on its way opens no new session');
});

test('drain: no more offers, and the worker closes after its last session', async (t) => {
  const { channel, worker } = await withWorker(t, async (call) => void (await call.say('x')));
  const one = session(channel, 'SE1');
  one.begin();
  const say = await one.request('call.say');
  let drained = false;
  const done = worker.drain().then(() => (drained = true));
  const drain = await channel.request('worker.drain');
  // An offer that was on its way is served.
  const two = session(channel, 'SE2');
  two.begin();
  channel.send({ id: drain.id, result: {} });
  one.accept(say);
  one.complete(say, { result: { heard_ms: 1 } });
  await one.carryOut('call.hangup');
  one.endCall();
  await one.request('session.close');
  assert.equal(drained, false);
  await two.carryOut('call.say', { result: { heard_ms: 1 } });
  await two.carryOut('call.hangup');
  two.endCall();
  const [code] = await once(channel.socket, 'close');
  await done;
  assert.equal(code, 1000);
  assert.equal(worker.state, 'closed');
  assert.ok(two.frames.some((f) => f.method === 'session.close'));
});

test('drain of an idle worker, twice', async (t) => {
  const { channel, worker } = await withWorker(t, () => undefined);
  const both = Promise.all([worker.drain(), worker.drain()]);
  const drain = await channel.request('worker.drain');
  channel.send({ id: drain.id, result: {} });
  await both;
  await worker.drain();
});

test('drain survives a broken socket', async (t) => {
  const { door, channel, worker } = await withWorker(t, async (call) => void (await call.ended));
  session(channel, 'SE1').begin();
  await session(channel, 'SE1').request('session.ack');
  const done = worker.drain();
  await channel.request('worker.drain');
  channel.socket.terminate();
  const back = await door.worker();
  const one = session(back, 'SE1');
  await welcome(back);
  const again = await back.request('worker.drain');
  back.send({ id: again.id, result: {} });
  await one.request('session.resume');
  one.continueAt(2);
  one.endCall();
  one.event('session.resumed', { gap: false, replay_from: 3 }, {});
  await done;
});

test('a refused key rejects connect and is not tried again', async (t) => {
  const door = await WorkerDoor.open(t);
  door.refusals.push({ status: 401, body: { code: 'unauthenticated', detail: 'the API key has expired', retry: 'fix' } });
  const app = new TandemApp();
  const connecting = app.connect({ url: door.url, accountId: 'AC1', applicationId: 'AP1', apiKey: 'old', backoff: { minMs: 1, maxMs: 1 } });
  await assert.rejects(connecting, (e: unknown) => e instanceof TandemError && e.code === 'unauthenticated' && /expired/.test(e.message));
  await new Promise((resolve) => setTimeout(resolve, 30));
  assert.equal(door.asked.length, 1);
});

test('a server that is not ready yet is tried again', async (t) => {
  const door = await WorkerDoor.open(t);
  door.refusals.push({ status: 503 }, { status: 429, body: { code: 'rate_limited', retry: 'later' } });
  const app = new TandemApp();
  const errors: unknown[] = [];
  app.on('error', (error) => errors.push(error));
  t.after(() => app.close());
  const connecting = app.connect({ url: `${door.url}/`, accountId: 'AC1', applicationId: 'AP1', apiKey: 'k', backoff: { minMs: 1, maxMs: 2 } });
  await welcome(await door.worker());
  await connecting;
  assert.equal(door.asked.length, 3);
  assert.equal(errors.length, 2);
  assert.match(String(errors[0]), /cannot connect to .*503.*next attempt in \d+ ms/);
});

test('a refused worker.ready rejects connect', async (t) => {
  const door = await WorkerDoor.open(t);
  const app = new TandemApp();
  const connecting = app.connect({ url: door.url, accountId: 'AC1', applicationId: 'AP1', apiKey: 'k', maxSessions: 0 });
  const channel = await door.worker();
  channel.refuse(await channel.request('worker.ready'), { code: 'invalid_params', message: 'max_sessions: at least 1', retry: 'fix', field: 'max_sessions' });
  await assert.rejects(connecting, /max_sessions/);
});

test('wrong addresses are refused at once', async () => {
  const app = new TandemApp();
  const rest = { accountId: 'AC1', applicationId: 'AP1', apiKey: 'k' };
  await assert.rejects(app.connect({ url: 'ftp://x', ...rest }), TypeError);
  await assert.rejects(app.connect({ url: 'voice.example', ...rest }), TypeError);
});

test('a server that falls silent is taken for lost', async (t) => {
  const { door, channel, worker } = await withWorker(t, () => undefined, { silenceMs: 60 });
  await new Promise((resolve) => setTimeout(resolve, 100)); // It answers pings: no reason to go.
  assert.equal(worker.state, 'ready');
  (channel.socket as unknown as { _autoPong: boolean })._autoPong = false;
  await pause(worker, 'disconnected');
  await welcome(await door.worker());
  assert.equal(door.connections, 2);
});

test('frames that are no JSON, or about no session, break nothing', async (t) => {
  const { channel, errors, worker } = await withWorker(t, async (call) => void (await call.say('x')));
  for (const text of ['no json', '[]', '7', '{"jsonrpc":"2.0","method":"event","session_id":"SEunknown","params":{"seq":5,"type":"call.dtmf","data":{}}}', '{"jsonrpc":"2.0","method":"session.closed","session_id":"SEunknown"}']) channel.socket.send(text);
  const one = session(channel, 'SE1');
  one.begin();
  await one.request('call.say');
  assert.equal(worker.sessionCount, 1);
  assert.ok(errors.length >= 1 && errors.length <= 2, String(errors));
});

test('closing the application drops the worker and leaves its sessions to be resumed', async (t) => {
  const { app, channel, errors } = await withWorker(t, async (call) => void (await call.say('x')));
  const one = session(channel, 'SE1');
  one.begin();
  await one.request('call.say');
  await app.close();
  const [code] = await once(channel.socket, 'close');
  assert.equal(code, 1001);
  assert.deepEqual(errors, []);
});
