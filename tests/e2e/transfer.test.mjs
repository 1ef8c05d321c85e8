// Transfers: asked for by phones (REFER, INVITE with Replaces), asked of phones (REFER), and what is left when somebody hangs
// up in the middle. The phones are scripted; audio is proven by tones in both directions.

import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { toneMs } from '../support/baresip.mjs';
import { NUMBER, eventually } from '../support/server.mjs';
import { SipPeer } from '../support/sip_peer.mjs';
import { startSoftphone } from '../support/softphone.mjs';
import { booksClosed, music, outcome, tone, withHandler } from '../support/steering.mjs';

const limit = { timeout: 60_000 };
const CUSTOMER = 500;
const AGENT = 900;
const TARGET = 1200;

/** Both sides hear each other. */
const talk = (a, aHz, b, bHz, ms = 200) => Promise.all([a.media.hears(bHz, ms), b.media.hears(aHz, ms)]);

/**
 * A customer who called the number and is bridged with the agent's phone, which the handler dialled. `onBridge(call,
 * agentCall)` is called in the handler when the bridge stands.
 */
async function bridged(t, onBridge = () => {}, settings) {
  const phones = {};
  for (const name of ['customer', 'agent', 'target']) phones[name] = await SipPeer.open(t, name);
  const calls = {};
  const things = await withHandler(t, async (call) => {
    await call.answer();
    const operation = call.bridge({ dial: phones.agent.uri });
    calls.customer = call;
    calls.agent = (await operation.connected).other(call);
    await onBridge(call, calls.agent, operation, phones);
    await operation.catch(() => {});
  }, settings);
  const customer = await phones.customer.call(`sip:${NUMBER}@${things.server.sip()}`, things.server.sip());
  customer.takeOver('REFER');
  await customer.established({ hz: CUSTOMER });
  const agent = await phones.agent.incoming();
  await agent.answer({ hz: AGENT });
  // From here on the agent sends requests of its own.
  agent.remote = agent.invite.header('from');
  agent.target = agent.invite.contact;
  await talk(customer, CUSTOMER, agent, AGENT);
  return { ...things, phones, calls, customer, agent };
}

const refer = (leg, to, headers = []) => leg.ask('REFER', { headers: [`Refer-To: <${to}>`, `Referred-By: <${leg.peer.uri}>`, ...headers] });

/** Status lines of NOTIFY until a final one. */
async function reports(leg) {
  const seen = [];
  do seen.push(await leg.notified()); while (seen.at(-1) < 200);
  return seen;
}

/** The leg is over: by the server's BYE, or by the phone's own. */
async function leaves(leg) {
  leg.media?.stop();
  if (leg.received.some((m) => m.method === 'BYE')) return leg.next('BYE');
  return leg.ask('BYE');
}

