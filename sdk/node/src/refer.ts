// A transfer that the peer asks for (REFER, RFC 3515).

import type { Call } from './call.js';
import type { CallAnswerRefer, EventDataByType, MethodResult } from './generated/protocol.js';
import type { Operation } from './operation.js';

export type ReferAcceptOptions = Pick<CallAnswerRefer, 'trunk_id' | 'from' | 'ring_timeout_ms' | 'deadline_ms'>;

/** Answer it within 5 seconds by one of `accept`, `reject` and `handle`; otherwise the server refuses it. */
export class ReferRequest {
  readonly call: Call;
  readonly id: string;
  /** Refer-To URI. */
  readonly target: string;
  /** User part of the target, or the URI. */
  readonly to: string;
  readonly referredBy: string | undefined;
  readonly headers: Readonly<Record<string, string>>;
  readonly #replacesCallId: string | undefined;
  #reports = 0;

  /** @internal */
  constructor(call: Call, data: EventDataByType['call.refer_requested']) {
    this.call = call;
    this.id = data.refer_id;
    this.target = data.target;
    this.to = data.to;
    this.referredBy = data.referred_by;
    this.headers = data.headers ?? {};
    this.#replacesCallId = data.replaces_call_id;
  }

  /** Attended transfer: the call of this session whose dialog the target names. */
  get replaces(): Call | undefined {
    return this.#replacesCallId === undefined ? undefined : this.call.session.calls.get(this.#replacesCallId);
  }

  /** The server dials the target, bridges it and reports to the peer. Completes with the transfer. */
  accept(options: ReferAcceptOptions = {}): Operation<MethodResult['call.answer_refer']> {
    return this.call.answerRefer({ ...options, refer_id: this.id, action: 'accept', op_id: this.#opId('a') });
  }

  reject(sipCode = 603): Operation<MethodResult['call.answer_refer']> {
    return this.call.answerRefer({ refer_id: this.id, action: 'reject', sip_code: sipCode, op_id: this.#opId('a') });
  }

  /** You carry it out yourself and tell the peer by `report()` how it goes. */
  handle(): Operation<MethodResult['call.answer_refer']> {
    return this.call.answerRefer({ refer_id: this.id, action: 'handle', op_id: this.#opId('a') });
  }

  /** After `handle()`: below 200 under way, 200 done, 300 and above failed. */
  report(sipCode: number, reason?: string): Operation<MethodResult['call.report_refer']> {
    return this.call.reportRefer({
      refer_id: this.id,
      sip_code: sipCode,
      ...(reason !== undefined && { reason }),
      op_id: this.#opId(`n${++this.#reports}`),
    });
  }

  /** Apart from the call's numbering: listeners run when the peer likes, not in a handler's order. */
  #opId(suffix: string): string {
    return `OP${this.call.id.slice(2)}-r${this.id.replace(/[^A-Za-z0-9_-]/g, '_')}${suffix}`.slice(0, 64);
  }
}
