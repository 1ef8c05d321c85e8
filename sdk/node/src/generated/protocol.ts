// Generated from protocol/ by tools/gen. Do not edit.

/** Audio codec. */
export type Codec = 'PCMU' | 'PCMA' | 'G722';

/** What to do. */
export type ReferAction = 'accept' | 'reject' | 'handle';

/** `id`: the caller's identity is withheld from the called party (RFC 3323, RFC 3325). */
export type Privacy = 'none' | 'id';

/** Audio before the answer: `ignore` it; `pass` it to the call that waits in `then`; `keep`: attach the call to an ivr at once. */
export type EarlyMedia = 'ignore' | 'pass' | 'keep';

/** A tone of the telephone network (ITU-T E.180), North American cadence. */
export type ToneName = 'dial' | 'ringback' | 'busy' | 'congestion' | 'beep';

/** Who hears whom: `both`; `listen`: this call hears the other one only; `speak`: it is heard only. */
export type BridgeDirection = 'both' | 'listen' | 'speak';

/** What becomes of a call when the other one leaves the bridge. */
export type LeaveAction = 'hangup' | 'ivr';

/** Who ended it: this call, the other one, or the application. */
export type BridgeEnder = 'self' | 'peer' | 'application';

/** Why a call ended. */
export type EndReason = 'hangup' | 'cancelled' | 'rejected' | 'redirected' | 'bridge_ended' | 'screened_out' | 'answered_elsewhere' | 'replaced' | 'transferred' | 'busy' | 'no_answer' | 'not_found' | 'unreachable' | 'app_unreachable' | 'app_timeout' | 'app_disconnected' | 'orphan_expired' | 'max_duration' | 'codec_mismatch' | 'media_timeout' | 'session_expired' | 'no_ack' | 'transport_error' | 'sip_error' | 'overloaded' | 'limit_exceeded' | 'node_draining' | 'node_lost' | 'internal';

/** How an attempt ended. */
export type AttemptOutcome = 'answered' | 'busy' | 'no_answer' | 'rejected' | 'not_found' | 'unreachable' | 'failed' | 'cancelled' | 'screened_out' | 'not_allowed';

/** What to do when the lane is busy: wait, end what runs and drop what waits, or refuse with `lane_busy`. */
export type WhenBusy = 'queue' | 'interrupt' | 'reject';

/** Kind of input. */
export type InputType = 'digits' | 'speech';

/** When those who are there begin to hear each other; until then they hear `wait`. */
export type ConferenceStart = 'immediate' | 'two_participants' | 'moderator';

/** When the conference ends by itself. */
export type ConferenceEndRule = 'last_participant' | 'moderator' | 'timeout';

/** When all hear a tone. */
export type ConferenceTones = 'none' | 'entry' | 'exit' | 'both';

/** What becomes of the digits that members press. */
export type ConferenceDigits = 'report' | 'pass' | 'swallow';

/** What of a conference is recorded: the mix as all hear it, announcements included; one file for each participant; or both. */
export type ConferenceTracks = 'mix' | 'participants' | 'all';

/** File format of a recording: WAV (16-bit PCM), Opus in Ogg, or MP3. */
export type RecordFormat = 'wav' | 'ogg-opus' | 'mp3';

/** What stands in the file for a pause: silence of the same length, or nothing. */
export type PauseMode = 'silence' | 'skip';

/** What a member may do. */
export type ConferenceRole = 'moderator' | 'participant' | 'listener' | 'supervisor';

/** How a supervisor takes part. */
export type SuperviseMode = 'monitor' | 'coach' | 'whisper' | 'barge';

/** What the call's session is told of the conference: what concerns its own calls and the conference as a whole, or all that the session which made it is told. */
export type ConferenceEvents = 'own' | 'all';

/** Why a call left a conference. */
export type ConferenceLeaveReason = 'hangup' | 'stopped' | 'kicked' | 'conference_ended' | 'transferred' | 'replaced';

/** One channel with both sides mixed, or two: what the call said left, what it heard right. */
export type RecordChannels = 'mono' | 'dual';

/** Which side is recorded: what the call said, what it heard, or both. */
export type RecordTracks = 'both' | 'said' | 'heard';

/** SIP method. */
export type SendSipMethod = 'INFO' | 'MESSAGE' | 'NOTIFY';

/** How a call is transferred. */
export type TransferMode = 'blind' | 'attended' | 'refer';

/** When the target is not reached: back to the former bridge or ivr, or hang up. */
export type TransferFailure = 'resume' | 'hangup';

/** What becomes of a call whose session is not resumed in time. */
export type DisconnectAction = 'keep' | 'hangup' | 'play_then_hangup';

/** When a conference of this name lives: `name_taken`, or that one as it is. */
export type IfExists = 'fail' | 'use';

/** Which of those that wait. */
export type QueueSelection = 'priority' | 'longest';

/** Why: a call left it, the application stopped it, a call was transferred away or replaced, or it never stood. */
export type BridgeEndReason = 'left' | 'stopped' | 'transferred' | 'replaced' | 'failed';

/** Who placed the call, seen from the server. */
export type CallDirection = 'inbound' | 'outbound';

/** State of a call. */
export type CallState = 'incoming' | 'dialing' | 'ringing' | 'early' | 'answered' | 'held' | 'ended';

/** SIP transport. */
export type SipTransport = 'udp' | 'tcp' | 'tls';

/** How a digit came. */
export type DigitMethod = 'rfc4733' | 'inband' | 'info';

/** Who ended the call. */
export type Party = 'caller' | 'callee' | 'application' | 'platform';

/** Where to look for the cause. */
export type VerdictClass = 'success' | 'client_error' | 'server_error' | 'upstream_error' | 'indeterminate';

/** Who did it. */
export type HoldParty = 'peer' | 'application';

/** What changed. */
export type MediaChange = 'renegotiated' | 'source' | 'rtp_timeout' | 'rtp_resumed';

/** What the server does with the audio stream. */
export type Direction = 'send_recv' | 'send_only' | 'recv_only' | 'inactive';

/** State of a conference: `waiting` until its start rule is met. */
export type ConferenceState = 'waiting' | 'active' | 'ended';

/** Why a conference ended. */
export type ConferenceEndReason = 'application' | 'last_participant' | 'moderator_left' | 'end_on_exit' | 'empty' | 'max_duration' | 'session_ended';

/** State of an endpoint. */
export type EndpointState = 'registered' | 'unreachable' | 'gone';

/** Why. */
export type UnregisterReason = 'removed' | 'expired' | 'replaced';

/** Why. */
export type IvrEndReason = 'call_ended' | 'bridge' | 'conference';

/** How a completed operation ended. */
export type OpOutcome = 'succeeded' | 'failed' | 'cancelled';

/** Why an operation ended. Clients accept unknown reasons. */
export type OpReason = 'ringing' | 'answered' | 'rejected' | 'redirected' | 'hung_up' | 'finished' | 'stopped' | 'max_duration' | 'match' | 'no_input' | 'no_match' | 'sent' | 'applied' | 'held' | 'unheld' | 'ended' | 'completed' | 'refused' | 'accepted' | 'cancelled' | 'interrupted' | 'flushed' | 'call_ended' | 'deadline' | 'node_lost' | 'error' | 'created' | 'left' | 'connected' | 'timeout' | 'removed' | 'overflow' | 'taken' | 'empty' | 'end_silence' | 'terminator';

/** Why a call left its queue. */
export type QueueLeftReason = 'connected' | 'timeout' | 'removed' | 'overflow' | 'call_ended' | 'stopped';

/** Why a call is back at its place in the queue. */
export type QueueReturnedReason = 'agent_left' | 'join_failed' | 'stopped';

/** State of a recording: being written, ready to be fetched, handed over to its destination, failed, or deleted. */
export type RecordingState = 'pending' | 'ready' | 'shipped' | 'failed' | 'purged';

/** State of an operation. */
export type OpState = 'queued' | 'running' | 'paused' | 'completed';

/** Lane of a call in which operations run one after the other; `none`: beside all others. */
export type Lane = 'signalling' | 'speak' | 'listen' | 'none';

/** State of a bridge. */
export type BridgeState = 'connecting' | 'active' | 'ended';

/** State of a waiting call. */
export type QueueEntryState = 'waiting' | 'offered' | 'left';

/** Why a session exists. */
export type SessionReason = 'inbound-call' | 'outbound-call' | 'worker';

/** What became of an outbound call that REST asked for. */
export type IntentState = 'queued' | 'opening' | 'delivered' | 'dialing' | 'answered' | 'completed' | 'failed' | 'expired';

/** What becomes of a call for which there is no room, or that has waited for as long as it may. */
export type QueueOverflow = 'ivr' | 'hangup' | 'queue';

/** Order of a queue. */
export type QueueOrdering = 'priority' | 'arrival';

/** An error as the server reports it. */
export interface ErrorData {
  code: ErrorCode | (string & {});
  message: string;
  /** The parameter at fault. */
  field?: string;
  retry: 'never' | 'fix' | 'later' | 'refresh';
  retry_after_ms?: number;
  sip_code?: number;
}

export type ErrorCode =
  | 'parse_error'
  | 'invalid_request'
  | 'unknown_method'
  | 'invalid_params'
  | 'not_implemented'
  | 'frame_too_large'
  | 'unauthenticated'
  | 'forbidden'
  | 'call_not_found'
  | 'call_ended'
  | 'op_not_found'
  | 'wrong_state'
  | 'lane_busy'
  | 'queue_full'
  | 'queue_not_found'
  | 'queue_entry_not_found'
  | 'idempotency_conflict'
  | 'conference_full'
  | 'conference_locked'
  | 'conference_not_found'
  | 'name_taken'
  | 'wrong_pin'
  | 'endpoint_not_found'
  | 'bridge_not_found'
  | 'session_not_found'
  | 'rate_limited'
  | 'cps_exceeded'
  | 'concurrency_exceeded'
  | 'no_capacity'
  | 'node_draining'
  | 'busy'
  | 'no_answer'
  | 'rejected'
  | 'unreachable'
  | 'not_found'
  | 'forbidden_destination'
  | 'no_trunk'
  | 'trunk_down'
  | 'codec_mismatch'
  | 'sip_error'
  | 'fetch_failed'
  | 'unsupported_format'
  | 'tts_failed'
  | 'stt_failed'
  | 'stream_failed'
  | 'record_failed'
  | 'rtp_timeout'
  | 'internal'
  | 'timeout'
  | 'node_lost';

/** Answers an inbound call and connects its media to the server. */
export interface CallAnswer {
  /** The call to act on. */
  call_id: string;
  /** Codecs to accept, best first; absent: those of the server. */
  codecs?: Codec[];
  /** SIP headers to add: name (RFC 3261 token) to value. Headers that route or frame the message are refused. */
  headers?: Record<string, string>;
  /** Operation. Made by the client as the idempotency key; the server makes one if it is missing. */
  op_id?: string;
  /** The operation fails with `timeout` when it has not completed this long after it was accepted. */
  deadline_ms?: number;
}

/** Result. */
export interface CallAnswerResult {
  /** Audio codec. */
  codec: Codec;
}

/** Answers the peer's REFER (`call.refer_requested`). `accept`: the server carries the transfer out and reports to the peer; `handle`: the application does, and reports by `call.report_refer`; `reject`. */
export interface CallAnswerRefer {
  /** The call to act on. */
  call_id: string;
  /** From the event. */
  refer_id: string;
  /** What to do. */
  action: ReferAction;
  /** With `reject`: the response. Default: 603. */
  sip_code?: number;
  /** With `accept`: the trunk for a number. */
  trunk_id?: string;
  /** Caller: a number, or a SIP URI. */
  from?: string;
  /** With `accept`: how long the target may ring. Default: 30000. */
  ring_timeout_ms?: number;
  /** Operation. Made by the client as the idempotency key; the server makes one if it is missing. */
  op_id?: string;
  /** The operation fails with `timeout` when it has not completed this long after it was accepted. */
  deadline_ms?: number;
}

/** Result. */
export interface CallAnswerReferResult {
  /** Bridge of two calls. */
  bridge_id?: string;
  /** Call. */
  peer_call_id?: string;
  /** With `accept`: what the target answered. */
  sip_code: number;
}

/** Answer to a digest challenge of the target; never sent to another realm. */
export interface DialCredentials {
  /** User name. */
  username: string;
  /** Password. */
  password: string;
  /** The realm that is answered. */
  realm: string;
}

/** Whom to call: exactly one of `number`, `uri` and `endpoint`. */
export interface DialTarget {
  /** Telephone number: digits with an optional leading `+`. */
  number?: string;
  /** SIP URI: `sip:` or `sips:`. */
  uri?: string;
  /** Registered endpoint: `user@domain`. */
  endpoint?: string;
  /** Trunk for a number; absent: chosen by the account's rules. */
  trunk_id?: string;
  /** Caller for this target; absent: that of the operation. */
  from?: string;
  /** Name to show. */
  from_display_name?: string;
  /** How long this target may ring; absent: that of the operation. */
  ring_timeout_ms?: number;
  /** SIP headers to add: name (RFC 3261 token) to value. Headers that route or frame the message are refused. */
  headers?: Record<string, string>;
  /** Answer to a digest challenge of the target; never sent to another realm. */
  credentials?: DialCredentials;
}

