// The REST client against a server that answers what the test tells it to.

import assert from 'node:assert/strict';
import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { test } from 'node:test';
import { RestError, TandemClient } from '../src/index.js';

interface Asked {
  method: string;
  url: string;
  headers: IncomingMessage['headers'];
  body: unknown;
}
interface Answer {
  status: number;
  body?: unknown;
  text?: string;
}

async function withServer(t: { after(f: () => Promise<void>): void }, answers: Answer[], more: { timeoutMs?: number } = {}) {
  const asked: Asked[] = [];
  const server = createServer(async (request, response) => {
    let text = '';
    for await (const chunk of request.setEncoding('utf8')) text += chunk;
    asked.push({ method: request.method ?? '', url: request.url ?? '', headers: request.headers, body: text === '' ? undefined : JSON.parse(text) });
    const answer = answers.shift();
    if (answer === undefined) return; // Says nothing.
    response.writeHead(answer.status, { 'content-type': 'application/json' });
    response.end(answer.text ?? (answer.body === undefined ? '' : JSON.stringify(answer.body)));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  t.after(async () => {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  });
  const baseUrl = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
  return { asked, client: new TandemClient({ baseUrl, accountId: 'AC1', apiKey: 'secret', ...more }) };
}

test('an outbound call is asked for with its data and key', async (t) => {
  const intent = { id: 'IN1', state: 'queued', call_ids: [] };
  const { asked, client } = await withServer(t, [{ status: 201, body: intent }, { status: 201, body: intent }, { status: 200, body: intent }]);
  assert.deepEqual(await client.calls.create({ data: { order: 42 }, idempotencyKey: 'order-42' }), intent);
  await client.calls.create({ data: null, applicationId: 'AP2' });
  await client.intents.get('IN1');
  assert.equal(asked[0]?.method, 'POST');
  assert.equal(asked[0]?.url, '/v1/Accounts/AC1/Calls');
  assert.equal(asked[0]?.headers.authorization, 'Bearer secret');
  assert.equal(asked[0]?.headers['idempotency-key'], 'order-42');
  assert.deepEqual(asked[0]?.body, { data: { order: 42 } });
  assert.deepEqual(asked[1]?.body, { data: null, application_id: 'AP2' });
  assert.equal(asked[1]?.headers['idempotency-key'], undefined);
  assert.equal(asked[2]?.url, '/v1/Accounts/AC1/Intents/IN1');
});

test('lists: a page when awaited, everything in a loop; filters are written safely', async (t) => {
  const { asked, client } = await withServer(t, [
    { status: 200, body: { items: [{ id: 'CA1' }], next_cursor: 'n1' } },
    { status: 200, body: { items: [{ id: 'CA1' }, { id: 'CA2' }], next_cursor: 'n/2' } },
    { status: 200, body: { items: [{ id: 'CA3' }] } },
    { status: 200, body: { items: [], next_cursor: null } },
    { status: 200, body: { items: [], next_cursor: null } },
  ]);
  const page = await client.calls.list({ to: '+1555', status: 'live', limit: 1 });
  assert.deepEqual(page, { items: [{ id: 'CA1' }], next_cursor: 'n1' });
  const ids: string[] = [];
  for await (const call of client.calls.list({ direction: 'outbound' })) ids.push(call.id);
  assert.deepEqual(ids, ['CA1', 'CA2', 'CA3']);
  await client.endpoints.list();
  await client.sessions.list({ limit: 5 });
  assert.deepEqual(asked.map((a) => a.url.replace('/v1/Accounts/AC1', '')), [
    '/Calls?to=%2B1555&status=live&limit=1',
    '/Calls?direction=outbound',
    '/Calls?direction=outbound&cursor=n%2F2',
    '/Endpoints',
    '/Sessions?limit=5',
  ]);
});

test('operations: wait, do not wait, and control', async (t) => {
  const op = { id: 'OP1', method: 'call.say', state: 'completed', outcome: 'failed', reason: 'error' };
  const { asked, client } = await withServer(t, [{ status: 200, body: op }, { status: 202, body: { ...op, state: 'running' } }, { status: 200, body: { op, no_op: true } }, { status: 200, body: op }, { status: 204 }]);
  assert.equal((await client.operations.run('CA1', 'call.say', { text: 'Hi', op_id: 'OP1' }, { waitSeconds: 5 })).outcome, 'failed');
  assert.equal((await client.operations.run('CA1', 'call.hold', {}, { waitSeconds: 0 })).state, 'running');
  assert.equal((await client.operations.stop('CA1', 'OP1')).no_op, true);
  await client.operations.get('CA1', 'OP1');
  await client.calls.end('CA/../1');
  assert.deepEqual(asked[0]?.body, { method: 'call.say', params: { text: 'Hi', op_id: 'OP1' } });
  assert.equal(asked[0]?.headers['prefer'], 'wait=5');
  assert.equal(asked[1]?.headers['prefer'], 'respond-async');
  assert.equal(asked[2]?.url, '/v1/Accounts/AC1/Calls/CA1/Operations/OP1/stop');
  assert.equal(asked[4]?.method, 'DELETE');
  assert.equal(asked[4]?.url, '/v1/Accounts/AC1/Calls/CA%2F..%2F1');
});

test('errors: problem+json, a proxy page, no JSON, no answer, abort', async (t) => {
  const problem = { type: '/problems/invalid_params', title: 'A parameter is wrong', status: 400, detail: 'data: too large', code: 'invalid_params', field: 'data', retry: 'fix' };
  const { client } = await withServer(t, [{ status: 400, body: problem }, { status: 429, body: { ...problem, code: 'cps_exceeded', retry: 'later', retry_after_ms: 1500 } }, { status: 502, text: '<html>' }, { status: 200, text: '<html>' }], { timeoutMs: 200 });
  const failing = async (run: Promise<unknown>): Promise<RestError> => {
    const error = await run.then(() => undefined, (e: unknown) => e);
    assert.ok(error instanceof RestError, String(error));
    return error;
  };
  const refused = await failing(client.calls.create());
  assert.deepEqual([refused.message, refused.status, refused.code, refused.field, refused.retry], ['data: too large', 400, 'invalid_params', 'data', 'fix']);
  const paced = await failing(client.calls.create());
  assert.deepEqual([paced.code, paced.retry, paced.retryAfterMs], ['cps_exceeded', 'later', 1500]);
  const proxy = await failing(client.calls.get('CA1'));
  assert.deepEqual([proxy.status, proxy.code, proxy.retry], [502, 'internal', 'later']);
  assert.equal((await failing(client.calls.get('CA1'))).code, 'internal');
  const silent = await failing(client.calls.get('CA1'));
  assert.deepEqual([silent.status, silent.code, silent.retry], [0, 'unreachable', 'later']);
  assert.match(silent.message, /no answer in time/);
  const controller = new AbortController();
  const aborted = client.calls.create({ signal: controller.signal });
  controller.abort(new Error('mine'));
  await assert.rejects(aborted, /mine/);
  const nobody = new TandemClient({ baseUrl: 'http://127.0.0.1:1', accountId: 'AC1', apiKey: 'k' });
  assert.equal((await failing(nobody.calls.get('CA1'))).code, 'unreachable');
});
