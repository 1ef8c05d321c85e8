// What tests of several calls share: a server whose number leads to a handler, and the books after the last call.

import assert from 'node:assert/strict';
import { startApplication } from './application.mjs';
import { TandemServer, eventually } from './server.mjs';

export const tone = (hz, ms = 1000) => ({ sources: [{ tone: { frequencies_hz: [hz], duration_ms: ms } }] });
export const music = (hz) => tone(hz, 500);

/** A server whose number leads to `handler`. */
export async function withHandler(t, handler, settings = {}) {
  const server = await TandemServer.start(t, settings);
  const application = await startApplication(t, handler);
  const { account, application: { id: applicationId } } = await server.provision(application.url);
  return { server, application, account, applicationId };
}

/** The server's metrics: a name without labels gives the sum over them. */
export async function metrics(server) {
  const text = await (await fetch(`${server.http}/metrics`)).text();
  const sums = new Map();
  for (const line of text.split('\n')) {
    const found = /^(\w+)(?:\{[^}]*\})? (\S+)$/.exec(line);
    if (found) sums.set(found[1], (sums.get(found[1]) ?? 0) + Number(found[2]));
  }
  return (name) => sums.get(name) ?? 0;
}

/**
 * Waits until no call is live and asserts that the books are right: every operation that was accepted has completed,
 * every call ended once, no stream is left, one CDR a leg. Gives the CDRs, the oldest first.
 */
export async function booksClosed(server, legs) {
  let seen = '';
  await eventually(async () => {
    const of = await metrics(server);
    const now = {
      live: of('tandem_calls_live'), streams: of('tandem_media_streams'), started: of('tandem_calls_started_total'), ended: of('tandem_calls_ended_total'),
      open: of('tandem_operations_accepted_total') - of('tandem_operations_completed_total'),
    };
    seen = JSON.stringify(now);
    return now.live === 0 && now.streams === 0 && now.open === 0 && now.started === legs && now.ended === legs;
  }, { what: `closed books for ${legs} legs` }).catch((error) => {
    throw new Error(`${error.message}; they stand at ${seen}`);
  });
  const cdrs = await server.cdrs(legs);
  assert.equal(cdrs.length, legs, 'one CDR a leg');
  assert.equal(new Set(cdrs.map((cdr) => cdr.call_id)).size, legs, 'no leg twice');
  return cdrs.reverse();
}

/** Whether a promise settles: 'ok', or the code of its error. */
export const outcome = (promise) => promise.then(() => 'ok', (error) => error.code ?? error.message);