/** Targets that ring at once; the first that answers wins. */
export interface DialGroup {
  /** Rung at the same time. */
  targets: DialTarget[];
}

/** Speech from text: exactly one of `text` and `ssml`. */
export interface Speech {
  /** Plain text to speak. */
  text?: string;
  /** SSML 1.1 document or fragment to speak. */
  ssml?: string;
  /** Voice name of the engine; absent: the default voice of the language. */
  voice?: string;
  /** BCP 47 language tag. */
  language?: string;
  /** Speech engine; absent: chosen by language. */
  engine?: string;
}

/** A tone: by name, or by its frequencies. */
export interface Tone {
  /** A tone of the telephone network (ITU-T E.180), North American cadence. */
  name?: ToneName;
  /** 1 to 4 frequencies that sound together. */
  frequencies_hz?: number[];
  /** Cadence: sounding time; absent: continuous. */
  on_ms?: number;
  /** Cadence: silent time. */
  off_ms?: number;
  /** Level in dBm0. Default: -10. */
  level_db?: number;
  /** Length of the whole. Default: 1000. */
  duration_ms?: number;
}

/** One thing to play: exactly one of the fields. */
export interface Source {
  /** Audio file (WAV, MP3, FLAC, Ogg) to fetch. */
  url?: string;
  /** Speech from text. */
  say?: Speech;
  /** A tone. */
  tone?: Tone;
  /** Silence of this length. */
  silence_ms?: number;
  /** A recording of this account that is ready. */
  recording_id?: string;
}

/** Sources to play in order. */
export interface Playlist {
  /** What to play, in order. */
  sources: Source[];
  /** How often the whole is played; 0: until stopped. Default: 1. */
  loop?: number;
  /** Change of loudness. Default: 0. */
  gain_db?: number;
  /** Where in the list to begin. Default: 0. */
  offset_ms?: number;
}

/** A short ivr on the answered call before it counts as answered: who does not press an accepted digit in time is hung up, and the next target is tried. */
export interface Screen {
  /** What the called party hears. */
  play: Playlist;
  /** Digits that accept the call. Default: 1. */
  accept?: string;
  /** How long to wait for a digit after the prompt. Default: 10000. */
  timeout_ms?: number;
  /** How often the prompt is given. Default: 1. */
  max_tries?: number;
}

/** Whom to call and how. */
export interface DialPlan {
  /** One target. */
  to?: DialTarget;
  /** Several: groups one after the other, the targets of a group at once. */
  endpoints?: DialGroup[];
  /** Caller: a number, or a SIP URI. */
  from?: string;
  /** Name to show. */
  from_display_name?: string;
  /** `id`: the caller's identity is withheld from the called party (RFC 3323, RFC 3325). Default: none. */
  privacy?: Privacy;
  /** Trunk for numbers; absent: chosen by the account's rules. */
  trunk_id?: string;
  /** How long a target may ring. Default: 30000. */
  ring_timeout_ms?: number;
  /** How long the whole may take until the answer. Default: 120000. */
  total_timeout_ms?: number;
  /** The call is ended so long after its answer. */
  max_duration_ms?: number;
  /** SIP headers to add: name (RFC 3261 token) to value. Headers that route or frame the message are refused. */
  headers?: Record<string, string>;
  /** Codecs to offer, best first; absent: those of the server. */
  codecs?: Codec[];
  /** Audio before the answer: `ignore` it; `pass` it to the call that waits in `then`; `keep`: attach the call to an ivr at once. Default: ignore. */
  early_media?: EarlyMedia;
  /** A short ivr on the answered call before it counts as answered: who does not press an accepted digit in time is hung up, and the next target is tried. */
  screen?: Screen;
  /** Digits to send after the answer: 0-9, *, #, A-D, w and W for pauses. */
  send_digits?: string;
  /** Any JSON of yours, at most 4 KiB; comes back in snapshots and the CDR. */
  tag?: unknown;
}

/** Connects the call to another call, or to one that is dialled for it. The operation lives as long as the bridge; `op.stop` ends the bridge and takes the call back to its ivr. */
export interface CallBridge {
  /** The call to act on. */
  call_id: string;
  /** The other call. */
  with_call_id?: string;
  /** Whom to dial; the bridge stands when it is answered. */
  dial?: DialPlan;
  /** Who hears whom: `both`; `listen`: this call hears the other one only; `speak`: it is heard only. Default: both. */
  direction?: BridgeDirection;
  /** What becomes of this call when the other one leaves. Default: ivr. */
  on_peer_leave?: LeaveAction;
  /** What becomes of the other call when this one leaves; absent: `hangup` for a dialled call, else `ivr`. */
  peer_on_leave?: LeaveAction;
  /** What this call hears until the other one answers; absent: the ringback tone when it rings. */
  ringback?: Playlist;
  /** Operation. Made by the client as the idempotency key; the server makes one if it is missing. */
  op_id?: string;
  /** The operation fails with `timeout` when it has not completed this long after it was accepted. */
  deadline_ms?: number;
}

/** One attempt to reach a target. */
export interface DialAttempt {
  /** Counts from 1. */
  number: number;
  /** The attempt's call; absent if none was placed. */
  call_id?: string;
  /** Number, URI or endpoint as asked. */
  target: string;
  /** Where the INVITE went. */
  uri?: string;
  /** Provisioned SIP trunk. */
  trunk_id?: string;
  /** How an attempt ended. */
  outcome: AttemptOutcome;
  /** Final response; 0 if there was none. */
  sip_code: number;
  /** Reason phrase, or what went wrong. */
  reason: string;
  /** From the INVITE to the end or the answer. */
  ring_ms: number;
}

/** Result. */
export interface CallBridgeResult {
  /** Absent when it never stood. */
  bridge_id?: string;
  /** Call. */
  peer_call_id?: string;
  /** Who ended it: this call, the other one, or the application. */
  by?: BridgeEnder;
  /** Why the call that left ended, if it did. */
  cause?: EndReason;
  /** How long they were connected. */
  duration_ms: number;
  /** With `dial`. */
  attempts?: DialAttempt[];
}

/** Which digits to collect. */
export interface CollectDigits {
  /** Fewest digits that are a match. Default: 1. */
  min?: number;
  /** Complete as soon as so many are there. Default: 64. */
  max?: number;
  /** Digits that end the input and are no part of it; empty: none. Default: #. */
  terminators?: string;
  /** Silence after a digit that ends the input. Default: 3000. */
  inter_digit_timeout_ms?: number;
  /** What is a match: alternatives separated by `|`; `x` any of 0-9, `[1-3*]` one of a set, a `.` at the end any more digits. */
  pattern?: string;
}

/** Which speech to collect. */
export interface CollectSpeech {
  /** BCP 47 language tag. */
  language?: string;
  /** Words to expect. */
  hints?: string[];
  /** Speech engine; absent: chosen by language. */
  engine?: string;
  /** Silence that ends the utterance. Default: 800. */
  end_silence_ms?: number;
  /** Longest utterance. Default: 30000. */
  max_ms?: number;
  /** Report partial results. Default: false. */
  partial?: boolean;
}

/** What input to collect. */
export interface CollectInput {
  /** Collect digits. */
  digits?: CollectDigits;
  /** Collect speech. */
  speech?: CollectSpeech;
  /** `no_input` when nothing comes for so long, counted from the end of a prompt. Default: 5000. */
  first_input_timeout_ms?: number;
}

/** Collects digits from the call. */
export interface CallCollect {
  /** The call to act on. */
  call_id: string;
  /** Collect digits. */
  digits?: CollectDigits;
  /** Collect speech. */
  speech?: CollectSpeech;
  /** `no_input` when nothing comes for so long, counted from the end of a prompt. Default: 5000. */
  first_input_timeout_ms?: number;
  /** Operation. Made by the client as the idempotency key; the server makes one if it is missing. */
  op_id?: string;
  /** What to do when the lane is busy: wait, end what runs and drop what waits, or refuse with `lane_busy`. Default: queue. */
  when_busy?: WhenBusy;
  /** The operation fails with `timeout` when it has not completed this long after it was accepted. */
  deadline_ms?: number;
}

/** Result. */
export interface CallCollectResult {
  /** Kind of input. */
  type: InputType;
  /** Digits entered, without terminator; also of input that does not fit. */
  value: string;
  /** The digit that ended the input. */
  terminator?: string;
  /** 0 to 1; only with speech. */
  confidence?: number;
}

/** Bridge the answered call. */
export interface DialThenBridge {
  /** To this call. */
  call_id: string;
  /** Seen from the waiting call. Default: both. */
  direction?: BridgeDirection;
  /** What becomes of the waiting call when the dialled one leaves. Default: ivr. */
  on_peer_leave?: LeaveAction;
  /** What becomes of the dialled call when the waiting one leaves. Default: hangup. */
  peer_on_leave?: LeaveAction;
  /** What the waiting call hears until the answer; absent: the ringback tone when it rings. */
  ringback?: Playlist;
}

/** How a conference is recorded. */
export interface ConferenceRecordOptions {
  /** What of a conference is recorded: the mix as all hear it, announcements included; one file for each participant; or both. Default: mix. */
  tracks?: ConferenceTracks;
  /** File format of a recording: WAV (16-bit PCM), Opus in Ogg, or MP3. Default: wav. */
  format?: RecordFormat;
  /** Of all its files: 8000 or 16000. Default: 16000. */
  sample_rate_hz?: number;
  /** What stands in the file for a pause: silence of the same length, or nothing. Default: silence. */
  pause_mode?: PauseMode;
  /** Play a short tone to all when the recording begins. Default: false. */
  beep?: boolean;
  /** Repeat the tone this often; goes with `beep`. */
  beep_interval_ms?: number;
  /** End after so much recorded time. Default: 14400000. */
  max_duration_ms?: number;
}

/** What a conference is like. */
export interface ConferenceOptions {
  /** Most members at once; absent: the server's limit. */
  max_participants?: number;
  /** Nobody gets in but moderators and supervisors. Default: false. */
  locked?: boolean;
  /** Without it, or `moderator_pin`, nobody gets in. */
  pin?: string;
  /** Who gives it is a moderator. */
  moderator_pin?: string;
  /** What members hear, over and over, until the conference starts; absent: silence. */
  wait?: Playlist;
  /** When those who are there begin to hear each other; until then they hear `wait`. Default: immediate. */
  start?: ConferenceStart;
  /** When the conference ends by itself. Default: last_participant. */
  end?: ConferenceEndRule;
  /** When all hear a tone. Default: none. */
  tones?: ConferenceTones;
  /** In place of the entry tone. */
  entry_sound?: Playlist;
  /** In place of the exit tone. */
  exit_sound?: Playlist;
  /** Play the announcements that members join with. Default: true. */
  announce_names?: boolean;
  /** Most members heard at once: the loudest; 0: all who speak. Default: 0. */
  max_mixed?: number;
  /** What becomes of the digits that members press. Default: report. */
  digits?: ConferenceDigits;
  /** Tell who speaks. Default: true. */
  speaker_events?: boolean;
  /** It ends so long after it was made. */
  max_duration_ms?: number;
  /** How long it may be empty: before anybody came, and later with `end: timeout`. Default: 300000. */
  empty_timeout_ms?: number;
  /** Record it, from its start to its end; absent: not. */
  record?: ConferenceRecordOptions;
  /** Any JSON of yours, at most 4 KiB; comes back in snapshots and the CDR. */
  tag?: unknown;
}

/** How a supervisor takes part. */
export interface Supervision {
  /** How a supervisor takes part. */
  mode: SuperviseMode;
  /** Whom it concerns; members that come later count too. */
  call_ids?: string[];
}

/** How a call takes part in a conference. */
export interface JoinTerms {
  /** What a member may do. Default: participant. */
  role?: ConferenceRole;
  /** With `role: supervisor`; absent: monitor. */
  supervise?: Supervision;
  /** The others do not hear it. Default: false. */
  muted?: boolean;
  /** It does not hear the conference. Default: false. */
  deaf?: boolean;
  /** It neither hears nor is heard, and hears `hold_music`. Default: false. */
  on_hold?: boolean;
  /** What it hears on hold, over and over; absent: silence. */
  hold_music?: Playlist;
  /** How loud the others hear it. Default: 0. */
  gain_db?: number;
  /** It starts a conference that waits; absent: moderators do. */
  start_on_enter?: boolean;
  /** The conference ends when it leaves. Default: false. */
  end_on_exit?: boolean;
  /** Entry and exit tone for this member; absent: as the conference says. */
  beep?: boolean;
  /** Where the conference wants one. */
  pin?: string;
  /** What all hear when it enters, after the tone. */
  announce?: Playlist;
  /** What all hear when it has left, after the tone. */
  announce_exit?: Playlist;
  /** What becomes of the call when the conference ends or it is taken out; absent: `ivr`, or `hangup` for a call dialled with `then`. */
  on_end?: LeaveAction;
  /** What the call's session is told of the conference: what concerns its own calls and the conference as a whole, or all that the session which made it is told. Default: own. */
  events?: ConferenceEvents;
}

