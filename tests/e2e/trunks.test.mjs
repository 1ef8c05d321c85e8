// Trunks: numbers through gateways that answer, refuse, keep silent or are dead; logins, limits, number formats, probing,
// calls from a trunk, registration at a carrier. The gateways are scripted.

import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { NUMBER, eventually } from '../support/server.mjs';
import { SipPeer } from '../support/sip_peer.mjs';
import { booksClosed, tone, withHandler } from '../support/steering.mjs';

const limit = { timeout: 60_000 };
const talk = (a, aHz, b, bHz, ms = 200) => Promise.all([a.media.hears(bHz, ms), b.media.hears(aHz, ms)]);
const DIALLED = '+493012345';

/**
 * A server with a trunk over `gateways` (option texts or peers) made with further `options`, whose handler is `handler(call)`.
 * Returns when the rules of the trunk count.
 */
async function withTrunk(t, gateways, options, handler) {
  let ready;
  const things = await withHandler(t, async (call) => {
    if (call.to === '+15550000') return void (await call.reject({ sip_code: 480 }));
    await handler(call, things.trunk);
  }, { store: { rules_poll_ms: 50 } });
  const { server, account, applicationId } = things;
  const [trunk] = await server.admin('trunk', 'create', '--account', account.id, '--name', 'carrier',
    ...gateways.flatMap((g) => ['--gateway', typeof g === 'string' ? g : `${g.address};probe=no`]), ...options);
  things.trunk = trunk;
  // A number made after the trunk: once it is known, so is the trunk.
  await server.admin('number', 'create', '--account', account.id, '--application', applicationId, '--did', '+15550000');
  const probe = await SipPeer.open(t, 'probe');
  await eventually(async () => {
    const leg = await probe.call(`sip:+15550000@${server.sip()}`, server.sip());
    const answer = await leg.final(1);
    leg.request('ACK', { cseq: 1, branch: leg.inviteBranch, to: answer.header('to') });
    things.before = (things.before ?? 0) + 1;
    return answer.code === 480 && (ready = true);
  }, { what: 'the rules' });
  assert.ok(ready);
  things.legs = (count) => booksClosed(server, count + things.before).then((cdrs) => cdrs.filter((c) => !c.to.startsWith('+15550000')));
  return things;
}

/** A caller who is answered and speaks 500 Hz. */
async function customer(t, server, options) {
  const peer = await SipPeer.open(t, 'customer');
  const leg = await peer.call(`sip:${NUMBER}@${server.sip()}`, server.sip(), options);
  await leg.established({ hz: 500 });
  return leg;
}

/** A handler that bridges with a number and keeps the attempts in `kept`. */
const bridgeTo = (number, kept = {}) => async (call) => {
  await call.answer();
  await call.bridge({ dial: number }).then((r) => (kept.attempts = r.attempts), (e) => {
    kept.error = e;
    kept.attempts = e.attempts;
  });
};

