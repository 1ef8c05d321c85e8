// Transfers by REFER: asked for by phones and asked of phones, and what is left when somebody hangs up in the middle.
// Audio is proven by tones in both directions.

import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { toneMs } from '../support/baresip.mjs';
import { AGENT, CUSTOMER, TARGET, bridged, leaves, limit, refer, reports, talk } from '../support/bridged.mjs';
import { NUMBER, eventually } from '../support/server.mjs';
import { SipPeer } from '../support/sip_peer.mjs';
import { startSoftphone } from '../support/softphone.mjs';
import { booksClosed, outcome, tone, withHandler } from '../support/steering.mjs';

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
  await leg.media.hears(AGENT, 800);
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
  assert.ok(heard.some((wav) => toneMs(wav, CUSTOMER) >= 200), 'baresip heard the caller');
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