/** Join the answered call to a conference. */
export interface DialThenJoin {
  /** The conference. */
  conference_id?: string;
  /** The conference of this name. */
  name?: string;
  /** Make the conference of this name with these options if there is none. */
  create?: ConferenceOptions;
  /** What a member may do. Default: participant. */
  role?: ConferenceRole;
  /** With `role: supervisor`; absent: monitor. */
  supervise?: Supervision;
  /** The others do not hear it. Default: false. */
  muted?: boolean;
  /** It does not hear the conference. Default: false. */
  deaf?: boolean;
  /** It neither hears nor is heard, and hears `hold_music`. Default: false. */
  on_hold?: boolean;
  /** What it hears on hold, over and over; absent: silence. */
  hold_music?: Playlist;
  /** How loud the others hear it. Default: 0. */
  gain_db?: number;
  /** It starts a conference that waits; absent: moderators do. */
  start_on_enter?: boolean;
  /** The conference ends when it leaves. Default: false. */
  end_on_exit?: boolean;
  /** Entry and exit tone for this member; absent: as the conference says. */
  beep?: boolean;
  /** Where the conference wants one. */
  pin?: string;
  /** What all hear when it enters, after the tone. */
  announce?: Playlist;
  /** What all hear when it has left, after the tone. */
  announce_exit?: Playlist;
  /** What becomes of the call when the conference ends or it is taken out; absent: `ivr`, or `hangup` for a call dialled with `then`. */
  on_end?: LeaveAction;
  /** What the call's session is told of the conference: what concerns its own calls and the conference as a whole, or all that the session which made it is told. Default: own. */
  events?: ConferenceEvents;
}

/** What becomes of the answered call; absent: it stays in its ivr. */
export interface DialThen {
  /** Bridge the answered call. */
  bridge?: DialThenBridge;
  /** Join the answered call to a conference. */
  join?: DialThenJoin;
}

/** Places an outbound call to one target, or to several in turn and at once. The call that answers is attached to an ivr unless `then` says otherwise; those that lose are cancelled. */
export interface CallDial {
  /** One target. */
  to?: DialTarget;
  /** Several: groups one after the other, the targets of a group at once. */
  endpoints?: DialGroup[];
  /** Caller: a number, or a SIP URI. */
  from?: string;
  /** Name to show. */
  from_display_name?: string;
  /** `id`: the caller's identity is withheld from the called party (RFC 3323, RFC 3325). Default: none. */
  privacy?: Privacy;
  /** Trunk for numbers; absent: chosen by the account's rules. */
  trunk_id?: string;
  /** How long a target may ring. Default: 30000. */
  ring_timeout_ms?: number;
  /** How long the whole may take until the answer. Default: 120000. */
  total_timeout_ms?: number;
  /** The call is ended so long after its answer. */
  max_duration_ms?: number;
  /** SIP headers to add: name (RFC 3261 token) to value. Headers that route or frame the message are refused. */
  headers?: Record<string, string>;
  /** Codecs to offer, best first; absent: those of the server. */
  codecs?: Codec[];
  /** Audio before the answer: `ignore` it; `pass` it to the call that waits in `then`; `keep`: attach the call to an ivr at once. Default: ignore. */
  early_media?: EarlyMedia;
  /** A short ivr on the answered call before it counts as answered: who does not press an accepted digit in time is hung up, and the next target is tried. */
  screen?: Screen;
  /** Digits to send after the answer: 0-9, *, #, A-D, w and W for pauses. */
  send_digits?: string;
  /** Any JSON of yours, at most 4 KiB; comes back in snapshots and the CDR. */
  tag?: unknown;
  /** What becomes of the answered call; absent: it stays in its ivr. */
  then?: DialThen;
  /** Operation. Made by the client as the idempotency key; the server makes one if it is missing. */
  op_id?: string;
  /** The operation fails with `timeout` when it has not completed this long after it was accepted. */
  deadline_ms?: number;
  /** Send `op.progress` this often; absent: never. */
  progress_interval_ms?: number;
}

/** Result. */
export interface CallDialResult {
  /** The call that answered; absent when none did. */
  call_id?: string;
  /** With `then.bridge`. */
  bridge_id?: string;
  /** With `then.join`. */
  conference_id?: string;
  /** Every attempt, in order. */
  attempts: DialAttempt[];
}

/** What a waiting call is told now and then. In `say` texts `{position}`, `{waiting}` and `{wait_minutes}` stand for its place in the queue, how many wait, and the estimate of the wait in minutes; a source with `{wait_minutes}` is left out while there is no estimate. */
export interface QueueAnnouncement {
  /** What to play, in order. */
  sources: Source[];
  /** The first so long after the call has entered. Default: 0. */
  first_after_ms?: number;
  /** From the end of one to the beginning of the next. Default: 30000. */
  interval_ms?: number;
}

/** What a waiting call hears. It makes way for whatever else the call is to play. */
export interface QueueWait {
  /** Played over and over; absent: what the queue is provisioned with. */
  sources?: Source[];
  /** Change of loudness. Default: 0. */
  gain_db?: number;
  /** Told in between. */
  announce?: QueueAnnouncement;
}

/** Puts the call into a queue and lets it wait there for an agent; it stays in its ivr and hears the wait media. The call keeps its place while an agent is being connected. It waits on when its session is lost: any session of the account may take it. */
export interface CallEnqueue {
  /** The call to act on. */
  call_id: string;
  /** Name of the queue. */
  queue?: string;
  /** Or its id. */
  queue_id?: string;
  /** Higher goes first; calls of the same priority in the order of their arrival. Default: 0. */
  priority?: number;
  /** What it hears; absent: what the queue is provisioned with. */
  wait?: QueueWait;
  /** Longest wait; absent: the queue's. */
  max_wait_ms?: number;
  /** Any JSON of yours, at most 4 KiB; whoever takes the call gets it. */
  data?: unknown;
  /** Operation. Made by the client as the idempotency key; the server makes one if it is missing. */
  op_id?: string;
  /** The operation fails with `timeout` when it has not completed this long after it was accepted. */
  deadline_ms?: number;
}

/** Result. */
export interface CallEnqueueResult {
  /** The queue that it was in at last. */
  queue_id?: string;
  /** Name of a queue of the account. */
  queue?: string;
  /** Absent when there was no room. */
  queue_entry_id?: string;
  /** How long it waited. */
  waited_ms: number;
  /** With `connected`: the agent's call. */
  by_call_id?: string;
  /** With `connected`: the bridge of the two. */
  bridge_id?: string;
  /** The same, where both joined a conference. */
  conference_id?: string;
}

/** Ends the call: BYE once answered, 603 before. */
export interface CallHangup {
  /** The call to act on. */
  call_id: string;
  /** Text for the Reason header or reason phrase. */
  reason?: string;
  /** ITU-T Q.850 cause for the Reason header (RFC 3326). */
  q850_cause?: number;
  /** SIP headers to add: name (RFC 3261 token) to value. Headers that route or frame the message are refused. */
  headers?: Record<string, string>;
  /** Operation. Made by the client as the idempotency key; the server makes one if it is missing. */
  op_id?: string;
  /** The operation fails with `timeout` when it has not completed this long after it was accepted. */
  deadline_ms?: number;
}

/** Puts the call on hold: it hears the music, the other side of its bridge hears nothing of it. */
export interface CallHold {
  /** The call to act on. */
  call_id: string;
  /** What the call hears, over and over; absent: silence. */
  music?: Playlist;
  /** Tell the peer by re-INVITE that it is on hold. Default: true. */
  signal?: boolean;
  /** Operation. Made by the client as the idempotency key; the server makes one if it is missing. */
  op_id?: string;
  /** The operation fails with `timeout` when it has not completed this long after it was accepted. */
  deadline_ms?: number;
}

/** Takes the call into a conference. The operation lives as long as it is in there; `op.stop` takes it out, back to its ivr. */
export interface CallJoin {
  /** The call to act on. */
  call_id: string;
  /** The conference. */
  conference_id?: string;
  /** The conference of this name. */
  name?: string;
  /** Make the conference of this name with these options if there is none. */
  create?: ConferenceOptions;
  /** What a member may do. Default: participant. */
  role?: ConferenceRole;
  /** With `role: supervisor`; absent: monitor. */
  supervise?: Supervision;
  /** The others do not hear it. Default: false. */
  muted?: boolean;
  /** It does not hear the conference. Default: false. */
  deaf?: boolean;
  /** It neither hears nor is heard, and hears `hold_music`. Default: false. */
  on_hold?: boolean;
  /** What it hears on hold, over and over; absent: silence. */
  hold_music?: Playlist;
  /** How loud the others hear it. Default: 0. */
  gain_db?: number;
  /** It starts a conference that waits; absent: moderators do. */
  start_on_enter?: boolean;
  /** The conference ends when it leaves. Default: false. */
  end_on_exit?: boolean;
  /** Entry and exit tone for this member; absent: as the conference says. */
  beep?: boolean;
  /** Where the conference wants one. */
  pin?: string;
  /** What all hear when it enters, after the tone. */
  announce?: Playlist;
  /** What all hear when it has left, after the tone. */
  announce_exit?: Playlist;
  /** What becomes of the call when the conference ends or it is taken out; absent: `ivr`, or `hangup` for a call dialled with `then`. */
  on_end?: LeaveAction;
  /** What the call's session is told of the conference: what concerns its own calls and the conference as a whole, or all that the session which made it is told. Default: own. */
  events?: ConferenceEvents;
  /** Operation. Made by the client as the idempotency key; the server makes one if it is missing. */
  op_id?: string;
  /** The operation fails with `timeout` when it has not completed this long after it was accepted. */
  deadline_ms?: number;
}

/** Result. */
export interface CallJoinResult {
  /** Absent when it never was in one. */
  conference_id?: string;
  /** Why it left; absent when it never was in. */
  leave_reason?: ConferenceLeaveReason;
  /** Why the call ended, if it did. */
  cause?: EndReason;
  /** How long it was in there. */
  duration_ms: number;
}

/** Plays a list of sources to the call. */
export interface CallPlay {
  /** The call to act on. */
  call_id: string;
  /** What to play, in order. */
  sources: Source[];
  /** How often the whole is played; 0: until stopped. Default: 1. */
  loop?: number;
  /** Change of loudness. Default: 0. */
  gain_db?: number;
  /** Where in the list to begin. Default: 0. */
  offset_ms?: number;
  /** Stop after so much audio. */
  max_duration_ms?: number;
  /** Operation. Made by the client as the idempotency key; the server makes one if it is missing. */
  op_id?: string;
  /** What to do when the lane is busy: wait, end what runs and drop what waits, or refuse with `lane_busy`. Default: queue. */
  when_busy?: WhenBusy;
  /** The operation fails with `timeout` when it has not completed this long after it was accepted. */
  deadline_ms?: number;
  /** Send `op.progress` this often; absent: never. */
  progress_interval_ms?: number;
}

/** Result. */
export interface CallPlayResult {
  /** How much of the prompt was really played out. */
  heard_ms: number;
}

/** What input stops a prompt. */
export interface BargeIn {
  /** A digit stops the prompt. Default: true. */
  digits?: boolean;
  /** Speech stops the prompt. */
  speech?: boolean;
}

/** Plays a prompt and collects input; input may stop the prompt (barge-in). Repeats when nothing fits, up to `max_tries` times. */
export interface CallPrompt {
  /** The call to act on. */
  call_id: string;
  /** The prompt. */
  play: Playlist;
  /** The input. */
  collect: CollectInput;
  /** What input stops a prompt. */
  barge_in?: BargeIn;
  /** How often the prompt is given at most. Default: 1. */
  max_tries?: number;
  /** The prompt from the second try on; absent: the same. */
  retry_play?: Playlist;
  /** Operation. Made by the client as the idempotency key; the server makes one if it is missing. */
  op_id?: string;
  /** What to do when the lane is busy: wait, end what runs and drop what waits, or refuse with `lane_busy`. Default: queue. */
  when_busy?: WhenBusy;
  /** The operation fails with `timeout` when it has not completed this long after it was accepted. */
  deadline_ms?: number;
  /** Send `op.progress` this often; absent: never. */
  progress_interval_ms?: number;
}

/** Result. */
export interface CallPromptResult {
  /** Kind of input. */
  type: InputType;
  /** Digits entered, without terminator; also of input that does not fit. */
  value: string;
  /** The digit that ended the input. */
  terminator?: string;
  /** 0 to 1; only with speech. */
  confidence?: number;
  /** How much of the prompt was really played out. */
  heard_ms: number;
  /** Which try this was, from 1. */
  tries: number;
}

