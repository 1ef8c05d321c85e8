// Queues: what a waiting call hears, agents who take it, coming back, overflow, a dead application, REST. Callers and agents
// have sessions of their own: each call opens one.

import assert from 'node:assert/strict';
import { once } from 'node:events';
import path from 'node:path';
import { describe, test } from 'node:test';
import { startApplication } from '../support/application.mjs';
import { apiKey } from '../support/far_end.mjs';
import { NUMBER, ROOT, TandemServer, eventually } from '../support/server.mjs';
import { SipPeer } from '../support/sip_peer.mjs';
import { booksClosed, tone, withHandler } from '../support/steering.mjs';

const limit = { timeout: 60_000 };
const CALLER = 500;
const AGENT = 900;
const MUSIC = 700;
const ANNOUNCEMENT = 1500;
const WHISPER = 2000;
const talk = (a, aHz, b, bHz, ms = 200) => Promise.all([a.media.hears(bHz, ms), b.media.hears(aHz, ms)]);

/** Dials the server's number as `name` and speaks a tone. */
async function arrives(t, server, name, hz, number = NUMBER) {
  const phone = await SipPeer.open(t, name);
  const leg = await phone.call(`sip:${number}@${server.sip()}`, server.sip(), { from: `sip:${name}@${phone.address}` });
  await leg.established({ hz });
  return leg;
}

/**
 * Callers wait in "support", those whose name begins with "agent" take. `stories` is by name: the call, its operation and what
 * came of it.
 */
async function supportLine(t, { enqueue = {}, take = {}, settings } = {}) {
  const stories = {};
  const things = await withHandler(t, async (call) => {
    const story = (stories[call.from] = { call });
    await call.answer();
    if (call.from.startsWith('agent')) {
      story.operation = call.session.queue('support').take(call, { wait_ms: 20_000, on_peer_leave: 'hangup', ...take });
      story.result = await story.operation.catch((error) => error);
      await story.result.bridge?.ended;
      return;
    }
    story.operation = call.enqueue({ queue: 'support', wait: tone(MUSIC, 5000), ...enqueue });
    story.operation.entered.then((entry) => {
      story.entry = entry;
      story.told = [];
      for (const what of ['position', 'offered', 'returned', 'left']) entry.on(what, () => story.told.push(what));
    }, () => {});
    story.result = await story.operation.catch((error) => error);
    await story.result.bridge?.ended;
  }, settings);
  return { ...things, stories };
}

const done = (stories, name) => eventually(() => stories[name]?.result, { what: `the end of ${name}'s operation` });
const waits = (stories, name) => eventually(() => stories[name]?.entry, { what: `${name} to wait` });

