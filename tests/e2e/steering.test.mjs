// Steering several calls: outbound, dial, bridge, hold, transfer. Audio is proven by tones, CDRs by their links.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { sdk, startApplication } from '../support/application.mjs';
import { apiKey, startFarEnd } from '../support/far_end.mjs';
import { TandemServer, eventually } from '../support/server.mjs';

const options = { timeout: 60_000 };
const tone = (hz, ms) => ({ sources: [{ tone: { frequencies_hz: [hz], duration_ms: ms } }] });

/** A server whose number leads to `handler`. */
async function withHandler(t, handler, settings = {}) {
  const server = await TandemServer.start(t, settings);
  const application = await startApplication(t, handler);
  const { account, application: { id: applicationId } } = await server.provision(application.url);
  return { server, application, account, applicationId };
}

test('a bridge with a dialled call: audio both ways, and back to the ivr when the far end hangs up', options, async (t) => {
  const story = [];
  const { server, application } = await withHandler(t, async (call) => {
    await call.answer();
    const talk = call.bridge({ dial: far.uri });
    const bridge = await talk.connected;
    story.push(['connected', bridge.state, bridge.other(call).direction, bridge.other(call).info.parent_call_id === call.id]);
    const { by, reason, duration_ms, attempts } = await talk;
    story.push(['over', by, reason, duration_ms > 2000, attempts.length]);
    await call.play(tone(700, 1000));
  });
  const far = await startFarEnd(server, ['--tone', '900:3000', '--expect-tone', '500:1500', '--hangup-after', '0.1']);
  const caller = await server.phone(['--wait-for-audio', '--tone', '500:3000', '--expect-tone', '900:1500', '--expect-tone', '700:600']);
  assert.equal(caller.code, 0, caller.output);
  const farEnd = await far.finished;
  assert.equal(farEnd.code, 0, farEnd.output);
  assert.deepEqual(story, [['connected', 'active', 'outbound', true], ['over', 'peer', 'ended', true, 1]]);
  assert.deepEqual(application.errors, []);
  const cdrs = await server.cdrs(2);
  assert.equal(cdrs.length, 2, 'one a leg');
  const inbound = cdrs.find((c) => c.direction === 'inbound');
  const outbound = cdrs.find((c) => c.direction === 'outbound');
  assert.equal(outbound.parent_call_id, inbound.call_id);
  assert.equal(outbound.attempt, 1);
});

test('the caller hangs up in a bridge: the dialled side goes too, everything settles', options, async (t) => {
  const outcomes = [];
  const { server, application } = await withHandler(t, async (call) => {
    await call.answer();
    await call.bridge({ dial: far.uri }).then((r) => outcomes.push(`${r.reason} by ${r.by}`), (e) => {
      outcomes.push(e.constructor.name);
      throw e;
    });
  });
  const far = await startFarEnd(server, ['--expect-tone', '500:500', '--hangup-after', '30']);
  const caller = await server.phone(['--tone', '500:2000', '--hangup-after', '0.1']);
  assert.equal(caller.code, 0, caller.output);
  const farEnd = await far.finished;
  assert.equal(farEnd.code, 0, farEnd.output);
  await eventually(() => outcomes.length === 1, { what: 'the bridge operation' });
  const cdrs = await server.cdrs(2);
  assert.equal(cdrs.find((c) => c.direction === 'inbound').party, 'caller');
  assert.deepEqual(application.errors, []);
});

test('targets in turn: busy, then one that answers; every attempt is listed', options, async (t) => {
  let attempts;
  const { server } = await withHandler(t, async (call) => {
    await call.answer();
    const dialled = await call.dial({ endpoints: [busy.uri, free.uri] });
    attempts = dialled.attempts;
    await dialled.call.play(tone(800, 1000));
  });
  const busy = await startFarEnd(server, ['--reject', '486'], { name: 'busy' });
  const free = await startFarEnd(server, ['--expect-tone', '800:600'], { name: 'free' });
  await server.phone(['--hangup-after', '10']);
  const answered = await free.finished;
  assert.equal(answered.code, 0, answered.output);
  assert.deepEqual(attempts.map((a) => [a.number, a.target, a.outcome, a.sip_code]), [[1, busy.uri, 'busy', 486], [2, free.uri, 'answered', 200]]);
});

test('targets at once: the first who answers wins, the other is cancelled', options, async (t) => {
  let attempts;
  const { server } = await withHandler(t, async (call) => {
    await call.answer();
    attempts = (await call.dial({ endpoints: [[slow.uri, fast.uri]] })).attempts;
  });
  const slow = await startFarEnd(server, ['--ring-for', '20000'], { name: 'slow' });
  const fast = await startFarEnd(server, ['--ring-for', '500', '--hangup-after', '10'], { name: 'fast' });
  await server.phone(['--hangup-after', '10']);
  await Promise.all([slow.finished, fast.finished]);
  const outcome = (uri) => attempts.find((a) => a.target === uri).outcome;
  assert.equal(outcome(fast.uri), 'answered');
  assert.equal(outcome(slow.uri), 'cancelled');
  assert.equal((await server.cdrs(3)).length, 3);
});