/** Records the call into a file. Runs beside all other operations; several may run at once. `op.pause`, `op.resume` and `op.stop` act on it; `op.cancel` deletes what was recorded. Its `finished` means that the call ended. The operation completes when the file is closed; `recording.ready` follows when it can be fetched. */
export interface CallRecord {
  /** The call to act on. */
  call_id: string;
  /** One channel with both sides mixed, or two: what the call said left, what it heard right. Default: mono. */
  channels?: RecordChannels;
  /** Which side is recorded: what the call said, what it heard, or both. Default: both. */
  tracks?: RecordTracks;
  /** File format of a recording: WAV (16-bit PCM), Opus in Ogg, or MP3. Default: wav. */
  format?: RecordFormat;
  /** Play a short tone to the call when the recording begins. Default: false. */
  beep?: boolean;
  /** Repeat the tone this often; goes with `beep`. */
  beep_interval_ms?: number;
  /** End after so much recorded audio. Default: 14400000. */
  max_duration_ms?: number;
  /** End with `no_input` when the call has said nothing for so long from the beginning; absent: never. */
  initial_silence_ms?: number;
  /** End when the call has been silent for so long after it had said something; absent: never. */
  end_silence_ms?: number;
  /** Digits that end the recording. Default: . */
  terminators?: string;
  /** What stands in the file for a pause: silence of the same length, or nothing. Default: silence. */
  pause_mode?: PauseMode;
  /** Transcribe the recording when it is ready. */
  transcribe?: boolean;
  /** Where to send the recording. */
  ship_to?: string;
  /** Operation. Made by the client as the idempotency key; the server makes one if it is missing. */
  op_id?: string;
  /** The operation fails with `timeout` when it has not completed this long after it was accepted. */
  deadline_ms?: number;
}

/** Result. */
export interface CallRecordResult {
  /** Recording. */
  recording_id?: string;
  /** Length of the audio. Absent when the call ended first: `recording.ready` tells. */
  duration_ms?: number;
  /** Size of the file. Absent when the call ended first: `recording.ready` tells. */
  size_bytes?: number;
  /** Audio that could not be written in time and is silence in the file. Absent when the call ended first: `recording.ready` tells. */
  gap_ms?: number;
  /** The digit that ended it. */
  terminator?: string;
}

/** Sends the caller elsewhere with a 3xx response. */
export interface CallRedirect {
  /** The call to act on. */
  call_id: string;
  /** Where to, best first. */
  contacts: string[];
  /** Final response. Default: 302. */
  sip_code?: 300 | 301 | 302 | 303 | 304 | 305 | 380;
  /** SIP headers to add: name (RFC 3261 token) to value. Headers that route or frame the message are refused. */
  headers?: Record<string, string>;
  /** Operation. Made by the client as the idempotency key; the server makes one if it is missing. */
  op_id?: string;
  /** The operation fails with `timeout` when it has not completed this long after it was accepted. */
  deadline_ms?: number;
}

/** Declines an inbound call that was not answered. */
export interface CallReject {
  /** The call to act on. */
  call_id: string;
  /** Final response. Default: 603. */
  sip_code?: number;
  /** Text for the Reason header or reason phrase. */
  reason?: string;
  /** ITU-T Q.850 cause for the Reason header (RFC 3326). */
  q850_cause?: number;
  /** SIP headers to add: name (RFC 3261 token) to value. Headers that route or frame the message are refused. */
  headers?: Record<string, string>;
  /** Operation. Made by the client as the idempotency key; the server makes one if it is missing. */
  op_id?: string;
  /** The operation fails with `timeout` when it has not completed this long after it was accepted. */
  deadline_ms?: number;
}

/** Tells the peer how the transfer that it asked for goes (NOTIFY, RFC 3515), after `call.answer_refer` with `handle`. */
export interface CallReportRefer {
  /** The call to act on. */
  call_id: string;
  /** From the event. */
  refer_id: string;
  /** How it goes: 100 to 199 under way, 200 done, 300 to 699 failed. */
  sip_code: number;
  /** Text for the Reason header or reason phrase. */
  reason?: string;
  /** Operation. Made by the client as the idempotency key; the server makes one if it is missing. */
  op_id?: string;
  /** The operation fails with `timeout` when it has not completed this long after it was accepted. */
  deadline_ms?: number;
}

/** Tells the caller that the called side is being alerted. With `early_media` the media path is opened before the answer, so that prompts can be played. */
export interface CallRing {
  /** The call to act on. */
  call_id: string;
  /** SIP provisional response. Default: 180. */
  sip_code?: 180 | 183;
  /** Connect media before the answer (then the code is 183). Default: false. */
  early_media?: boolean;
  /** SIP headers to add: name (RFC 3261 token) to value. Headers that route or frame the message are refused. */
  headers?: Record<string, string>;
  /** Operation. Made by the client as the idempotency key; the server makes one if it is missing. */
  op_id?: string;
  /** The operation fails with `timeout` when it has not completed this long after it was accepted. */
  deadline_ms?: number;
}

/** Speaks text or SSML to the call. */
export interface CallSay {
  /** The call to act on. */
  call_id: string;
  /** Plain text to speak. */
  text?: string;
  /** SSML 1.1 document or fragment to speak. */
  ssml?: string;
  /** Voice name of the engine; absent: the default voice of the language. */
  voice?: string;
  /** BCP 47 language tag. */
  language?: string;
  /** Speech engine; absent: chosen by language. */
  engine?: string;
  /** How often the whole is played; 0: until stopped. Default: 1. */
  loop?: number;
  /** Change of loudness. Default: 0. */
  gain_db?: number;
  /** Stop after so much audio. */
  max_duration_ms?: number;
  /** Operation. Made by the client as the idempotency key; the server makes one if it is missing. */
  op_id?: string;
  /** What to do when the lane is busy: wait, end what runs and drop what waits, or refuse with `lane_busy`. Default: queue. */
  when_busy?: WhenBusy;
  /** The operation fails with `timeout` when it has not completed this long after it was accepted. */
  deadline_ms?: number;
  /** Send `op.progress` this often; absent: never. */
  progress_interval_ms?: number;
}

/** Result. */
export interface CallSayResult {
  /** How much of the prompt was really played out. */
  heard_ms: number;
}

/** Sends digits to the call by RFC 4733, or as tones where that was not agreed. */
export interface CallSendDigits {
  /** The call to act on. */
  call_id: string;
  /** 0-9 * # A-D; `w` pauses 500 ms, `W` one second. */
  digits: string;
  /** Length of a digit. Default: 120. */
  tone_ms?: number;
  /** Pause between digits. Default: 80. */
  gap_ms?: number;
  /** Operation. Made by the client as the idempotency key; the server makes one if it is missing. */
  op_id?: string;
  /** What to do when the lane is busy: wait, end what runs and drop what waits, or refuse with `lane_busy`. Default: queue. */
  when_busy?: WhenBusy;
  /** The operation fails with `timeout` when it has not completed this long after it was accepted. */
  deadline_ms?: number;
}

/** Sends a SIP request within the call's dialog; completes with the peer's final response. */
export interface CallSendSip {
  /** The call to act on. */
  call_id: string;
  /** SIP method. */
  method: SendSipMethod;
  /** Content-Type of `body`. */
  content_type?: string;
  /** Body, at most 16 KiB. */
  body?: string;
  /** SIP headers to add: name (RFC 3261 token) to value. Headers that route or frame the message are refused. */
  headers?: Record<string, string>;
  /** Operation. Made by the client as the idempotency key; the server makes one if it is missing. */
  op_id?: string;
  /** The operation fails with `timeout` when it has not completed this long after it was accepted. */
  deadline_ms?: number;
}

/** Result. */
export interface CallSendSipResult {
  /** Final response; 408 if none came. */
  sip_code: number;
}

/** Which directions are silent; an absent one stays as it is. */
export interface AudioMute {
  /** What the call says reaches nobody; digits do. */
  in?: boolean;
  /** The call hears silence. */
  out?: boolean;
}

/** Gain of each direction; an absent one stays as it is. */
export interface AudioGain {
  /** What the call says, in dB. */
  in?: number;
  /** What the call hears, in dB. */
  out?: number;
}

/** Mutes and changes the loudness of either direction. What is absent stays as it is. */
export interface CallSetAudio {
  /** The call to act on. */
  call_id: string;
  /** Which directions are silent; an absent one stays as it is. */
  mute?: AudioMute;
  /** Gain of each direction; an absent one stays as it is. */
  gain_db?: AudioGain;
  /** Operation. Made by the client as the idempotency key; the server makes one if it is missing. */
  op_id?: string;
  /** The operation fails with `timeout` when it has not completed this long after it was accepted. */
  deadline_ms?: number;
}

/** Transfers the call. `blind`: a target is dialled for it and bridged; `attended`: it is bridged with the consultation call; both free the party that it was bridged with. `refer`: its own phone is asked to call the target (REFER), with Replaces when `consult_call_id` is given. */
export interface CallTransfer {
  /** The call to act on. */
  call_id: string;
  /** How a call is transferred. Default: blind. */
  mode?: TransferMode;
  /** With `blind` and `refer`. */
  to?: DialTarget;
  /** With `attended`: the call to bridge with. With `refer`: the call whose dialog the target shall replace. */
  consult_call_id?: string;
  /** Caller: a number, or a SIP URI. */
  from?: string;
  /** Name to show. */
  from_display_name?: string;
  /** How long the target may ring. Default: 30000. */
  ring_timeout_ms?: number;
  /** What the call hears until the target answers; absent: the ringback tone when it rings. */
  ringback?: Playlist;
  /** When the target is not reached: back to the former bridge or ivr, or hang up. Default: resume. */
  on_fail?: TransferFailure;
  /** SIP headers to add: name (RFC 3261 token) to value. Headers that route or frame the message are refused. */
  headers?: Record<string, string>;
  /** Operation. Made by the client as the idempotency key; the server makes one if it is missing. */
  op_id?: string;
  /** The operation fails with `timeout` when it has not completed this long after it was accepted. */
  deadline_ms?: number;
}

/** Result. */
export interface CallTransferResult {
  /** How a call is transferred. */
  mode: TransferMode;
  /** Bridge of two calls. */
  bridge_id?: string;
  /** The call that it is bridged with now. */
  peer_call_id?: string;
  /** What the target, or the phone's report, said last. */
  sip_code: number;
  /** With `blind`. */
  attempts?: DialAttempt[];
}

/** Takes the call back from hold. */
export interface CallUnhold {
  /** The call to act on. */
  call_id: string;
  /** Operation. Made by the client as the idempotency key; the server makes one if it is missing. */
  op_id?: string;
  /** The operation fails with `timeout` when it has not completed this long after it was accepted. */
  deadline_ms?: number;
}

/** What becomes of the call when the session breaks and is not resumed in time. */
export interface OnDisconnect {
  /** What becomes of a call whose session is not resumed in time. */
  action: DisconnectAction;
  /** What to play before hanging up; only with `play_then_hangup`. */
  play?: Playlist;
}

/** Changes how the call is handled. What is absent stays as it is. */
export interface CallUpdate {
  /** The call to act on. */
  call_id: string;
  /** What becomes of the call when the session breaks and is not resumed in time. */
  on_disconnect?: OnDisconnect;
  /** The call is ended so long after its answer. */
  max_duration_ms?: number;
  /** Also detect digits as tones in the audio. */
  inband_digits?: boolean;
  /** Any JSON of yours, at most 4 KiB; comes back in snapshots and the CDR. */
  tag?: unknown;
  /** Operation. Made by the client as the idempotency key; the server makes one if it is missing. */
  op_id?: string;
  /** The operation fails with `timeout` when it has not completed this long after it was accepted. */
  deadline_ms?: number;
}

/** Makes a conference; no call need exist. It ends by its rules, also after the session that made it. */
export interface ConferenceCreate {
  /** Name of a conference, unique among those of the account that live. */
  name?: string;
  /** Most members at once; absent: the server's limit. */
  max_participants?: number;
  /** Nobody gets in but moderators and supervisors. Default: false. */
  locked?: boolean;
  /** Without it, or `moderator_pin`, nobody gets in. */
  pin?: string;
  /** Who gives it is a moderator. */
  moderator_pin?: string;
  /** What members hear, over and over, until the conference starts; absent: silence. */
  wait?: Playlist;
  /** When those who are there begin to hear each other; until then they hear `wait`. Default: immediate. */
  start?: ConferenceStart;
  /** When the conference ends by itself. Default: last_participant. */
  end?: ConferenceEndRule;
  /** When all hear a tone. Default: none. */
  tones?: ConferenceTones;
  /** In place of the entry tone. */
  entry_sound?: Playlist;
  /** In place of the exit tone. */
  exit_sound?: Playlist;
  /** Play the announcements that members join with. Default: true. */
  announce_names?: boolean;
  /** Most members heard at once: the loudest; 0: all who speak. Default: 0. */
  max_mixed?: number;
  /** What becomes of the digits that members press. Default: report. */
  digits?: ConferenceDigits;
  /** Tell who speaks. Default: true. */
  speaker_events?: boolean;
  /** It ends so long after it was made. */
  max_duration_ms?: number;
  /** How long it may be empty: before anybody came, and later with `end: timeout`. Default: 300000. */
  empty_timeout_ms?: number;
  /** Record it, from its start to its end; absent: not. */
  record?: ConferenceRecordOptions;
  /** Any JSON of yours, at most 4 KiB; comes back in snapshots and the CDR. */
  tag?: unknown;
  /** When a conference of this name lives: `name_taken`, or that one as it is. Default: fail. */
  if_exists?: IfExists;
  /** Operation. Made by the client as the idempotency key; the server makes one if it is missing. */
  op_id?: string;
}

