// Dialling: targets in short form, and the operations that make new calls or join them.

import type { Bridge } from './bridge.js';
import type { Call } from './call.js';
import type { Conference } from './conference.js';
import { CallEndedError, OperationError, type TandemError } from './errors.js';
import type {
  CallBridgeResult,
  CallDial,
  CallDialResult,
  DialGroup,
  DialPlan,
  DialTarget,
  DialThenBridge,
  DialThenJoin,
} from './generated/protocol.js';
import { Operation, StagedOperation } from './operation.js';
import type { Session } from './session.js';

/** Whom to call: "+15550123", "sip:desk@192.0.2.9", "alice@acme.example" (a registered endpoint), or in full. */
export type Target = string | DialTarget;

/** Targets rung one after the other; those of an inner list ring at once. */
export type TargetGroups = (Target | Target[] | DialGroup)[];

type Short<T extends DialPlan> = Omit<T, 'to' | 'endpoints'> & { to?: Target; endpoints?: TargetGroups };

/** A dial plan as the protocol has it, with targets in short form if you like. */
export type DialPlanInput = Short<DialPlan>;

/** Parameters of `session.dial()`. */
export type DialInput = Short<Omit<CallDial, 'then'>> & {
  /** What becomes of the answered call; absent: it stays in its ivr. */
  then?:
    | { bridge: Omit<DialThenBridge, 'call_id'> & { call_id?: string; call?: Call } }
    | { join: DialThenJoin & { conference?: Conference } };
};

/** Reads the short form of a target. Throws TypeError for a text that is none. */
export function parseTarget(target: Target): DialTarget {
  if (typeof target !== 'string') return target;
  const text = target.trim();
  if (/^sips?:/i.test(text)) return { uri: text };
  if (/^[^@\s]+@[^@\s]+$/.test(text)) return { endpoint: text };
  if (/^\+?[0-9*#]+$/.test(text)) return { number: text };
  throw new TypeError(`"${target}" is no target: give a number, a sip: URI or user@domain`);
}

function parseGroup(group: Target | Target[] | DialGroup): DialGroup {
  if (Array.isArray(group)) return { targets: group.map(parseTarget) };
  if (typeof group === 'object' && 'targets' in group) return { targets: group.targets.map(parseTarget) };
  return { targets: [parseTarget(group)] };
}

/** The protocol's form of a plan whose targets may be short. */
export function parsePlan<T extends DialPlanInput>(input: T): Omit<T, 'to' | 'endpoints'> & Pick<DialPlan, 'to' | 'endpoints'> {
  const { to, endpoints, ...rest } = input;
  return {
    ...rest,
    ...(to !== undefined && { to: parseTarget(to) }),
    ...(endpoints !== undefined && { endpoints: endpoints.map(parseGroup) }),
  };
}

/** The protocol's parameters of call.dial. */
export function parseDial(what: Target | DialInput): Omit<CallDial, 'op_id'> {
  if (typeof what === 'string' || 'number' in what || 'uri' in what || 'endpoint' in what) {
    return { to: parseTarget(what as Target) };
  }
  const { then, ...plan } = what as DialInput;
  if (then === undefined) return parsePlan(plan);
  if ('join' in then) {
    const { conference, ...join } = then.join;
    return { ...parsePlan(plan), then: { join: { ...join, ...(conference !== undefined && { conference_id: conference.id }) } } };
  }
  const { call, ...bridge } = then.bridge;
  return { ...parsePlan(plan), then: { bridge: { ...bridge, call_id: call?.id ?? bridge.call_id ?? '' } } };
}

export interface DialResult extends CallDialResult {
  /** The call that answered. */
  call: Call;
  /** With `then.bridge`. */
  bridge?: Bridge;
  /** With `then.join`. */
  conference?: Conference;
}

/** Gives the answered call. Rejects with AttemptError when nobody answered. */
export class DialOperation extends Operation<DialResult> {
  readonly #session: Session;
  readonly #onBehalfOf: Call | undefined;

  /** @internal */
  constructor(session: Session, id: string, signals: (AbortSignal | undefined)[], onBehalfOf?: Call) {
    super(session, id, 'call.dial', signals);
    this.#session = session;
    this.#onBehalfOf = onBehalfOf;
  }

  protected override value(raw: object): DialResult {
    const result = raw as CallDialResult;
    const call = this.#session.calls.get(result.call_id ?? '');
    if (call === undefined) {
      throw new OperationError('call.dial: the answered call is gone', { code: 'call_not_found' }, 'failed', 'call_ended', raw);
    }
    const bridge = this.#session.bridges.get(result.bridge_id ?? '');
    const conference = result.conference_id === undefined ? undefined : this.#session.conference(result.conference_id);
    return { ...result, call, ...(bridge !== undefined && { bridge }), ...(conference !== undefined && { conference }) };
  }

  /** @internal */
  override fail(error: TandemError): void {
    const parent = this.#onBehalfOf;
    if (parent?.state === 'ended' && error instanceof OperationError && error.outcome === 'cancelled') {
      error = new CallEndedError(
        'call.dial: the call that it was for has ended',
        { code: 'call_ended', retry: 'never' },
        'cancelled',
        'call_ended',
        error.result,
      );
      (error as CallEndedError).callId = parent.id;
    }
    super.fail(error);
  }
}

/** Lives as long as the bridge: awaiting it gives how the bridge ended. `stop()` ends the bridge, the calls stay. */
export class BridgeOperation extends StagedOperation<CallBridgeResult, Bridge> {
  /** Resolves when both hear each other; rejects when that never comes. */
  readonly connected = this.stage;
  #bridge: Bridge | undefined;

  /** @internal */
  constructor(session: Session, id: string, callId: string, signals: (AbortSignal | undefined)[]) {
    super(session, id, 'call.bridge', signals, callId);
  }

  /** The bridge, once there is one. */
  get bridge(): Bridge | undefined {
    return this.#bridge;
  }

  /** @internal */
  adopt(bridge: Bridge): void {
    if (this.#bridge !== undefined) return;
    this.#bridge = bridge;
    if (bridge.state === 'active') this.reached(bridge);
    else bridge.once('connected', () => this.reached(bridge));
  }

  protected override value(raw: object): CallBridgeResult {
    this.missed('it ended before it stood', { code: 'stopped' }, 'stopped', raw);
    return raw as CallBridgeResult;
  }
}
