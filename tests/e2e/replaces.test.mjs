// INVITE with Replaces (RFC 3891): a new phone takes the place of one that talks, waits or rings.

import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { AGENT, CUSTOMER, TARGET, bridged, limit, talk } from '../support/bridged.mjs';
import { NUMBER, eventually } from '../support/server.mjs';
import { SipPeer } from '../support/sip_peer.mjs';
import { booksClosed, outcome, tone, withHandler } from '../support/steering.mjs';

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