/** Result. */
export interface ConferenceCreateResult {
  /** Conference. */
  conference_id: string;
  /** False: it was there already. */
  created: boolean;
}

/** Ends a conference; each call goes where its `on_end` says. */
export interface ConferenceEnd {
  /** The conference to act on. */
  conference_id: string;
  /** Operation. Made by the client as the idempotency key; the server makes one if it is missing. */
  op_id?: string;
}

/** Plays to all members. Plays of a conference follow one another; the wait list makes way for them. */
export interface ConferencePlay {
  /** The conference to act on. */
  conference_id: string;
  /** What to play, in order. */
  sources: Source[];
  /** How often the whole is played; 0: until stopped. Default: 1. */
  loop?: number;
  /** Change of loudness. Default: 0. */
  gain_db?: number;
  /** Where in the list to begin. Default: 0. */
  offset_ms?: number;
  /** Stop after so much audio. */
  max_duration_ms?: number;
  /** Operation. Made by the client as the idempotency key; the server makes one if it is missing. */
  op_id?: string;
  /** What to do when the lane is busy: wait, end what runs and drop what waits, or refuse with `lane_busy`. Default: queue. */
  when_busy?: WhenBusy;
  /** The operation fails with `timeout` when it has not completed this long after it was accepted. */
  deadline_ms?: number;
}

/** Result. */
export interface ConferencePlayResult {
  /** How much of the prompt was really played out. */
  heard_ms: number;
}

/** Records the conference: the mix, one file for each participant, or both. Several may run at once. `op.pause`, `op.resume` and `op.stop` act on it; `op.cancel` deletes what was recorded. Its `finished` means that the conference ended. The operation completes when all files are closed; `recording.ready` of each follows when it can be fetched. A participant's file begins when that call first comes in, goes on in silence while it is away, muted, on hold or whispering, and ends with the call or the recording. */
export interface ConferenceRecord {
  /** The conference to act on. */
  conference_id: string;
  /** What of a conference is recorded: the mix as all hear it, announcements included; one file for each participant; or both. Default: mix. */
  tracks?: ConferenceTracks;
  /** File format of a recording: WAV (16-bit PCM), Opus in Ogg, or MP3. Default: wav. */
  format?: RecordFormat;
  /** Of all its files: 8000 or 16000. Default: 16000. */
  sample_rate_hz?: number;
  /** What stands in the file for a pause: silence of the same length, or nothing. Default: silence. */
  pause_mode?: PauseMode;
  /** Play a short tone to all when the recording begins. Default: false. */
  beep?: boolean;
  /** Repeat the tone this often; goes with `beep`. */
  beep_interval_ms?: number;
  /** End after so much recorded time. Default: 14400000. */
  max_duration_ms?: number;
  /** Operation. Made by the client as the idempotency key; the server makes one if it is missing. */
  op_id?: string;
  /** The operation fails with `timeout` when it has not completed this long after it was accepted. */
  deadline_ms?: number;
}

/** One file of the recording of a conference. */
export interface ConferenceRecording {
  /** Recording. */
  recording_id: string;
  /** Whose track it is; absent: the mix. */
  call_id?: string;
  /** Where its first sample lies, from the beginning of the whole. */
  offset_ms: number;
  /** Length of the audio; absent while it is being written. */
  duration_ms?: number;
  /** Size of the file; absent while it is being written. */
  size_bytes?: number;
  /** Audio that could not be written in time; absent while it is being written. */
  gap_ms?: number;
  /** Why it broke off; what was written before is kept. */
  error?: ErrorData;
}

/** Result. */
export interface ConferenceRecordResult {
  /** Length of the whole. */
  duration_ms: number;
  /** Its files: the mix first, then the participants' in the order of their coming. */
  recordings: ConferenceRecording[];
  /** Participants' files that could not be begun; absent: none. */
  missing?: number;
}

/** Changes a conference. */
export interface ConferenceUpdate {
  /** The conference to act on. */
  conference_id: string;
  /** Nobody gets in but moderators and supervisors. */
  locked?: boolean;
  /** Most members at once; absent: the server's limit. */
  max_participants?: number;
  /** New PIN; empty: none. */
  pin?: string;
  /** New moderator's PIN; empty: none. */
  moderator_pin?: string;
  /** New wait list. */
  wait?: Playlist;
  /** True: starts it, whatever its start rule. */
  start_now?: boolean;
  /** When the conference ends by itself. */
  end?: ConferenceEndRule;
  /** When all hear a tone. */
  tones?: ConferenceTones;
  /** Play the announcements that members join with. */
  announce_names?: boolean;
  /** What becomes of the digits that members press. */
  digits?: ConferenceDigits;
  /** Any JSON of yours, at most 4 KiB; comes back in snapshots and the CDR. */
  tag?: unknown;
  /** Operation. Made by the client as the idempotency key; the server makes one if it is missing. */
  op_id?: string;
}

/** Changes how a call takes part, or puts it out. */
export interface ConferenceUpdateParticipant {
  /** The conference to act on. */
  conference_id: string;
  /** The member. */
  call_id: string;
  /** What a member may do. */
  role?: ConferenceRole;
  /** With a supervisor. */
  supervise?: Supervision;
  /** The others do not hear it. */
  muted?: boolean;
  /** It does not hear the conference. */
  deaf?: boolean;
  /** It neither hears nor is heard. */
  on_hold?: boolean;
  /** With `on_hold: true`: what it hears, over and over; absent: silence. */
  hold_music?: Playlist;
  /** How loud the others hear it. */
  gain_db?: number;
  /** True: it is put out; its call goes where `on_end` said. */
  kick?: boolean;
  /** Operation. Made by the client as the idempotency key; the server makes one if it is missing. */
  op_id?: string;
}

/** Drops an operation: it completes `cancelled`, and what waits is never started. */
export interface OpCancel {
  /** The operation to act on. */
  op_id: string;
}

/** Reads an operation, also one that completed lately. */
export interface OpGet {
  /** The operation to act on. */
  op_id: string;
}

/** Pauses an operation that plays. */
export interface OpPause {
  /** The operation to act on. */
  op_id: string;
}

/** Lets a paused operation go on. */
export interface OpResume {
  /** The operation to act on. */
  op_id: string;
}

/** Ends an operation now and keeps its result: it completes `succeeded` with `stopped`. */
export interface OpStop {
  /** The operation to act on. */
  op_id: string;
}

/** Changes a running operation that plays. */
export interface OpUpdate {
  /** The operation to act on. */
  op_id: string;
  /** New loudness of what follows. */
  gain_db?: number;
  /** New number of rounds; 0: until stopped. */
  loop?: number;
  /** Send `op.progress` this often; absent: never. */
  progress_interval_ms?: number;
  /** New deadline, counted from now. */
  deadline_ms?: number;
}

/** Takes a call of the account out of the queue that it waits in. Its `call.enqueue` completes with `removed` and it stays in its ivr; a call that no session holds any more is ended. */
export interface QueueRemove {
  /** The entry. */
  queue_entry_id?: string;
  /** Or the call that waits. */
  queued_call_id?: string;
  /** Only when it waits in this queue. */
  queue_id?: string;
  /** Operation. Made by the client as the idempotency key; the server makes one if it is missing. */
  op_id?: string;
  /** The operation fails with `timeout` when it has not completed this long after it was accepted. */
  deadline_ms?: number;
}

/** Result. */
export interface QueueRemoveResult {
  /** Queue of the account. */
  queue_id: string;
  /** Name of a queue of the account. */
  queue: string;
  /** A call that waits in a queue. */
  queue_entry_id: string;
  /** The call that waited. */
  call_id: string;
  /** How long it has waited. */
  waited_ms: number;
}

/** Join both to a conference: the agent's call as said here, the caller's as `caller` says. */
export interface TakeThenJoin {
  /** The conference; goes with neither `name` nor `create`. */
  conference_id?: string;
  /** The conference of this name. */
  name?: string;
  /** Make the conference with these options if there is none of this name; without `name` a new one for each call taken. */
  create?: ConferenceOptions;
  /** What a member may do. Default: participant. */
  role?: ConferenceRole;
  /** With `role: supervisor`; absent: monitor. */
  supervise?: Supervision;
  /** The others do not hear it. Default: false. */
  muted?: boolean;
  /** It does not hear the conference. Default: false. */
  deaf?: boolean;
  /** It neither hears nor is heard, and hears `hold_music`. Default: false. */
  on_hold?: boolean;
  /** What it hears on hold, over and over; absent: silence. */
  hold_music?: Playlist;
  /** How loud the others hear it. Default: 0. */
  gain_db?: number;
  /** It starts a conference that waits; absent: moderators do. */
  start_on_enter?: boolean;
  /** The conference ends when it leaves. Default: false. */
  end_on_exit?: boolean;
  /** Entry and exit tone for this member; absent: as the conference says. */
  beep?: boolean;
  /** Where the conference wants one. */
  pin?: string;
  /** What all hear when it enters, after the tone. */
  announce?: Playlist;
  /** What all hear when it has left, after the tone. */
  announce_exit?: Playlist;
  /** What becomes of the call when the conference ends or it is taken out; absent: `ivr`. */
  on_end?: LeaveAction;
  /** What the call's session is told of the conference: what concerns its own calls and the conference as a whole, or all that the session which made it is told. Default: own. */
  events?: ConferenceEvents;
  /** How the caller takes part; absent: as a participant. Its `on_end` is `ivr`, or `hangup` when no session holds the call any more. */
  caller?: JoinTerms;
}

/** What becomes of the two; absent: a bridge. */
export interface TakeThen {
  /** Join both to a conference: the agent's call as said here, the caller's as `caller` says. */
  join: TakeThenJoin;
}

/** Takes a waiting call out of a queue and connects it with an agent's call, in a bridge or in a conference. The caller keeps the place in the queue until both are connected, and is back at it when that fails. */
export interface QueueTake {
  /** The agent's call. */
  call_id: string;
  /** Name of the queue. */
  queue?: string;
  /** Or its id. */
  queue_id?: string;
  /** Which of those that wait; absent: `priority`. */
  select?: QueueSelection;
  /** This one. */
  queue_entry_id?: string;
  /** The one that this call is. */
  queued_call_id?: string;
  /** What the agent alone hears before both are connected. */
  whisper?: Playlist;
  /** What becomes of the agent's call when the caller leaves the bridge; not with `then`. Default: ivr. */
  on_peer_leave?: LeaveAction;
  /** What becomes of the caller when the agent leaves the bridge; not with `then`. Absent: `ivr`, or `hangup` when no session holds the call any more. */
  peer_on_leave?: LeaveAction;
  /** What becomes of the two; absent: a bridge. */
  then?: TakeThen;
  /** How long to wait for a call when nobody waits; agents are served in the order of their asking. Default: 0. */
  wait_ms?: number;
  /** Operation. Made by the client as the idempotency key; the server makes one if it is missing. */
  op_id?: string;
  /** The operation fails with `timeout` when it has not completed this long after it was accepted. */
  deadline_ms?: number;
}

/** Result. */
export interface QueueTakeResult {
  /** Queue of the account. */
  queue_id: string;
  /** Name of a queue of the account. */
  queue: string;
  /** Absent with `empty`, as all that follows. */
  queue_entry_id?: string;
  /** The caller's call. */
  call_id?: string;
  /** The bridge of the two. */
  bridge_id?: string;
  /** With `then.join`, in place of `bridge_id`. */
  conference_id?: string;
  /** How long the caller waited. */
  waited_ms?: number;
  /** Its priority. */
  priority?: number;
  /** Any JSON of yours, at most 4 KiB; whoever takes the call gets it. */
  data?: unknown;
}

/** Changes the priority of a waiting call of the account. */
export interface QueueUpdate {
  /** The entry. */
  queue_entry_id?: string;
  /** Or the call that waits. */
  queued_call_id?: string;
  /** Only when it waits in this queue. */
  queue_id?: string;
  /** The new priority; among those of the same it keeps its time of arrival. */
  priority: number;
  /** Operation. Made by the client as the idempotency key; the server makes one if it is missing. */
  op_id?: string;
  /** The operation fails with `timeout` when it has not completed this long after it was accepted. */
  deadline_ms?: number;
}

/** Result. */
export interface QueueUpdateResult {
  /** Queue of the account. */
  queue_id: string;
  /** Name of a queue of the account. */
  queue: string;
  /** A call that waits in a queue. */
  queue_entry_id: string;
  /** The call that waited. */
  call_id: string;
  /** How long it has waited. */
  waited_ms: number;
}

/** Acknowledges all events up to and including `seq`, so that the server need not keep them. */
export interface SessionAck {
  /** The newest event that was handled. */
  seq: number;
}

/** Chooses which events of the account, beside those of its own calls, a session gets. Replaces what was chosen before. */
export interface SessionSubscribe {
  /** Events of registered endpoints. Default: false. */
  endpoints?: boolean;
  /** Of this domain only. */
  domain_id?: string;
  /** Events of the account's queues. Default: false. */
  queues?: boolean;
  /** With `queues`: of these only. */
  queue_names?: string[];
}

/** Reads all that the session holds. */
export type SnapshotGet = Record<string, never>;

