// What a session holds: calls, bridges and open operations, kept up to date by events and snapshots.

import { Bridge } from './bridge.js';
import { Call } from './call.js';
import { Conference, JoinOperation } from './conference.js';
import { BridgeOperation } from './dial.js';
import { OperationError } from './errors.js';
import { ConferenceRecordOperation, type Recording } from './recording.js';
import type { CallSnapshot, EventDataByType, Snapshot } from './generated/protocol.js';
import type { OpenOperation } from './operation.js';
import { EnqueueOperation, Queue } from './queue.js';
import type { Session } from './session.js';

/** The part of an event that is the same for all types. */
export interface EventParams {
  seq: number;
  type: keyof EventDataByType;
  call_id?: string;
  op_id?: string;
  data: unknown;
}

/** Whom to tell of new resources. */
export interface Announcements {
  call(call: Call): void;
  bridge(bridge: Bridge): void;
  conference(conference: Conference): void;
}

export class Resources {
  readonly calls = new Map<string, Call>();
  readonly bridges = new Map<string, Bridge>();
  readonly conferences = new Map<string, Conference>();
  readonly operations = new Map<string, OpenOperation>();
  readonly queues = new Map<string, Queue>();
  /** Also those that have completed: their files are ready later. */
  readonly #recorders = new Map<string, ConferenceRecordOperation>();
  readonly #session: Session;
  readonly #announce: Announcements;

  constructor(session: Session, announce: Announcements) {
    this.#session = session;
    this.#announce = announce;
  }

  forget(operation: OpenOperation): void {
    if (this.operations.get(operation.id) === operation) this.operations.delete(operation.id);
  }

  /** For op.* events. */
  onOperationEvent(event: EventParams): void {
    const operation = this.operations.get(event.op_id ?? '');
    if (operation === undefined) return;
    if (event.type === 'op.completed') {
      this.forget(operation);
      operation.applyCompletion(event.data as EventDataByType['op.completed']);
    } else {
      operation.applyEvent(event.type as 'op.started', event.data as EventDataByType['op.started']);
    }
  }

  /** For events with a `call_id`. */
  onCallEvent(callId: string, event: EventParams): void {
    if (event.type === 'call.created') this.#addCall(callId, event.data as EventDataByType['call.created']);
    else this.calls.get(callId)?.applyEvent(event.type, event.data as never);
  }

  #addCall(id: string, info: EventDataByType['call.created']): void {
    const call = new Call(this.#session, id, info);
    this.calls.set(id, call);
    if (info.op_id !== undefined) this.operations.get(info.op_id)?.applyAttempt(call);
    this.#announce.call(call);
  }

  /** For bridge.* events. */
  onBridgeEvent(event: EventParams): void {
    if (event.type === 'bridge.ended') {
      const data = event.data as EventDataByType['bridge.ended'];
      this.#endBridge(data.bridge_id, data);
      return;
    }
    const data = event.data as EventDataByType['bridge.connected'];
    const bridge = this.bridges.get(data.bridge_id) ?? this.#addBridge(data, event.op_id);
    if (event.type === 'bridge.connected' || event.type === 'bridge.updated') bridge.applyMembers(event.type, data);
    this.#syncMembers(bridge);
  }

  #addBridge(data: Pick<EventDataByType['bridge.created'], 'bridge_id' | 'call_ids' | 'direction'>, opId?: string): Bridge {
    const bridge = new Bridge(this.#session, data.bridge_id, data.call_ids, data.direction);
    this.bridges.set(bridge.id, bridge);
    const waiting = (op: OpenOperation | undefined): op is BridgeOperation =>
      op instanceof BridgeOperation && op.bridge === undefined;
    const named = this.operations.get(opId ?? '');
    const operation = waiting(named)
      ? named
      : [...this.operations.values()].find((op) => waiting(op) && data.call_ids[0] === op.callId);
    (operation as BridgeOperation | undefined)?.adopt(bridge);
    this.#syncMembers(bridge);
    this.#announce.bridge(bridge);
    return bridge;
  }

