// Recordings, proven by what the file holds: tones per channel, through bridge, pause and the death of the server.

import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { readFile, readdir } from 'node:fs/promises';
import path from 'node:path';
import { test } from 'node:test';
import { bridged, AGENT, CUSTOMER, limit, talk } from '../support/bridged.mjs';
import { NUMBER, eventually } from '../support/server.mjs';
import { SipPeer } from '../support/sip_peer.mjs';
import { withHandler } from '../support/steering.mjs';
import { readWav } from '../support/wav.mjs';

/** So long by the clock of the call's media: nothing is waited for but what is recorded. */
const silence = (call, ms) => call.play({ sources: [{ silence_ms: ms }] });
const tone = (hz, ms) => ({ sources: [{ tone: { frequencies_hz: [hz], duration_ms: ms } }] });
const settings = { recording: { min_free_mb: 1 } };

/** A caller who says 500 Hz all the time. */
async function called(t, handler) {
  const phone = await SipPeer.open(t, 'caller');
  let done;
  const finished = new Promise((resolve, reject) => (done = { resolve, reject }));
  const things = await withHandler(t, async (call) => {
    try {
      await call.answer();
      done.resolve(await handler(call, things));
    } catch (error) {
      done.reject(error);
      throw error;
    }
  }, settings);
  const leg = await phone.call(`sip:${NUMBER}@${things.server.sip()}`, things.server.sip());
  await leg.established({ hz: CUSTOMER });
  return { ...things, leg, result: await finished };
}

async function fetched(server, recording) {
  const answer = await fetch(server.http + recording.content_path);
  assert.equal(answer.status, 200);
  return Buffer.from(await answer.arrayBuffer());
}

test('two channels: what the caller said and what it heard; link, hash, deletion at the end of the session', limit, async (t) => {
  let link;
  const { server, application } = await called(t, async (call, { server: s }) => {
    await silence(call, 400); // The caller has begun to speak.
    const operation = call.record({ channels: 'dual' });
    await operation.started;
    await silence(call, 500);
    await call.play(tone(900, 1000));
    await silence(call, 300);
    await operation.pause();
    await silence(call, 600);
    await operation.resume();
    await silence(call, 400);
    await operation.stop();
    const ended = await operation;
    assert.equal(ended.reason, 'stopped');
    const recording = await operation.recording;
    assert.equal(recording.state, 'ready');
    assert.equal(recording.id, ended.recording_id);
    const bytes = await fetched(s, recording);
    assert.equal(bytes.length, recording.size_bytes);
    assert.equal(createHash('sha256').update(bytes).digest('hex'), recording.sha256);
    const wav = readWav(bytes);
    assert.equal(wav.channels.length, 2);
    assert.ok(Math.abs(wav.ms - recording.duration_ms) <= 20);
    const heard = wav.tone(1, 900);
    assert.ok(heard.ms >= 940 && heard.share > 0.95, JSON.stringify(heard));
    const said = wav.tone(0, CUSTOMER);
    // All but the pause.
    assert.ok(said.from <= 100 && said.ms >= wav.ms - 600 - 200 && said.ms <= wav.ms - 500, JSON.stringify([said, wav.ms]));
    assert.equal(wav.tone(0, 900).ms, 0);
    assert.equal(wav.tone(1, CUSTOMER).ms, 0);
    assert.equal((await fetch(s.http + recording.content_path.replace(/signature=./, 'signature=x'))).status, 403);
    // It can be played, too.
    const played = await call.play({ sources: [{ recording_id: recording.id }], max_duration_ms: 300 });
    assert.equal(played.reason, 'max_duration');
    link = recording.content_path;
    await call.hangup();
    await call.session.close();
  });
  assert.deepEqual(application.errors, []);
  await eventually(async () => (await fetch(server.http + link)).status === 410, { what: '410 for the purged recording' });
  // The disk has a thread of its own: the file goes a moment after its link.
  const left = async () => (await readdir(path.join(server.folder, 'data/recordings'))).filter((name) => name.endsWith('.wav'));
  await eventually(async () => (await left()).length === 0, { what: 'the file to be gone' });
});

