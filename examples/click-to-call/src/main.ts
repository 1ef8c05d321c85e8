// Click to call: a web page asks for two numbers, the agent is called first, then the customer, and they are joined.
// One process plays both parts: the web server asks by REST, the worker dials when it is told to.

import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { readFile } from 'node:fs/promises';
import { AttemptError, RestError, TandemApp, TandemClient, type Session } from '@tandem/sdk';

interface Order {
  agent: string;
  customer: string;
}

const server = {
  url: process.env.TANDEM_URL ?? 'http://127.0.0.1:8080',
  accountId: needed('TANDEM_ACCOUNT'),
  applicationId: needed('TANDEM_APPLICATION'),
  apiKey: needed('TANDEM_API_KEY'),
};
const CALLER_ID = process.env.CALLER_ID;

// Part one: what to do when the server says that a call is wanted.

const app = new TandemApp();
app.onOutbound(async (session: Session) => {
  const { agent, customer } = session.data as Order;
  const from = CALLER_ID === undefined ? {} : { from: CALLER_ID };
  try {
    const { call } = await session.dial({ to: agent, ring_timeout_ms: 25_000, ...from });
    await call.say('Connecting you to your customer.');
    // The agent hears it ring. When one of the two hangs up, the other is hung up too.
    const talk = await call.bridge({ dial: { to: customer, ring_timeout_ms: 40_000, ...from }, on_peer_leave: 'hangup' });
    console.log(`${session.intentId}: talked for ${talk.duration_ms} ms, ended by ${talk.by}`);
  } catch (error) {
    if (!(error instanceof AttemptError)) throw error;
    for (const { target, outcome, sip_code } of error.attempts) console.log(`${session.intentId}: ${target}: ${outcome} (${sip_code})`);
  }
});
app.on('error', (error) => console.error('application error:', error));
await app.connect(server);

// Part two: the web page and its two routes.

const client = new TandemClient({ baseUrl: server.url, accountId: server.accountId, apiKey: server.apiKey });
const page = await readFile(new URL('../public/index.html', import.meta.url));

async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
  const path = request.url ?? '/';
  if (request.method === 'GET' && path === '/') {
    response.writeHead(200, { 'content-type': 'text/html; charset=utf-8' }).end(page);
  } else if (request.method === 'POST' && path === '/calls') {
    // A form of another site cannot send this type, so it cannot place calls in a visitor's name.
    if (request.headers['content-type'] !== 'application/json') return json(response, 415, { error: 'JSON, please' });
    const order = readOrder(await bodyOf(request));
    if (order === undefined) return json(response, 400, { error: 'two telephone numbers, please' });
    const intent = await client.calls.create({ data: order, applicationId: server.applicationId });
    json(response, 201, { id: intent.id, state: intent.state });
  } else if (request.method === 'GET' && /^\/calls\/[A-Za-z0-9_-]+$/.test(path)) {
    const { id, state, position, error } = await client.intents.get(path.slice('/calls/'.length));
    json(response, 200, { id, state, position, error: error?.message });
  } else {
    json(response, 404, { error: 'not here' });
  }
}

/** Only these two fields, and only telephone numbers or endpoints: what comes from a browser decides whom we call. */
function readOrder(text: string): Order | undefined {
  try {
    const { agent, customer } = JSON.parse(text) as Record<string, unknown>;
    const good = (v: unknown): v is string => typeof v === 'string' && (/^\+[0-9]{6,15}$/.test(v) || /^[a-z0-9._-]{1,64}@[a-z0-9.-]{1,253}$/i.test(v));
    return good(agent) && good(customer) ? { agent, customer } : undefined;
  } catch {
    return undefined;
  }
}

async function bodyOf(request: IncomingMessage): Promise<string> {
  let text = '';
  for await (const chunk of request.setEncoding('utf8')) {
    text += chunk;
    if (text.length > 1000) return '';
  }
  return text;
}

function json(response: ServerResponse, status: number, body: object): void {
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
}

const web = createServer((request, response) => {
  answer(request, response).catch((error: unknown) => {
    if (!(error instanceof RestError)) console.error(error);
    if (!response.headersSent) json(response, 502, { error: error instanceof RestError ? error.message : 'it did not work' });
  });
});
web.listen(Number(process.env.PORT ?? 8000), '127.0.0.1', () => {
  const address = web.address();
  console.log(`open http://127.0.0.1:${typeof address === 'object' ? address?.port : ''}/`);
});

function needed(name: string): string {
  const value = process.env[name];
  if (value !== undefined && value !== '') return value;
  console.error(`${name} is not set; see README.md`);
  process.exit(2);
}