  queue(name: string): Queue {
    let queue = this.queues.get(name);
    if (queue === undefined) this.queues.set(name, (queue = new Queue(this.#session, name)));
    return queue;
  }

  /** For queue.* events. */
  onQueueEvent(event: EventParams): void {
    const entry = this.queue((event.data as EventDataByType['queue.stats']).queue).applyEvent(event.type, event.data);
    if (event.type !== 'queue.entered' || entry === undefined) return;
    const operation = this.operations.get(event.op_id ?? '');
    if (operation instanceof EnqueueOperation) operation.adopt(entry);
    entry.call?.setQueued(entry);
  }

  #applyQueues(views: Snapshot['queue_entries']): void {
    for (const name of new Set(views.map((view) => view.queue))) this.queue(name);
    for (const queue of this.queues.values()) queue.applySnapshot(views.filter((view) => view.queue === queue.name));
    for (const view of views) {
      const operation = this.operations.get(view.op_id);
      const entry = this.queue(view.queue).entries.get(view.id);
      if (operation instanceof EnqueueOperation && entry !== undefined) operation.adopt(entry);
    }
  }

  #syncMembers(bridge: Bridge): void {
    const members = new Set(bridge.calls);
    for (const call of this.calls.values()) {
      if (members.has(call)) call.setBridge(bridge, true);
      else if (call.currentBridge === bridge) call.setBridge(bridge, false);
    }
  }

  #endBridge(id: string, data: EventDataByType['bridge.ended']): void {
    const bridge = this.bridges.get(id);
    if (bridge === undefined) return;
    this.bridges.delete(id);
    for (const call of this.calls.values()) if (call.currentBridge === bridge) call.setBridge(bridge, false);
    bridge.applyEnd(data);
  }

  /** For conference.* events. */
  onConferenceEvent(event: EventParams): void {
    const data = event.data as { conference_id: string };
    const conference = this.conferences.get(data.conference_id) ?? this.#addConference(data.conference_id, event);
    if (event.type === 'conference.ended') this.conferences.delete(conference.id);
    if (event.type === 'conference.participant_left') {
      this.calls.get((data as EventDataByType['conference.participant_left']).call_id)?.setConference(conference, false);
    }
    conference.applyEvent(event.type, event.data);
    if (event.type === 'conference.participant_joined') {
      const { participant } = data as EventDataByType['conference.participant_joined'];
      this.#joined(conference, participant.call_id);
    }
  }

  /** For recording.* events of conferences; the recording, if it is ready or failed. */
  onConferenceRecording(event: EventParams): Recording | undefined {
    const named = this.operations.get(event.op_id ?? '');
    if (named instanceof ConferenceRecordOperation) this.#recorders.set(named.id, named);
    const { conference_id: id, recording } = event.data as { conference_id?: string; recording?: Recording };
    this.conferences.get(id ?? '')?.applyEvent(event.type, event.data);
    if (recording === undefined) return undefined;
    this.#recorders.get(event.op_id ?? '')?.settle(recording);
    return recording;
  }

  #addConference(id: string, event?: EventParams): Conference {
    const conference = new Conference(this.#session, id);
    this.conferences.set(id, conference);
    const view = (event?.data as { conference?: EventDataByType['conference.created']['conference'] } | undefined)?.conference;
    if (view !== undefined) conference.applyView(view, event?.type === 'conference.created');
    this.#announce.conference(conference);
    return conference;
  }

  /** The conference of this id, whether or not the session was told of it. */
  conference(id: string): Conference {
    return this.conferences.get(id) ?? this.#addConference(id);
  }

