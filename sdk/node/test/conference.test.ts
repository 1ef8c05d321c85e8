// Conferences: what goes over the wire and what comes back.

import assert from 'node:assert/strict';
import { once } from 'node:events';
import { test } from 'node:test';
import { OperationError, type Conference, type Participant, type TandemError } from '../src/index.js';
import { ScriptedServer, withApp, withOutbound } from './support.js';

const VIEW = {
  id: 'CF1', name: 'standup', state: 'waiting', locked: false, pin_required: false, max_participants: 10, start: 'moderator',
  end: 'last_participant', participants: [], created_at: '2026-01-01T00:00:00.000Z',
};
const member = (call_id: string, more: object = {}): object => ({
  call_id, role: 'participant', muted: false, deaf: false, on_hold: false, gain_db: 0, speaking: false,
  joined_at: '2026-01-01T00:00:00.000Z', ...more,
});
function tell(server: ScriptedServer, what: string, data: object = {}): void {
  server.event(`conference.${what}`, { conference_id: 'CF1', ...data }, {});
}

test('a conference is made before any call, and a dialled call goes straight into it', async (t) => {
  const seen: unknown[] = [];
  const { server, errors } = await withOutbound(t, async (session) => {
    const conference = await session.createConference({ name: 'standup', start: 'moderator' });
    seen.push(conference.id, conference.name, conference.state, session.conferences.size);
    const dial = session.dial({ to: '+1555', then: { join: { conference, role: 'moderator' } } });
    dial.on('attempt', (call) => call.on('joined', (where) => seen.push(where === conference)));
    const { conference: same } = await dial;
    seen.push(same === conference);
    seen.push((await conference.ended).reason, conference.state, session.conferences.size);
  });
  const create = await server.request('conference.create');
  assert.deepEqual(create.params, { name: 'standup', start: 'moderator', op_id: 'OP1-c1' });
  server.accept(create);
  tell(server, 'created', { conference: VIEW });
  server.complete(create, { reason: 'created', result: { conference_id: 'CF1', created: true } });
  const dial = await server.request('call.dial');
  assert.deepEqual(dial.params['then'], { join: { conference_id: 'CF1', role: 'moderator' } });
  server.accept(dial);
  server.newCall('CA2', 'outbound', { op_id: dial.params['op_id'], attempt: 1 });
  tell(server, 'participant_joined', { participant: member('CA2', { role: 'moderator' }), participants: 1 });
  tell(server, 'started');
  server.complete(dial, { reason: 'answered', result: { call_id: 'CA2', conference_id: 'CF1', attempts: [] } });
  tell(server, 'participant_left', { call_id: 'CA2', reason: 'hangup', duration_ms: 5, participants: 0 });
  server.endCall('CA2');
  tell(server, 'ended', { reason: 'last_participant', duration_ms: 10 });
  await once(server.socket, 'close');
  assert.deepEqual(seen, ['CF1', 'standup', 'waiting', 1, true, true, 'last_participant', 'ended', 0]);
  assert.deepEqual(errors, []);
});