/** Both hear each other, as the direction says. */
export interface BridgeConnectedEvent {
  /** Bridge of two calls. */
  bridge_id: string;
  /** Both calls; the one that asked first. */
  call_ids: string[];
  /** Who hears whom: `both`; `listen`: this call hears the other one only; `speak`: it is heard only. */
  direction: BridgeDirection;
}

/** Two calls are to be connected. */
export interface BridgeCreatedEvent {
  /** Bridge of two calls. */
  bridge_id: string;
  /** Both calls; the one that asked first. */
  call_ids: string[];
  /** Who hears whom: `both`; `listen`: this call hears the other one only; `speak`: it is heard only. */
  direction: BridgeDirection;
}

/** The bridge is over. */
export interface BridgeEndedEvent {
  /** Bridge of two calls. */
  bridge_id: string;
  /** Why: a call left it, the application stopped it, a call was transferred away or replaced, or it never stood. */
  reason: BridgeEndReason;
  /** The call that left. */
  by_call_id?: string;
  /** How long they were connected. */
  duration_ms: number;
}

/** Direction or members of the bridge changed. */
export interface BridgeUpdatedEvent {
  /** Bridge of two calls. */
  bridge_id: string;
  /** Both calls. */
  call_ids: string[];
  /** Who hears whom: `both`; `listen`: this call hears the other one only; `speak`: it is heard only. */
  direction: BridgeDirection;
}

/** The call is answered. */
export interface CallAnsweredEvent {
  /** Audio codec. */
  codec: Codec;
  /** Digits go by RFC 4733. */
  telephone_event: boolean;
}

/** The SIP side of a call. */
export interface SipInfo {
  /** SIP Call-ID. */
  call_id: string;
  /** Address and port that the INVITE came from. */
  source?: string;
  /** SIP transport. */
  transport?: SipTransport;
  /** Request URI as received. */
  request_uri: string;
  /** SIP headers as received; several of one name are joined with a comma. */
  headers?: Record<string, string>;
}

/** A call exists. */
export interface CallCreatedEvent {
  /** Who placed the call, seen from the server. */
  direction: CallDirection;
  /** Caller: the user part of the From URI, or the URI. */
  from: string;
  /** Called: the user part of the request URI, or the URI. */
  to: string;
  /** Caller's display name. */
  from_display_name?: string;
  /** State of a call. */
  state: CallState;
  /** The SIP side of a call. */
  sip: SipInfo;
  /** Provisioned phone number. */
  number_id?: string;
  /** Application. */
  application_id: string;
  /** Account. */
  account_id: string;
  /** Any JSON of yours, at most 4 KiB; comes back in snapshots and the CDR. */
  tag?: unknown;
  /** The operation that dialled it. */
  op_id?: string;
  /** Which attempt of that operation, from 1. */
  attempt?: number;
  /** The call that it was dialled for. */
  parent_call_id?: string;
  /** The call whose place it takes when it is answered (INVITE with Replaces). */
  replaces_call_id?: string;
  /** The registered endpoint that it came from: `user@domain`. */
  endpoint?: string;
  /** The trunk that it came by, or goes by. */
  trunk_id?: string;
}

/** The INVITE went out. */
export interface CallDialingEvent {
  /** Where to. */
  uri: string;
}

/** A digit was pressed; each once, whichever way it came. */
export interface CallDtmfEvent {
  /** 0-9 * # A-D. */
  digit: string;
  /** How long; 0 if not known. */
  duration_ms: number;
  /** How a digit came. */
  method: DigitMethod;
}

/** Media is connected before the answer. */
export interface CallEarlyMediaEvent {
  /** Code of the provisional response. */
  sip_code: number;
  /** Audio codec. */
  codec: Codec;
}

/** Quality of the call's audio stream, as the server saw it. */
export interface Quality {
  /** RTP packets received. */
  packets_received: number;
  /** RTP packets sent. */
  packets_sent: number;
  /** Expected but never received (RFC 3550 A.3), or too late to play. */
  packets_lost: number;
  /** From strangers, malformed, or of unknown payload type. */
  packets_discarded: number;
  /** Share of lost packets. */
  loss_percent: number;
  /** Interarrival jitter, RFC 3550 A.8. */
  jitter_ms: number;
  /** Loss that the peer reported in RTCP. */
  remote_loss_percent: number;
  /** From RTCP; 0 if unknown. */
  round_trip_ms: number;
  /** Estimated mean opinion score (ITU-T G.107), 1.0 to 4.5; 0 if nothing was received. */
  mos: number;
}

/** The call is over: the last event about it but for artifacts. Carries the verdict. */
export interface CallEndedEvent {
  /** Why a call ended. */
  reason: EndReason;
  /** Who ended the call. */
  party: Party;
  /** Final response; 200 once answered; 0 if there was none. */
  sip_code: number;
  /** ITU-T Q.850 cause; 0 if unknown. */
  q850_cause: number;
  /** Where to look for the cause. */
  class: VerdictClass;
  /** Trying again may work. */
  retryable: boolean;
  /** For people; may be empty. */
  detail: string;
  /** From INVITE to end. */
  duration_ms: number;
  /** From answer to end; 0 if not answered. */
  billable_ms: number;
  /** Absent if there was no media. */
  quality?: Quality;
}

/** The call is on hold. */
export interface CallHeldEvent {
  /** Who did it. */
  by: HoldParty;
}

/** Codec, address or direction of the audio changed, or RTP stopped or came back. */
export interface CallMediaChangedEvent {
  /** What changed. */
  change: MediaChange;
  /** Audio codec. */
  codec: Codec;
  /** What the server does with the audio stream. */
  direction: Direction;
  /** Address and port the server sends to. */
  remote: string;
}

/** Quality of the call's audio so far. */
export interface CallQualityEvent {
  /** Quality of the call's audio stream, as the server saw it. */
  quality: Quality;
}

/** The peer asks for a transfer (REFER). Answer by `call.answer_refer` within 5 s, or it is refused. */
export interface CallReferRequestedEvent {
  /** Names this REFER. */
  refer_id: string;
  /** Refer-To URI. */
  target: string;
  /** User part of the target, or the URI. */
  to: string;
  /** The call of ours whose dialog it names (attended transfer). */
  replaces_call_id?: string;
  /** Referred-By header. */
  referred_by?: string;
  /** SIP headers as received; several of one name are joined with a comma. */
  headers?: Record<string, string>;
}

/** Another call takes this one's place (INVITE with Replaces). */
export interface CallReplacedEvent {
  /** Call. */
  by_call_id: string;
}

/** An outbound call was asked for by REST; nothing has been dialled. */
export interface CallRequestedEvent {
  /** Outbound call as it was asked for by REST. */
  intent_id: string;
  /** Account. */
  account_id: string;
  /** Application. */
  application_id: string;
  /** When it was asked for. */
  requested_at: string;
}

/** The provisional response was sent or received. */
export interface CallRingingEvent {
  /** Its code. */
  sip_code: number;
}

/** The peer sent a request within the dialog (INFO, MESSAGE, NOTIFY). */
export interface CallSipMessageEvent {
  /** SIP method. */
  method: string;
  /** Its Content-Type. */
  content_type: string;
  /** Its body. */
  body: string;
  /** SIP headers as received; several of one name are joined with a comma. */
  headers?: Record<string, string>;
}

/** How the transfer by REFER goes, from the phone's NOTIFY. */
export interface CallTransferProgressEvent {
  /** Status that the phone reports. */
  sip_code: number;
  /** Its reason phrase. */
  reason: string;
}

/** The call is off hold. */
export interface CallUnheldEvent {
  /** Who did it. */
  by: HoldParty;
}

/** Call detail record: one for each INVITE that was answered with anything above 100. */
export interface Cdr {
  /** Call detail record. */
  cdr_id: string;
  /** Absent if no route was found. */
  account_id?: string;
  /** Application. */
  application_id?: string;
  /** Provisioned phone number. */
  number_id?: string;
  /** Provisioned SIP trunk. */
  trunk_id?: string;
  /** Session. */
  session_id?: string;
  /** Call. */
  call_id: string;
  /** The call that it was dialled for. */
  parent_call_id?: string;
  /** Which attempt of that operation, from 1. */
  attempt?: number;
  /** Outbound call as it was asked for by REST. */
  intent_id?: string;
  /** Who placed the call, seen from the server. */
  direction: CallDirection;
  /** Caller. */
  from: string;
  /** Called. */
  to: string;
  /** Caller's display name. */
  from_display_name: string;
  /** SIP Call-ID. */
  sip_call_id: string;
  /** Address and port of the SIP peer. */
  source: string;
  /** SIP transport. */
  transport: SipTransport;
  /** The peer's User-Agent. */
  user_agent?: string;
  /** When the INVITE came or went. */
  created_at: string;
  /** When it rang. */
  ringing_at?: string;
  /** When it was answered. */
  answered_at?: string;
  /** When it ended. */
  ended_at: string;
  /** From INVITE to end. */
  duration_ms: number;
  /** From answer to end; 0 if not answered. */
  billable_ms: number;
  /** Why a call ended. */
  reason: EndReason;
  /** Who ended the call. */
  party: Party;
  /** Final response; 200 once answered; 0 if there was none. */
  sip_code: number;
  /** ITU-T Q.850 cause; 0 if unknown. */
  q850_cause: number;
  /** Where to look for the cause. */
  class: VerdictClass;
  /** Trying again may work. */
  retryable: boolean;
  /** For people; may be empty. */
  detail: string;
  /** Audio codec. */
  codec?: Codec;
  /** Quality of the call's audio stream, as the server saw it. */
  quality?: Quality;
  /** Any JSON of yours, at most 4 KiB; comes back in snapshots and the CDR. */
  tag?: unknown;
}

/** The call detail record is stored. */
export interface CdrReadyEvent {
  /** Call detail record: one for each INVITE that was answered with anything above 100. */
  cdr: Cdr;
}

/** A member of a conference. */
export interface ConferenceParticipant {
  /** Call. */
  call_id: string;
  /** What a member may do. */
  role: ConferenceRole;
  /** How a supervisor takes part. */
  supervise?: Supervision;
  /** The others do not hear it. */
  muted: boolean;
  /** It does not hear the conference. */
  deaf: boolean;
  /** It is on hold. */
  on_hold: boolean;
  /** How loud the others hear it. */
  gain_db: number;
  /** It speaks now. */
  speaking: boolean;
  /** When it came in. */
  joined_at: string;
}

/** A conference and its state. */
export interface ConferenceSnapshot {
  /** Conference. */
  id: string;
  /** Name of a conference, unique among those of the account that live. */
  name?: string;
  /** State of a conference: `waiting` until its start rule is met. */
  state: ConferenceState;
  /** Only moderators and supervisors get in. */
  locked: boolean;
  /** It wants a PIN. */
  pin_required: boolean;
  /** Most members at once. */
  max_participants: number;
  /** When those who are there begin to hear each other; until then they hear `wait`. */
  start: ConferenceStart;
  /** When the conference ends by itself. */
  end: ConferenceEndRule;
  /** Its members, in the order in which they came. */
  participants: ConferenceParticipant[];
  /** When it was made. */
  created_at: string;
  /** When it started. */
  started_at?: string;
  /** The session that made it, while that lives. */
  session_id?: string;
  /** Any JSON of yours, at most 4 KiB; comes back in snapshots and the CDR. */
  tag?: unknown;
}

/** A conference was made. */
export interface ConferenceCreatedEvent {
  /** Conference. */
  conference_id: string;
  /** A conference and its state. */
  conference: ConferenceSnapshot;
}

/** The conference is over; its members have left before. */
export interface ConferenceEndedEvent {
  /** Conference. */
  conference_id: string;
  /** Why a conference ended. */
  reason: ConferenceEndReason;
  /** How long it lived. */
  duration_ms: number;
}

/** A call came in. */
export interface ConferenceParticipantJoinedEvent {
  /** Conference. */
  conference_id: string;
  /** A member of a conference. */
  participant: ConferenceParticipant;
  /** How many members it has now. */
  participants: number;
  /** The conference, without its participants; for the session of this call. */
  conference?: ConferenceSnapshot;
}

/** A call is out. */
export interface ConferenceParticipantLeftEvent {
  /** Conference. */
  conference_id: string;
  /** Call. */
  call_id: string;
  /** Why a call left a conference. */
  reason: ConferenceLeaveReason;
  /** How long it was in there. */
  duration_ms: number;
  /** How many members it has now. */
  participants: number;
}

/** A member's role, mute, hold or loudness changed. */
export interface ConferenceParticipantUpdatedEvent {
  /** Conference. */
  conference_id: string;
  /** A member of a conference. */
  participant: ConferenceParticipant;
}

/** A member begins to speak. */
export interface ConferenceSpeakerStartedEvent {
  /** Conference. */
  conference_id: string;
  /** Call. */
  call_id: string;
}

/** A member ceases to speak. */
export interface ConferenceSpeakerStoppedEvent {
  /** Conference. */
  conference_id: string;
  /** Call. */
  call_id: string;
}

/** Its start rule is met: the members hear each other. */
export interface ConferenceStartedEvent {
  /** Conference. */
  conference_id: string;
}

