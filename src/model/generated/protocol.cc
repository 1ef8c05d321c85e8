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
    case OpReason::end_silence: return "end_silence";
    case OpReason::terminator: return "terminator";
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

std::string_view method_name(const RequestParams& params) {
  static constexpr std::string_view kNames[] = {"call.answer", "call.answer_refer", "call.bridge", "call.collect", "call.dial", "call.hangup", "call.hold", "call.play", "call.prompt", "call.record", "call.redirect", "call.reject", "call.report_refer", "call.ring", "call.say", "call.send_digits", "call.send_sip", "call.set_audio", "call.transfer", "call.unhold", "call.update", "op.cancel", "op.get", "op.pause", "op.resume", "op.stop", "op.update", "session.ack", "session.subscribe", "snapshot.get"};
  return kNames[params.index()];
}

std::string_view event_type(const EventData& data) {
  static constexpr std::string_view kTypes[] = {"bridge.connected", "bridge.created", "bridge.ended", "bridge.updated", "call.answered", "call.created", "call.dialing", "call.dtmf", "call.early_media", "call.ended", "call.held", "call.media_changed", "call.quality", "call.refer_requested", "call.replaced", "call.requested", "call.ringing", "call.sip_message", "call.transfer_progress", "call.unheld", "cdr.ready", "endpoint.reachable", "endpoint.registered", "endpoint.unreachable", "endpoint.unregistered", "ivr.created", "ivr.ended", "op.completed", "op.mark", "op.paused", "op.progress", "op.resumed", "op.started", "recording.failed", "recording.paused", "recording.purged", "recording.ready", "recording.resumed", "recording.started", "session.draining", "session.lagging", "session.resumed", "session.started"};
  return kTypes[data.index()];
}

const std::vector<MethodTraits>& methods() {
  static const std::vector<MethodTraits> kMethods{
      {"call.answer", true, true, Lane::signalling},
      {"call.answer_refer", true, true, Lane::none},
      {"call.bridge", true, true, Lane::none},
      {"call.collect", true, true, Lane::listen},
      {"call.dial", true, true, Lane::none},
      {"call.hangup", true, true, Lane::signalling},
      {"call.hold", true, true, Lane::signalling},
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
      {"op.cancel", true, false, Lane::none},
      {"op.get", true, false, Lane::none},
      {"op.pause", true, false, Lane::none},
      {"op.resume", true, false, Lane::none},
      {"op.stop", true, false, Lane::none},
      {"op.update", true, false, Lane::none},
      {"session.ack", true, false, Lane::none},
      {"session.subscribe", true, false, Lane::none},
      {"snapshot.get", true, false, Lane::none},
      {"call.detect", false, true, Lane::none},
      {"call.transcribe", false, true, Lane::none},
      {"call.stream", false, true, Lane::none},
      {"call.enqueue", false, true, Lane::none},
      {"call.join", false, true, Lane::none},
      {"queue.take", false, true, Lane::none},
      {"conference.create", false, true, Lane::none},
      {"conference.update", false, true, Lane::none},
      {"conference.end", false, true, Lane::none},
      {"conference.play", false, true, Lane::none},
      {"conference.update_participant", false, true, Lane::none},
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