describe('a phone asks for a transfer (REFER)', { concurrency: 4 }, () => {
  test('accepted: the server dials, reports 100, 180 and 200, and joins', limit, async (t) => {
    const seen = [];
    const { server, application, phones, customer, agent } = await bridged(t, (_, agentCall, __, { target }) => {
      agentCall.on('referRequested', async (request) => {
        seen.push(request.target, request.to, request.referredBy?.includes('sip:agent@'), request.replaces);
        const result = await request.accept();
        seen.push(result.sip_code, target.uri === request.target);
      });
    });
    assert.equal((await refer(agent, phones.target.uri)).code, 202);
    const target = await phones.target.incoming();
    assert.match(target.invite.header('referred-by') ?? '', /sip:agent@/);
    target.ring();
    const progress = reports(agent);
    await eventually(() => agent.peer.lines.filter((l) => l.includes('< NOTIFY')).length >= 2);
    await target.answer({ hz: TARGET });
    assert.deepEqual([...new Set(await progress)], [100, 180, 200]);
    await talk(customer, CUSTOMER, target, TARGET);
    await leaves(agent);
    await talk(customer, CUSTOMER, target, TARGET);
    await target.bye();
    await customer.isLeft();
    const cdrs = await booksClosed(server, 3);
    assert.deepEqual(seen, [phones.target.uri, 'target', true, undefined, 200, true]);
    assert.deepEqual(application.errors, []);
    assert.ok(cdrs.every((c) => c.billable_ms > 0));
  });

  test('the caller itself refers the far end to another phone', limit, async (t) => {
    const { server, application, phones, customer, agent } = await bridged(t, (call) => {
      call.on('referRequested', (request) => request.accept().catch(() => {}));
    });
    assert.equal((await refer(customer, phones.target.uri)).code, 202);
    const target = await phones.target.incoming();
    await target.answer({ hz: TARGET });
    assert.equal((await reports(customer)).at(-1), 200);
    await talk(agent, AGENT, target, TARGET);
    await leaves(customer);
    await talk(agent, AGENT, target, TARGET);
    await agent.bye();
    await target.isLeft();
    await booksClosed(server, 3);
    assert.deepEqual(application.errors, []);
  });

  test('rejected with 603: the bridge goes on', limit, async (t) => {
    const { server, phones, customer, agent } = await bridged(t, (_, agentCall) => {
      agentCall.on('referRequested', (request) => request.reject());
    });
    assert.equal((await refer(agent, phones.target.uri)).code, 603);
    await talk(customer, CUSTOMER, agent, AGENT);
    await customer.bye();
    await agent.isLeft();
    await booksClosed(server, 2);
    assert.equal(phones.target.newLegs.length, 0);
  });

  test('nobody answers the request: refused after five seconds', limit, async (t) => {
    const { server, phones, customer, agent } = await bridged(t);
    const answer = await refer(agent, phones.target.uri);
    assert.equal(answer.code, 603);
    await talk(customer, CUSTOMER, agent, AGENT);
    await customer.bye();
    await agent.isLeft();
    await booksClosed(server, 2);
  });

  test('an answer that comes too late is refused, and nothing is dialled', limit, async (t) => {
    let late;
    const { server, phones, customer, agent } = await bridged(t, (_, agentCall) => {
      agentCall.on('referRequested', (request) => (late = request));
    });
    assert.equal((await refer(agent, phones.target.uri)).code, 603);
    assert.equal(await outcome(late.accept({ ring_timeout_ms: 1000 })), 'wrong_state');
    await talk(customer, CUSTOMER, agent, AGENT);
    await customer.bye();
    await agent.isLeft();
    await booksClosed(server, 2);
    assert.equal(phones.target.newLegs.length, 0);
  });

  test('handled by the application, which reports', limit, async (t) => {
    const { server, application, phones, customer, agent } = await bridged(t, (call, agentCall) => {
      agentCall.on('referRequested', async (request) => {
        await request.handle();
        await request.report(180, 'Ringing');
        await call.transfer(request.target);
        await request.report(200, 'OK').catch(() => {});
      });
    });
    assert.equal((await refer(agent, phones.target.uri)).code, 202);
    const target = await phones.target.incoming();
    await target.answer({ hz: TARGET });
    await talk(customer, CUSTOMER, target, TARGET);
    const seen = await reports(agent);
    assert.equal(seen[0], 100);
    assert.ok(seen.includes(180));
    await leaves(agent);
    await customer.bye();
    await target.isLeft();
    await booksClosed(server, 3);
    assert.deepEqual(application.errors, []);
  });

  for (const [name, code] of [['refuses', 404], ['is busy', 486]]) {
    test(`to a target that ${name}: the phone is told, the bridge goes on`, limit, async (t) => {
      let failure;
      const { server, phones, customer, agent } = await bridged(t, (_, agentCall) => {
        agentCall.on('referRequested', (request) => request.accept().catch((e) => (failure = e)));
      });
      assert.equal((await refer(agent, phones.target.uri)).code, 202);
      const target = await phones.target.incoming();
      target.reply(target.invite, code);
      const seen = await reports(agent);
      assert.equal(seen.at(-1), code);
      await talk(customer, CUSTOMER, agent, AGENT);
      await customer.bye();
      await agent.isLeft();
      await booksClosed(server, 3);
      assert.equal(failure.sipCode ?? failure.result?.sip_code, code);
    });
  }

  test('to a dead address: the phone is told, the bridge goes on', limit, async (t) => {
    const { server, customer, agent } = await bridged(t, (_, agentCall) => {
      agentCall.on('referRequested', (request) => request.accept({ ring_timeout_ms: 1000 }).catch(() => {}));
    });
    assert.equal((await refer(agent, 'sip:nobody@127.0.0.1:9')).code, 202);
    assert.ok((await reports(agent)).at(-1) >= 400);
    await talk(customer, CUSTOMER, agent, AGENT);
    await customer.bye();
    await agent.isLeft();
    await booksClosed(server, 3);
  });

  test('a malformed REFER is refused by itself', limit, async (t) => {
    const { server, customer, agent } = await bridged(t);
    assert.equal((await agent.ask('REFER')).code, 400);
    assert.equal((await agent.ask('REFER', { headers: ['Refer-To: <http://example.net/>'] })).code >= 400, true);
    await talk(customer, CUSTOMER, agent, AGENT);
    await customer.bye();
    await agent.isLeft();
    await booksClosed(server, 2);
  });

  for (const who of ['agent', 'customer', 'target']) {
    test(`the ${who} hangs up while the target rings`, limit, async (t) => {
      let settled;
      const { server, application, phones, customer, agent, calls } = await bridged(t, (_, agentCall) => {
        agentCall.on('referRequested', (request) => (settled = outcome(request.accept())));
      });
      assert.equal((await refer(agent, phones.target.uri)).code, 202);
      const target = await phones.target.incoming();
      target.ring();
      await eventually(() => agent.peer.lines.filter((l) => l.includes('< NOTIFY')).length >= 2);
      if (who === 'target') {
        target.reply(target.invite, 480);
        await reports(agent);
        await talk(customer, CUSTOMER, agent, AGENT);
        await customer.bye();
        await agent.isLeft();
      } else if (who === 'customer') {
        await customer.bye();
        await target.next('CANCEL');
        await leaves(agent);
      } else {
        // Phones do so as soon as their REFER is accepted (RFC 5589 section 6): the transfer goes on.
        await agent.bye();
        await calls.agent.ended;
        await target.answer({ hz: TARGET });
        await talk(customer, CUSTOMER, target, TARGET);
        await target.bye();
        await customer.isLeft();
      }
      await booksClosed(server, 3);
      assert.ok(await settled);
      assert.deepEqual(application.errors, []);
    });
  }

  test('after hold, as phones do it: the customer is not left on hold', limit, async (t) => {
    const { server, application, phones, customer, agent } = await bridged(t, (_, agentCall) => {
      agentCall.on('referRequested', (request) => request.accept().catch(() => {}));
    });
    assert.equal((await agent.reinvite('sendonly')).code, 200);
    agent.media.stop();
    assert.equal((await refer(agent, phones.target.uri)).code, 202);
    const target = await phones.target.incoming();
    await target.answer({ hz: TARGET });
    assert.equal((await reports(agent)).at(-1), 200);
    await talk(customer, CUSTOMER, target, TARGET);
    await leaves(agent);
    await talk(customer, CUSTOMER, target, TARGET);
    await target.bye();
    await customer.isLeft();
    await booksClosed(server, 3);
    assert.deepEqual(application.errors, []);
  });

  test('after hold, to a target that refuses: the agent resumes and they talk', limit, async (t) => {
    const { server, phones, customer, agent } = await bridged(t, (_, agentCall) => {
      agentCall.on('referRequested', (request) => request.accept().catch(() => {}));
    });
    await agent.reinvite('sendonly');
    assert.equal((await refer(agent, phones.target.uri)).code, 202);
    const target = await phones.target.incoming();
    target.reply(target.invite, 404);
    assert.equal((await reports(agent)).at(-1), 404);
    await agent.reinvite('sendrecv');
    await talk(customer, CUSTOMER, agent, AGENT);
    await customer.bye();
    await agent.isLeft();
    await booksClosed(server, 3);
  });

  test('in no bridge: refused, the call goes on', limit, async (t) => {
    const [caller, target] = [await SipPeer.open(t, 'caller'), await SipPeer.open(t, 'target')];
    let settled;
    const { server } = await withHandler(t, async (call) => {
      call.on('referRequested', (request) => (settled = outcome(request.accept())));
      await call.answer();
      await call.play(tone(700, 20_000));
    });
    const leg = await caller.call(`sip:${NUMBER}@${server.sip()}`, server.sip());
    await leg.established();
    await leg.media.hears(700, 100);
    assert.equal((await refer(leg, target.uri)).code, 603);
    assert.equal(await settled, 'wrong_state');
    await leg.media.hears(700, 200);
    await leg.bye();
    await booksClosed(server, 1);
  });

  test('twice at once: one is carried out, every request is answered and settles', limit, async (t) => {
    const settled = [];
    const { server, application, phones, customer, agent } = await bridged(t, (_, agentCall) => {
      agentCall.on('referRequested', (request) => settled.push(outcome(request.accept())));
    });
    const other = await SipPeer.open(t, 'other');
    const [one, two] = await Promise.all([refer(agent, phones.target.uri), refer(agent, other.uri)]);
    const first = await phones.target.incoming();
    if (two.code === 202) {
      const second = await other.incoming({ timeoutMs: 1500 }).catch(() => undefined);
      if (second) {
        second.takeOver('CANCEL').ring();
        second.reply(second.invite, 486);
      }
    }
    await first.answer({ hz: TARGET });
    await talk(customer, CUSTOMER, first, TARGET);
    assert.equal(one.code, 202);
    await leaves(agent);
    await customer.bye();
    await first.isLeft();
    const of = other.lines.some((line) => /INVITE/.test(line)) ? 4 : 3;
    await booksClosed(server, of);
    await Promise.all(settled);
    assert.deepEqual(application.errors, []);
  });
});

