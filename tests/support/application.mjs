// An application on the SDK as a test fixture.

import path from 'node:path';
import { ROOT } from './server.mjs';

const { TandemApp } = await import(path.join(ROOT, 'sdk/node/dist/src/index.js'));
export const sdk = await import(path.join(ROOT, 'sdk/node/dist/src/index.js'));

/** Starts an application whose handler is `handler`; ends with test `t`. Collects errors and every call's story. */
export async function startApplication(t, handler, options = {}) {
  const app = new TandemApp(options);
  const errors = [];
  const calls = [];
  app.on('error', (error) => errors.push(error));
  app.on('session', (session) => session.on('call', (call) => calls.push(call)));
  app.onCall(handler);
  const { url, port } = await app.listen({ port: options.port ?? 0 });
  t.after(() => app.close());
  return { app, url, port, errors, calls };
}
