// What happens within a bridge: transcoding, digits, whisper, mute, direction, who stays; and many bridges at once whose
// parties hang up whenever they like.

import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { startFarEnd } from '../support/far_end.mjs';
import { NUMBER, eventually } from '../support/server.mjs';
import { SipPeer } from '../support/sip_peer.mjs';
import { booksClosed, metrics, outcome, tone, withHandler } from '../support/steering.mjs';

const limit = { timeout: 60_000 };
const talk = (a, aHz, b, bHz, ms = 200) => Promise.all([a.media.hears(bHz, ms), b.media.hears(aHz, ms)]);

/** A caller (500 Hz) and a far end (900 Hz) in a bridge made with `terms`; `act(call, other, operation)` runs when it stands. */
async function bridge(t, terms = {}, act = () => {}) {
  const [caller, far] = [await SipPeer.open(t, 'caller'), await SipPeer.open(t, 'far')];
  const story = {};
  const things = await withHandler(t, async (call) => {
    await call.answer();
    const operation = call.bridge({ dial: far.uri, ...terms });
    const other = (await operation.connected).other(call);
    Object.assign(story, { call, other, operation });
    await act(call, other, operation);
    story.result = await operation.catch((e) => e);
    if (story.after) await story.after(call);
  });
  const leg = await caller.call(`sip:${NUMBER}@${things.server.sip()}`, things.server.sip());
  await leg.established({ hz: 500 });
  const callee = await far.incoming();
  await callee.answer({ hz: 900 });
  callee.remote = callee.invite.header('from');
  callee.target = callee.invite.contact;
  return { ...things, leg, callee, story };
}

describe('a bridge', { concurrency: 4 }, () => {
  for (const [one, two] of [['PCMU', 'PCMA'], ['G722', 'PCMU'], ['PCMA', 'G722'], ['G722', 'G722']]) {
    test(`${one} with ${two}: both hear each other, digits pass`, limit, async (t) => {
      const { server, application } = await withHandler(t, async (call) => {
        await call.answer();
        await call.bridge({ dial: far.uri });
      });
      const far = await startFarEnd(server, ['--codec', two, '--tone', '900:1500', '--expect-tone', '500:400', '--wait-digits', '4', '--expect-digits', '47*1', '--hangup-after', '0.2']);
      const caller = await server.phone(['--codec', one, '--wait-for-audio', '--tone', '500:1500', '--pause', '300', '--digits', '47*1', '--expect-tone', '900:400', '--hangup-after', '10']);
      const answered = await far.finished;
      assert.equal(answered.code, 0, answered.output);
      assert.equal(caller.code, 0, caller.output);
      const cdrs = await booksClosed(server, 2);
      assert.deepEqual(cdrs.map((c) => c.codec).sort(), [one, two].sort());
      assert.deepEqual(application.errors, []);
    });
  }

  test('digits of either side are events, and collect listens in a bridge', limit, async (t) => {
    let collected;
    const { server } = await withHandler(t, async (call) => {
      await call.answer();
      const operation = call.bridge({ dial: far.uri });
      await operation.connected;
      collected = await call.collect({ digits: { min: 2, max: 2 }, first_input_timeout_ms: 8000 });
      await operation.stop();
    });
    const far = await startFarEnd(server, ['--expect-digits', '42', '--hangup-after', '20']);
    await server.phone(['--pause', '500', '--digits', '42', '--hangup-after', '10']);
    await far.finished;
    assert.equal(collected.value, '42');
    await booksClosed(server, 2);
  });

  test('a whisper reaches one side only, beside the talk', limit, async (t) => {
    const { server, leg, callee, story } = await bridge(t);
    await talk(leg, 500, callee, 900);
    const played = outcome(story.call.play(tone(2000, 1500)));
    await leg.media.hears(2000, 300);
    assert.ok((await callee.media.share(2000, 20)) <= 20);
    assert.equal(await played, 'ok');
    await talk(leg, 500, callee, 900);
    await leg.bye();
    await callee.isLeft();
    await booksClosed(server, 2);
  });

  test('mute: who is muted is not heard, the other one is', limit, async (t) => {
    const { server, leg, callee, story } = await bridge(t);
    await talk(leg, 500, callee, 900);
    await story.call.setAudio({ mute: { in: true } });
    await leg.media.hears(900, 200);
    await eventually(async () => (await callee.media.share(500, 10)) === 0, { what: 'silence of the muted side' });
    await story.call.setAudio({ mute: { in: false } });
    await talk(leg, 500, callee, 900);
    await leg.bye();
    await callee.isLeft();
    await booksClosed(server, 2);
  });

  for (const direction of ['listen', 'speak']) {
    test(`direction "${direction}"`, limit, async (t) => {
      const { server, leg, callee } = await bridge(t, { direction });
      const [hears, hz, silent, silentHz] = direction === 'listen' ? [leg, 900, callee, 500] : [callee, 500, leg, 900];
      await hears.media.hears(hz, 300);
      // Idle packets tell that it would have come.
      assert.ok((await silent.media.share(silentHz, 15)) <= 20);
      await leg.bye();
      await callee.isLeft();
      await booksClosed(server, 2);
    });
  }

  test('the far end leaves: back to the ivr; stop: both are back', limit, async (t) => {
    const { server, leg, callee, story } = await bridge(t);
    story.after = async (call) => void (await call.play(tone(700, 500)));
    await talk(leg, 500, callee, 900);
    const heard = leg.media.hears(700, 200);
    await callee.bye();
    await heard;
    await leg.isLeft();
    assert.equal(story.result.by, 'peer');
    await booksClosed(server, 2);
  });

  test('on_peer_leave "hangup", peer_on_leave "ivr"', limit, async (t) => {
    const { server, leg, callee, story } = await bridge(t, { on_peer_leave: 'hangup', peer_on_leave: 'ivr' });
    await talk(leg, 500, callee, 900);
    await callee.bye();
    await leg.isLeft();
    const cdrs = await booksClosed(server, 2);
    assert.equal(cdrs.find((c) => c.direction === 'inbound').reason, 'bridge_ended');
    assert.equal(story.result.by ?? story.result.code, 'peer');
  });

  test('the application closes its session in the middle of dialling: the bridge goes on with its call', limit, async (t) => {
    const [caller, far] = [await SipPeer.open(t, 'caller'), await SipPeer.open(t, 'far')];
    const { server } = await withHandler(t, async (call) => {
      await call.answer();
      call.bridge({ dial: far.uri }).catch(() => {});
      await new Promise((resolve) => call.session.once('call', (other) => other.once('ringing', resolve)));
      call.session.close();
    });
    const leg = await caller.call(`sip:${NUMBER}@${server.sip()}`, server.sip());
    await leg.established();
    const callee = await far.incoming();
    callee.ring();
    await callee.answer({ hz: 900 });
    await leg.bye();
    await callee.next('BYE');
    await booksClosed(server, 2);
  });

  test('a 200 without a session description is no answer', limit, async (t) => {
    const [caller, far] = [await SipPeer.open(t, 'caller'), await SipPeer.open(t, 'far')];
    let error;
    const { server } = await withHandler(t, async (call) => {
      await call.answer();
      await call.bridge({ dial: far.uri }).catch((e) => (error = e));
    });
    const leg = await caller.call(`sip:${NUMBER}@${server.sip()}`, server.sip());
    await leg.established();
    const callee = await far.incoming();
    callee.reply(callee.invite, 200);
    await callee.next('ACK');
    await callee.next('BYE');
    await leg.isLeft();
    await booksClosed(server, 2);
    assert.equal(error.attempts[0].outcome, 'failed');
  });
});

