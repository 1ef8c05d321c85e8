// Conferences: each phone says a tone of its own, and what each hears is told by spectrum; gates, starts, ends, supervision,
// codecs, sounds, what becomes of a room whose application is gone, and many who come and go.

import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { apiKey } from '../support/far_end.mjs';
import { NUMBER, eventually } from '../support/server.mjs';
import { SipPeer } from '../support/sip_peer.mjs';
import { booksClosed, metrics, tone, withHandler } from '../support/steering.mjs';

const limit = { timeout: 90_000 };
/** What phones say, in Hz: whole waves in a frame, and none of them a tone of the server's own. */
const TONES = [400, 500, 700, 900, 1100, 1300, 1500];

/**
 * A server whose callers join "room" as `parts[i]` says; `phone(name)` makes one of them. `story.joins` are the operations
 * in the order in which the calls came, `story.calls` the calls.
 */
async function room(t, { create = {}, settings, before = () => {} } = {}) {
  const story = { calls: new Map(), joins: new Map(), left: new Map() };
  const parts = new Map();
  const things = await withHandler(t, async (call) => {
    const name = parts.get(call.from) ?? {};
    await call.answer();
    await before(call, story);
    const operation = call.join({ name: 'room', create, events: 'all', ...name });
    story.calls.set(call.from, call);
    story.joins.set(call.from, operation);
    story.left.set(call.from, await operation.catch((error) => error));
    await story.after?.(call);
  }, settings);
  let made = 0;
  const phone = async (name, part = {}, { wait = true } = {}) => {
    const hz = TONES[made++];
    const peer = await SipPeer.open(t, name);
    parts.set(name, part);
    const leg = await peer.call(`sip:${NUMBER}@${things.server.sip()}`, things.server.sip(), { from: `sip:${name}@${peer.address}` });
    await leg.established({ hz });
    if (wait) {
      await eventually(() => story.joins.has(name), { what: `${name} to join` });
      await story.joins.get(name).joined;
    }
    return Object.assign(leg, { name, hz });
  };
  const conference = () => [...story.calls.values()].map((c) => c.currentConference).find(Boolean);
  return { ...things, story, phone, conference };
}

/** Waits until `listener` hears exactly `speakers` of `all`. */
async function hearsExactly(listener, speakers, all) {
  const others = all.filter((leg) => leg !== listener);
  const wanted = speakers.map((leg) => leg.name).sort().join();
  let last = '';
  await eventually(async () => {
    const heard = await listener.media.spectrum(others.map((leg) => leg.hz), 12);
    last = others.filter((leg) => heard.includes(leg.hz)).map((leg) => leg.name).sort().join();
    return last === wanted;
  }, { what: 'the right voices', timeoutMs: 8000 }).catch((error) => {
    throw new Error(`${error.message}: ${listener.name} hears [${last}], not [${wanted}]`);
  });
}
const everyHears = (table, all) => Promise.all(table.map(([listener, speakers]) => hearsExactly(listener, speakers, all)));

async function allLeave(legs) {
  for (const leg of legs) {
    leg.media?.stop();
    if (!leg.received.some((m) => m.method === 'BYE')) await leg.ask('BYE').catch(() => {});
  }
}

