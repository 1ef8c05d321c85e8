// RTP of a scripted phone: one PCMU stream that carries a tone and judges what it hears by frequency.

import { createSocket } from 'node:dgram';
import { randomBytes } from 'node:crypto';

const FRAME = 160;
const FRAME_MS = 20;

function muLaw(sample) {
  const sign = sample < 0 ? 0x80 : 0;
  const magnitude = Math.min(Math.abs(sample), 32_635) + 132;
  const exponent = Math.floor(Math.log2(magnitude)) - 7;
  return ~(sign | (exponent << 4) | ((magnitude >> (exponent + 3)) & 0x0f)) & 0xff;
}

const linear = Int16Array.from({ length: 256 }, (_, code) => {
  const bits = ~code & 0xff;
  const magnitude = ((((bits & 0x0f) << 3) + 132) << ((bits >> 4) & 7)) - 132;
  return bits & 0x80 ? -magnitude : magnitude;
});

/** The energy of a PCMU frame, and how much of it is at `hz` (Goertzel). */
function energies(payload, hz) {
  const coefficient = 2 * Math.cos((2 * Math.PI * hz) / 8000);
  let s1 = 0;
  let s2 = 0;
  let energy = 0;
  for (const code of payload) {
    const x = linear[code];
    energy += x * x;
    [s1, s2] = [x + coefficient * s1 - s2, s1];
  }
  return { energy, power: (s1 * s1 + s2 * s2 - coefficient * s1 * s2) / (payload.length / 2) };
}

/** Whether most of the energy of a PCMU frame is at `hz`. */
function carries(payload, hz) {
  const { energy, power } = energies(payload, hz);
  return energy / payload.length > 10_000 && power > 0.5 * energy;
}

/** Whether a PCMU frame holds `hz` beside others: a tone of at least about -36 dBm0 and a thirtieth of the energy. */
function contains(payload, hz) {
  const { energy, power } = energies(payload, hz);
  return power / payload.length > 60_000 && power > energy / 30;
}

export class ToneMedia {
  static async open() {
    const socket = createSocket('udp4');
    await new Promise((resolve) => socket.bind(0, '127.0.0.1', resolve));
    return new ToneMedia(socket);
  }

  constructor(socket) {
    this.socket = socket;
    this.port = socket.address().port;
    this.packets = 0;
    this.listeners = new Set();
    socket.on('message', (data) => {
      if (data.length < 12 + FRAME || (data[1] & 0x7f) !== 0) return;
      this.packets += 1;
      const payload = data.subarray(12, 12 + FRAME);
      for (const listener of this.listeners) listener(payload);
    });
    socket.on('error', () => {});
  }

  /** Session description of this stream. */
  sdp({ version = 1, direction = 'sendrecv' } = {}) {
    return ['v=0', `o=- 1 ${version} IN IP4 127.0.0.1`, 's=-', 'c=IN IP4 127.0.0.1', 't=0 0', `m=audio ${this.port} RTP/AVP 0 101`,
      'a=rtpmap:0 PCMU/8000', 'a=rtpmap:101 telephone-event/8000', 'a=fmtp:101 0-15', `a=${direction}`, ''].join('\r\n');
  }

  /** Speaks a tone towards what the far end's session description says, until `stop()`. */
  speak(hz, sdp) {
    this.stop();
    const port = Number(/m=audio (\d+)/.exec(sdp)[1]);
    let sequence = 1;
    let sent = 0;
    const ssrc = randomBytes(4);
    const began = performance.now();
    this.timer = setInterval(() => {
      for (; sent * FRAME_MS <= performance.now() - began; ++sent, ++sequence) {
        const packet = Buffer.alloc(12 + FRAME);
        packet[0] = 0x80;
        packet.writeUInt16BE(sequence & 0xffff, 2);
        packet.writeUInt32BE((sent * FRAME) >>> 0, 4);
        ssrc.copy(packet, 8);
        for (let i = 0; i < FRAME; ++i) {
          packet[12 + i] = muLaw(Math.round(9000 * Math.sin((2 * Math.PI * hz * (sent * FRAME + i)) / 8000)));
        }
        this.socket.send(packet, port, '127.0.0.1');
      }
    }, 10);
  }

  /** Resolves once `hz` was heard for `ms` from now on. */
  hears(hz, ms = 300, { timeoutMs = 8000 } = {}) {
    return new Promise((resolve, reject) => {
      let heard = 0;
      const began = this.packets;
      const done = (act) => {
        clearTimeout(timer);
        this.listeners.delete(listen);
        act();
      };
      const listen = (payload) => {
        if (carries(payload, hz)) heard += FRAME_MS;
        if (heard >= ms) done(resolve);
      };
      const timer = setTimeout(() => done(() => reject(new Error(
        `heard ${heard} of ${ms} ms at ${hz} Hz in ${this.packets - began} packets`))), timeoutMs);
      this.listeners.add(listen);
    });
  }

  /** Milliseconds of `hz` among the next `frames` packets. */
  share(hz, frames = 25) {
    return new Promise((resolve) => {
      let seen = 0;
      let heard = 0;
      const listen = (payload) => {
        if (carries(payload, hz)) heard += FRAME_MS;
        if (++seen < frames) return;
        this.listeners.delete(listen);
        resolve(heard);
      };
      this.listeners.add(listen);
    });
  }

  /** Which of the frequencies are in what is heard: those in at least half of the next `frames` packets. */
  spectrum(frequencies, frames = 15) {
    return new Promise((resolve) => {
      let seen = 0;
      const counts = new Map(frequencies.map((hz) => [hz, 0]));
      const listen = (payload) => {
        for (const hz of frequencies) if (contains(payload, hz)) counts.set(hz, counts.get(hz) + 1);
        if (++seen < frames) return;
        this.listeners.delete(listen);
        resolve(frequencies.filter((hz) => counts.get(hz) * 2 >= frames));
      };
      this.listeners.add(listen);
    });
  }

  stop() {
    clearInterval(this.timer);
  }

  close() {
    this.stop();
    this.socket.close();
  }
}
