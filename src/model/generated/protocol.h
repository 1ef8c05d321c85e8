// Generated from protocol/ by tools/gen. Do not edit.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include "base/clock.h"
#include "model/error.h"
#include "model/ids.h"
#include "model/media_description.h"
#include "model/quality.h"
#include "model/raw_json.h"
#include "model/verdict.h"

namespace tandem::model {

using SipHeaders = std::vector<std::pair<std::string, std::string>>;
using HeaderList = std::vector<std::pair<std::string, std::string>>;


/// What to do.
enum class ReferAction : std::uint8_t {
  accept,
  reject,
  handle,
};
[[nodiscard]] std::string_view to_string(ReferAction v);

/// `id`: the caller's identity is withheld from the called party (RFC 3323, RFC 3325).
enum class Privacy : std::uint8_t {
  none,
  id,
};
[[nodiscard]] std::string_view to_string(Privacy v);

/// Audio before the answer: `ignore` it; `pass` it to the call that waits in `then`; `keep`: attach the call to an ivr at once.
enum class EarlyMedia : std::uint8_t {
  ignore,
  pass,
  keep,
};
[[nodiscard]] std::string_view to_string(EarlyMedia v);

/// A tone of the telephone network (ITU-T E.180), North American cadence.
enum class ToneName : std::uint8_t {
  dial,
  ringback,
  busy,
  congestion,
  beep,
};
[[nodiscard]] std::string_view to_string(ToneName v);

/// Who hears whom: `both`; `listen`: this call hears the other one only; `speak`: it is heard only.
enum class BridgeDirection : std::uint8_t {
  both,
  listen,
  speak,
};
[[nodiscard]] std::string_view to_string(BridgeDirection v);

/// What becomes of a call when the other one leaves the bridge.
enum class LeaveAction : std::uint8_t {
  hangup,
  ivr,
};
[[nodiscard]] std::string_view to_string(LeaveAction v);

/// Who ended it: this call, the other one, or the application.
enum class BridgeEnder : std::uint8_t {
  self,
  peer,
  application,
};
[[nodiscard]] std::string_view to_string(BridgeEnder v);

/// How an attempt ended.
enum class AttemptOutcome : std::uint8_t {
  answered,
  busy,
  no_answer,
  rejected,
  not_found,
  unreachable,
  failed,
  cancelled,
  screened_out,
  not_allowed,
};
[[nodiscard]] std::string_view to_string(AttemptOutcome v);

/// What to do when the lane is busy: wait, end what runs and drop what waits, or refuse with `lane_busy`.
enum class WhenBusy : std::uint8_t {
  queue,
  interrupt,
  reject,
};
[[nodiscard]] std::string_view to_string(WhenBusy v);

/// Kind of input.
enum class InputType : std::uint8_t {
  digits,
  speech,
};
[[nodiscard]] std::string_view to_string(InputType v);

/// When those who are there begin to hear each other; until then they hear `wait`.
enum class ConferenceStart : std::uint8_t {
  immediate,  ///< At once.
  two_participants,  ///< When two are there.
  moderator,  ///< When a moderator comes, or a member with `start_on_enter`.
};
[[nodiscard]] std::string_view to_string(ConferenceStart v);

/// When the conference ends by itself.
enum class ConferenceEndRule : std::uint8_t {
  last_participant,  ///< When the last participant leaves.
  moderator,  ///< When the last moderator leaves, or the last participant.
  timeout,  ///< When it has been empty for `empty_timeout_ms`.
};
[[nodiscard]] std::string_view to_string(ConferenceEndRule v);

/// When all hear a tone.
enum class ConferenceTones : std::uint8_t {
  none,
  entry,
  exit,
  both,
};
[[nodiscard]] std::string_view to_string(ConferenceTones v);

/// What becomes of the digits that members press.
enum class ConferenceDigits : std::uint8_t {
  report,  ///< The application is told; the others hear nothing.
  pass,  ///< The application is told and the others hear them.
  swallow,  ///< Nobody is told and nobody hears them, unless an operation of that call collects them.
};
[[nodiscard]] std::string_view to_string(ConferenceDigits v);

/// What of a conference is recorded: the mix as all hear it, announcements included; one file for each participant; or both.
enum class ConferenceTracks : std::uint8_t {
  mix,
  participants,
  all,
};
[[nodiscard]] std::string_view to_string(ConferenceTracks v);

/// File format of a recording: WAV (16-bit PCM), Opus in Ogg, or MP3.
enum class RecordFormat : std::uint8_t {
  wav,
  ogg_opus,
  mp3,
};
[[nodiscard]] std::string_view to_string(RecordFormat v);

/// What stands in the file for a pause: silence of the same length, or nothing.
enum class PauseMode : std::uint8_t {
  silence,
  skip,
};
[[nodiscard]] std::string_view to_string(PauseMode v);

/// What a member may do.
enum class ConferenceRole : std::uint8_t {
  moderator,  ///< Speaks and hears; starts and ends the conference where its rules say so; gets into a locked one.
  participant,  ///< Speaks and hears.
  listener,  ///< Hears only.
  supervisor,  ///< As `supervise` says; comes and goes without a tone, gets into a locked conference and neither starts nor keeps it.
};
[[nodiscard]] std::string_view to_string(ConferenceRole v);

/// How a supervisor takes part.
enum class SuperviseMode : std::uint8_t {
  monitor,  ///< Hears all, or those of `call_ids` only; nobody hears it.
  coach,  ///< Hears all; only those of `call_ids` hear it.
  whisper,  ///< Hears those of `call_ids` only, and only they hear it.
  barge,  ///< Hears all and is heard by all.
};
[[nodiscard]] std::string_view to_string(SuperviseMode v);

/// What the call's session is told of the conference: what concerns its own calls and the conference as a whole, or all that the session which made it is told.
enum class ConferenceEvents : std::uint8_t {
  own,
  all,
};
[[nodiscard]] std::string_view to_string(ConferenceEvents v);

/// Why a call left a conference.
enum class ConferenceLeaveReason : std::uint8_t {
  hangup,  ///< The call ended.
  stopped,  ///< The application took it out with `op.stop` or another operation's end.
  kicked,  ///< It was put out.
  conference_ended,  ///< The conference ended.
  transferred,  ///< It was transferred.
  replaced,  ///< Another call took its place.
};
[[nodiscard]] std::string_view to_string(ConferenceLeaveReason v);

/// One channel with both sides mixed, or two: what the call said left, what it heard right.
enum class RecordChannels : std::uint8_t {
  mono,
  dual,
};
[[nodiscard]] std::string_view to_string(RecordChannels v);

/// Which side is recorded: what the call said, what it heard, or both.
enum class RecordTracks : std::uint8_t {
  both,
  said,
  heard,
};
[[nodiscard]] std::string_view to_string(RecordTracks v);

/// SIP method.
enum class SendSipMethod : std::uint8_t {
  info,
  message,
  notify,
};
[[nodiscard]] std::string_view to_string(SendSipMethod v);

/// How a call is transferred.
enum class TransferMode : std::uint8_t {
  blind,
  attended,
  refer,
};
[[nodiscard]] std::string_view to_string(TransferMode v);

/// When the target is not reached: back to the former bridge or ivr, or hang up.
enum class TransferFailure : std::uint8_t {
  resume,
  hangup,
};
[[nodiscard]] std::string_view to_string(TransferFailure v);

/// What becomes of a call whose session is not resumed in time.
enum class DisconnectAction : std::uint8_t {
  keep,
  hangup,
  play_then_hangup,
};
[[nodiscard]] std::string_view to_string(DisconnectAction v);

/// When a conference of this name lives: `name_taken`, or that one as it is.
enum class IfExists : std::uint8_t {
  fail,
  use,
};
[[nodiscard]] std::string_view to_string(IfExists v);

/// Which of those that wait.
enum class QueueSelection : std::uint8_t {
  priority,  ///< The first in the queue's order.
  longest,  ///< Who has waited longest, whatever its priority.
};
[[nodiscard]] std::string_view to_string(QueueSelection v);

/// Why: a call left it, the application stopped it, a call was transferred away or replaced, or it never stood.
enum class BridgeEndReason : std::uint8_t {
  left,
  stopped,
  transferred,
  replaced,
  failed,
};
[[nodiscard]] std::string_view to_string(BridgeEndReason v);

/// Who placed the call, seen from the server.
enum class CallDirection : std::uint8_t {
  inbound,
  outbound,
};
[[nodiscard]] std::string_view to_string(CallDirection v);

/// State of a call.
enum class CallState : std::uint8_t {
  incoming,
  dialing,
  ringing,
  early,
  answered,
  held,
  ended,
};
[[nodiscard]] std::string_view to_string(CallState v);

/// SIP transport.
enum class SipTransport : std::uint8_t {
  udp,
  tcp,
  tls,
};
[[nodiscard]] std::string_view to_string(SipTransport v);

/// How a digit came.
enum class DigitMethod : std::uint8_t {
  rfc4733,
  inband,
  info,
};
[[nodiscard]] std::string_view to_string(DigitMethod v);

/// Who did it.
enum class HoldParty : std::uint8_t {
  peer,
  application,
};
[[nodiscard]] std::string_view to_string(HoldParty v);

/// What changed.
enum class MediaChange : std::uint8_t {
  renegotiated,
  source,
  rtp_timeout,
  rtp_resumed,
};
[[nodiscard]] std::string_view to_string(MediaChange v);

/// State of a conference: `waiting` until its start rule is met.
enum class ConferenceState : std::uint8_t {
  waiting,
  active,
  ended,
};
[[nodiscard]] std::string_view to_string(ConferenceState v);

/// Why a conference ended.
enum class ConferenceEndReason : std::uint8_t {
  application,  ///< By `conference.end`.
  last_participant,  ///< The last participant left.
  moderator_left,  ///< The last moderator left.
  end_on_exit,  ///< A member with `end_on_exit` left.
  empty,  ///< It was empty for too long.
  max_duration,  ///< It had its longest duration.
  session_ended,  ///< It was empty, and the session that made it was over.
};
[[nodiscard]] std::string_view to_string(ConferenceEndReason v);

/// State of an endpoint.
enum class EndpointState : std::uint8_t {
  registered,
  unreachable,
  gone,
};
[[nodiscard]] std::string_view to_string(EndpointState v);

/// Why.
enum class UnregisterReason : std::uint8_t {
  removed,
  expired,
  replaced,
};
[[nodiscard]] std::string_view to_string(UnregisterReason v);

/// Why.
enum class IvrEndReason : std::uint8_t {
  call_ended,
  bridge,
  conference,
};
[[nodiscard]] std::string_view to_string(IvrEndReason v);

/// How a completed operation ended.
enum class OpOutcome : std::uint8_t {
  succeeded,
  failed,
  cancelled,
};
[[nodiscard]] std::string_view to_string(OpOutcome v);

/// Why an operation ended. Clients accept unknown reasons.
enum class OpReason : std::uint8_t {
  ringing,  ///< The provisional response was sent.
  answered,  ///< The call was answered and its media is connected.
  rejected,  ///< The final response was sent.
  redirected,  ///< The 3xx response was sent.
  hung_up,  ///< The call was ended.
  finished,  ///< Played to the end.
  stopped,  ///< Ended by `op.stop`; the result so far is kept.
  max_duration,  ///< Ended by `max_duration_ms`.
  match,  ///< Input that fits.
  no_input,  ///< Nothing was entered in time.
  no_match,  ///< Input that does not fit.
  sent,  ///< Sent completely.
  applied,  ///< The change is in force.
  held,  ///< The call is on hold.
  unheld,  ///< The call is off hold.
  ended,  ///< The bridge or participation is over.
  completed,  ///< The transfer is complete.
  refused,  ///< The request was refused as asked.
  accepted,  ///< The request was accepted.
  cancelled,  ///< Dropped by `op.cancel`.
  interrupted,  ///< Ended by an operation with `when_busy: interrupt`.
  flushed,  ///< Dropped while it waited, by an operation with `when_busy: interrupt`.
  call_ended,  ///< The call ended first.
  deadline,  ///< `deadline_ms` passed.
  node_lost,  ///< The server that ran it was lost.
  error,  ///< It could not be carried out; `error` says why.
  created,  ///< It was made.
  left,  ///< The call is out of the conference; the result says why.
  connected,  ///< An agent took the call and they were connected.
  timeout,  ///< It waited for as long as it may.
  removed,  ///< It was taken out of the queue.
  overflow,  ///< The queue was full.
  taken,  ///< The call was taken out of the queue and both are connected.
  empty,  ///< Nobody waits in the queue.
  end_silence,  ///< Ended by `end_silence_ms`: the caller had said something and fell silent.
  terminator,  ///< Ended by a digit of `terminators`.
};
[[nodiscard]] std::string_view to_string(OpReason v);

/// Why a call left its queue.
enum class QueueLeftReason : std::uint8_t {
  connected,  ///< An agent took it.
  timeout,  ///< It waited for as long as it may.
  removed,  ///< It was taken out.
  overflow,  ///< It went on to the overflow queue.
  call_ended,  ///< The call ended.
  stopped,  ///< Its operation was stopped or cancelled.
};
[[nodiscard]] std::string_view to_string(QueueLeftReason v);

/// Why a call is back at its place in the queue.
enum class QueueReturnedReason : std::uint8_t {
  agent_left,  ///< The agent's call ended first.
  join_failed,  ///< They could not be connected.
  stopped,  ///< The agent's operation was stopped.
};
[[nodiscard]] std::string_view to_string(QueueReturnedReason v);

/// State of a recording: being written, ready to be fetched, handed over to its destination, failed, or deleted.
enum class RecordingState : std::uint8_t {
  pending,
  ready,
  shipped,
  failed,
  purged,
};
[[nodiscard]] std::string_view to_string(RecordingState v);

/// State of an operation.
enum class OpState : std::uint8_t {
  queued,
  running,
  paused,
  completed,
};
[[nodiscard]] std::string_view to_string(OpState v);

/// Lane of a call in which operations run one after the other; `none`: beside all others.
enum class Lane : std::uint8_t {
  signalling,
  speak,
  listen,
  none,
};
[[nodiscard]] std::string_view to_string(Lane v);

/// State of a bridge.
enum class BridgeState : std::uint8_t {
  connecting,
  active,
  ended,
};
[[nodiscard]] std::string_view to_string(BridgeState v);

/// State of a waiting call.
enum class QueueEntryState : std::uint8_t {
  waiting,  ///< Waits for an agent.
  offered,  ///< An agent has taken it; they are not connected yet.
  left,  ///< It has left the queue.
};
[[nodiscard]] std::string_view to_string(QueueEntryState v);

/// Why a session exists.
enum class SessionReason : std::uint8_t {
  inbound_call,
  outbound_call,
  worker,
};
[[nodiscard]] std::string_view to_string(SessionReason v);

/// What became of an outbound call that REST asked for.
enum class IntentState : std::uint8_t {
  queued,
  opening,
  delivered,
  dialing,
  answered,
  completed,
  failed,
  expired,
};
[[nodiscard]] std::string_view to_string(IntentState v);

/// What becomes of a call for which there is no room, or that has waited for as long as it may.
enum class QueueOverflow : std::uint8_t {
  ivr,  ///< The operation completes and the call stays in its ivr.
  hangup,  ///< The call is ended.
  queue,  ///< It goes on waiting in `overflow_queue`.
};
[[nodiscard]] std::string_view to_string(QueueOverflow v);

/// Order of a queue.
enum class QueueOrdering : std::uint8_t {
  priority,  ///< By priority, then arrival.
  arrival,  ///< By arrival alone; priorities are ignored.
};
[[nodiscard]] std::string_view to_string(QueueOrdering v);

/// One attempt to reach a target.
struct DialAttempt {
  std::int64_t number = 0;  ///< Counts from 1.
  std::optional<CallId> call_id;  ///< The attempt's call; absent if none was placed.
  std::string target;  ///< Number, URI or endpoint as asked.
  std::optional<std::string> uri;  ///< Where the INVITE went.
  std::optional<TrunkId> trunk_id;  ///< Provisioned SIP trunk.
  AttemptOutcome outcome{};  ///< How an attempt ended.
  std::int64_t sip_code = 0;  ///< Final response; 0 if there was none.
  std::string reason;  ///< Reason phrase, or what went wrong.
  std::int64_t ring_ms = 0;  ///< From the INVITE to the end or the answer.
  friend bool operator==(const DialAttempt&, const DialAttempt&) = default;
};

/// One file of the recording of a conference.
struct ConferenceRecording {
  RecordingId recording_id;  ///< Recording.
  std::optional<CallId> call_id;  ///< Whose track it is; absent: the mix.
  std::int64_t offset_ms = 0;  ///< Where its first sample lies, from the beginning of the whole.
  std::optional<std::int64_t> duration_ms;  ///< Length of the audio; absent while it is being written.
  std::optional<std::int64_t> size_bytes;  ///< Size of the file; absent while it is being written.
  std::optional<std::int64_t> gap_ms;  ///< Audio that could not be written in time; absent while it is being written.
  std::optional<Error> error;  ///< Why it broke off; what was written before is kept.
  friend bool operator==(const ConferenceRecording&, const ConferenceRecording&) = default;
};

/// Result.
struct CallAnswerResult {
  Codec codec{};  ///< Audio codec.
  friend bool operator==(const CallAnswerResult&, const CallAnswerResult&) = default;
};

/// Result.
struct CallAnswerReferResult {
  std::optional<BridgeId> bridge_id;  ///< Bridge of two calls.
  std::optional<CallId> peer_call_id;  ///< Call.
  std::int64_t sip_code = 0;  ///< With `accept`: what the target answered.
  friend bool operator==(const CallAnswerReferResult&, const CallAnswerReferResult&) = default;
};

/// Result.
struct CallBridgeResult {
  std::optional<BridgeId> bridge_id;  ///< Absent when it never stood.
  std::optional<CallId> peer_call_id;  ///< Call.
  std::optional<BridgeEnder> by;  ///< Who ended it: this call, the other one, or the application.
  std::optional<EndReason> cause;  ///< Why the call that left ended, if it did.
  std::int64_t duration_ms = 0;  ///< How long they were connected.
  std::vector<DialAttempt> attempts;  ///< With `dial`.
  friend bool operator==(const CallBridgeResult&, const CallBridgeResult&) = default;
};

/// Result.
struct CallCollectResult {
  InputType type{};  ///< Kind of input.
  std::string value;  ///< Digits entered, without terminator; also of input that does not fit.
  std::optional<std::string> terminator;  ///< The digit that ended the input.
  std::optional<double> confidence;  ///< 0 to 1; only with speech.
  friend bool operator==(const CallCollectResult&, const CallCollectResult&) = default;
};

/// Result.
struct CallDialResult {
  std::optional<CallId> call_id;  ///< The call that answered; absent when none did.
  std::optional<BridgeId> bridge_id;  ///< With `then.bridge`.
  std::optional<ConferenceId> conference_id;  ///< With `then.join`.
  std::vector<DialAttempt> attempts;  ///< Every attempt, in order.
  friend bool operator==(const CallDialResult&, const CallDialResult&) = default;
};

/// Result.
struct CallEnqueueResult {
  std::optional<QueueId> queue_id;  ///< The queue that it was in at last.
  std::optional<std::string> queue;  ///< Name of a queue of the account.
  std::optional<QueueEntryId> queue_entry_id;  ///< Absent when there was no room.
  std::int64_t waited_ms = 0;  ///< How long it waited.
  std::optional<CallId> by_call_id;  ///< With `connected`: the agent's call.
  std::optional<BridgeId> bridge_id;  ///< With `connected`: the bridge of the two.
  std::optional<ConferenceId> conference_id;  ///< The same, where both joined a conference.
  friend bool operator==(const CallEnqueueResult&, const CallEnqueueResult&) = default;
};

/// Result.
struct CallJoinResult {
  std::optional<ConferenceId> conference_id;  ///< Absent when it never was in one.
  std::optional<ConferenceLeaveReason> leave_reason;  ///< Why it left; absent when it never was in.
  std::optional<EndReason> cause;  ///< Why the call ended, if it did.
  std::int64_t duration_ms = 0;  ///< How long it was in there.
  friend bool operator==(const CallJoinResult&, const CallJoinResult&) = default;
};

/// Result.
struct CallPlayResult {
  std::int64_t heard_ms = 0;  ///< How much of the prompt was really played out.
  friend bool operator==(const CallPlayResult&, const CallPlayResult&) = default;
};

/// Result.
struct CallPromptResult {
  InputType type{};  ///< Kind of input.
  std::string value;  ///< Digits entered, without terminator; also of input that does not fit.
  std::optional<std::string> terminator;  ///< The digit that ended the input.
  std::optional<double> confidence;  ///< 0 to 1; only with speech.
  std::int64_t heard_ms = 0;  ///< How much of the prompt was really played out.
  std::int64_t tries = 0;  ///< Which try this was, from 1.
  friend bool operator==(const CallPromptResult&, const CallPromptResult&) = default;
};

/// Result.
struct CallRecordResult {
  std::optional<RecordingId> recording_id;  ///< Recording.
  std::optional<std::int64_t> duration_ms;  ///< Length of the audio. Absent when the call ended first: `recording.ready` tells.
  std::optional<std::int64_t> size_bytes;  ///< Size of the file. Absent when the call ended first: `recording.ready` tells.
  std::optional<std::int64_t> gap_ms;  ///< Audio that could not be written in time and is silence in the file. Absent when the call ended first: `recording.ready` tells.
  std::optional<std::string> terminator;  ///< The digit that ended it.
  friend bool operator==(const CallRecordResult&, const CallRecordResult&) = default;
};

/// Result.
struct CallSayResult {
  std::int64_t heard_ms = 0;  ///< How much of the prompt was really played out.
  friend bool operator==(const CallSayResult&, const CallSayResult&) = default;
};

/// Result.
struct CallSendSipResult {
  std::int64_t sip_code = 0;  ///< Final response; 408 if none came.
  friend bool operator==(const CallSendSipResult&, const CallSendSipResult&) = default;
};

/// Result.
struct CallTransferResult {
  TransferMode mode{};  ///< How a call is transferred.
  std::optional<BridgeId> bridge_id;  ///< Bridge of two calls.
  std::optional<CallId> peer_call_id;  ///< The call that it is bridged with now.
  std::int64_t sip_code = 0;  ///< What the target, or the phone's report, said last.
  std::vector<DialAttempt> attempts;  ///< With `blind`.
  friend bool operator==(const CallTransferResult&, const CallTransferResult&) = default;
};

/// Result.
struct ConferenceCreateResult {
  ConferenceId conference_id;  ///< Conference.
  bool created = false;  ///< False: it was there already.
  friend bool operator==(const ConferenceCreateResult&, const ConferenceCreateResult&) = default;
};

/// Result.
struct ConferencePlayResult {
  std::int64_t heard_ms = 0;  ///< How much of the prompt was really played out.
  friend bool operator==(const ConferencePlayResult&, const ConferencePlayResult&) = default;
};

/// Result.
struct ConferenceRecordResult {
  std::int64_t duration_ms = 0;  ///< Length of the whole.
  std::vector<ConferenceRecording> recordings;  ///< Its files: the mix first, then the participants' in the order of their coming.
  std::optional<std::int64_t> missing;  ///< Participants' files that could not be begun; absent: none.
  friend bool operator==(const ConferenceRecordResult&, const ConferenceRecordResult&) = default;
};

/// Result.
struct QueueRemoveResult {
  QueueId queue_id;  ///< Queue of the account.
  std::string queue;  ///< Name of a queue of the account.
  QueueEntryId queue_entry_id;  ///< A call that waits in a queue.
  CallId call_id;  ///< The call that waited.
  std::int64_t waited_ms = 0;  ///< How long it has waited.
  friend bool operator==(const QueueRemoveResult&, const QueueRemoveResult&) = default;
};

/// Result.
struct QueueTakeResult {
  QueueId queue_id;  ///< Queue of the account.
  std::string queue;  ///< Name of a queue of the account.
  std::optional<QueueEntryId> queue_entry_id;  ///< Absent with `empty`, as all that follows.
  std::optional<CallId> call_id;  ///< The caller's call.
  std::optional<BridgeId> bridge_id;  ///< The bridge of the two.
  std::optional<ConferenceId> conference_id;  ///< With `then.join`, in place of `bridge_id`.
  std::optional<std::int64_t> waited_ms;  ///< How long the caller waited.
  std::optional<std::int64_t> priority;  ///< Its priority.
  std::optional<RawJson> data;  ///< Any JSON of yours, at most 4 KiB; whoever takes the call gets it.
  friend bool operator==(const QueueTakeResult&, const QueueTakeResult&) = default;
};

/// Result.
struct QueueUpdateResult {
  QueueId queue_id;  ///< Queue of the account.
  std::string queue;  ///< Name of a queue of the account.
  QueueEntryId queue_entry_id;  ///< A call that waits in a queue.
  CallId call_id;  ///< The call that waited.
  std::int64_t waited_ms = 0;  ///< How long it has waited.
  friend bool operator==(const QueueUpdateResult&, const QueueUpdateResult&) = default;
};

/// The result of an operation, by its method; monostate for those that have none.
using OpResult = std::variant<std::monostate, CallAnswerResult, CallAnswerReferResult, CallBridgeResult, CallCollectResult, CallDialResult, CallEnqueueResult, CallJoinResult, CallPlayResult, CallPromptResult, CallRecordResult, CallSayResult, CallSendSipResult, CallTransferResult, ConferenceCreateResult, ConferencePlayResult, ConferenceRecordResult, QueueRemoveResult, QueueTakeResult, QueueUpdateResult>;

/// Answers an inbound call and connects its media to the server.
struct CallAnswer {
  CallId call_id;  ///< The call to act on.
  std::vector<Codec> codecs;  ///< Codecs to accept, best first; absent: those of the server.
  SipHeaders headers;  ///< SIP headers to add: name (RFC 3261 token) to value. Headers that route or frame the message are refused.
  std::optional<OpId> op_id;  ///< Operation. Made by the client as the idempotency key; the server makes one if it is missing.
  std::optional<std::int64_t> deadline_ms;  ///< The operation fails with `timeout` when it has not completed this long after it was accepted.
  friend bool operator==(const CallAnswer&, const CallAnswer&) = default;
};

/// Answers the peer's REFER (`call.refer_requested`). `accept`: the server carries the transfer out and reports to the peer; `handle`: the application does, and reports by `call.report_refer`; `reject`.
struct CallAnswerRefer {
  CallId call_id;  ///< The call to act on.
  std::string refer_id;  ///< From the event.
  ReferAction action{};  ///< What to do.
  std::int64_t sip_code = 603;  ///< With `reject`: the response.
  std::optional<TrunkId> trunk_id;  ///< With `accept`: the trunk for a number.
  std::optional<std::string> from;  ///< Caller: a number, or a SIP URI.
  std::int64_t ring_timeout_ms = 30000;  ///< With `accept`: how long the target may ring.
  std::optional<OpId> op_id;  ///< Operation. Made by the client as the idempotency key; the server makes one if it is missing.
  std::optional<std::int64_t> deadline_ms;  ///< The operation fails with `timeout` when it has not completed this long after it was accepted.
  friend bool operator==(const CallAnswerRefer&, const CallAnswerRefer&) = default;
};

/// Answer to a digest challenge of the target; never sent to another realm.
struct DialCredentials {
  std::string username;  ///< User name.
  std::string password;  ///< Password.
  std::string realm;  ///< The realm that is answered.
  friend bool operator==(const DialCredentials&, const DialCredentials&) = default;
};

/// Whom to call: exactly one of `number`, `uri` and `endpoint`.
struct DialTarget {
  std::optional<std::string> number;  ///< Telephone number: digits with an optional leading `+`.
  std::optional<std::string> uri;  ///< SIP URI: `sip:` or `sips:`.
  std::optional<std::string> endpoint;  ///< Registered endpoint: `user@domain`.
  std::optional<TrunkId> trunk_id;  ///< Trunk for a number; absent: chosen by the account's rules.
  std::optional<std::string> from;  ///< Caller for this target; absent: that of the operation.
  std::optional<std::string> from_display_name;  ///< Name to show.
  std::optional<std::int64_t> ring_timeout_ms;  ///< How long this target may ring; absent: that of the operation.
  SipHeaders headers;  ///< SIP headers to add: name (RFC 3261 token) to value. Headers that route or frame the message are refused.
  std::optional<DialCredentials> credentials;  ///< Answer to a digest challenge of the target; never sent to another realm.
  friend bool operator==(const DialTarget&, const DialTarget&) = default;
};

/// Targets that ring at once; the first that answers wins.
struct DialGroup {
  std::vector<DialTarget> targets;  ///< Rung at the same time.
  friend bool operator==(const DialGroup&, const DialGroup&) = default;
};

/// Speech from text: exactly one of `text` and `ssml`.
struct Speech {
  std::optional<std::string> text;  ///< Plain text to speak.
  std::optional<std::string> ssml;  ///< SSML 1.1 document or fragment to speak.
  std::optional<std::string> voice;  ///< Voice name of the engine; absent: the default voice of the language.
  std::optional<std::string> language;  ///< BCP 47 language tag.
  std::optional<std::string> engine;  ///< Speech engine; absent: chosen by language.
  friend bool operator==(const Speech&, const Speech&) = default;
};

/// A tone: by name, or by its frequencies.
struct Tone {
  std::optional<ToneName> name;  ///< A tone of the telephone network (ITU-T E.180), North American cadence.
  std::vector<double> frequencies_hz;  ///< 1 to 4 frequencies that sound together.
  std::optional<std::int64_t> on_ms;  ///< Cadence: sounding time; absent: continuous.
  std::optional<std::int64_t> off_ms;  ///< Cadence: silent time.
  double level_db = -10;  ///< Level in dBm0.
  std::int64_t duration_ms = 1000;  ///< Length of the whole.
  friend bool operator==(const Tone&, const Tone&) = default;
};

/// One thing to play: exactly one of the fields.
struct Source {
  std::optional<std::string> url;  ///< Audio file (WAV, MP3, FLAC, Ogg) to fetch.
  std::optional<Speech> say;  ///< Speech from text.
  std::optional<Tone> tone;  ///< A tone.
  std::optional<std::int64_t> silence_ms;  ///< Silence of this length.
  std::optional<RecordingId> recording_id;  ///< A recording of this account that is ready.
  friend bool operator==(const Source&, const Source&) = default;
};

/// Sources to play in order.
struct Playlist {
  std::vector<Source> sources;  ///< What to play, in order.
  std::int64_t loop = 1;  ///< How often the whole is played; 0: until stopped.
  double gain_db = 0;  ///< Change of loudness.
  std::int64_t offset_ms = 0;  ///< Where in the list to begin.
  friend bool operator==(const Playlist&, const Playlist&) = default;
};

/// A short ivr on the answered call before it counts as answered: who does not press an accepted digit in time is hung up, and the next target is tried.
struct Screen {
  Playlist play;  ///< What the called party hears.
  std::string accept = "1";  ///< Digits that accept the call.
  std::int64_t timeout_ms = 10000;  ///< How long to wait for a digit after the prompt.
  std::int64_t max_tries = 1;  ///< How often the prompt is given.
  friend bool operator==(const Screen&, const Screen&) = default;
};

/// Whom to call and how.
struct DialPlan {
  std::optional<DialTarget> to;  ///< One target.
  std::vector<DialGroup> endpoints;  ///< Several: groups one after the other, the targets of a group at once.
  std::optional<std::string> from;  ///< Caller: a number, or a SIP URI.
  std::optional<std::string> from_display_name;  ///< Name to show.
  Privacy privacy = Privacy::none;  ///< `id`: the caller's identity is withheld from the called party (RFC 3323, RFC 3325).
  std::optional<TrunkId> trunk_id;  ///< Trunk for numbers; absent: chosen by the account's rules.
  std::int64_t ring_timeout_ms = 30000;  ///< How long a target may ring.
  std::int64_t total_timeout_ms = 120000;  ///< How long the whole may take until the answer.
  std::optional<std::int64_t> max_duration_ms;  ///< The call is ended so long after its answer.
  SipHeaders headers;  ///< SIP headers to add: name (RFC 3261 token) to value. Headers that route or frame the message are refused.
  std::vector<Codec> codecs;  ///< Codecs to offer, best first; absent: those of the server.
  EarlyMedia early_media = EarlyMedia::ignore;  ///< Audio before the answer: `ignore` it; `pass` it to the call that waits in `then`; `keep`: attach the call to an ivr at once.
  std::optional<Screen> screen;  ///< A short ivr on the answered call before it counts as answered: who does not press an accepted digit in time is hung up, and the next target is tried.
  std::optional<std::string> send_digits;  ///< Digits to send after the answer: 0-9, *, #, A-D, w and W for pauses.
  std::optional<RawJson> tag;  ///< Any JSON of yours, at most 4 KiB; comes back in snapshots and the CDR.
  friend bool operator==(const DialPlan&, const DialPlan&) = default;
};

/// Connects the call to another call, or to one that is dialled for it. The operation lives as long as the bridge; `op.stop` ends the bridge and takes the call back to its ivr.
struct CallBridge {
  CallId call_id;  ///< The call to act on.
  std::optional<CallId> with_call_id;  ///< The other call.
  std::optional<DialPlan> dial;  ///< Whom to dial; the bridge stands when it is answered.
  BridgeDirection direction = BridgeDirection::both;  ///< Who hears whom: `both`; `listen`: this call hears the other one only; `speak`: it is heard only.
  LeaveAction on_peer_leave = LeaveAction::ivr;  ///< What becomes of this call when the other one leaves.
  std::optional<LeaveAction> peer_on_leave;  ///< What becomes of the other call when this one leaves; absent: `hangup` for a dialled call, else `ivr`.
  std::optional<Playlist> ringback;  ///< What this call hears until the other one answers; absent: the ringback tone when it rings.
  std::optional<OpId> op_id;  ///< Operation. Made by the client as the idempotency key; the server makes one if it is missing.
  std::optional<std::int64_t> deadline_ms;  ///< The operation fails with `timeout` when it has not completed this long after it was accepted.
  friend bool operator==(const CallBridge&, const CallBridge&) = default;
};

/// Which digits to collect.
struct CollectDigits {
  std::int64_t min = 1;  ///< Fewest digits that are a match.
  std::int64_t max = 64;  ///< Complete as soon as so many are there.
  std::string terminators = "#";  ///< Digits that end the input and are no part of it; empty: none.
  std::int64_t inter_digit_timeout_ms = 3000;  ///< Silence after a digit that ends the input.
  std::optional<std::string> pattern;  ///< What is a match: alternatives separated by `|`; `x` any of 0-9, `[1-3*]` one of a set, a `.` at the end any more digits.
  friend bool operator==(const CollectDigits&, const CollectDigits&) = default;
};

/// Which speech to collect.
struct CollectSpeech {
  std::optional<std::string> language;  ///< BCP 47 language tag.
  std::vector<std::string> hints;  ///< Words to expect.
  std::optional<std::string> engine;  ///< Speech engine; absent: chosen by language.
  std::int64_t end_silence_ms = 800;  ///< Silence that ends the utterance.
  std::int64_t max_ms = 30000;  ///< Longest utterance.
  bool partial = false;  ///< Report partial results.
  friend bool operator==(const CollectSpeech&, const CollectSpeech&) = default;
};

/// What input to collect.
struct CollectInput {
  std::optional<CollectDigits> digits;  ///< Collect digits.
  std::optional<CollectSpeech> speech;  ///< Collect speech.
  std::int64_t first_input_timeout_ms = 5000;  ///< `no_input` when nothing comes for so long, counted from the end of a prompt.
  friend bool operator==(const CollectInput&, const CollectInput&) = default;
};

/// Collects digits from the call.
struct CallCollect {
  CallId call_id;  ///< The call to act on.
  CollectInput input;
  std::optional<OpId> op_id;  ///< Operation. Made by the client as the idempotency key; the server makes one if it is missing.
  WhenBusy when_busy = WhenBusy::queue;  ///< What to do when the lane is busy: wait, end what runs and drop what waits, or refuse with `lane_busy`.
  std::optional<std::int64_t> deadline_ms;  ///< The operation fails with `timeout` when it has not completed this long after it was accepted.
  friend bool operator==(const CallCollect&, const CallCollect&) = default;
};

/// Bridge the answered call.
struct DialThenBridge {
  CallId call_id;  ///< To this call.
  BridgeDirection direction = BridgeDirection::both;  ///< Seen from the waiting call.
  LeaveAction on_peer_leave = LeaveAction::ivr;  ///< What becomes of the waiting call when the dialled one leaves.
  LeaveAction peer_on_leave = LeaveAction::hangup;  ///< What becomes of the dialled call when the waiting one leaves.
  std::optional<Playlist> ringback;  ///< What the waiting call hears until the answer; absent: the ringback tone when it rings.
  friend bool operator==(const DialThenBridge&, const DialThenBridge&) = default;
};

/// How a conference is recorded.
struct ConferenceRecordOptions {
  ConferenceTracks tracks = ConferenceTracks::mix;  ///< What of a conference is recorded: the mix as all hear it, announcements included; one file for each participant; or both.
  RecordFormat format = RecordFormat::wav;  ///< File format of a recording: WAV (16-bit PCM), Opus in Ogg, or MP3.
  std::int64_t sample_rate_hz = 16000;  ///< Of all its files: 8000 or 16000.
  PauseMode pause_mode = PauseMode::silence;  ///< What stands in the file for a pause: silence of the same length, or nothing.
  bool beep = false;  ///< Play a short tone to all when the recording begins.
  std::optional<std::int64_t> beep_interval_ms;  ///< Repeat the tone this often; goes with `beep`.
  std::int64_t max_duration_ms = 14400000;  ///< End after so much recorded time.
  friend bool operator==(const ConferenceRecordOptions&, const ConferenceRecordOptions&) = default;
};

/// What a conference is like.
struct ConferenceOptions {
  std::optional<std::int64_t> max_participants;  ///< Most members at once; absent: the server's limit.
  bool locked = false;  ///< Nobody gets in but moderators and supervisors.
  std::optional<std::string> pin;  ///< Without it, or `moderator_pin`, nobody gets in.
  std::optional<std::string> moderator_pin;  ///< Who gives it is a moderator.
  std::optional<Playlist> wait;  ///< What members hear, over and over, until the conference starts; absent: silence.
  ConferenceStart start = ConferenceStart::immediate;  ///< When those who are there begin to hear each other; until then they hear `wait`.
  ConferenceEndRule end = ConferenceEndRule::last_participant;  ///< When the conference ends by itself.
  ConferenceTones tones = ConferenceTones::none;  ///< When all hear a tone.
  std::optional<Playlist> entry_sound;  ///< In place of the entry tone.
  std::optional<Playlist> exit_sound;  ///< In place of the exit tone.
  bool announce_names = true;  ///< Play the announcements that members join with.
  std::int64_t max_mixed = 0;  ///< Most members heard at once: the loudest; 0: all who speak.
  ConferenceDigits digits = ConferenceDigits::report;  ///< What becomes of the digits that members press.
  bool speaker_events = true;  ///< Tell who speaks.
  std::optional<std::int64_t> max_duration_ms;  ///< It ends so long after it was made.
  std::int64_t empty_timeout_ms = 300000;  ///< How long it may be empty: before anybody came, and later with `end: timeout`.
  std::optional<ConferenceRecordOptions> record;  ///< Record it, from its start to its end; absent: not.
  std::optional<RawJson> tag;  ///< Any JSON of yours, at most 4 KiB; comes back in snapshots and the CDR.
  friend bool operator==(const ConferenceOptions&, const ConferenceOptions&) = default;
};

/// How a supervisor takes part.
struct Supervision {
  SuperviseMode mode{};  ///< How a supervisor takes part.
  std::vector<CallId> call_ids;  ///< Whom it concerns; members that come later count too.
  friend bool operator==(const Supervision&, const Supervision&) = default;
};

/// How a call takes part in a conference.
struct JoinTerms {
  ConferenceRole role = ConferenceRole::participant;  ///< What a member may do.
  std::optional<Supervision> supervise;  ///< With `role: supervisor`; absent: monitor.
  bool muted = false;  ///< The others do not hear it.
  bool deaf = false;  ///< It does not hear the conference.
  bool on_hold = false;  ///< It neither hears nor is heard, and hears `hold_music`.
  std::optional<Playlist> hold_music;  ///< What it hears on hold, over and over; absent: silence.
  double gain_db = 0;  ///< How loud the others hear it.
  std::optional<bool> start_on_enter;  ///< It starts a conference that waits; absent: moderators do.
  bool end_on_exit = false;  ///< The conference ends when it leaves.
  std::optional<bool> beep;  ///< Entry and exit tone for this member; absent: as the conference says.
  std::optional<std::string> pin;  ///< Where the conference wants one.
  std::optional<Playlist> announce;  ///< What all hear when it enters, after the tone.
  std::optional<Playlist> announce_exit;  ///< What all hear when it has left, after the tone.
  std::optional<LeaveAction> on_end;  ///< What becomes of the call when the conference ends or it is taken out; absent: `ivr`, or `hangup` for a call dialled with `then`.
  ConferenceEvents events = ConferenceEvents::own;  ///< What the call's session is told of the conference: what concerns its own calls and the conference as a whole, or all that the session which made it is told.
  friend bool operator==(const JoinTerms&, const JoinTerms&) = default;
};

/// Join the answered call to a conference.
struct DialThenJoin {
  std::optional<ConferenceId> conference_id;  ///< The conference.
  std::optional<std::string> name;  ///< The conference of this name.
  std::optional<ConferenceOptions> create;  ///< Make the conference of this name with these options if there is none.
  JoinTerms terms;
  friend bool operator==(const DialThenJoin&, const DialThenJoin&) = default;
};

/// What becomes of the answered call; absent: it stays in its ivr.
struct DialThen {
  std::optional<DialThenBridge> bridge;  ///< Bridge the answered call.
  std::optional<DialThenJoin> join;  ///< Join the answered call to a conference.
  friend bool operator==(const DialThen&, const DialThen&) = default;
};

/// Places an outbound call to one target, or to several in turn and at once. The call that answers is attached to an ivr unless `then` says otherwise; those that lose are cancelled.
struct CallDial {
  DialPlan plan;
  std::optional<DialThen> then;  ///< What becomes of the answered call; absent: it stays in its ivr.
  std::optional<OpId> op_id;  ///< Operation. Made by the client as the idempotency key; the server makes one if it is missing.
  std::optional<std::int64_t> deadline_ms;  ///< The operation fails with `timeout` when it has not completed this long after it was accepted.
  std::optional<std::int64_t> progress_interval_ms;  ///< Send `op.progress` this often; absent: never.
  friend bool operator==(const CallDial&, const CallDial&) = default;
};

/// What a waiting call is told now and then. In `say` texts `{position}`, `{waiting}` and `{wait_minutes}` stand for its place in the queue, how many wait, and the estimate of the wait in minutes; a source with `{wait_minutes}` is left out while there is no estimate.
struct QueueAnnouncement {
  std::vector<Source> sources;  ///< What to play, in order.
  std::int64_t first_after_ms = 0;  ///< The first so long after the call has entered.
  std::int64_t interval_ms = 30000;  ///< From the end of one to the beginning of the next.
  friend bool operator==(const QueueAnnouncement&, const QueueAnnouncement&) = default;
};

/// What a waiting call hears. It makes way for whatever else the call is to play.
struct QueueWait {
  std::vector<Source> sources;  ///< Played over and over; absent: what the queue is provisioned with.
  double gain_db = 0;  ///< Change of loudness.
  std::optional<QueueAnnouncement> announce;  ///< Told in between.
  friend bool operator==(const QueueWait&, const QueueWait&) = default;
};

/// Puts the call into a queue and lets it wait there for an agent; it stays in its ivr and hears the wait media. The call keeps its place while an agent is being connected. It waits on when its session is lost: any session of the account may take it.
struct CallEnqueue {
  CallId call_id;  ///< The call to act on.
  std::optional<std::string> queue;  ///< Name of the queue.
  std::optional<QueueId> queue_id;  ///< Or its id.
  std::int64_t priority = 0;  ///< Higher goes first; calls of the same priority in the order of their arrival.
  std::optional<QueueWait> wait;  ///< What it hears; absent: what the queue is provisioned with.
  std::optional<std::int64_t> max_wait_ms;  ///< Longest wait; absent: the queue's.
  std::optional<RawJson> data;  ///< Any JSON of yours, at most 4 KiB; whoever takes the call gets it.
  std::optional<OpId> op_id;  ///< Operation. Made by the client as the idempotency key; the server makes one if it is missing.
  std::optional<std::int64_t> deadline_ms;  ///< The operation fails with `timeout` when it has not completed this long after it was accepted.
  friend bool operator==(const CallEnqueue&, const CallEnqueue&) = default;
};

/// Ends the call: BYE once answered, 603 before.
struct CallHangup {
  CallId call_id;  ///< The call to act on.
  std::optional<std::string> reason;  ///< Text for the Reason header or reason phrase.
  std::optional<std::int64_t> q850_cause;  ///< ITU-T Q.850 cause for the Reason header (RFC 3326).
  SipHeaders headers;  ///< SIP headers to add: name (RFC 3261 token) to value. Headers that route or frame the message are refused.
  std::optional<OpId> op_id;  ///< Operation. Made by the client as the idempotency key; the server makes one if it is missing.
  std::optional<std::int64_t> deadline_ms;  ///< The operation fails with `timeout` when it has not completed this long after it was accepted.
  friend bool operator==(const CallHangup&, const CallHangup&) = default;
};

/// Puts the call on hold: it hears the music, the other side of its bridge hears nothing of it.
struct CallHold {
  CallId call_id;  ///< The call to act on.
  std::optional<Playlist> music;  ///< What the call hears, over and over; absent: silence.
  bool signal = true;  ///< Tell the peer by re-INVITE that it is on hold.
  std::optional<OpId> op_id;  ///< Operation. Made by the client as the idempotency key; the server makes one if it is missing.
  std::optional<std::int64_t> deadline_ms;  ///< The operation fails with `timeout` when it has not completed this long after it was accepted.
  friend bool operator==(const CallHold&, const CallHold&) = default;
};

/// Takes the call into a conference. The operation lives as long as it is in there; `op.stop` takes it out, back to its ivr.
struct CallJoin {
  CallId call_id;  ///< The call to act on.
  std::optional<ConferenceId> conference_id;  ///< The conference.
  std::optional<std::string> name;  ///< The conference of this name.
  std::optional<ConferenceOptions> create;  ///< Make the conference of this name with these options if there is none.
  JoinTerms terms;
  std::optional<OpId> op_id;  ///< Operation. Made by the client as the idempotency key; the server makes one if it is missing.
  std::optional<std::int64_t> deadline_ms;  ///< The operation fails with `timeout` when it has not completed this long after it was accepted.
  friend bool operator==(const CallJoin&, const CallJoin&) = default;
};

/// Plays a list of sources to the call.
struct CallPlay {
  CallId call_id;  ///< The call to act on.
  Playlist play;
  std::optional<std::int64_t> max_duration_ms;  ///< Stop after so much audio.
  std::optional<OpId> op_id;  ///< Operation. Made by the client as the idempotency key; the server makes one if it is missing.
  WhenBusy when_busy = WhenBusy::queue;  ///< What to do when the lane is busy: wait, end what runs and drop what waits, or refuse with `lane_busy`.
  std::optional<std::int64_t> deadline_ms;  ///< The operation fails with `timeout` when it has not completed this long after it was accepted.
  std::optional<std::int64_t> progress_interval_ms;  ///< Send `op.progress` this often; absent: never.
  friend bool operator==(const CallPlay&, const CallPlay&) = default;
};

/// What input stops a prompt.
struct BargeIn {
  bool digits = true;  ///< A digit stops the prompt.
  std::optional<bool> speech;  ///< Speech stops the prompt.
  friend bool operator==(const BargeIn&, const BargeIn&) = default;
};

/// Plays a prompt and collects input; input may stop the prompt (barge-in). Repeats when nothing fits, up to `max_tries` times.
struct CallPrompt {
  CallId call_id;  ///< The call to act on.
  Playlist play;  ///< The prompt.
  CollectInput collect;  ///< The input.
  std::optional<BargeIn> barge_in;  ///< What input stops a prompt.
  std::int64_t max_tries = 1;  ///< How often the prompt is given at most.
  std::optional<Playlist> retry_play;  ///< The prompt from the second try on; absent: the same.
  std::optional<OpId> op_id;  ///< Operation. Made by the client as the idempotency key; the server makes one if it is missing.
  WhenBusy when_busy = WhenBusy::queue;  ///< What to do when the lane is busy: wait, end what runs and drop what waits, or refuse with `lane_busy`.
  std::optional<std::int64_t> deadline_ms;  ///< The operation fails with `timeout` when it has not completed this long after it was accepted.
  std::optional<std::int64_t> progress_interval_ms;  ///< Send `op.progress` this often; absent: never.
  friend bool operator==(const CallPrompt&, const CallPrompt&) = default;
};

/// Records the call into a file. Runs beside all other operations; several may run at once. `op.pause`, `op.resume` and `op.stop` act on it; `op.cancel` deletes what was recorded. Its `finished` means that the call ended. The operation completes when the file is closed; `recording.ready` follows when it can be fetched.
struct CallRecord {
  CallId call_id;  ///< The call to act on.
  RecordChannels channels = RecordChannels::mono;  ///< One channel with both sides mixed, or two: what the call said left, what it heard right.
  RecordTracks tracks = RecordTracks::both;  ///< Which side is recorded: what the call said, what it heard, or both.
  RecordFormat format = RecordFormat::wav;  ///< File format of a recording: WAV (16-bit PCM), Opus in Ogg, or MP3.
  bool beep = false;  ///< Play a short tone to the call when the recording begins.
  std::optional<std::int64_t> beep_interval_ms;  ///< Repeat the tone this often; goes with `beep`.
  std::int64_t max_duration_ms = 14400000;  ///< End after so much recorded audio.
  std::optional<std::int64_t> initial_silence_ms;  ///< End with `no_input` when the call has said nothing for so long from the beginning; absent: never.
  std::optional<std::int64_t> end_silence_ms;  ///< End when the call has been silent for so long after it had said something; absent: never.
  std::string terminators;  ///< Digits that end the recording.
  PauseMode pause_mode = PauseMode::silence;  ///< What stands in the file for a pause: silence of the same length, or nothing.
  std::optional<bool> transcribe;  ///< Transcribe the recording when it is ready.
  std::optional<std::string> ship_to;  ///< Where to send the recording.
  std::optional<OpId> op_id;  ///< Operation. Made by the client as the idempotency key; the server makes one if it is missing.
  std::optional<std::int64_t> deadline_ms;  ///< The operation fails with `timeout` when it has not completed this long after it was accepted.
  friend bool operator==(const CallRecord&, const CallRecord&) = default;
};

/// Sends the caller elsewhere with a 3xx response.
struct CallRedirect {
  CallId call_id;  ///< The call to act on.
  std::vector<std::string> contacts;  ///< Where to, best first.
  std::int64_t sip_code = 302;  ///< Final response.
  SipHeaders headers;  ///< SIP headers to add: name (RFC 3261 token) to value. Headers that route or frame the message are refused.
  std::optional<OpId> op_id;  ///< Operation. Made by the client as the idempotency key; the server makes one if it is missing.
  std::optional<std::int64_t> deadline_ms;  ///< The operation fails with `timeout` when it has not completed this long after it was accepted.
  friend bool operator==(const CallRedirect&, const CallRedirect&) = default;
};

/// Declines an inbound call that was not answered.
struct CallReject {
  CallId call_id;  ///< The call to act on.
  std::int64_t sip_code = 603;  ///< Final response.
  std::optional<std::string> reason;  ///< Text for the Reason header or reason phrase.
  std::optional<std::int64_t> q850_cause;  ///< ITU-T Q.850 cause for the Reason header (RFC 3326).
  SipHeaders headers;  ///< SIP headers to add: name (RFC 3261 token) to value. Headers that route or frame the message are refused.
  std::optional<OpId> op_id;  ///< Operation. Made by the client as the idempotency key; the server makes one if it is missing.
  std::optional<std::int64_t> deadline_ms;  ///< The operation fails with `timeout` when it has not completed this long after it was accepted.
  friend bool operator==(const CallReject&, const CallReject&) = default;
};

/// Tells the peer how the transfer that it asked for goes (NOTIFY, RFC 3515), after `call.answer_refer` with `handle`.
struct CallReportRefer {
  CallId call_id;  ///< The call to act on.
  std::string refer_id;  ///< From the event.
  std::int64_t sip_code = 0;  ///< How it goes: 100 to 199 under way, 200 done, 300 to 699 failed.
  std::optional<std::string> reason;  ///< Text for the Reason header or reason phrase.
  std::optional<OpId> op_id;  ///< Operation. Made by the client as the idempotency key; the server makes one if it is missing.
  std::optional<std::int64_t> deadline_ms;  ///< The operation fails with `timeout` when it has not completed this long after it was accepted.
  friend bool operator==(const CallReportRefer&, const CallReportRefer&) = default;
};

/// Tells the caller that the called side is being alerted. With `early_media` the media path is opened before the answer, so that prompts can be played.
struct CallRing {
  CallId call_id;  ///< The call to act on.
  std::int64_t sip_code = 180;  ///< SIP provisional response.
  bool early_media = false;  ///< Connect media before the answer (then the code is 183).
  SipHeaders headers;  ///< SIP headers to add: name (RFC 3261 token) to value. Headers that route or frame the message are refused.
  std::optional<OpId> op_id;  ///< Operation. Made by the client as the idempotency key; the server makes one if it is missing.
  std::optional<std::int64_t> deadline_ms;  ///< The operation fails with `timeout` when it has not completed this long after it was accepted.
  friend bool operator==(const CallRing&, const CallRing&) = default;
};

/// Speaks text or SSML to the call.
struct CallSay {
  CallId call_id;  ///< The call to act on.
  Speech speech;
  std::int64_t loop = 1;  ///< How often the whole is played; 0: until stopped.
  double gain_db = 0;  ///< Change of loudness.
  std::optional<std::int64_t> max_duration_ms;  ///< Stop after so much audio.
  std::optional<OpId> op_id;  ///< Operation. Made by the client as the idempotency key; the server makes one if it is missing.
  WhenBusy when_busy = WhenBusy::queue;  ///< What to do when the lane is busy: wait, end what runs and drop what waits, or refuse with `lane_busy`.
  std::optional<std::int64_t> deadline_ms;  ///< The operation fails with `timeout` when it has not completed this long after it was accepted.
  std::optional<std::int64_t> progress_interval_ms;  ///< Send `op.progress` this often; absent: never.
  friend bool operator==(const CallSay&, const CallSay&) = default;
};

/// Sends digits to the call by RFC 4733, or as tones where that was not agreed.
struct CallSendDigits {
  CallId call_id;  ///< The call to act on.
  std::string digits;  ///< 0-9 * # A-D; `w` pauses 500 ms, `W` one second.
  std::int64_t tone_ms = 120;  ///< Length of a digit.
  std::int64_t gap_ms = 80;  ///< Pause between digits.
  std::optional<OpId> op_id;  ///< Operation. Made by the client as the idempotency key; the server makes one if it is missing.
  WhenBusy when_busy = WhenBusy::queue;  ///< What to do when the lane is busy: wait, end what runs and drop what waits, or refuse with `lane_busy`.
  std::optional<std::int64_t> deadline_ms;  ///< The operation fails with `timeout` when it has not completed this long after it was accepted.
  friend bool operator==(const CallSendDigits&, const CallSendDigits&) = default;
};

/// Sends a SIP request within the call's dialog; completes with the peer's final response.
struct CallSendSip {
  CallId call_id;  ///< The call to act on.
  SendSipMethod method{};  ///< SIP method.
  std::optional<std::string> content_type;  ///< Content-Type of `body`.
  std::optional<std::string> body;  ///< Body, at most 16 KiB.
  SipHeaders headers;  ///< SIP headers to add: name (RFC 3261 token) to value. Headers that route or frame the message are refused.
  std::optional<OpId> op_id;  ///< Operation. Made by the client as the idempotency key; the server makes one if it is missing.
  std::optional<std::int64_t> deadline_ms;  ///< The operation fails with `timeout` when it has not completed this long after it was accepted.
  friend bool operator==(const CallSendSip&, const CallSendSip&) = default;
};

/// Which directions are silent; an absent one stays as it is.
struct AudioMute {
  std::optional<bool> in;  ///< What the call says reaches nobody; digits do.
  std::optional<bool> out;  ///< The call hears silence.
  friend bool operator==(const AudioMute&, const AudioMute&) = default;
};

/// Gain of each direction; an absent one stays as it is.
struct AudioGain {
  std::optional<double> in;  ///< What the call says, in dB.
  std::optional<double> out;  ///< What the call hears, in dB.
  friend bool operator==(const AudioGain&, const AudioGain&) = default;
};

/// Mutes and changes the loudness of either direction. What is absent stays as it is.
struct CallSetAudio {
  CallId call_id;  ///< The call to act on.
  std::optional<AudioMute> mute;  ///< Which directions are silent; an absent one stays as it is.
  std::optional<AudioGain> gain_db;  ///< Gain of each direction; an absent one stays as it is.
  std::optional<OpId> op_id;  ///< Operation. Made by the client as the idempotency key; the server makes one if it is missing.
  std::optional<std::int64_t> deadline_ms;  ///< The operation fails with `timeout` when it has not completed this long after it was accepted.
  friend bool operator==(const CallSetAudio&, const CallSetAudio&) = default;
};

/// Transfers the call. `blind`: a target is dialled for it and bridged; `attended`: it is bridged with the consultation call; both free the party that it was bridged with. `refer`: its own phone is asked to call the target (REFER), with Replaces when `consult_call_id` is given.
struct CallTransfer {
  CallId call_id;  ///< The call to act on.
  TransferMode mode = TransferMode::blind;  ///< How a call is transferred.
  std::optional<DialTarget> to;  ///< With `blind` and `refer`.
  std::optional<CallId> consult_call_id;  ///< With `attended`: the call to bridge with. With `refer`: the call whose dialog the target shall replace.
  std::optional<std::string> from;  ///< Caller: a number, or a SIP URI.
  std::optional<std::string> from_display_name;  ///< Name to show.
  std::int64_t ring_timeout_ms = 30000;  ///< How long the target may ring.
  std::optional<Playlist> ringback;  ///< What the call hears until the target answers; absent: the ringback tone when it rings.
  TransferFailure on_fail = TransferFailure::resume;  ///< When the target is not reached: back to the former bridge or ivr, or hang up.
  SipHeaders headers;  ///< SIP headers to add: name (RFC 3261 token) to value. Headers that route or frame the message are refused.
  std::optional<OpId> op_id;  ///< Operation. Made by the client as the idempotency key; the server makes one if it is missing.
  std::optional<std::int64_t> deadline_ms;  ///< The operation fails with `timeout` when it has not completed this long after it was accepted.
  friend bool operator==(const CallTransfer&, const CallTransfer&) = default;
};

/// Takes the call back from hold.
struct CallUnhold {
  CallId call_id;  ///< The call to act on.
  std::optional<OpId> op_id;  ///< Operation. Made by the client as the idempotency key; the server makes one if it is missing.
  std::optional<std::int64_t> deadline_ms;  ///< The operation fails with `timeout` when it has not completed this long after it was accepted.
  friend bool operator==(const CallUnhold&, const CallUnhold&) = default;
};

/// What becomes of the call when the session breaks and is not resumed in time.
struct OnDisconnect {
  DisconnectAction action{};  ///< What becomes of a call whose session is not resumed in time.
  std::optional<Playlist> play;  ///< What to play before hanging up; only with `play_then_hangup`.
  friend bool operator==(const OnDisconnect&, const OnDisconnect&) = default;
};

/// Changes how the call is handled. What is absent stays as it is.
struct CallUpdate {
  CallId call_id;  ///< The call to act on.
  std::optional<OnDisconnect> on_disconnect;  ///< What becomes of the call when the session breaks and is not resumed in time.
  std::optional<std::int64_t> max_duration_ms;  ///< The call is ended so long after its answer.
  std::optional<bool> inband_digits;  ///< Also detect digits as tones in the audio.
  std::optional<RawJson> tag;  ///< Any JSON of yours, at most 4 KiB; comes back in snapshots and the CDR.
  std::optional<OpId> op_id;  ///< Operation. Made by the client as the idempotency key; the server makes one if it is missing.
  std::optional<std::int64_t> deadline_ms;  ///< The operation fails with `timeout` when it has not completed this long after it was accepted.
  friend bool operator==(const CallUpdate&, const CallUpdate&) = default;
};

/// Makes a conference; no call need exist. It ends by its rules, also after the session that made it.
struct ConferenceCreate {
  std::optional<std::string> name;  ///< Name of a conference, unique among those of the account that live.
  ConferenceOptions options;
  IfExists if_exists = IfExists::fail;  ///< When a conference of this name lives: `name_taken`, or that one as it is.
  std::optional<OpId> op_id;  ///< Operation. Made by the client as the idempotency key; the server makes one if it is missing.
  friend bool operator==(const ConferenceCreate&, const ConferenceCreate&) = default;
};

/// Ends a conference; each call goes where its `on_end` says.
struct ConferenceEnd {
  ConferenceId conference_id;  ///< The conference to act on.
  std::optional<OpId> op_id;  ///< Operation. Made by the client as the idempotency key; the server makes one if it is missing.
  friend bool operator==(const ConferenceEnd&, const ConferenceEnd&) = default;
};

/// Plays to all members. Plays of a conference follow one another; the wait list makes way for them.
struct ConferencePlay {
  ConferenceId conference_id;  ///< The conference to act on.
  Playlist play;
  std::optional<std::int64_t> max_duration_ms;  ///< Stop after so much audio.
  std::optional<OpId> op_id;  ///< Operation. Made by the client as the idempotency key; the server makes one if it is missing.
  WhenBusy when_busy = WhenBusy::queue;  ///< What to do when the lane is busy: wait, end what runs and drop what waits, or refuse with `lane_busy`.
  std::optional<std::int64_t> deadline_ms;  ///< The operation fails with `timeout` when it has not completed this long after it was accepted.
  friend bool operator==(const ConferencePlay&, const ConferencePlay&) = default;
};

/// Records the conference: the mix, one file for each participant, or both. Several may run at once. `op.pause`, `op.resume` and `op.stop` act on it; `op.cancel` deletes what was recorded. Its `finished` means that the conference ended. The operation completes when all files are closed; `recording.ready` of each follows when it can be fetched. A participant's file begins when that call first comes in, goes on in silence while it is away, muted, on hold or whispering, and ends with the call or the recording.
struct ConferenceRecord {
  ConferenceId conference_id;  ///< The conference to act on.
  ConferenceRecordOptions how;
  std::optional<OpId> op_id;  ///< Operation. Made by the client as the idempotency key; the server makes one if it is missing.
  std::optional<std::int64_t> deadline_ms;  ///< The operation fails with `timeout` when it has not completed this long after it was accepted.
  friend bool operator==(const ConferenceRecord&, const ConferenceRecord&) = default;
};

/// Changes a conference.
struct ConferenceUpdate {
  ConferenceId conference_id;  ///< The conference to act on.
  std::optional<bool> locked;  ///< Nobody gets in but moderators and supervisors.
  std::optional<std::int64_t> max_participants;  ///< Most members at once; absent: the server's limit.
  std::optional<std::string> pin;  ///< New PIN; empty: none.
  std::optional<std::string> moderator_pin;  ///< New moderator's PIN; empty: none.
  std::optional<Playlist> wait;  ///< New wait list.
  std::optional<bool> start_now;  ///< True: starts it, whatever its start rule.
  std::optional<ConferenceEndRule> end;  ///< When the conference ends by itself.
  std::optional<ConferenceTones> tones;  ///< When all hear a tone.
  std::optional<bool> announce_names;  ///< Play the announcements that members join with.
  std::optional<ConferenceDigits> digits;  ///< What becomes of the digits that members press.
  std::optional<RawJson> tag;  ///< Any JSON of yours, at most 4 KiB; comes back in snapshots and the CDR.
  std::optional<OpId> op_id;  ///< Operation. Made by the client as the idempotency key; the server makes one if it is missing.
  friend bool operator==(const ConferenceUpdate&, const ConferenceUpdate&) = default;
};

/// Changes how a call takes part, or puts it out.
struct ConferenceUpdateParticipant {
  ConferenceId conference_id;  ///< The conference to act on.
  CallId call_id;  ///< The member.
  std::optional<ConferenceRole> role;  ///< What a member may do.
  std::optional<Supervision> supervise;  ///< With a supervisor.
  std::optional<bool> muted;  ///< The others do not hear it.
  std::optional<bool> deaf;  ///< It does not hear the conference.
  std::optional<bool> on_hold;  ///< It neither hears nor is heard.
  std::optional<Playlist> hold_music;  ///< With `on_hold: true`: what it hears, over and over; absent: silence.
  std::optional<double> gain_db;  ///< How loud the others hear it.
  std::optional<bool> kick;  ///< True: it is put out; its call goes where `on_end` said.
  std::optional<OpId> op_id;  ///< Operation. Made by the client as the idempotency key; the server makes one if it is missing.
  friend bool operator==(const ConferenceUpdateParticipant&, const ConferenceUpdateParticipant&) = default;
};

/// Drops an operation: it completes `cancelled`, and what waits is never started.
struct OpCancel {
  OpId op_id;  ///< The operation to act on.
  friend bool operator==(const OpCancel&, const OpCancel&) = default;
};

/// Reads an operation, also one that completed lately.
struct OpGet {
  OpId op_id;  ///< The operation to act on.
  friend bool operator==(const OpGet&, const OpGet&) = default;
};

/// Pauses an operation that plays.
struct OpPause {
  OpId op_id;  ///< The operation to act on.
  friend bool operator==(const OpPause&, const OpPause&) = default;
};

/// Lets a paused operation go on.
struct OpResume {
  OpId op_id;  ///< The operation to act on.
  friend bool operator==(const OpResume&, const OpResume&) = default;
};

/// Ends an operation now and keeps its result: it completes `succeeded` with `stopped`.
struct OpStop {
  OpId op_id;  ///< The operation to act on.
  friend bool operator==(const OpStop&, const OpStop&) = default;
};

/// Changes a running operation that plays.
struct OpUpdate {
  OpId op_id;  ///< The operation to act on.
  std::optional<double> gain_db;  ///< New loudness of what follows.
  std::optional<std::int64_t> loop;  ///< New number of rounds; 0: until stopped.
  std::optional<std::int64_t> progress_interval_ms;  ///< Send `op.progress` this often; absent: never.
  std::optional<std::int64_t> deadline_ms;  ///< New deadline, counted from now.
  friend bool operator==(const OpUpdate&, const OpUpdate&) = default;
};

/// Takes a call of the account out of the queue that it waits in. Its `call.enqueue` completes with `removed` and it stays in its ivr; a call that no session holds any more is ended.
struct QueueRemove {
  std::optional<QueueEntryId> queue_entry_id;  ///< The entry.
  std::optional<CallId> queued_call_id;  ///< Or the call that waits.
  std::optional<QueueId> queue_id;  ///< Only when it waits in this queue.
  std::optional<OpId> op_id;  ///< Operation. Made by the client as the idempotency key; the server makes one if it is missing.
  std::optional<std::int64_t> deadline_ms;  ///< The operation fails with `timeout` when it has not completed this long after it was accepted.
  friend bool operator==(const QueueRemove&, const QueueRemove&) = default;
};

/// Join both to a conference: the agent's call as said here, the caller's as `caller` says.
struct TakeThenJoin {
  std::optional<ConferenceId> conference_id;  ///< The conference; goes with neither `name` nor `create`.
  std::optional<std::string> name;  ///< The conference of this name.
  std::optional<ConferenceOptions> create;  ///< Make the conference with these options if there is none of this name; without `name` a new one for each call taken.
  JoinTerms terms;
  std::optional<JoinTerms> caller;  ///< How the caller takes part; absent: as a participant. Its `on_end` is `ivr`, or `hangup` when no session holds the call any more.
  friend bool operator==(const TakeThenJoin&, const TakeThenJoin&) = default;
};

/// What becomes of the two; absent: a bridge.
struct TakeThen {
  TakeThenJoin join;  ///< Join both to a conference: the agent's call as said here, the caller's as `caller` says.
  friend bool operator==(const TakeThen&, const TakeThen&) = default;
};

/// Takes a waiting call out of a queue and connects it with an agent's call, in a bridge or in a conference. The caller keeps the place in the queue until both are connected, and is back at it when that fails.
struct QueueTake {
  CallId call_id;  ///< The agent's call.
  std::optional<std::string> queue;  ///< Name of the queue.
  std::optional<QueueId> queue_id;  ///< Or its id.
  std::optional<QueueSelection> select;  ///< Which of those that wait; absent: `priority`.
  std::optional<QueueEntryId> queue_entry_id;  ///< This one.
  std::optional<CallId> queued_call_id;  ///< The one that this call is.
  std::optional<Playlist> whisper;  ///< What the agent alone hears before both are connected.
  LeaveAction on_peer_leave = LeaveAction::ivr;  ///< What becomes of the agent's call when the caller leaves the bridge; not with `then`.
  std::optional<LeaveAction> peer_on_leave;  ///< What becomes of the caller when the agent leaves the bridge; not with `then`. Absent: `ivr`, or `hangup` when no session holds the call any more.
  std::optional<TakeThen> then;  ///< What becomes of the two; absent: a bridge.
  std::int64_t wait_ms = 0;  ///< How long to wait for a call when nobody waits; agents are served in the order of their asking.
  std::optional<OpId> op_id;  ///< Operation. Made by the client as the idempotency key; the server makes one if it is missing.
  std::optional<std::int64_t> deadline_ms;  ///< The operation fails with `timeout` when it has not completed this long after it was accepted.
  friend bool operator==(const QueueTake&, const QueueTake&) = default;
};

/// Changes the priority of a waiting call of the account.
struct QueueUpdate {
  std::optional<QueueEntryId> queue_entry_id;  ///< The entry.
  std::optional<CallId> queued_call_id;  ///< Or the call that waits.
  std::optional<QueueId> queue_id;  ///< Only when it waits in this queue.
  std::int64_t priority = 0;  ///< The new priority; among those of the same it keeps its time of arrival.
  std::optional<OpId> op_id;  ///< Operation. Made by the client as the idempotency key; the server makes one if it is missing.
  std::optional<std::int64_t> deadline_ms;  ///< The operation fails with `timeout` when it has not completed this long after it was accepted.
  friend bool operator==(const QueueUpdate&, const QueueUpdate&) = default;
};

/// Acknowledges all events up to and including `seq`, so that the server need not keep them.
struct SessionAck {
  std::uint64_t seq = 0;  ///< The newest event that was handled.
  friend bool operator==(const SessionAck&, const SessionAck&) = default;
};

/// Chooses which events of the account, beside those of its own calls, a session gets. Replaces what was chosen before.
struct SessionSubscribe {
  bool endpoints = false;  ///< Events of registered endpoints.
  std::optional<DomainId> domain_id;  ///< Of this domain only.
  bool queues = false;  ///< Events of the account's queues.
  std::vector<std::string> queue_names;  ///< With `queues`: of these only.
  friend bool operator==(const SessionSubscribe&, const SessionSubscribe&) = default;
};

/// Reads all that the session holds.
struct SnapshotGet {
  friend bool operator==(const SnapshotGet&, const SnapshotGet&) = default;
};

/// Both hear each other, as the direction says.
struct BridgeConnectedEvent {
  BridgeId bridge_id;  ///< Bridge of two calls.
  std::vector<CallId> call_ids;  ///< Both calls; the one that asked first.
  BridgeDirection direction = BridgeDirection::both;  ///< Who hears whom: `both`; `listen`: this call hears the other one only; `speak`: it is heard only.
  friend bool operator==(const BridgeConnectedEvent&, const BridgeConnectedEvent&) = default;
};

/// Two calls are to be connected.
struct BridgeCreatedEvent {
  BridgeId bridge_id;  ///< Bridge of two calls.
  std::vector<CallId> call_ids;  ///< Both calls; the one that asked first.
  BridgeDirection direction = BridgeDirection::both;  ///< Who hears whom: `both`; `listen`: this call hears the other one only; `speak`: it is heard only.
  friend bool operator==(const BridgeCreatedEvent&, const BridgeCreatedEvent&) = default;
};

/// The bridge is over.
struct BridgeEndedEvent {
  BridgeId bridge_id;  ///< Bridge of two calls.
  BridgeEndReason reason{};  ///< Why: a call left it, the application stopped it, a call was transferred away or replaced, or it never stood.
  std::optional<CallId> by_call_id;  ///< The call that left.
  std::int64_t duration_ms = 0;  ///< How long they were connected.
  friend bool operator==(const BridgeEndedEvent&, const BridgeEndedEvent&) = default;
};

/// Direction or members of the bridge changed.
struct BridgeUpdatedEvent {
  BridgeId bridge_id;  ///< Bridge of two calls.
  std::vector<CallId> call_ids;  ///< Both calls.
  BridgeDirection direction = BridgeDirection::both;  ///< Who hears whom: `both`; `listen`: this call hears the other one only; `speak`: it is heard only.
  friend bool operator==(const BridgeUpdatedEvent&, const BridgeUpdatedEvent&) = default;
};

/// The call is answered.
struct CallAnsweredEvent {
  Codec codec{};  ///< Audio codec.
  bool telephone_event = false;  ///< Digits go by RFC 4733.
  friend bool operator==(const CallAnsweredEvent&, const CallAnsweredEvent&) = default;
};

/// The SIP side of a call.
struct SipInfo {
  std::string call_id;  ///< SIP Call-ID.
  std::optional<std::string> source;  ///< Address and port that the INVITE came from.
  std::optional<SipTransport> transport;  ///< SIP transport.
  std::string request_uri;  ///< Request URI as received.
  HeaderList headers;  ///< SIP headers as received; several of one name are joined with a comma.
  friend bool operator==(const SipInfo&, const SipInfo&) = default;
};

/// A call exists.
struct CallCreatedEvent {
  CallDirection direction{};  ///< Who placed the call, seen from the server.
  std::string from;  ///< Caller: the user part of the From URI, or the URI.
  std::string to;  ///< Called: the user part of the request URI, or the URI.
  std::optional<std::string> from_display_name;  ///< Caller's display name.
  CallState state{};  ///< State of a call.
  SipInfo sip;  ///< The SIP side of a call.
  std::optional<NumberId> number_id;  ///< Provisioned phone number.
  ApplicationId application_id;  ///< Application.
  AccountId account_id;  ///< Account.
  std::optional<RawJson> tag;  ///< Any JSON of yours, at most 4 KiB; comes back in snapshots and the CDR.
  std::optional<OpId> op_id;  ///< The operation that dialled it.
  std::optional<std::int64_t> attempt;  ///< Which attempt of that operation, from 1.
  std::optional<CallId> parent_call_id;  ///< The call that it was dialled for.
  std::optional<CallId> replaces_call_id;  ///< The call whose place it takes when it is answered (INVITE with Replaces).
  std::optional<std::string> endpoint;  ///< The registered endpoint that it came from: `user@domain`.
  std::optional<TrunkId> trunk_id;  ///< The trunk that it came by, or goes by.
  friend bool operator==(const CallCreatedEvent&, const CallCreatedEvent&) = default;
};

/// The INVITE went out.
struct CallDialingEvent {
  std::string uri;  ///< Where to.
  friend bool operator==(const CallDialingEvent&, const CallDialingEvent&) = default;
};

/// A digit was pressed; each once, whichever way it came.
struct CallDtmfEvent {
  std::string digit;  ///< 0-9 * # A-D.
  std::int64_t duration_ms = 0;  ///< How long; 0 if not known.
  DigitMethod method{};  ///< How a digit came.
  friend bool operator==(const CallDtmfEvent&, const CallDtmfEvent&) = default;
};

/// Media is connected before the answer.
struct CallEarlyMediaEvent {
  std::int64_t sip_code = 0;  ///< Code of the provisional response.
  Codec codec{};  ///< Audio codec.
  friend bool operator==(const CallEarlyMediaEvent&, const CallEarlyMediaEvent&) = default;
};

/// The call is over: the last event about it but for artifacts. Carries the verdict.
struct CallEndedEvent {
  Verdict verdict;
  std::int64_t duration_ms = 0;  ///< From INVITE to end.
  std::int64_t billable_ms = 0;  ///< From answer to end; 0 if not answered.
  std::optional<StreamQuality> quality;  ///< Absent if there was no media.
  friend bool operator==(const CallEndedEvent&, const CallEndedEvent&) = default;
};

/// The call is on hold.
struct CallHeldEvent {
  HoldParty by{};  ///< Who did it.
  friend bool operator==(const CallHeldEvent&, const CallHeldEvent&) = default;
};

/// Codec, address or direction of the audio changed, or RTP stopped or came back.
struct CallMediaChangedEvent {
  MediaChange change{};  ///< What changed.
  Codec codec{};  ///< Audio codec.
  Direction direction{};  ///< What the server does with the audio stream.
  std::string remote;  ///< Address and port the server sends to.
  friend bool operator==(const CallMediaChangedEvent&, const CallMediaChangedEvent&) = default;
};

/// Quality of the call's audio so far.
struct CallQualityEvent {
  StreamQuality quality;  ///< Quality of the call's audio stream, as the server saw it.
  friend bool operator==(const CallQualityEvent&, const CallQualityEvent&) = default;
};

/// The peer asks for a transfer (REFER). Answer by `call.answer_refer` within 5 s, or it is refused.
struct CallReferRequestedEvent {
  std::string refer_id;  ///< Names this REFER.
  std::string target;  ///< Refer-To URI.
  std::string to;  ///< User part of the target, or the URI.
  std::optional<CallId> replaces_call_id;  ///< The call of ours whose dialog it names (attended transfer).
  std::optional<std::string> referred_by;  ///< Referred-By header.
  HeaderList headers;  ///< SIP headers as received; several of one name are joined with a comma.
  friend bool operator==(const CallReferRequestedEvent&, const CallReferRequestedEvent&) = default;
};

/// Another call takes this one's place (INVITE with Replaces).
struct CallReplacedEvent {
  CallId by_call_id;  ///< Call.
  friend bool operator==(const CallReplacedEvent&, const CallReplacedEvent&) = default;
};

/// An outbound call was asked for by REST; nothing has been dialled.
struct CallRequestedEvent {
  IntentId intent_id;  ///< Outbound call as it was asked for by REST.
  AccountId account_id;  ///< Account.
  ApplicationId application_id;  ///< Application.
  WallTime requested_at;  ///< When it was asked for.
  friend bool operator==(const CallRequestedEvent&, const CallRequestedEvent&) = default;
};

/// The provisional response was sent or received.
struct CallRingingEvent {
  std::int64_t sip_code = 0;  ///< Its code.
  friend bool operator==(const CallRingingEvent&, const CallRingingEvent&) = default;
};

/// The peer sent a request within the dialog (INFO, MESSAGE, NOTIFY).
struct CallSipMessageEvent {
  std::string method;  ///< SIP method.
  std::string content_type;  ///< Its Content-Type.
  std::string body;  ///< Its body.
  HeaderList headers;  ///< SIP headers as received; several of one name are joined with a comma.
  friend bool operator==(const CallSipMessageEvent&, const CallSipMessageEvent&) = default;
};

/// How the transfer by REFER goes, from the phone's NOTIFY.
struct CallTransferProgressEvent {
  std::int64_t sip_code = 0;  ///< Status that the phone reports.
  std::string reason;  ///< Its reason phrase.
  friend bool operator==(const CallTransferProgressEvent&, const CallTransferProgressEvent&) = default;
};

/// The call is off hold.
struct CallUnheldEvent {
  HoldParty by{};  ///< Who did it.
  friend bool operator==(const CallUnheldEvent&, const CallUnheldEvent&) = default;
};

/// Call detail record: one for each INVITE that was answered with anything above 100.
struct Cdr {
  CdrId cdr_id;  ///< Call detail record.
  std::optional<AccountId> account_id;  ///< Absent if no route was found.
  std::optional<ApplicationId> application_id;  ///< Application.
  std::optional<NumberId> number_id;  ///< Provisioned phone number.
  std::optional<TrunkId> trunk_id;  ///< Provisioned SIP trunk.
  std::optional<SessionId> session_id;  ///< Session.
  CallId call_id;  ///< Call.
  std::optional<CallId> parent_call_id;  ///< The call that it was dialled for.
  std::optional<std::int64_t> attempt;  ///< Which attempt of that operation, from 1.
  std::optional<IntentId> intent_id;  ///< Outbound call as it was asked for by REST.
  CallDirection direction{};  ///< Who placed the call, seen from the server.
  std::string from;  ///< Caller.
  std::string to;  ///< Called.
  std::string from_display_name;  ///< Caller's display name.
  std::string sip_call_id;  ///< SIP Call-ID.
  std::string source;  ///< Address and port of the SIP peer.
  SipTransport transport{};  ///< SIP transport.
  std::optional<std::string> user_agent;  ///< The peer's User-Agent.
  WallTime created_at;  ///< When the INVITE came or went.
  std::optional<WallTime> ringing_at;  ///< When it rang.
  std::optional<WallTime> answered_at;  ///< When it was answered.
  WallTime ended_at;  ///< When it ended.
  std::int64_t duration_ms = 0;  ///< From INVITE to end.
  std::int64_t billable_ms = 0;  ///< From answer to end; 0 if not answered.
  Verdict verdict;
  std::optional<Codec> codec;  ///< Audio codec.
  std::optional<StreamQuality> quality;  ///< Quality of the call's audio stream, as the server saw it.
  std::optional<RawJson> tag;  ///< Any JSON of yours, at most 4 KiB; comes back in snapshots and the CDR.
  friend bool operator==(const Cdr&, const Cdr&) = default;
};

/// The call detail record is stored.
struct CdrReadyEvent {
  Cdr cdr;  ///< Call detail record: one for each INVITE that was answered with anything above 100.
  friend bool operator==(const CdrReadyEvent&, const CdrReadyEvent&) = default;
};

/// A member of a conference.
struct ConferenceParticipant {
  CallId call_id;  ///< Call.
  ConferenceRole role = ConferenceRole::participant;  ///< What a member may do.
  std::optional<Supervision> supervise;  ///< How a supervisor takes part.
  bool muted = false;  ///< The others do not hear it.
  bool deaf = false;  ///< It does not hear the conference.
  bool on_hold = false;  ///< It is on hold.
  double gain_db = 0;  ///< How loud the others hear it.
  bool speaking = false;  ///< It speaks now.
  WallTime joined_at;  ///< When it came in.
  friend bool operator==(const ConferenceParticipant&, const ConferenceParticipant&) = default;
};

/// A conference and its state.
struct ConferenceSnapshot {
  ConferenceId id;  ///< Conference.
  std::optional<std::string> name;  ///< Name of a conference, unique among those of the account that live.
  ConferenceState state{};  ///< State of a conference: `waiting` until its start rule is met.
  bool locked = false;  ///< Only moderators and supervisors get in.
  bool pin_required = false;  ///< It wants a PIN.
  std::int64_t max_participants = 0;  ///< Most members at once.
  ConferenceStart start = ConferenceStart::immediate;  ///< When those who are there begin to hear each other; until then they hear `wait`.
  ConferenceEndRule end = ConferenceEndRule::last_participant;  ///< When the conference ends by itself.
  std::vector<ConferenceParticipant> participants;  ///< Its members, in the order in which they came.
  WallTime created_at;  ///< When it was made.
  std::optional<WallTime> started_at;  ///< When it started.
  std::optional<SessionId> session_id;  ///< The session that made it, while that lives.
  std::optional<RawJson> tag;  ///< Any JSON of yours, at most 4 KiB; comes back in snapshots and the CDR.
  friend bool operator==(const ConferenceSnapshot&, const ConferenceSnapshot&) = default;
};

/// A conference was made.
struct ConferenceCreatedEvent {
  ConferenceId conference_id;  ///< Conference.
  ConferenceSnapshot conference;  ///< A conference and its state.
  friend bool operator==(const ConferenceCreatedEvent&, const ConferenceCreatedEvent&) = default;
};

/// The conference is over; its members have left before.
struct ConferenceEndedEvent {
  ConferenceId conference_id;  ///< Conference.
  ConferenceEndReason reason{};  ///< Why a conference ended.
  std::int64_t duration_ms = 0;  ///< How long it lived.
  friend bool operator==(const ConferenceEndedEvent&, const ConferenceEndedEvent&) = default;
};

/// A call came in.
struct ConferenceParticipantJoinedEvent {
  ConferenceId conference_id;  ///< Conference.
  ConferenceParticipant participant;  ///< A member of a conference.
  std::int64_t participants = 0;  ///< How many members it has now.
  std::optional<ConferenceSnapshot> conference;  ///< The conference, without its participants; for the session of this call.
  friend bool operator==(const ConferenceParticipantJoinedEvent&, const ConferenceParticipantJoinedEvent&) = default;
};

/// A call is out.
struct ConferenceParticipantLeftEvent {
  ConferenceId conference_id;  ///< Conference.
  CallId call_id;  ///< Call.
  ConferenceLeaveReason reason{};  ///< Why a call left a conference.
  std::int64_t duration_ms = 0;  ///< How long it was in there.
  std::int64_t participants = 0;  ///< How many members it has now.
  friend bool operator==(const ConferenceParticipantLeftEvent&, const ConferenceParticipantLeftEvent&) = default;
};

/// A member's role, mute, hold or loudness changed.
struct ConferenceParticipantUpdatedEvent {
  ConferenceId conference_id;  ///< Conference.
  ConferenceParticipant participant;  ///< A member of a conference.
  friend bool operator==(const ConferenceParticipantUpdatedEvent&, const ConferenceParticipantUpdatedEvent&) = default;
};

/// A member begins to speak.
struct ConferenceSpeakerStartedEvent {
  ConferenceId conference_id;  ///< Conference.
  CallId call_id;  ///< Call.
  friend bool operator==(const ConferenceSpeakerStartedEvent&, const ConferenceSpeakerStartedEvent&) = default;
};

/// A member ceases to speak.
struct ConferenceSpeakerStoppedEvent {
  ConferenceId conference_id;  ///< Conference.
  CallId call_id;  ///< Call.
  friend bool operator==(const ConferenceSpeakerStoppedEvent&, const ConferenceSpeakerStoppedEvent&) = default;
};

/// Its start rule is met: the members hear each other.
struct ConferenceStartedEvent {
  ConferenceId conference_id;  ///< Conference.
  friend bool operator==(const ConferenceStartedEvent&, const ConferenceStartedEvent&) = default;
};

/// Something of the conference changed, for example its lock.
struct ConferenceUpdatedEvent {
  ConferenceId conference_id;  ///< Conference.
  ConferenceSnapshot conference;  ///< Without its participants.
  friend bool operator==(const ConferenceUpdatedEvent&, const ConferenceUpdatedEvent&) = default;
};

/// Where a registered endpoint can be reached.
struct EndpointContact {
  std::string uri;  ///< Contact URI.
  double q = 0;  ///< Preference.
  WallTime expires_at;  ///< When the registration ends.
  std::string source;  ///< Address and port that it registered from.
  SipTransport transport{};  ///< SIP transport.
  std::optional<std::string> user_agent;  ///< The endpoint's User-Agent.
  bool reachable = false;  ///< It answers.
  friend bool operator==(const EndpointContact&, const EndpointContact&) = default;
};

/// A registered endpoint.
struct EndpointInfo {
  EndpointId id;  ///< Registered endpoint.
  std::optional<DomainId> domain_id;  ///< Provisioned SIP domain.
  std::string address;  ///< Address of record: `user@domain`.
  EndpointState state{};  ///< State of an endpoint.
  std::vector<EndpointContact> contacts;  ///< Its contacts, best first.
  friend bool operator==(const EndpointInfo&, const EndpointInfo&) = default;
};

/// An endpoint answers again.
struct EndpointReachableEvent {
  EndpointInfo endpoint;  ///< A registered endpoint.
  friend bool operator==(const EndpointReachableEvent&, const EndpointReachableEvent&) = default;
};

/// An endpoint registered, or its contacts changed.
struct EndpointRegisteredEvent {
  EndpointInfo endpoint;  ///< A registered endpoint.
  friend bool operator==(const EndpointRegisteredEvent&, const EndpointRegisteredEvent&) = default;
};

/// A registered endpoint does not answer.
struct EndpointUnreachableEvent {
  EndpointInfo endpoint;  ///< A registered endpoint.
  friend bool operator==(const EndpointUnreachableEvent&, const EndpointUnreachableEvent&) = default;
};

/// An endpoint's last registration ended.
struct EndpointUnregisteredEvent {
  EndpointInfo endpoint;  ///< A registered endpoint.
  UnregisterReason reason{};  ///< Why.
  friend bool operator==(const EndpointUnregisteredEvent&, const EndpointUnregisteredEvent&) = default;
};

/// The call's media is connected to the server: it can speak and listen.
struct IvrCreatedEvent {
  IvrId ivr_id;  ///< The call's media endpoint at the server.
  friend bool operator==(const IvrCreatedEvent&, const IvrCreatedEvent&) = default;
};

/// The call's media left the server's ivr.
struct IvrEndedEvent {
  IvrId ivr_id;  ///< The call's media endpoint at the server.
  IvrEndReason reason{};  ///< Why.
  friend bool operator==(const IvrEndedEvent&, const IvrEndedEvent&) = default;
};

/// An operation is over: exactly once for each that was accepted.
struct OpCompletedEvent {
  std::string method;  ///< Method of the operation.
  OpOutcome outcome{};  ///< How a completed operation ended.
  OpReason reason{};  ///< Why an operation ended. Clients accept unknown reasons.
  std::optional<OpResult> result;  ///< Result of the operation; its fields depend on the method.
  std::optional<Error> error;  ///< Unless it succeeded.
  friend bool operator==(const OpCompletedEvent&, const OpCompletedEvent&) = default;
};

/// What an operation plays passed a `<mark>` of its SSML; once in each round.
struct OpMarkEvent {
  std::string method;  ///< Method of the operation.
  std::string name;  ///< The mark's name.
  std::optional<std::int64_t> heard_ms;  ///< Audio played out before the mark.
  friend bool operator==(const OpMarkEvent&, const OpMarkEvent&) = default;
};

/// An operation was paused.
struct OpPausedEvent {
  std::string method;  ///< Method of the operation.
  std::optional<std::int64_t> heard_ms;  ///< Audio played out so far; absent when it was resumed before that was known.
  friend bool operator==(const OpPausedEvent&, const OpPausedEvent&) = default;
};

/// How far an operation is; only if asked for.
struct OpProgressEvent {
  std::string method;  ///< Method of the operation.
  std::int64_t elapsed_ms = 0;  ///< Since it began.
  std::optional<std::int64_t> heard_ms;  ///< Audio played out so far.
  std::optional<std::string> digits;  ///< Digits collected so far.
  friend bool operator==(const OpProgressEvent&, const OpProgressEvent&) = default;
};

/// A paused operation goes on.
struct OpResumedEvent {
  std::string method;  ///< Method of the operation.
  friend bool operator==(const OpResumedEvent&, const OpResumedEvent&) = default;
};

/// An operation that was queued begins.
struct OpStartedEvent {
  std::string method;  ///< Method of the operation.
  friend bool operator==(const OpStartedEvent&, const OpStartedEvent&) = default;
};

/// A call waits in a queue. To the call's session, and to those that subscribed to the queue.
struct QueueEnteredEvent {
  QueueId queue_id;  ///< Queue of the account.
  std::string queue;  ///< Name of a queue of the account.
  QueueEntryId queue_entry_id;  ///< A call that waits in a queue.
  CallId call_id;  ///< The call that waits.
  std::string from;  ///< Caller, as the call shows it.
  std::int64_t priority = 0;  ///< Higher goes first.
  std::int64_t position = 0;  ///< Place in the queue, from 1.
  std::int64_t waiting = 0;  ///< How many wait.
  std::optional<std::int64_t> estimated_wait_ms;  ///< How long it is likely to wait yet; absent while that is not known.
  std::optional<RawJson> data;  ///< Any JSON of yours, at most 4 KiB; whoever takes the call gets it.
  friend bool operator==(const QueueEnteredEvent&, const QueueEnteredEvent&) = default;
};

/// A call has left a queue.
struct QueueLeftEvent {
  QueueId queue_id;  ///< Queue of the account.
  std::string queue;  ///< Name of a queue of the account.
  QueueEntryId queue_entry_id;  ///< A call that waits in a queue.
  CallId call_id;  ///< The call that waits.
  QueueLeftReason reason{};  ///< Why a call left its queue.
  std::optional<CallId> by_call_id;  ///< With `connected`: the agent's call.
  std::int64_t waited_ms = 0;  ///< How long it waited.
  friend bool operator==(const QueueLeftEvent&, const QueueLeftEvent&) = default;
};

/// An agent has taken the call; they are not connected yet.
struct QueueOfferedEvent {
  QueueId queue_id;  ///< Queue of the account.
  std::string queue;  ///< Name of a queue of the account.
  QueueEntryId queue_entry_id;  ///< A call that waits in a queue.
  CallId call_id;  ///< The call that waits.
  CallId by_call_id;  ///< The agent's call.
  friend bool operator==(const QueueOfferedEvent&, const QueueOfferedEvent&) = default;
};

/// The call has another place in the queue. To the call's session only; not more often than once a second.
struct QueuePositionEvent {
  QueueId queue_id;  ///< Queue of the account.
  std::string queue;  ///< Name of a queue of the account.
  QueueEntryId queue_entry_id;  ///< A call that waits in a queue.
  CallId call_id;  ///< The call that waits.
  std::int64_t position = 0;  ///< Place in the queue, from 1.
  std::int64_t waiting = 0;  ///< How many wait.
  std::optional<std::int64_t> estimated_wait_ms;  ///< How long it is likely to wait yet; absent while that is not known.
  friend bool operator==(const QueuePositionEvent&, const QueuePositionEvent&) = default;
};

/// The call could not be connected with the agent and is back at its place.
struct QueueReturnedEvent {
  QueueId queue_id;  ///< Queue of the account.
  std::string queue;  ///< Name of a queue of the account.
  QueueEntryId queue_entry_id;  ///< A call that waits in a queue.
  CallId call_id;  ///< The call that waits.
  CallId by_call_id;  ///< The agent's call.
  QueueReturnedReason reason{};  ///< Why a call is back at its place in the queue.
  std::int64_t position = 0;  ///< Place in the queue, from 1.
  friend bool operator==(const QueueReturnedEvent&, const QueueReturnedEvent&) = default;
};

/// How a queue does. Counters begin with the first use of the queue since the server started.
struct QueueStatistics {
  std::int64_t waiting = 0;  ///< Calls that wait, those that are offered to an agent among them.
  std::int64_t offered = 0;  ///< Calls that an agent has taken and that are not connected yet.
  std::int64_t agents = 0;  ///< Agents that wait for a call.
  std::optional<std::int64_t> longest_wait_ms;  ///< How long the first that came has waited; absent when nobody waits.
  std::int64_t served = 0;  ///< Calls that were connected with an agent.
  std::int64_t abandoned = 0;  ///< Calls that ended while they waited.
  std::int64_t timed_out = 0;  ///< Calls that waited for as long as they might.
  std::int64_t removed = 0;  ///< Calls that were taken out or stopped.
  std::int64_t overflowed = 0;  ///< Calls for which there was no room.
  std::optional<std::int64_t> average_wait_ms;  ///< Average wait of those that were served; absent before the first.
  std::optional<std::int64_t> estimated_wait_ms;  ///< How long a call that came now would wait; absent while that is not known.
  friend bool operator==(const QueueStatistics&, const QueueStatistics&) = default;
};

/// How a queue does; to those that subscribed to it, at once and after changes, not more often than once a second.
struct QueueStatsEvent {
  QueueId queue_id;  ///< Queue of the account.
  std::string queue;  ///< Name of a queue of the account.
  QueueStatistics statistics;  ///< How a queue does. Counters begin with the first use of the queue since the server started.
  friend bool operator==(const QueueStatsEvent&, const QueueStatsEvent&) = default;
};

/// A recording.
struct Recording {
  RecordingId id;  ///< Recording.
  RecordingState state{};  ///< State of a recording: being written, ready to be fetched, handed over to its destination, failed, or deleted.
  std::optional<CallId> call_id;  ///< The call that it was made of; absent for the mix of a conference.
  std::optional<ConferenceId> conference_id;  ///< The conference that it was made of.
  std::optional<std::int64_t> offset_ms;  ///< Of a conference: where its first sample lies, from the beginning of the whole recording. All files of one `op_id` belong together.
  std::optional<SessionId> session_id;  ///< The session that held the call when it began.
  std::optional<ApplicationId> application_id;  ///< Application.
  std::optional<OpId> op_id;  ///< The operation that made it; absent for a recording by setting.
  RecordFormat format{};  ///< File format of a recording: WAV (16-bit PCM), Opus in Ogg, or MP3.
  RecordChannels channels{};  ///< One channel with both sides mixed, or two: what the call said left, what it heard right.
  RecordTracks tracks{};  ///< Which side is recorded: what the call said, what it heard, or both.
  std::int64_t sample_rate_hz = 0;  ///< Of the file's audio.
  WallTime started_at;  ///< When its first sample was taken.
  std::optional<WallTime> ended_at;  ///< When it ended; absent while pending.
  std::int64_t duration_ms = 0;  ///< Length of the audio; 0 while pending.
  std::int64_t size_bytes = 0;  ///< Size of the file; 0 while pending.
  std::optional<std::string> sha256;  ///< SHA-256 of the file in hexadecimal; absent unless ready.
  std::int64_t gap_ms = 0;  ///< Audio that could not be written in time and is silence in the file.
  std::optional<Error> error;  ///< Why it failed; what was written before is kept.
  std::optional<std::string> content_path;  ///< Path and query of a signed link on the HTTP port; present while it can be fetched.
  friend bool operator==(const Recording&, const Recording&) = default;
};

/// A recording broke off; what was written before is kept until the session ends.
struct RecordingFailedEvent {
  Recording recording;  ///< A recording.
  friend bool operator==(const RecordingFailedEvent&, const RecordingFailedEvent&) = default;
};

/// A recording was paused.
struct RecordingPausedEvent {
  RecordingId recording_id;  ///< Recording.
  std::optional<ConferenceId> conference_id;  ///< Of a recording of a conference; the event then has no `call_id` of its own.
  friend bool operator==(const RecordingPausedEvent&, const RecordingPausedEvent&) = default;
};

/// A recording was deleted and cannot be fetched any more.
struct RecordingPurgedEvent {
  RecordingId recording_id;  ///< Recording.
  std::optional<ConferenceId> conference_id;  ///< Of a recording of a conference; the event then has no `call_id` of its own.
  friend bool operator==(const RecordingPurgedEvent&, const RecordingPurgedEvent&) = default;
};

/// A recording is complete and can be fetched. It may come after the call has ended.
struct RecordingReadyEvent {
  Recording recording;  ///< A recording.
  friend bool operator==(const RecordingReadyEvent&, const RecordingReadyEvent&) = default;
};

/// A recording goes on.
struct RecordingResumedEvent {
  RecordingId recording_id;  ///< Recording.
  std::optional<ConferenceId> conference_id;  ///< Of a recording of a conference; the event then has no `call_id` of its own.
  friend bool operator==(const RecordingResumedEvent&, const RecordingResumedEvent&) = default;
};

/// A recording of the call, or a file of a recording of a conference, has begun.
struct RecordingStartedEvent {
  RecordingId recording_id;  ///< Recording.
  RecordFormat format{};  ///< File format of a recording: WAV (16-bit PCM), Opus in Ogg, or MP3.
  RecordChannels channels{};  ///< One channel with both sides mixed, or two: what the call said left, what it heard right.
  RecordTracks tracks{};  ///< Which side is recorded: what the call said, what it heard, or both.
  std::optional<ConferenceId> conference_id;  ///< Of a recording of a conference; the event then has no `call_id` of its own.
  std::optional<CallId> participant_call_id;  ///< Whose track it is; absent: the mix, or a recording of a call.
  std::optional<std::int64_t> offset_ms;  ///< Of a conference: where its first sample lies, from the beginning of the whole.
  friend bool operator==(const RecordingStartedEvent&, const RecordingStartedEvent&) = default;
};

/// The server is about to stop; new calls go elsewhere.
struct SessionDrainingEvent {
  std::int64_t deadline_ms = 0;  ///< Calls still there after so long are ended.
  friend bool operator==(const SessionDrainingEvent&, const SessionDrainingEvent&) = default;
};

/// The client acknowledges too slowly; progress and quality events are merged, and the socket will be closed with the state kept if this goes on.
struct SessionLaggingEvent {
  std::uint64_t unacked = 0;  ///< Events not acknowledged.
  std::uint64_t window = 0;  ///< How many may be.
  std::uint64_t merged = 0;  ///< Events merged or left out so far.
  friend bool operator==(const SessionLaggingEvent&, const SessionLaggingEvent&) = default;
};

/// A session.
struct SessionInfo {
  SessionId id;  ///< Session.
  WallTime created_at;  ///< When it began.
  std::int64_t resume_ttl_ms = 0;  ///< How long it can be resumed after the socket broke.
  friend bool operator==(const SessionInfo&, const SessionInfo&) = default;
};

/// Mute and gain now.
struct AudioState {
  bool mute_in = false;  ///< What the call says reaches nobody.
  bool mute_out = false;  ///< The call hears silence.
  double gain_in_db = 0;  ///< Of what the call says.
  double gain_out_db = 0;  ///< Of what the call hears.
  friend bool operator==(const AudioState&, const AudioState&) = default;
};

/// A call and its state.
struct CallSnapshot {
  CallId id;  ///< Call.
  CallDirection direction{};  ///< Who placed the call, seen from the server.
  CallState state{};  ///< State of a call.
  std::string from;  ///< Caller.
  std::string to;  ///< Called.
  std::optional<std::string> from_display_name;  ///< Caller's display name.
  std::optional<IvrId> ivr_id;  ///< Present while media is connected to the server.
  std::optional<Codec> codec;  ///< Audio codec.
  AudioState audio;  ///< Mute and gain now.
  bool held = false;  ///< The peer holds the call.
  WallTime created_at;  ///< When the INVITE came or went.
  std::optional<WallTime> answered_at;  ///< When it was answered.
  DisconnectAction on_disconnect{};  ///< What becomes of a call whose session is not resumed in time.
  std::optional<RawJson> tag;  ///< Any JSON of yours, at most 4 KiB; comes back in snapshots and the CDR.
  std::optional<BridgeId> bridge_id;  ///< Present while it is in a bridge.
  std::optional<CallId> parent_call_id;  ///< The call that it was dialled for.
  bool on_hold = false;  ///< The application holds the call.
  std::optional<ConferenceId> conference_id;  ///< Present while it is in a conference.
  friend bool operator==(const CallSnapshot&, const CallSnapshot&) = default;
};

/// An operation and its state.
struct OperationView {
  OpId id;  ///< Operation. Made by the client as the idempotency key; the server makes one if it is missing.
  std::string method;  ///< Its method.
  std::optional<CallId> call_id;  ///< Call.
  OpState state{};  ///< State of an operation.
  std::optional<Lane> lane;  ///< Lane of a call in which operations run one after the other; `none`: beside all others.
  std::optional<OpOutcome> outcome;  ///< Once completed.
  std::optional<OpReason> reason;  ///< Once completed.
  std::optional<OpResult> result;  ///< Result of the operation; its fields depend on the method.
  std::optional<Error> error;  ///< Why something was refused or failed.
  std::optional<WallTime> created_at;  ///< When it was accepted.
  std::optional<WallTime> completed_at;  ///< When it completed.
  bool no_op = false;  ///< Answer to op.*: there was nothing to do. Stands beside the operation in JSON.
  friend bool operator==(const OperationView&, const OperationView&) = default;
};

/// A bridge and its state.
struct BridgeSnapshot {
  BridgeId id;  ///< Bridge of two calls.
  BridgeState state{};  ///< State of a bridge.
  std::vector<CallId> call_ids;  ///< Both calls; the one that asked first.
  BridgeDirection direction = BridgeDirection::both;  ///< Who hears whom: `both`; `listen`: this call hears the other one only; `speak`: it is heard only.
  WallTime created_at;  ///< When it was asked for.
  friend bool operator==(const BridgeSnapshot&, const BridgeSnapshot&) = default;
};

/// A call that waits in a queue.
struct QueueEntry {
  QueueEntryId id;  ///< A call that waits in a queue.
  QueueId queue_id;  ///< Queue of the account.
  std::string queue;  ///< Name of a queue of the account.
  CallId call_id;  ///< The call that waits.
  OpId op_id;  ///< Its `call.enqueue`.
  std::string from;  ///< Caller, as the call shows it.
  std::int64_t priority = 0;  ///< Higher goes first.
  QueueEntryState state{};  ///< State of a waiting call.
  std::int64_t position = 0;  ///< Place in the queue, from 1.
  std::optional<std::int64_t> estimated_wait_ms;  ///< How long it is likely to wait yet; absent while that is not known.
  std::int64_t waited_ms = 0;  ///< How long it has waited.
  WallTime entered_at;  ///< When it came.
  std::optional<CallId> by_call_id;  ///< The agent's call, while it is offered.
  std::optional<RawJson> data;  ///< Any JSON of yours, at most 4 KiB; whoever takes the call gets it.
  friend bool operator==(const QueueEntry&, const QueueEntry&) = default;
};

/// All that a session holds.
struct SessionSnapshot {
  SessionInfo session;  ///< A session.
  std::uint64_t last_seq = 0;  ///< Sequence number of the newest event that this state includes.
  std::vector<CallSnapshot> calls;  ///< Calls, also those that ended lately.
  std::vector<OperationView> operations;  ///< Open operations and those that completed lately, so that a client can settle each open promise.
  std::vector<BridgeSnapshot> bridges;  ///< Bridges of the session's calls.
  std::vector<QueueEntry> queue_entries;  ///< Calls of the session that wait in queues.
  std::vector<ConferenceSnapshot> conferences;  ///< Conferences that the session made or that its calls are in.
  friend bool operator==(const SessionSnapshot&, const SessionSnapshot&) = default;
};

/// The session goes on over a new socket. With `gap` events are missing; `snapshot` then says how things stand.
struct SessionResumedEvent {
  bool gap = false;  ///< Events are missing.
  std::uint64_t replay_from = 0;  ///< Sequence number of the first event that follows.
  std::optional<SessionSnapshot> snapshot;  ///< All that a session holds.
  friend bool operator==(const SessionResumedEvent&, const SessionResumedEvent&) = default;
};

/// Bounds of a session.
struct SessionLimits {
  std::int64_t max_frame_bytes = 0;  ///< Largest frame the server takes.
  std::int64_t max_requests_per_second = 0;  ///< Above it requests are answered `rate_limited`.
  std::int64_t max_queued_operations = 0;  ///< Per lane; above it `queue_full`.
  std::int64_t ack_window = 0;  ///< Events that may be unacknowledged before progress is merged.
  std::int64_t replay_events = 0;  ///< Events kept for a resume.
  std::int64_t max_calls = 0;  ///< Calls of one session.
  friend bool operator==(const SessionLimits&, const SessionLimits&) = default;
};

/// The session exists; the first event of each.
struct SessionStartedEvent {
  SessionInfo session;  ///< A session.
  SessionReason reason{};  ///< Why a session exists.
  AccountId account_id;  ///< Account.
  ApplicationId application_id;  ///< Application.
  std::optional<RawJson> data;  ///< The JSON that an outbound call was requested with.
  std::vector<std::string> capabilities;  ///< Methods that this server carries out.
  SessionLimits limits;  ///< Bounds of a session.
  std::string resume_token;  ///< Shown when the session is resumed.
  friend bool operator==(const SessionStartedEvent&, const SessionStartedEvent&) = default;
};

/// The session is over for the worker, as close 1000 is on a socket of its own.
struct SessionClose {
  friend bool operator==(const SessionClose&, const SessionClose&) = default;
};

/// The session is no longer on this socket.
struct SessionClosed {
  std::int64_t code = 0;  ///< 1000: it is over, nothing is left to do. 1001: it is over for this worker, another has it. 1008: this worker was too slow or asked too much; the session stays for `resume_ttl_ms` and can be resumed.
  std::string reason;  ///< For people.
  friend bool operator==(const SessionClosed&, const SessionClosed&) = default;
};

/// Takes a session over onto this socket, after its socket broke or it was cut off. What came after `last_seq` follows, then `session.resumed`.
struct SessionResume {
  std::string resume_token;  ///< As in `session.started`.
  std::uint64_t last_seq = 0;  ///< The newest event that was handled; 0 for none.
  friend bool operator==(const SessionResume&, const SessionResume&) = default;
};

/// The worker is offered no more sessions; those it has go on.
struct WorkerDrain {
  friend bool operator==(const WorkerDrain&, const WorkerDrain&) = default;
};

/// The worker takes offers from now on. Once on a socket.
struct WorkerReady {
  std::int64_t max_sessions = 0;  ///< Sessions that it carries at a time.
  friend bool operator==(const WorkerReady&, const WorkerReady&) = default;
};

/// An outbound call as it was asked for by REST, and what became of it.
struct Intent {
  IntentId id;  ///< Outbound call as it was asked for by REST.
  AccountId account_id;  ///< Account.
  ApplicationId application_id;  ///< Application.
  IntentState state{};  ///< What became of an outbound call that REST asked for.
  std::optional<std::int64_t> position;  ///< Place in the queue, from 1; absent unless queued.
  WallTime requested_at;  ///< When it was asked for.
  WallTime expires_at;  ///< While it is queued it is given up then.
  std::optional<SessionId> session_id;  ///< Once the application was called.
  std::vector<CallId> call_ids;  ///< Calls that its session has dialled.
  std::optional<Error> error;  ///< With `failed` and `expired`.
  std::optional<RawJson> data;  ///< What it was asked for with.
  friend bool operator==(const Intent&, const Intent&) = default;
};

/// A call that lives, or ended lately.
struct LiveCall {
  CallSnapshot call;  ///< A call and its state.
  std::optional<SessionId> session_id;  ///< Absent: no session holds it.
  ApplicationId application_id;  ///< Application.
  std::optional<IntentId> intent_id;  ///< Outbound call as it was asked for by REST.
  friend bool operator==(const LiveCall&, const LiveCall&) = default;
};

/// A session that lives.
struct LiveSession {
  SessionId id;  ///< Session.
  ApplicationId application_id;  ///< Application.
  SessionReason reason{};  ///< Why a session exists.
  WallTime created_at;  ///< When it began.
  std::vector<CallId> call_ids;  ///< Its calls.
  friend bool operator==(const LiveSession&, const LiveSession&) = default;
};

/// A queue, provisioned or made by its first use.
struct QueueInfo {
  QueueId id;  ///< Queue of the account.
  std::string name;  ///< Name of a queue of the account.
  bool provisioned = false;  ///< False: made by its first use; it is forgotten when nobody needs it.
  std::int64_t max_size = 0;  ///< Most calls that wait; 0: no limit of its own.
  std::int64_t max_wait_ms = 0;  ///< Longest wait; 0: none.
  QueueOverflow overflow_action{};  ///< What becomes of a call for which there is no room, or that has waited for as long as it may.
  std::optional<std::string> overflow_queue;  ///< With `queue`: where they wait on.
  std::vector<std::string> wait_urls;  ///< What those hear that bring no wait media of their own.
  QueueOrdering order{};  ///< Order of a queue.
  QueueStatistics statistics;  ///< How a queue does. Counters begin with the first use of the queue since the server started.
  friend bool operator==(const QueueInfo&, const QueueInfo&) = default;
};

/// Parameters of a request.
using RequestParams = std::variant<CallAnswer, CallAnswerRefer, CallBridge, CallCollect, CallDial, CallEnqueue, CallHangup, CallHold, CallJoin, CallPlay, CallPrompt, CallRecord, CallRedirect, CallReject, CallReportRefer, CallRing, CallSay, CallSendDigits, CallSendSip, CallSetAudio, CallTransfer, CallUnhold, CallUpdate, ConferenceCreate, ConferenceEnd, ConferencePlay, ConferenceRecord, ConferenceUpdate, ConferenceUpdateParticipant, OpCancel, OpGet, OpPause, OpResume, OpStop, OpUpdate, QueueRemove, QueueTake, QueueUpdate, SessionAck, SessionSubscribe, SnapshotGet>;

/// What a worker's socket carries beside requests.
using WorkerParams = std::variant<SessionClose, SessionResume, WorkerDrain, WorkerReady>;

/// What an event says.
using EventData = std::variant<BridgeConnectedEvent, BridgeCreatedEvent, BridgeEndedEvent, BridgeUpdatedEvent, CallAnsweredEvent, CallCreatedEvent, CallDialingEvent, CallDtmfEvent, CallEarlyMediaEvent, CallEndedEvent, CallHeldEvent, CallMediaChangedEvent, CallQualityEvent, CallReferRequestedEvent, CallReplacedEvent, CallRequestedEvent, CallRingingEvent, CallSipMessageEvent, CallTransferProgressEvent, CallUnheldEvent, CdrReadyEvent, ConferenceCreatedEvent, ConferenceEndedEvent, ConferenceParticipantJoinedEvent, ConferenceParticipantLeftEvent, ConferenceParticipantUpdatedEvent, ConferenceSpeakerStartedEvent, ConferenceSpeakerStoppedEvent, ConferenceStartedEvent, ConferenceUpdatedEvent, EndpointReachableEvent, EndpointRegisteredEvent, EndpointUnreachableEvent, EndpointUnregisteredEvent, IvrCreatedEvent, IvrEndedEvent, OpCompletedEvent, OpMarkEvent, OpPausedEvent, OpProgressEvent, OpResumedEvent, OpStartedEvent, QueueEnteredEvent, QueueLeftEvent, QueueOfferedEvent, QueuePositionEvent, QueueReturnedEvent, QueueStatsEvent, RecordingFailedEvent, RecordingPausedEvent, RecordingPurgedEvent, RecordingReadyEvent, RecordingResumedEvent, RecordingStartedEvent, SessionDrainingEvent, SessionLaggingEvent, SessionResumedEvent, SessionStartedEvent>;

/// Method name of a request's parameters.
[[nodiscard]] std::string_view method_name(const RequestParams& params);
/// Type name of an event.
[[nodiscard]] std::string_view event_type(const EventData& data);

struct MethodTraits {
  std::string_view name;
  bool implemented;  ///< False: known by name only; answered with not_implemented.
  bool operation;    ///< Has a lifecycle and ends with op.completed.
  Lane lane;
};
/// Every method of the protocol, those of this build first, each group by name.
[[nodiscard]] const std::vector<MethodTraits>& methods();
/// Names of the methods that this build carries out.
[[nodiscard]] std::vector<std::string> capabilities();

}  // namespace tandem::model