test('nobody answers: AttemptError says why, and the call goes on', options, async (t) => {
  let error;
  const { server } = await withHandler(t, async (call) => {
    await call.answer();
    await call.bridge({ dial: { to: far.uri, ring_timeout_ms: 1500 } }).catch((e) => (error = e));
    await call.play(tone(600, 800));
  });
  const far = await startFarEnd(server, ['--ring-for', '30000']);
  const caller = await server.phone(['--expect-tone', '600:500']);
  assert.equal(caller.code, 0, caller.output);
  assert.ok(error instanceof sdk.AttemptError, String(error));
  assert.equal(error.code, 'no_answer');
  assert.equal(error.attempts[0].outcome, 'no_answer');
  assert.ok(error.attempts[0].ring_ms >= 1400);
});

test('a caller who hangs up while it rings: what was dialled is cancelled', options, async (t) => {
  let error;
  const { server, application } = await withHandler(t, async (call) => {
    await call.answer();
    await call.dial({ to: far.uri }).catch((e) => {
      error = e;
      throw e;
    });
  });
  const far = await startFarEnd(server, ['--ring-for', '30000']);
  await server.phone(['--hangup-after', '1']);
  await far.finished;
  const cdrs = await server.cdrs(2);
  assert.equal(cdrs.find((c) => c.direction === 'outbound').reason, 'cancelled');
  assert.ok(error instanceof sdk.CallEndedError, String(error));
  assert.deepEqual(application.errors, []);
});

test('hold with music, and back to the other side', options, async (t) => {
  const { server } = await withHandler(t, async (call) => {
    await call.answer();
    const talk = call.bridge({ dial: far.uri });
    await talk.connected;
    await call.hold({ music: tone(650, 500) });
    await new Promise((resolve) => setTimeout(resolve, 1500));
    await call.unhold();
    await new Promise((resolve) => setTimeout(resolve, 1000));
  });
  const far = await startFarEnd(server, ['--tone', '900:4000', '--hangup-after', '0.1']);
  const caller = await server.phone(['--expect-tone', '650:800', '--expect-tone', '900:400', '--hangup-after', '10']);
  assert.equal(caller.code, 0, caller.output);
});

test('blind transfer: the call talks to the target, the former party is free', options, async (t) => {
  let result;
  const { server, application } = await withHandler(t, async (call) => {
    await call.answer();
    const { call: agent } = await call.dial(agentPhone.uri);
    await call.bridge(agent).connected;
    result = await call.transfer(target.uri);
    await agent.play(tone(750, 600));
  });
  const agentPhone = await startFarEnd(server, ['--expect-tone', '750:300', '--hangup-after', '10'], { name: 'agent' });
  const target = await startFarEnd(server, ['--tone', '900:2500', '--expect-tone', '500:800', '--hangup-after', '0.1'], { name: 'target' });
  const caller = await server.phone(['--tone', '500:6000', '--expect-tone', '900:800']);
  assert.equal(caller.code, 0, caller.output);
  for (const phone of [agentPhone, target]) {
    const { code, output } = await phone.finished;
    assert.equal(code, 0, output);
  }
  assert.equal(result.mode, 'blind');
  assert.equal(result.sip_code, 200);
  assert.deepEqual(application.errors, []);
});

test('a blind transfer to a dead target comes back', options, async (t) => {
  let error;
  const { server } = await withHandler(t, async (call) => {
    await call.answer();
    const { call: agent } = await call.dial(agentPhone.uri);
    await call.bridge(agent).connected;
    await call.transfer(gone.uri).catch((e) => (error = e));
    await new Promise((resolve) => setTimeout(resolve, 1500));
  });
  const agentPhone = await startFarEnd(server, ['--tone', '900:6000', '--hangup-after', '0.1'], { name: 'agent' });
  const gone = await startFarEnd(server, ['--reject', '404'], { name: 'gone' });
  const caller = await server.phone(['--expect-tone', '900:1200', '--hangup-after', '10']);
  assert.equal(caller.code, 0, caller.output);
  assert.ok(error instanceof sdk.AttemptError, String(error));
  assert.equal(error.attempts[0].sip_code, 404);
});