for (const format of ['ogg-opus', 'mp3']) {
  test(`${format}: ends by max_duration_ms and is what it says`, limit, async (t) => {
    await called(t, async (call, { server }) => {
      const operation = call.record({ format, max_duration_ms: 1000 });
      assert.equal((await operation).reason, 'max_duration');
      assert.equal((await operation).duration_ms, 1000);
      const bytes = await fetched(server, await operation.recording);
      if (format === 'ogg-opus') assert.equal(bytes.toString('latin1', 0, 4), 'OggS');
      else assert.equal(bytes[0], 0xff);
    });
  });
}

test('a bridge: the agent is what the customer heard', limit, async (t) => {
  let result;
  let enough;
  const talked = new Promise((resolve) => (enough = resolve));
  const { server, customer, agent } = await bridged(t, async (call) => {
    const operation = call.record({ channels: 'dual' });
    await talked;
    await operation.stop();
    result = await operation.recording;
  }, settings);
  await talk(customer, CUSTOMER, agent, AGENT, 1300);
  enough();
  await eventually(() => result, { what: 'the recording' });
  const wav = readWav(await fetched(server, result));
  const said = wav.tone(0, CUSTOMER);
  const heard = wav.tone(1, AGENT);
  assert.ok(said.ms >= 1000 && said.share > 0.95, JSON.stringify(said));
  assert.ok(heard.ms >= 1000 && heard.share > 0.95, JSON.stringify(heard));
  await customer.ask('BYE');
});

test('the caller hangs up: the recording is finished and the session hears of it', limit, async (t) => {
  let recording;
  const phone = await SipPeer.open(t, 'caller');
  const { server } = await withHandler(t, async (call) => {
    await call.answer();
    const operation = call.record();
    const ended = await operation;
    assert.equal(ended.reason, 'finished');
    recording = await operation.recording;
    assert.equal(readWav(await fetched(server, recording)).tone(0, CUSTOMER).share > 0.95, true);
  }, settings);
  const leg = await phone.call(`sip:${NUMBER}@${server.sip()}`, server.sip());
  await leg.established({ hz: CUSTOMER });
  await leg.media.share(CUSTOMER, 40); // 800 ms of packets came.
  leg.media.stop();
  await leg.ask('BYE');
  await eventually(() => recording, { what: 'the recording' });
  assert.ok(recording.duration_ms >= 600, JSON.stringify(recording));
});

test('the server dies in the middle: the file is put right at the next start, and found', limit, async (t) => {
  let id;
  const phone = await SipPeer.open(t, 'caller');
  const { server, account } = await withHandler(t, async (call) => {
    await call.answer();
    call.on('recordingStarted', (started) => (id = started.recording_id));
    await call.record({ channels: 'dual' }).catch(() => {});
  }, settings);
  const leg = await phone.call(`sip:${NUMBER}@${server.sip()}`, server.sip());
  await leg.established({ hz: CUSTOMER });
  await eventually(() => id, { what: 'recording.started' });
  await leg.media.share(CUSTOMER, 75);
  await server.stop('SIGKILL');
  leg.media.stop();
  const file = path.join(server.folder, 'data/recordings', `${id}.wav`);
  // What is there is playable as it is.
  assert.ok(readWav(await readFile(file)).tone(0, CUSTOMER).ms >= 1000);
  await server.launch();
  const [key] = await server.admin('api-key', 'create', '--account', account.id, '--name', 'test', '--scope', 'calls:read');
  const headers = { Authorization: `Bearer ${key.token}` };
  const recording = await eventually(async () => {
    const answer = await fetch(`${server.http}/v1/Accounts/${account.id}/Recordings/${id}`, { headers });
    const body = answer.status === 200 ? await answer.json() : {};
    return body.state === 'ready' && body;
  }, { what: 'the recording after the restart' });
  const said = readWav(await fetched(server, recording)).tone(0, CUSTOMER);
  assert.ok(said.ms >= 1000 && said.share > 0.95, JSON.stringify(said));
});