test('baresip asks for a transfer: the caller and the target talk, baresip is out', limit, async (t) => {
  const settled = [];
  const [caller, target] = [await SipPeer.open(t, 'caller'), await SipPeer.open(t, 'target')];
  let phone;
  const { server, application } = await withHandler(t, async (call) => {
    await call.answer();
    const operation = call.bridge({ dial: phone.uri });
    const other = (await operation.connected).other(call);
    other.on('referRequested', (request) => settled.push(outcome(request.accept())));
    await operation.catch(() => {});
  });
  phone = await startSoftphone(t, server, { address: 'desk@127.0.0.1', password: 'none', register: false, hz: AGENT });
  const leg = await caller.call(`sip:${NUMBER}@${server.sip()}`, server.sip());
  await leg.established({ hz: CUSTOMER });
  await phone.event('CALL_ESTABLISHED');
  await leg.media.hears(AGENT, 300);
  phone.command('transfer', target.uri);
  const callee = await target.incoming();
  callee.ring();
  await callee.answer({ hz: TARGET });
  await talk(leg, CUSTOMER, callee, TARGET);
  await phone.event('CALL_CLOSED');
  await leg.bye();
  await callee.isLeft();
  await booksClosed(server, 3);
  assert.deepEqual(await Promise.all(settled), ['ok']);
  assert.deepEqual(application.errors, []);
  const heard = await phone.stop();
  assert.ok(toneMs(heard, CUSTOMER) >= 200, 'baresip heard the caller');
});