test('join, what is done to members, and what is told of them', async (t) => {
  const seen: unknown[] = [];
  const { server, errors } = await withApp(t, async (call) => {
    const join = call.join({ name: 'standup', create: { tones: 'both' }, muted: true });
    call.on('joined', (conference: Conference) => seen.push(['joined', conference.id]));
    call.on('left', (conference: Conference) => seen.push(['left', conference.id]));
    const me = await join.joined;
    const conference = me.conference;
    seen.push(me.call === call, me.muted, me.role, conference.locked);
    conference.on('participant_joined', (other: Participant) => seen.push(['in', other.callId, other.call]));
    conference.on('participant_left', ({ participant, reason }) => seen.push(['out', participant?.callId, reason]));
    conference.on('speaker_started', (who: Participant) => seen.push(['speaks', who.callId, who.speaking]));
    await me.unmute();
    seen.push(me.muted);
    await conference.say('Welcome');
    await conference.lock();
    await conference.participants.get('CA9')?.hold({ sources: [{ url: 'https://x/moh.wav' }] });
    await conference.updateParticipant('CA9', { kick: true });
    const { leave_reason, duration_ms } = await join;
    seen.push([leave_reason, duration_ms]);
  });
  const join = await server.request('call.join');
  assert.deepEqual(join.params, { call_id: 'CA1', name: 'standup', create: { tones: 'both' }, muted: true, op_id: 'OP1-1' });
  server.accept(join);
  const { participants: _, ...view } = VIEW;
  tell(server, 'participant_joined', { participant: member('CA1', { muted: true }), participants: 1, conference: { ...view, participants: [], locked: true } });
  const unmute = await server.request('conference.update_participant');
  assert.deepEqual(unmute.params, { conference_id: 'CF1', call_id: 'CA1', muted: false, op_id: 'OP1-c1' });
  server.accept(unmute);
  tell(server, 'participant_updated', { participant: member('CA1') });
  server.complete(unmute, { reason: 'applied' });
  tell(server, 'participant_joined', { participant: member('CA9'), participants: 2 });
  tell(server, 'speaker_started', { call_id: 'CA9' });
  const say = await server.carryOut('conference.play', { result: { heard_ms: 9 } });
  assert.deepEqual(say.params, { conference_id: 'CF1', sources: [{ say: { text: 'Welcome' } }], op_id: 'OP1-c2' });
  assert.equal((await server.carryOut('conference.update', { reason: 'applied' })).params['locked'], true);
  const hold = await server.carryOut('conference.update_participant', { reason: 'applied' });
  assert.deepEqual(hold.params['hold_music'], { sources: [{ url: 'https://x/moh.wav' }] });
  assert.equal((await server.carryOut('conference.update_participant', { reason: 'applied' })).params['kick'], true);
  tell(server, 'participant_left', { call_id: 'CA9', reason: 'kicked', duration_ms: 7, participants: 1 });
  tell(server, 'participant_left', { call_id: 'CA1', reason: 'conference_ended', duration_ms: 8, participants: 0 });
  server.complete(join, { reason: 'left', result: { conference_id: 'CF1', leave_reason: 'conference_ended', duration_ms: 8 } });
  await server.carryOut('call.hangup', { reason: 'hung_up' });
  server.endCall();
  await once(server.socket, 'close');
  assert.deepEqual(seen, [['joined', 'CF1'], true, true, 'participant', true, ['in', 'CA9', undefined], ['speaks', 'CA9', true], false,
    ['out', 'CA9', 'kicked'], ['left', 'CF1'], ['out', 'CA1', 'conference_ended'], ['conference_ended', 8]]);
  assert.deepEqual(errors, []);
});

test('a handler that returns leaves its call in the conference until it is out', async (t) => {
  const { server, errors } = await withApp(t, async (call) => {
    await call.join('standup').joined;
  });
  const join = await server.request('call.join');
  server.accept(join);
  tell(server, 'participant_joined', { participant: member('CA1'), participants: 1 });
  await new Promise((resolve) => setTimeout(resolve, 50));
  assert.deepEqual(server.frames.filter((frame) => frame.method === 'call.hangup'), []);
  tell(server, 'participant_left', { call_id: 'CA1', reason: 'kicked', duration_ms: 8, participants: 0 });
  server.complete(join, { reason: 'left', result: { conference_id: 'CF1', leave_reason: 'kicked', duration_ms: 8 } });
  await server.carryOut('call.hangup', { reason: 'hung_up' });
  server.endCall();
  await once(server.socket, 'close');
  assert.deepEqual(errors, []);
});

test('a join that is refused rejects both promises', async (t) => {
  const seen: unknown[] = [];
  const { server } = await withApp(t, async (call) => {
    const join = call.join('standup');
    await join.joined.catch((error: TandemError) => seen.push(error.code));
    await join.then(undefined, (error: unknown) => seen.push((error as TandemError).code, error instanceof OperationError));
  });
  const join = await server.request('call.join');
  server.refuse(join, { code: 'wrong_pin', message: 'pin', retry: 'fix', field: 'pin' });
  await server.carryOut('call.hangup', { reason: 'hung_up' });
  server.endCall();
  await once(server.socket, 'close');
  assert.deepEqual(seen, ['wrong_pin', 'wrong_pin', false]);
});
