// How an agent and a caller come together. The one place that knows it: what is a bridge here may be something with room for more.

import type { Call, Queue } from '@tandem/sdk';

export interface Conversation {
  callId: string;
  /** What the caller's `enqueue` was given. */
  data: unknown;
  /** Resolves when they have parted. */
  over: Promise<unknown>;
}

/** Waits for the next caller and joins the agent with them; undefined when nobody came for a minute. */
export async function talkTo(agent: Call, queue: Queue): Promise<Conversation | undefined> {
  const taken = await queue.take(agent, {
    wait_ms: 60_000,
    whisper: { sources: [{ say: { text: 'A caller.' } }] },
    // Back to the handler, for the next one.
    on_peer_leave: 'ivr',
  });
  if (taken.call_id === undefined || taken.bridge === undefined) return undefined;
  return { callId: taken.call_id, data: taken.data, over: taken.bridge.ended };
}
