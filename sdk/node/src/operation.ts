// An operation: an awaitable handle on something a call does. It settles exactly once.

import type { Call } from './call.js';
import { AttemptError, CallEndedError, OperationError, RequestError, TandemError } from './errors.js';
import { SafeEmitter } from './emitter.js';
import type { EventDataByType, MethodParams, OperationView } from './generated/protocol.js';
import type { Session } from './session.js';

export type OpProgress = EventDataByType['op.progress'];
export type OpMark = EventDataByType['op.mark'];

type OpEventType = 'op.started' | 'op.progress' | 'op.mark' | 'op.paused' | 'op.resumed';
type OmitOpId<T> = Omit<T, 'op_id'>;

type OperationEvents = {
  /** Only with `progress_interval_ms`. */
  progress: OpProgress;
  /** A `<mark>` of the SSML that is spoken was passed. */
  mark: OpMark;
  paused: EventDataByType['op.paused'];
  resumed: EventDataByType['op.resumed'];
  /** A call that a dialling operation placed; also those that are not answered. */
  attempt: Call;
};

/** @internal What a session knows of an operation, whatever its result. */
export interface OpenOperation {
  readonly id: string;
  readonly method: string;
  readonly callId: string | undefined;
  readonly settled: boolean;
  cancel(): Promise<void>;
  applyView(view: OperationView): void;
  applyEvent<T extends OpEventType>(type: T, data: EventDataByType[T]): void;
  applyAttempt(call: Call): void;
  applyCompletion(data: EventDataByType['op.completed']): void;
  fail(error: TandemError): void;
}

/** A completed operation's result together with why it ended. */
export type Completed<Result> = Result & { reason: string };

/**
 * `await operation` gives its result and `reason`; it rejects with RequestError (refused), OperationError (failed or
 * cancelled) or CallEndedError. An operation that nobody awaits never raises an unhandled rejection.
 */
