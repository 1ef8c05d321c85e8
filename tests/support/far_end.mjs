// Phones that wait to be called, API keys, and a proxy whose connections can be cut.

import { connect, createServer } from 'node:net';
import { TANDEM, eventually, finishing } from './server.mjs';

/** A phone that waits for a call: `uri` to dial, `finished` as of `server.phone()`. */
export async function startFarEnd(server, args, { name = 'desk' } = {}) {
  const child = finishing(server.spawn(TANDEM, ['phone', '--answer', '--listen', '127.0.0.1:0', '--timeout', '60', ...args]));
  let output = '';
  const address = await new Promise((resolve, reject) => {
    child.stdout.on('data', (data) => {
      output += data;
      const found = /listening on (\S+) \(udp\)/.exec(output);
      if (found) resolve(found[1]);
    });
    child.once('exit', () => reject(new Error(`the phone did not start: ${output}`)));
  });
  child.uri = `sip:${name}@${address}`;
  /** Waits until it has printed `text`, also before now. */
  child.said = (text) => new Promise((resolve) => {
    const look = () => output.includes(text) && resolve();
    child.stdout.on('data', look);
    look();
  });
  return child;
}

/** A bearer token of `account` with these scopes. */
export async function apiKey(server, account, scopes = ['admin']) {
  const [key] = await server.admin('api-key', 'create', '--account', account.id, '--name', 'test', ...scopes.flatMap((s) => ['--scope', s]));
  // The server sees what the shell has written within store.rules_poll_ms.
  const url = `${server.http}/v1/Accounts/${account.id}/Sessions`;
  await eventually(async () => (await fetch(url, { headers: { authorization: `Bearer ${key.token}` } })).status !== 401,
    { what: 'the key to be known' });
  return key.token;
}

/** A TCP proxy before `target` (host:port): `url`, and `cut()` which breaks what is connected. */
export async function startProxy(t, target) {
  const [host, port] = target.split(':');
  const pairs = new Set();
  const proxy = createServer((near) => {
    const far = connect(Number(port), host);
    const pair = [near, far];
    pairs.add(pair);
    for (const [from, to] of [[near, far], [far, near]]) {
      from.pipe(to);
      from.on('error', () => {});
      from.on('close', () => {
        to.destroy();
        pairs.delete(pair);
      });
    }
  });
  await new Promise((resolve) => proxy.listen(0, '127.0.0.1', resolve));
  const cut = () => {
    for (const pair of pairs) for (const socket of pair) socket.resetAndDestroy();
  };
  t.after(() => {
    cut();
    return new Promise((resolve) => proxy.close(resolve));
  });
  return { url: `http://127.0.0.1:${proxy.address().port}`, cut };
}
