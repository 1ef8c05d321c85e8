// baresip under control: registers, dials, answers, transfers; what it hears is kept as a WAV.

import { spawn } from 'node:child_process';
import { mkdir, readFile, readdir, writeFile } from 'node:fs/promises';
import { connect, createServer } from 'node:net';
import path from 'node:path';
import { eventually } from './server.mjs';
import { toneWav } from './baresip.mjs';

async function freePort() {
  const probe = createServer();
  await new Promise((resolve) => probe.listen(0, '127.0.0.1', resolve));
  const { port } = probe.address();
  await new Promise((resolve) => probe.close(resolve));
  return port;
}

/** Its control socket speaks netstrings of JSON. */
async function control(port) {
  for (let tries = 0; ; ++tries) {
    const socket = connect(port, '127.0.0.1');
    const up = await new Promise((resolve) => socket.once('connect', () => resolve(true)).once('error', () => resolve(false)));
    if (up) return socket;
    if (tries > 200) throw new Error('baresip does not listen for commands');
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

/**
 * Starts baresip with one account. `address` is user@domain; `server` the SIP address of the server, which serves as its
 * outbound proxy. Speaks a tone of `hz`.
 */
export async function startSoftphone(t, server, { address, password, transport = 'udp', hz = 500, register = true, answer = true }) {
  const folder = path.join(server.folder, `baresip-${address.replace(/\W/g, '-')}-${transport}`);
  await mkdir(path.join(folder, 'heard'), { recursive: true });
  await writeFile(path.join(folder, 'says.wav'), toneWav(hz, 20_000));
  const proxy = `sip:${server.sip(transport)};transport=${transport}`;
  await writeFile(path.join(folder, 'accounts'), [`<sip:${address};transport=${transport}>`, `auth_pass=${password}`, `outbound="${proxy}"`,
    `regint=${register ? 600 : 0}`, `answermode=${answer ? 'auto' : 'manual'}`].join(';') + '\n');
  await writeFile(path.join(folder, 'contacts'), '');
  const port = await freePort();
  const sipPort = await freePort();
  await writeFile(path.join(folder, 'config'), [
    'module_path /usr/lib/baresip/modules', `sip_listen 127.0.0.1:${sipPort}`, 'net_interface 127.0.0.1', 'module account.so', 'module g711.so',
    'module aufile.so', 'module sndfile.so', 'module_app ctrl_tcp.so', 'module_app menu.so', `ctrl_tcp_listen 127.0.0.1:${port}`,
    `audio_source aufile,${path.join(folder, 'says.wav')}`, 'audio_player aufile,/dev/null', `snd_path ${path.join(folder, 'heard')}`,
    'ausrc_srate 8000', 'auplay_srate 8000', '',
  ].join('\n'));
  const child = spawn('baresip', ['-4', '-f', folder, '-t', '60'], { stdio: ['ignore', 'pipe', 'pipe'] });
  server.children.add(child);
  child.once('exit', () => server.children.delete(child));
  const phone = { output: '', events: [], uri: `sip:${address.split('@')[0]}@127.0.0.1:${sipPort};transport=${transport}` };
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (data) => (phone.output += data));
  const socket = await control(port);
  socket.on('error', () => {});
  t.after(() => socket.destroy());
  const waiting = new Set();
  let text = '';
  socket.on('data', (data) => {
    text += data.toString('latin1');
    for (let colon; (colon = text.indexOf(':')) > 0 && text.length >= colon + 2 + Number(text.slice(0, colon));) {
      const length = Number(text.slice(0, colon));
      phone.events.push(JSON.parse(text.slice(colon + 1, colon + 1 + length)));
      text = text.slice(colon + 2 + length);
      for (const look of waiting) look();
    }
  });

  /** The first event of this type, past or to come. */
  phone.event = (type, { timeoutMs = 8000 } = {}) => new Promise((resolve, reject) => {
    const timer = setTimeout(() => {
      waiting.delete(look);
      reject(new Error(`baresip has no ${type}: ${phone.events.map((e) => e.type).join(' ')}\n${phone.output}`));
    }, timeoutMs);
    const look = () => {
      const found = phone.events.find((e) => e.type === type);
      if (!found) return;
      clearTimeout(timer);
      waiting.delete(look);
      resolve(found);
    };
    waiting.add(look);
    look();
  });
  /** It may register before anybody listens to its events. */
  phone.registered = () => eventually(() => /200 OK .*\[\d+ binding/.test(phone.output), { what: 'the registration' });
  phone.command = (command, params = '') => {
    const message = JSON.stringify({ command, params, token: 'test' });
    socket.write(`${message.length}:${message},`);
  };
  /** Ends it; gives the WAVs of what it heard, one a call. */
  phone.stop = async () => {
    const gone = new Promise((resolve) => child.once('exit', resolve));
    if (child.exitCode === null) {
      child.kill('SIGINT');
      await gone;
    }
    const files = await readdir(path.join(folder, 'heard'));
    return Promise.all(files.filter((name) => name.includes('dec')).map((name) => readFile(path.join(folder, 'heard', name))));
  };
  return phone;
}
