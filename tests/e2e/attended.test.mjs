// An attended transfer by the application; at every step, everybody hangs up once. Nothing may be left open.

import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { AGENT, CUSTOMER, TARGET, limit, talk } from '../support/bridged.mjs';
import { NUMBER } from '../support/server.mjs';
import { SipPeer } from '../support/sip_peer.mjs';
import { booksClosed, music, outcome, withHandler } from '../support/steering.mjs';

describe('an attended transfer by the application, hung up at every step', { concurrency: 4 }, () => {
  const STEPS = ['agent rings', 'connected', 'on hold', 'expert rings', 'consulting', 'transferring', 'joined'];
  const PRESENT = { 'agent rings': ['customer', 'agent'], connected: ['customer', 'agent'], 'on hold': ['customer', 'agent'] };

  for (const step of STEPS) {
    for (const who of PRESENT[step] ?? ['customer', 'agent', 'expert']) {
      test(`the ${who} hangs up: ${step}`, limit, async (t) => {
        const phones = {};
        for (const name of ['customer', 'agent', 'expert']) phones[name] = await SipPeer.open(t, name);
        const legs = {};
        const settled = [];
        const note = (promise) => {
          settled.push(outcome(promise));
          return promise;
        };
        // The handler waits at each step until the phones are where the test wants them.
        const reached = new Map(STEPS.map((name) => {
          const gate = {};
          gate.came = new Promise((resolve) => (gate.come = resolve));
          gate.opened = new Promise((resolve) => (gate.open = resolve));
          return [name, gate];
        }));
        const at = async (call, name) => {
          reached.get(name).come();
          if (name === step) await (who === 'customer' ? call.ended : Promise.race([reached.get(name).opened, call.ended]));
          return call.state !== 'ended';
        };
        const { server, application } = await withHandler(t, async (call) => {
          await call.answer();
          const dial = note(call.dial(phones.agent.uri));
          if (step === 'agent rings') reached.get(step).come();
          const { call: agent } = await dial;
          const first = note(call.bridge(agent));
          await first.connected;
          if (!(await at(call, 'connected'))) return;
          await note(first.stop());
          await note(call.hold({ music: music(650), signal: false }));
          if (!(await at(call, 'on hold'))) return;
          const asking = note(agent.bridge({ dial: phones.expert.uri, peer_on_leave: 'ivr' }));
          if (step === 'expert rings') reached.get(step).come();
          const expert = (await asking.connected).other(agent);
          await at(call, 'consulting');
          await note(call.unhold());
          const transfer = note(call.transfer(expert));
          if (step === 'transferring') reached.get(step).come();
          await transfer;
          await at(call, 'joined');
          agent.hangup();
        });
        const run = async () => {
          legs.customer = await phones.customer.call(`sip:${NUMBER}@${server.sip()}`, server.sip());
          await legs.customer.established({ hz: CUSTOMER });
          legs.agent = await phones.agent.incoming();
          legs.agent.ring();
          if (step === 'agent rings') return;
          await legs.agent.answer({ hz: AGENT });
          legs.agent.remote = legs.agent.invite.header('from');
          await reached.get('connected').came;
          if (step === 'connected') return;
          await reached.get('on hold').came;
          if (step === 'on hold') return;
          legs.expert = await phones.expert.incoming();
          legs.expert.ring();
          if (step === 'expert rings') return;
          await legs.expert.answer({ hz: TARGET });
          legs.expert.remote = legs.expert.invite.header('from');
          await reached.get(step).came;
        };
        await run();
        if (step === 'consulting') await talk(legs.agent, AGENT, legs.expert, TARGET);
        if (step === 'joined') await talk(legs.customer, CUSTOMER, legs.expert, TARGET);
        const leaver = legs[who];
        const unanswered = (step === 'agent rings' && who === 'agent') || (step === 'expert rings' && who === 'expert');
        if (unanswered) {
          leaver.reply(leaver.invite, 486);
          await leaver.next('ACK');
        } else {
          // It may have been hung up by the server in the same moment.
          await leaver.bye();
        }
        for (const gate of reached.values()) gate.open();
        // Whoever is left hangs up too if the application does not: nobody is stuck.
        for (const leg of Object.values(legs)) {
          if (leg === leaver) continue;
          await Promise.race([leg.next('BYE').catch(() => {}), leg.next('CANCEL').catch(() => {}), new Promise((resolve) => setTimeout(resolve, 2500))]);
          if (!leg.peer.lines.some((line) => /< (BYE|CANCEL)/.test(line))) await leg.bye();
        }
        await booksClosed(server, Object.keys(legs).length);
        await Promise.all(settled);
        assert.deepEqual(application.errors.filter((e) => !['busy', 'call_ended', 'call_not_found', 'wrong_state', 'stopped'].includes(e.code)), []);
      });
    }
  }
});
