// SIPp as the other side of dialled calls, transfers and replacements: an implementation that is not ours judges.

import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { startFarEnd } from '../support/far_end.mjs';
import { NUMBER } from '../support/server.mjs';
import { SipPeer } from '../support/sip_peer.mjs';
import { startSippCallee } from '../support/sipp.mjs';
import { booksClosed, withHandler } from '../support/steering.mjs';

const limit = { timeout: 60_000 };

describe('SIPp is dialled', { concurrency: 4 }, () => {
  test('it answers and echoes: the caller hears itself through the bridge', limit, async (t) => {
    const { server, application } = await withHandler(t, async (call) => {
      await call.answer();
      await call.bridge({ dial: callee.uri });
    });
    const callee = await startSippCallee(server, 'callee_answers.xml');
    const caller = await server.phone(['--tone', '500:2000', '--expect-tone', '500:400', '--hangup-after', '0.2']);
    assert.equal(caller.code, 0, caller.output);
    const { code, output } = await callee.finished;
    assert.equal(code, 0, output);
    await booksClosed(server, 2);
    assert.deepEqual(application.errors, []);
  });

  for (const [password, answered] of [['builder', true], ['wrong', false]]) {
    test(`it verifies our digest: ${answered ? 'the right password' : 'a wrong one'}`, limit, async (t) => {
      let attempts;
      const { server } = await withHandler(t, async (call) => {
        await call.answer();
        const to = { uri: callee.uri, credentials: { username: 'bob', password, realm: 'sipp.example' } };
        attempts = await call.dial({ to }).then((r) => r.attempts, (e) => e.attempts);
      });
      const callee = await startSippCallee(server, 'callee_challenges.xml');
      await server.phone(['--hangup-after', '10']);
      const { code, output } = await callee.finished;
      assert.equal(code, 0, output);
      assert.deepEqual(attempts.map((a) => [a.outcome, a.sip_code]), [answered ? ['answered', 200] : ['rejected', 403]]);
      await booksClosed(server, 2);
    });
  }

  test('it is busy, the next one answers', limit, async (t) => {
    let attempts;
    const { server } = await withHandler(t, async (call) => {
      await call.answer();
      ({ attempts } = await call.dial({ endpoints: [busy.uri, free.uri] }));
    });
    const busy = await startSippCallee(server, 'callee_refuses_486.xml', { name: 'busy' });
    const free = await startSippCallee(server, 'callee_answers.xml', { name: 'free' });
    await server.phone(['--hangup-after', '10']);
    for (const callee of [busy, free]) {
      const { code, output } = await callee.finished;
      assert.equal(code, 0, output);
    }
    assert.deepEqual(attempts.map((a) => a.outcome), ['busy', 'answered']);
    await booksClosed(server, 3);
  });
});

describe('SIPp asks', { concurrency: 4 }, () => {
  test('for a transfer: 202, then 100, 180 and 200 by NOTIFY', limit, async (t) => {
    const { server, application } = await withHandler(t, async (call) => {
      call.on('referRequested', (request) => request.accept());
      await call.answer();
      const operation = call.bridge({ dial: agent.uri });
      await operation.connected;
      await call.sendSip({ method: 'INFO', content_type: 'text/plain', body: 'go' });
      await operation.catch(() => {});
    });
    const agent = await startFarEnd(server, ['--tone', '500:4000', '--expect-tone', '900:400', '--hangup-after', '20'], { name: 'agent' });
    const target = await startFarEnd(server, ['--ring-for', '300', '--tone', '900:2500', '--expect-tone', '500:400', '--hangup-after', '0.1'], { name: 'target' });
    const result = await server.sipp('caller_refers.xml', { args: ['-key', 'target', target.uri.slice('sip:'.length)] });
    assert.equal(result.code, 0, result.output);
    for (const phone of [agent, target]) {
      const { code, output } = await phone.finished;
      assert.equal(code, 0, output);
    }
    await booksClosed(server, 3);
    assert.deepEqual(application.errors, []);
  });

  test('to replace a call in a bridge', limit, async (t) => {
    const caller = await SipPeer.open(t, 'caller');
    const far = await SipPeer.open(t, 'far');
    const { server } = await withHandler(t, async (call) => {
      await call.answer();
      await call.bridge({ dial: far.uri });
    });
    const leg = await caller.call(`sip:${NUMBER}@${server.sip()}`, server.sip());
    await leg.established({ hz: 500 });
    const callee = await far.incoming();
    await callee.answer({ hz: 900 });
    callee.remote = callee.invite.header('from');
    await leg.media.hears(900, 200);
    const replaced = server.sipp('caller_replaces.xml', { args: ['-key', 'replaces', callee.replaces, '-rtp_echo'] });
    await callee.isLeft();
    // SIPp echoes what it hears: the caller hears itself.
    await leg.media.hears(500, 300);
    await leg.bye();
    const result = await replaced;
    assert.equal(result.code, 0, result.output);
    const cdrs = await booksClosed(server, 3);
    assert.ok(cdrs.some((c) => c.reason === 'replaced'));
  });

  test('to replace what is not there: 481', limit, async (t) => {
    const { server } = await withHandler(t, async (call) => void (await call.answer()));
    const result = await server.sipp('caller_replaces_gone_481.xml');
    assert.equal(result.code, 0, result.output);
  });
});
