// SIPp as a phone that is called.

import { createSocket } from 'node:dgram';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { ROOT, eventually, finishing } from './server.mjs';

async function freePort() {
  const probe = createSocket('udp4');
  await new Promise((resolve) => probe.bind(0, '127.0.0.1', resolve));
  const { port } = probe.address();
  await new Promise((resolve) => probe.close(resolve));
  return port;
}

/** Starts a scenario of tests/scenarios that waits to be called: `uri`, and `finished` as of `server.phone()`. It echoes RTP. */
export async function startSippCallee(server, scenario, { name = 'sipp', args = [] } = {}) {
  const [port, media] = [await freePort(), await freePort()];
  const child = finishing(server.spawn('sipp', ['-sf', path.join(ROOT, 'tests/scenarios', scenario), '-m', '1', '-i', '127.0.0.1', '-p', String(port),
    '-mi', '127.0.0.1', '-mp', String(media), '-rtp_echo', '-nostdin', '-timeout', '60', '-timeout_error', ...args], { env: { ...process.env, TERM: 'dumb' } }));
  child.uri = `sip:${name}@127.0.0.1:${port}`;
  // It says nothing when it is ready; then the system lists its socket. (To try the port would take it away.)
  const local = new RegExp(`: \\w+:${port.toString(16).toUpperCase().padStart(4, '0')} `);
  await eventually(async () => local.test(await readFile('/proc/net/udp', 'utf8')), { what: 'SIPp' });
  return child;
}
