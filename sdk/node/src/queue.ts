// Queues: calls that wait for an agent, as the sessions of the account see them.

import type { Bridge } from './bridge.js';
import type { Call, OperationOptions } from './call.js';
import { SafeEmitter } from './emitter.js';
import type {
  CallEnqueueResult,
  EventDataByType,
  MethodParams,
  MethodResult,
  QueueEntry as QueueEntryInfo,
  QueueEntryState,
  QueueStatistics,
  QueueTakeResult,
} from './generated/protocol.js';
import type { Conference } from './conference.js';
import { Operation, StagedOperation } from './operation.js';
import type { Session } from './session.js';

type Data<T extends keyof EventDataByType> = EventDataByType[T];

/** What `call.enqueue()` takes beside the queue's name. */
export type EnqueueInput = Omit<MethodParams['call.enqueue'], 'call_id'>;
/** What `queue.take()` takes beside the agent's call; `entry` or `call` choose whom. */
export type TakeInput = Omit<MethodParams['queue.take'], 'call_id' | 'queue' | 'queue_id'> & {
  entry?: QueueEntry;
  caller?: Call;
};

export type QueueEntryEvents = {
  /** It has another place; only of calls of this session. */
  position: Data<'queue.position'>;
  offered: Data<'queue.offered'>;
  returned: Data<'queue.returned'>;
  left: Data<'queue.left'>;
};

/** A call that waits in a queue; of this session, or of another one when the queue is subscribed to. */
export class QueueEntry extends SafeEmitter<QueueEntryEvents> {
  readonly id: string;
  readonly queue: Queue;
  readonly callId: string;
  readonly from: string;
  readonly priority: number;
  /** What `call.enqueue()` was given. */
  readonly data: unknown;
  /** Resolves when it waits no more; never rejects. */
  readonly left: Promise<Data<'queue.left'>>;
  #state: QueueEntryState = 'waiting';
  #position: number;
  #estimatedWaitMs: number | undefined;
  #resolveLeft!: (data: Data<'queue.left'>) => void;

