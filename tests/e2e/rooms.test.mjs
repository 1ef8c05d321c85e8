// What is said in a conference as files; a call from a queue into a conference, with a supervisor; a conference whose
// application is killed.

import assert from 'node:assert/strict';
import { once } from 'node:events';
import path from 'node:path';
import { describe, test } from 'node:test';
import { apiKey } from '../support/far_end.mjs';
import { NUMBER, ROOT, TandemServer, eventually } from '../support/server.mjs';
import { SipPeer } from '../support/sip_peer.mjs';
import { booksClosed, tone, withHandler } from '../support/steering.mjs';
import { readWav } from '../support/wav.mjs';

const limit = { timeout: 90_000 };
const settings = { recording: { min_free_mb: 1 } };
const [ANN, BOB, SUE] = [500, 900, 1300];

async function arrives(t, server, name, hz) {
  const peer = await SipPeer.open(t, name);
  const leg = await peer.call(`sip:${NUMBER}@${server.sip()}`, server.sip(), { from: `sip:${name}@${peer.address}` });
  await leg.established({ hz });
  return leg;
}
const hears = async (leg, hz) => (await leg.media.spectrum([hz], 12)).length === 1;
const hearsOnly = (leg, wanted, of) => eventually(async () => {
  const heard = await leg.media.spectrum(of, 12);
  return heard.sort().join() === [...wanted].sort().join();
}, { what: `exactly ${wanted} to be heard`, timeoutMs: 8000 });

