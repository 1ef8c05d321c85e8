// A recording under way, and what becomes of it.

import type { Call } from './call.js';
import type { Conference } from './conference.js';
import { OperationError, type TandemError } from './errors.js';
import type { EventDataByType, MethodResult } from './generated/protocol.js';
import { Operation } from './operation.js';

export type Recording = EventDataByType['recording.ready']['recording'];

/**
 * `await operation` gives how the recording ended, as soon as its file is closed; `await operation.recording` gives the
 * recording with its size, hash and link once it can be fetched. `stop()`, `pause()` and `resume()` act on it, `cancel()` deletes
 * it.
 */
export class RecordOperation extends Operation<MethodResult['call.record']> {
  /** Rejects when the recording failed, was refused or cancelled, or when the session ended before it was ready. */
  readonly recording: Promise<Recording>;

  /** @internal */
  constructor(call: Call, id: string, signals: (AbortSignal | undefined)[]) {
    super(call.session, id, 'call.record', signals, call.id);
    this.recording = new Promise((resolve, reject) => {
      const detach = (): void => {
        call.off('recordingReady', onReady);
        call.off('recordingFailed', onFailed);
      };
      const onReady = (recording: Recording): void => {
        if (recording.op_id !== id) return;
        detach();
        resolve(recording);
      };
      const onFailed = (recording: Recording): void => {
        if (recording.op_id !== id) return;
        detach();
        const error = recording.error ?? { code: 'record_failed', retry: 'later', message: 'the recording failed' };
        reject(new OperationError(`call.record: ${error.message}`, error as never, 'failed', 'error'));
      };
      call.on('recordingReady', onReady);
      call.on('recordingFailed', onFailed);
      this.then(undefined, (error: unknown) => {
        // A failure of the file is told with what was kept of it; anything else leaves no recording.
        const made = error instanceof OperationError ? (error.result as MethodResult['call.record'] | undefined) : undefined;
        if ((error as TandemError).code === 'record_failed' && made?.recording_id !== undefined) return;
        detach();
        reject(error);
      });
    });
    this.recording.catch(() => undefined);
  }
}

/**
 * A recording of a conference. `await operation` gives its files (the mix, one for each participant) once all are closed;
 * `await operation.recordings` gives them with size, hash and link once all can be fetched. A file that failed is in it with its
 * `error`.
 */
export class ConferenceRecordOperation extends Operation<MethodResult['conference.record']> {
  readonly conference: Conference;
  /** Rejects when the recording was refused, cancelled or could not begin. */
  readonly recordings: Promise<Recording[]>;
  readonly #settled = new Map<string, Recording>();
  #files: string[] | undefined;
  #resolveAll!: (recordings: Recording[]) => void;

  /** @internal */
  constructor(conference: Conference, id: string, signals: (AbortSignal | undefined)[]) {
    super(conference.session, id, 'conference.record', signals);
    this.conference = conference;
    this.recordings = new Promise((resolve, reject) => {
      this.#resolveAll = resolve;
      const known = (made: MethodResult['conference.record']): void => {
        this.#files = made.recordings.map((file) => file.recording_id);
        this.#check();
      };
      this.then(known, (error: unknown) => {
        const made = error instanceof OperationError ? (error.result as MethodResult['conference.record'] | undefined) : undefined;
        // What was written before it broke off is kept.
        if ((error as TandemError).code === 'record_failed' && made !== undefined && made.recordings.length > 0) known(made);
        else reject(error);
      });
    });
    this.recordings.catch(() => undefined);
  }

  /** @internal */
  settle(recording: Recording): void {
    this.#settled.set(recording.id, recording);
    this.#check();
  }

  #check(): void {
    if (this.#files?.every((id) => this.#settled.has(id)) === true) {
      this.#resolveAll(this.#files.map((id) => this.#settled.get(id) as Recording));
    }
  }
}