describe('an attended transfer by a phone (REFER with Replaces)', { concurrency: 4 }, () => {
  /** The agent, bridged with the customer, has called the number again and is bridged with the expert. */
  async function consulting(t) {
    const expert = await SipPeer.open(t, 'expert');
    const story = { settled: [] };
    const { server, application, phones, customer, agent } = await bridged(t, (_, agentCall) => {
      agentCall.on('referRequested', (request) => {
        story.replaces = request.replaces?.id;
        story.settled.push(outcome(request.accept()));
      });
    });
    // The second call of the agent has a session of its own, which dials the expert.
    application.app.onCall(async (call) => {
      await call.answer();
      await call.bridge({ dial: expert.uri }).catch(() => {});
    });
    const second = await phones.agent.call(`sip:${NUMBER}@${server.sip()}`, server.sip());
    await second.established({ hz: AGENT });
    const asked = await expert.incoming();
    await asked.answer({ hz: TARGET });
    await talk(second, AGENT, asked, TARGET);
    return { server, application, phones, customer, agent, second, expert: asked, story };
  }

  const referWithReplaces = (agent, second, expert) =>
    agent.ask('REFER', { headers: [`Refer-To: <${expert.peer.uri}?Replaces=${encodeURIComponent(second.replaces)}>`] });

  test('the customer and the expert are joined, both calls of the agent are over', limit, async (t) => {
    const { server, application, customer, agent, second, expert, story } = await consulting(t);
    assert.equal((await referWithReplaces(agent, second, expert)).code, 202);
    assert.equal((await reports(agent)).at(-1), 200);
    await talk(customer, CUSTOMER, expert, TARGET);
    await leaves(agent);
    await leaves(second);
    await talk(customer, CUSTOMER, expert, TARGET);
    await customer.bye();
    await expert.isLeft();
    await booksClosed(server, 4);
    assert.deepEqual(await Promise.all(story.settled), ['ok']);
    assert.deepEqual(application.errors, []);
  });

  test('the second call is gone already: the agent is told, the bridge goes on', limit, async (t) => {
    const { server, customer, agent, second, expert } = await consulting(t);
    await second.bye();
    await expert.isLeft();
    const answer = await referWithReplaces(agent, second, expert);
    if (answer.code === 202) {
      // A dialog that is not ours any more is the target's business.
      const dialled = await expert.peer.incoming();
      assert.match(dialled.invite.header('replaces'), new RegExp(second.callId));
      dialled.reply(dialled.invite, 481);
      assert.equal((await reports(agent)).at(-1), 481);
    } else assert.ok(answer.code >= 400);
    await talk(customer, CUSTOMER, agent, AGENT);
    await customer.bye();
    await agent.isLeft();
    await booksClosed(server, answer.code === 202 ? 5 : 4);
  });

  for (const who of ['customer', 'expert', 'agent', 'second']) {
    test(`${who === 'second' ? 'the consultation' : `the ${who}`} is hung up with the REFER on its way`, limit, async (t) => {
      const legs = await consulting(t);
      const { server, agent, second, expert, story } = legs;
      const asked = agent.request('REFER', { headers: [`Refer-To: <${expert.peer.uri}?Replaces=${encodeURIComponent(second.replaces)}>`] });
      const bye = legs[who].request('BYE');
      await agent.final(asked);
      await legs[who].final(bye);
      legs[who].media.stop();
      for (const leg of [legs.customer, agent, second, expert]) if (leg !== legs[who]) await leaves(leg);
      await booksClosed(server, 4);
      for (const settled of await Promise.all(story.settled)) assert.ok(settled);
    });
  }
});

