// The first application: greets the caller, asks for a code, reads it back and sends it back as digits.
// The server dials it by default; with --worker it dials the server and needs no address of its own. The handler is the same.

import { TandemApp, type Call } from '@tandem/sdk';

const app = new TandemApp({
  ...(process.env.TANDEM_SECRET !== undefined && { secret: process.env.TANDEM_SECRET }),
});

app.onCall(async (call: Call) => {
  log(call, `call from ${call.from} to ${call.to}`);
  call.on('dtmf', ({ digit }) => log(call, `digit ${digit}`));
  call.on('ended', ({ reason, party }) => log(call, `ended: ${reason} by ${party}`));
  call.on('cdr', (cdr) => log(call, `cdr ${cdr.cdr_id}: ${cdr.duration_ms} ms`));

  const answered = await call.answer();
  log(call, `answered, codec ${answered.codec}`);

  const code = await call.prompt({
    play: { sources: [{ say: { text: 'Welcome to Tandem. Please enter your four digit code.' } }] },
    collect: { digits: { min: 4, max: 4 }, first_input_timeout_ms: 8000 },
    barge_in: { digits: true },
    max_tries: 2,
  });
  log(call, `prompt: ${code.reason} ${code.value ?? ''}, heard ${code.heard_ms} ms of it`);

  if (code.reason === 'match') {
    const said = await call.say(`You entered ${[...code.value].join(' ')}. Thank you, and goodbye.`);
    log(call, `say: ${said.reason} after ${said.heard_ms} ms`);
    await call.sendDigits(code.value);
    log(call, `sent the digits ${code.value} back`);
  } else {
    await call.say('I did not get that. Goodbye.');
  }
  await call.play({ sources: [{ tone: { frequencies_hz: [1000], duration_ms: 600 } }] });
  log(call, 'played a 1000 Hz tone');
  await call.hangup();
});

app.on('error', (error) => console.error('application error:', error));

if (process.argv.includes('--worker')) {
  const worker = await app.connect({
    url: process.env.TANDEM_URL ?? 'http://127.0.0.1:8080',
    accountId: needed('TANDEM_ACCOUNT'),
    applicationId: needed('TANDEM_APPLICATION'),
    apiKey: needed('TANDEM_API_KEY'),
  });
  console.log('connected as a worker');
  worker.on('disconnected', ({ retryInMs }) => console.log(`the server is gone; next attempt in ${retryInMs} ms`));
  worker.on('connected', () => console.log('connected again'));
  // Ctrl-C: take no new calls, finish those that are up.
  process.once('SIGINT', () => void worker.drain().then(() => console.log('drained')));
} else {
  const { url } = await app.listen({ port: Number(process.env.PORT ?? 0) });
  console.log(`listening on ${url}`);
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