  /** @internal */
  constructor(queue: Queue, info: Pick<QueueEntryInfo, 'id' | 'call_id' | 'from' | 'priority' | 'position' | 'estimated_wait_ms' | 'data'>) {
    super();
    this.queue = queue;
    this.id = info.id;
    this.callId = info.call_id;
    this.from = info.from;
    this.priority = info.priority;
    this.data = info.data;
    this.#position = info.position;
    this.#estimatedWaitMs = info.estimated_wait_ms;
    this.left = new Promise((resolve) => (this.#resolveLeft = resolve));
    this.setListenerErrorHandler((error) => queue.session.reportError(error));
  }

  /** The call, if this session holds it. */
  get call(): Call | undefined {
    return this.queue.session.calls.get(this.callId);
  }

  get state(): QueueEntryState {
    return this.#state;
  }

  /** Its place when it was told last, from 1. */
  get position(): number {
    return this.#position;
  }

  get estimatedWaitMs(): number | undefined {
    return this.#estimatedWaitMs;
  }

  /** Takes it out of the queue: its `call.enqueue()` completes with "removed". */
  remove(options?: OperationOptions): Operation<MethodResult['queue.remove']> {
    return this.queue.session.operate('queue.remove', { queue_entry_id: this.id }, options);
  }

  setPriority(priority: number, options?: OperationOptions): Operation<MethodResult['queue.update']> {
    return this.queue.session.operate('queue.update', { queue_entry_id: this.id, priority }, options);
  }

  /** @internal */
  applyEvent<T extends 'queue.position' | 'queue.offered' | 'queue.returned' | 'queue.left'>(type: T, data: Data<T>): void {
    if (this.#state === 'left') return;
    switch (type) {
      case 'queue.position': {
        const now = data as Data<'queue.position'>;
        this.#position = now.position;
        this.#estimatedWaitMs = now.estimated_wait_ms;
        this.emit('position', now);
        break;
      }
      case 'queue.offered':
        this.#state = 'offered';
        this.emit('offered', data as Data<'queue.offered'>);
        break;
      case 'queue.returned':
        this.#state = 'waiting';
        this.#position = (data as Data<'queue.returned'>).position;
        this.emit('returned', data as Data<'queue.returned'>);
        break;
      default:
        this.#state = 'left';
        this.#resolveLeft(data as Data<'queue.left'>);
        this.emit('left', data as Data<'queue.left'>);
    }
  }

  /** @internal From a snapshot: no event, things merely stand so now. */
  applySnapshot(info: QueueEntryInfo): void {
    this.#state = info.state;
    this.#position = info.position;
    this.#estimatedWaitMs = info.estimated_wait_ms;
  }
}

export type QueueEvents = {
  entered: QueueEntry;
  offered: { entry: QueueEntry; data: Data<'queue.offered'> };
  returned: { entry: QueueEntry; data: Data<'queue.returned'> };
  left: { entry: QueueEntry; data: Data<'queue.left'> };
  /** Only after `subscribe()`. */
  stats: QueueStatistics;
};

/** A queue of the account by its name. It need not exist yet. */
export class Queue extends SafeEmitter<QueueEvents> {
  readonly name: string;
  readonly session: Session;
  readonly #entries = new Map<string, QueueEntry>();
  #id: string | undefined;
  #statistics: QueueStatistics | undefined;

  /** @internal */
  constructor(session: Session, name: string) {
    super();
    this.session = session;
    this.name = name;
    this.setListenerErrorHandler((error) => session.reportError(error));
  }

  /** Known once something was told of it. */
  get id(): string | undefined {
    return this.#id;
  }

  /** Calls of this session that wait in it, and all that have come since `subscribe()`. */
  get entries(): ReadonlyMap<string, QueueEntry> {
    return this.#entries;
  }

  /** As of the last "stats". */
  get statistics(): QueueStatistics | undefined {
    return this.#statistics;
  }

  /** Makes the session hear of all calls in this queue, and how it does, beside what it hears already. */
  subscribe(): Promise<void> {
    return this.session.watchQueue(this.name, true);
  }

  unsubscribe(): Promise<void> {
    return this.session.watchQueue(this.name, false);
  }

  /** Takes a waiting call for `agent` and connects both. With `wait_ms` it waits until one comes. */
  take(agent: Call, params: TakeInput = {}, options?: OperationOptions): TakeOperation {
    const { entry, caller, ...rest } = params;
    return agent.takeFrom(
      {
        ...rest,
        queue: this.name,
        ...(entry !== undefined && { queue_entry_id: entry.id }),
        ...(caller !== undefined && { queued_call_id: caller.id }),
      },
      options,
    );
  }

  /** @internal An event of it; gives the entry that it is about. */
  applyEvent(type: keyof EventDataByType, data: unknown): QueueEntry | undefined {
    this.#id = (data as { queue_id: string }).queue_id;
    if (type === 'queue.stats') {
      this.#statistics = (data as Data<'queue.stats'>).statistics;
      this.emit('stats', this.#statistics);
      return undefined;
    }
    if (type === 'queue.entered') {
      const info = data as Data<'queue.entered'>;
      const entry = new QueueEntry(this, { ...info, id: info.queue_entry_id });
      this.#entries.set(entry.id, entry);
      this.emit('entered', entry);
      return entry;
    }
    const entry = this.#entries.get((data as { queue_entry_id: string }).queue_entry_id);
    if (entry === undefined) return undefined; // It came before the subscription.
    if (type === 'queue.left') this.#entries.delete(entry.id);
    entry.applyEvent(type as 'queue.left', data as Data<'queue.left'>);
    const kind = type.slice('queue.'.length);
    if (kind === 'offered' || kind === 'returned' || kind === 'left') {
      this.emit(kind, { entry, data } as QueueEvents['left'] & QueueEvents['offered'] & QueueEvents['returned']);
    }
    return entry;
  }

  /** @internal From a snapshot: calls of the session that wait here, after events were missed. */
  applySnapshot(infos: QueueEntryInfo[]): void {
    const now = new Map(infos.map((info) => [info.id, info]));
    for (const entry of [...this.#entries.values()]) {
      if (now.has(entry.id) || entry.call === undefined) continue;
      this.#entries.delete(entry.id);
      entry.applyEvent('queue.left', {
        queue_id: this.#id ?? '',
        queue: this.name,
        queue_entry_id: entry.id,
        call_id: entry.callId,
        reason: 'removed',
        waited_ms: 0,
      });
    }
    for (const info of infos) {
      this.#id = info.queue_id;
      const known = this.#entries.get(info.id);
      if (known === undefined) {
        const entry = new QueueEntry(this, info);
        this.#entries.set(entry.id, entry);
        entry.applySnapshot(info);
      } else known.applySnapshot(info);
    }
  }
}

/** How a wait ended; with "connected" the bridge of the two, or the conference. */
export interface EnqueueResult extends CallEnqueueResult {
  bridge?: Bridge;
  conference?: Conference;
}

/** Whom the agent was connected with; nothing but the queue with "empty". */
export interface TakeResult extends QueueTakeResult {
  bridge?: Bridge;
  /** With `then.join`. */
  conference?: Conference;
}

/** The result with where the two met, as far as the session knows it. */
function withPlace<R extends { bridge_id?: string; conference_id?: string }>(
  session: Session,
  result: R,
): R & { bridge?: Bridge; conference?: Conference } {
  const bridge = session.bridges.get(result.bridge_id ?? '');
  const conference = session.conferences.get(result.conference_id ?? '');
  return { ...result, ...(bridge !== undefined && { bridge }), ...(conference !== undefined && { conference }) };
}

/** Waits in a queue: awaiting it gives how the wait ended (`reason`: connected, timeout, removed, overflow). */
export class EnqueueOperation extends StagedOperation<EnqueueResult, QueueEntry> {
  readonly #session: Session;
  /** Resolves when the call has its place; rejects when that never comes. */
  readonly entered = this.stage;
  #entry: QueueEntry | undefined;

  /** @internal */
  constructor(session: Session, id: string, callId: string, signals: (AbortSignal | undefined)[]) {
    super(session, id, 'call.enqueue', signals, callId);
    this.#session = session;
  }

  /** Its entry, once there is one. */
  get entry(): QueueEntry | undefined {
    return this.#entry;
  }

  /** @internal */
  adopt(entry: QueueEntry): void {
    this.#entry = entry;
    this.reached(entry);
  }

  protected override value(raw: object): EnqueueResult {
    this.missed('there was no room', { code: 'queue_full', retry: 'later' }, 'overflow', raw);
    return withPlace(this.#session, raw as CallEnqueueResult);
  }
}

/** Awaiting it gives whom the agent was connected with; `call_id` is absent when nobody waited (`reason` "empty"). */
export class TakeOperation extends Operation<TakeResult> {
  readonly #session: Session;

  /** @internal */
  constructor(session: Session, id: string, callId: string, signals: (AbortSignal | undefined)[]) {
    super(session, id, 'queue.take', signals, callId);
    this.#session = session;
  }

  protected override value(raw: object): TakeResult {
    return withPlace(this.#session, raw as QueueTakeResult);
  }
}