  #joined(conference: Conference, callId: string): void {
    const participant = conference.participants.get(callId);
    if (participant === undefined) return;
    this.calls.get(callId)?.setConference(conference, true);
    for (const operation of this.operations.values()) {
      if (operation instanceof JoinOperation && operation.callId === callId) operation.adopt(participant);
    }
  }

  /** Brings calls and bridges up to date and settles each open promise by what the server says now. */
  applySnapshot(snapshot: Snapshot, pending: Set<string | undefined>): void {
    this.#applyCalls(snapshot.calls);
    this.#applyBridges(snapshot.bridges ?? []);
    this.#applyConferences(snapshot.conferences ?? []);
    this.#applyQueues(snapshot.queue_entries ?? []);
    const views = new Map(snapshot.operations.map((view) => [view.id, view]));
    for (const [id, operation] of [...this.operations]) {
      const view = views.get(id);
      if (view !== undefined) operation.applyView(view);
      else if (!pending.has(id)) {
        operation.fail(
          new OperationError(`${operation.method}: lost`, { code: 'op_not_found', retry: 'refresh' }, 'failed', 'error'),
        );
      }
      if (operation.settled) this.operations.delete(id);
    }
  }

  #applyCalls(views: CallSnapshot[]): void {
    const known = new Map(views.map((view) => [view.id, view]));
    for (const view of views) {
      if (!this.calls.has(view.id) && view.state !== 'ended') this.#addCall(view.id, this.#infoOf(view));
      this.calls.get(view.id)?.applySnapshot(view.state, view.ivr_id);
    }
    for (const call of this.calls.values()) {
      const view = known.get(call.id);
      if (view !== undefined && view.state !== 'ended') continue;
      call.applyEnd({
        reason: 'internal',
        party: 'platform',
        sip_code: 0,
        q850_cause: 0,
        class: 'indeterminate',
        retryable: false,
        detail: 'ended while the session was disconnected',
        duration_ms: 0,
        billable_ms: 0,
      });
    }
  }

  /** A call whose call.created was missed: what the snapshot tells of it. */
  #infoOf(view: CallSnapshot): EventDataByType['call.created'] {
    const { direction, from, to, from_display_name, state, tag, parent_call_id } = view;
    return {
      direction,
      from,
      to,
      state,
      sip: { call_id: '', request_uri: '' },
      application_id: this.#session.applicationId ?? '',
      account_id: this.#session.accountId ?? '',
      ...(from_display_name !== undefined && { from_display_name }),
      ...(tag !== undefined && { tag }),
      ...(parent_call_id !== undefined && { parent_call_id }),
    };
  }

  #applyConferences(views: Snapshot['conferences']): void {
    const live = new Map(views.map((view) => [view.id, view]));
    for (const conference of [...this.conferences.values()]) {
      if (live.has(conference.id)) continue;
      this.conferences.delete(conference.id);
      for (const call of this.calls.values()) call.setConference(conference, false);
      conference.applyEvent('conference.ended', { conference_id: conference.id, reason: 'empty', duration_ms: 0 });
    }
    for (const view of live.values()) {
      const conference = this.conference(view.id);
      conference.applyView(view, true);
      for (const call of this.calls.values()) if (!conference.participants.has(call.id)) call.setConference(conference, false);
      for (const id of conference.participants.keys()) this.#joined(conference, id);
    }
  }

  #applyBridges(views: Snapshot['bridges']): void {
    const live = new Map(views.filter((view) => view.state !== 'ended').map((view) => [view.id, view]));
    for (const bridge of [...this.bridges.values()]) {
      if (!live.has(bridge.id)) this.#endBridge(bridge.id, { bridge_id: bridge.id, reason: 'left', duration_ms: 0 });
    }
    for (const view of live.values()) {
      const bridge = this.bridges.get(view.id) ?? this.#addBridge({ ...view, bridge_id: view.id });
      const data = { bridge_id: view.id, call_ids: view.call_ids, direction: view.direction };
      if (view.state === 'active' && bridge.state !== 'active') bridge.applyMembers('bridge.connected', data);
      else bridge.applySnapshot(view.call_ids, view.direction, view.state);
      this.#syncMembers(bridge);
    }
  }
}
