// Runs an application's handlers on its sessions, and tidies up after them. The same in both modes.

import type { Call } from './call.js';
import { JoinOperation } from './conference.js';
import { DialOperation, BridgeOperation } from './dial.js';
import { CallEndedError, SessionClosedError } from './errors.js';
import type { Session } from './session.js';

export type CallHandler = (call: Call) => Promise<void> | void;
export type OutboundHandler = (session: Session) => Promise<void> | void;

export interface Handlers {
  call?: CallHandler;
  outbound?: OutboundHandler;
  replace?: CallHandler;
}

/** How long a session waits for the CDRs after its last call before it is closed. */
const CDR_WAIT_MS = 5_000;

/** One session's handlers: how many run, and what remains to do when none does. */
export class SessionRunner {
  readonly #session: Session;
  readonly #handlers: Readonly<Handlers>;
  readonly #afterHandler: 'hangup' | 'keep';
  readonly #report: (error: unknown) => void;
  readonly #closed: Promise<void>;
  /** Calls whose own handler runs. */
  readonly #handled = new Set<Call>();
  /** Calls that end by themselves: a handler ended with their end. */
  readonly #ending = new Set<string>();
  /** Calls that are hung up as soon as may be. */
  readonly #releasing = new Set<Call>();
  #running = 0;
  /** Counts the handlers begun: a tidy-up that waited sees that things went on. */
  #begun = 0;

  constructor(
    session: Session,
    handlers: Readonly<Handlers>,
    afterHandler: 'hangup' | 'keep',
    report: (error: unknown) => void,
  ) {
    this.#session = session;
    this.#handlers = handlers;
    this.#afterHandler = afterHandler;
    this.#report = report;
    this.#closed = new Promise((resolve) => session.once('closed', () => resolve()));
    session.on('call', (call) => this.#onCall(call));
    session.on('requested', () => void this.#run(() => handlers.outbound?.(session)));
  }

  #onCall(call: Call): void {
    if (call.direction === 'outbound') return;
    if (call.info.replaces_call_id === undefined) void this.#run(() => this.#handlers.call?.(call), call);
    // The server answers it and puts it where the other one was: most applications have nothing to add.
    else if (this.#handlers.replace !== undefined) void this.#run(() => this.#handlers.replace?.(call), call);
  }

  /** `call`: whose handler it is. */
  async #run(handler: () => Promise<void> | void, call?: Call): Promise<void> {
    ++this.#running;
    ++this.#begun;
    if (call !== undefined) this.#handled.add(call);
    try {
      await handler();
    } catch (error) {
      // Operations complete before call.ended comes: the call's state may still say otherwise here.
      if (error instanceof CallEndedError && error.callId !== undefined) this.#ending.add(error.callId);
      else if (!(error instanceof SessionClosedError)) this.#report(error);
    }
    --this.#running;
    if (call !== undefined) {
      this.#handled.delete(call);
      void this.#release(call);
    }
    if (this.#running === 0) await this.#tidyUp();
  }

  /** After the last handler: what it left is hung up, and the session is closed when nothing is left. */
  async #tidyUp(): Promise<void> {
    const session = this.#session;
    const begun = this.#begun;
    for (;;) {
      if (session.closed) return;
      if (this.#afterHandler === 'hangup') {
        for (const op of session.openOperations) if (op instanceof DialOperation) op.cancel().catch(() => undefined);
      }
      const live = [...session.calls.values()].filter((call) => call.state !== 'ended');
      if (live.length === 0) break;
      for (const call of live) void this.#release(call);
      await Promise.race([Promise.all(live.map((call) => call.ended)), this.#closed]);
      if (this.#begun !== begun) return; // That handler's end comes here again.
    }
    await this.#records();
    if (this.#begun === begun && this.#running === 0) session.close();
  }

  /** Hangs a call up as soon as it is joined with no other one and in no conference. */
  async #release(call: Call): Promise<void> {
    if (this.#afterHandler === 'keep' || this.#releasing.has(call)) return;
    this.#releasing.add(call);
    for (;;) {
      if (call.state === 'ended' || call.session.closed || this.#ending.has(call.id) || this.#handled.has(call)) return;
      const joining = call.session.openOperations.find(
        (op): op is BridgeOperation | JoinOperation =>
          (op instanceof BridgeOperation || op instanceof JoinOperation) && op.callId === call.id,
      );
      if (joining !== undefined) await Promise.race([settled(joining), call.ended]);
      else if (call.currentBridge !== undefined) await Promise.race([call.currentBridge.ended, call.ended, left(call, 'unbridged')]);
      else if (call.currentConference !== undefined) await Promise.race([call.currentConference.ended, call.ended, left(call, 'left')]);
      else break;
    }
    call.hangup();
  }

  async #records(): Promise<void> {
    // An INVITE that nothing answered leaves no record.
    const due = [...this.#session.calls.values()].filter((call) => call.direction === 'inbound' || call.verdict?.sip_code !== 0);
    if (due.length === 0) return;
    let timer: NodeJS.Timeout | undefined;
    const enough = new Promise<void>((resolve) => (timer = setTimeout(resolve, CDR_WAIT_MS).unref()));
    await Promise.race([Promise.all(due.map((call) => call.cdr)), enough, this.#closed]);
    clearTimeout(timer);
  }
}

function left(call: Call, event: 'unbridged' | 'left'): Promise<void> {
  return new Promise((resolve) => call.once(event, () => resolve()));
}

function settled(operation: PromiseLike<unknown>): Promise<void> {
  return new Promise((resolve) => void operation.then(() => resolve(), () => resolve()));
}
