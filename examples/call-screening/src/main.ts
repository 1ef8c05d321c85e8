// Call screening for one phone: known callers go through, unknown ones must show that they are people, and the owner hears
// who calls before deciding.

import { randomInt } from 'node:crypto';
import { AttemptError, TandemApp, type Call } from '@tandem/sdk';

const OWNER = needed('OWNER');
const KNOWN = list('KNOWN_CALLERS');
const BLOCKED = list('BLOCKED_CALLERS');

const app = new TandemApp({
  ...(process.env.TANDEM_SECRET !== undefined && { secret: process.env.TANDEM_SECRET }),
});

app.onCall(async (call: Call) => {
  log(call, `from ${call.from}`);
  call.on('ended', ({ reason, party }) => log(call, `ended: ${reason} by ${party}`));
  if (BLOCKED.has(call.from)) {
    log(call, 'blocked');
    await call.reject({ sip_code: 603 });
    return;
  }
  await call.answer();
  if (!KNOWN.has(call.from) && !(await isPerson(call))) {
    log(call, 'did not show to be a person');
    await call.say('Goodbye.');
    return;
  }
  await connect(call);
});

/** Robots press nothing, or the same digit always. */
async function isPerson(call: Call): Promise<boolean> {
  const digit = String(randomInt(1, 10));
  const pressed = await call.prompt({
    play: { sources: [{ say: { text: `This number is screened. To be connected, please press ${digit}.` } }] },
    collect: { digits: { min: 1, max: 1 }, first_input_timeout_ms: 8000 },
    barge_in: { digits: true },
    max_tries: 2,
  });
  return pressed.reason === 'match' && pressed.value === digit;
}

async function connect(call: Call): Promise<void> {
  const spoken = [...call.from.replace('+', '')].join(' ');
  const talk = call.bridge({
    dial: {
      to: OWNER,
      from: process.env.CALLER_ID ?? call.from,
      ring_timeout_ms: 30_000,
      // The owner has picked up, but the call does not count as answered before 1 is pressed.
      screen: {
        play: { sources: [{ say: { text: `Call from ${spoken}. Press 1 to take it, or hang up.` } }] },
        accept: '1',
        timeout_ms: 8000,
        max_tries: 2,
      },
    },
    on_peer_leave: 'hangup',
  });
  try {
    const { duration_ms } = await talk;
    log(call, `talked for ${duration_ms} ms`);
  } catch (error) {
    if (!(error instanceof AttemptError)) throw error;
    const last = error.attempts.at(-1);
    log(call, `not connected: ${last?.outcome ?? error.code}`);
    const screenedOut = last?.outcome === 'screened_out';
    await call.say(screenedOut ? 'Your call is not taken. Goodbye.' : 'Nobody is there at the moment. Goodbye.');
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

function list(name: string): Set<string> {
  return new Set((process.env[name] ?? '').split(',').map((number) => number.trim()).filter((number) => number !== ''));
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
