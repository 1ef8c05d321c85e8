// Generated from protocol/ by tools/gen. Do not edit.
#include "model/generated/protocol.h"

namespace tandem::model {

std::string_view to_string(ReferAction v) {
  switch (v) {
    case ReferAction::accept: return "accept";
    case ReferAction::reject: return "reject";
    case ReferAction::handle: return "handle";
  }
  return {};
}

std::string_view to_string(Privacy v) {
  switch (v) {
    case Privacy::none: return "none";
    case Privacy::id: return "id";
  }
  return {};
}

std::string_view to_string(EarlyMedia v) {
  switch (v) {
    case EarlyMedia::ignore: return "ignore";
    case EarlyMedia::pass: return "pass";
    case EarlyMedia::keep: return "keep";
  }
  return {};
}

std::string_view to_string(ToneName v) {
  switch (v) {
    case ToneName::dial: return "dial";
    case ToneName::ringback: return "ringback";
    case ToneName::busy: return "busy";
    case ToneName::congestion: return "congestion";
    case ToneName::beep: return "beep";
  }
  return {};
}

std::string_view to_string(BridgeDirection v) {
  switch (v) {
    case BridgeDirection::both: return "both";
    case BridgeDirection::listen: return "listen";
    case BridgeDirection::speak: return "speak";
  }
  return {};
}

std::string_view to_string(LeaveAction v) {
  switch (v) {
    case LeaveAction::hangup: return "hangup";
    case LeaveAction::ivr: return "ivr";
  }
  return {};
}

std::string_view to_string(BridgeEnder v) {
  switch (v) {
    case BridgeEnder::self: return "self";
    case BridgeEnder::peer: return "peer";
    case BridgeEnder::application: return "application";
  }
  return {};
}

std::string_view to_string(AttemptOutcome v) {
  switch (v) {
    case AttemptOutcome::answered: return "answered";
    case AttemptOutcome::busy: return "busy";
    case AttemptOutcome::no_answer: return "no_answer";
    case AttemptOutcome::rejected: return "rejected";
    case AttemptOutcome::not_found: return "not_found";
    case AttemptOutcome::unreachable: return "unreachable";
    case AttemptOutcome::failed: return "failed";
    case AttemptOutcome::cancelled: return "cancelled";
    case AttemptOutcome::screened_out: return "screened_out";
    case AttemptOutcome::not_allowed: return "not_allowed";
  }
  return {};
}

std::string_view to_string(WhenBusy v) {
  switch (v) {
    case WhenBusy::queue: return "queue";
    case WhenBusy::interrupt: return "interrupt";
    case WhenBusy::reject: return "reject";
  }
  return {};
}

std::string_view to_string(InputType v) {
  switch (v) {
    case InputType::digits: return "digits";
    case InputType::speech: return "speech";
  }
  return {};
}

std::string_view to_string(ConferenceStart v) {
  switch (v) {
    case ConferenceStart::immediate: return "immediate";
    case ConferenceStart::two_participants: return "two_participants";
    case ConferenceStart::moderator: return "moderator";
  }
  return {};
}

std::string_view to_string(ConferenceEndRule v) {
  switch (v) {
    case ConferenceEndRule::last_participant: return "last_participant";
    case ConferenceEndRule::moderator: return "moderator";
    case ConferenceEndRule::timeout: return "timeout";
  }
  return {};
}

std::string_view to_string(ConferenceTones v) {
  switch (v) {
    case ConferenceTones::none: return "none";
    case ConferenceTones::entry: return "entry";
    case ConferenceTones::exit: return "exit";
    case ConferenceTones::both: return "both";
  }
  return {};
}

std::string_view to_string(ConferenceDigits v) {
  switch (v) {
    case ConferenceDigits::report: return "report";
    case ConferenceDigits::pass: return "pass";
    case ConferenceDigits::swallow: return "swallow";
  }
  return {};
}

std::string_view to_string(ConferenceTracks v) {
  switch (v) {
    case ConferenceTracks::mix: return "mix";
    case ConferenceTracks::participants: return "participants";
    case ConferenceTracks::all: return "all";
  }
  return {};
}

std::string_view to_string(RecordFormat v) {
  switch (v) {
    case RecordFormat::wav: return "wav";
    case RecordFormat::ogg_opus: return "ogg-opus";
    case RecordFormat::mp3: return "mp3";
  }
  return {};
}

std::string_view to_string(PauseMode v) {
  switch (v) {
    case PauseMode::silence: return "silence";
    case PauseMode::skip: return "skip";
  }
  return {};
}

std::string_view to_string(ConferenceRole v) {
  switch (v) {
    case ConferenceRole::moderator: return "moderator";
    case ConferenceRole::participant: return "participant";
    case ConferenceRole::listener: return "listener";
    case ConferenceRole::supervisor: return "supervisor";
  }
  return {};
}

std::string_view to_string(SuperviseMode v) {
  switch (v) {
    case SuperviseMode::monitor: return "monitor";
    case SuperviseMode::coach: return "coach";
    case SuperviseMode::whisper: return "whisper";
    case SuperviseMode::barge: return "barge";
  }
  return {};
}

std::string_view to_string(ConferenceEvents v) {
  switch (v) {
    case ConferenceEvents::own: return "own";
    case ConferenceEvents::all: return "all";
  }
  return {};
}

std::string_view to_string(ConferenceLeaveReason v) {
  switch (v) {
    case ConferenceLeaveReason::hangup: return "hangup";
    case ConferenceLeaveReason::stopped: return "stopped";
    case ConferenceLeaveReason::kicked: return "kicked";
    case ConferenceLeaveReason::conference_ended: return "conference_ended";
    case ConferenceLeaveReason::transferred: return "transferred";
    case ConferenceLeaveReason::replaced: return "replaced";
  }
  return {};
}

std::string_view to_string(RecordChannels v) {
  switch (v) {
    case RecordChannels::mono: return "mono";
    case RecordChannels::dual: return "dual";
  }
  return {};
}

std::string_view to_string(RecordTracks v) {
  switch (v) {
    case RecordTracks::both: return "both";
    case RecordTracks::said: return "said";
    case RecordTracks::heard: return "heard";
  }
  return {};
}

std::string_view to_string(SendSipMethod v) {
  switch (v) {
    case SendSipMethod::info: return "INFO";
    case SendSipMethod::message: return "MESSAGE";
    case SendSipMethod::notify: return "NOTIFY";
  }
  return {};
}

std::string_view to_string(TransferMode v) {
  switch (v) {
    case TransferMode::blind: return "blind";
    case TransferMode::attended: return "attended";
    case TransferMode::refer: return "refer";
  }
  return {};
}

std::string_view to_string(TransferFailure v) {
  switch (v) {
    case TransferFailure::resume: return "resume";
    case TransferFailure::hangup: return "hangup";
  }
  return {};
}

std::string_view to_string(DisconnectAction v) {
  switch (v) {
    case DisconnectAction::keep: return "keep";
    case DisconnectAction::hangup: return "hangup";
    case DisconnectAction::play_then_hangup: return "play_then_hangup";
  }
  return {};
}

std::string_view to_string(IfExists v) {
  switch (v) {
    case IfExists::fail: return "fail";
    case IfExists::use: return "use";
  }
  return {};
}

std::string_view to_string(QueueSelection v) {
  switch (v) {
    case QueueSelection::priority: return "priority";
    case QueueSelection::longest: return "longest";
  }
  return {};
}

std::string_view to_string(BridgeEndReason v) {
  switch (v) {
    case BridgeEndReason::left: return "left";
    case BridgeEndReason::stopped: return "stopped";
    case BridgeEndReason::transferred: return "transferred";
    case BridgeEndReason::replaced: return "replaced";
    case BridgeEndReason::failed: return "failed";
  }
  return {};
}

std::string_view to_string(CallDirection v) {
  switch (v) {
    case CallDirection::inbound: return "inbound";
    case CallDirection::outbound: return "outbound";
  }
  return {};
}

std::string_view to_string(CallState v) {
  switch (v) {
    case CallState::incoming: return "incoming";
    case CallState::dialing: return "dialing";
    case CallState::ringing: return "ringing";
    case CallState::early: return "early";
    case CallState::answered: return "answered";
    case CallState::held: return "held";
    case CallState::ended: return "ended";
  }
  return {};
}

std::string_view to_string(SipTransport v) {
  switch (v) {
    case SipTransport::udp: return "udp";
    case SipTransport::tcp: return "tcp";
    case SipTransport::tls: return "tls";
  }
  return {};
}

std::string_view to_string(DigitMethod v) {
  switch (v) {
    case DigitMethod::rfc4733: return "rfc4733";
    case DigitMethod::inband: return "inband";
    case DigitMethod::info: return "info";
  }
  return {};
}

std::string_view to_string(HoldParty v) {
  switch (v) {
    case HoldParty::peer: return "peer";
    case HoldParty::application: return "application";
  }
  return {};
}

std::string_view to_string(MediaChange v) {
  switch (v) {
    case MediaChange::renegotiated: return "renegotiated";
    case MediaChange::source: return "source";
    case MediaChange::rtp_timeout: return "rtp_timeout";
    case MediaChange::rtp_resumed: return "rtp_resumed";
  }
  return {};
}

std::string_view to_string(ConferenceState v) {
  switch (v) {
    case ConferenceState::waiting: return "waiting";
    case ConferenceState::active: return "active";
    case ConferenceState::ended: return "ended";
  }
  return {};
}

std::string_view to_string(ConferenceEndReason v) {
  switch (v) {
    case ConferenceEndReason::application: return "application";
    case ConferenceEndReason::last_participant: return "last_participant";
    case ConferenceEndReason::moderator_left: return "moderator_left";
    case ConferenceEndReason::end_on_exit: return "end_on_exit";
    case ConferenceEndReason::empty: return "empty";
    case ConferenceEndReason::max_duration: return "max_duration";
    case ConferenceEndReason::session_ended: return "session_ended";
  }
  return {};
}

std::string_view to_string(EndpointState v) {
  switch (v) {
    case EndpointState::registered: return "registered";
    case EndpointState::unreachable: return "unreachable";
    case EndpointState::gone: return "gone";
  }
  return {};
}

std::string_view to_string(UnregisterReason v) {
  switch (v) {
    case UnregisterReason::removed: return "removed";
    case UnregisterReason::expired: return "expired";
    case UnregisterReason::replaced: return "replaced";
  }
  return {};
}

std::string_view to_string(IvrEndReason v) {
  switch (v) {
    case IvrEndReason::call_ended: return "call_ended";
    case IvrEndReason::bridge: return "bridge";
    case IvrEndReason::conference: return "conference";
  }
  return {};
}

std::string_view to_string(OpOutcome v) {
  switch (v) {
    case OpOutcome::succeeded: return "succeeded";
    case OpOutcome::failed: return "failed";
    case OpOutcome::cancelled: return "cancelled";
  }
  return {};
}

std::string_view to_string(OpReason v) {
  switch (v) {
    case OpReason::ringing: return "ringing";
    case OpReason::answered: return "answered";
    case OpReason::rejected: return "rejected";
    case OpReason::redirected: return "redirected";
    case OpReason::hung_up: return "hung_up";
    case OpReason::finished: return "finished";
    case OpReason::stopped: return "stopped";
    case OpReason::max_duration: return "max_duration";
    case OpReason::match: return "match";
    case OpReason::no_input: return "no_input";
    case OpReason::no_match: return "no_match";
    case OpReason::sent: return "sent";
    case OpReason::applied: return "applied";
    case OpReason::held: return "held";
    case OpReason::unheld: return "unheld";
    case OpReason::ended: return "ended";
    case OpReason::completed: return "completed";
    case OpReason::refused: return "refused";
    case OpReason::accepted: return "accepted";
    case OpReason::cancelled: return "cancelled";
    case OpReason::interrupted: return "interrupted";
    case OpReason::flushed: return "flushed";
    case OpReason::call_ended: return "call_ended";
    case OpReason::deadline: return "deadline";
    case OpReason::node_lost: return "node_lost";
    case OpReason::error: return "error";
    case OpReason::created: return "created";
    case OpReason::left: return "left";
    case OpReason::connected: return "connected";
    case OpReason::timeout: return "timeout";
    case OpReason::removed: return "removed";
    case OpReason::overflow: return "overflow";
    case OpReason::taken: return "taken";
    case OpReason::empty: return "empty";
    case OpReason::end_silence: return "end_silence";
    case OpReason::terminator: return "terminator";
  }
  return {};
}

std::string_view to_string(QueueLeftReason v) {
  switch (v) {
    case QueueLeftReason::connected: return "connected";
    case QueueLeftReason::timeout: return "timeout";
    case QueueLeftReason::removed: return "removed";
    case QueueLeftReason::overflow: return "overflow";
    case QueueLeftReason::call_ended: return "call_ended";
    case QueueLeftReason::stopped: return "stopped";
  }
  return {};
}

std::string_view to_string(QueueReturnedReason v) {
  switch (v) {
    case QueueReturnedReason::agent_left: return "agent_left";
    case QueueReturnedReason::join_failed: return "join_failed";
    case QueueReturnedReason::stopped: return "stopped";
  }
  return {};
}

std::string_view to_string(RecordingState v) {
  switch (v) {
    case RecordingState::pending: return "pending";
    case RecordingState::ready: return "ready";
    case RecordingState::shipped: return "shipped";
    case RecordingState::failed: return "failed";
    case RecordingState::purged: return "purged";
  }
  return {};
}

std::string_view to_string(OpState v) {
  switch (v) {
    case OpState::queued: return "queued";
    case OpState::running: return "running";
    case OpState::paused: return "paused";
    case OpState::completed: return "completed";
  }
  return {};
}

std::string_view to_string(Lane v) {
  switch (v) {
    case Lane::signalling: return "signalling";
    case Lane::speak: return "speak";
    case Lane::listen: return "listen";
    case Lane::none: return "none";
  }
  return {};
}

std::string_view to_string(BridgeState v) {
  switch (v) {
    case BridgeState::connecting: return "connecting";
    case BridgeState::active: return "active";
    case BridgeState::ended: return "ended";
  }
  return {};
}

std::string_view to_string(QueueEntryState v) {
  switch (v) {
    case QueueEntryState::waiting: return "waiting";
    case QueueEntryState::offered: return "offered";
    case QueueEntryState::left: return "left";
  }
  return {};
}

std::string_view to_string(SessionReason v) {
  switch (v) {
    case SessionReason::inbound_call: return "inbound-call";
    case SessionReason::outbound_call: return "outbound-call";
    case SessionReason::worker: return "worker";
  }
  return {};
}

std::string_view to_string(IntentState v) {
  switch (v) {
    case IntentState::queued: return "queued";
    case IntentState::opening: return "opening";
    case IntentState::delivered: return "delivered";
    case IntentState::dialing: return "dialing";
    case IntentState::answered: return "answered";
    case IntentState::completed: return "completed";
    case IntentState::failed: return "failed";
    case IntentState::expired: return "expired";
  }
  return {};
}

std::string_view to_string(QueueOverflow v) {
  switch (v) {
    case QueueOverflow::ivr: return "ivr";
    case QueueOverflow::hangup: return "hangup";
    case QueueOverflow::queue: return "queue";
  }
  return {};
}

std::string_view to_string(QueueOrdering v) {
  switch (v) {
    case QueueOrdering::priority: return "priority";
    case QueueOrdering::arrival: return "arrival";
  }
  return {};
}

std::string_view method_name(const RequestParams& params) {
  static constexpr std::string_view kNames[] = {"call.answer", "call.answer_refer", "call.bridge", "call.collect", "call.dial", "call.enqueue", "call.hangup", "call.hold", "call.join", "call.play", "call.prompt", "call.record", "call.redirect", "call.reject", "call.report_refer", "call.ring", "call.say", "call.send_digits", "call.send_sip", "call.set_audio", "call.transfer", "call.unhold", "call.update", "conference.create", "conference.end", "conference.play", "conference.record", "conference.update", "conference.update_participant", "op.cancel", "op.get", "op.pause", "op.resume", "op.stop", "op.update", "queue.remove", "queue.take", "queue.update", "session.ack", "session.subscribe", "snapshot.get"};
  return kNames[params.index()];
}

std::string_view event_type(const EventData& data) {
  static constexpr std::string_view kTypes[] = {"bridge.connected", "bridge.created", "bridge.ended", "bridge.updated", "call.answered", "call.created", "call.dialing", "call.dtmf", "call.early_media", "call.ended", "call.held", "call.media_changed", "call.quality", "call.refer_requested", "call.replaced", "call.requested", "call.ringing", "call.sip_message", "call.transfer_progress", "call.unheld", "cdr.ready", "conference.created", "conference.ended", "conference.participant_joined", "conference.participant_left", "conference.participant_updated", "conference.speaker_started", "conference.speaker_stopped", "conference.started", "conference.updated", "endpoint.reachable", "endpoint.registered", "endpoint.unreachable", "endpoint.unregistered", "ivr.created", "ivr.ended", "op.completed", "op.mark", "op.paused", "op.progress", "op.resumed", "op.started", "queue.entered", "queue.left", "queue.offered", "queue.position", "queue.returned", "queue.stats", "recording.failed", "recording.paused", "recording.purged", "recording.ready", "recording.resumed", "recording.started", "session.draining", "session.lagging", "session.resumed", "session.started"};
  return kTypes[data.index()];
}

const std::vector<MethodTraits>& methods() {
  static const std::vector<MethodTraits> kMethods{
      {"call.answer", true, true, Lane::signalling},
      {"call.answer_refer", true, true, Lane::none},
      {"call.bridge", true, true, Lane::none},
      {"call.collect", true, true, Lane::listen},
      {"call.dial", true, true, Lane::none},
      {"call.enqueue", true, true, Lane::none},
      {"call.hangup", true, true, Lane::signalling},
      {"call.hold", true, true, Lane::signalling},
      {"call.join", true, true, Lane::none},
      {"call.play", true, true, Lane::speak},
      {"call.prompt", true, true, Lane::speak},
      {"call.record", true, true, Lane::none},
      {"call.redirect", true, true, Lane::signalling},
      {"call.reject", true, true, Lane::signalling},
      {"call.report_refer", true, true, Lane::none},
      {"call.ring", true, true, Lane::signalling},
      {"call.say", true, true, Lane::speak},
      {"call.send_digits", true, true, Lane::speak},
      {"call.send_sip", true, true, Lane::signalling},
      {"call.set_audio", true, true, Lane::none},
      {"call.transfer", true, true, Lane::none},
      {"call.unhold", true, true, Lane::signalling},
      {"call.update", true, true, Lane::none},
      {"conference.create", true, true, Lane::none},
      {"conference.end", true, true, Lane::none},
      {"conference.play", true, true, Lane::speak},
      {"conference.record", true, true, Lane::none},
      {"conference.update", true, true, Lane::none},
      {"conference.update_participant", true, true, Lane::none},
      {"op.cancel", true, false, Lane::none},
      {"op.get", true, false, Lane::none},
      {"op.pause", true, false, Lane::none},
      {"op.resume", true, false, Lane::none},
      {"op.stop", true, false, Lane::none},
      {"op.update", true, false, Lane::none},
      {"queue.remove", true, true, Lane::none},
      {"queue.take", true, true, Lane::none},
      {"queue.update", true, true, Lane::none},
      {"session.ack", true, false, Lane::none},
      {"session.subscribe", true, false, Lane::none},
      {"snapshot.get", true, false, Lane::none},
      {"call.detect", false, true, Lane::none},
      {"call.transcribe", false, true, Lane::none},
      {"call.stream", false, true, Lane::none},
  };
  return kMethods;
}

std::vector<std::string> capabilities() {
  std::vector<std::string> out;
  for (const MethodTraits& m : methods()) {
    if (m.implemented) out.emplace_back(m.name);
  }
  return out;
}

}  // namespace tandem::model
