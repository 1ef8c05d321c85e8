// A bridge: two calls that hear each other.

import type { Call } from './call.js';
import { SafeEmitter } from './emitter.js';
import type { BridgeDirection, BridgeState, EventDataByType } from './generated/protocol.js';
import type { Session } from './session.js';

export type BridgeEvents = {
  connected: EventDataByType['bridge.connected'];
  /** Direction or members changed, for example because one call was replaced. */
  updated: EventDataByType['bridge.updated'];
  ended: EventDataByType['bridge.ended'];
};

export class Bridge extends SafeEmitter<BridgeEvents> {
  readonly id: string;
  readonly session: Session;
  /** Resolves when it is over; never rejects. */
  readonly ended: Promise<EventDataByType['bridge.ended']>;
  #callIds: string[];
  #direction: BridgeDirection;
  #state: BridgeState = 'connecting';
  #resolveEnded!: (data: EventDataByType['bridge.ended']) => void;

  /** @internal */
  constructor(session: Session, id: string, callIds: string[], direction: BridgeDirection) {
    super();
    this.session = session;
    this.id = id;
    this.#callIds = callIds;
    this.#direction = direction;
    this.ended = new Promise((resolve) => (this.#resolveEnded = resolve));
    this.setListenerErrorHandler((error) => session.reportError(error));
  }

  get state(): BridgeState {
    return this.#state;
  }

  get direction(): BridgeDirection {
    return this.#direction;
  }

  /** Both calls, the one that asked first; a call of another session is missing here. */
  get calls(): Call[] {
    return this.#callIds.flatMap((id) => this.session.calls.get(id) ?? []);
  }

  get callIds(): readonly string[] {
    return this.#callIds;
  }

  /** The call at the other side of `call`. */
  other(call: Call): Call | undefined {
    return this.calls.find((member) => member !== call);
  }

  /** @internal */
  applyMembers(type: 'bridge.connected' | 'bridge.updated', data: EventDataByType['bridge.connected']): void {
    if (this.#state === 'ended') return;
    this.#callIds = data.call_ids;
    this.#direction = data.direction;
    if (type === 'bridge.connected') this.#state = 'active';
    this.emit(type === 'bridge.connected' ? 'connected' : 'updated', data);
  }

  /** @internal From a snapshot: no event, things merely stand so now. */
  applySnapshot(callIds: string[], direction: BridgeDirection, state: BridgeState): void {
    this.#callIds = callIds;
    this.#direction = direction;
    if (state !== 'ended') this.#state = state;
  }

  /** @internal */
  applyEnd(data: EventDataByType['bridge.ended']): void {
    if (this.#state === 'ended') return;
    this.#state = 'ended';
    this.#resolveEnded(data);
    this.emit('ended', data);
  }
}