describe('a phone is asked to transfer (call.transfer, mode refer)', { concurrency: 4 }, () => {
  /** What `call.transfer` of the customer's call gives, once the phone did as `phone(customer, refer)` says. */
  async function referred(t, phone, params = {}, { agentStays = true } = {}) {
    const progress = [];
    let begin;
    const begun = new Promise((resolve) => (begin = resolve));
    let settled;
    const things = await bridged(t, (call, agentCall, _, { target }) => {
      call.on('transfer_progress', ({ sip_code }) => progress.push(sip_code));
      const { consult, ...rest } = params;
      settled = call.transfer({ mode: 'refer', ...(consult ? { consult: agentCall } : { to: target.uri }), ...rest })
        .then((result) => ({ result }), (error) => ({ error }));
      begin();
    });
    await begun;
    const request = await things.customer.next('REFER');
    await phone(things.customer, request, things);
    const end = await settled;
    if (agentStays) {
      await talk(things.customer, CUSTOMER, things.agent, AGENT);
      await things.customer.bye();
      await things.agent.isLeft();
    }
    return { ...things, ...end, progress, request };
  }

  const notify = (leg, line, state = 'active;expires=60') =>
    leg.ask('NOTIFY', { headers: ['Event: refer', `Subscription-State: ${state}`], type: 'message/sipfrag;version=2.0', body: `SIP/2.0 ${line}\r\n` });

  test('it reports 100, 180 and 200', limit, async (t) => {
    const { server, result, progress, request, phones, application } = await referred(t, async (customer, asked) => {
      customer.reply(asked, 202);
      assert.equal((await notify(customer, '100 Trying')).code, 200);
      await notify(customer, '180 Ringing');
      await notify(customer, '200 OK', 'terminated;reason=noresource');
    });
    assert.match(request.header('refer-to'), new RegExp(phones.target.uri));
    assert.ok(request.header('referred-by'));
    assert.equal(result.mode, 'refer');
    assert.equal(result.sip_code, 200);
    assert.deepEqual(progress.filter((code) => code < 200), [100, 180]);
    await booksClosed(server, 2);
    assert.deepEqual(application.errors, []);
  });

  test('it reports that the target is busy', limit, async (t) => {
    const { server, error } = await referred(t, async (customer, asked) => {
      customer.reply(asked, 202);
      await notify(customer, '486 Busy Here', 'terminated;reason=noresource');
    });
    assert.equal(error.result.sip_code, 486);
    await booksClosed(server, 2);
  });

  test('it refuses with 403', limit, async (t) => {
    const { server, error } = await referred(t, (customer, asked) => customer.reply(asked, 403));
    assert.equal(error.code, 'sip_error');
    assert.equal(error.result.sip_code, 403);
    await booksClosed(server, 2);
  });

  test('it never reports: the deadline ends the waiting', limit, async (t) => {
    const { server, error } = await referred(t, (customer, asked) => customer.reply(asked, 202), { deadline_ms: 1500 });
    assert.equal(error.reason, 'deadline');
    await booksClosed(server, 2);
  });

  test('it stops reporting before the outcome', limit, async (t) => {
    const { server, error } = await referred(t, async (customer, asked) => {
      customer.reply(asked, 202);
      await notify(customer, '180 Ringing', 'terminated;reason=timeout');
    });
    assert.equal(error.code, 'sip_error');
    await booksClosed(server, 2);
  });

  test('it hangs up instead of reporting', limit, async (t) => {
    const { server, error } = await referred(t, async (customer, asked, { agent }) => {
      customer.reply(asked, 202);
      await notify(customer, '100 Trying');
      await customer.bye();
      await agent.isLeft();
    }, {}, { agentStays: false });
    assert.ok(error, 'the operation settles');
    await booksClosed(server, 2);
  });

  test('it does not answer at all', limit, async (t) => {
    const { server, error } = await referred(t, () => {}, { deadline_ms: 1500 });
    assert.equal(error.reason, 'deadline');
    await booksClosed(server, 2);
  });

  test('with a consultation: Refer-To names its dialog, and the new call takes its place', limit, async (t) => {
    // The customer's phone shall call the agent's phone directly and replace the agent's dialog with us.
    const { server, request, agent, application } = await referred(t, async (customer, asked, { agent: leg }) => {
      const target = decodeURIComponent(/<([^>]+)>/.exec(asked.header('refer-to'))[1]);
      assert.match(target, new RegExp(`Replaces=${leg.callId}`, 'i'));
      // As the agent's phone knows it: to-tag is its own, from-tag ours.
      assert.ok(target.includes(`to-tag=${leg.tag}`), target);
      assert.ok(target.includes(`from-tag=${/tag=([^;>]+)/.exec(leg.invite.header('from'))[1]}`), target);
      customer.reply(asked, 202);
      await leg.bye();
      await notify(customer, '200 OK', 'terminated;reason=noresource');
      await leaves(customer);
    }, { consult: true }, { agentStays: false });
    assert.ok(request.header('refer-to').includes(agent.peer.address));
    await booksClosed(server, 2);
    assert.deepEqual(application.errors, []);
  });
});

