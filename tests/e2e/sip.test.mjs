// SIP seen from the wire: SIPp against the real program, an SDK application deciding what happens. Named by RFC section in
// the scenario files.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { startApplication } from '../support/application.mjs';
import { NUMBER, TandemServer } from '../support/server.mjs';

const answerAndWait = async (call) => {
  await call.answer();
  await call.ended;
};

/** Runs one SIPp scenario against one handler and gives the CDRs. */
async function scenario(t, name, handler, { settings, transport, calls = 1, args } = {}) {
  const server = await TandemServer.start(t, settings);
  const application = await startApplication(t, handler);
  await server.provision(application.url);
  const result = await server.sipp(`${name}.xml`, { transport, calls, args });
  assert.equal(result.code, 0, `sipp: ${result.output}`);
  const cdrs = await server.cdrs(calls);
  assert.equal(cdrs.length, calls);
  assert.deepEqual(application.errors, []);
  return { server, application, cdrs };
}

for (const transport of ['udp', 'tcp']) {
  test(`an answered call that the caller ends, over ${transport}`, async (t) => {
    const { cdrs } = await scenario(t, 'answer_bye', answerAndWait, { transport });
    assert.equal(cdrs[0].reason, 'hangup');
    assert.equal(cdrs[0].party, 'caller');
    assert.equal(cdrs[0].transport, transport);
    assert.equal(cdrs[0].codec, 'PCMU');
    assert.equal(cdrs[0].from, '+15550100');
    assert.equal(cdrs[0].to, NUMBER);
    assert.ok(cdrs[0].billable_ms >= 150, `billable ${cdrs[0].billable_ms}`);
  });
}

test('fifty calls at once, each with a session of its own', async (t) => {
  const { cdrs } = await scenario(t, 'answer_bye', answerAndWait, { calls: 50, args: ['-r', '50'] });
  assert.equal(new Set(cdrs.map((cdr) => cdr.call_id)).size, 50);
});

test('the application hangs up', async (t) => {
  const { cdrs } = await scenario(t, 'server_bye', async (call) => {
    await call.answer();
    const { reason } = await call.hangup();
    assert.equal(reason, 'hung_up');
  });
  assert.equal(cdrs[0].party, 'application');
});

test('the caller cancels while it rings', async (t) => {
  const { cdrs } = await scenario(t, 'cancel', async (call) => {
    await call.ring();
    const verdict = await call.ended;
    assert.equal(verdict.reason, 'cancelled');
    assert.equal(verdict.party, 'caller');
  });
  assert.equal(cdrs[0].reason, 'cancelled');
  assert.equal(cdrs[0].sip_code, 487);
});

test('the application rejects with a code and a header of its own', async (t) => {
  const { cdrs } = await scenario(t, 'rejected_486', async (call) => {
    await call.reject({ sip_code: 486, headers: { 'X-Why': 'closed' } });
  });
  assert.equal(cdrs[0].sip_code, 486);
  assert.equal(cdrs[0].billable_ms, 0);
});

test('the application redirects', async (t) => {
  const { cdrs } = await scenario(t, 'redirected_302', async (call) => {
    await call.redirect({ contacts: ['sip:other@example.net'] });
  });
  assert.equal(cdrs[0].reason, 'redirected');
});

test('nothing in the offer that we speak: 488', async (t) => {
  const { cdrs } = await scenario(t, 'no_codec_488', async (call) => {
    await assert.rejects(async () => { await call.answer(); }, { code: 'codec_mismatch' });
  });
  assert.equal(cdrs[0].reason, 'codec_mismatch');
});

test('late offer', async (t) => {
  const { cdrs } = await scenario(t, 'late_offer', answerAndWait);
  assert.equal(cdrs[0].codec, 'PCMA');
});

test('hold and resume by the peer, with a codec change', async (t) => {
  const seen = [];
  const { cdrs } = await scenario(t, 'hold_resume', async (call) => {
    for (const type of ['held', 'unheld', 'media_changed']) call.on(type, () => seen.push(type));
    await answerAndWait(call);
  });
  assert.deepEqual(seen.filter((type) => type !== 'media_changed'), ['held', 'unheld']);
  assert.equal(cdrs[0].codec, 'PCMA');
});

test('a re-INVITE without an offer', async (t) => {
  await scenario(t, 'offerless_reinvite', answerAndWait);
});

test('UPDATE in a confirmed dialog', async (t) => {
  await scenario(t, 'update', answerAndWait);
});

test('digits by INFO are collected', async (t) => {
  let collected;
  await scenario(t, 'info_digits', async (call) => {
    await call.answer();
    collected = await call.collect({ digits: { min: 4, max: 4 }, first_input_timeout_ms: 5000 });
    await call.hangup();
  });
  assert.equal(collected.reason, 'match');
  assert.equal(collected.value, '4711');
});

test('reliable provisional responses with early media', async (t) => {
  await scenario(t, 'prack', async (call) => {
    await call.ring({ sip_code: 183, early_media: true });
    await call.play({ sources: [{ tone: { name: 'ringback', duration_ms: 300 } }] });
    await call.answer();
    await call.hangup();
  });
});

test('an acknowledgement that comes late', async (t) => {
  await scenario(t, 'lost_ack', answerAndWait);
});

test('the same INVITE twice is one call', async (t) => {
  const { application } = await scenario(t, 'retransmitted_invite', answerAndWait);
  assert.equal(application.calls.length, 1);
});

test('session timer: agreed, and 422 when too small', async (t) => {
  const { server } = await scenario(t, 'session_timer', answerAndWait);
  const refused = await server.sipp('session_interval_too_small.xml');
  assert.equal(refused.code, 0, refused.output);
});

test('requests outside of calls get deliberate answers', async (t) => {
  const server = await TandemServer.start(t);
  for (const name of ['options', 'unknown_method', 'bye_unknown_dialog']) {
    const result = await server.sipp(`${name}.xml`);
    assert.equal(result.code, 0, `${name}: ${result.output}`);
  }
});

test('a number that nobody provisioned: 404 and a CDR', async (t) => {
  const server = await TandemServer.start(t);
  const result = await server.sipp('not_found.xml');
  assert.equal(result.code, 0, result.output);
  const [cdr] = await server.cdrs();
  assert.equal(cdr.reason, 'not_found');
  assert.equal(cdr.sip_code, 404);
});

test('an application that cannot be reached: 480 and a CDR', async (t) => {
  const server = await TandemServer.start(t);
  await server.provision('ws://127.0.0.1:1/');
  const result = await server.sipp('unreachable_480.xml');
  assert.equal(result.code, 0, result.output);
  const [cdr] = await server.cdrs();
  assert.equal(cdr.reason, 'app_unreachable');
  assert.equal(cdr.party, 'application');
});

test('the fallback URL takes the call', async (t) => {
  const server = await TandemServer.start(t);
  const application = await startApplication(t, answerAndWait);
  await server.provision('ws://127.0.0.1:1/', { fallbackUrl: application.url });
  const result = await server.sipp('answer_bye.xml');
  assert.equal(result.code, 0, result.output);
  assert.equal(application.calls.length, 1);
});