describe('a conference', { concurrency: 3 }, () => {
  test('roles: each hears exactly the others that speak', limit, async (t) => {
    const { server, phone, story, conference } = await room(t);
    const ann = await phone('ann', { role: 'moderator' });
    const bob = await phone('bob');
    const lee = await phone('lee', { role: 'listener' });
    const all = [ann, bob, lee];
    await everyHears([[ann, [bob]], [bob, [ann]], [lee, [ann, bob]]], all);
    const sue = await phone('sue', { role: 'supervisor', supervise: { mode: 'monitor' } });
    all.push(sue);
    const change = (name, what) => conference().updateParticipant(story.calls.get(name), what);
    await everyHears([[ann, [bob]], [bob, [ann]], [sue, [ann, bob]]], all);
    await change('sue', { supervise: { mode: 'coach', call_ids: [story.calls.get('bob').id] } });
    await everyHears([[ann, [bob]], [bob, [ann, sue]], [lee, [ann, bob]], [sue, [ann, bob]]], all);
    await change('sue', { supervise: { mode: 'whisper', call_ids: [story.calls.get('bob').id] } });
    await everyHears([[ann, [bob]], [bob, [ann, sue]], [sue, [bob]]], all);
    await change('sue', { supervise: { mode: 'barge' } });
    await everyHears([[ann, [bob, sue]], [bob, [ann, sue]], [lee, [ann, bob, sue]], [sue, [ann, bob]]], all);
    await change('bob', { muted: true });
    await change('ann', { deaf: true });
    await everyHears([[ann, []], [bob, [ann, sue]], [lee, [ann, sue]]], all);
    await change('ann', { deaf: false });
    await change('bob', { muted: false });
    await change('lee', { role: 'participant' });
    await everyHears([[ann, [bob, sue, lee]], [lee, [ann, bob, sue]]], all);
    await allLeave(all);
    await booksClosed(server, 4);
    assert.equal(story.left.get('bob').leave_reason ?? story.left.get('bob').code, 'hangup');
  });

  test('hold of one member with music; a word to one, a word to all', limit, async (t) => {
    const { server, phone, story, conference } = await room(t);
    const ann = await phone('ann');
    const bob = await phone('bob');
    const cat = await phone('cat');
    const all = [ann, bob, cat];
    await everyHears([[ann, [bob, cat]], [bob, [ann, cat]]], all);
    await conference().participants.get(story.calls.get('bob').id).hold(tone(2000, 1000));
    await bob.media.hears(2000, 300);
    await everyHears([[ann, [cat]], [cat, [ann]], [bob, []]], all);
    await conference().participants.get(story.calls.get('bob').id).unhold();
    await everyHears([[ann, [bob, cat]], [bob, [ann, cat]]], all);
    const [alone, both] = [2200, 2600];
    const said = story.calls.get('cat').play(tone(alone, 1500));
    await eventually(async () => (await cat.media.spectrum([alone], 10)).length === 1, { what: 'the word to one' });
    assert.deepEqual(await ann.media.spectrum([alone], 10), []);
    await said;
    const announced = conference().play({ ...tone(both, 1500) });
    await Promise.all(all.map((leg) => eventually(async () => (await leg.media.spectrum([both], 10)).length === 1, { what: 'the word to all' })));
    assert.ok((await announced).heard_ms >= 1400);
    await allLeave(all);
    await booksClosed(server, 3);
  });

  test('they wait with music until a moderator comes, and go when the last one leaves', limit, async (t) => {
    const { server, phone, story, conference } = await room(t, {
      create: { start: 'moderator', end: 'moderator', wait: tone(2000, 1000), tones: 'both' },
    });
    const ann = await phone('ann');
    const bob = await phone('bob', { on_end: 'hangup' });
    await Promise.all([ann.media.hears(2000, 300), bob.media.hears(2000, 300)]);
    await everyHears([[ann, []], [bob, []]], [ann, bob]);
    assert.equal(conference().state, 'waiting');
    const mod = await phone('mod', { role: 'moderator' });
    const all = [ann, bob, mod];
    await everyHears([[ann, [bob, mod]], [bob, [ann, mod]], [mod, [ann, bob]]], all);
    assert.deepEqual(await ann.media.spectrum([2000], 10), []);
    const room_ = conference();
    await mod.bye();
    await bob.isLeft();
    assert.equal((await room_.ended).reason, 'moderator_left');
    await eventually(() => story.left.get('ann'), { what: 'the end to be told' });
    assert.equal(story.left.get('ann').leave_reason, 'conference_ended');
    await allLeave(all);
    const cdrs = await booksClosed(server, 3);
    assert.equal(cdrs.filter((c) => c.reason === 'bridge_ended').length, 1);
  });

  test('PIN, moderator PIN, lock, size, kick', limit, async (t) => {
    const { server, phone, story, conference } = await room(t, { create: { pin: '1234', moderator_pin: '99', max_participants: 3 } });
    const mod = await phone('mod', { pin: '99' });
    assert.equal(conference().participants.get(story.calls.get('mod').id).role, 'moderator');
    const refused = async (name, part, code) => {
      const leg = await phone(name, part, { wait: false });
      await leg.isLeft();
      assert.equal(story.left.get(name).code, code);
    };
    await refused('eve', { pin: '1235' }, 'wrong_pin');
    const bob = await phone('bob', { pin: '1234' });
    await conference().lock();
    await refused('late', { pin: '1234' }, 'conference_locked');
    await conference().unlock();
    const cat = await phone('cat', { pin: '1234' });
    await refused('many', { pin: '1234' }, 'conference_full');
    await everyHears([[mod, [bob, cat]]], [mod, bob, cat]);
    await conference().participants.get(story.calls.get('cat').id).kick();
    await cat.isLeft();
    await everyHears([[mod, [bob]], [bob, [mod]]], [mod, bob, cat]);
    await conference().end();
    await Promise.all([mod.isLeft(), bob.isLeft()]);
    await booksClosed(server, 6);
  });

  for (const speaker of ['PCMU', 'PCMA', 'G722']) {
    test(`${speaker} is heard by phones of every codec`, limit, async (t) => {
      const { server } = await withHandler(t, async (call) => {
        await call.answer();
        await call.join({ name: 'room', create: {} });
      });
      const done = await Promise.all([speaker, 'PCMU', 'PCMA', 'G722'].map((codec, i) => server.phone(
        ['--codec', codec, ...(i === 0 ? ['--pause', '1500', '--tone', '900:4000'] : ['--expect-tone', '900:400']), '--hangup-after', '7'])));
      for (const each of done) assert.equal(each.code, 0, each.output);
      await booksClosed(server, 4);
    });
  }

  test('made, seen and steered by REST', limit, async (t) => {
    const { server, account, story, phone } = await room(t);
    const key = await apiKey(server, account, ['conferences:read', 'conferences:write']);
    const rest = async (method, path = '', body) => {
      const response = await fetch(`${server.http}/v1/Accounts/${account.id}/Conferences${path}`, {
        method, headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json' }, ...(body && { body: JSON.stringify(body) }),
      });
      return { status: response.status, body: await response.text().then((text) => (text ? JSON.parse(text) : undefined)) };
    };
    const made = await rest('POST', '', { name: 'room', empty_timeout_ms: 60_000 });
    assert.equal(made.status, 201);
    const ann = await phone('ann');
    const bob = await phone('bob');
    await everyHears([[ann, [bob]], [bob, [ann]]], [ann, bob]);
    const [seen] = (await rest('GET')).body.items;
    assert.deepEqual([seen.id, seen.state, seen.participants.length], [made.body.id, 'active', 2]);
    const callId = story.calls.get('bob').id;
    const muted = await rest('POST', `/${seen.id}/Operations`, { method: 'conference.update_participant', params: { call_id: callId, muted: true } });
    assert.deepEqual([muted.status, muted.body.outcome], [200, 'succeeded']);
    await everyHears([[ann, []], [bob, [ann]]], [ann, bob]);
    assert.equal((await rest('GET', `/${seen.id}`)).body.participants[1].muted, true);
    assert.equal((await rest('DELETE', `/${seen.id}`)).status, 204);
    await Promise.all([ann.isLeft(), bob.isLeft()]);
    assert.equal((await rest('GET', `/${seen.id}`)).status, 404);
    await booksClosed(server, 2);
  });

  test('one phone holds: the others go on; the speaker is named', limit, async (t) => {
    const { server, phone, story, conference } = await room(t);
    const ann = await phone('ann');
    const bob = await phone('bob');
    const cat = await phone('cat');
    const spoke = new Set();
    conference().on('speaker_started', (who) => spoke.add(who.callId));
    await everyHears([[ann, [bob, cat]]], [ann, bob, cat]);
    await bob.reinvite('sendonly');
    await everyHears([[ann, [bob, cat]], [cat, [ann, bob]]], [ann, bob, cat]);
    await bob.reinvite('sendrecv');
    await everyHears([[bob, [ann, cat]]], [ann, bob, cat]);
    bob.media.stop();
    await everyHears([[ann, [cat]]], [ann, bob, cat]);
    bob.media.speak(bob.hz, bob.remoteSdp);
    await eventually(() => spoke.has(story.calls.get('bob').id), { what: 'the speaker to be named' });
    await allLeave([ann, bob, cat]);
    await booksClosed(server, 3);
  });

  test('the application closes every session: those who are in it go on, and the room ends with them', limit, async (t) => {
    const { server, phone, story, account } = await room(t);
    const ann = await phone('ann');
    const bob = await phone('bob');
    await everyHears([[ann, [bob]], [bob, [ann]]], [ann, bob]);
    for (const call of story.calls.values()) call.session.close();
    await new Promise((resolve) => setTimeout(resolve, 500));
    await everyHears([[ann, [bob]], [bob, [ann]]], [ann, bob]);
    const key = await apiKey(server, account);
    const list = async () => (await (await fetch(`${server.http}/v1/Accounts/${account.id}/Conferences`, { headers: { authorization: `Bearer ${key}` } })).json()).items;
    assert.equal((await list()).length, 1);
    await ann.bye();
    await bob.bye();
    await eventually(async () => (await list()).length === 0, { what: 'the room to end' });
    await booksClosed(server, 2);
  });

  test('a dialled call goes straight into the room', limit, async (t) => {
    const far = await SipPeer.open(t, 'far');
    let dialled;
    const { server } = await withHandler(t, async (call) => {
      await call.answer();
      const conference = await call.session.createConference({ name: 'ours' });
      const join = call.join(conference);
      dialled = await call.dial({ to: far.uri, then: { join: { conference } } });
      await join;
    });
    const caller = await SipPeer.open(t, 'caller');
    const leg = await caller.call(`sip:${NUMBER}@${server.sip()}`, server.sip());
    await leg.established({ hz: 500 });
    const callee = await far.incoming();
    await callee.answer({ hz: 900 });
    await Promise.all([leg.media.hears(900, 200), callee.media.hears(500, 200)]);
    assert.ok(dialled.conference_id.startsWith('CF'));
    await leg.bye();
    callee.media.stop();
    callee.remote = callee.invite.header('from');
    callee.target = callee.invite.contact;
    await callee.isLeft().catch(() => callee.ask('BYE'));
    await booksClosed(server, 2);
  });
});