export class Operation<Result>
  extends SafeEmitter<OperationEvents>
  implements OpenOperation, PromiseLike<Completed<Result>>
{
  readonly id: string;
  readonly method: string;
  /** The call that it acts on; undefined for `session.dial()`. */
  readonly callId: string | undefined;
  /** Settles when the server has accepted the operation and it runs; rejects when it was refused or never ran. */
  readonly started: Promise<void>;
  readonly #session: Session;
  readonly #done: Promise<Completed<Result>>;
  #resolve!: (value: Completed<Result>) => void;
  #reject!: (error: TandemError) => void;
  #startResolve!: () => void;
  #startReject!: (error: TandemError) => void;
  #settled = false;
  readonly #detachAbort: (() => void)[] = [];

  /** @internal */
  constructor(session: Session, id: string, method: string, signals: (AbortSignal | undefined)[] = [], callId?: string) {
    super();
    this.callId = callId;
    this.id = id;
    this.method = method;
    this.#session = session;
    this.#done = new Promise((resolve, reject) => {
      this.#resolve = resolve;
      this.#reject = reject;
    });
    this.started = new Promise((resolve, reject) => {
      this.#startResolve = resolve;
      this.#startReject = reject;
    });
    this.#done.catch(() => undefined);
    this.started.catch(() => undefined);
    this.setListenerErrorHandler((error) => session.reportError(error));
    for (const signal of signals) if (signal !== undefined) this.#followSignal(signal);
  }

  #followSignal(signal: AbortSignal): void {
    const abort = (): void => void this.cancel().catch(() => undefined);
    if (signal.aborted) {
      // The request is on its way in this turn; cancel right behind it.
      queueMicrotask(abort);
      return;
    }
    signal.addEventListener('abort', abort, { once: true });
    this.#detachAbort.push(() => signal.removeEventListener('abort', abort));
  }

  get settled(): boolean {
    return this.#settled;
  }

  then<A = Completed<Result>, B = never>(
    onFulfilled?: ((value: Completed<Result>) => A | PromiseLike<A>) | null,
    onRejected?: ((error: unknown) => B | PromiseLike<B>) | null,
  ): Promise<A | B> {
    return this.#done.then(onFulfilled, onRejected);
  }

  catch<B = never>(onRejected?: ((error: unknown) => B | PromiseLike<B>) | null): Promise<Completed<Result> | B> {
    return this.#done.catch(onRejected);
  }

  finally(onFinally?: (() => void) | null): Promise<Completed<Result>> {
    return this.#done.finally(onFinally);
  }

  /** Ends it now and keeps the result so far: the operation succeeds with reason "stopped". */
  async stop(): Promise<void> {
    await this.#control('op.stop', {});
  }

  /** Drops it: the operation rejects with outcome "cancelled". */
  async cancel(): Promise<void> {
    await this.#control('op.cancel', {});
  }

  async pause(): Promise<void> {
    await this.#control('op.pause', {});
  }

  async resume(): Promise<void> {
    await this.#control('op.resume', {});
  }

  /** Changes loudness, rounds, deadline or progress interval while it runs. */
  async update(changes: OmitOpId<MethodParams['op.update']>): Promise<void> {
    await this.#control('op.update', changes);
  }

  async #control(method: string, params: object): Promise<void> {
    if (this.#settled) return;
    await this.#session.request(method, { op_id: this.id, ...params });
  }

  /** @internal The server's view of the operation, from a response or a snapshot. */
  applyView(view: OperationView): void {
    if (view.state === 'completed') {
      this.applyCompletion({
        method: view.method,
        outcome: view.outcome ?? 'failed',
        reason: view.reason ?? 'error',
        ...(view.result !== undefined && { result: view.result }),
        ...(view.error !== undefined && { error: view.error }),
      } as EventDataByType['op.completed']);
    } else if (view.state !== 'queued') {
      this.#startResolve();
    }
  }

  /** @internal */
  applyEvent<T extends OpEventType>(type: T, data: EventDataByType[T]): void {
    if (type === 'op.started') this.#startResolve();
    else if (type === 'op.progress') this.emit('progress', data as OpProgress);
    else if (type === 'op.mark') this.emit('mark', data as OpMark);
    else if (type === 'op.paused') this.emit('paused', data as EventDataByType['op.paused']);
    else this.emit('resumed', data as EventDataByType['op.resumed']);
  }

  /** @internal */
  applyAttempt(call: Call): void {
    this.emit('attempt', call);
  }

  /** What a success gives; throws OperationError when it is worth nothing here. */
  protected value(raw: object): Result {
    return raw as Result;
  }

  /** @internal */
  applyCompletion(data: EventDataByType['op.completed']): void {
    if (data.outcome === 'succeeded') {
      this.#startResolve();
      try {
        const value = this.value((data.result as object | undefined) ?? {});
        this.#settle(() => this.#resolve({ ...value, reason: data.reason }));
      } catch (error) {
        this.fail(error as OperationError);
      }
      return;
    }
    const error = { ...data.error, code: data.error?.code ?? data.reason };
    const message = `${this.method} ${data.outcome}: ${data.error?.message ?? data.reason}`;
    const attempts = (data.result as { attempts?: unknown } | null | undefined)?.attempts;
    const ended = data.reason === 'call_ended' || error.code === 'call_ended';
    const Kind = ended ? CallEndedError : Array.isArray(attempts) ? AttemptError : OperationError;
    this.fail(new Kind(message, error, data.outcome, data.reason, data.result));
  }

  /** @internal The request was refused, or the session is over. */
  fail(error: TandemError): void {
    if (error instanceof RequestError && (error.code === 'call_ended' || error.code === 'call_not_found')) {
      error = new CallEndedError(error.message, { code: error.code, retry: error.retry }, 'failed', 'call_ended');
    }
    if (error instanceof CallEndedError) error.callId ??= this.callId;
    this.#startReject(error);
    this.#settle(() => this.#reject(error));
  }

  #settle(run: () => void): void {
    if (this.#settled) return;
    this.#settled = true;
    for (const detach of this.#detachAbort) detach();
    run();
  }
}

/** An operation that gets somewhere before it completes: `stage` rejects when it ends without having been there. */
export class StagedOperation<Result, Stage> extends Operation<Result> {
  protected readonly stage: Promise<Stage>;
  #reach!: (value: Stage) => void;
  #miss!: (error: TandemError) => void;

  /** @internal */
  constructor(session: Session, id: string, method: string, signals: (AbortSignal | undefined)[], callId: string) {
    super(session, id, method, signals, callId);
    this.stage = new Promise((resolve, reject) => {
      this.#reach = resolve;
      this.#miss = reject;
    });
    this.stage.catch(() => undefined);
  }

  protected reached(value: Stage): void {
    this.#reach(value);
  }

  /** It succeeded: `what` says why it did so without the stage, if it did. */
  protected missed(what: string, error: ConstructorParameters<typeof OperationError>[1], reason: string, raw: object): void {
    this.#miss(new OperationError(`${this.method}: ${what}`, error, 'succeeded', reason, raw));
  }

  /** @internal */
  override fail(error: TandemError): void {
    super.fail(error);
    this.#miss(error);
  }
}
