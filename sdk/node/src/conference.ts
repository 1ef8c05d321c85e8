// Conferences: calls that hear each other as their parts allow.

import type { Call, OperationOptions } from './call.js';
import { SafeEmitter } from './emitter.js';
import type {
  CallJoinResult,
  ConferenceCreate,
  ConferenceOptions,
  ConferenceParticipant,
  ConferenceRole,
  ConferenceSnapshot,
  ConferenceState,
  EventDataByType,
  MethodParams,
  MethodResult,
  Playlist,
  Speech,
  Supervision,
} from './generated/protocol.js';
import { Operation, StagedOperation } from './operation.js';
import { ConferenceRecordOperation } from './recording.js';
import type { Session } from './session.js';

type ConferenceMethod = Extract<keyof MethodParams, `conference.${string}`>;
/** Parameters of a verb as the protocol names them; the conference is implied and `op_id` is made unless given. */
type Params<M extends ConferenceMethod> = Omit<MethodParams[M], 'conference_id'>;

/** Parameters of `session.createConference()`. */
export type CreateConferenceInput = ConferenceCreate;

/** Where and how `call.join()` takes the call: `conference`, `conference_id` or `name`, perhaps with `create`. */
export type JoinInput = Omit<MethodParams['call.join'], 'call_id'> & { conference?: Conference };

/** What `updateParticipant()` changes. */
export type ParticipantChange = Omit<Params<'conference.update_participant'>, 'call_id'>;

export type ConferenceEvents = {
  started: EventDataByType['conference.started'];
  updated: EventDataByType['conference.updated'];
  participant_joined: Participant;
  participant_updated: Participant;
  participant_left: EventDataByType['conference.participant_left'] & { participant: Participant | undefined };
  speaker_started: Participant;
  speaker_stopped: Participant;
  recording_started: EventDataByType['recording.started'];
  ended: EventDataByType['conference.ended'];
};

/** A call in a conference. */
export class Participant {
  readonly conference: Conference;
  readonly callId: string;
  #view: ConferenceParticipant;

  /** @internal */
  constructor(conference: Conference, view: ConferenceParticipant) {
    this.conference = conference;
    this.callId = view.call_id;
    this.#view = view;
  }

  /** The call, if this session holds it. */
  get call(): Call | undefined {
    return this.conference.session.calls.get(this.callId);
  }
  get role(): ConferenceRole {
    return this.#view.role;
  }
  /** How a supervisor takes part. */
  get supervision(): Supervision | undefined {
    return this.#view.supervise;
  }
  get muted(): boolean {
    return this.#view.muted;
  }
  get deaf(): boolean {
    return this.#view.deaf;
  }
  get onHold(): boolean {
    return this.#view.on_hold;
  }
  get gainDb(): number {
    return this.#view.gain_db;
  }
  get speaking(): boolean {
    return this.#view.speaking;
  }
  get joinedAt(): Date {
    return new Date(this.#view.joined_at);
  }

  update(change: ParticipantChange): Operation<MethodResult['conference.update_participant']> {
    return this.conference.updateParticipant(this, change);
  }
  mute(): Operation<MethodResult['conference.update_participant']> {
    return this.update({ muted: true });
  }
  unmute(): Operation<MethodResult['conference.update_participant']> {
    return this.update({ muted: false });
  }
  /** Neither hears nor is heard; with music, or in silence. */
  hold(music?: Playlist): Operation<MethodResult['conference.update_participant']> {
    return this.update({ on_hold: true, ...(music !== undefined && { hold_music: music }) });
  }
  unhold(): Operation<MethodResult['conference.update_participant']> {
    return this.update({ on_hold: false });
  }
  kick(): Operation<MethodResult['conference.update_participant']> {
    return this.update({ kick: true });
  }

  /** @internal */
  apply(view: Partial<ConferenceParticipant>): void {
    this.#view = { ...this.#view, ...view };
  }
}

export class Conference extends SafeEmitter<ConferenceEvents> {
  readonly id: string;
  readonly session: Session;
  /** Resolves when it is over; never rejects. */
  readonly ended: Promise<EventDataByType['conference.ended']>;
  #view: Partial<ConferenceSnapshot> = {};
  #state: ConferenceState = 'waiting';
  readonly #participants = new Map<string, Participant>();
  #resolveEnded!: (data: EventDataByType['conference.ended']) => void;