describe('gateways', { concurrency: 4 }, () => {
  const failures = {
    'refuses with 503': (leg) => leg.reply(leg.invite, 503),
    'fails with 500': (leg) => leg.reply(leg.invite, 500),
    'keeps silent': () => {},
  };
  for (const [what, fail] of Object.entries(failures)) {
    test(`the first ${what}: the second carries the call`, limit, async (t) => {
      const [first, second] = [await SipPeer.open(t, 'first'), await SipPeer.open(t, 'second')];
      const kept = {};
      const { server, trunk, legs } = await withTrunk(t, [`${first.address};priority=0;probe=no`, `${second.address};priority=1;probe=no`],
        ['--first-response-timeout-ms', '1000'], bridgeTo(DIALLED, kept));
      const leg = await customer(t, server);
      fail(await first.incoming());
      const callee = await second.incoming();
      await callee.answer({ hz: 900 });
      await talk(leg, 500, callee, 900);
      await leg.bye();
      await callee.isLeft();
      const cdrs = await legs(3);
      assert.equal(kept.attempts.length, 2);
      assert.equal(kept.attempts[1].outcome, 'answered');
      assert.ok(kept.attempts.every((a) => a.trunk_id === trunk.id && a.target === DIALLED));
      assert.ok(cdrs.filter((c) => c.direction === 'outbound').every((c) => c.trunk_id === trunk.id));
    });
  }

  test('the first is dead: the second carries the call', limit, async (t) => {
    const second = await SipPeer.open(t, 'second');
    const kept = {};
    const { server } = await withTrunk(t, ['127.0.0.1:9;priority=0;probe=no', `${second.address};priority=1;probe=no`], ['--first-response-timeout-ms', '1000'], bridgeTo(DIALLED, kept));
    const leg = await customer(t, server);
    const callee = await second.incoming();
    await callee.answer({ hz: 900 });
    await talk(leg, 500, callee, 900);
    await leg.bye();
    await callee.isLeft();
    await eventually(() => kept.attempts);
    assert.equal(kept.attempts[0].outcome, 'unreachable');
  });

  for (const [code, outcome] of [[486, 'busy'], [603, 'rejected'], [404, 'not_found']]) {
    test(`${code} stops: the second is not tried`, limit, async (t) => {
      const [first, second] = [await SipPeer.open(t, 'first'), await SipPeer.open(t, 'second')];
      const kept = {};
      const { server, legs } = await withTrunk(t, [`${first.address};priority=0;probe=no`, `${second.address};priority=1;probe=no`], [], bridgeTo(DIALLED, kept));
      const leg = await customer(t, server);
      const callee = await first.incoming();
      callee.reply(callee.invite, code);
      await leg.isLeft();
      await legs(2);
      assert.equal(second.newLegs.length, 0);
      assert.deepEqual(kept.attempts.map((a) => [a.outcome, a.sip_code]), [[outcome, code]]);
    });
  }

  test('503 with Retry-After: the next call does not try it again', limit, async (t) => {
    const [first, second] = [await SipPeer.open(t, 'first'), await SipPeer.open(t, 'second')];
    const { server } = await withTrunk(t, [`${first.address};priority=0;probe=no`, `${second.address};priority=1;probe=no`], [], bridgeTo(DIALLED));
    for (let i = 0; i < 2; ++i) {
      const leg = await customer(t, server);
      if (i === 0) {
        const refused = await first.incoming();
        refused.reply(refused.invite, 503, { headers: ['Retry-After: 60'] });
      }
      const callee = await second.incoming();
      await callee.answer();
      await leg.bye();
      await callee.isLeft();
    }
    assert.equal(first.newLegs.length, 0);
    assert.match(await server.log(), /trunk.*down/i);
  });

  test('all are down: trunk_down at once', limit, async (t) => {
    const first = await SipPeer.open(t, 'first');
    const kept = {};
    const { server } = await withTrunk(t, [first], [], bridgeTo(DIALLED, kept));
    const one = await customer(t, server);
    const refused = await first.incoming();
    refused.reply(refused.invite, 503, { headers: ['Retry-After: 60'] });
    await one.isLeft();
    delete kept.error;
    const two = await customer(t, server);
    await two.isLeft();
    assert.equal(kept.error.code, 'trunk_down');
    assert.equal(first.newLegs.length, 0);
  });

  test('OPTIONS find a dead gateway, calls leave it out, and a living one is asked', limit, async (t) => {
    const second = await SipPeer.open(t, 'second');
    const kept = {};
    const { server } = await withTrunk(t, ['127.0.0.1:9;priority=0', `${second.address};priority=1`], ['--first-response-timeout-ms', '1000'], bridgeTo(DIALLED, kept));
    await eventually(async () => /down/i.test((await server.log()).split('\n').filter((l) => /trunk/.test(l)).join('\n')), { timeoutMs: 45_000, what: 'the gateway to be down' });
    assert.ok(second.strays?.some((m) => m.method === 'OPTIONS'));
    const leg = await customer(t, server);
    const callee = await second.incoming();
    await callee.answer({ hz: 900 });
    await talk(leg, 500, callee, 900);
    await leg.bye();
    await callee.isLeft();
    await eventually(() => kept.attempts);
    assert.equal(kept.attempts.length, 1);
  });
});

