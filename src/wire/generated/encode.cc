// Generated from protocol/ by tools/gen. Do not edit.
#include "wire/generated/codec.h"

namespace tandem::wire {
namespace {

void encode_headers(JsonWriter& w, const model::SipHeaders& headers) {
  w.begin_object();
  for (std::size_t i = 0; i < headers.size(); ++i) {
    bool seen = false;
    for (std::size_t j = 0; j < i && !seen; ++j) seen = headers[j].first == headers[i].first;
    if (seen) continue;  // Joined to the first of its name.
    std::string value = headers[i].second;
    for (std::size_t j = i + 1; j < headers.size(); ++j) {
      if (headers[j].first == headers[i].first) value += ", " + headers[j].second;
    }
    w.key(headers[i].first);
    w.string(value);
  }
  w.end_object();
}

void encode_error(JsonWriter& w, const model::Error& error) { encode(w, error); }

std::string_view text_of(model::Codec v) {
  switch (v) {
    case model::Codec::pcmu: return "PCMU";
    case model::Codec::pcma: return "PCMA";
    case model::Codec::g722: return "G722";
  }
  return {};
}

std::string_view text_of(model::BridgeDirection v) {
  switch (v) {
    case model::BridgeDirection::both: return "both";
    case model::BridgeDirection::listen: return "listen";
    case model::BridgeDirection::speak: return "speak";
  }
  return {};
}

std::string_view text_of(model::BridgeEnder v) {
  switch (v) {
    case model::BridgeEnder::self: return "self";
    case model::BridgeEnder::peer: return "peer";
    case model::BridgeEnder::application: return "application";
  }
  return {};
}

std::string_view text_of(model::EndReason v) {
  switch (v) {
    case model::EndReason::hangup: return "hangup";
    case model::EndReason::cancelled: return "cancelled";
    case model::EndReason::rejected: return "rejected";
    case model::EndReason::redirected: return "redirected";
    case model::EndReason::bridge_ended: return "bridge_ended";
    case model::EndReason::screened_out: return "screened_out";
    case model::EndReason::answered_elsewhere: return "answered_elsewhere";
    case model::EndReason::replaced: return "replaced";
    case model::EndReason::transferred: return "transferred";
    case model::EndReason::busy: return "busy";
    case model::EndReason::no_answer: return "no_answer";
    case model::EndReason::not_found: return "not_found";
    case model::EndReason::unreachable: return "unreachable";
    case model::EndReason::app_unreachable: return "app_unreachable";
    case model::EndReason::app_timeout: return "app_timeout";
    case model::EndReason::app_disconnected: return "app_disconnected";
    case model::EndReason::orphan_expired: return "orphan_expired";
    case model::EndReason::max_duration: return "max_duration";
    case model::EndReason::codec_mismatch: return "codec_mismatch";
    case model::EndReason::media_timeout: return "media_timeout";
    case model::EndReason::session_expired: return "session_expired";
    case model::EndReason::no_ack: return "no_ack";
    case model::EndReason::transport_error: return "transport_error";
    case model::EndReason::sip_error: return "sip_error";
    case model::EndReason::overloaded: return "overloaded";
    case model::EndReason::limit_exceeded: return "limit_exceeded";
    case model::EndReason::node_draining: return "node_draining";
    case model::EndReason::node_lost: return "node_lost";
    case model::EndReason::internal: return "internal";
  }
  return {};
}

std::string_view text_of(model::AttemptOutcome v) {
  switch (v) {
    case model::AttemptOutcome::answered: return "answered";
    case model::AttemptOutcome::busy: return "busy";
    case model::AttemptOutcome::no_answer: return "no_answer";
    case model::AttemptOutcome::rejected: return "rejected";
    case model::AttemptOutcome::not_found: return "not_found";
    case model::AttemptOutcome::unreachable: return "unreachable";
    case model::AttemptOutcome::failed: return "failed";
    case model::AttemptOutcome::cancelled: return "cancelled";
    case model::AttemptOutcome::screened_out: return "screened_out";
    case model::AttemptOutcome::not_allowed: return "not_allowed";
  }
  return {};
}

std::string_view text_of(model::InputType v) {
  switch (v) {
    case model::InputType::digits: return "digits";
    case model::InputType::speech: return "speech";
  }
  return {};
}

std::string_view text_of(model::ConferenceStart v) {
  switch (v) {
    case model::ConferenceStart::immediate: return "immediate";
    case model::ConferenceStart::two_participants: return "two_participants";
    case model::ConferenceStart::moderator: return "moderator";
  }
  return {};
}

std::string_view text_of(model::ConferenceEndRule v) {
  switch (v) {
    case model::ConferenceEndRule::last_participant: return "last_participant";
    case model::ConferenceEndRule::moderator: return "moderator";
    case model::ConferenceEndRule::timeout: return "timeout";
  }
  return {};
}

std::string_view text_of(model::RecordFormat v) {
  switch (v) {
    case model::RecordFormat::wav: return "wav";
    case model::RecordFormat::ogg_opus: return "ogg-opus";
    case model::RecordFormat::mp3: return "mp3";
  }
  return {};
}

std::string_view text_of(model::ConferenceRole v) {
  switch (v) {
    case model::ConferenceRole::moderator: return "moderator";
    case model::ConferenceRole::participant: return "participant";
    case model::ConferenceRole::listener: return "listener";
    case model::ConferenceRole::supervisor: return "supervisor";
  }
  return {};
}

std::string_view text_of(model::SuperviseMode v) {
  switch (v) {
    case model::SuperviseMode::monitor: return "monitor";
    case model::SuperviseMode::coach: return "coach";
    case model::SuperviseMode::whisper: return "whisper";
    case model::SuperviseMode::barge: return "barge";
  }
  return {};
}

std::string_view text_of(model::ConferenceLeaveReason v) {
  switch (v) {
    case model::ConferenceLeaveReason::hangup: return "hangup";
    case model::ConferenceLeaveReason::stopped: return "stopped";
    case model::ConferenceLeaveReason::kicked: return "kicked";
    case model::ConferenceLeaveReason::conference_ended: return "conference_ended";
    case model::ConferenceLeaveReason::transferred: return "transferred";
    case model::ConferenceLeaveReason::replaced: return "replaced";
  }
  return {};
}

std::string_view text_of(model::RecordChannels v) {
  switch (v) {
    case model::RecordChannels::mono: return "mono";
    case model::RecordChannels::dual: return "dual";
  }
  return {};
}

std::string_view text_of(model::RecordTracks v) {
  switch (v) {
    case model::RecordTracks::both: return "both";
    case model::RecordTracks::said: return "said";
    case model::RecordTracks::heard: return "heard";
  }
  return {};
}

std::string_view text_of(model::TransferMode v) {
  switch (v) {
    case model::TransferMode::blind: return "blind";
    case model::TransferMode::attended: return "attended";
    case model::TransferMode::refer: return "refer";
  }
  return {};
}

std::string_view text_of(model::DisconnectAction v) {
  switch (v) {
    case model::DisconnectAction::keep: return "keep";
    case model::DisconnectAction::hangup: return "hangup";
    case model::DisconnectAction::play_then_hangup: return "play_then_hangup";
  }
  return {};
}

std::string_view text_of(model::BridgeEndReason v) {
  switch (v) {
    case model::BridgeEndReason::left: return "left";
    case model::BridgeEndReason::stopped: return "stopped";
    case model::BridgeEndReason::transferred: return "transferred";
    case model::BridgeEndReason::replaced: return "replaced";
    case model::BridgeEndReason::failed: return "failed";
  }
  return {};
}

std::string_view text_of(model::CallDirection v) {
  switch (v) {
    case model::CallDirection::inbound: return "inbound";
    case model::CallDirection::outbound: return "outbound";
  }
  return {};
}

std::string_view text_of(model::CallState v) {
  switch (v) {
    case model::CallState::incoming: return "incoming";
    case model::CallState::dialing: return "dialing";
    case model::CallState::ringing: return "ringing";
    case model::CallState::early: return "early";
    case model::CallState::answered: return "answered";
    case model::CallState::held: return "held";
    case model::CallState::ended: return "ended";
  }
  return {};
}

std::string_view text_of(model::SipTransport v) {
  switch (v) {
    case model::SipTransport::udp: return "udp";
    case model::SipTransport::tcp: return "tcp";
    case model::SipTransport::tls: return "tls";
  }
  return {};
}

std::string_view text_of(model::DigitMethod v) {
  switch (v) {
    case model::DigitMethod::rfc4733: return "rfc4733";
    case model::DigitMethod::inband: return "inband";
    case model::DigitMethod::info: return "info";
  }
  return {};
}

std::string_view text_of(model::Party v) {
  switch (v) {
    case model::Party::caller: return "caller";
    case model::Party::callee: return "callee";
    case model::Party::application: return "application";
    case model::Party::platform: return "platform";
  }
  return {};
}

std::string_view text_of(model::VerdictClass v) {
  switch (v) {
    case model::VerdictClass::success: return "success";
    case model::VerdictClass::client_error: return "client_error";
    case model::VerdictClass::server_error: return "server_error";
    case model::VerdictClass::upstream_error: return "upstream_error";
    case model::VerdictClass::indeterminate: return "indeterminate";
  }
  return {};
}

std::string_view text_of(model::HoldParty v) {
  switch (v) {
    case model::HoldParty::peer: return "peer";
    case model::HoldParty::application: return "application";
  }
  return {};
}

std::string_view text_of(model::MediaChange v) {
  switch (v) {
    case model::MediaChange::renegotiated: return "renegotiated";
    case model::MediaChange::source: return "source";
    case model::MediaChange::rtp_timeout: return "rtp_timeout";
    case model::MediaChange::rtp_resumed: return "rtp_resumed";
  }
  return {};
}

std::string_view text_of(model::Direction v) {
  switch (v) {
    case model::Direction::send_recv: return "send_recv";
    case model::Direction::send_only: return "send_only";
    case model::Direction::recv_only: return "recv_only";
    case model::Direction::inactive: return "inactive";
  }
  return {};
}

std::string_view text_of(model::ConferenceState v) {
  switch (v) {
    case model::ConferenceState::waiting: return "waiting";
    case model::ConferenceState::active: return "active";
    case model::ConferenceState::ended: return "ended";
  }
  return {};
}

std::string_view text_of(model::ConferenceEndReason v) {
  switch (v) {
    case model::ConferenceEndReason::application: return "application";
    case model::ConferenceEndReason::last_participant: return "last_participant";
    case model::ConferenceEndReason::moderator_left: return "moderator_left";
    case model::ConferenceEndReason::end_on_exit: return "end_on_exit";
    case model::ConferenceEndReason::empty: return "empty";
    case model::ConferenceEndReason::max_duration: return "max_duration";
    case model::ConferenceEndReason::session_ended: return "session_ended";
  }
  return {};
}

std::string_view text_of(model::EndpointState v) {
  switch (v) {
    case model::EndpointState::registered: return "registered";
    case model::EndpointState::unreachable: return "unreachable";
    case model::EndpointState::gone: return "gone";
  }
  return {};
}

std::string_view text_of(model::UnregisterReason v) {
  switch (v) {
    case model::UnregisterReason::removed: return "removed";
    case model::UnregisterReason::expired: return "expired";
    case model::UnregisterReason::replaced: return "replaced";
  }
  return {};
}

std::string_view text_of(model::IvrEndReason v) {
  switch (v) {
    case model::IvrEndReason::call_ended: return "call_ended";
    case model::IvrEndReason::bridge: return "bridge";
    case model::IvrEndReason::conference: return "conference";
  }
  return {};
}

std::string_view text_of(model::OpOutcome v) {
  switch (v) {
    case model::OpOutcome::succeeded: return "succeeded";
    case model::OpOutcome::failed: return "failed";
    case model::OpOutcome::cancelled: return "cancelled";
  }
  return {};
}

std::string_view text_of(model::OpReason v) {
  switch (v) {
    case model::OpReason::ringing: return "ringing";
    case model::OpReason::answered: return "answered";
    case model::OpReason::rejected: return "rejected";
    case model::OpReason::redirected: return "redirected";
    case model::OpReason::hung_up: return "hung_up";
    case model::OpReason::finished: return "finished";
    case model::OpReason::stopped: return "stopped";
    case model::OpReason::max_duration: return "max_duration";
    case model::OpReason::match: return "match";
    case model::OpReason::no_input: return "no_input";
    case model::OpReason::no_match: return "no_match";
    case model::OpReason::sent: return "sent";
    case model::OpReason::applied: return "applied";
    case model::OpReason::held: return "held";
    case model::OpReason::unheld: return "unheld";
    case model::OpReason::ended: return "ended";
    case model::OpReason::completed: return "completed";
    case model::OpReason::refused: return "refused";
    case model::OpReason::accepted: return "accepted";
    case model::OpReason::cancelled: return "cancelled";
    case model::OpReason::interrupted: return "interrupted";
    case model::OpReason::flushed: return "flushed";
    case model::OpReason::call_ended: return "call_ended";
    case model::OpReason::deadline: return "deadline";
    case model::OpReason::node_lost: return "node_lost";
    case model::OpReason::error: return "error";
    case model::OpReason::created: return "created";
    case model::OpReason::left: return "left";
    case model::OpReason::connected: return "connected";
    case model::OpReason::timeout: return "timeout";
    case model::OpReason::removed: return "removed";
    case model::OpReason::overflow: return "overflow";
    case model::OpReason::taken: return "taken";
    case model::OpReason::empty: return "empty";
    case model::OpReason::end_silence: return "end_silence";
    case model::OpReason::terminator: return "terminator";
  }
  return {};
}

std::string_view text_of(model::QueueLeftReason v) {
  switch (v) {
    case model::QueueLeftReason::connected: return "connected";
    case model::QueueLeftReason::timeout: return "timeout";
    case model::QueueLeftReason::removed: return "removed";
    case model::QueueLeftReason::overflow: return "overflow";
    case model::QueueLeftReason::call_ended: return "call_ended";
    case model::QueueLeftReason::stopped: return "stopped";
  }
  return {};
}

std::string_view text_of(model::QueueReturnedReason v) {
  switch (v) {
    case model::QueueReturnedReason::agent_left: return "agent_left";
    case model::QueueReturnedReason::join_failed: return "join_failed";
    case model::QueueReturnedReason::stopped: return "stopped";
  }
  return {};
}

std::string_view text_of(model::RecordingState v) {
  switch (v) {
    case model::RecordingState::pending: return "pending";
    case model::RecordingState::ready: return "ready";
    case model::RecordingState::shipped: return "shipped";
    case model::RecordingState::failed: return "failed";
    case model::RecordingState::purged: return "purged";
  }
  return {};
}

std::string_view text_of(model::OpState v) {
  switch (v) {
    case model::OpState::queued: return "queued";
    case model::OpState::running: return "running";
    case model::OpState::paused: return "paused";
    case model::OpState::completed: return "completed";
  }
  return {};
}

std::string_view text_of(model::Lane v) {
  switch (v) {
    case model::Lane::signalling: return "signalling";
    case model::Lane::speak: return "speak";
    case model::Lane::listen: return "listen";
    case model::Lane::none: return "none";
  }
  return {};
}

std::string_view text_of(model::BridgeState v) {
  switch (v) {
    case model::BridgeState::connecting: return "connecting";
    case model::BridgeState::active: return "active";
    case model::BridgeState::ended: return "ended";
  }
  return {};
}

std::string_view text_of(model::QueueEntryState v) {
  switch (v) {
    case model::QueueEntryState::waiting: return "waiting";
    case model::QueueEntryState::offered: return "offered";
    case model::QueueEntryState::left: return "left";
  }
  return {};
}

std::string_view text_of(model::SessionReason v) {
  switch (v) {
    case model::SessionReason::inbound_call: return "inbound-call";
    case model::SessionReason::outbound_call: return "outbound-call";
    case model::SessionReason::worker: return "worker";
  }
  return {};
}

std::string_view text_of(model::IntentState v) {
  switch (v) {
    case model::IntentState::queued: return "queued";
    case model::IntentState::opening: return "opening";
    case model::IntentState::delivered: return "delivered";
    case model::IntentState::dialing: return "dialing";
    case model::IntentState::answered: return "answered";
    case model::IntentState::completed: return "completed";
    case model::IntentState::failed: return "failed";
    case model::IntentState::expired: return "expired";
  }
  return {};
}

std::string_view text_of(model::QueueOverflow v) {
  switch (v) {
    case model::QueueOverflow::ivr: return "ivr";
    case model::QueueOverflow::hangup: return "hangup";
    case model::QueueOverflow::queue: return "queue";
  }
  return {};
}

std::string_view text_of(model::QueueOrdering v) {
  switch (v) {
    case model::QueueOrdering::priority: return "priority";
    case model::QueueOrdering::arrival: return "arrival";
  }
  return {};
}

}  // namespace

void encode(JsonWriter& w, const model::Error& e) {
  const model::ErrorTraits& traits = model::traits(e.code);
  w.begin_object();
  w.key("code");
  w.string(traits.code);
  w.key("message");
  w.string(e.message);
  if (!e.field.empty()) {
    w.key("field");
    w.string(e.field);
  }
  w.key("retry");
  w.string(model::to_string(traits.retry));
  if (e.retry_after_ms) {
    w.key("retry_after_ms");
    w.integer(*e.retry_after_ms);
  }
  if (e.sip_code) {
    w.key("sip_code");
    w.integer(static_cast<std::int64_t>(*e.sip_code));
  }
  w.end_object();
}

void encode(JsonWriter& w, [[maybe_unused]] const model::DialAttempt& e) {
  w.begin_object();
  {
    w.key("number");
    w.integer(e.number);
  }
  if (e.call_id && !e.call_id->empty()) {
    w.key("call_id");
    w.string((*e.call_id).str());
  }
  {
    w.key("target");
    w.string(e.target);
  }
  if (e.uri) {
    w.key("uri");
    w.string((*e.uri));
  }
  if (e.trunk_id && !e.trunk_id->empty()) {
    w.key("trunk_id");
    w.string((*e.trunk_id).str());
  }
  {
    w.key("outcome");
    w.string(text_of(e.outcome));
  }
  {
    w.key("sip_code");
    w.integer(e.sip_code);
  }
  {
    w.key("reason");
    w.string(e.reason);
  }
  {
    w.key("ring_ms");
    w.integer(e.ring_ms);
  }
  w.end_object();
}

void encode(JsonWriter& w, [[maybe_unused]] const model::ConferenceRecording& e) {
  w.begin_object();
  {
    w.key("recording_id");
    w.string(e.recording_id.str());
  }
  if (e.call_id && !e.call_id->empty()) {
    w.key("call_id");
    w.string((*e.call_id).str());
  }
  {
    w.key("offset_ms");
    w.integer(e.offset_ms);
  }
  if (e.duration_ms) {
    w.key("duration_ms");
    w.integer((*e.duration_ms));
  }
  if (e.size_bytes) {
    w.key("size_bytes");
    w.integer((*e.size_bytes));
  }
  if (e.gap_ms) {
    w.key("gap_ms");
    w.integer((*e.gap_ms));
  }
  if (e.error) {
    w.key("error");
    encode_error(w, (*e.error));
  }
  w.end_object();
}

void encode(JsonWriter& w, [[maybe_unused]] const model::CallAnswerResult& e) {
  w.begin_object();
  {
    w.key("codec");
    w.string(text_of(e.codec));
  }
  w.end_object();
}

void encode(JsonWriter& w, [[maybe_unused]] const model::CallAnswerReferResult& e) {
  w.begin_object();
  if (e.bridge_id && !e.bridge_id->empty()) {
    w.key("bridge_id");
    w.string((*e.bridge_id).str());
  }
  if (e.peer_call_id && !e.peer_call_id->empty()) {
    w.key("peer_call_id");
    w.string((*e.peer_call_id).str());
  }
  {
    w.key("sip_code");
    w.integer(e.sip_code);
  }
  w.end_object();
}

void encode(JsonWriter& w, [[maybe_unused]] const model::CallBridgeResult& e) {
  w.begin_object();
  if (e.bridge_id && !e.bridge_id->empty()) {
    w.key("bridge_id");
    w.string((*e.bridge_id).str());
  }
  if (e.peer_call_id && !e.peer_call_id->empty()) {
    w.key("peer_call_id");
    w.string((*e.peer_call_id).str());
  }
  if (e.by) {
    w.key("by");
    w.string(text_of((*e.by)));
  }
  if (e.cause) {
    w.key("cause");
    w.string(text_of((*e.cause)));
  }
  {
    w.key("duration_ms");
    w.integer(e.duration_ms);
  }
  if (!e.attempts.empty()) {
    w.key("attempts");
    w.begin_array();
    for (const auto& item : e.attempts) { encode(w, item); }
    w.end_array();
  }
  w.end_object();
}

void encode(JsonWriter& w, [[maybe_unused]] const model::CallCollectResult& e) {
  w.begin_object();
  {
    w.key("type");
    w.string(text_of(e.type));
  }
  {
    w.key("value");
    w.string(e.value);
  }
  if (e.terminator) {
    w.key("terminator");
    w.string((*e.terminator));
  }
  if (e.confidence) {
    w.key("confidence");
    w.number((*e.confidence));
  }
  w.end_object();
}

void encode(JsonWriter& w, [[maybe_unused]] const model::CallDialResult& e) {
  w.begin_object();
  if (e.call_id && !e.call_id->empty()) {
    w.key("call_id");
    w.string((*e.call_id).str());
  }
  if (e.bridge_id && !e.bridge_id->empty()) {
    w.key("bridge_id");
    w.string((*e.bridge_id).str());
  }
  if (e.conference_id && !e.conference_id->empty()) {
    w.key("conference_id");
    w.string((*e.conference_id).str());
  }
  {
    w.key("attempts");
    w.begin_array();
    for (const auto& item : e.attempts) { encode(w, item); }
    w.end_array();
  }
  w.end_object();
}

void encode(JsonWriter& w, [[maybe_unused]] const model::CallEnqueueResult& e) {
  w.begin_object();
  if (e.queue_id && !e.queue_id->empty()) {
    w.key("queue_id");
    w.string((*e.queue_id).str());
  }
  if (e.queue) {
    w.key("queue");
    w.string((*e.queue));
  }
  if (e.queue_entry_id && !e.queue_entry_id->empty()) {
    w.key("queue_entry_id");
    w.string((*e.queue_entry_id).str());
  }
  {
    w.key("waited_ms");
    w.integer(e.waited_ms);
  }
  if (e.by_call_id && !e.by_call_id->empty()) {
    w.key("by_call_id");
    w.string((*e.by_call_id).str());
  }
  if (e.bridge_id && !e.bridge_id->empty()) {
    w.key("bridge_id");
    w.string((*e.bridge_id).str());
  }
  if (e.conference_id && !e.conference_id->empty()) {
    w.key("conference_id");
    w.string((*e.conference_id).str());
  }
  w.end_object();
}

void encode(JsonWriter& w, [[maybe_unused]] const model::CallJoinResult& e) {
  w.begin_object();
  if (e.conference_id && !e.conference_id->empty()) {
    w.key("conference_id");
    w.string((*e.conference_id).str());
  }
  if (e.leave_reason) {
    w.key("leave_reason");
    w.string(text_of((*e.leave_reason)));
  }
  if (e.cause) {
    w.key("cause");
    w.string(text_of((*e.cause)));
  }
  {
    w.key("duration_ms");
    w.integer(e.duration_ms);
  }
  w.end_object();
}

void encode(JsonWriter& w, [[maybe_unused]] const model::CallPlayResult& e) {
  w.begin_object();
  {
    w.key("heard_ms");
    w.integer(e.heard_ms);
  }
  w.end_object();
}

void encode(JsonWriter& w, [[maybe_unused]] const model::CallPromptResult& e) {
  w.begin_object();
  {
    w.key("type");
    w.string(text_of(e.type));
  }
  {
    w.key("value");
    w.string(e.value);
  }
  if (e.terminator) {
    w.key("terminator");
    w.string((*e.terminator));
  }
  if (e.confidence) {
    w.key("confidence");
    w.number((*e.confidence));
  }
  {
    w.key("heard_ms");
    w.integer(e.heard_ms);
  }
  {
    w.key("tries");
    w.integer(e.tries);
  }
  w.end_object();
}

void encode(JsonWriter& w, [[maybe_unused]] const model::CallRecordResult& e) {
  w.begin_object();
  if (e.recording_id && !e.recording_id->empty()) {
    w.key("recording_id");
    w.string((*e.recording_id).str());
  }
  if (e.duration_ms) {
    w.key("duration_ms");
    w.integer((*e.duration_ms));
  }
  if (e.size_bytes) {
    w.key("size_bytes");
    w.integer((*e.size_bytes));
  }
  if (e.gap_ms) {
    w.key("gap_ms");
    w.integer((*e.gap_ms));
  }
  if (e.terminator) {
    w.key("terminator");
    w.string((*e.terminator));
  }
  w.end_object();
}

void encode(JsonWriter& w, [[maybe_unused]] const model::CallSayResult& e) {
  w.begin_object();
  {
    w.key("heard_ms");
    w.integer(e.heard_ms);
  }
  w.end_object();
}

void encode(JsonWriter& w, [[maybe_unused]] const model::CallSendSipResult& e) {
  w.begin_object();
  {
    w.key("sip_code");
    w.integer(e.sip_code);
  }
  w.end_object();
}

void encode(JsonWriter& w, [[maybe_unused]] const model::CallTransferResult& e) {
  w.begin_object();
  {
    w.key("mode");
    w.string(text_of(e.mode));
  }
  if (e.bridge_id && !e.bridge_id->empty()) {
    w.key("bridge_id");
    w.string((*e.bridge_id).str());
  }
  if (e.peer_call_id && !e.peer_call_id->empty()) {
    w.key("peer_call_id");
    w.string((*e.peer_call_id).str());
  }
  {
    w.key("sip_code");
    w.integer(e.sip_code);
  }
  if (!e.attempts.empty()) {
    w.key("attempts");
    w.begin_array();
    for (const auto& item : e.attempts) { encode(w, item); }
    w.end_array();
  }
  w.end_object();
}

void encode(JsonWriter& w, [[maybe_unused]] const model::ConferenceCreateResult& e) {
  w.begin_object();
  {
    w.key("conference_id");
    w.string(e.conference_id.str());
  }
  {
    w.key("created");
    w.boolean(e.created);
  }
  w.end_object();
}

void encode(JsonWriter& w, [[maybe_unused]] const model::ConferencePlayResult& e) {
  w.begin_object();
  {
    w.key("heard_ms");
    w.integer(e.heard_ms);
  }
  w.end_object();
}

void encode(JsonWriter& w, [[maybe_unused]] const model::ConferenceRecordResult& e) {
  w.begin_object();
  {
    w.key("duration_ms");
    w.integer(e.duration_ms);
  }
  {
    w.key("recordings");
    w.begin_array();
    for (const auto& item : e.recordings) { encode(w, item); }
    w.end_array();
  }
  if (e.missing) {
    w.key("missing");
    w.integer((*e.missing));
  }
  w.end_object();
}

void encode(JsonWriter& w, [[maybe_unused]] const model::QueueRemoveResult& e) {
  w.begin_object();
  {
    w.key("queue_id");
    w.string(e.queue_id.str());
  }
  {
    w.key("queue");
    w.string(e.queue);
  }
  {
    w.key("queue_entry_id");
    w.string(e.queue_entry_id.str());
  }
  {
    w.key("call_id");
    w.string(e.call_id.str());
  }
  {
    w.key("waited_ms");
    w.integer(e.waited_ms);
  }
  w.end_object();
}

void encode(JsonWriter& w, [[maybe_unused]] const model::QueueTakeResult& e) {
  w.begin_object();
  {
    w.key("queue_id");
    w.string(e.queue_id.str());
  }
  {
    w.key("queue");
    w.string(e.queue);
  }
  if (e.queue_entry_id && !e.queue_entry_id->empty()) {
    w.key("queue_entry_id");
    w.string((*e.queue_entry_id).str());
  }
  if (e.call_id && !e.call_id->empty()) {
    w.key("call_id");
    w.string((*e.call_id).str());
  }
  if (e.bridge_id && !e.bridge_id->empty()) {
    w.key("bridge_id");
    w.string((*e.bridge_id).str());
  }
  if (e.conference_id && !e.conference_id->empty()) {
    w.key("conference_id");
    w.string((*e.conference_id).str());
  }
  if (e.waited_ms) {
    w.key("waited_ms");
    w.integer((*e.waited_ms));
  }
  if (e.priority) {
    w.key("priority");
    w.integer((*e.priority));
  }
  if (e.data) {
    w.key("data");
    w.raw((*e.data).text);
  }
  w.end_object();
}

void encode(JsonWriter& w, [[maybe_unused]] const model::QueueUpdateResult& e) {
  w.begin_object();
  {
    w.key("queue_id");
    w.string(e.queue_id.str());
  }
  {
    w.key("queue");
    w.string(e.queue);
  }
  {
    w.key("queue_entry_id");
    w.string(e.queue_entry_id.str());
  }
  {
    w.key("call_id");
    w.string(e.call_id.str());
  }
  {
    w.key("waited_ms");
    w.integer(e.waited_ms);
  }
  w.end_object();
}

static void encode_op_result(JsonWriter& w, const model::OpResult& result) {
  std::visit(
      [&w]<class T>(const T& r) {
        if constexpr (std::is_same_v<T, std::monostate>) {
          w.begin_object();
          w.end_object();
        } else {
          encode(w, r);
        }
      },
      result);
}

void encode(JsonWriter& w, [[maybe_unused]] const model::BridgeConnectedEvent& e) {
  w.begin_object();
  {
    w.key("bridge_id");
    w.string(e.bridge_id.str());
  }
  {
    w.key("call_ids");
    w.begin_array();
    for (const auto& item : e.call_ids) { w.string(item.str()); }
    w.end_array();
  }
  {
    w.key("direction");
    w.string(text_of(e.direction));
  }
  w.end_object();
}

void encode(JsonWriter& w, [[maybe_unused]] const model::BridgeCreatedEvent& e) {
  w.begin_object();
  {
    w.key("bridge_id");
    w.string(e.bridge_id.str());
  }
  {
    w.key("call_ids");
    w.begin_array();
    for (const auto& item : e.call_ids) { w.string(item.str()); }
    w.end_array();
  }
  {
    w.key("direction");
    w.string(text_of(e.direction));
  }
  w.end_object();
}

void encode(JsonWriter& w, [[maybe_unused]] const model::BridgeEndedEvent& e) {
  w.begin_object();
  {
    w.key("bridge_id");
    w.string(e.bridge_id.str());
  }
  {
    w.key("reason");
    w.string(text_of(e.reason));
  }
  if (e.by_call_id && !e.by_call_id->empty()) {
    w.key("by_call_id");
    w.string((*e.by_call_id).str());
  }
  {
    w.key("duration_ms");
    w.integer(e.duration_ms);
  }
  w.end_object();
}

void encode(JsonWriter& w, [[maybe_unused]] const model::BridgeUpdatedEvent& e) {
  w.begin_object();
  {
    w.key("bridge_id");
    w.string(e.bridge_id.str());
  }
  {
    w.key("call_ids");
    w.begin_array();
    for (const auto& item : e.call_ids) { w.string(item.str()); }
    w.end_array();
  }
  {
    w.key("direction");
    w.string(text_of(e.direction));
  }
  w.end_object();
}

void encode(JsonWriter& w, [[maybe_unused]] const model::CallAnsweredEvent& e) {
  w.begin_object();
  {
    w.key("codec");
    w.string(text_of(e.codec));
  }
  {
    w.key("telephone_event");
    w.boolean(e.telephone_event);
  }
  w.end_object();
}

void encode(JsonWriter& w, [[maybe_unused]] const model::SipInfo& e) {
  w.begin_object();
  {
    w.key("call_id");
    w.string(e.call_id);
  }
  if (e.source) {
    w.key("source");
    w.string((*e.source));
  }
  if (e.transport) {
    w.key("transport");
    w.string(text_of((*e.transport)));
  }
  {
    w.key("request_uri");
    w.string(e.request_uri);
  }
  if (!e.headers.empty()) {
    w.key("headers");
    encode_headers(w, e.headers);
  }
  w.end_object();
}

void encode(JsonWriter& w, [[maybe_unused]] const model::CallCreatedEvent& e) {
  w.begin_object();
  {
    w.key("direction");
    w.string(text_of(e.direction));
  }
  {
    w.key("from");
    w.string(e.from);
  }
  {
    w.key("to");
    w.string(e.to);
  }
  if (e.from_display_name) {
    w.key("from_display_name");
    w.string((*e.from_display_name));
  }
  {
    w.key("state");
    w.string(text_of(e.state));
  }
  {
    w.key("sip");
    encode(w, e.sip);
  }
  if (e.number_id && !e.number_id->empty()) {
    w.key("number_id");
    w.string((*e.number_id).str());
  }
  {
    w.key("application_id");
    w.string(e.application_id.str());
  }
  {
    w.key("account_id");
    w.string(e.account_id.str());
  }
  if (e.tag) {
    w.key("tag");
    w.raw((*e.tag).text);
  }
  if (e.op_id && !e.op_id->empty()) {
    w.key("op_id");
    w.string((*e.op_id).str());
  }
  if (e.attempt) {
    w.key("attempt");
    w.integer((*e.attempt));
  }
  if (e.parent_call_id && !e.parent_call_id->empty()) {
    w.key("parent_call_id");
    w.string((*e.parent_call_id).str());
  }
  if (e.replaces_call_id && !e.replaces_call_id->empty()) {
    w.key("replaces_call_id");
    w.string((*e.replaces_call_id).str());
  }
  if (e.endpoint) {
    w.key("endpoint");
    w.string((*e.endpoint));
  }
  if (e.trunk_id && !e.trunk_id->empty()) {
    w.key("trunk_id");
    w.string((*e.trunk_id).str());
  }
  w.end_object();
}

void encode(JsonWriter& w, [[maybe_unused]] const model::CallDialingEvent& e) {
  w.begin_object();
  {
    w.key("uri");
    w.string(e.uri);
  }
  w.end_object();
}

void encode(JsonWriter& w, [[maybe_unused]] const model::CallDtmfEvent& e) {
  w.begin_object();
  {
    w.key("digit");
    w.string(e.digit);
  }
  {
    w.key("duration_ms");
    w.integer(e.duration_ms);
  }
  {
    w.key("method");
    w.string(text_of(e.method));
  }
  w.end_object();
}

void encode(JsonWriter& w, [[maybe_unused]] const model::CallEarlyMediaEvent& e) {
  w.begin_object();
  {
    w.key("sip_code");
    w.integer(e.sip_code);
  }
  {
    w.key("codec");
    w.string(text_of(e.codec));
  }
  w.end_object();
}

void encode(JsonWriter& w, [[maybe_unused]] const model::StreamQuality& e) {
  w.begin_object();
  {
    w.key("packets_received");
    w.integer(e.packets_received);
  }
  {
    w.key("packets_sent");
    w.integer(e.packets_sent);
  }
  {
    w.key("packets_lost");
    w.integer(e.packets_lost);
  }
  {
    w.key("packets_discarded");
    w.integer(e.packets_discarded);
  }
  {
    w.key("loss_percent");
    w.number(e.loss_percent);
  }
  {
    w.key("jitter_ms");
    w.number(e.jitter_ms);
  }
  {
    w.key("remote_loss_percent");
    w.number(e.remote_loss_percent);
  }
  {
    w.key("round_trip_ms");
    w.number(e.round_trip_ms);
  }
  {
    w.key("mos");
    w.number(e.mos);
  }
  w.end_object();
}

void encode(JsonWriter& w, [[maybe_unused]] const model::CallEndedEvent& e) {
  w.begin_object();
  {
    w.key("reason");
    w.string(text_of(e.verdict.reason));
  }
  {
    w.key("party");
    w.string(text_of(e.verdict.party));
  }
  {
    w.key("sip_code");
    w.integer(std::int64_t{e.verdict.sip_code});
  }
  {
    w.key("q850_cause");
    w.integer(std::int64_t{e.verdict.q850_cause});
  }
  {
    w.key("class");
    w.string(text_of(e.verdict.verdict_class));
  }
  {
    w.key("retryable");
    w.boolean(e.verdict.retryable);
  }
  {
    w.key("detail");
    w.string(e.verdict.detail);
  }
  {
    w.key("duration_ms");
    w.integer(e.duration_ms);
  }
  {
    w.key("billable_ms");
    w.integer(e.billable_ms);
  }
  if (e.quality) {
    w.key("quality");
    encode(w, (*e.quality));
  }
  w.end_object();
}

void encode(JsonWriter& w, [[maybe_unused]] const model::CallHeldEvent& e) {
  w.begin_object();
  {
    w.key("by");
    w.string(text_of(e.by));
  }
  w.end_object();
}

void encode(JsonWriter& w, [[maybe_unused]] const model::CallMediaChangedEvent& e) {
  w.begin_object();
  {
    w.key("change");
    w.string(text_of(e.change));
  }
  {
    w.key("codec");
    w.string(text_of(e.codec));
  }
  {
    w.key("direction");
    w.string(text_of(e.direction));
  }
  {
    w.key("remote");
    w.string(e.remote);
  }
  w.end_object();
}

void encode(JsonWriter& w, [[maybe_unused]] const model::CallQualityEvent& e) {
  w.begin_object();
  {
    w.key("quality");
    encode(w, e.quality);
  }
  w.end_object();
}

void encode(JsonWriter& w, [[maybe_unused]] const model::CallReferRequestedEvent& e) {
  w.begin_object();
  {
    w.key("refer_id");
    w.string(e.refer_id);
  }
  {
    w.key("target");
    w.string(e.target);
  }
  {
    w.key("to");
    w.string(e.to);
  }
  if (e.replaces_call_id && !e.replaces_call_id->empty()) {
    w.key("replaces_call_id");
    w.string((*e.replaces_call_id).str());
  }
  if (e.referred_by) {
    w.key("referred_by");
    w.string((*e.referred_by));
  }
  if (!e.headers.empty()) {
    w.key("headers");
    encode_headers(w, e.headers);
  }
  w.end_object();
}

void encode(JsonWriter& w, [[maybe_unused]] const model::CallReplacedEvent& e) {
  w.begin_object();
  {
    w.key("by_call_id");
    w.string(e.by_call_id.str());
  }
  w.end_object();
}

void encode(JsonWriter& w, [[maybe_unused]] const model::CallRequestedEvent& e) {
  w.begin_object();
  {
    w.key("intent_id");
    w.string(e.intent_id.str());
  }
  {
    w.key("account_id");
    w.string(e.account_id.str());
  }
  {
    w.key("application_id");
    w.string(e.application_id.str());
  }
  {
    w.key("requested_at");
    w.time(e.requested_at);
  }
  w.end_object();
}

void encode(JsonWriter& w, [[maybe_unused]] const model::CallRingingEvent& e) {
  w.begin_object();
  {
    w.key("sip_code");
    w.integer(e.sip_code);
  }
  w.end_object();
}

void encode(JsonWriter& w, [[maybe_unused]] const model::CallSipMessageEvent& e) {
  w.begin_object();
  {
    w.key("method");
    w.string(e.method);
  }
  {
    w.key("content_type");
    w.string(e.content_type);
  }
  {
    w.key("body");
    w.string(e.body);
  }
  if (!e.headers.empty()) {
    w.key("headers");
    encode_headers(w, e.headers);
  }
  w.end_object();
}

void encode(JsonWriter& w, [[maybe_unused]] const model::CallTransferProgressEvent& e) {
  w.begin_object();
  {
    w.key("sip_code");
    w.integer(e.sip_code);
  }
  {
    w.key("reason");
    w.string(e.reason);
  }
  w.end_object();
}

void encode(JsonWriter& w, [[maybe_unused]] const model::CallUnheldEvent& e) {
  w.begin_object();
  {
    w.key("by");
    w.string(text_of(e.by));
  }
  w.end_object();
}

void encode(JsonWriter& w, [[maybe_unused]] const model::Cdr& e) {
  w.begin_object();
  {
    w.key("cdr_id");
    w.string(e.cdr_id.str());
  }
  if (e.account_id && !e.account_id->empty()) {
    w.key("account_id");
    w.string((*e.account_id).str());
  }
  if (e.application_id && !e.application_id->empty()) {
    w.key("application_id");
    w.string((*e.application_id).str());
  }
  if (e.number_id && !e.number_id->empty()) {
    w.key("number_id");
    w.string((*e.number_id).str());
  }
  if (e.trunk_id && !e.trunk_id->empty()) {
    w.key("trunk_id");
    w.string((*e.trunk_id).str());
  }
  if (e.session_id && !e.session_id->empty()) {
    w.key("session_id");
    w.string((*e.session_id).str());
  }
  {
    w.key("call_id");
    w.string(e.call_id.str());
  }
  if (e.parent_call_id && !e.parent_call_id->empty()) {
    w.key("parent_call_id");
    w.string((*e.parent_call_id).str());
  }
  if (e.attempt) {
    w.key("attempt");
    w.integer((*e.attempt));
  }
  if (e.intent_id && !e.intent_id->empty()) {
    w.key("intent_id");
    w.string((*e.intent_id).str());
  }
  {
    w.key("direction");
    w.string(text_of(e.direction));
  }
  {
    w.key("from");
    w.string(e.from);
  }
  {
    w.key("to");
    w.string(e.to);
  }
  {
    w.key("from_display_name");
    w.string(e.from_display_name);
  }
  {
    w.key("sip_call_id");
    w.string(e.sip_call_id);
  }
  {
    w.key("source");
    w.string(e.source);
  }
  {
    w.key("transport");
    w.string(text_of(e.transport));
  }
  if (e.user_agent) {
    w.key("user_agent");
    w.string((*e.user_agent));
  }
  {
    w.key("created_at");
    w.time(e.created_at);
  }
  if (e.ringing_at) {
    w.key("ringing_at");
    w.time((*e.ringing_at));
  }
  if (e.answered_at) {
    w.key("answered_at");
    w.time((*e.answered_at));
  }
  {
    w.key("ended_at");
    w.time(e.ended_at);
  }
  {
    w.key("duration_ms");
    w.integer(e.duration_ms);
  }
  {
    w.key("billable_ms");
    w.integer(e.billable_ms);
  }
  {
    w.key("reason");
    w.string(text_of(e.verdict.reason));
  }
  {
    w.key("party");
    w.string(text_of(e.verdict.party));
  }
  {
    w.key("sip_code");
    w.integer(std::int64_t{e.verdict.sip_code});
  }
  {
    w.key("q850_cause");
    w.integer(std::int64_t{e.verdict.q850_cause});
  }
  {
    w.key("class");
    w.string(text_of(e.verdict.verdict_class));
  }
  {
    w.key("retryable");
    w.boolean(e.verdict.retryable);
  }
  {
    w.key("detail");
    w.string(e.verdict.detail);
  }
  if (e.codec) {
    w.key("codec");
    w.string(text_of((*e.codec)));
  }
  if (e.quality) {
    w.key("quality");
    encode(w, (*e.quality));
  }
  if (e.tag) {
    w.key("tag");
    w.raw((*e.tag).text);
  }
  w.end_object();
}

void encode(JsonWriter& w, [[maybe_unused]] const model::CdrReadyEvent& e) {
  w.begin_object();
  {
    w.key("cdr");
    encode(w, e.cdr);
  }
  w.end_object();
}

void encode(JsonWriter& w, [[maybe_unused]] const model::Supervision& e) {
  w.begin_object();
  {
    w.key("mode");
    w.string(text_of(e.mode));
  }
  if (!e.call_ids.empty()) {
    w.key("call_ids");
    w.begin_array();
    for (const auto& item : e.call_ids) { w.string(item.str()); }
    w.end_array();
  }
  w.end_object();
}

void encode(JsonWriter& w, [[maybe_unused]] const model::ConferenceParticipant& e) {
  w.begin_object();
  {
    w.key("call_id");
    w.string(e.call_id.str());
  }
  {
    w.key("role");
    w.string(text_of(e.role));
  }
  if (e.supervise) {
    w.key("supervise");
    encode(w, (*e.supervise));
  }
  {
    w.key("muted");
    w.boolean(e.muted);
  }
  {
    w.key("deaf");
    w.boolean(e.deaf);
  }
  {
    w.key("on_hold");
    w.boolean(e.on_hold);
  }
  {
    w.key("gain_db");
    w.number(e.gain_db);
  }
  {
    w.key("speaking");
    w.boolean(e.speaking);
  }
  {
    w.key("joined_at");
    w.time(e.joined_at);
  }
  w.end_object();
}

void encode(JsonWriter& w, [[maybe_unused]] const model::ConferenceSnapshot& e) {
  w.begin_object();
  {
    w.key("id");
    w.string(e.id.str());
  }
  if (e.name) {
    w.key("name");
    w.string((*e.name));
  }
  {
    w.key("state");
    w.string(text_of(e.state));
  }
  {
    w.key("locked");
    w.boolean(e.locked);
  }
  {
    w.key("pin_required");
    w.boolean(e.pin_required);
  }
  {
    w.key("max_participants");
    w.integer(e.max_participants);
  }
  {
    w.key("start");
    w.string(text_of(e.start));
  }
  {
    w.key("end");
    w.string(text_of(e.end));
  }
  {
    w.key("participants");
    w.begin_array();
    for (const auto& item : e.participants) { encode(w, item); }
    w.end_array();
  }
  {
    w.key("created_at");
    w.time(e.created_at);
  }
  if (e.started_at) {
    w.key("started_at");
    w.time((*e.started_at));
  }
  if (e.session_id && !e.session_id->empty()) {
    w.key("session_id");
    w.string((*e.session_id).str());
  }
  if (e.tag) {
    w.key("tag");
    w.raw((*e.tag).text);
  }
  w.end_object();
}

void encode(JsonWriter& w, [[maybe_unused]] const model::ConferenceCreatedEvent& e) {
  w.begin_object();
  {
    w.key("conference_id");
    w.string(e.conference_id.str());
  }
  {
    w.key("conference");
    encode(w, e.conference);
  }
  w.end_object();
}

void encode(JsonWriter& w, [[maybe_unused]] const model::ConferenceEndedEvent& e) {
  w.begin_object();
  {
    w.key("conference_id");
    w.string(e.conference_id.str());
  }
  {
    w.key("reason");
    w.string(text_of(e.reason));
  }
  {
    w.key("duration_ms");
    w.integer(e.duration_ms);
  }
  w.end_object();
}

void encode(JsonWriter& w, [[maybe_unused]] const model::ConferenceParticipantJoinedEvent& e) {
  w.begin_object();
  {
    w.key("conference_id");
    w.string(e.conference_id.str());
  }
  {
    w.key("participant");
    encode(w, e.participant);
  }
  {
    w.key("participants");
    w.integer(e.participants);
  }
  if (e.conference) {
    w.key("conference");
    encode(w, (*e.conference));
  }
  w.end_object();
}

void encode(JsonWriter& w, [[maybe_unused]] const model::ConferenceParticipantLeftEvent& e) {
  w.begin_object();
  {
    w.key("conference_id");
    w.string(e.conference_id.str());
  }
  {
    w.key("call_id");
    w.string(e.call_id.str());
  }
  {
    w.key("reason");
    w.string(text_of(e.reason));
  }
  {
    w.key("duration_ms");
    w.integer(e.duration_ms);
  }
  {
    w.key("participants");
    w.integer(e.participants);
  }
  w.end_object();
}

void encode(JsonWriter& w, [[maybe_unused]] const model::ConferenceParticipantUpdatedEvent& e) {
  w.begin_object();
  {
    w.key("conference_id");
    w.string(e.conference_id.str());
  }
  {
    w.key("participant");
    encode(w, e.participant);
  }
  w.end_object();
}

void encode(JsonWriter& w, [[maybe_unused]] const model::ConferenceSpeakerStartedEvent& e) {
  w.begin_object();
  {
    w.key("conference_id");
    w.string(e.conference_id.str());
  }
  {
    w.key("call_id");
    w.string(e.call_id.str());
  }
  w.end_object();
}

void encode(JsonWriter& w, [[maybe_unused]] const model::ConferenceSpeakerStoppedEvent& e) {
  w.begin_object();
  {
    w.key("conference_id");
    w.string(e.conference_id.str());
  }
  {
    w.key("call_id");
    w.string(e.call_id.str());
  }
  w.end_object();
}

void encode(JsonWriter& w, [[maybe_unused]] const model::ConferenceStartedEvent& e) {
  w.begin_object();
  {
    w.key("conference_id");
    w.string(e.conference_id.str());
  }
  w.end_object();
}

void encode(JsonWriter& w, [[maybe_unused]] const model::ConferenceUpdatedEvent& e) {
  w.begin_object();
  {
    w.key("conference_id");
    w.string(e.conference_id.str());
  }
  {
    w.key("conference");
    encode(w, e.conference);
  }
  w.end_object();
}

void encode(JsonWriter& w, [[maybe_unused]] const model::EndpointContact& e) {
  w.begin_object();
  {
    w.key("uri");
    w.string(e.uri);
  }
  {
    w.key("q");
    w.number(e.q);
  }
  {
    w.key("expires_at");
    w.time(e.expires_at);
  }
  {
    w.key("source");
    w.string(e.source);
  }
  {
    w.key("transport");
    w.string(text_of(e.transport));
  }
  if (e.user_agent) {
    w.key("user_agent");
    w.string((*e.user_agent));
  }
  {
    w.key("reachable");
    w.boolean(e.reachable);
  }
  w.end_object();
}

void encode(JsonWriter& w, [[maybe_unused]] const model::EndpointInfo& e) {
  w.begin_object();
  {
    w.key("id");
    w.string(e.id.str());
  }
  if (e.domain_id && !e.domain_id->empty()) {
    w.key("domain_id");
    w.string((*e.domain_id).str());
  }
  {
    w.key("address");
    w.string(e.address);
  }
  {
    w.key("state");
    w.string(text_of(e.state));
  }
  {
    w.key("contacts");
    w.begin_array();
    for (const auto& item : e.contacts) { encode(w, item); }
    w.end_array();
  }
  w.end_object();
}

void encode(JsonWriter& w, [[maybe_unused]] const model::EndpointReachableEvent& e) {
  w.begin_object();
  {
    w.key("endpoint");
    encode(w, e.endpoint);
  }
  w.end_object();
}

void encode(JsonWriter& w, [[maybe_unused]] const model::EndpointRegisteredEvent& e) {
  w.begin_object();
  {
    w.key("endpoint");
    encode(w, e.endpoint);
  }
  w.end_object();
}

void encode(JsonWriter& w, [[maybe_unused]] const model::EndpointUnreachableEvent& e) {
  w.begin_object();
  {
    w.key("endpoint");
    encode(w, e.endpoint);
  }
  w.end_object();
}

void encode(JsonWriter& w, [[maybe_unused]] const model::EndpointUnregisteredEvent& e) {
  w.begin_object();
  {
    w.key("endpoint");
    encode(w, e.endpoint);
  }
  {
    w.key("reason");
    w.string(text_of(e.reason));
  }
  w.end_object();
}

void encode(JsonWriter& w, [[maybe_unused]] const model::IvrCreatedEvent& e) {
  w.begin_object();
  {
    w.key("ivr_id");
    w.string(e.ivr_id.str());
  }
  w.end_object();
}

void encode(JsonWriter& w, [[maybe_unused]] const model::IvrEndedEvent& e) {
  w.begin_object();
  {
    w.key("ivr_id");
    w.string(e.ivr_id.str());
  }
  {
    w.key("reason");
    w.string(text_of(e.reason));
  }
  w.end_object();
}

void encode(JsonWriter& w, [[maybe_unused]] const model::OpCompletedEvent& e) {
  w.begin_object();
  {
    w.key("method");
    w.string(e.method);
  }
  {
    w.key("outcome");
    w.string(text_of(e.outcome));
  }
  {
    w.key("reason");
    w.string(text_of(e.reason));
  }
  if (e.result && e.result->index() != 0) {
    w.key("result");
    encode_op_result(w, (*e.result));
  }
  if (e.error) {
    w.key("error");
    encode_error(w, (*e.error));
  }
  w.end_object();
}

void encode(JsonWriter& w, [[maybe_unused]] const model::OpMarkEvent& e) {
  w.begin_object();
  {
    w.key("method");
    w.string(e.method);
  }
  {
    w.key("name");
    w.string(e.name);
  }
  if (e.heard_ms) {
    w.key("heard_ms");
    w.integer((*e.heard_ms));
  }
  w.end_object();
}

void encode(JsonWriter& w, [[maybe_unused]] const model::OpPausedEvent& e) {
  w.begin_object();
  {
    w.key("method");
    w.string(e.method);
  }
  if (e.heard_ms) {
    w.key("heard_ms");
    w.integer((*e.heard_ms));
  }
  w.end_object();
}

void encode(JsonWriter& w, [[maybe_unused]] const model::OpProgressEvent& e) {
  w.begin_object();
  {
    w.key("method");
    w.string(e.method);
  }
  {
    w.key("elapsed_ms");
    w.integer(e.elapsed_ms);
  }
  if (e.heard_ms) {
    w.key("heard_ms");
    w.integer((*e.heard_ms));
  }
  if (e.digits) {
    w.key("digits");
    w.string((*e.digits));
  }
  w.end_object();
}

void encode(JsonWriter& w, [[maybe_unused]] const model::OpResumedEvent& e) {
  w.begin_object();
  {
    w.key("method");
    w.string(e.method);
  }
  w.end_object();
}

void encode(JsonWriter& w, [[maybe_unused]] const model::OpStartedEvent& e) {
  w.begin_object();
  {
    w.key("method");
    w.string(e.method);
  }
  w.end_object();
}

void encode(JsonWriter& w, [[maybe_unused]] const model::QueueEnteredEvent& e) {
  w.begin_object();
  {
    w.key("queue_id");
    w.string(e.queue_id.str());
  }
  {
    w.key("queue");
    w.string(e.queue);
  }
  {
    w.key("queue_entry_id");
    w.string(e.queue_entry_id.str());
  }
  {
    w.key("call_id");
    w.string(e.call_id.str());
  }
  {
    w.key("from");
    w.string(e.from);
  }
  {
    w.key("priority");
    w.integer(e.priority);
  }
  {
    w.key("position");
    w.integer(e.position);
  }
  {
    w.key("waiting");
    w.integer(e.waiting);
  }
  if (e.estimated_wait_ms) {
    w.key("estimated_wait_ms");
    w.integer((*e.estimated_wait_ms));
  }
  if (e.data) {
    w.key("data");
    w.raw((*e.data).text);
  }
  w.end_object();
}

void encode(JsonWriter& w, [[maybe_unused]] const model::QueueLeftEvent& e) {
  w.begin_object();
  {
    w.key("queue_id");
    w.string(e.queue_id.str());
  }
  {
    w.key("queue");
    w.string(e.queue);
  }
  {
    w.key("queue_entry_id");
    w.string(e.queue_entry_id.str());
  }
  {
    w.key("call_id");
    w.string(e.call_id.str());
  }
  {
    w.key("reason");
    w.string(text_of(e.reason));
  }
  if (e.by_call_id && !e.by_call_id->empty()) {
    w.key("by_call_id");
    w.string((*e.by_call_id).str());
  }
  {
    w.key("waited_ms");
    w.integer(e.waited_ms);
  }
  w.end_object();
}

void encode(JsonWriter& w, [[maybe_unused]] const model::QueueOfferedEvent& e) {
  w.begin_object();
  {
    w.key("queue_id");
    w.string(e.queue_id.str());
  }
  {
    w.key("queue");
    w.string(e.queue);
  }
  {
    w.key("queue_entry_id");
    w.string(e.queue_entry_id.str());
  }
  {
    w.key("call_id");
    w.string(e.call_id.str());
  }
  {
    w.key("by_call_id");
    w.string(e.by_call_id.str());
  }
  w.end_object();
}

void encode(JsonWriter& w, [[maybe_unused]] const model::QueuePositionEvent& e) {
  w.begin_object();
  {
    w.key("queue_id");
    w.string(e.queue_id.str());
  }
  {
    w.key("queue");
    w.string(e.queue);
  }
  {
    w.key("queue_entry_id");
    w.string(e.queue_entry_id.str());
  }
  {
    w.key("call_id");
    w.string(e.call_id.str());
  }
  {
    w.key("position");
    w.integer(e.position);
  }
  {
    w.key("waiting");
    w.integer(e.waiting);
  }
  if (e.estimated_wait_ms) {
    w.key("estimated_wait_ms");
    w.integer((*e.estimated_wait_ms));
  }
  w.end_object();
}

void encode(JsonWriter& w, [[maybe_unused]] const model::QueueReturnedEvent& e) {
  w.begin_object();
  {
    w.key("queue_id");
    w.string(e.queue_id.str());
  }
  {
    w.key("queue");
    w.string(e.queue);
  }
  {
    w.key("queue_entry_id");
    w.string(e.queue_entry_id.str());
  }
  {
    w.key("call_id");
    w.string(e.call_id.str());
  }
  {
    w.key("by_call_id");
    w.string(e.by_call_id.str());
  }
  {
    w.key("reason");
    w.string(text_of(e.reason));
  }
  {
    w.key("position");
    w.integer(e.position);
  }
  w.end_object();
}

void encode(JsonWriter& w, [[maybe_unused]] const model::QueueStatistics& e) {
  w.begin_object();
  {
    w.key("waiting");
    w.integer(e.waiting);
  }
  {
    w.key("offered");
    w.integer(e.offered);
  }
  {
    w.key("agents");
    w.integer(e.agents);
  }
  if (e.longest_wait_ms) {
    w.key("longest_wait_ms");
    w.integer((*e.longest_wait_ms));
  }
  {
    w.key("served");
    w.integer(e.served);
  }
  {
    w.key("abandoned");
    w.integer(e.abandoned);
  }
  {
    w.key("timed_out");
    w.integer(e.timed_out);
  }
  {
    w.key("removed");
    w.integer(e.removed);
  }
  {
    w.key("overflowed");
    w.integer(e.overflowed);
  }
  if (e.average_wait_ms) {
    w.key("average_wait_ms");
    w.integer((*e.average_wait_ms));
  }
  if (e.estimated_wait_ms) {
    w.key("estimated_wait_ms");
    w.integer((*e.estimated_wait_ms));
  }
  w.end_object();
}

void encode(JsonWriter& w, [[maybe_unused]] const model::QueueStatsEvent& e) {
  w.begin_object();
  {
    w.key("queue_id");
    w.string(e.queue_id.str());
  }
  {
    w.key("queue");
    w.string(e.queue);
  }
  {
    w.key("statistics");
    encode(w, e.statistics);
  }
  w.end_object();
}

void encode(JsonWriter& w, [[maybe_unused]] const model::Recording& e) {
  w.begin_object();
  {
    w.key("id");
    w.string(e.id.str());
  }
  {
    w.key("state");
    w.string(text_of(e.state));
  }
  if (e.call_id && !e.call_id->empty()) {
    w.key("call_id");
    w.string((*e.call_id).str());
  }
  if (e.conference_id && !e.conference_id->empty()) {
    w.key("conference_id");
    w.string((*e.conference_id).str());
  }
  if (e.offset_ms) {
    w.key("offset_ms");
    w.integer((*e.offset_ms));
  }
  if (e.session_id && !e.session_id->empty()) {
    w.key("session_id");
    w.string((*e.session_id).str());
  }
  if (e.application_id && !e.application_id->empty()) {
    w.key("application_id");
    w.string((*e.application_id).str());
  }
  if (e.op_id && !e.op_id->empty()) {
    w.key("op_id");
    w.string((*e.op_id).str());
  }
  {
    w.key("format");
    w.string(text_of(e.format));
  }
  {
    w.key("channels");
    w.string(text_of(e.channels));
  }
  {
    w.key("tracks");
    w.string(text_of(e.tracks));
  }
  {
    w.key("sample_rate_hz");
    w.integer(e.sample_rate_hz);
  }
  {
    w.key("started_at");
    w.time(e.started_at);
  }
  if (e.ended_at) {
    w.key("ended_at");
    w.time((*e.ended_at));
  }
  {
    w.key("duration_ms");
    w.integer(e.duration_ms);
  }
  {
    w.key("size_bytes");
    w.integer(e.size_bytes);
  }
  if (e.sha256) {
    w.key("sha256");
    w.string((*e.sha256));
  }
  {
    w.key("gap_ms");
    w.integer(e.gap_ms);
  }
  if (e.error) {
    w.key("error");
    encode_error(w, (*e.error));
  }
  if (e.content_path) {
    w.key("content_path");
    w.string((*e.content_path));
  }
  w.end_object();
}

void encode(JsonWriter& w, [[maybe_unused]] const model::RecordingFailedEvent& e) {
  w.begin_object();
  {
    w.key("recording");
    encode(w, e.recording);
  }
  w.end_object();
}

void encode(JsonWriter& w, [[maybe_unused]] const model::RecordingPausedEvent& e) {
  w.begin_object();
  {
    w.key("recording_id");
    w.string(e.recording_id.str());
  }
  if (e.conference_id && !e.conference_id->empty()) {
    w.key("conference_id");
    w.string((*e.conference_id).str());
  }
  w.end_object();
}

void encode(JsonWriter& w, [[maybe_unused]] const model::RecordingPurgedEvent& e) {
  w.begin_object();
  {
    w.key("recording_id");
    w.string(e.recording_id.str());
  }
  if (e.conference_id && !e.conference_id->empty()) {
    w.key("conference_id");
    w.string((*e.conference_id).str());
  }
  w.end_object();
}

void encode(JsonWriter& w, [[maybe_unused]] const model::RecordingReadyEvent& e) {
  w.begin_object();
  {
    w.key("recording");
    encode(w, e.recording);
  }
  w.end_object();
}

void encode(JsonWriter& w, [[maybe_unused]] const model::RecordingResumedEvent& e) {
  w.begin_object();
  {
    w.key("recording_id");
    w.string(e.recording_id.str());
  }
  if (e.conference_id && !e.conference_id->empty()) {
    w.key("conference_id");
    w.string((*e.conference_id).str());
  }
  w.end_object();
}

void encode(JsonWriter& w, [[maybe_unused]] const model::RecordingStartedEvent& e) {
  w.begin_object();
  {
    w.key("recording_id");
    w.string(e.recording_id.str());
  }
  {
    w.key("format");
    w.string(text_of(e.format));
  }
  {
    w.key("channels");
    w.string(text_of(e.channels));
  }
  {
    w.key("tracks");
    w.string(text_of(e.tracks));
  }
  if (e.conference_id && !e.conference_id->empty()) {
    w.key("conference_id");
    w.string((*e.conference_id).str());
  }
  if (e.participant_call_id && !e.participant_call_id->empty()) {
    w.key("participant_call_id");
    w.string((*e.participant_call_id).str());
  }
  if (e.offset_ms) {
    w.key("offset_ms");
    w.integer((*e.offset_ms));
  }
  w.end_object();
}

void encode(JsonWriter& w, [[maybe_unused]] const model::SessionDrainingEvent& e) {
  w.begin_object();
  {
    w.key("deadline_ms");
    w.integer(e.deadline_ms);
  }
  w.end_object();
}

void encode(JsonWriter& w, [[maybe_unused]] const model::SessionLaggingEvent& e) {
  w.begin_object();
  {
    w.key("unacked");
    w.integer(e.unacked);
  }
  {
    w.key("window");
    w.integer(e.window);
  }
  {
    w.key("merged");
    w.integer(e.merged);
  }
  w.end_object();
}

void encode(JsonWriter& w, [[maybe_unused]] const model::SessionInfo& e) {
  w.begin_object();
  {
    w.key("id");
    w.string(e.id.str());
  }
  {
    w.key("created_at");
    w.time(e.created_at);
  }
  {
    w.key("resume_ttl_ms");
    w.integer(e.resume_ttl_ms);
  }
  w.end_object();
}

void encode(JsonWriter& w, [[maybe_unused]] const model::AudioState& e) {
  w.begin_object();
  {
    w.key("mute_in");
    w.boolean(e.mute_in);
  }
  {
    w.key("mute_out");
    w.boolean(e.mute_out);
  }
  {
    w.key("gain_in_db");
    w.number(e.gain_in_db);
  }
  {
    w.key("gain_out_db");
    w.number(e.gain_out_db);
  }
  w.end_object();
}

void encode(JsonWriter& w, [[maybe_unused]] const model::CallSnapshot& e) {
  w.begin_object();
  {
    w.key("id");
    w.string(e.id.str());
  }
  {
    w.key("direction");
    w.string(text_of(e.direction));
  }
  {
    w.key("state");
    w.string(text_of(e.state));
  }
  {
    w.key("from");
    w.string(e.from);
  }
  {
    w.key("to");
    w.string(e.to);
  }
  if (e.from_display_name) {
    w.key("from_display_name");
    w.string((*e.from_display_name));
  }
  if (e.ivr_id && !e.ivr_id->empty()) {
    w.key("ivr_id");
    w.string((*e.ivr_id).str());
  }
  if (e.codec) {
    w.key("codec");
    w.string(text_of((*e.codec)));
  }
  {
    w.key("audio");
    encode(w, e.audio);
  }
  {
    w.key("held");
    w.boolean(e.held);
  }
  {
    w.key("created_at");
    w.time(e.created_at);
  }
  if (e.answered_at) {
    w.key("answered_at");
    w.time((*e.answered_at));
  }
  {
    w.key("on_disconnect");
    w.string(text_of(e.on_disconnect));
  }
  if (e.tag) {
    w.key("tag");
    w.raw((*e.tag).text);
  }
  if (e.bridge_id && !e.bridge_id->empty()) {
    w.key("bridge_id");
    w.string((*e.bridge_id).str());
  }
  if (e.parent_call_id && !e.parent_call_id->empty()) {
    w.key("parent_call_id");
    w.string((*e.parent_call_id).str());
  }
  {
    w.key("on_hold");
    w.boolean(e.on_hold);
  }
  if (e.conference_id && !e.conference_id->empty()) {
    w.key("conference_id");
    w.string((*e.conference_id).str());
  }
  w.end_object();
}

void encode(JsonWriter& w, [[maybe_unused]] const model::OperationView& e) {
  w.begin_object();
  {
    w.key("id");
    w.string(e.id.str());
  }
  {
    w.key("method");
    w.string(e.method);
  }
  if (e.call_id && !e.call_id->empty()) {
    w.key("call_id");
    w.string((*e.call_id).str());
  }
  {
    w.key("state");
    w.string(text_of(e.state));
  }
  if (e.lane) {
    w.key("lane");
    w.string(text_of((*e.lane)));
  }
  if (e.outcome) {
    w.key("outcome");
    w.string(text_of((*e.outcome)));
  }
  if (e.reason) {
    w.key("reason");
    w.string(text_of((*e.reason)));
  }
  if (e.result && e.result->index() != 0) {
    w.key("result");
    encode_op_result(w, (*e.result));
  }
  if (e.error) {
    w.key("error");
    encode_error(w, (*e.error));
  }
  if (e.created_at) {
    w.key("created_at");
    w.time((*e.created_at));
  }
  if (e.completed_at) {
    w.key("completed_at");
    w.time((*e.completed_at));
  }
  w.end_object();
}

void encode(JsonWriter& w, [[maybe_unused]] const model::BridgeSnapshot& e) {
  w.begin_object();
  {
    w.key("id");
    w.string(e.id.str());
  }
  {
    w.key("state");
    w.string(text_of(e.state));
  }
  {
    w.key("call_ids");
    w.begin_array();
    for (const auto& item : e.call_ids) { w.string(item.str()); }
    w.end_array();
  }
  {
    w.key("direction");
    w.string(text_of(e.direction));
  }
  {
    w.key("created_at");
    w.time(e.created_at);
  }
  w.end_object();
}

void encode(JsonWriter& w, [[maybe_unused]] const model::QueueEntry& e) {
  w.begin_object();
  {
    w.key("id");
    w.string(e.id.str());
  }
  {
    w.key("queue_id");
    w.string(e.queue_id.str());
  }
  {
    w.key("queue");
    w.string(e.queue);
  }
  {
    w.key("call_id");
    w.string(e.call_id.str());
  }
  {
    w.key("op_id");
    w.string(e.op_id.str());
  }
  {
    w.key("from");
    w.string(e.from);
  }
  {
    w.key("priority");
    w.integer(e.priority);
  }
  {
    w.key("state");
    w.string(text_of(e.state));
  }
  {
    w.key("position");
    w.integer(e.position);
  }
  if (e.estimated_wait_ms) {
    w.key("estimated_wait_ms");
    w.integer((*e.estimated_wait_ms));
  }
  {
    w.key("waited_ms");
    w.integer(e.waited_ms);
  }
  {
    w.key("entered_at");
    w.time(e.entered_at);
  }
  if (e.by_call_id && !e.by_call_id->empty()) {
    w.key("by_call_id");
    w.string((*e.by_call_id).str());
  }
  if (e.data) {
    w.key("data");
    w.raw((*e.data).text);
  }
  w.end_object();
}

void encode(JsonWriter& w, [[maybe_unused]] const model::SessionSnapshot& e) {
  w.begin_object();
  {
    w.key("session");
    encode(w, e.session);
  }
  {
    w.key("last_seq");
    w.integer(e.last_seq);
  }
  {
    w.key("calls");
    w.begin_array();
    for (const auto& item : e.calls) { encode(w, item); }
    w.end_array();
  }
  {
    w.key("operations");
    w.begin_array();
    for (const auto& item : e.operations) { encode(w, item); }
    w.end_array();
  }
  {
    w.key("bridges");
    w.begin_array();
    for (const auto& item : e.bridges) { encode(w, item); }
    w.end_array();
  }
  {
    w.key("queue_entries");
    w.begin_array();
    for (const auto& item : e.queue_entries) { encode(w, item); }
    w.end_array();
  }
  {
    w.key("conferences");
    w.begin_array();
    for (const auto& item : e.conferences) { encode(w, item); }
    w.end_array();
  }
  w.end_object();
}

void encode(JsonWriter& w, [[maybe_unused]] const model::SessionResumedEvent& e) {
  w.begin_object();
  {
    w.key("gap");
    w.boolean(e.gap);
  }
  {
    w.key("replay_from");
    w.integer(e.replay_from);
  }
  if (e.snapshot) {
    w.key("snapshot");
    encode(w, (*e.snapshot));
  }
  w.end_object();
}

void encode(JsonWriter& w, [[maybe_unused]] const model::SessionLimits& e) {
  w.begin_object();
  {
    w.key("max_frame_bytes");
    w.integer(e.max_frame_bytes);
  }
  {
    w.key("max_requests_per_second");
    w.integer(e.max_requests_per_second);
  }
  {
    w.key("max_queued_operations");
    w.integer(e.max_queued_operations);
  }
  {
    w.key("ack_window");
    w.integer(e.ack_window);
  }
  {
    w.key("replay_events");
    w.integer(e.replay_events);
  }
  {
    w.key("max_calls");
    w.integer(e.max_calls);
  }
  w.end_object();
}

void encode(JsonWriter& w, [[maybe_unused]] const model::SessionStartedEvent& e) {
  w.begin_object();
  {
    w.key("session");
    encode(w, e.session);
  }
  {
    w.key("reason");
    w.string(text_of(e.reason));
  }
  {
    w.key("account_id");
    w.string(e.account_id.str());
  }
  {
    w.key("application_id");
    w.string(e.application_id.str());
  }
  if (e.data) {
    w.key("data");
    w.raw((*e.data).text);
  }
  {
    w.key("capabilities");
    w.begin_array();
    for (const auto& item : e.capabilities) { w.string(item); }
    w.end_array();
  }
  {
    w.key("limits");
    encode(w, e.limits);
  }
  {
    w.key("resume_token");
    w.string(e.resume_token);
  }
  w.end_object();
}

void encode(JsonWriter& w, [[maybe_unused]] const model::SessionClosed& e) {
  w.begin_object();
  {
    w.key("code");
    w.integer(e.code);
  }
  {
    w.key("reason");
    w.string(e.reason);
  }
  w.end_object();
}

void encode(JsonWriter& w, [[maybe_unused]] const model::Intent& e) {
  w.begin_object();
  {
    w.key("id");
    w.string(e.id.str());
  }
  {
    w.key("account_id");
    w.string(e.account_id.str());
  }
  {
    w.key("application_id");
    w.string(e.application_id.str());
  }
  {
    w.key("state");
    w.string(text_of(e.state));
  }
  if (e.position) {
    w.key("position");
    w.integer((*e.position));
  }
  {
    w.key("requested_at");
    w.time(e.requested_at);
  }
  {
    w.key("expires_at");
    w.time(e.expires_at);
  }
  if (e.session_id && !e.session_id->empty()) {
    w.key("session_id");
    w.string((*e.session_id).str());
  }
  {
    w.key("call_ids");
    w.begin_array();
    for (const auto& item : e.call_ids) { w.string(item.str()); }
    w.end_array();
  }
  if (e.error) {
    w.key("error");
    encode_error(w, (*e.error));
  }
  if (e.data) {
    w.key("data");
    w.raw((*e.data).text);
  }
  w.end_object();
}

void encode(JsonWriter& w, [[maybe_unused]] const model::LiveCall& e) {
  w.begin_object();
  {
    w.key("call");
    encode(w, e.call);
  }
  if (e.session_id && !e.session_id->empty()) {
    w.key("session_id");
    w.string((*e.session_id).str());
  }
  {
    w.key("application_id");
    w.string(e.application_id.str());
  }
  if (e.intent_id && !e.intent_id->empty()) {
    w.key("intent_id");
    w.string((*e.intent_id).str());
  }
  w.end_object();
}

void encode(JsonWriter& w, [[maybe_unused]] const model::LiveSession& e) {
  w.begin_object();
  {
    w.key("id");
    w.string(e.id.str());
  }
  {
    w.key("application_id");
    w.string(e.application_id.str());
  }
  {
    w.key("reason");
    w.string(text_of(e.reason));
  }
  {
    w.key("created_at");
    w.time(e.created_at);
  }
  {
    w.key("call_ids");
    w.begin_array();
    for (const auto& item : e.call_ids) { w.string(item.str()); }
    w.end_array();
  }
  w.end_object();
}

void encode(JsonWriter& w, [[maybe_unused]] const model::QueueInfo& e) {
  w.begin_object();
  {
    w.key("id");
    w.string(e.id.str());
  }
  {
    w.key("name");
    w.string(e.name);
  }
  {
    w.key("provisioned");
    w.boolean(e.provisioned);
  }
  {
    w.key("max_size");
    w.integer(e.max_size);
  }
  {
    w.key("max_wait_ms");
    w.integer(e.max_wait_ms);
  }
  {
    w.key("overflow_action");
    w.string(text_of(e.overflow_action));
  }
  if (e.overflow_queue) {
    w.key("overflow_queue");
    w.string((*e.overflow_queue));
  }
  {
    w.key("wait_urls");
    w.begin_array();
    for (const auto& item : e.wait_urls) { w.string(item); }
    w.end_array();
  }
  {
    w.key("order");
    w.string(text_of(e.order));
  }
  {
    w.key("statistics");
    encode(w, e.statistics);
  }
  w.end_object();
}

void encode(JsonWriter& w, const model::EventData& data) {
  std::visit([&w](const auto& e) { encode(w, e); }, data);
}

}  // namespace tandem::wire