describe('a queue', { concurrency: 3 }, () => {
  test('wait media, an announcement, a whisper to the agent alone, and both hear each other', limit, async (t) => {
    const announce = { sources: tone(ANNOUNCEMENT, 600).sources, first_after_ms: 1000, interval_ms: 60_000 };
    const { server, stories, application } = await supportLine(t, {
      enqueue: { wait: { sources: tone(MUSIC, 5000).sources, announce }, data: { topic: 'billing' }, priority: 3 },
      take: { whisper: tone(WHISPER, 1500) },
    });
    const caller = await arrives(t, server, 'caller', CALLER);
    await caller.media.hears(MUSIC, 300);
    await caller.media.hears(ANNOUNCEMENT, 300);
    await caller.media.hears(MUSIC, 300);
    const agent = await arrives(t, server, 'agent', AGENT);
    await agent.media.hears(WHISPER, 300);
    assert.equal(stories.caller.entry.state, 'offered');
    assert.ok((await caller.media.share(WHISPER, 20)) <= 20, 'the caller hears no whisper');
    await talk(caller, CALLER, agent, AGENT);
    assert.ok((await caller.media.share(MUSIC, 20)) <= 20, 'the music is over');
    const taken = await done(stories, 'agent');
    assert.equal(taken.reason, 'taken');
    assert.equal(taken.call_id, stories.caller.call.id);
    assert.deepEqual(taken.data, { topic: 'billing' });
    assert.equal(taken.priority, 3);
    const { reason, by_call_id: by } = await done(stories, 'caller');
    assert.deepEqual([reason, by], ['connected', stories.agent.call.id]);
    assert.deepEqual(stories.caller.told, ['offered', 'left']);
    await caller.bye();
    await agent.isLeft();
    await booksClosed(server, 2);
    assert.deepEqual(application.errors, []);
  });

  test('an agent who leaves under the whisper: the caller is back at the place, the next agent takes', limit, async (t) => {
    const { server, stories } = await supportLine(t, { take: { whisper: tone(WHISPER, 1500) } });
    const first = await arrives(t, server, 'first', CALLER);
    await waits(stories, 'first');
    const second = await arrives(t, server, 'second', CALLER);
    await waits(stories, 'second');
    const agent = await arrives(t, server, 'agent1', AGENT);
    await agent.media.hears(WHISPER, 200);
    await agent.bye();
    await eventually(() => stories.first.told.includes('returned'), { what: 'the return' });
    assert.equal(stories.first.entry.position, 1);
    await first.media.hears(MUSIC, 300);
    const other = await arrives(t, server, 'agent2', AGENT);
    await talk(first, CALLER, other, AGENT);
    assert.equal((await done(stories, 'agent2')).call_id, stories.first.call.id);
    await eventually(() => stories.second.entry.position === 1, { what: 'the second to move up' });
    await other.bye();
    await first.isLeft();
    await second.bye();
    assert.equal((await done(stories, 'second')).code, 'call_ended');
    await booksClosed(server, 4);
  });

  test('a caller who hangs up under the whisper makes way for the next', limit, async (t) => {
    const { server, stories } = await supportLine(t, { take: { whisper: tone(WHISPER, 1500) } });
    const first = await arrives(t, server, 'first', CALLER);
    await waits(stories, 'first');
    const second = await arrives(t, server, 'second', CALLER);
    await waits(stories, 'second');
    const agent = await arrives(t, server, 'agent', AGENT);
    await agent.media.hears(WHISPER, 200);
    await first.bye();
    await talk(second, CALLER, agent, AGENT);
    assert.equal((await done(stories, 'agent')).call_id, stories.second.call.id);
    await second.bye();
    await agent.isLeft();
    await booksClosed(server, 3);
  });

  test('a time that is up, and a queue that is full', limit, async (t) => {
    const { server, stories, account } = await supportLine(t);
    await server.admin('queue', 'create', '--account', account.id, '--name', 'support', '--max-size', '1', '--max-wait-ms', '2500');
    const key = await apiKey(server, account);
    const list = async () => (await (await fetch(`${server.http}/v1/Accounts/${account.id}/Queues`, { headers: { authorization: `Bearer ${key}` } })).json()).items;
    await eventually(async () => (await list()).length === 1, { what: 'the rules to be read' });
    const first = await arrives(t, server, 'first', CALLER);
    await waits(stories, 'first');
    const second = await arrives(t, server, 'second', CALLER);
    assert.equal((await done(stories, 'second')).reason, 'overflow');
    await second.isLeft();
    const timeout = await done(stories, 'first');
    assert.equal(timeout.reason, 'timeout');
    assert.ok(timeout.waited_ms >= 2500 && timeout.waited_ms < 4000, `${timeout.waited_ms}`);
    await first.isLeft();
    const [queue] = await list();
    assert.deepEqual([queue.statistics.overflowed, queue.statistics.timed_out, queue.provisioned], [1, 1, true]);
    await booksClosed(server, 2);
  });

  test('an application that is killed: its caller waits on and another session takes it', limit, async (t) => {
    const server = await TandemServer.start(t, { app: { resume_ttl_ms: 500 } });
    const child = server.spawn('node', [path.join(ROOT, 'tests/support/waiting_application.mjs')]);
    const [line] = await once(child.stdout.setEncoding('utf8'), 'data');
    const { account } = await server.provision(line.trim());
    const story = {};
    const second = await startApplication(t, async (call) => {
      await call.answer();
      const queue = call.session.queue('support');
      await queue.subscribe();
      await eventually(() => queue.statistics, { what: 'statistics' });
      story.waiting = queue.statistics.waiting;
      story.taken = await queue.take(call, { on_peer_leave: 'hangup' });
      await story.taken.bridge.ended;
    });
    const number = '+15550177';
    const [application] = await server.admin('application', 'create', '--account', account.id, '--name', 'agents', '--url', second.url);
    await server.admin('number', 'create', '--account', account.id, '--application', application.id, '--did', number);
    const caller = await arrives(t, server, 'caller', CALLER);
    await caller.media.hears(MUSIC, 200);
    const gone = once(child, 'exit');
    child.kill('SIGKILL');
    await gone;
    await new Promise((resolve) => setTimeout(resolve, 1500)); // Nobody resumes the session.
    await caller.media.hears(MUSIC, 300);
    const agent = await arrives(t, server, 'agent', AGENT, number);
    await talk(caller, CALLER, agent, AGENT);
    assert.equal(story.waiting, 1);
    assert.equal(story.taken.reason, 'taken');
    await agent.bye();
    await caller.isLeft(); // There is nobody to go back to.
    await booksClosed(server, 2);
  });

  test('by REST: who waits, taking for an agent, removal', limit, async (t) => {
    const { server, stories, account } = await supportLine(t, { take: { wait_ms: 0 } });
    const headers = { authorization: `Bearer ${await apiKey(server, account)}` };
    const base = `${server.http}/v1/Accounts/${account.id}/Queues`;
    const get = async (url) => (await fetch(url, { headers })).json();
    const agent = await arrives(t, server, 'agent', AGENT);
    assert.equal((await done(stories, 'agent')).reason, 'empty');
    await agent.isLeft();
    const callers = {};
    for (const name of ['one', 'two', 'three']) {
      callers[name] = await arrives(t, server, name, CALLER);
      await waits(stories, name);
    }
    const [queue] = (await get(base)).items;
    assert.equal(queue.provisioned, false);
    assert.equal(queue.statistics.waiting, 3);
    const page = await get(`${base}/${queue.id}?limit=2`);
    assert.deepEqual(page.entries.map((e) => e.from), ['one', 'two']);
    const rest = await get(`${base}/${queue.id}?limit=2&cursor=${page.next_cursor}`);
    assert.deepEqual(rest.entries.map((e) => e.position), [3]);
    const removed = await fetch(`${base}/${queue.id}/Entries/${page.entries[0].id}`, { method: 'DELETE', headers });
    assert.equal(removed.status, 204);
    assert.equal((await done(stories, 'one')).reason, 'removed');
    const again = await fetch(`${base}/${queue.id}/Entries/${page.entries[0].id}`, { method: 'DELETE', headers });
    assert.equal(again.status, 404);
    await callers.one.isLeft();
    // One caller takes another: both are calls of the account.
    const taken = await fetch(`${base}/${queue.id}/Operations`, {
      method: 'POST', headers: { ...headers, 'content-type': 'application/json' },
      body: JSON.stringify({ method: 'queue.take', params: { call_id: stories.two.call.id, queued_call_id: stories.three.call.id } }),
    });
    assert.equal((await taken.json()).error.code, 'wrong_state', 'who waits takes nobody');
    await callers.two.bye();
    await callers.three.bye();
    await booksClosed(server, 4);
  });
});