describe('login, limits, formats', { concurrency: 4 }, () => {
  const login = ['--username', 'carrier-user', '--password', 'carrier-secret', '--login-realm', 'carrier.example'];
  const challenge = (realm) => ({ contact: false, headers: [`Proxy-Authenticate: Digest realm="${realm}", nonce="n1", algorithm=MD5, qop="auth"`] });

  test('the trunk answers a challenge of its realm', limit, async (t) => {
    const gateway = await SipPeer.open(t, 'gateway');
    const { server } = await withTrunk(t, [gateway], login, bridgeTo(DIALLED));
    const leg = await customer(t, server);
    const callee = await gateway.incoming();
    callee.takeOver('INVITE').reply(callee.invite, 407, challenge('carrier.example'));
    const again = await callee.next('INVITE');
    assert.match(again.header('proxy-authorization'), /username="carrier-user"/);
    callee.invite = again;
    await callee.answer({ hz: 900 });
    await talk(leg, 500, callee, 900);
    await leg.bye();
    await callee.isLeft();
  });

  test('and no other realm’s', limit, async (t) => {
    const gateway = await SipPeer.open(t, 'gateway');
    const kept = {};
    const { server } = await withTrunk(t, [gateway], login, bridgeTo(DIALLED, kept));
    const leg = await customer(t, server);
    const callee = await gateway.incoming();
    callee.takeOver('INVITE').reply(callee.invite, 407, challenge('evil.example'));
    await leg.isLeft();
    assert.equal(callee.received.filter((m) => m.method === 'INVITE').length, 0);
    assert.equal(kept.attempts[0].sip_code, 407);
  });

  test('one call at a time: the second attempt is not allowed', limit, async (t) => {
    const gateway = await SipPeer.open(t, 'gateway');
    const kept = {};
    const { server } = await withTrunk(t, [gateway], ['--max-concurrent-calls', '1'], async (call) => {
      await call.answer();
      const { call: one } = await call.dial(DIALLED);
      kept.error = await call.dial('+493099999').then(() => undefined, (e) => e);
      await one.hangup();
      // The place is free again.
      const { call: two } = await call.dial('+493099999');
      await two.hangup();
    });
    const leg = await customer(t, server);
    const one = await gateway.incoming();
    await one.answer();
    await one.isLeft();
    const two = await gateway.incoming();
    assert.match(two.invite.uri, /3099999/);
    await two.answer();
    await two.isLeft();
    await leg.isLeft();
    assert.equal(kept.error.code, 'concurrency_exceeded');
    assert.equal(kept.error.attempts[0].outcome, 'not_allowed');
  });

  test('one call a second: the second attempt is not allowed', limit, async (t) => {
    const gateway = await SipPeer.open(t, 'gateway');
    const kept = {};
    const { server } = await withTrunk(t, [gateway], ['--max-calls-per-second', '0.2'], async (call) => {
      await call.answer();
      const { call: one } = await call.dial(DIALLED);
      kept.error = await call.dial('+493099999').then(() => undefined, (e) => e);
      await one.hangup();
    });
    const leg = await customer(t, server);
    const one = await gateway.incoming();
    await one.answer();
    await one.isLeft();
    await leg.isLeft();
    assert.equal(kept.error.code, 'cps_exceeded');
    assert.equal(kept.error.attempts[0].outcome, 'not_allowed');
  });

  const formats = [
    [['--number-style', 'e164_plus'], DIALLED, '+493012345'],
    [['--number-style', 'e164_bare'], DIALLED, '493012345'],
    [['--number-style', 'national', '--country-code', '49', '--trunk-prefix', '0', '--international-prefix', '00'], DIALLED, '03012345'],
    [['--number-style', 'national', '--country-code', '49', '--trunk-prefix', '0', '--international-prefix', '00'], '+12125550123', '0012125550123'],
    [['--number-style', 'e164_bare', '--strip-digits', '2', '--add-prefix', '99'], DIALLED, '993012345'],
  ];
  for (const [options, number, wanted] of formats) {
    test(`${number} is written ${wanted} (${options.filter((_, i) => i % 2).join(' ')})`, limit, async (t) => {
      const gateway = await SipPeer.open(t, 'gateway');
      const { server } = await withTrunk(t, [gateway], options, bridgeTo(number));
      const leg = await customer(t, server);
      const callee = await gateway.incoming();
      assert.equal(/^sip:([^@]+)@/.exec(callee.invite.uri)[1], wanted);
      callee.reply(callee.invite, 486);
      await leg.isLeft();
    });
  }

  test('caller ids: the default is shown, one that is not allowed is refused, prefixes choose the trunk', limit, async (t) => {
    const gateway = await SipPeer.open(t, 'gateway');
    const kept = {};
    const { server } = await withTrunk(t, [gateway], ['--caller-id', '+493000', '--allow-caller-id', '+4930*', '--prefix', '+49'], async (call) => {
      await call.answer();
      kept.foreign = await call.dial({ to: DIALLED, from: '+12125550100' }).then(() => undefined, (e) => e);
      kept.elsewhere = await call.dial('+33123456789').then(() => undefined, (e) => e);
      await call.dial({ to: DIALLED, from: '+493077' }).catch(() => {});
    });
    const leg = await customer(t, server);
    const callee = await gateway.incoming();
    assert.match(callee.invite.header('from'), /\+?493077@/);
    callee.reply(callee.invite, 486);
    await leg.isLeft();
    assert.equal(kept.foreign.code, 'forbidden_destination');
    assert.equal(kept.elsewhere.code, 'no_trunk');
    assert.equal(gateway.newLegs.length, 0);
  });
});

