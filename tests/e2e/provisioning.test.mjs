// A tenant is provisioned over REST alone, with the SDK; then a call goes where that says, at once.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { RestError, TandemClient } from '../../sdk/node/dist/src/index.js';
import { TandemServer, eventually } from '../support/server.mjs';
import { SipPeer } from '../support/sip_peer.mjs';

const limit = { timeout: 60_000 };

/** An operator's client, and one of a new tenant with a key of its own. */
async function tenant(server, name) {
  const [{ token }] = await server.admin('api-key', 'create', '--name', 'operator', '--scope', 'admin');
  const operator = new TandemClient({ baseUrl: server.http, accountId: 'ACoperator', apiKey: token });
  // The server sees what the shell has written within store.rules_poll_ms.
  await eventually(async () => (await fetch(`${server.http}/v1/Accounts`, { headers: { authorization: `Bearer ${token}` } })).ok,
    { what: 'the key to be known' });
  const account = await operator.accounts.create({ name });
  const made = await operator.for(account.id).apiKeys.create({ name: 'main', scopes: ['provisioning:write', 'calls:read'] });
  const client = new TandemClient({ baseUrl: server.http, accountId: account.id, apiKey: made.token });
  return { operator, account, client };
}

test('a tenant is made, a number routes at once, and nobody else sees it', limit, async (t) => {
  const server = await TandemServer.start(t);
  const { client, account } = await tenant(server, 'Acme');
  assert.equal(account.webhook_secret.length, 64);
  const application = await client.applications.create({ name: 'main', url: 'ws://127.0.0.1:9/' });
  const number = await client.numbers.create({ did: '+15550142', application_id: application.id });
  const explained = await client.routes.explain({ to: '+15550142' });
  assert.equal(explained.taken, 'number +15550142');
  assert.equal(explained.candidates[0].record_id, number.id);

  const peer = await SipPeer.open(t, 'caller');
  const known = await (await peer.call(`sip:+15550142@${server.sip()}`, server.sip())).final(1);
  assert.notEqual(known.code, 404); // Routed, though its application is not there.
  const unknown = await (await peer.call(`sip:+15550143@${server.sip()}`, server.sip())).final(1);
  assert.equal(unknown.code, 404);

  const other = await tenant(server, 'Other');
  await assert.rejects(other.client.for(account.id).numbers.get(number.id), (e) => e instanceof RestError && e.status === 404);
  await assert.rejects(client.accounts.create({ name: 'x' }), (e) => e.status === 403);
});

test('changes are guarded by ETags, deletion by use, and all of it is in the log', limit, async (t) => {
  const server = await TandemServer.start(t);
  const { client } = await tenant(server, 'Acme');
  const application = await client.applications.create({ name: 'main', url: 'ws://127.0.0.1:9/' });
  const { etag } = await client.applications.read(application.id);
  await client.applications.update(application.id, { name: 'first' }, { ifMatch: etag });
  await assert.rejects(client.applications.update(application.id, { name: 'second' }, { ifMatch: etag }),
    (e) => e.status === 412 && e.code === 'precondition_failed');
  const domain = await client.domains.create({ name: 'acme.example', application_id: application.id });
  await assert.rejects(client.applications.delete(application.id),
    (e) => e.status === 409 && e.code === 'in_use' && e.message.includes(domain.id));
  await client.domains.delete(domain.id);
  await client.applications.delete(application.id);
  const log = [];
  for await (const entry of client.auditLog.list()) log.push(`${entry.action} ${entry.kind}`);
  assert.deepEqual([...log].sort(), ['created account', 'created api_key', 'created application', 'created domain',
    'deleted application', 'deleted domain', 'updated application']);
});
