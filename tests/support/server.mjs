// The real program as a test fixture: a server on free ports with its own data folder, an account, an application and a
// number; phones and SIPp beside it. Everything that a test starts is ended by its pid when the test ends.

import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm, writeFile, mkdir } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

export const ROOT = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '../..');
export const TANDEM = process.env.TANDEM_BINARY ?? path.join(ROOT, 'build/release/tandem');
export const NUMBER = '+15550199';
const run = promisify(execFile);

/** Waits until `check` gives something truthy; the test's own clock bounds it. */
export async function eventually(check, { timeoutMs = 10_000, stepMs = 20, what = 'the condition' } = {}) {
  const end = Date.now() + timeoutMs;
  for (;;) {
    const value = await check();
    if (value) return value;
    if (Date.now() > end) throw new Error(`${what} did not come within ${timeoutMs} ms`);
    await new Promise((resolve) => setTimeout(resolve, stepMs));
  }
}

/** A TOML text out of nested plain objects (numbers, booleans, strings, arrays of strings). */
function toml(settings) {
  const scalar = (v) => (Array.isArray(v) ? `[${v.map(scalar).join(', ')}]` : JSON.stringify(v));
  const top = Object.entries(settings).filter(([, v]) => typeof v !== 'object' || Array.isArray(v));
  const tables = Object.entries(settings).filter(([, v]) => typeof v === 'object' && !Array.isArray(v));
  const lines = top.map(([k, v]) => `${k} = ${scalar(v)}`);
  for (const [name, table] of tables) {
    lines.push(`\n[${name}]`, ...Object.entries(table).map(([k, v]) => `${k} = ${scalar(v)}`));
  }
  return lines.join('\n') + '\n';
}

function merged(a, b) {
  const out = { ...a };
  for (const [k, v] of Object.entries(b)) {
    out[k] = typeof v === 'object' && !Array.isArray(v) ? merged(out[k] ?? {}, v) : v;
  }
  return out;
}

export class TandemServer {
  /** Starts a server and ends it with test `t`. `settings` are merged over the defaults below. */
  static async start(t, settings = {}) {
    const folder = await mkdtemp(path.join(tmpdir(), 'tandem-test-'));
    const server = new TandemServer(folder);
    await mkdir(path.join(folder, 'data'));
    await writeFile(server.config, toml(merged({
      data_dir: path.join(folder, 'data'),
      log: { file: path.join(folder, 'tandem.log'), level: 'debug' },
      sip: { listen: ['udp:127.0.0.1:0', 'tcp:127.0.0.1:0'] },
      http: { listen: '127.0.0.1:0' },
      net: { allowed_addresses: ['127.0.0.0/8'] },
    }, settings)));
    t.after(() => server.cleanUp());
    await server.launch();
    return server;
  }

  constructor(folder) {
    this.folder = folder;
    this.config = path.join(folder, 'tandem.toml');
    this.children = new Set();
  }

  /** Starts the process (again) on the same folder and waits until it is ready. */
  async launch() {
    this.process = this.spawn(TANDEM, ['serve', '--config', this.config]);
    for await (const line of createInterface({ input: this.process.stdout })) {
      if (!line.startsWith('{')) continue;
      const ready = JSON.parse(line);
      if (!ready.ready) continue;
      this.ready = ready;
      this.process.stdout.resume();
      return;
    }
    throw new Error(`the server did not start: ${await this.log()}`);
  }

  /** host:port of a SIP transport. */
  sip(transport = 'udp') {
    return this.ready.sip.find((a) => a.transport === transport).address;
  }

  get http() {
    return `http://${this.ready.http}`;
  }

  spawn(command, args, options = {}) {
    const child = spawn(command, args, { stdio: ['ignore', 'pipe', 'pipe'], ...options });
    this.children.add(child);
    child.once('exit', () => this.children.delete(child));
    child.stderr?.resume();
    return child;
  }

  /** `tandem admin`: the objects that it printed. */
  async admin(...args) {
    const { stdout } = await run(TANDEM, ['admin', '--config', this.config, ...args, '--json']);
    return stdout.split('\n').filter(Boolean).map((line) => JSON.parse(line));
  }

