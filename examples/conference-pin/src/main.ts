// A conference line: callers enter a PIN, wait with music until a moderator comes, and are announced by name. Moderators
// enter their own PIN; keys let them lock the room, mute everybody and end the conference.

import { RequestError, TandemApp, type Call, type Conference, type Participant } from '@tandem/sdk';

const PIN = needed('PIN');
const MODERATOR_PIN = needed('MODERATOR_PIN');
const ROOM = process.env.ROOM ?? 'main';
const TRIES = 3;

const app = new TandemApp({
  ...(process.env.TANDEM_SECRET !== undefined && { secret: process.env.TANDEM_SECRET }),
});

app.onCall(async (call: Call) => {
  log(call, `from ${call.from}`);
  await call.answer();
  await call.say('Welcome to the conference.');
  for (let tries = 0; tries < TRIES; ++tries) {
    const pin = await askForPin(call);
    if (pin === undefined) break;
    try {
      return await takePart(call, pin);
    } catch (error) {
      if (!(error instanceof RequestError)) throw error;
      log(call, `not let in: ${error.code}`);
      if (error.code === 'conference_locked') return void (await call.say('The conference is locked. Goodbye.'));
      if (error.code === 'conference_full') return void (await call.say('The conference is full. Goodbye.'));
      if (error.code !== 'wrong_pin') throw error;
      await call.say('This is not the PIN.');
    }
  }
  await call.say('Goodbye.');
});

async function askForPin(call: Call): Promise<string | undefined> {
  const entered = await call.prompt({
    play: { sources: [{ say: { text: 'Please enter your PIN, and then the hash key.' } }] },
    collect: { digits: { min: 1, max: 16, terminators: '#' }, first_input_timeout_ms: 8000 },
    barge_in: { digits: true },
    max_tries: 2,
  });
  return entered.reason === 'match' ? entered.value : undefined;
}

/** Rejects when the call is not let in; resolves when it has left. */
async function takePart(call: Call, pin: string): Promise<void> {
  const spoken = [...call.from.replace('+', '')].join(' ');
  const join = call.join({
    name: ROOM,
    create: {
      pin: PIN,
      moderator_pin: MODERATOR_PIN,
      start: 'moderator',
      end: 'moderator',
      tones: 'both',
      digits: 'swallow',
      wait: { sources: [{ tone: { frequencies_hz: [440, 554], on_ms: 400, off_ms: 1600, duration_ms: 8000, level_db: -30 } },
        { say: { text: 'The conference begins when a moderator comes.' } }] },
    },
    pin,
    events: 'all',
    announce: { sources: [{ say: { text: `${spoken} has joined.` } }] },
    announce_exit: { sources: [{ say: { text: `${spoken} has left.` } }] },
    on_end: 'ivr',
  });
  const me = await join.joined;
  log(call, `in as ${me.role}`);
  if (me.role === 'moderator') void moderate(call, me).catch((error: unknown) => log(call, `keys: ${String(error)}`));
  const { leave_reason } = await join;
  log(call, `left: ${leave_reason}`);
  if (call.state !== 'ended') await call.say('The conference is over. Goodbye.');
}

/** Keys of a moderator: 1 locks and unlocks, 2 mutes and unmutes all others, 3 says how many there are, 0 ends it. */
async function moderate(call: Call, me: Participant): Promise<void> {
  const room: Conference = me.conference;
  let muted = false;
  while (call.currentConference === room) {
    const pressed = await call.collect({ digits: { min: 1, max: 1 }, first_input_timeout_ms: 3_600_000 });
    if (pressed.reason !== 'match') continue;
    switch (pressed.value) {
      case '0':
        await room.end();
        return;
      case '1':
        await (room.locked ? room.unlock() : room.lock());
        await call.say(room.locked ? 'Locked.' : 'Unlocked.');
        break;
      case '2':
        muted = !muted;
        for (const other of room.participants.values()) if (other.role !== 'moderator') await other.update({ muted });
        await room.say(muted ? 'All are muted.' : 'All may speak.');
        break;
      case '3':
        await call.say(`${room.participants.size} are here.`);
        break;
      default:
        break;
    }
  }
}

app.on('error', (error) => console.error('application error:', error));

// With an API key it dials the server and needs no address of its own; without one it waits to be dialled.
if (process.env.TANDEM_API_KEY !== undefined) {
  await app.connect({
    url: process.env.TANDEM_URL ?? 'http://127.0.0.1:8080',
    accountId: needed('TANDEM_ACCOUNT'),
    applicationId: needed('TANDEM_APPLICATION'),
    apiKey: process.env.TANDEM_API_KEY,
  });
  console.log('connected as a worker');
} else {
  console.log(`listening on ${(await app.listen({ port: Number(process.env.PORT ?? 0) })).url}`);
}

function needed(name: string): string {
  const value = process.env[name];
  if (value !== undefined && value !== '') return value;
  console.error(`${name} is not set; see README.md`);
  process.exit(2);
}

function log(call: Call, text: string): void {
  console.log(`${new Date().toISOString()} ${call.id.slice(0, 8)} ${text}`);
}