/** Something of the conference changed, for example its lock. */
export interface ConferenceUpdatedEvent {
  /** Conference. */
  conference_id: string;
  /** Without its participants. */
  conference: ConferenceSnapshot;
}

/** Where a registered endpoint can be reached. */
export interface EndpointContact {
  /** Contact URI. */
  uri: string;
  /** Preference. */
  q: number;
  /** When the registration ends. */
  expires_at: string;
  /** Address and port that it registered from. */
  source: string;
  /** SIP transport. */
  transport: SipTransport;
  /** The endpoint's User-Agent. */
  user_agent?: string;
  /** It answers. */
  reachable: boolean;
}

/** A registered endpoint. */
export interface EndpointInfo {
  /** Registered endpoint. */
  id: string;
  /** Provisioned SIP domain. */
  domain_id?: string;
  /** Address of record: `user@domain`. */
  address: string;
  /** State of an endpoint. */
  state: EndpointState;
  /** Its contacts, best first. */
  contacts: EndpointContact[];
}

/** An endpoint answers again. */
export interface EndpointReachableEvent {
  /** A registered endpoint. */
  endpoint: EndpointInfo;
}

/** An endpoint registered, or its contacts changed. */
export interface EndpointRegisteredEvent {
  /** A registered endpoint. */
  endpoint: EndpointInfo;
}

/** A registered endpoint does not answer. */
export interface EndpointUnreachableEvent {
  /** A registered endpoint. */
  endpoint: EndpointInfo;
}

/** An endpoint's last registration ended. */
export interface EndpointUnregisteredEvent {
  /** A registered endpoint. */
  endpoint: EndpointInfo;
  /** Why. */
  reason: UnregisterReason;
}

/** The call's media is connected to the server: it can speak and listen. */
export interface IvrCreatedEvent {
  /** The call's media endpoint at the server. */
  ivr_id: string;
}

/** The call's media left the server's ivr. */
export interface IvrEndedEvent {
  /** The call's media endpoint at the server. */
  ivr_id: string;
  /** Why. */
  reason: IvrEndReason;
}

/** An operation is over: exactly once for each that was accepted. */
export interface OpCompletedEvent {
  /** Method of the operation. */
  method: string;
  /** How a completed operation ended. */
  outcome: OpOutcome;
  /** Why an operation ended. Clients accept unknown reasons. */
  reason: OpReason;
  /** Result of the operation; its fields depend on the method. */
  result?: unknown;
  /** Unless it succeeded. */
  error?: ErrorData;
}

/** What an operation plays passed a `<mark>` of its SSML; once in each round. */
export interface OpMarkEvent {
  /** Method of the operation. */
  method: string;
  /** The mark's name. */
  name: string;
  /** Audio played out before the mark. */
  heard_ms?: number;
}

/** An operation was paused. */
export interface OpPausedEvent {
  /** Method of the operation. */
  method: string;
  /** Audio played out so far; absent when it was resumed before that was known. */
  heard_ms?: number;
}

/** How far an operation is; only if asked for. */
export interface OpProgressEvent {
  /** Method of the operation. */
  method: string;
  /** Since it began. */
  elapsed_ms: number;
  /** Audio played out so far. */
  heard_ms?: number;
  /** Digits collected so far. */
  digits?: string;
}

/** A paused operation goes on. */
export interface OpResumedEvent {
  /** Method of the operation. */
  method: string;
}

/** An operation that was queued begins. */
export interface OpStartedEvent {
  /** Method of the operation. */
  method: string;
}

/** A call waits in a queue. To the call's session, and to those that subscribed to the queue. */
export interface QueueEnteredEvent {
  /** Queue of the account. */
  queue_id: string;
  /** Name of a queue of the account. */
  queue: string;
  /** A call that waits in a queue. */
  queue_entry_id: string;
  /** The call that waits. */
  call_id: string;
  /** Caller, as the call shows it. */
  from: string;
  /** Higher goes first. */
  priority: number;
  /** Place in the queue, from 1. */
  position: number;
  /** How many wait. */
  waiting: number;
  /** How long it is likely to wait yet; absent while that is not known. */
  estimated_wait_ms?: number;
  /** Any JSON of yours, at most 4 KiB; whoever takes the call gets it. */
  data?: unknown;
}

/** A call has left a queue. */
export interface QueueLeftEvent {
  /** Queue of the account. */
  queue_id: string;
  /** Name of a queue of the account. */
  queue: string;
  /** A call that waits in a queue. */
  queue_entry_id: string;
  /** The call that waits. */
  call_id: string;
  /** Why a call left its queue. */
  reason: QueueLeftReason;
  /** With `connected`: the agent's call. */
  by_call_id?: string;
  /** How long it waited. */
  waited_ms: number;
}

/** An agent has taken the call; they are not connected yet. */
export interface QueueOfferedEvent {
  /** Queue of the account. */
  queue_id: string;
  /** Name of a queue of the account. */
  queue: string;
  /** A call that waits in a queue. */
  queue_entry_id: string;
  /** The call that waits. */
  call_id: string;
  /** The agent's call. */
  by_call_id: string;
}

/** The call has another place in the queue. To the call's session only; not more often than once a second. */
export interface QueuePositionEvent {
  /** Queue of the account. */
  queue_id: string;
  /** Name of a queue of the account. */
  queue: string;
  /** A call that waits in a queue. */
  queue_entry_id: string;
  /** The call that waits. */
  call_id: string;
  /** Place in the queue, from 1. */
  position: number;
  /** How many wait. */
  waiting: number;
  /** How long it is likely to wait yet; absent while that is not known. */
  estimated_wait_ms?: number;
}

/** The call could not be connected with the agent and is back at its place. */
export interface QueueReturnedEvent {
  /** Queue of the account. */
  queue_id: string;
  /** Name of a queue of the account. */
  queue: string;
  /** A call that waits in a queue. */
  queue_entry_id: string;
  /** The call that waits. */
  call_id: string;
  /** The agent's call. */
  by_call_id: string;
  /** Why a call is back at its place in the queue. */
  reason: QueueReturnedReason;
  /** Place in the queue, from 1. */
  position: number;
}

/** How a queue does. Counters begin with the first use of the queue since the server started. */
export interface QueueStatistics {
  /** Calls that wait, those that are offered to an agent among them. */
  waiting: number;
  /** Calls that an agent has taken and that are not connected yet. */
  offered: number;
  /** Agents that wait for a call. */
  agents: number;
  /** How long the first that came has waited; absent when nobody waits. */
  longest_wait_ms?: number;
  /** Calls that were connected with an agent. */
  served: number;
  /** Calls that ended while they waited. */
  abandoned: number;
  /** Calls that waited for as long as they might. */
  timed_out: number;
  /** Calls that were taken out or stopped. */
  removed: number;
  /** Calls for which there was no room. */
  overflowed: number;
  /** Average wait of those that were served; absent before the first. */
  average_wait_ms?: number;
  /** How long a call that came now would wait; absent while that is not known. */
  estimated_wait_ms?: number;
}

/** How a queue does; to those that subscribed to it, at once and after changes, not more often than once a second. */
export interface QueueStatsEvent {
  /** Queue of the account. */
  queue_id: string;
  /** Name of a queue of the account. */
  queue: string;
  /** How a queue does. Counters begin with the first use of the queue since the server started. */
  statistics: QueueStatistics;
}

/** A recording. */
export interface Recording {
  /** Recording. */
  id: string;
  /** State of a recording: being written, ready to be fetched, handed over to its destination, failed, or deleted. */
  state: RecordingState;
  /** The call that it was made of; absent for the mix of a conference. */
  call_id?: string;
  /** The conference that it was made of. */
  conference_id?: string;
  /** Of a conference: where its first sample lies, from the beginning of the whole recording. All files of one `op_id` belong together. */
  offset_ms?: number;
  /** The session that held the call when it began. */
  session_id?: string;
  /** Application. */
  application_id?: string;
  /** The operation that made it; absent for a recording by setting. */
  op_id?: string;
  /** File format of a recording: WAV (16-bit PCM), Opus in Ogg, or MP3. */
  format: RecordFormat;
  /** One channel with both sides mixed, or two: what the call said left, what it heard right. */
  channels: RecordChannels;
  /** Which side is recorded: what the call said, what it heard, or both. */
  tracks: RecordTracks;
  /** Of the file's audio. */
  sample_rate_hz: number;
  /** When its first sample was taken. */
  started_at: string;
  /** When it ended; absent while pending. */
  ended_at?: string;
  /** Length of the audio; 0 while pending. */
  duration_ms: number;
  /** Size of the file; 0 while pending. */
  size_bytes: number;
  /** SHA-256 of the file in hexadecimal; absent unless ready. */
  sha256?: string;
  /** Audio that could not be written in time and is silence in the file. */
  gap_ms: number;
  /** Why it failed; what was written before is kept. */
  error?: ErrorData;
  /** Path and query of a signed link on the HTTP port; present while it can be fetched. */
  content_path?: string;
}

/** A recording broke off; what was written before is kept until the session ends. */
export interface RecordingFailedEvent {
  /** A recording. */
  recording: Recording;
}

/** A recording was paused. */
export interface RecordingPausedEvent {
  /** Recording. */
  recording_id: string;
  /** Of a recording of a conference; the event then has no `call_id` of its own. */
  conference_id?: string;
}

/** A recording was deleted and cannot be fetched any more. */
export interface RecordingPurgedEvent {
  /** Recording. */
  recording_id: string;
  /** Of a recording of a conference; the event then has no `call_id` of its own. */
  conference_id?: string;
}

/** A recording is complete and can be fetched. It may come after the call has ended. */
export interface RecordingReadyEvent {
  /** A recording. */
  recording: Recording;
}

/** A recording goes on. */
export interface RecordingResumedEvent {
  /** Recording. */
  recording_id: string;
  /** Of a recording of a conference; the event then has no `call_id` of its own. */
  conference_id?: string;
}

/** A recording of the call, or a file of a recording of a conference, has begun. */
export interface RecordingStartedEvent {
  /** Recording. */
  recording_id: string;
  /** File format of a recording: WAV (16-bit PCM), Opus in Ogg, or MP3. */
  format: RecordFormat;
  /** One channel with both sides mixed, or two: what the call said left, what it heard right. */
  channels: RecordChannels;
  /** Which side is recorded: what the call said, what it heard, or both. */
  tracks: RecordTracks;
  /** Of a recording of a conference; the event then has no `call_id` of its own. */
  conference_id?: string;
  /** Whose track it is; absent: the mix, or a recording of a call. */
  participant_call_id?: string;
  /** Of a conference: where its first sample lies, from the beginning of the whole. */
  offset_ms?: number;
}

/** The server is about to stop; new calls go elsewhere. */
export interface SessionDrainingEvent {
  /** Calls still there after so long are ended. */
  deadline_ms: number;
}

/** The client acknowledges too slowly; progress and quality events are merged, and the socket will be closed with the state kept if this goes on. */
export interface SessionLaggingEvent {
  /** Events not acknowledged. */
  unacked: number;
  /** How many may be. */
  window: number;
  /** Events merged or left out so far. */
  merged: number;
}

/** A session. */
export interface SessionInfo {
  /** Session. */
  id: string;
  /** When it began. */
  created_at: string;
  /** How long it can be resumed after the socket broke. */
  resume_ttl_ms: number;
}

/** Mute and gain now. */
export interface AudioState {
  /** What the call says reaches nobody. */
  mute_in: boolean;
  /** The call hears silence. */
  mute_out: boolean;
  /** Of what the call says. */
  gain_in_db: number;
  /** Of what the call hears. */
  gain_out_db: number;
}

/** A call and its state. */
export interface CallSnapshot {
  /** Call. */
  id: string;
  /** Who placed the call, seen from the server. */
  direction: CallDirection;
  /** State of a call. */
  state: CallState;
  /** Caller. */
  from: string;
  /** Called. */
  to: string;
  /** Caller's display name. */
  from_display_name?: string;
  /** Present while media is connected to the server. */
  ivr_id?: string;
  /** Audio codec. */
  codec?: Codec;
  /** Mute and gain now. */
  audio: AudioState;
  /** The peer holds the call. */
  held: boolean;
  /** When the INVITE came or went. */
  created_at: string;
  /** When it was answered. */
  answered_at?: string;
  /** What becomes of a call whose session is not resumed in time. */
  on_disconnect: DisconnectAction;
  /** Any JSON of yours, at most 4 KiB; comes back in snapshots and the CDR. */
  tag?: unknown;
  /** Present while it is in a bridge. */
  bridge_id?: string;
  /** The call that it was dialled for. */
  parent_call_id?: string;
  /** The application holds the call. */
  on_hold: boolean;
  /** Present while it is in a conference. */
  conference_id?: string;
}

/** An operation and its state. */
export interface OperationView {
  /** Operation. Made by the client as the idempotency key; the server makes one if it is missing. */
  id: string;
  /** Its method. */
  method: string;
  /** Call. */
  call_id?: string;
  /** State of an operation. */
  state: OpState;
  /** Lane of a call in which operations run one after the other; `none`: beside all others. */
  lane?: Lane;
  /** Once completed. */
  outcome?: OpOutcome;
  /** Once completed. */
  reason?: OpReason;
  /** Result of the operation; its fields depend on the method. */
  result?: unknown;
  /** Why something was refused or failed. */
  error?: ErrorData;
  /** When it was accepted. */
  created_at?: string;
  /** When it completed. */
  completed_at?: string;
}