test('a call from the trunk’s address: its application, its number format', limit, async (t) => {
  const seen = [];
  const { server, applicationId, account } = await withHandler(t, async (call) => {
    seen.push(call);
    await call.answer();
    await call.play(tone(800, 500));
  }, { store: { rules_poll_ms: 50 } });
  const [made] = await server.admin('trunk', 'create', '--account', account.id, '--application', applicationId, '--name', 'carrier', '--address', '127.0.0.1/32',
    '--inbound-number-style', 'national', '--inbound-country-code', '49', '--inbound-trunk-prefix', '0', '--inbound-international-prefix', '00');
  const carrier = await SipPeer.open(t, 'carrier');
  const leg = await eventually(async () => {
    const tried = await carrier.call(`sip:03012345@${server.sip()}`, server.sip(), { from: `sip:0049891234@${carrier.address}` });
    const answer = await tried.next((m) => m.code >= 200);
    if (answer.code !== 200) return false;
    tried.take(answer);
    tried.request('ACK', { cseq: 1 });
    return tried;
  }, { what: 'the trunk' });
  await leg.media.hears(800, 200);
  await leg.isLeft();
  assert.deepEqual([seen[0].to, seen[0].from], [DIALLED, '+49891234']);
  const cdr = await seen[0].cdr;
  assert.equal(cdr.trunk_id, made.id);
});

test('registration at a carrier: digest, refresh, an inbound call by it, log-out', limit, async (t) => {
  const carrier = await SipPeer.open(t, 'carrier');
  const registers = [];
  carrier.onStray = (message) => {
    if (message.method !== 'REGISTER') return false;
    registers.push(message);
    if (!message.header('authorization')) {
      carrier.respond(message, 401, { contact: false, headers: ['WWW-Authenticate: Digest realm="carrier.example", nonce="n1", algorithm=MD5, qop="auth"'] });
    } else {
      const contact = message.header('contact');
      carrier.respond(message, 200, { contact: false, headers: contact ? [`Contact: <${message.contact}>;expires=4`] : [] });
    }
    return true;
  };
  const seen = [];
  const { server, account, applicationId } = await withHandler(t, async (call) => {
    seen.push(call.cdr.then((cdr) => cdr.trunk_id));
    await call.answer();
    await call.play(tone(800, 500));
  }, { store: { rules_poll_ms: 50 } });
  const [trunk] = await server.admin('trunk', 'create', '--account', account.id, '--application', applicationId, '--name', 'carrier', '--gateway', `${carrier.address};probe=no`,
    '--username', 'carrier-user', '--password', 'carrier-secret', '--login-realm', 'carrier.example', '--register', '--registrar', `sip:${carrier.address}`,
    '--register-address', `sip:carrier-user@${carrier.address}`);
  await eventually(() => registers.some((m) => m.header('authorization')), { what: 'the registration' });
  assert.match(registers.find((m) => m.header('authorization')).header('authorization'), /username="carrier-user"/);
  const contact = registers[0].contact;
  const count = registers.length;
  await eventually(() => registers.length > count, { what: 'the refresh' });
  assert.equal(registers.at(-1).callId, registers[0].callId);
  assert.ok(registers.at(-1).cseq > registers[0].cseq);
  const leg = await carrier.call(contact, server.sip());
  await leg.established();
  await leg.media.hears(800, 200);
  await leg.isLeft();
  assert.deepEqual(await Promise.all(seen), [trunk.id]);
  await server.stop();
  const last = registers.at(-1);
  assert.ok(/expires=0/.test(last.header('contact')) || last.header('expires') === '0', last.text);
});