describe('INVITE with Replaces', { concurrency: 4 }, () => {
  for (const who of ['agent', 'customer']) {
    test(`a new phone takes the place of the ${who}`, limit, async (t) => {
      const replaced = [];
      const things = await bridged(t, (call, agentCall) => {
        for (const each of [call, agentCall]) each.on('replaced', (data) => replaced.push([each.id, data.by_call_id]));
      });
      const { server, phones, calls, application } = things;
      const old = things[who];
      const stays = who === 'agent' ? things.customer : things.agent;
      const staysHz = who === 'agent' ? CUSTOMER : AGENT;
      const fresh = await phones.target.call(`sip:${NUMBER}@${server.sip()}`, server.sip(), { headers: [`Replaces: ${old.replaces}`] });
      await fresh.established({ hz: TARGET });
      await old.isLeft();
      await talk(fresh, TARGET, stays, staysHz);
      await fresh.bye();
      await stays.isLeft();
      const cdrs = await booksClosed(server, 3);
      const oldId = calls[who].id;
      assert.equal(replaced.length, 1);
      assert.equal(replaced[0][0], oldId);
      const cdr = cdrs.find((c) => c.call_id === oldId);
      assert.equal(cdr.reason, 'replaced');
      assert.notEqual(replaced[0][1], oldId);
      assert.ok(cdrs.some((c) => c.call_id === replaced[0][1]));
      assert.deepEqual(application.errors, []);
    });
  }

  test('then the application takes the bridge apart: the new phone is in it', limit, async (t) => {
    const { server, phones, calls, customer, agent, application } = await bridged(t, async (call, _, operation) => {
      await new Promise((resolve) => call.currentBridge.once('updated', resolve));
      await operation.stop();
      await call.play(tone(800, 500));
    });
    const fresh = await phones.target.call(`sip:${NUMBER}@${server.sip()}`, server.sip(), { headers: [`Replaces: ${agent.replaces}`] });
    await fresh.established({ hz: TARGET });
    await agent.isLeft();
    await customer.media.hears(800, 200);
    await customer.isLeft();
    await fresh.isLeft();
    await booksClosed(server, 3);
    assert.equal(calls.agent.verdict.reason, 'replaced');
    assert.deepEqual(application.errors, []);
  });

  test('of a phone that rings (pick-up): the one who picks up talks to the caller', limit, async (t) => {
    const [caller, ringing, colleague] = [await SipPeer.open(t, 'caller'), await SipPeer.open(t, 'ringing'), await SipPeer.open(t, 'colleague')];
    const { server, application } = await withHandler(t, async (call) => {
      await call.answer();
      await call.bridge({ dial: ringing.uri }).catch(() => {});
    });
    const leg = await caller.call(`sip:${NUMBER}@${server.sip()}`, server.sip());
    await leg.established({ hz: CUSTOMER });
    const early = await ringing.incoming();
    early.ring();
    early.remote = early.invite.header('from');
    await eventually(() => application.calls.some((c) => c.state === 'ringing'));
    const picked = await colleague.call(`sip:${NUMBER}@${server.sip()}`, server.sip(), { headers: [`Replaces: ${early.replaces};early-only`] });
    await picked.established({ hz: TARGET });
    await early.next('CANCEL');
    await talk(leg, CUSTOMER, picked, TARGET);
    await leg.bye();
    await picked.isLeft();
    await booksClosed(server, 3);
    assert.deepEqual(application.errors, []);
  });

  test('of a dialog that is gone: 481', limit, async (t) => {
    const { server, phones, customer, agent } = await bridged(t);
    await customer.bye();
    await agent.isLeft();
    const late = await phones.target.call(`sip:${NUMBER}@${server.sip()}`, server.sip(), { headers: [`Replaces: ${agent.replaces}`] });
    assert.equal((await late.final(1)).code, 481);
  });

  test('with one tag wrong: 481, and the call is not touched', limit, async (t) => {
    const { server, phones, customer, agent } = await bridged(t);
    for (const value of [agent.replaces.replace(/to-tag=[^;]+/, 'to-tag=guess'), agent.replaces.replace(/from-tag=.+/, 'from-tag=guess')]) {
      const wrong = await phones.target.call(`sip:${NUMBER}@${server.sip()}`, server.sip(), { headers: [`Replaces: ${value}`] });
      assert.equal((await wrong.final(1)).code, 481);
    }
    await talk(customer, CUSTOMER, agent, AGENT);
    await customer.bye();
    await agent.isLeft();
  });

  test('early-only of an answered call: 486', limit, async (t) => {
    const { server, phones, customer, agent } = await bridged(t);
    const early = await phones.target.call(`sip:${NUMBER}@${server.sip()}`, server.sip(), { headers: [`Replaces: ${agent.replaces};early-only`] });
    assert.equal((await early.final(1)).code, 486);
    await talk(customer, CUSTOMER, agent, AGENT);
    await customer.bye();
    await agent.isLeft();
  });

  test('twice, and malformed: 400', limit, async (t) => {
    const { server, phones, customer, agent } = await bridged(t);
    for (const headers of [['Replaces: nonsense'], [`Replaces: ${agent.replaces}`, `Replaces: ${agent.replaces}`]]) {
      const wrong = await phones.target.call(`sip:${NUMBER}@${server.sip()}`, server.sip(), { headers });
      assert.equal((await wrong.final(1)).code, 400);
    }
    await talk(customer, CUSTOMER, agent, AGENT);
    await customer.bye();
    await agent.isLeft();
  });

  test('of a call in its ivr: the new phone goes on there', limit, async (t) => {
    const [first, second] = [await SipPeer.open(t, 'first'), await SipPeer.open(t, 'second')];
    let playing;
    const { server, application } = await withHandler(t, async (call) => {
      await call.answer();
      playing = outcome(call.play({ ...tone(700, 20_000) }));
      await playing;
    });
    application.app.onReplace?.(async (call) => {
      await call.play(tone(800, 600));
    });
    const old = await first.call(`sip:${NUMBER}@${server.sip()}`, server.sip());
    await old.established();
    await old.media.hears(700);
    const fresh = await second.call(`sip:${NUMBER}@${server.sip()}`, server.sip(), { headers: [`Replaces: ${old.replaces}`] });
    await fresh.established();
    if (application.app.onReplace) await fresh.media.hears(800, 200);
    await old.isLeft();
    await fresh.isLeft();
    assert.equal(await playing, 'call_ended');
    const cdrs = await booksClosed(server, 2);
    assert.equal(cdrs.filter((c) => c.reason === 'replaced').length, 1);
    assert.deepEqual(application.errors, []);
  });
});

