// Queues against a scripted server.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Queue, QueueEntry } from '../src/index.js';
import { withApp } from './support.js';

const place = { queue_id: 'QU1', queue: 'support', queue_entry_id: 'QE1', call_id: 'CA1' };
const statistics = { waiting: 1, offered: 0, agents: 0, served: 0, abandoned: 0, timed_out: 0, removed: 0, overflowed: 0 };

test('a call waits: its entry follows the events, the operation gives the bridge', async (t) => {
  const told: string[] = [];
  let entry: QueueEntry | undefined;
  let result: { reason: string; bridge?: { id: string } } | undefined;
  const { server, errors } = await withApp(t, async (call) => {
    // In time for whatever follows in the same packet.
    call.on('queued', (queued) => {
      told.push(`queued ${queued.id}`);
      queued.on('position', ({ position }) => told.push(`position ${position}`));
      queued.on('returned', ({ reason }) => told.push(`returned ${reason}`));
    });
    const waiting = call.enqueue({ queue: 'support', data: { topic: 1 } });
    entry = await waiting.entered;
    result = await waiting;
    told.push(`left ${(await entry.left).reason}`);
    await call.ended;
  });
  const enqueue = await server.request('call.enqueue');
  assert.deepEqual(enqueue.params, { queue: 'support', data: { topic: 1 }, call_id: 'CA1', op_id: 'OP1-1' });
  server.accept(enqueue);
  const ids = { call_id: 'CA1', op_id: 'OP1-1' };
  server.event('queue.entered', { ...place, from: '1', priority: 0, position: 3, waiting: 3, data: { topic: 1 } }, ids);
  server.event('queue.position', { ...place, position: 2, waiting: 5, estimated_wait_ms: 6000 }, ids);
  server.event('queue.offered', { ...place, by_call_id: 'CA9' }, ids);
  server.event('queue.returned', { ...place, by_call_id: 'CA9', reason: 'agent_left', position: 1 }, ids);
  server.event('bridge.created', { bridge_id: 'BR1', call_ids: ['CA9', 'CA1'], direction: 'both' });
  server.event('bridge.connected', { bridge_id: 'BR1', call_ids: ['CA9', 'CA1'], direction: 'both' });
  server.event('queue.left', { ...place, reason: 'connected', by_call_id: 'CA9', waited_ms: 5000 }, ids);
  server.complete(enqueue, { reason: 'connected', result: { waited_ms: 5000, by_call_id: 'CA9', bridge_id: 'BR1' } });
  server.endCall();
  await server.request('session.ack');
  assert.equal(result?.reason, 'connected');
  assert.equal(result?.bridge?.id, 'BR1');
  assert.equal(entry?.state, 'left');
  assert.equal(entry?.position, 1);
  assert.equal(entry?.estimatedWaitMs, 6000);
  assert.deepEqual(told, ['queued QE1', 'position 2', 'returned agent_left', 'left connected']);
  assert.deepEqual(errors, []);
});

test('an agent takes; subscriptions add up; entries of others can be removed', async (t) => {
  let taken: { reason: string; call_id?: string } | undefined;
  let queue: Queue | undefined;
  const seen: unknown[] = [];
  const { server, errors } = await withApp(t, async (call) => {
    queue = call.session.queue('support');
    queue.on('stats', ({ waiting }) => seen.push(waiting));
    await call.session.subscribe({ endpoints: true });
    await queue.subscribe();
    await call.session.queue('sales').subscribe();
    await queue.unsubscribe();
    taken = await queue.take(call, { select: 'longest', wait_ms: 1000 });
    await [...queue.entries.values()][0]?.remove();
    await call.ended;
  });
  const wishes = [
    { endpoints: true },
    { endpoints: true, queues: true, queue_names: ['support'] },
    { endpoints: true, queues: true, queue_names: ['support', 'sales'] },
    { endpoints: true, queues: true, queue_names: ['sales'] },
  ];
  for (const wish of wishes) {
    const request = await server.request('session.subscribe');
    assert.deepEqual(request.params, wish);
    server.send({ id: request.id, result: {} });
  }
  const take = await server.request('queue.take');
  assert.deepEqual(take.params, { select: 'longest', wait_ms: 1000, queue: 'support', call_id: 'CA1', op_id: 'OP1-1' });
  server.accept(take);
  server.event('queue.stats', { queue_id: 'QU1', queue: 'support', statistics }, {});
  server.event('queue.entered', { ...place, call_id: 'CA7', from: '7', priority: 0, position: 1, waiting: 1 }, {});
  server.complete(take, { reason: 'empty', result: { queue_id: 'QU1', queue: 'support' } });
  const remove = await server.request('queue.remove');
  assert.equal(remove.params['queue_entry_id'], 'QE1');
  server.accept(remove);
  server.event('queue.left', { ...place, call_id: 'CA7', reason: 'removed', waited_ms: 1 }, {});
  server.complete(remove, { reason: 'removed', result: {} });
  server.endCall();
  await server.request('session.ack');
  assert.equal(taken?.reason, 'empty');
  assert.equal(taken?.call_id, undefined);
  assert.deepEqual(seen, [1]);
  assert.equal(queue?.id, 'QU1');
  assert.equal(queue?.entries.size, 0);
  assert.deepEqual(errors, []);
});

test('no room: `entered` rejects, the operation tells why', async (t) => {
  const seen: unknown[] = [];
  const { server } = await withApp(t, async (call) => {
    const waiting = call.enqueue('support');
    await waiting.entered.catch((e: { code: string }) => seen.push(e.code));
    seen.push((await waiting).reason);
  });
  await server.carryOut('call.enqueue', { reason: 'overflow', result: { waited_ms: 0 } });
  await server.request('call.hangup');
  assert.deepEqual(seen, ['queue_full', 'overflow']);
});