  /** @internal */
  constructor(session: Session, id: string) {
    super();
    this.session = session;
    this.id = id;
    this.ended = new Promise((resolve) => (this.#resolveEnded = resolve));
    this.setListenerErrorHandler((error) => session.reportError(error));
  }

  get name(): string | undefined {
    return this.#view.name;
  }
  get state(): ConferenceState {
    return this.#state;
  }
  get locked(): boolean {
    return this.#view.locked ?? false;
  }
  /** What the server last told of the conference as a whole. */
  get info(): Readonly<Partial<ConferenceSnapshot>> {
    return this.#view;
  }

  /**
   * Its members by call id, as far as this session is told of them: all in the session that made the conference or joined
   * with `events: 'all'`, else those of its own calls.
   */
  get participants(): ReadonlyMap<string, Participant> {
    return this.#participants;
  }

  /** Plays to all: a URL, or with all parameters. */
  play(what: string | Params<'conference.play'>, options?: OperationOptions): Operation<MethodResult['conference.play']> {
    return this.#operate('conference.play', typeof what === 'string' ? { sources: [{ url: what }] } : what, options);
  }

  /** Speaks to all. */
  say(what: string | Speech, options?: OperationOptions): Operation<MethodResult['conference.play']> {
    return this.play({ sources: [{ say: typeof what === 'string' ? { text: what } : what }] }, options);
  }

  /** Records it: `tracks` says whether the mix, each participant, or both. `await op.stop()` ends it, `await op.recordings` are the files. */
  record(params: Params<'conference.record'> = {}, options?: OperationOptions): ConferenceRecordOperation {
    const opId = params.op_id ?? this.session.nextOpId('c');
    const operation = new ConferenceRecordOperation(this, opId, [options?.signal]);
    this.session.begin(operation, 'conference.record', { ...params, conference_id: this.id, op_id: opId });
    return operation;
  }

  update(params: Params<'conference.update'>): Operation<MethodResult['conference.update']> {
    return this.#operate('conference.update', params);
  }
  /** Nobody gets in but moderators and supervisors. */
  lock(): Operation<MethodResult['conference.update']> {
    return this.update({ locked: true });
  }
  unlock(): Operation<MethodResult['conference.update']> {
    return this.update({ locked: false });
  }
  /** Starts it, whatever its start rule. */
  start(): Operation<MethodResult['conference.update']> {
    return this.update({ start_now: true });
  }

  /** Ends it: each call goes where its `on_end` said. */
  end(): Operation<MethodResult['conference.end']> {
    return this.#operate('conference.end', {});
  }

  updateParticipant(
    who: Call | Participant | string,
    change: ParticipantChange,
  ): Operation<MethodResult['conference.update_participant']> {
    const call_id = typeof who === 'string' ? who : who instanceof Participant ? who.callId : who.id;
    return this.#operate('conference.update_participant', { ...change, call_id } as Params<'conference.update_participant'>);
  }

  #operate<M extends ConferenceMethod>(method: M, params: Params<M>, options?: OperationOptions): Operation<MethodResult[M & keyof MethodResult]> {
    const opId = (params as { op_id?: string }).op_id ?? this.session.nextOpId('c');
    const operation = new Operation<MethodResult[M & keyof MethodResult]>(this.session, opId, method, [options?.signal]);
    this.session.begin(operation, method, { ...params, conference_id: this.id, op_id: opId });
    return operation;
  }

  /** @internal */
  applyView(view: ConferenceSnapshot, withParticipants: boolean): void {
    const { participants, ...rest } = view;
    this.#view = rest;
    if (view.state !== 'ended' && this.#state !== 'ended') this.#state = view.state;
    if (!withParticipants) return;
    const there = new Set(participants.map((each) => each.call_id));
    for (const id of [...this.#participants.keys()]) if (!there.has(id)) this.#participants.delete(id);
    for (const each of participants) this.#participant(each);
  }

  #participant(view: ConferenceParticipant): Participant {
    let found = this.#participants.get(view.call_id);
    if (found === undefined) this.#participants.set(view.call_id, (found = new Participant(this, view)));
    else found.apply(view);
    return found;
  }

  /** @internal */
  applyEvent(type: keyof EventDataByType, data: unknown): void {
    if (this.#state === 'ended') return;
    switch (type) {
      case 'conference.started':
        this.#state = 'active';
        this.emit('started', data as ConferenceEvents['started']);
        break;
      case 'conference.updated': {
        const event = data as ConferenceEvents['updated'];
        this.applyView(event.conference, false);
        this.emit('updated', event);
        break;
      }
      case 'conference.participant_joined': {
        const event = data as EventDataByType['conference.participant_joined'];
        if (event.conference !== undefined) this.applyView(event.conference, false);
        this.emit('participant_joined', this.#participant(event.participant));
        break;
      }
      case 'conference.participant_updated':
        this.emit(
          'participant_updated',
          this.#participant((data as EventDataByType['conference.participant_updated']).participant),
        );
        break;
      case 'conference.participant_left': {
        const event = data as EventDataByType['conference.participant_left'];
        const participant = this.#participants.get(event.call_id);
        this.#participants.delete(event.call_id);
        this.emit('participant_left', { ...event, participant });
        break;
      }
      case 'conference.speaker_started':
      case 'conference.speaker_stopped': {
        const speaking = type === 'conference.speaker_started';
        const participant = this.#participants.get((data as { call_id: string }).call_id);
        participant?.apply({ speaking });
        if (participant !== undefined) this.emit(speaking ? 'speaker_started' : 'speaker_stopped', participant);
        break;
      }
      case 'recording.started':
        this.emit('recording_started', data as ConferenceEvents['recording_started']);
        break;
      case 'conference.ended':
        this.#state = 'ended';
        this.#participants.clear();
        this.#resolveEnded(data as ConferenceEvents['ended']);
        this.emit('ended', data as ConferenceEvents['ended']);
        break;
      default:
        break; // conference.created: its view was applied; or a newer server's event.
    }
  }
}

/** Lives as long as the call is in the conference: awaiting it gives why it left. `stop()` takes the call out. */
export class JoinOperation extends StagedOperation<CallJoinResult, Participant> {
  /** Resolves when the call is in; rejects when that never comes. */
  readonly joined = this.stage;

  /** @internal */
  constructor(session: Session, id: string, callId: string, signals: (AbortSignal | undefined)[]) {
    super(session, id, 'call.join', signals, callId);
  }

  /** @internal */
  adopt(participant: Participant): void {
    this.reached(participant);
  }

  protected override value(raw: object): CallJoinResult {
    this.missed('it ended before the call was in', { code: 'stopped' }, 'stopped', raw);
    return raw as CallJoinResult;
  }
}

export type { ConferenceOptions, ConferenceParticipant, ConferenceRole };
