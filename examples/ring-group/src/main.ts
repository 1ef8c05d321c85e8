// A ring group: rings several phones at once or in turn; when nobody answers, the caller leaves a number to be called back.

import { appendFile } from 'node:fs/promises';
import { AttemptError, TandemApp, type Call, type TargetGroups } from '@tandem/sdk';

const MEMBERS = needed('RING_GROUP').split(',').map((member) => member.trim());
const IN_TURN = process.env.RING_ORDER === 'turn';
const CALLBACKS = process.env.CALLBACKS ?? 'callbacks.jsonl';

const app = new TandemApp({
  ...(process.env.TANDEM_SECRET !== undefined && { secret: process.env.TANDEM_SECRET }),
});

app.onCall(async (call: Call) => {
  log(call, `from ${call.from}`);
  call.on('ended', ({ reason, party }) => log(call, `ended: ${reason} by ${party}`));
  await call.answer();
  await call.say('Please wait, we are looking for somebody.');
  if (!(await connect(call))) await takeNumber(call);
});

/** Joins the caller with the first member who answers; false if nobody does. Comes back when they have talked. */
async function connect(call: Call): Promise<boolean> {
  // The outer list is rung in turn, an inner list at once.
  const endpoints: TargetGroups = IN_TURN ? MEMBERS : [MEMBERS];
  const talk = call.bridge({
    dial: {
      endpoints,
      // Members should see who calls. Trunks may allow numbers of yours only: then set CALLER_ID.
      from: process.env.CALLER_ID ?? call.from,
      ring_timeout_ms: IN_TURN ? 15_000 : 25_000,
    },
    on_peer_leave: 'hangup',
  });
  talk.on('attempt', (leg) => log(call, `ringing ${leg.to}`));
  talk.connected.then(
    (bridge) => log(call, `talks to ${bridge.other(call)?.to}`),
    () => undefined,
  );
  try {
    const { duration_ms } = await talk;
    log(call, `talked for ${duration_ms} ms`);
    return true;
  } catch (error) {
    // Somebody being busy is no fault of ours; anything else is for the error handler. A caller who hung up is neither.
    if (!(error instanceof AttemptError)) throw error;
    for (const { target, outcome, sip_code } of error.attempts) log(call, `${target}: ${outcome} (${sip_code})`);
    return false;
  }
}

/** Instead of a voicemail: this server does not record, so the caller leaves a number. */
async function takeNumber(call: Call): Promise<void> {
  const wanted = await call.prompt({
    play: {
      sources: [{ say: { text: 'Nobody can take your call now. To be called back at the number you are calling from, press 1 and the hash key. To be called back at another number, enter it and end with the hash key.' } }],
    },
    collect: { digits: { max: 15, terminators: '#', inter_digit_timeout_ms: 4000 }, first_input_timeout_ms: 10_000 },
    barge_in: { digits: true },
    max_tries: 2,
  });
  if (wanted.reason !== 'match') {
    await call.say('I did not get a number. Please try again later. Goodbye.');
    return;
  }
  const number = wanted.value === '1' ? call.from : wanted.value;
  const entry = { at: new Date().toISOString(), number, from: call.from, to: call.to, call_id: call.id };
  await appendFile(CALLBACKS, JSON.stringify(entry) + '\n');
  log(call, `wants to be called back at ${number}`);
  await call.say(`We will call you back at ${[...number.replace('+', '')].join(' ')}. Goodbye.`);
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
