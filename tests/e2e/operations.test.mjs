// What an operator meets: health, metrics, a crash, a drain, wrong settings, overload, limits, IPv6, wss.

import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { once } from 'node:events';
import { readFile, writeFile } from 'node:fs/promises';
import { createServer } from 'node:https';
import path from 'node:path';
import { test } from 'node:test';
import { promisify } from 'node:util';
import { sdk, startApplication } from '../support/application.mjs';
import { NUMBER, TANDEM, TandemServer, eventually, finishing, makeCertificate, printed } from '../support/server.mjs';

const tone = (hz, ms) => ({ sources: [{ tone: { frequencies_hz: [hz], duration_ms: ms } }] });
const longCall = async (call) => {
  await call.answer();
  await call.play(tone(440, 60_000));
};

test('health plays a digit through the media engine; metrics are Prometheus text', async (t) => {
  const server = await TandemServer.start(t);
  const health = await fetch(`${server.http}/health`);
  assert.equal(health.status, 200);
  assert.match((await health.json()).media.detail, /digit heard after \d+ ms/);
  const metrics = await (await fetch(`${server.http}/metrics`)).text();
  assert.match(metrics, /^tandem_sessions 0$/m);
  assert.match(metrics, /^# TYPE tandem_media_packets_sent_total counter$/m);
  assert.equal((await fetch(`${server.http}/nothing`)).status, 404);
  assert.equal((await fetch(`${server.http}/health`, { method: 'POST' })).status, 405);
});

test('killed in the middle of a call, the next life closes its books', async (t) => {
  const server = await TandemServer.start(t);
  const application = await startApplication(t, longCall);
  await server.provision(application.url);
  const phone = server.startPhone(['--wait-for-audio', '--hangup-after', '30']);
  await printed(phone, 'hears audio');
  await server.stop('SIGKILL');
  phone.kill();
  await server.launch();
  const [cdr] = await server.cdrs();
  assert.equal(cdr.reason, 'node_lost');
  assert.equal(cdr.party, 'platform');
  assert.equal(cdr.to, NUMBER);
  await server.stop('SIGKILL');
  await server.launch();
  assert.equal((await server.cdrs()).length, 1, 'closed once');
});

test('SIGTERM drains: calls go on, new ones get 503, and it ends with the last call', async (t) => {
  const server = await TandemServer.start(t);
  let draining = false;
  const application = await startApplication(t, async (call) => {
    call.session.on('draining', () => (draining = true));
    await longCall(call);
  });
  await server.provision(application.url);
  const phone = server.startPhone(['--wait-for-audio', '--pause', '1500', '--hangup-after', '0.1']);
  await printed(phone, 'hears audio');
  const exited = once(server.process, 'exit');
  server.process.kill('SIGTERM');
  await eventually(() => draining, { what: 'session.draining' });
  const refused = await server.phone(['--expect-code', '503']);
  assert.equal(refused.code, 0, refused.output);
  const { code, output } = await phone.finished;
  assert.equal(code, 0, output);
  const [exitCode] = await exited;
  assert.equal(exitCode, 0);
  const cdrs = await server.admin('cdrs');
  assert.deepEqual(cdrs.map((c) => [c.sip_code, c.party]).sort(), [[200, 'caller'], [503, 'platform']], 'the refused one is in the books too');
});

test('a settings file with a typo is refused with what was meant', async (t) => {
  const server = await TandemServer.start(t);
  const file = path.join(server.folder, 'typo.toml');
  await writeFile(file, '[sip]\nlissen = ["udp:127.0.0.1:0"]\n[media]\nport_min = "many"\n');
  const child = finishing(server.spawn(TANDEM, ['serve', '--config', file]));
  const { code, output } = await child.finished;
  assert.equal(code, 1);
  assert.match(output, /typo\.toml:2: sip\.lissen: .*sip\.listen/);
  assert.match(output, /typo\.toml:4: media\.port_min: /, 'all errors at once');
});

test('two servers do not share one folder', async (t) => {
  const server = await TandemServer.start(t);
  const second = finishing(server.spawn(TANDEM, ['serve', '--config', server.config]));
  const { code, output } = await second.finished;
  assert.equal(code, 1);
  assert.match(output, /data_dir/);
});

test('above the configured rate callers get 503 and the call that is up is not touched', async (t) => {
  const server = await TandemServer.start(t, { sip: { max_invites_per_second: 2 } });
  const application = await startApplication(t, longCall);
  await server.provision(application.url);
  const first = server.startPhone(['--expect-tone', '440:1500', '--pause', '2500', '--hangup-after', '0.1']);
  await printed(first, '200 OK');
  const others = await Promise.all(Array.from({ length: 8 }, () => server.phone(['--hangup-after', '0.1'])));
  assert.ok(others.some(({ output }) => output.includes('503')), 'somebody was refused');
  const { code, output } = await first.finished;
  assert.equal(code, 0, output);
});

test('IPv6', async (t) => {
  const server = await TandemServer.start(t, { sip: { listen: ['udp:[::1]:0'] }, media: { addresses: ['::1'] } });
  const application = await startApplication(t, async (call) => {
    await call.answer();
    await call.play(tone(880, 1000));
  });
  await server.provision(application.url);
  const { code, output } = await server.phone(['--expect-tone', '880:600'], { listen: '[::1]:0' });
  assert.equal(code, 0, output);
  const [cdr] = await server.cdrs();
  assert.match(cdr.source, /^\[::1\]:/);
});

test('an application behind wss: its certificate is checked', async (t) => {
  const { cert, key } = await makeCertificate(t);
  const https = createServer({ cert: await readFile(cert), key: await readFile(key) });
  const secret = 'b'.repeat(64);
  const app = new sdk.TandemApp({ secret, path: '/voice' });
  app.onCall(async (call) => {
    await call.answer();
  });
  app.attach(https);
  await new Promise((resolve) => https.listen(0, '127.0.0.1', resolve));
  t.after(() => app.close().then(() => https.close()));
  const url = `wss://127.0.0.1:${https.address().port}/voice`;

  const trusting = await TandemServer.start(t, { net: { ca_file: cert } });
  await trusting.provision(url, { secret });
  const taken = await trusting.phone([]);
  assert.equal(taken.code, 0, taken.output);

  const strict = await TandemServer.start(t);
  await strict.provision(url, { secret });
  const refused = await strict.phone(['--expect-code', '480']);
  assert.equal(refused.code, 0, refused.output);
  const [cdr] = await strict.cdrs();
  assert.equal(cdr.reason, 'app_unreachable');
});

test('an application address that the operator does not allow is not dialled', async (t) => {
  const server = await TandemServer.start(t, { net: { allowed_addresses: [] } });
  const application = await startApplication(t, longCall);
  await server.provision(application.url);
  const { code, output } = await server.phone(['--expect-code', '480']);
  assert.equal(code, 0, output);
  assert.equal(application.calls.length, 0);
});

test('check prints capabilities and explains settings', async () => {
  const run = promisify(execFile);
  const { stdout } = await run(TANDEM, ['check', '--capabilities']);
  assert.ok(stdout.split('\n').includes('call.prompt'));
  assert.ok(!stdout.includes('call.detect'));
  const settings = await run(TANDEM, ['check', '--settings']);
  assert.match(settings.stdout, /sip\.listen/);
});
