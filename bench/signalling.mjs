// Answered and released calls a second, each with a WebSocket session of its own to an application process, and the CPU that
// the server spends on one; the same of calls that are bridged with a dialled one; then the time from an operation's frame to
// its first RTP packet, as the server's own histogram has it. Load: `tandem load` on the same machine, SIPp as the far end.
// Beside the first table stands what a bare program needs for the system calls of such a call (signalling_floor).
// Prints Markdown. Environment: BENCH_RATES, BENCH_BRIDGE_RATES (calls a second, comma between; empty: none), BENCH_NET_THREADS
// (net.threads of the server), BENCH_CALLS=0 for no latency and memory.

import { spawn } from 'node:child_process';
import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { readFile, readdir } from 'node:fs/promises';
import path from 'node:path';
import { NUMBER, ROOT, TANDEM, TandemServer, finishing } from '../tests/support/server.mjs';

const FLOOR = path.join(ROOT, 'build/release/bench/signalling/signalling_floor');
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

async function startApplication(...mode) {
  const child = spawn('node', [path.join(ROOT, 'bench/application.mjs'), ...mode], { stdio: ['ignore', 'pipe', 'inherit'] });
  t.after(() => child.kill());
  const [line] = await once(child.stdout.setEncoding('utf8'), 'data');
  const application = { url: line.trim(), failures: 0 }; // Failed operations, one a line.
  child.stdout.on('data', (text) => (application.failures += text.split('failed').length - 1));
  return application;
}

async function load(server, args) {
  const child = finishing(spawn(TANDEM, ['load', `sip:${NUMBER}@${server.sip()}`, '--listen', '127.0.0.1:0', ...args],
    { stdio: ['ignore', 'pipe', 'pipe'] }));
  return child.finished;
}

/** A port that was free a moment ago: SIPp takes no port 0. */
async function freePort() {
  const socket = createSocket('udp4').bind(0, '127.0.0.1');
  await once(socket, 'listening');
  const { port } = socket.address();
  await new Promise((resolve) => socket.close(resolve));
  return port;
}

/** SIPp answering every call; its SIP URI. */
async function startFarEnd() {
  const port = await freePort();
  const child = spawn('sipp', ['-sn', 'uas', '-i', '127.0.0.1', '-p', String(port), '-nostdin'],
    { stdio: 'ignore', env: { ...process.env, TERM: 'dumb' } });
  t.after(() => child.kill('SIGKILL'));
  return `sip:far@127.0.0.1:${port}`;
}

async function callsPerSecond(rate, calls, ...mode) {
  const netThreads = process.env.BENCH_NET_THREADS;
  const server = await TandemServer.start(t, {
    log: { level: 'warn' }, ...(netThreads === undefined ? {} : { net: { threads: Number(netThreads), allowed_addresses: ['127.0.0.0/8'] } }) });
  const application = await startApplication(...mode);
  await server.provision(application.url);
  const pid = server.process.pid;
  await load(server, ['--rate', String(Math.min(rate, 50)), '--calls', '50']); // Warm: caches, allocator, connections.
  const before = await threads(pid);
  const started = process.hrtime.bigint();
  const result = await load(server, ['--rate', String(rate), '--calls', String(calls)]);
  const seconds = Number(process.hrtime.bigint() - started) / 1e9;
  const after = await threads(pid);
  await server.stop('SIGINT');
  if (result.code !== 0) console.error(result.output);
  if (application.failures > 0) console.error(`${application.failures} operations failed`);
  const share = Object.entries(after).map(([role, a]) => ({ role,
    ms: (a.ns - (before[role]?.ns ?? 0)) / 1e6 / calls, sleeps: (a.sleeps - (before[role]?.sleeps ?? 0)) / calls }));
  share.sort((x, y) => y.ms - x.ms);
  return { rate, calls, seconds, ok: result.code === 0 && application.failures === 0, share, ms: share.reduce((sum, t) => sum + t.ms, 0) };
}

/** Quantile out of a Prometheus histogram's text: the upper bound of the bucket that holds it. */
function quantile(text, name, q) {
  const buckets = [...text.matchAll(new RegExp(`^${name}_bucket\\{[^}]*le="([^"]+)"\\} (\\d+)`, 'gm'))].map((m) => [m[1], Number(m[2])]);
  const total = buckets.at(-1)?.[1] ?? 0;
  return { total, bound: buckets.find(([, n]) => n >= q * total)?.[0] };
}

async function latencyAndMemory(calls) {
  const server = await TandemServer.start(t, { log: { level: 'warn' } });
  await server.provision((await startApplication('talk')).url);
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

/** One table of calls a second and CPU, and one by thread. */
async function table(title, rates, targetMs, ...mode) {
  console.log(`\n### Signalling: ${title}\n`);
  console.log(`| calls/s offered | calls | all as expected | calls/s done | CPU of the server per call, ms | against the target of ${targetMs} ms |`);
  console.log('|---|---|---|---|---|---|');
  const shares = [];
  for (const rate of rates) {
    const r = await callsPerSecond(rate, rate * 10, ...mode);
    console.log(`| ${r.rate} | ${r.calls} | ${r.ok ? 'yes' : 'NO'} | ${(r.calls / r.seconds).toFixed(0)} | ${r.ms.toFixed(2)} | ${(r.ms / targetMs).toFixed(2)} |`);
    for (const t of r.share.filter((s) => s.ms >= 0.005)) shares.push(`| ${r.rate} | ${t.role} | ${t.ms.toFixed(3)} | ${t.sleeps.toFixed(1)} |`);
  }
  console.log('\n| calls/s | thread | CPU per call, ms | sleeps per call |\n|---|---|---|---|');
  console.log(shares.join('\n'));
}

/** The bare program's table: what no server on this machine can be below. */
async function floorTable(rates) {
  console.log('\n| calls/s | bare program with the same packets, frames and sockets, CPU per call |\n|---|---|');
  for (const rate of rates) {
    const child = finishing(spawn(FLOOR, [String(rate), String(rate * 5)], { stdio: ['ignore', 'pipe', 'pipe'] }));
    const { code, output } = await child.finished;
    console.log(`| ${rate} | ${code === 0 ? /([\d.]+) ms/.exec(output)[0] : `failed: ${output.trim()}`} |`);
  }
}

async function latencyTable() {
  const talk = await latencyAndMemory(500);
  console.log('\n### Operation latency and memory at 500 calls\n');
  console.log('| | |\n|---|---|');
  for (const q of [0.5, 0.99]) {
    const { total, bound } = quantile(talk.metrics, 'tandem_play_start_seconds', q);
    console.log(`| frame to first RTP packet, p${q * 100}, at most (${total} operations) | ${bound === undefined ? 'not measured' : (bound * 1000).toFixed(0) + ' ms'} |`);
  }
  console.log(`| memory per answered call, session included | ${talk.kib.toFixed(0)} KiB |`);
}

const rates = (name, fallback) => (process.env[name] ?? fallback).split(',').filter(Boolean).map(Number);
const single = rates('BENCH_RATES', '100,300');
const bridged = rates('BENCH_BRIDGE_RATES', '50,150');
if (single.length > 0) await table('answered and released calls, each with a WebSocket session of its own', single, 0.6, 'release');
if (single.length > 0) await floorTable(single);
// A set-up is two legs and a session; each is also a dial, so calls/s done are dial set-ups a second.
if (bridged.length > 0) await table('calls bridged with a dialled one and released, with a session', bridged, 1, 'bridge', await startFarEnd());
if (process.env.BENCH_CALLS !== '0') await latencyTable();
for (const f of cleanUps.reverse()) await f();