/** A bridge and its state. */
export interface BridgeSnapshot {
  /** Bridge of two calls. */
  id: string;
  /** State of a bridge. */
  state: BridgeState;
  /** Both calls; the one that asked first. */
  call_ids: string[];
  /** Who hears whom: `both`; `listen`: this call hears the other one only; `speak`: it is heard only. */
  direction: BridgeDirection;
  /** When it was asked for. */
  created_at: string;
}

/** A call that waits in a queue. */
export interface QueueEntry {
  /** A call that waits in a queue. */
  id: string;
  /** Queue of the account. */
  queue_id: string;
  /** Name of a queue of the account. */
  queue: string;
  /** The call that waits. */
  call_id: string;
  /** Its `call.enqueue`. */
  op_id: string;
  /** Caller, as the call shows it. */
  from: string;
  /** Higher goes first. */
  priority: number;
  /** State of a waiting call. */
  state: QueueEntryState;
  /** Place in the queue, from 1. */
  position: number;
  /** How long it is likely to wait yet; absent while that is not known. */
  estimated_wait_ms?: number;
  /** How long it has waited. */
  waited_ms: number;
  /** When it came. */
  entered_at: string;
  /** The agent's call, while it is offered. */
  by_call_id?: string;
  /** Any JSON of yours, at most 4 KiB; whoever takes the call gets it. */
  data?: unknown;
}

/** All that a session holds. */
export interface SessionSnapshot {
  /** A session. */
  session: SessionInfo;
  /** Sequence number of the newest event that this state includes. */
  last_seq: number;
  /** Calls, also those that ended lately. */
  calls: CallSnapshot[];
  /** Open operations and those that completed lately, so that a client can settle each open promise. */
  operations: OperationView[];
  /** Bridges of the session's calls. */
  bridges: BridgeSnapshot[];
  /** Calls of the session that wait in queues. */
  queue_entries: QueueEntry[];
  /** Conferences that the session made or that its calls are in. */
  conferences: ConferenceSnapshot[];
}

/** The session goes on over a new socket. With `gap` events are missing; `snapshot` then says how things stand. */
export interface SessionResumedEvent {
  /** Events are missing. */
  gap: boolean;
  /** Sequence number of the first event that follows. */
  replay_from: number;
  /** All that a session holds. */
  snapshot?: SessionSnapshot;
}

/** Bounds of a session. */
export interface SessionLimits {
  /** Largest frame the server takes. */
  max_frame_bytes: number;
  /** Above it requests are answered `rate_limited`. */
  max_requests_per_second: number;
  /** Per lane; above it `queue_full`. */
  max_queued_operations: number;
  /** Events that may be unacknowledged before progress is merged. */
  ack_window: number;
  /** Events kept for a resume. */
  replay_events: number;
  /** Calls of one session. */
  max_calls: number;
}

/** The session exists; the first event of each. */
export interface SessionStartedEvent {
  /** A session. */
  session: SessionInfo;
  /** Why a session exists. */
  reason: SessionReason;
  /** Account. */
  account_id: string;
  /** Application. */
  application_id: string;
  /** The JSON that an outbound call was requested with. */
  data?: unknown;
  /** Methods that this server carries out. */
  capabilities: string[];
  /** Bounds of a session. */
  limits: SessionLimits;
  /** Shown when the session is resumed. */
  resume_token: string;
}

/** The session is over for the worker, as close 1000 is on a socket of its own. */
export type SessionClose = Record<string, never>;

/** The session is no longer on this socket. */
export interface SessionClosed {
  /** 1000: it is over, nothing is left to do. 1001: it is over for this worker, another has it. 1008: this worker was too slow or asked too much; the session stays for `resume_ttl_ms` and can be resumed. */
  code: number;
  /** For people. */
  reason: string;
}

/** Takes a session over onto this socket, after its socket broke or it was cut off. What came after `last_seq` follows, then `session.resumed`. */
export interface SessionResume {
  /** As in `session.started`. */
  resume_token: string;
  /** The newest event that was handled; 0 for none. */
  last_seq: number;
}

/** The worker is offered no more sessions; those it has go on. */
export type WorkerDrain = Record<string, never>;

/** The worker takes offers from now on. Once on a socket. */
export interface WorkerReady {
  /** Sessions that it carries at a time. */
  max_sessions: number;
}

/** An outbound call as it was asked for by REST, and what became of it. */
export interface Intent {
  /** Outbound call as it was asked for by REST. */
  id: string;
  /** Account. */
  account_id: string;
  /** Application. */
  application_id: string;
  /** What became of an outbound call that REST asked for. */
  state: IntentState;
  /** Place in the queue, from 1; absent unless queued. */
  position?: number;
  /** When it was asked for. */
  requested_at: string;
  /** While it is queued it is given up then. */
  expires_at: string;
  /** Once the application was called. */
  session_id?: string;
  /** Calls that its session has dialled. */
  call_ids: string[];
  /** With `failed` and `expired`. */
  error?: ErrorData;
  /** What it was asked for with. */
  data?: unknown;
}

/** A call that lives, or ended lately. */
export interface LiveCall {
  /** A call and its state. */
  call: CallSnapshot;
  /** Absent: no session holds it. */
  session_id?: string;
  /** Application. */
  application_id: string;
  /** Outbound call as it was asked for by REST. */
  intent_id?: string;
}

/** A session that lives. */
export interface LiveSession {
  /** Session. */
  id: string;
  /** Application. */
  application_id: string;
  /** Why a session exists. */
  reason: SessionReason;
  /** When it began. */
  created_at: string;
  /** Its calls. */
  call_ids: string[];
}

/** A queue, provisioned or made by its first use. */
export interface QueueInfo {
  /** Queue of the account. */
  id: string;
  /** Name of a queue of the account. */
  name: string;
  /** False: made by its first use; it is forgotten when nobody needs it. */
  provisioned: boolean;
  /** Most calls that wait; 0: no limit of its own. */
  max_size: number;
  /** Longest wait; 0: none. */
  max_wait_ms: number;
  /** What becomes of a call for which there is no room, or that has waited for as long as it may. */
  overflow_action: QueueOverflow;
  /** With `queue`: where they wait on. */
  overflow_queue?: string;
  /** What those hear that bring no wait media of their own. */
  wait_urls: string[];
  /** Order of a queue. */
  order: QueueOrdering;
  /** How a queue does. Counters begin with the first use of the queue since the server started. */
  statistics: QueueStatistics;
}

/** Parameters of each method. */
export interface MethodParams {
  'call.answer': CallAnswer;
  'call.answer_refer': CallAnswerRefer;
  'call.bridge': CallBridge;
  'call.collect': CallCollect;
  'call.dial': CallDial;
  'call.enqueue': CallEnqueue;
  'call.hangup': CallHangup;
  'call.hold': CallHold;
  'call.join': CallJoin;
  'call.play': CallPlay;
  'call.prompt': CallPrompt;
  'call.record': CallRecord;
  'call.redirect': CallRedirect;
  'call.reject': CallReject;
  'call.report_refer': CallReportRefer;
  'call.ring': CallRing;
  'call.say': CallSay;
  'call.send_digits': CallSendDigits;
  'call.send_sip': CallSendSip;
  'call.set_audio': CallSetAudio;
  'call.transfer': CallTransfer;
  'call.unhold': CallUnhold;
  'call.update': CallUpdate;
  'conference.create': ConferenceCreate;
  'conference.end': ConferenceEnd;
  'conference.play': ConferencePlay;
  'conference.record': ConferenceRecord;
  'conference.update': ConferenceUpdate;
  'conference.update_participant': ConferenceUpdateParticipant;
  'op.cancel': OpCancel;
  'op.get': OpGet;
  'op.pause': OpPause;
  'op.resume': OpResume;
  'op.stop': OpStop;
  'op.update': OpUpdate;
  'queue.remove': QueueRemove;
  'queue.take': QueueTake;
  'queue.update': QueueUpdate;
  'session.ack': SessionAck;
  'session.subscribe': SessionSubscribe;
  'snapshot.get': SnapshotGet;
}

/** Result of each operation. */
export interface MethodResult {
  'call.answer': CallAnswerResult;
  'call.answer_refer': CallAnswerReferResult;
  'call.bridge': CallBridgeResult;
  'call.collect': CallCollectResult;
  'call.dial': CallDialResult;
  'call.enqueue': CallEnqueueResult;
  'call.hangup': Record<never, never>;
  'call.hold': Record<never, never>;
  'call.join': CallJoinResult;
  'call.play': CallPlayResult;
  'call.prompt': CallPromptResult;
  'call.record': CallRecordResult;
  'call.redirect': Record<never, never>;
  'call.reject': Record<never, never>;
  'call.report_refer': Record<never, never>;
  'call.ring': Record<never, never>;
  'call.say': CallSayResult;
  'call.send_digits': Record<never, never>;
  'call.send_sip': CallSendSipResult;
  'call.set_audio': Record<never, never>;
  'call.transfer': CallTransferResult;
  'call.unhold': Record<never, never>;
  'call.update': Record<never, never>;
  'conference.create': ConferenceCreateResult;
  'conference.end': Record<never, never>;
  'conference.play': ConferencePlayResult;
  'conference.record': ConferenceRecordResult;
  'conference.update': Record<never, never>;
  'conference.update_participant': Record<never, never>;
  'queue.remove': QueueRemoveResult;
  'queue.take': QueueTakeResult;
  'queue.update': QueueUpdateResult;
}

/** Parameters of what a worker sends beside methods. */
export interface WorkerMethodParams {
  'session.close': SessionClose;
  'session.resume': SessionResume;
  'worker.drain': WorkerDrain;
  'worker.ready': WorkerReady;
}

/** Parameters of what a worker is sent beside events. */
export interface WorkerNotificationParams {
  'session.closed': SessionClosed;
}

/** `data` of each event. */
export interface EventDataByType {
  'bridge.connected': BridgeConnectedEvent;
  'bridge.created': BridgeCreatedEvent;
  'bridge.ended': BridgeEndedEvent;
  'bridge.updated': BridgeUpdatedEvent;
  'call.answered': CallAnsweredEvent;
  'call.created': CallCreatedEvent;
  'call.dialing': CallDialingEvent;
  'call.dtmf': CallDtmfEvent;
  'call.early_media': CallEarlyMediaEvent;
  'call.ended': CallEndedEvent;
  'call.held': CallHeldEvent;
  'call.media_changed': CallMediaChangedEvent;
  'call.quality': CallQualityEvent;
  'call.refer_requested': CallReferRequestedEvent;
  'call.replaced': CallReplacedEvent;
  'call.requested': CallRequestedEvent;
  'call.ringing': CallRingingEvent;
  'call.sip_message': CallSipMessageEvent;
  'call.transfer_progress': CallTransferProgressEvent;
  'call.unheld': CallUnheldEvent;
  'cdr.ready': CdrReadyEvent;
  'conference.created': ConferenceCreatedEvent;
  'conference.ended': ConferenceEndedEvent;
  'conference.participant_joined': ConferenceParticipantJoinedEvent;
  'conference.participant_left': ConferenceParticipantLeftEvent;
  'conference.participant_updated': ConferenceParticipantUpdatedEvent;
  'conference.speaker_started': ConferenceSpeakerStartedEvent;
  'conference.speaker_stopped': ConferenceSpeakerStoppedEvent;
  'conference.started': ConferenceStartedEvent;
  'conference.updated': ConferenceUpdatedEvent;
  'endpoint.reachable': EndpointReachableEvent;
  'endpoint.registered': EndpointRegisteredEvent;
  'endpoint.unreachable': EndpointUnreachableEvent;
  'endpoint.unregistered': EndpointUnregisteredEvent;
  'ivr.created': IvrCreatedEvent;
  'ivr.ended': IvrEndedEvent;
  'op.completed': OpCompletedEvent;
  'op.mark': OpMarkEvent;
  'op.paused': OpPausedEvent;
  'op.progress': OpProgressEvent;
  'op.resumed': OpResumedEvent;
  'op.started': OpStartedEvent;
  'queue.entered': QueueEnteredEvent;
  'queue.left': QueueLeftEvent;
  'queue.offered': QueueOfferedEvent;
  'queue.position': QueuePositionEvent;
  'queue.returned': QueueReturnedEvent;
  'queue.stats': QueueStatsEvent;
  'recording.failed': RecordingFailedEvent;
  'recording.paused': RecordingPausedEvent;
  'recording.purged': RecordingPurgedEvent;
  'recording.ready': RecordingReadyEvent;
  'recording.resumed': RecordingResumedEvent;
  'recording.started': RecordingStartedEvent;
  'session.draining': SessionDrainingEvent;
  'session.lagging': SessionLaggingEvent;
  'session.resumed': SessionResumedEvent;
  'session.started': SessionStartedEvent;
}

export type OperationOutcome = OpOutcome;
export type Snapshot = SessionSnapshot;
