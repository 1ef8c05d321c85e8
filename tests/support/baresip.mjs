// baresip as a softphone: dials, says a file, keeps what it hears as a WAV.

import { spawn } from 'node:child_process';
import { mkdir, readFile, readdir, writeFile } from 'node:fs/promises';
import path from 'node:path';

/** A mono 16-bit WAV of 8 kHz with one sine. */
export function toneWav(hz, ms) {
  const samples = (8000 * ms) / 1000;
  const data = Buffer.alloc(44 + samples * 2);
  data.write('RIFF', 0);
  data.writeUInt32LE(36 + samples * 2, 4);
  data.write('WAVEfmt ', 8);
  data.writeUInt32LE(16, 16);
  data.writeUInt16LE(1, 20);
  data.writeUInt16LE(1, 22);
  data.writeUInt32LE(8000, 24);
  data.writeUInt32LE(16000, 28);
  data.writeUInt16LE(2, 32);
  data.writeUInt16LE(16, 34);
  data.write('data', 36);
  data.writeUInt32LE(samples * 2, 40);
  for (let i = 0; i < samples; ++i) data.writeInt16LE(Math.round(9000 * Math.sin((2 * Math.PI * hz * i) / 8000)), 44 + i * 2);
  return data;
}

/** Milliseconds of `hz` in a 16-bit WAV: blocks of 20 ms whose energy is mostly at that frequency (Goertzel). */
export function toneMs(wav, hz) {
  const rate = wav.readUInt32LE(24);
  const channels = wav.readUInt16LE(22);
  const block = Math.round(rate / 50);
  const coefficient = 2 * Math.cos((2 * Math.PI * hz) / rate);
  let ms = 0;
  for (let start = 44; start + block * 2 * channels <= wav.length; start += block * 2 * channels) {
    let s1 = 0;
    let s2 = 0;
    let energy = 0;
    for (let i = 0; i < block; ++i) {
      const x = wav.readInt16LE(start + i * 2 * channels);
      energy += x * x;
      [s1, s2] = [x + coefficient * s1 - s2, s1];
    }
    const power = (s1 * s1 + s2 * s2 - coefficient * s1 * s2) / (block / 2);
    if (energy / block > 10_000 && power > 0.5 * energy) ms += 20;
  }
  return ms;
}

/**
 * Dials `uri`, speaks `wav` and waits for the end of the call. Gives what baresip printed and the WAV of what it heard.
 * `settings` are further lines of its configuration.
 */
export async function callWithBaresip(server, uri, { wav, settings = [], commands = [] }) {
  const folder = path.join(server.folder, 'baresip');
  await mkdir(path.join(folder, 'heard'), { recursive: true });
  await writeFile(path.join(folder, 'says.wav'), wav);
  await writeFile(path.join(folder, 'accounts'), '<sip:+15550100@127.0.0.1>;regint=0\n');
  await writeFile(path.join(folder, 'contacts'), '');
  await writeFile(path.join(folder, 'config'), [
    'module_path /usr/lib/baresip/modules', 'sip_listen 127.0.0.1:0', 'net_interface 127.0.0.1',
    'module account.so', 'module g711.so', 'module aufile.so', 'module sndfile.so', 'module_app menu.so',
    `audio_source aufile,${path.join(folder, 'says.wav')}`, 'audio_player aufile,/dev/null',
    `snd_path ${path.join(folder, 'heard')}`, 'ausrc_srate 8000', 'auplay_srate 8000', ...settings, '',
  ].join('\n'));
  const child = spawn('baresip', ['-4', '-f', folder, '-e', `d ${uri}`, ...commands.flatMap((c) => ['-e', c]), '-t', '30'],
    { stdio: ['ignore', 'pipe', 'pipe'] });
  server.children.add(child);
  let output = '';
  const ended = new Promise((resolve) => {
    for (const stream of [child.stdout, child.stderr]) {
      stream.on('data', (data) => {
        output += data;
        if (/session closed|terminated|Connection reset/i.test(output)) resolve();
      });
    }
    child.once('exit', resolve);
  });
  await ended;
  const gone = new Promise((resolve) => child.once('exit', resolve));
  if (child.exitCode === null) {
    child.kill('SIGINT');
    await gone;
  }
  server.children.delete(child);
  const files = await readdir(path.join(folder, 'heard'));
  const heard = files.find((name) => name.includes('dec'));
  return { output, heard: heard && (await readFile(path.join(folder, 'heard', heard))) };
}