test('forty calls whose parties hang up at any moment: nothing is left', limit, async (t) => {
  const caller = await SipPeer.open(t, 'caller');
  const far = await SipPeer.open(t, 'far');
  // Repeatable chance.
  let seed = 7;
  const chance = (n) => (seed = (seed * 1_103_515_245 + 12_345) % 2 ** 31) % n;
  const settled = [];
  const { server, application } = await withHandler(t, async (call) => {
    await call.answer();
    const operation = call.bridge({ dial: far.uri });
    settled.push(outcome(operation));
    await operation.connected;
    const what = chance(5);
    if (what === 0) settled.push(outcome(call.hold({ music: tone(650, 500) })));
    if (what === 1) settled.push(outcome(call.play(tone(700, 300))));
    if (what === 2) settled.push(outcome(call.transfer({ to: far.uri, ring_timeout_ms: 2000 })));
    if (what === 3) settled.push(outcome(operation.stop()));
    await operation.catch(() => {});
  });
  far.onLeg = async (leg) => {
    const end = chance(4);
    if (end === 0) return leg.reply(leg.invite, 486);
    await leg.openMedia();
    leg.ring();
    await new Promise((resolve) => setTimeout(resolve, chance(300)));
    if (leg.cancelled) return undefined;
    leg.reply(leg.invite, 200, { body: leg.media.sdp() });
    leg.remote = leg.invite.header('from');
    leg.target = leg.invite.contact;
    await new Promise((resolve) => setTimeout(resolve, chance(600)));
    return leg.bye().catch(() => {});
  };
  const one = async () => {
    const leg = await caller.call(`sip:${NUMBER}@${server.sip()}`, server.sip());
    const answer = await leg.final(1, { timeoutMs: 20_000 });
    if (answer.code !== 200) return;
    leg.take(answer);
    leg.request('ACK', { cseq: 1 });
    await new Promise((resolve) => setTimeout(resolve, chance(900)));
    await leg.bye().catch(() => {});
  };
  await Promise.all(Array.from({ length: 40 }, one));
  await eventually(async () => (await metrics(server))('tandem_calls_live') === 0, { timeoutMs: 45_000, what: 'the end of all calls' });
  const started = (await metrics(server))('tandem_calls_started_total');
  const cdrs = await booksClosed(server, started);
  assert.ok(cdrs.length >= 40);
  assert.ok((await Promise.all(settled)).every(Boolean));
  assert.deepEqual(application.errors.filter((e) => !e.code), []);
});