  /** An account with an application at `url` and a number that leads to it. */
  async provision(url, { did = NUMBER, fallbackUrl, secret, name = 'test' } = {}) {
    const [account] = await this.admin('account', 'create', '--name', name, ...(secret ? ['--webhook-secret', secret] : []));
    const [application] = await this.admin('application', 'create', '--account', account.id, '--name', name, '--url', url,
      ...(fallbackUrl ? ['--fallback-url', fallbackUrl] : []));
    const [number] = await this.admin('number', 'create', '--account', account.id, '--application', application.id, '--did', did);
    return { account, application, number };
  }

  /** The CDRs, newest first, once there are at least `count`. */
  async cdrs(count = 1) {
    return eventually(async () => {
      const cdrs = await this.admin('cdrs', '--limit', '100');
      return cdrs.length >= count && cdrs;
    }, { what: `${count} CDRs` });
  }

  /** Runs `tandem phone` to its end: exit code, what it printed, and its time line as objects. */
  async phone(args, options) {
    return this.startPhone(args, options).finished;
  }

  startPhone(args, { transport = 'udp', number = NUMBER, listen = '127.0.0.1:0' } = {}) {
    const child = this.spawn(TANDEM, ['phone', `sip:${number}@${this.sip(transport)}`, '--listen', listen,
      '--transport', transport, '--from', '+15550100', '--timeout', '60', ...args]);
    return finishing(child);
  }

  /** Runs SIPp with a scenario of tests/scenarios against the server. */
  async sipp(scenario, { transport = 'udp', calls = 1, args = [] } = {}) {
    const file = path.join(ROOT, 'tests/scenarios', scenario);
    const child = this.spawn('sipp', [this.sip(transport), '-sf', file, '-s', NUMBER, '-m', String(calls), '-i', '127.0.0.1',
      '-t', transport === 'tcp' ? 't1' : 'u1', '-nostdin', '-timeout', '60', '-timeout_error', '-trace_err',
      '-error_file', path.join(this.folder, 'sipp-errors.log'), ...args], { env: { ...process.env, TERM: 'dumb' } });
    const result = await finishing(child).finished;
    if (result.code !== 0) {
      result.output += await readFile(path.join(this.folder, 'sipp-errors.log'), 'utf8').catch(() => '');
    }
    return result;
  }

  async log() {
    return readFile(path.join(this.folder, 'tandem.log'), 'utf8').catch(() => '');
  }

  async stop(signal = 'SIGTERM') {
    const child = this.process;
    if (child.exitCode !== null || child.signalCode !== null) return;
    const exited = once(child, 'exit');
    child.kill(signal);
    await exited;
  }

  async cleanUp() {
    for (const child of this.children) child.kill('SIGKILL');
    await Promise.all([...this.children].map((child) => once(child, 'exit')));
    if (process.env.TANDEM_KEEP === undefined) await rm(this.folder, { recursive: true, force: true });
    else console.error(`kept ${this.folder}`);
  }
}

/** A self-signed certificate for 127.0.0.1 in PEM files, removed with test `t`. */
export async function makeCertificate(t) {
  const folder = await mkdtemp(path.join(tmpdir(), 'tandem-cert-'));
  t.after(() => rm(folder, { recursive: true, force: true }));
  const cert = path.join(folder, 'cert.pem');
  const key = path.join(folder, 'key.pem');
  await run('openssl', ['req', '-x509', '-newkey', 'rsa:2048', '-nodes', '-days', '2', '-subj', '/CN=127.0.0.1',
    '-addext', 'subjectAltName=IP:127.0.0.1', '-keyout', key, '-out', cert]);
  return { cert, key };
}

/** Waits until a child process has printed `text`. */
export function printed(child, text) {
  let seen = '';
  return new Promise((resolve) => {
    child.stdout.on('data', (data) => {
      seen += data;
      if (seen.includes(text)) resolve();
    });
  });
}

/** Adds `finished` to a child process: its exit code and all that it printed. */
export function finishing(child) {
  let output = '';
  for (const stream of [child.stdout, child.stderr]) stream?.on('data', (data) => (output += data));
  child.finished = once(child, 'close').then(([code]) => ({ code, output }));
  return child;
}