describe('rooms', { concurrency: 2 }, () => {
  test('a recording: the mix, each participant, an announcement, and one who comes later', limit, async (t) => {
    const calls = new Map();
    let room;
    const { server, account, application } = await withHandler(t, async (call) => {
      await call.answer();
      const joining = call.join({ name: 'room', create: {}, events: 'all' });
      room ??= (await joining.joined).conference;
      await joining.joined;
      calls.set(call.from, call);
      await joining;
    }, settings);
    const ann = await arrives(t, server, 'ann', ANN);
    await eventually(() => calls.size === 1, { what: 'ann' });
    const recording = room.record({ tracks: 'all', sample_rate_hz: 8000 });
    const started = [];
    room.on('recording_started', (file) => started.push(file));
    await recording.started;
    await room.play({ sources: [{ silence_ms: 1500 }] });
    const bob = await arrives(t, server, 'bob', BOB);
    await eventually(() => calls.size === 2, { what: 'bob' });
    await eventually(() => hears(ann, BOB), { what: 'ann to hear bob' });
    await room.play(tone(2200, 800));
    await room.participants.get(calls.get('ann').id).mute();
    await room.play({ sources: [{ silence_ms: 1000 }] });
    await recording.stop();
    const { reason, recordings: files } = await recording;
    assert.equal(reason, 'stopped');
    assert.deepEqual(files.map((file) => file.call_id), [undefined, calls.get('ann').id, calls.get('bob').id]);
    assert.equal(started.length, 3);
    assert.ok(files[2].offset_ms >= 1400, JSON.stringify(files));
    const ready = await recording.recordings;
    assert.deepEqual(ready.map((each) => each.state), ['ready', 'ready', 'ready']);
    const [mix, ofAnn, ofBob] = await Promise.all(ready.map(async ({ content_path: link }) => readWav(Buffer.from(await (await fetch(server.http + link)).arrayBuffer()))));
    assert.ok(Math.abs(mix.ms - ofAnn.ms) <= 40 && Math.abs(mix.ms - ofBob.ms - files[2].offset_ms) <= 40, JSON.stringify([mix.ms, ofAnn.ms, ofBob.ms, files]));
    const said = ofAnn.tone(0, ANN);
    assert.ok(said.share > 0.95 && said.from <= 100 && said.to <= mix.ms - 800, JSON.stringify(said));
    assert.equal(ofAnn.tone(0, BOB).ms + ofAnn.tone(0, 2200).ms, 0);
    const other = ofBob.tone(0, BOB);
    assert.ok(other.share > 0.9 && other.to >= ofBob.ms - 60, JSON.stringify(other));
    // In the mix ann is alone at first, and bob at last.
    const [first, last] = [mix.tone(0, ANN), mix.tone(0, BOB)];
    assert.ok(first.from <= 100 && last.to >= mix.ms - 60 && first.to <= said.to + 40, JSON.stringify([first, last]));
    assert.ok(mix.tone(0, 2200).ms >= 400, JSON.stringify(mix.tone(0, 2200)));
    const headers = { authorization: `Bearer ${await apiKey(server, account)}` };
    const listed = await (await fetch(`${server.http}/v1/Accounts/${account.id}/Recordings?conference_id=${room.id}`, { headers })).json();
    assert.equal(listed.items.length, 3);
    await ann.bye();
    await bob.bye();
    await booksClosed(server, 2);
    assert.deepEqual(application.errors, []);
  });

  test('a conference made to be recorded is, to its end', limit, async (t) => {
    const ready = [];
    const { server } = await withHandler(t, async (call) => {
      call.session.on('recordingReady', (recording) => ready.push(recording));
      await call.answer();
      await call.join({ name: 'room', create: { record: { format: 'ogg-opus' } } });
    }, settings);
    const ann = await arrives(t, server, 'ann', ANN);
    await new Promise((resolve) => setTimeout(resolve, 1200)); // What is recorded.
    await ann.bye();
    await eventually(() => ready.length === 1, { what: 'the recording' });
    assert.equal(ready[0].format, 'ogg-opus');
    assert.ok(ready[0].duration_ms >= 800, JSON.stringify(ready[0]));
    await booksClosed(server, 1);
  });

  test('a call from a queue into a conference: the supervisor listens, coaches, barges', limit, async (t) => {
    const story = {};
    const { server } = await withHandler(t, async (call) => {
      await call.answer();
      if (call.from === 'caller') {
        story.waited = await call.enqueue({ queue: 'support' });
        await story.waited.conference.ended;
        story.callerBack = true;
        return;
      }
      if (call.from === 'agent') {
        story.agent = call;
        const queue = call.session.queue('support');
        story.taken = await queue.take(call, {
          wait_ms: 20_000, then: { join: { create: {}, end_on_exit: true, caller: { end_on_exit: true } } },
        });
        await story.taken.conference.ended;
        story.agentBack = true;
        return;
      }
      const joining = call.join({ conference_id: story.taken.conference_id, role: 'supervisor', supervise: { mode: 'monitor' } });
      story.supervisor = await joining.joined;
      await joining;
    }, settings);
    const caller = await arrives(t, server, 'caller', ANN);
    const agent = await arrives(t, server, 'agent', BOB);
    await eventually(() => story.taken, { what: 'the take' });
    assert.equal(story.taken.bridge_id, undefined);
    await hearsOnly(agent, [ANN], [ANN, SUE]);
    const sue = await arrives(t, server, 'sue', SUE);
    await eventually(() => story.supervisor, { what: 'the supervisor' });
    await Promise.all([hearsOnly(sue, [ANN, BOB], [ANN, BOB]), hearsOnly(agent, [ANN], [ANN, SUE])]);
    await story.supervisor.update({ supervise: { mode: 'coach', call_ids: [story.agent.id] } });
    await Promise.all([hearsOnly(agent, [ANN, SUE], [ANN, SUE]), hearsOnly(caller, [BOB], [BOB, SUE])]);
    await story.supervisor.update({ supervise: { mode: 'barge' } });
    await hearsOnly(caller, [BOB, SUE], [BOB, SUE]);
    await sue.bye();
    await hearsOnly(caller, [BOB], [BOB, SUE]);
    await agent.bye();
    await eventually(() => story.callerBack, { what: 'the caller back in the ivr' });
    await caller.isLeft().catch(() => caller.ask('BYE'));
    await booksClosed(server, 3);
  });

  test('an application that is killed: its members talk on, and the conference ends with the last one', limit, async (t) => {
    const server = await TandemServer.start(t, { app: { resume_ttl_ms: 500 } });
    const child = server.spawn('node', [path.join(ROOT, 'tests/support/joining_application.mjs')]);
    const [line] = await once(child.stdout.setEncoding('utf8'), 'data');
    const { account } = await server.provision(line.trim());
    const ann = await arrives(t, server, 'ann', ANN);
    const bob = await arrives(t, server, 'bob', BOB);
    await Promise.all([hearsOnly(ann, [BOB], [BOB]), hearsOnly(bob, [ANN], [ANN])]);
    const headers = { authorization: `Bearer ${await apiKey(server, account)}` };
    const rooms = async () => (await (await fetch(`${server.http}/v1/Accounts/${account.id}/Conferences`, { headers })).json()).items;
    const gone = once(child, 'exit');
    child.kill('SIGKILL');
    await gone;
    await new Promise((resolve) => setTimeout(resolve, 1500)); // Nobody resumes the sessions.
    await Promise.all([hearsOnly(ann, [BOB], [BOB]), hearsOnly(bob, [ANN], [ANN])]);
    const [room] = await rooms();
    assert.equal(room.participants.length, 2);
    assert.equal(room.session_id, undefined);
    await ann.bye();
    await eventually(async () => (await rooms())[0]?.participants.length === 1, { what: 'one member' });
    await bob.bye();
    await eventually(async () => (await rooms()).length === 0, { what: 'no conference' });
    await booksClosed(server, 2);
  });
});
