// Outbound calls and bridges when messages cross, come twice, or do not come: scripted peers that say exactly that.

import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { NUMBER, eventually } from '../support/server.mjs';
import { SipPeer, digest } from '../support/sip_peer.mjs';
import { booksClosed, music, outcome, tone, withHandler } from '../support/steering.mjs';

const limit = { timeout: 60_000 };

/** A scripted caller who has been answered, and a handler's story about the call. */
async function withCaller(t, handler, { settings, hz } = {}) {
  const caller = await SipPeer.open(t, 'caller');
  const far = await SipPeer.open(t, 'far');
  const things = await withHandler(t, (call) => handler(call, far), settings);
  const leg = await caller.call(`sip:${NUMBER}@${things.server.sip()}`, things.server.sip());
  await leg.established({ hz });
  return { ...things, caller, far, leg };
}

/** Both sides of a bridge hear each other: the caller speaks 500 Hz, the far end 900 Hz. */
async function hearEachOther(leg, other, ms = 300) {
  await Promise.all([leg.media.hears(900, ms), other.media.hears(500, ms)]);
}

describe('races', { concurrency: 4 }, () => {
  test('a 200 that crosses our CANCEL gets ACK and BYE', limit, async (t) => {
    let attempts;
    let giveUp;
    const givenUp = new Promise((resolve) => (giveUp = resolve));
    const { server, far, leg, application } = await withCaller(t, async (call, phone) => {
      await call.answer();
      const dial = call.dial({ to: phone.uri });
      dial.catch((e) => (attempts = e.result?.attempts));
      await Promise.race([givenUp, call.ended]);
      await dial.cancel();
      await outcome(dial);
    });
    const callee = await far.incoming();
    callee.takeOver('CANCEL').ring();
    await eventually(() => application.calls.length === 2);
    giveUp();
    const cancel = await callee.next('CANCEL');
    await callee.openMedia();
    callee.reply(callee.invite, 200, { body: callee.media.sdp() });
    callee.reply(cancel, 200);
    await callee.next('ACK');
    await callee.next('BYE');
    await leg.isLeft();
    const cdrs = await booksClosed(server, 2);
    const out = cdrs.find((c) => c.direction === 'outbound');
    assert.equal(out.reason, 'cancelled');
    assert.equal(attempts?.[0].outcome, 'cancelled');
    assert.deepEqual(application.errors, []);
  });

  test('two 200 of a forked call: the first is the call, the second gets ACK and BYE', limit, async (t) => {
    const { server, far, leg } = await withCaller(t, async (call, phone) => {
      await call.answer();
      await call.bridge({ dial: phone.uri });
    }, { hz: 500 });
    const callee = await far.incoming();
    callee.ring(180, { tag: 'one' }).ring(180, { tag: 'two' });
    await callee.openMedia();
    callee.reply(callee.invite, 200, { body: callee.media.sdp(), tag: 'one' });
    callee.reply(callee.invite, 200, { body: callee.media.sdp(), tag: 'two' });
    const ackTags = [(await callee.next('ACK')).tag('to'), (await callee.next('ACK')).tag('to')];
    assert.deepEqual(ackTags.sort(), ['one', 'two']);
    const bye = await callee.next('BYE');
    assert.equal(bye.tag('to'), 'two');
    callee.media.speak(900, callee.invite.body);
    await hearEachOther(leg, callee);
    await leg.bye();
    assert.equal((await callee.next('BYE')).tag('to'), 'one');
    await booksClosed(server, 2);
  });

  for (const [code, expected] of [[486, 'busy'], [480, 'no_answer'], [404, 'not_found'], [603, 'rejected'], [503, 'unreachable'], [500, 'failed']]) {
    test(`${code}, then the next group answers`, limit, async (t) => {
      const next = await SipPeer.open(t, 'next');
      let attempts;
      const { server, far, leg } = await withCaller(t, async (call, phone) => {
        await call.answer();
        const talk = call.bridge({ dial: { endpoints: [phone.uri, next.uri] } });
        ({ attempts } = await talk);
      }, { hz: 500 });
      const callee = await far.incoming();
      callee.reply(callee.invite, code);
      await callee.next('ACK');
      const second = await next.incoming();
      await second.answer({ hz: 900 });
      await hearEachOther(leg, second);
      await second.bye();
      await leg.isLeft();
      const cdrs = await booksClosed(server, 3);
      assert.deepEqual(attempts.map((a) => [a.number, a.outcome, a.sip_code]), [[1, expected, code], [2, 'answered', 200]]);
      assert.deepEqual(cdrs.filter((c) => c.direction === 'outbound').map((c) => [c.attempt, c.sip_code]).sort(), [[1, code], [2, 200]]);
    });
  }

  test('302: the attempt is listed as refused, its Contact is not dialled unasked', limit, async (t) => {
    const other = await SipPeer.open(t, 'other');
    let error;
    const { server, far, leg } = await withCaller(t, async (call, phone) => {
      await call.answer();
      await call.dial({ to: phone.uri }).catch((e) => (error = e));
    });
    const callee = await far.incoming();
    callee.reply(callee.invite, 302, { contact: false, headers: [`Contact: <${other.uri}>`] });
    await callee.next('ACK');
    await leg.isLeft();
    await booksClosed(server, 2);
    assert.equal(error.attempts[0].sip_code, 302);
    assert.equal(other.newLegs.length, 0);
  });

  test('a caller who never acknowledges is hung up, and so is the other side', limit, async (t) => {
    const caller = await SipPeer.open(t, 'caller');
    const far = await SipPeer.open(t, 'far');
    const { server } = await withHandler(t, async (call) => {
      await call.answer();
      await call.bridge({ dial: far.uri });
    });
    const leg = await caller.call(`sip:${NUMBER}@${server.sip()}`, server.sip());
    await leg.final(1);
    const callee = await far.incoming();
    await callee.answer({ hz: 900 });
    // 64 * T1 = 32 s after the 200.
    await leg.isLeft({ timeoutMs: 40_000 }).then((bye) => assert.equal(bye.method, 'BYE'));
    await callee.isLeft();
    const cdrs = await booksClosed(server, 2);
    assert.equal(cdrs.find((c) => c.direction === 'inbound').reason, 'no_ack');
  });

  test('a peer that never answers BYE does not keep the call', limit, async (t) => {
    const { server, far, leg } = await withCaller(t, async (call, phone) => {
      await call.answer();
      await call.bridge({ dial: phone.uri });
    });
    const callee = await far.incoming();
    callee.takeOver('BYE');
    await callee.answer();
    await leg.bye();
    await callee.next('BYE');
    const cdrs = await booksClosed(server, 2);
    assert.equal(cdrs.find((c) => c.direction === 'outbound').reason, 'bridge_ended');
  });

  for (const [challenge, header] of [[401, 'WWW-Authenticate'], [407, 'Proxy-Authenticate']]) {
    test(`${challenge} for the credentials' realm is answered`, limit, async (t) => {
      const { server, far, leg } = await withCaller(t, async (call, phone) => {
        await call.answer();
        await call.bridge({ dial: { to: { uri: phone.uri, credentials: { username: 'bob', password: 'builder', realm: 'site' } } } });
      }, { hz: 500 });
      const callee = await far.incoming();
      assert.equal(callee.invite.header('authorization'), undefined);
      callee.reply(callee.invite, challenge, { contact: false, headers: [`${header}: Digest realm="site", nonce="n1", algorithm=MD5, qop="auth"`] });
      const again = await callee.takeOver('INVITE').next('INVITE');
      const given = again.header(challenge === 401 ? 'authorization' : 'proxy-authorization');
      const nonceCount = /nc=(\w+)/.exec(given)[1];
      const cnonce = /cnonce="(\w+)"/.exec(given)[1];
      const wanted = digestOf('bob', 'site', 'builder', 'INVITE', /uri="([^"]+)"/.exec(given)[1], 'n1', nonceCount, cnonce);
      assert.ok(given.includes(`response="${wanted}"`), given);
      assert.ok(again.cseq > callee.invite.cseq);
      callee.invite = again;
      callee.manual.delete('INVITE');
      await callee.answer({ hz: 900 });
      await hearEachOther(leg, callee);
      await leg.bye();
      await callee.isLeft();
      const cdrs = await booksClosed(server, 2);
      assert.equal(cdrs.length, 2);
    });
  }

  test('a challenge of another realm is not answered', limit, async (t) => {
    let error;
    const { server, far, leg } = await withCaller(t, async (call, phone) => {
      await call.answer();
      await call.dial({ to: { uri: phone.uri, credentials: { username: 'bob', password: 'builder', realm: 'site' } } }).catch((e) => (error = e));
    });
    const callee = await far.incoming();
    callee.takeOver('INVITE').reply(callee.invite, 401, { contact: false, headers: ['WWW-Authenticate: Digest realm="evil", nonce="n1", algorithm=MD5, qop="auth"'] });
    await callee.next('ACK');
    await leg.isLeft();
    await booksClosed(server, 2);
    assert.equal(callee.received.filter((m) => m.method === 'INVITE').length, 0, 'no second INVITE');
    assert.equal(error.attempts[0].sip_code, 401);
  });

  test('wrong credentials: one more challenge, then it is over', limit, async (t) => {
    let error;
    const { server, far, leg } = await withCaller(t, async (call, phone) => {
      await call.answer();
      await call.dial({ to: { uri: phone.uri, credentials: { username: 'bob', password: 'wrong', realm: 'site' } } }).catch((e) => (error = e));
    });
    const callee = await far.incoming();
    callee.takeOver('INVITE');
    const challenge = (nonce) => ({ contact: false, headers: [`WWW-Authenticate: Digest realm="site", nonce="${nonce}", algorithm=MD5, qop="auth"`] });
    callee.reply(callee.invite, 401, challenge('n1'));
    const again = await callee.next('INVITE');
    callee.reply(again, 401, challenge('n2'));
    await leg.isLeft();
    await booksClosed(server, 2);
    assert.equal(error.attempts[0].sip_code, 401);
  });

  test('early media of the far end is heard by the waiting call before the answer', limit, async (t) => {
    const { server, far, leg } = await withCaller(t, async (call, phone) => {
      await call.answer();
      await call.bridge({ dial: { to: phone.uri, early_media: 'pass' } });
    }, { hz: 500 });
    const callee = await far.incoming();
    await callee.openMedia();
    callee.reply(callee.invite, 183, { body: callee.media.sdp() });
    callee.media.speak(700, callee.invite.body);
    await leg.media.hears(700, 300);
    await callee.answer({ hz: 900 });
    await hearEachOther(leg, callee);
    await callee.bye();
    await leg.isLeft();
    await booksClosed(server, 2);
  });

  test('early media that nobody asked for is not heard', limit, async (t) => {
    const { server, far, leg } = await withCaller(t, async (call, phone) => {
      await call.answer();
      await call.bridge({ dial: { to: phone.uri }, ringback: tone(600, 5000) });
    }, { hz: 500 });
    const callee = await far.incoming();
    await callee.openMedia();
    callee.reply(callee.invite, 183, { body: callee.media.sdp() });
    callee.media.speak(700, callee.invite.body);
    await leg.media.hears(600, 300);
    assert.ok((await leg.media.share(700, 25)) <= 40);
    await callee.answer({ hz: 900 });
    await hearEachOther(leg, callee);
    await callee.bye();
    await leg.isLeft();
    await booksClosed(server, 2);
  });

  test('a reliable 183 is acknowledged by PRACK', limit, async (t) => {
    const { server, far, leg } = await withCaller(t, async (call, phone) => {
      await call.answer();
      await call.bridge({ dial: { to: phone.uri, early_media: 'pass' } });
    }, { hz: 500 });
    const callee = await far.incoming();
    assert.match(callee.invite.all('supported').join(), /100rel/);
    await callee.openMedia();
    callee.reply(callee.invite, 183, { body: callee.media.sdp(), headers: ['Require: 100rel', 'RSeq: 4711'] });
    const prack = await callee.next('PRACK');
    assert.equal(prack.header('rack'), `4711 ${callee.invite.cseq} INVITE`);
    callee.media.speak(700, callee.invite.body);
    await leg.media.hears(700, 300);
    callee.reply(callee.invite, 200);
    await callee.next('ACK');
    callee.media.speak(900, callee.invite.body);
    await hearEachOther(leg, callee);
    await leg.bye();
    await callee.isLeft();
    await booksClosed(server, 2);
  });

  test('the far end holds and resumes during a bridge', limit, async (t) => {
    const seen = [];
    const { server, far, leg } = await withCaller(t, async (call, phone) => {
      await call.answer();
      const talk = call.bridge({ dial: phone.uri });
      const other = (await talk.connected).other(call);
      for (const type of ['held', 'unheld']) other.on(type, (data) => seen.push([type, data.by]));
      for (const type of ['held', 'unheld']) call.on(type, () => seen.push(['caller', type]));
      await talk;
    }, { hz: 500 });
    const callee = await far.incoming();
    await callee.answer({ hz: 900 });
    callee.remote = callee.invite.header('from');
    await hearEachOther(leg, callee);
    const held = await callee.reinvite('sendonly');
    assert.equal(held.code, 200);
    assert.match(held.body, /a=recvonly/);
    await eventually(() => seen.length === 1);
    // Whom it holds hears its music; it hears nothing.
    callee.media.speak(650, callee.invite.body);
    await leg.media.hears(650, 300);
    const resumed = await callee.reinvite('sendrecv');
    assert.match(resumed.body, /a=sendrecv|^(?!.*a=(recvonly|sendonly|inactive))/s);
    callee.media.speak(900, callee.invite.body);
    await hearEachOther(leg, callee);
    await leg.bye();
    await callee.isLeft();
    assert.deepEqual(seen, [['held', 'peer'], ['unheld', 'peer']]);
    await booksClosed(server, 2);
  });

  test('the caller holds with inactive during a bridge; the other side is not disturbed', limit, async (t) => {
    const seen = [];
    const { server, far, leg } = await withCaller(t, async (call, phone) => {
      call.on('held', (data) => seen.push(data.by));
      await call.answer();
      await call.bridge({ dial: phone.uri });
    }, { hz: 500 });
    const callee = await far.incoming();
    await callee.answer({ hz: 900 });
    await hearEachOther(leg, callee);
    const held = await leg.reinvite('inactive');
    assert.match(held.body, /a=inactive/);
    await eventually(() => seen.length === 1);
    leg.media.stop();
    const before = leg.media.packets;
    await callee.media.share(500, 10);
    assert.ok(leg.media.packets - before <= 2, `${leg.media.packets - before} packets to a held phone`);
    await leg.reinvite('sendrecv');
    leg.media.speak(500, leg.remoteSdp);
    await hearEachOther(leg, callee);
    await leg.bye();
    await callee.isLeft();
    assert.deepEqual(seen, ['peer']);
    await booksClosed(server, 2);
  });

  test('BYE of the caller while our hold re-INVITE is open', limit, async (t) => {
    const outcomes = [];
    const { server, far, leg, application } = await withCaller(t, async (call, phone) => {
      await call.answer();
      const talk = call.bridge({ dial: phone.uri });
      outcomes.push(outcome(talk));
      await talk.connected;
      outcomes.push(outcome(call.hold({ music: music(650) })));
      await call.ended;
    }, { hz: 500 });
    leg.takeOver('INVITE');
    const callee = await far.incoming();
    await callee.answer({ hz: 900 });
    const hold = await leg.next('INVITE');
    assert.match(hold.body, /a=(sendonly|inactive)/);
    await leg.bye();
    leg.reply(hold, 487);
    await callee.isLeft();
    await booksClosed(server, 2);
    assert.deepEqual(await Promise.all(outcomes), ['ok', 'call_ended'], 'the bridge ended by its own side; the hold failed');
    assert.deepEqual(application.errors, []);
  });

  test('BYE of the far end while our hold re-INVITE towards it is open', limit, async (t) => {
    const { server, far, leg, application } = await withCaller(t, async (call, phone) => {
      await call.answer();
      const talk = call.bridge({ dial: phone.uri });
      const other = (await talk.connected).other(call);
      const held = outcome(other.hold({ music: music(650) }));
      await talk;
      assert.equal(await held, 'call_ended');
      await call.play(tone(800, 600));
    }, { hz: 500 });
    const callee = await far.incoming();
    callee.takeOver('INVITE');
    await callee.answer({ hz: 900 });
    await callee.next('INVITE');
    callee.remote = callee.invite.header('from');
    await callee.bye();
    await leg.media.hears(800, 300);
    await leg.isLeft();
    await booksClosed(server, 2);
    assert.deepEqual(application.errors, []);
  });

  test('glare: our re-INVITE meets the peer’s; both get 491, ours is tried again', limit, async (t) => {
    const { server, far, leg } = await withCaller(t, async (call, phone) => {
      await call.answer();
      const talk = call.bridge({ dial: phone.uri });
      await talk.connected;
      await call.hold({ music: music(650) });
      await call.unhold();
      await talk;
    }, { hz: 500 });
    leg.takeOver('INVITE');
    const callee = await far.incoming();
    await callee.answer({ hz: 900 });
    const ours = await leg.next('INVITE');
    const crossing = await leg.reinvite('sendrecv');
    assert.equal(crossing.code, 491);
    leg.reply(ours, 491, { contact: false });
    await leg.next('ACK');
    const again = await leg.next('INVITE');
    assert.match(again.body, /a=(sendonly|inactive)/);
    leg.manual.delete('INVITE');
    leg.reply(again, 200, { body: leg.media.sdp({ version: ++leg.version, direction: 'recvonly' }) });
    await hearEachOther(leg, callee);
    await leg.bye();
    await callee.isLeft();
    await booksClosed(server, 2);
  });

  test('a target that answers nothing: no_answer after the ring time-out, then the next', limit, async (t) => {
    const next = await SipPeer.open(t, 'next');
    let attempts;
    const { server, far, leg } = await withCaller(t, async (call, phone) => {
      await call.answer();
      ({ attempts } = await call.dial({ endpoints: [phone.uri, next.uri], ring_timeout_ms: 1500 }));
    });
    const callee = await far.incoming();
    const second = await next.incoming();
    await second.answer();
    // Nothing provisional ever came, so CANCEL must wait (RFC 3261 9.1); a late 200 is taken down.
    await callee.openMedia();
    callee.reply(callee.invite, 200, { body: callee.media.sdp() });
    await callee.next('ACK');
    await callee.next('BYE');
    await leg.bye();
    await second.bye();
    await booksClosed(server, 3);
    assert.deepEqual(attempts.map((a) => a.outcome), ['no_answer', 'answered']);
  });

  test('everybody at once: two answers in the same moment, one call', limit, async (t) => {
    const twin = await SipPeer.open(t, 'twin');
    let attempts;
    const { server, far, leg } = await withCaller(t, async (call, phone) => {
      await call.answer();
      ({ attempts } = await call.bridge({ dial: { endpoints: [[phone.uri, twin.uri]] } }));
    }, { hz: 500 });
    const [one, two] = await Promise.all([far.incoming(), twin.incoming()]);
    for (const callee of [one, two]) {
      callee.takeOver('CANCEL');
      await callee.openMedia();
    }
    for (const callee of [one, two]) callee.reply(callee.invite, 200, { body: callee.media.sdp() });
    await Promise.all([one.next('ACK'), two.next('ACK')]);
    const byes = [one, two].map((callee) => callee.next('BYE').then(() => callee));
    const loser = await Promise.race(byes);
    const winner = loser === one ? two : one;
    winner.media.speak(900, winner.invite.body);
    await hearEachOther(leg, winner);
    await leg.bye();
    await Promise.all(byes);
    const cdrs = await booksClosed(server, 3);
    assert.deepEqual(attempts.map((a) => a.outcome).sort(), ['answered', 'cancelled']);
    assert.deepEqual(cdrs.filter((c) => c.direction === 'outbound').map((c) => c.reason).sort(), ['answered_elsewhere', 'bridge_ended']);
  });

  test('an answer that cannot be understood is ACKed and hung up; the next is tried', limit, async (t) => {
    const next = await SipPeer.open(t, 'next');
    let attempts;
    const { server, far, leg } = await withCaller(t, async (call, phone) => {
      await call.answer();
      ({ attempts } = await call.dial({ endpoints: [phone.uri, next.uri] }));
    });
    const callee = await far.incoming();
    callee.reply(callee.invite, 200, { body: 'v=0\r\no=- 1 1 IN IP4 127.0.0.1\r\ns=-\r\nc=IN IP4 127.0.0.1\r\nt=0 0\r\nm=audio 4000 RTP/AVP 18\r\n' });
    await callee.next('ACK');
    await callee.next('BYE');
    const second = await next.incoming();
    await second.answer();
    await leg.bye();
    await second.bye();
    await booksClosed(server, 3);
    assert.equal(attempts[0].outcome, 'failed');
  });
});

function digestOf(user, realm, password, method, uri, nonce, nc, cnonce) {
  const header = digest({ code: 401, all: () => [`Digest realm="${realm}", nonce="${nonce}"`] }, { method, uri, user, password, count: parseInt(nc, 16), cnonce });
  return /response="(\w+)"/.exec(header)[1];
}