test('many come and go: membership and events are exact', { timeout: 180_000 }, async (t) => {
  const MEMBERS = 60;
  const joined = new Map();
  const told = new Set();
  let wrong = 0;
  const { server } = await withHandler(t, async (call) => {
    await call.answer();
    const first = joined.size === 0;
    joined.set(call.id, call);
    const operation = call.join({ name: 'crowd', create: { end: 'timeout', speaker_events: false } });
    if (first) {
      const { conference } = await operation.joined;
      told.add(call.id);
      conference.on('participant_joined', (who) => {
        if (told.has(who.callId)) wrong += 1;
        told.add(who.callId);
      });
      conference.on('participant_left', ({ call_id }) => {
        if (!told.delete(call_id)) wrong += 1;
      });
      const { participants } = conference;
      for (const id of participants.keys()) told.add(id);
    }
    await operation.catch(() => {});
  });
  const host = await SipPeer.open(t, 'host');
  const leg = await host.call(`sip:${NUMBER}@${server.sip()}`, server.sip());
  await leg.established({ hz: 500 });
  await eventually(() => joined.size === 1, { what: 'the host' });
  const legs = [];
  let began = 1;
  const end = Date.now() + 30_000;
  while (Date.now() < end && began < 400) {
    if (legs.length < MEMBERS && (legs.length < 10 || Math.random() < 0.6)) {
      const peer = await SipPeer.open(t, `m${began}`);
      const each = await peer.call(`sip:${NUMBER}@${server.sip()}`, server.sip());
      await each.established();
      legs.push(each);
      began += 1;
    } else {
      const [gone] = legs.splice(Math.floor(Math.random() * legs.length), 1);
      await gone.bye();
    }
  }
  await eventually(() => told.size === legs.length + 1, { what: `${legs.length + 1} members, not ${told.size}` });
  assert.equal(wrong, 0);
  for (const each of legs) await each.bye();
  await eventually(() => told.size === 1, { what: 'the host alone' });
  await leg.bye();
  await eventually(async () => {
    const of = await metrics(server);
    return of('tandem_calls_live') === 0 && of('tandem_media_streams') === 0 && of('tandem_calls_ended_total') === began
      && of('tandem_operations_accepted_total') === of('tandem_operations_completed_total');
  }, { what: 'closed books' });
});
