// An agent's desk in the terminal: take calls, hold, consult somebody, transfer.

import { createInterface } from 'node:readline';
import { CallEndedError, TandemApp, TandemError } from '@tandem/sdk';
import { Desk } from './desk.js';

const AGENT = needed('AGENT');
const HELP = `
  take [N]         your phone rings; pick up to answer the customer
  hold, unhold     put the customer on hold and back
  consult TARGET   customer on hold, call TARGET (+1555…, sip:…, user@domain)
  transfer         join the customer with the consultation and leave
  back             end the consultation and go back to the customer
  blind TARGET     hand the customer on without asking
  hangup           end the customer's call
  calls, use N     list the calls, choose the one that commands are about
  quit             take no new calls, and end when the last one is over
`;

const desks = new Map<number, Desk>();
let next = 1;
let current: number | undefined;

const terminal = createInterface({ input: process.stdin, output: process.stdout, prompt: '> ' });
const say = (text: string): void => {
  // Over the line that is being typed, which is then shown again.
  process.stdout.write(`\r\x1b[K${text}\n`);
  terminal.prompt(true);
};

const app = new TandemApp();
app.onCall(async (call) => {
  const number = next++;
  desks.set(number, new Desk(call, AGENT, (text) => say(`[${number}] ${text}`)));
  current ??= number;
  say(`[${number}] call from ${call.from} to ${call.to}: "take ${number}"`);
  await call.ring();
  // The commands do the rest; when the customer is gone, all that was dialled for the call is hung up.
  const { reason, party } = await call.ended;
  say(`[${number}] over: ${reason} by ${party}`);
  desks.delete(number);
  if (current === number) current = [...desks.keys()][0];
});
app.on('error', (error) => say(`error: ${error instanceof Error ? error.message : String(error)}`));

const worker = await app.connect({
  url: process.env.TANDEM_URL ?? 'http://127.0.0.1:8080',
  accountId: needed('TANDEM_ACCOUNT'),
  applicationId: needed('TANDEM_APPLICATION'),
  apiKey: needed('TANDEM_API_KEY'),
});
worker.on('disconnected', ({ retryInMs }) => say(`the server is gone; next attempt in ${retryInMs} ms`));
worker.on('connected', () => say('connected again'));

async function carryOut(line: string): Promise<void> {
  const [command = '', argument] = line.trim().split(/\s+/);
  if (command === 'use' || (command === 'take' && argument !== undefined)) current = Number(argument);
  if (command === '' || command === 'use') return;
  if (command === 'help') return say(HELP);
  if (command === 'calls') {
    if (desks.size === 0) say('no calls');
    for (const [n, desk] of desks) say(`${n === current ? '*' : ' '} [${n}] ${desk.customer.from}: ${desk.state}`);
    return;
  }
  if (command === 'quit') {
    say('no new calls from now on');
    await worker.drain();
    terminal.close();
    return;
  }
  const desk = desks.get(current ?? 0);
  if (desk === undefined) throw new Error('no such call');
  switch (command) {
    case 'take':
      return desk.take();
    case 'hold':
      return desk.hold();
    case 'unhold':
      return desk.unhold();
    case 'consult':
      return desk.consult(given(argument));
    case 'transfer':
      return desk.transfer();
    case 'back':
      return desk.back();
    case 'blind':
      return desk.blind(given(argument));
    case 'hangup':
      return desk.hangup();
    default:
      throw new Error(`"${command}" is no command; try "help"`);
  }
}

console.log(`connected; your phone is ${AGENT}; "help" shows the commands`);
terminal.prompt();
terminal.on('line', (line) => {
  carryOut(line)
    .then(() => terminal.prompt())
    .catch((error: unknown) => {
      if (error instanceof CallEndedError) return; // "over" was said.
      say(error instanceof TandemError ? `${error.message} (${error.code})` : error instanceof Error ? error.message : String(error));
    });
});
terminal.on('close', () => void worker.drain());

function given(argument: string | undefined): string {
  if (argument === undefined) throw new Error('whom? a number, a sip: URI or user@domain');
  return argument;
}

function needed(name: string): string {
  const value = process.env[name];
  if (value !== undefined && value !== '') return value;
  console.error(`${name} is not set; see README.md`);
  process.exit(2);
}