describe('an attended transfer by the application, hung up at every step', { concurrency: 4 }, () => {
  const STEPS = ['agent rings', 'connected', 'on hold', 'expert rings', 'consulting', 'transferring', 'joined'];
  const PRESENT = { 'agent rings': ['customer', 'agent'], connected: ['customer', 'agent'], 'on hold': ['customer', 'agent'] };

  for (const step of STEPS) {
    for (const who of PRESENT[step] ?? ['customer', 'agent', 'expert']) {
      test(`the ${who} hangs up: ${step}`, limit, async (t) => {
        const phones = {};
        for (const name of ['customer', 'agent', 'expert']) phones[name] = await SipPeer.open(t, name);
        const legs = {};
        const settled = [];
        const note = (promise) => {
          settled.push(outcome(promise));
          return promise;
        };
        // The handler waits at each step until the phones are where the test wants them.
        const reached = new Map(STEPS.map((name) => {
          const gate = {};
          gate.came = new Promise((resolve) => (gate.come = resolve));
          gate.opened = new Promise((resolve) => (gate.open = resolve));
          return [name, gate];
        }));
        const at = async (call, name) => {
          reached.get(name).come();
          if (name === step) await (who === 'customer' ? call.ended : Promise.race([reached.get(name).opened, call.ended]));
          return call.state !== 'ended';
        };
        const { server, application } = await withHandler(t, async (call) => {
          await call.answer();
          const dial = note(call.dial(phones.agent.uri));
          if (step === 'agent rings') reached.get(step).come();
          const { call: agent } = await dial;
          const first = note(call.bridge(agent));
          await first.connected;
          if (!(await at(call, 'connected'))) return;
          await note(first.stop());
          await note(call.hold({ music: music(650), signal: false }));
          if (!(await at(call, 'on hold'))) return;
          const asking = note(agent.bridge({ dial: phones.expert.uri, peer_on_leave: 'ivr' }));
          if (step === 'expert rings') reached.get(step).come();
          const expert = (await asking.connected).other(agent);
          await at(call, 'consulting');
          await note(call.unhold());
          const transfer = note(call.transfer(expert));
          if (step === 'transferring') reached.get(step).come();
          await transfer;
          await at(call, 'joined');
          agent.hangup();
        });
        const run = async () => {
          legs.customer = await phones.customer.call(`sip:${NUMBER}@${server.sip()}`, server.sip());
          await legs.customer.established({ hz: CUSTOMER });
          legs.agent = await phones.agent.incoming();
          legs.agent.ring();
          if (step === 'agent rings') return;
          await legs.agent.answer({ hz: AGENT });
          legs.agent.remote = legs.agent.invite.header('from');
          await reached.get('connected').came;
          if (step === 'connected') return;
          await reached.get('on hold').came;
          if (step === 'on hold') return;
          legs.expert = await phones.expert.incoming();
          legs.expert.ring();
          if (step === 'expert rings') return;
          await legs.expert.answer({ hz: TARGET });
          legs.expert.remote = legs.expert.invite.header('from');
          await reached.get(step).came;
        };
        await run();
        if (step === 'consulting') await talk(legs.agent, AGENT, legs.expert, TARGET);
        if (step === 'joined') await talk(legs.customer, CUSTOMER, legs.expert, TARGET);
        const leaver = legs[who];
        const unanswered = (step === 'agent rings' && who === 'agent') || (step === 'expert rings' && who === 'expert');
        if (unanswered) {
          leaver.reply(leaver.invite, 486);
          await leaver.next('ACK');
        } else {
          // It may have been hung up by the server in the same moment.
          await leaver.bye();
        }
        for (const gate of reached.values()) gate.open();
        // Whoever is left hangs up too if the application does not: nobody is stuck.
        for (const leg of Object.values(legs)) {
          if (leg === leaver) continue;
          await Promise.race([leg.next('BYE').catch(() => {}), leg.next('CANCEL').catch(() => {}), new Promise((resolve) => setTimeout(resolve, 2500))]);
          if (!leg.peer.lines.some((line) => /< (BYE|CANCEL)/.test(line))) await leg.bye();
        }
        await booksClosed(server, Object.keys(legs).length);
        await Promise.all(settled);
        assert.deepEqual(application.errors.filter((e) => !['busy', 'call_ended', 'call_not_found', 'wrong_state', 'stopped'].includes(e.code)), []);
      });
    }
  }
});
