// A customer and an agent in a bridge, scripted phones both, and what transfers between them need.

import { NUMBER } from './server.mjs';
import { SipPeer } from './sip_peer.mjs';
import { withHandler } from './steering.mjs';

export const limit = { timeout: 60_000 };
/** What each of them says, in Hz. */
export const CUSTOMER = 500;
export const AGENT = 900;
export const TARGET = 1200;

/** Both sides hear each other. */
export const talk = (a, aHz, b, bHz, ms = 200) => Promise.all([a.media.hears(bHz, ms), b.media.hears(aHz, ms)]);

/**
 * A customer who called the number and is bridged with the agent's phone, which the handler dialled. `onBridge(call,
 * agentCall)` is called in the handler when the bridge stands.
 */
export async function bridged(t, onBridge = () => {}, settings) {
  const phones = {};
  for (const name of ['customer', 'agent', 'target']) phones[name] = await SipPeer.open(t, name);
  const calls = {};
  const things = await withHandler(t, async (call) => {
    await call.answer();
    const operation = call.bridge({ dial: phones.agent.uri });
    calls.customer = call;
    calls.agent = (await operation.connected).other(call);
    await onBridge(call, calls.agent, operation, phones);
    await operation.catch(() => {});
  }, settings);
  const customer = await phones.customer.call(`sip:${NUMBER}@${things.server.sip()}`, things.server.sip());
  customer.takeOver('REFER');
  await customer.established({ hz: CUSTOMER });
  const agent = await phones.agent.incoming();
  await agent.answer({ hz: AGENT });
  // From here on the agent sends requests of its own.
  agent.remote = agent.invite.header('from');
  agent.target = agent.invite.contact;
  await talk(customer, CUSTOMER, agent, AGENT);
  return { ...things, phones, calls, customer, agent };
}

export const refer = (leg, to, headers = []) => leg.ask('REFER', { headers: [`Refer-To: <${to}>`, `Referred-By: <${leg.peer.uri}>`, ...headers] });

/** Status lines of NOTIFY until a final one. */
export async function reports(leg) {
  const seen = [];
  do seen.push(await leg.notified()); while (seen.at(-1) < 200);
  return seen;
}

/** The leg is over: by the server's BYE, or by the phone's own. */
export async function leaves(leg) {
  leg.media?.stop();
  if (leg.received.some((m) => m.method === 'BYE')) return leg.next('BYE');
  return leg.ask('BYE');
}