test('attended transfer: consult, then join the two and leave', options, async (t) => {
  const { server, application } = await withHandler(t, async (customer) => {
    await customer.answer();
    const { call: agent } = await customer.dial(agentPhone.uri);
    const talk = customer.bridge(agent);
    await talk.connected;
    await talk.stop();
    await customer.hold({ music: tone(650, 500) });
    const asking = agent.bridge({ dial: expert.uri, peer_on_leave: 'ivr' });
    const consultation = (await asking.connected).other(agent);
    await new Promise((resolve) => setTimeout(resolve, 1500));
    await customer.unhold();
    const { mode, peer_call_id } = await customer.transfer(consultation);
    assert.deepEqual([mode, peer_call_id], ['attended', consultation.id]);
    agent.hangup();
  });
  const agentPhone = await startFarEnd(server, ['--tone', '700:8000', '--expect-tone', '900:800', '--hangup-after', '10'], { name: 'agent' });
  const expert = await startFarEnd(server, ['--tone', '900:4500', '--expect-tone', '700:800', '--expect-tone', '500:800', '--hangup-after', '0.1'], { name: 'expert' });
  const caller = await server.phone(['--tone', '500:9000', '--expect-tone', '650:600', '--expect-tone', '900:800']);
  assert.equal(caller.code, 0, caller.output);
  const { code, output } = await expert.finished;
  assert.equal(code, 0, output);
  const left = await agentPhone.finished;
  assert.equal(left.code, 0, left.output);
  assert.deepEqual(application.errors, []);
  assert.equal((await server.cdrs(3)).length, 3);
});

test('screening: who presses 1 is connected, who does not is screened out', options, async (t) => {
  const attempts = [];
  const { server } = await withHandler(t, async (call) => {
    await call.answer();
    const screen = { play: tone(600, 300), accept: '1', timeout_ms: 1500 };
    const dialled = await call.dial({ endpoints: [silent.uri, willing.uri], screen });
    attempts.push(...dialled.attempts);
    await dialled.call.play(tone(800, 800));
  });
  const silent = await startFarEnd(server, ['--hangup-after', '20'], { name: 'silent' });
  const willing = await startFarEnd(server, ['--wait-for-audio', '--wait-silence', '300', '--digits', '1', '--expect-tone', '800:400'], { name: 'willing' });
  await server.phone(['--hangup-after', '15']);
  const { code, output } = await willing.finished;
  assert.equal(code, 0, output);
  await silent.finished;
  assert.deepEqual(attempts.map((a) => a.outcome), ['screened_out', 'answered']);
});

test('an outbound call asked for by REST: data, dial, state and CDR', options, async (t) => {
  const { server, application, account, applicationId } = await withHandler(t, async () => undefined);
  const far = await startFarEnd(server, ['--expect-tone', '800:600']);
  const seen = [];
  application.app.onOutbound(async (session) => {
    seen.push(session.data, session.reason);
    const { call } = await session.dial(session.data.phone);
    await call.play(tone(800, 1000));
  });
  const client = new sdk.TandemClient({ baseUrl: server.http, accountId: account.id, apiKey: await apiKey(server, account) });
  const wish = { data: { order: 42, phone: far.uri }, applicationId, idempotencyKey: 'order-42' };
  const intent = await client.calls.create(wish);
  assert.equal((await client.calls.create(wish)).id, intent.id, 'the same key gives the same intent');
  const { code, output } = await far.finished;
  assert.equal(code, 0, output);
  assert.deepEqual(seen, [{ order: 42, phone: far.uri }, 'outbound-call']);
  const done = await eventually(async () => {
    const now = await client.intents.get(intent.id);
    return now.state === 'completed' && now;
  }, { what: 'the intent completed' });
  assert.equal(done.call_ids.length, 1);
  const [cdr] = await server.cdrs();
  assert.equal(cdr.intent_id, intent.id);
  const call = await client.calls.get(done.call_ids[0]);
  assert.equal(call.status, 'ended');
  assert.equal(call.cdr.call_id, done.call_ids[0]);
});

test('acting on a call by REST beside its session', options, async (t) => {
  const { server, account } = await withHandler(t, async (call) => {
    await call.answer();
    await call.ended;
  });
  const client = new sdk.TandemClient({ baseUrl: server.http, accountId: account.id, apiKey: await apiKey(server, account) });
  const phone = server.startPhone(['--expect-tone', '800:400', '--hangup-after', '30']);
  const live = await eventually(async () => (await client.calls.list({ status: 'answered' })).items[0], { what: 'the call' });
  const played = await client.operations.run(live.id, 'call.play', tone(800, 600));
  assert.equal(played.outcome, 'succeeded');
  await client.calls.end(live.id);
  const { code, output } = await phone.finished;
  assert.equal(code, 0, output);
  await assert.rejects(client.operations.run('CAnobody', 'call.play', tone(800, 600)), (e) => e instanceof sdk.RestError && e.status === 404 && e.code === 'call_not_found');
});
