// A support line: callers wait in a queue with music and announcements, agents call in and take one after the other, supervisors
// listen, coach and barge.

import { TandemApp, type Call } from '@tandem/sdk';
import { conversations, supervise, talkTo, type Conversation } from './conversation.js';

const QUEUE = process.env.QUEUE ?? 'support';
const MUSIC = process.env.MUSIC;
/** Who takes calls: the caller's number or user name of each agent. */
const AGENTS = new Set(needed('AGENTS').split(',').map((agent) => agent.trim()));
/** Who may join what agents and callers say, the same way. */
const SUPERVISORS = new Set((process.env.SUPERVISORS ?? '').split(',').map((each) => each.trim()).filter((each) => each !== ''));
const MAX_WAIT_MS = 10 * 60_000;

const app = new TandemApp({
  ...(process.env.TANDEM_SECRET !== undefined && { secret: process.env.TANDEM_SECRET }),
});

app.onCall(async (call: Call) => {
  call.on('ended', ({ reason, party }) => log(call, `ended: ${reason} by ${party}`));
  await call.answer();
  if (SUPERVISORS.has(call.from)) await oversee(call);
  else await (AGENTS.has(call.from) ? serve(call) : wait(call));
});

/** A caller: asks what it is about, then waits. */
async function wait(call: Call): Promise<void> {
  const topic = await call.prompt({
    play: { sources: [{ say: { text: 'Welcome. For a running order press 1, for anything else press 2.' } }] },
    collect: { digits: { min: 1, max: 1, pattern: '[12]' }, first_input_timeout_ms: 6000 },
    barge_in: { digits: true },
  });
  const urgent = topic.reason === 'match' && topic.value === '1';
  const waiting = call.enqueue({
    queue: QUEUE,
    // Running orders go first.
    priority: urgent ? 10 : 0,
    data: { topic: urgent ? 'a running order' : 'something else' },
    max_wait_ms: MAX_WAIT_MS,
    wait: {
      sources: MUSIC !== undefined ? [{ url: MUSIC }] : [{ tone: { frequencies_hz: [440], duration_ms: 300 } }, { silence_ms: 4000 }],
      announce: {
        // The second is left out until enough calls were served for an estimate.
        sources: [
          { say: { text: 'You are number {position} in line.' } },
          { say: { text: 'The wait is about {wait_minutes} minutes.' } },
        ],
        interval_ms: 30_000,
      },
    },
  });
  waiting.entered.then((entry) => {
    log(call, `waits at ${entry.position}`);
    entry.on('position', ({ position }) => log(call, `is number ${position} now`));
    entry.on('returned', ({ reason }) => log(call, `is back in line: ${reason}`));
  }, () => undefined);
  const { reason, waited_ms, conference } = await waiting;
  log(call, `${reason} after ${waited_ms} ms`);
  if (reason === 'connected') {
    await conference?.ended;
    await call.say('Thank you for calling. Goodbye.');
  } else {
    await call.say('Nobody can take your call now. Please try again later.');
  }
}

/** An agent: takes callers for as long as the call lasts. */
async function serve(call: Call): Promise<void> {
  const queue = call.session.queue(QUEUE);
  queue.on('stats', ({ waiting, served, abandoned }) => log(call, `${waiting} wait, ${served} served, ${abandoned} gave up`));
  await queue.subscribe();
  await call.say('You are on duty. Callers are connected with you as they come; hang up to leave.');
  for (;;) {
    const conversation: Conversation | undefined = await talkTo(call, queue);
    if (conversation === undefined) continue; // Nobody came for a while.
    log(call, `talks to ${conversation.callId} about ${JSON.stringify(conversation.data)}`);
    await conversation.over;
  }
}

/** A supervisor: 1 listens, 2 speaks to the agent, 3 to both, * goes to the next conversation. */
async function oversee(call: Call): Promise<void> {
  await call.say('You oversee the line. 1 to listen, 2 to coach, 3 to speak to both, star for the next one.');
  let seen: Conversation | undefined;
  for (;;) {
    call.signal.throwIfAborted();
    const going = [...conversations];
    const next = going[(seen === undefined ? 0 : going.indexOf(seen) + 1) % Math.max(going.length, 1)];
    if (next === undefined) {
      await call.play({ sources: [{ silence_ms: 2000 }] }); // Nobody talks yet.
      continue;
    }
    seen = next;
    const joining = call.join({ conference_id: next.conferenceId, role: 'supervisor', supervise: { mode: 'monitor' } });
    const participant = await joining.joined.catch(() => undefined); // It may have ended just now.
    if (participant === undefined) continue;
    log(call, `listens to ${next.callId}`);
    const onKey = ({ digit }: { digit: string }): void => {
      if (digit === '*') void joining.stop();
      else supervise(participant, next, digit).catch((error: unknown) => log(call, String(error)));
    };
    call.on('dtmf', onKey);
    await joining.catch(() => undefined);
    call.off('dtmf', onKey);
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
