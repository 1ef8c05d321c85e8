// WAV files as tests look at them: channels as samples, judged by tone.

export function readWav(bytes) {
  const text = (at) => bytes.toString('latin1', at, at + 4);
  if (text(0) !== 'RIFF' || text(8) !== 'WAVE') throw new Error('no WAV file');
  const channels = bytes.readUInt16LE(22);
  const rate = bytes.readUInt32LE(24);
  const length = bytes.readUInt32LE(40);
  if (44 + length !== bytes.length) throw new Error(`the header says ${length} bytes of audio, there are ${bytes.length - 44}`);
  const samples = Array.from({ length: channels }, () => new Float64Array(length / 2 / channels));
  for (let i = 0; i < samples[0].length; ++i) {
    for (let c = 0; c < channels; ++c) samples[c][i] = bytes.readInt16LE(44 + 2 * (i * channels + c));
  }
  return new Wav(rate, samples);
}

class Wav {
  constructor(rate, channels) {
    this.rate = rate;
    this.channels = channels;
  }

  get ms() {
    return (this.channels[0].length * 1000) / this.rate;
  }

  /** Frames of 20 ms of the channel whose energy is mostly at `hz`, as [first, last] in ms and their share of what lies between. */
  tone(channel, hz) {
    const frame = this.rate / 50;
    const at = [];
    for (let f = 0; (f + 1) * frame <= this.channels[channel].length; ++f) {
      if (carries(this.channels[channel].subarray(f * frame, (f + 1) * frame), hz, this.rate)) at.push(f * 20);
    }
    if (at.length === 0) return { ms: 0, from: -1, to: -1, share: 0 };
    const [from, to] = [at[0], at.at(-1) + 20];
    return { ms: at.length * 20, from, to, share: (at.length * 20) / (to - from) };
  }
}

function carries(pcm, hz, rate) {
  const coefficient = 2 * Math.cos((2 * Math.PI * hz) / rate);
  let [s1, s2, energy] = [0, 0, 0];
  for (const x of pcm) {
    energy += x * x;
    [s1, s2] = [x + coefficient * s1 - s2, s1];
  }
  const power = (s1 * s1 + s2 * s2 - coefficient * s1 * s2) / (pcm.length / 2);
  return energy / pcm.length > 10_000 && power > 0.5 * energy;
}
