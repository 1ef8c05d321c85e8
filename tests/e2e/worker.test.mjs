// Worker mode: the application dials the server. Calls shared among workers, broken sockets, drain, refusals.

import assert from 'node:assert/strict';
import { once } from 'node:events';
import path from 'node:path';
import { test } from 'node:test';
import { sdk } from '../support/application.mjs';
import { apiKey, startProxy } from '../support/far_end.mjs';
import { ROOT, TandemServer, eventually, printed } from '../support/server.mjs';

const tone = (hz, ms) => ({ sources: [{ tone: { frequencies_hz: [hz], duration_ms: ms } }] });
/** Nobody is there: the application's URL leads nowhere, only workers serve it. */
const NOWHERE = 'ws://127.0.0.1:9/';

const options = { timeout: 60_000 };

/** A server with an application that only workers serve. */
async function withServer(t, settings = {}) {
  const server = await TandemServer.start(t, settings);
  const { account, application } = await server.provision(NOWHERE);
  const token = await apiKey(server, account, ['worker']);
  /** Connects a worker that runs `handler`. */
  const connect = async (handler, more = {}) => {
    const app = new sdk.TandemApp();
    const errors = [];
    app.on('error', (error) => errors.push(error));
    app.onCall(handler);
    t.after(() => app.close());
    const worker = await app.connect({ url: server.http, accountId: account.id, applicationId: application.id, apiKey: token, backoff: { minMs: 50, maxMs: 200 }, ...more });
    return { app, worker, errors };
  };
  return { server, account, application, token, connect };
}

test('a worker without any address of its own answers a call', options, async (t) => {
  const { server, connect } = await withServer(t);
  const { errors, worker } = await connect(async (call) => {
    await call.answer();
    await call.play(tone(880, 1000));
  });
  const phone = await server.phone(['--expect-tone', '880:600']);
  assert.equal(phone.code, 0, phone.output);
  const [cdr] = await server.cdrs();
  assert.equal(cdr.party, 'application');
  await eventually(() => worker.sessionCount === 0, { what: 'the session closed' });
  assert.deepEqual(errors, []);
});

test('many calls share one socket', options, async (t) => {
  const { server, connect } = await withServer(t);
  const { app } = await connect(async (call) => {
    await call.answer();
    await call.play(tone(880, 1500));
  });
  let most = 0;
  app.on('session', () => (most = Math.max(most, app.sessions.size)));
  const phones = await Promise.all(Array.from({ length: 5 }, () => server.phone(['--expect-tone', '880:900'])));
  for (const { code, output } of phones) assert.equal(code, 0, output);
  assert.ok(most >= 2, `${most} at a time`);
});

test('two workers share the calls by their room', options, async (t) => {
  const { server, connect } = await withServer(t);
  const served = [0, 0];
  for (const i of [0, 1]) {
    await connect(async (call) => {
      ++served[i];
      await call.answer();
      await call.play(tone(880, 2000));
    }, { maxSessions: 1 });
  }
  const phones = await Promise.all([server.phone(['--expect-tone', '880:900']), server.phone(['--expect-tone', '880:900'])]);
  for (const { code, output } of phones) assert.equal(code, 0, output);
  assert.deepEqual(served, [1, 1]);
});

test('a broken socket: the call goes on, the worker comes back and awaits what it awaited', options, async (t) => {
  const { server, connect } = await withServer(t);
  const proxy = await startProxy(t, server.ready.http);
  const reasons = [];
  const { errors } = await connect(async (call) => {
    await call.answer();
    const play = call.play(tone(880, 2500));
    await play.started;
    proxy.cut();
    reasons.push((await play).reason);
    reasons.push((await call.play(tone(990, 600))).reason);
  }, { url: proxy.url });
  const phone = await server.phone(['--expect-tone', '880:2000', '--expect-tone', '990:400']);
  assert.equal(phone.code, 0, phone.output);
  assert.deepEqual(reasons, ['finished', 'finished']);
  assert.deepEqual(errors, []);
});

test('drain: the call goes on, a new one goes to the other worker', options, async (t) => {
  const { server, connect } = await withServer(t);
  const first = await connect(async (call) => {
    await call.answer();
    await call.play(tone(880, 4000));
  });
  const early = server.startPhone(['--expect-tone', '880:3000']);
  await printed(early, '200 OK');
  const drained = first.worker.drain();
  await connect(async (call) => {
    await call.answer();
    await call.play(tone(990, 800));
  });
  const late = await server.phone(['--expect-tone', '990:500']);
  assert.equal(late.code, 0, late.output);
  const { code, output } = await early.finished;
  assert.equal(code, 0, output);
  await drained;
  assert.equal(first.worker.state, 'closed');
});

test('a worker that goes before it said a word: the session is offered to another one', options, async (t) => {
  const { server, connect } = await withServer(t);
  const gone = await connect(() => new Promise(() => {}));
  const phone = server.startPhone(['--expect-tone', '990:500']);
  await new Promise((resolve) => gone.app.once('session', resolve));
  gone.worker.close();
  await connect(async (call) => {
    await call.answer();
    await call.play(tone(990, 800));
  });
  const { code, output } = await phone.finished;
  assert.equal(code, 0, output);
});

test('no worker and no URL that answers: the caller gets 480 and the CDR says why', options, async (t) => {
  const { server } = await withServer(t);
  const phone = await server.phone(['--expect-code', '480']);
  assert.equal(phone.code, 0, phone.output);
  const [cdr] = await server.cdrs();
  assert.equal(cdr.reason, 'app_unreachable');
});

test('a wrong key, and a key of another account, are refused', options, async (t) => {
  const { server, connect } = await withServer(t);
  await assert.rejects(connect(() => undefined, { apiKey: 'AKnobody.secret' }), (e) => e.code === 'unauthenticated');
  const other = await server.provision(NOWHERE, { did: '+15550222', name: 'other' });
  const token = await apiKey(server, other.account, ['worker']);
  await assert.rejects(connect(() => undefined, { apiKey: token }), (e) => ['forbidden', 'not_found', 'unauthenticated'].includes(e.code));
});

test('hello-ivr runs as a worker unchanged', options, async (t) => {
  const { server, account, application, token } = await withServer(t);
  const child = server.spawn('node', [path.join(ROOT, 'examples/hello-ivr/dist/main.js'), '--worker'], {
    env: { ...process.env, TANDEM_URL: server.http, TANDEM_ACCOUNT: account.id, TANDEM_APPLICATION: application.id, TANDEM_API_KEY: token },
  });
  await printed(child, 'connected as a worker');
  const phone = await server.phone(['--wait-for-audio', '--digits', '4711', '--expect-digits', '4711', '--expect-tone', '1000:300']);
  assert.equal(phone.code, 0, phone.output);
  const exited = once(child, 'exit');
  child.kill('SIGINT');
  const [code] = await exited;
  assert.equal(code, 0, 'it drains and ends by itself');
});
