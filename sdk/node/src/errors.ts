// Errors that the SDK throws and rejects with. All carry the protocol's `code` and its advice `retry`.

import type { DialAttempt, ErrorData, OperationOutcome } from './generated/protocol.js';

/** What to do about an error: never again, after a fix, later, or after refreshing one's view. */
export type Retry = 'never' | 'fix' | 'later' | 'refresh';

export class TandemError extends Error {
  readonly code: string;
  readonly retry: Retry;
  /** The parameter that the error is about, for example "play.sources[2].url". */
  readonly field: string | undefined;
  readonly sipCode: number | undefined;
  readonly retryAfterMs: number | undefined;

  constructor(message: string, error: Partial<ErrorData> & { code: string }) {
    super(message);
    this.name = new.target.name;
    this.code = error.code;
    this.retry = (error.retry as Retry | undefined) ?? 'never';
    this.field = error.field;
    this.sipCode = error.sip_code;
    this.retryAfterMs = error.retry_after_ms;
  }
}

/** The server refused a request; the operation never existed. */
export class RequestError extends TandemError {}

/** An accepted operation failed or was cancelled. */
export class OperationError extends TandemError {
  readonly outcome: OperationOutcome;
  /** For example "interrupted", "flushed", "deadline". */
  readonly reason: string;
  /** What there is of a result, for example `heard_ms`. */
  readonly result: unknown;

  constructor(
    message: string,
    error: Partial<ErrorData> & { code: string },
    outcome: OperationOutcome,
    reason: string,
    result?: unknown,
  ) {
    super(message, error);
    this.outcome = outcome;
    this.reason = reason;
    this.result = result;
  }
}

/** The call ended before the operation did. A call handler that ends with it ends quietly. */
export class CallEndedError extends OperationError {
  /** The call that ended. */
  callId: string | undefined;
}

/** Nobody was reached: a dial, or a bridge or transfer that dials. */
export class AttemptError extends OperationError {
  /** Every attempt in order, each with its target, SIP code and ringing time. */
  get attempts(): DialAttempt[] {
    return (this.result as { attempts: DialAttempt[] }).attempts;
  }
}

/** The session is over: closed by the application, or not resumed in time. */
export class SessionClosedError extends TandemError {
  constructor(message = 'the session is closed') {
    super(message, { code: 'session_closed', retry: 'never' });
  }
}
