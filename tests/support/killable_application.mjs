// An application as a process of its own, to be killed and started again on the same port.

import path from 'node:path';
import { ROOT } from './server.mjs';

const { TandemApp } = await import(path.join(ROOT, 'sdk/node/dist/src/index.js'));
const tone = (hz, ms) => ({ sources: [{ tone: { frequencies_hz: [hz], duration_ms: ms } }] });

const app = new TandemApp();
app.onCall(async (call) => {
  await call.answer();
  await call.play(tone(600, 2000));
  const pressed = await call.collect({ digits: { min: 1, max: 1 }, first_input_timeout_ms: 10_000 });
  if (pressed.value === '7') await call.play(tone(900, 500));
});
const { url } = await app.listen({ port: Number(process.argv[2]) });
console.log(url);
