// Answered and released calls a second, each with a WebSocket session of its own to an application process, and the CPU that
// the server spends on one; then the time from an operation's start on the control thread to its first RTP packet, as
// the server's own histogram has it. Load: `tandem load` on the same machine. Prints Markdown.

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFile, readdir } from 'node:fs/promises';
import path from 'node:path';
import { NUMBER, ROOT, TANDEM, TandemServer, finishing } from '../tests/support/server.mjs';

const cleanUps = [];
const t = { after: (f) => cleanUps.push(f) };

/** Resident KiB of a process. */
async function resident(pid) {
  return Number(/VmRSS:\s+(\d+)/.exec(await readFile(`/proc/${pid}/status`, 'utf8'))[1]);
}

/** CPU nanoseconds and sleeps (voluntary switches) by thread, summed over threads of one role (net-0, net-1: net). */
async function threads(pid) {
  const out = {};
  for (const tid of await readdir(`/proc/${pid}/task`)) {
    const [name, schedstat, status] = await Promise.all(['comm', 'schedstat', 'status'].map((f) =>
      readFile(`/proc/${pid}/task/${tid}/${f}`, 'utf8').catch(() => ''))); // A thread may end meanwhile.
    if (schedstat === '') continue;
    const role = name.trim().replace(/^tandem-/, '').replace(/-\d+$/, '');
    out[role] ??= { ns: 0, sleeps: 0 };
    out[role].ns += Number(schedstat.split(' ')[0]);
    out[role].sleeps += Number(/\nvoluntary_ctxt_switches:\s+(\d+)/.exec(status)[1]);
  }
  return out;
}

async function startApplication(mode) {
  const child = spawn('node', [path.join(ROOT, 'bench/application.mjs'), mode], { stdio: ['ignore', 'pipe', 'inherit'] });
  t.after(() => child.kill());
  const [line] = await once(child.stdout.setEncoding('utf8'), 'data');
  return line.trim();
}

async function load(server, args) {
  const child = finishing(spawn(TANDEM, ['load', `sip:${NUMBER}@${server.sip()}`, '--listen', '127.0.0.1:0', ...args],
    { stdio: ['ignore', 'pipe', 'pipe'] }));
  return child.finished;
}

async function callsPerSecond(rate, calls) {
  const server = await TandemServer.start(t, { log: { level: 'warn' } });
  await server.provision(await startApplication('release'));
  const pid = server.process.pid;
  await load(server, ['--rate', '50', '--calls', '50']); // Warm: caches, allocator, connections.
  const before = await threads(pid);
  const started = process.hrtime.bigint();
  const result = await load(server, ['--rate', String(rate), '--calls', String(calls)]);
  const seconds = Number(process.hrtime.bigint() - started) / 1e9;
  const after = await threads(pid);
  await server.stop('SIGINT');
  if (result.code !== 0) console.error(result.output);
  const share = Object.entries(after).map(([role, a]) => ({ role,
    ms: (a.ns - (before[role]?.ns ?? 0)) / 1e6 / calls, sleeps: (a.sleeps - (before[role]?.sleeps ?? 0)) / calls }));
  share.sort((x, y) => y.ms - x.ms);
  return { rate, calls, seconds, ok: result.code === 0, share, ms: share.reduce((sum, t) => sum + t.ms, 0) };
}

/** Quantile out of a Prometheus histogram's text: between the bounds of the bucket that holds it, as if it were filled evenly. */
function quantile(text, name, q) {
  const buckets = [...text.matchAll(new RegExp(`^${name}_bucket\\{(?:[^}]*,)?le="([^"]+)"\\} (\\d+)`, 'gm'))].map((m) => [Number(m[1].replace('+Inf', 'Infinity')), Number(m[2])]);
  const total = buckets.at(-1)?.[1] ?? 0;
  const at = buckets.findIndex(([, n]) => n >= q * total);
  if (total === 0) return { total };
  const [low, before] = at === 0 ? [0, 0] : buckets[at - 1];
  const [bound, n] = buckets[at];
  return { total, bound, value: bound === Infinity ? low : low + ((bound - low) * (q * total - before)) / (n - before) };
}

async function latencyAndMemory(calls) {
  const server = await TandemServer.start(t, { log: { level: 'warn' } });
  await server.provision(await startApplication('talk'));
  const pid = server.process.pid;
  await load(server, ['--rate', '20', '--calls', '20', '--hold', '500']);
  const before = await resident(pid);
  const running = load(server, ['--rate', '100', '--calls', String(calls), '--hold', '20000']);
  await new Promise((resolve) => setTimeout(resolve, (calls / 100) * 1000 + 8_000));
  const during = await resident(pid);
  const metrics = await (await fetch(`${server.http}/metrics`)).text();
  const result = await running;
  await server.stop('SIGINT');
  if (result.code !== 0) console.error(result.output);
  return { calls, kib: (during - before) / calls, metrics };
}

console.log('\n### Signalling: answered and released calls, each with a WebSocket session of its own\n');
console.log('| calls/s offered | calls | all answered | CPU of the server per call, ms | against the target of 0.6 ms |');
console.log('|---|---|---|---|---|');
const shares = [];
for (const rate of [100, 300]) {
  const r = await callsPerSecond(rate, rate * 10);
  console.log(`| ${r.rate} | ${r.calls} | ${r.ok ? 'yes' : 'NO'} | ${r.ms.toFixed(2)} | ${(r.ms / 0.6).toFixed(2)} |`);
  for (const t of r.share.filter((s) => s.ms >= 0.005)) shares.push(`| ${r.rate} | ${t.role} | ${t.ms.toFixed(3)} | ${t.sleeps.toFixed(1)} |`);
}
console.log('\n| calls/s | thread | CPU per call, ms | sleeps per call |\n|---|---|---|---|');
console.log(shares.join('\n'));
const talk = await latencyAndMemory(500);
console.log('\n### Operation latency and memory at 500 calls\n');
console.log('| | |\n|---|---|');
for (const q of [0.5, 0.99]) {
  const { total, bound, value } = quantile(talk.metrics, 'tandem_play_start_seconds', q);
  console.log(`| start of the operation to its first RTP packet, p${q * 100} (${total} operations) | ${value === undefined ? 'not measured' : `${(value * 1000).toFixed(1)} ms (interpolated; at most ${(bound * 1000).toFixed(0)} ms)`} |`);
}
console.log(`| memory per answered call, session included | ${talk.kib.toFixed(0)} KiB |`);
for (const f of cleanUps.reverse()) await f();
