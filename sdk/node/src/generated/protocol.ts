// Generated from protocol/ by tools/gen. Do not edit.

/** Audio codec. */
export type Codec = 'PCMU' | 'PCMA' | 'G722';

/** What to do when the lane is busy: wait, end what runs and drop what waits, or refuse with `lane_busy`. */
export type WhenBusy = 'queue' | 'interrupt' | 'reject';

/** Kind of input. */
export type InputType = 'digits' | 'speech';

/** A tone of the telephone network (ITU-T E.180), North American cadence. */
export type ToneName = 'dial' | 'ringback' | 'busy' | 'congestion' | 'beep';

/** SIP method. */
export type SendSipMethod = 'INFO' | 'MESSAGE' | 'NOTIFY';

/** What becomes of a call whose session is not resumed in time. */
export type DisconnectAction = 'keep' | 'hangup' | 'play_then_hangup';

/** Who placed the call, seen from the server. */
export type CallDirection = 'inbound' | 'outbound';

/** State of a call. */
export type CallState = 'incoming' | 'dialing' | 'ringing' | 'early' | 'answered' | 'held' | 'ended';

/** SIP transport. */
export type SipTransport = 'udp' | 'tcp' | 'tls';

/** How a digit came. */
export type DigitMethod = 'rfc4733' | 'inband' | 'info';

/** Why a call ended. */
export type EndReason = 'hangup' | 'cancelled' | 'rejected' | 'redirected' | 'busy' | 'no_answer' | 'not_found' | 'unreachable' | 'app_unreachable' | 'app_timeout' | 'app_disconnected' | 'orphan_expired' | 'max_duration' | 'codec_mismatch' | 'media_timeout' | 'session_expired' | 'no_ack' | 'transport_error' | 'sip_error' | 'overloaded' | 'limit_exceeded' | 'node_draining' | 'node_lost' | 'internal';

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

/** Why. */
export type IvrEndReason = 'call_ended' | 'bridge' | 'conference';

/** How a completed operation ended. */
export type OpOutcome = 'succeeded' | 'failed' | 'cancelled';

/** Why an operation ended. Clients accept unknown reasons. */
export type OpReason = 'ringing' | 'answered' | 'rejected' | 'redirected' | 'hung_up' | 'finished' | 'stopped' | 'max_duration' | 'match' | 'no_input' | 'no_match' | 'sent' | 'applied' | 'cancelled' | 'interrupted' | 'flushed' | 'call_ended' | 'deadline' | 'node_lost' | 'error';

/** State of an operation. */
export type OpState = 'queued' | 'running' | 'paused' | 'completed';

/** Lane of a call in which operations run one after the other; `none`: beside all others. */
export type Lane = 'signalling' | 'speak' | 'listen' | 'none';

/** Why a session exists. */
export type SessionReason = 'inbound-call' | 'outbound-call' | 'worker';

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
  | 'idempotency_conflict'
  | 'conference_full'
  | 'conference_locked'
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
  /** A recording made before. */
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

/** Acknowledges all events up to and including `seq`, so that the server need not keep them. */
export interface SessionAck {
  /** The newest event that was handled. */
  seq: number;
}

/** Reads all that the session holds. */
export type SnapshotGet = Record<string, never>;

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
  source: string;
  /** SIP transport. */
  transport: SipTransport;
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
  /** Session. */
  session_id?: string;
  /** Call. */
  call_id: string;
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

/** An operation was paused. */
export interface OpPausedEvent {
  /** Method of the operation. */
  method: string;
  /** Audio played out so far. */
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

/** Parameters of each method. */
export interface MethodParams {
  'call.answer': CallAnswer;
  'call.collect': CallCollect;
  'call.hangup': CallHangup;
  'call.play': CallPlay;
  'call.prompt': CallPrompt;
  'call.redirect': CallRedirect;
  'call.reject': CallReject;
  'call.ring': CallRing;
  'call.say': CallSay;
  'call.send_digits': CallSendDigits;
  'call.send_sip': CallSendSip;
  'call.set_audio': CallSetAudio;
  'call.update': CallUpdate;
  'op.cancel': OpCancel;
  'op.get': OpGet;
  'op.pause': OpPause;
  'op.resume': OpResume;
  'op.stop': OpStop;
  'op.update': OpUpdate;
  'session.ack': SessionAck;
  'snapshot.get': SnapshotGet;
}

/** Result of each operation. */
export interface MethodResult {
  'call.answer': CallAnswerResult;
  'call.collect': CallCollectResult;
  'call.hangup': Record<never, never>;
  'call.play': CallPlayResult;
  'call.prompt': CallPromptResult;
  'call.redirect': Record<never, never>;
  'call.reject': Record<never, never>;
  'call.ring': Record<never, never>;
  'call.say': CallSayResult;
  'call.send_digits': Record<never, never>;
  'call.send_sip': CallSendSipResult;
  'call.set_audio': Record<never, never>;
  'call.update': Record<never, never>;
}

/** `data` of each event. */
export interface EventDataByType {
  'call.answered': CallAnsweredEvent;
  'call.created': CallCreatedEvent;
  'call.dtmf': CallDtmfEvent;
  'call.early_media': CallEarlyMediaEvent;
  'call.ended': CallEndedEvent;
  'call.held': CallHeldEvent;
  'call.media_changed': CallMediaChangedEvent;
  'call.quality': CallQualityEvent;
  'call.ringing': CallRingingEvent;
  'call.sip_message': CallSipMessageEvent;
  'call.unheld': CallUnheldEvent;
  'cdr.ready': CdrReadyEvent;
  'ivr.created': IvrCreatedEvent;
  'ivr.ended': IvrEndedEvent;
  'op.completed': OpCompletedEvent;
  'op.paused': OpPausedEvent;
  'op.progress': OpProgressEvent;
  'op.resumed': OpResumedEvent;
  'op.started': OpStartedEvent;
  'session.draining': SessionDrainingEvent;
  'session.lagging': SessionLaggingEvent;
  'session.resumed': SessionResumedEvent;
  'session.started': SessionStartedEvent;
}

export type OperationOutcome = OpOutcome;
export type Snapshot = SessionSnapshot;
