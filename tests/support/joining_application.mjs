// An application as a process of its own that puts every call into the conference "room": to be killed.

import path from 'node:path';
import { ROOT } from './server.mjs';

const { TandemApp } = await import(path.join(ROOT, 'sdk/node/dist/src/index.js'));

const app = new TandemApp();
app.onCall(async (call) => {
  await call.answer();
  await call.join({ name: 'room', create: {} });
});
const { url } = await app.listen({ port: Number(process.argv[2] ?? 0) });
console.log(url);
