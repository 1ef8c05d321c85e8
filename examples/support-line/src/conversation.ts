// How an agent and a caller come together: in a conference of their own, so that a supervisor may join them. The one place that knows it.

import type { Call, Conference, Participant, Queue } from '@tandem/sdk';

export interface Conversation {
  callId: string;
  agentId: string;
  conferenceId: string;
  /** What the caller's `enqueue` was given. */
  data: unknown;
  /** Resolves when they have parted. */
  over: Promise<unknown>;
}

/** Those that are going on, the oldest first. */
export const conversations = new Set<Conversation>();

/** Waits for the next caller and joins the agent with them; undefined when nobody came for a minute. */
export async function talkTo(agent: Call, queue: Queue): Promise<Conversation | undefined> {
  const taken = await queue.take(agent, {
    wait_ms: 60_000,
    whisper: { sources: [{ say: { text: 'A caller.' } }] },
    // It ends when either leaves: the agent is back in its handler for the next one, the caller in its own.
    then: { join: { create: {}, end_on_exit: true, caller: { end_on_exit: true } } },
  });
  const conference: Conference | undefined = taken.conference;
  if (taken.call_id === undefined || conference === undefined) return undefined;
  const conversation = {
    callId: taken.call_id,
    agentId: agent.id,
    conferenceId: conference.id,
    data: taken.data,
    over: conference.ended,
  };
  conversations.add(conversation);
  void conference.ended.then(() => conversations.delete(conversation));
  return conversation;
}

/** What the supervisor's keys do: 1 listens, 2 speaks to the agent alone, 3 to both. */
export async function supervise(participant: Participant, conversation: Conversation, key: string): Promise<void> {
  if (key === '1') await participant.update({ supervise: { mode: 'monitor' } });
  if (key === '2') await participant.update({ supervise: { mode: 'coach', call_ids: [conversation.agentId] } });
  if (key === '3') await participant.update({ supervise: { mode: 'barge' } });
}
