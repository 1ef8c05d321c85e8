// Generated from protocol/ by tools/gen. Do not edit.
#include <boost/json/value.hpp>

#include "wire/checks.h"
#include "wire/generated/codec.h"
#include "wire/matchers.h"
#include "wire/reader.h"

namespace tandem::wire {
namespace {

namespace json = boost::json;


#define kCodecValues "PCMU, PCMA, G722"
bool parse_Codec(std::string_view s, model::Codec& out) {
  if (s == "PCMU") return out = model::Codec::pcmu, true;
  if (s == "PCMA") return out = model::Codec::pcma, true;
  if (s == "G722") return out = model::Codec::g722, true;
  return false;
}

#define kReferActionValues "accept, reject, handle"
bool parse_ReferAction(std::string_view s, model::ReferAction& out) {
  if (s == "accept") return out = model::ReferAction::accept, true;
  if (s == "reject") return out = model::ReferAction::reject, true;
  if (s == "handle") return out = model::ReferAction::handle, true;
  return false;
}

#define kPrivacyValues "none, id"
bool parse_Privacy(std::string_view s, model::Privacy& out) {
  if (s == "none") return out = model::Privacy::none, true;
  if (s == "id") return out = model::Privacy::id, true;
  return false;
}

#define kEarlyMediaValues "ignore, pass, keep"
bool parse_EarlyMedia(std::string_view s, model::EarlyMedia& out) {
  if (s == "ignore") return out = model::EarlyMedia::ignore, true;
  if (s == "pass") return out = model::EarlyMedia::pass, true;
  if (s == "keep") return out = model::EarlyMedia::keep, true;
  return false;
}

#define kToneNameValues "dial, ringback, busy, congestion, beep"
bool parse_ToneName(std::string_view s, model::ToneName& out) {
  if (s == "dial") return out = model::ToneName::dial, true;
  if (s == "ringback") return out = model::ToneName::ringback, true;
  if (s == "busy") return out = model::ToneName::busy, true;
  if (s == "congestion") return out = model::ToneName::congestion, true;
  if (s == "beep") return out = model::ToneName::beep, true;
  return false;
}

#define kBridgeDirectionValues "both, listen, speak"
bool parse_BridgeDirection(std::string_view s, model::BridgeDirection& out) {
  if (s == "both") return out = model::BridgeDirection::both, true;
  if (s == "listen") return out = model::BridgeDirection::listen, true;
  if (s == "speak") return out = model::BridgeDirection::speak, true;
  return false;
}

#define kLeaveActionValues "hangup, ivr"
bool parse_LeaveAction(std::string_view s, model::LeaveAction& out) {
  if (s == "hangup") return out = model::LeaveAction::hangup, true;
  if (s == "ivr") return out = model::LeaveAction::ivr, true;
  return false;
}

#define kWhenBusyValues "queue, interrupt, reject"
bool parse_WhenBusy(std::string_view s, model::WhenBusy& out) {
  if (s == "queue") return out = model::WhenBusy::queue, true;
  if (s == "interrupt") return out = model::WhenBusy::interrupt, true;
  if (s == "reject") return out = model::WhenBusy::reject, true;
  return false;
}

#define kConferenceStartValues "immediate, two_participants, moderator"
bool parse_ConferenceStart(std::string_view s, model::ConferenceStart& out) {
  if (s == "immediate") return out = model::ConferenceStart::immediate, true;
  if (s == "two_participants") return out = model::ConferenceStart::two_participants, true;
  if (s == "moderator") return out = model::ConferenceStart::moderator, true;
  return false;
}

#define kConferenceEndRuleValues "last_participant, moderator, timeout"
bool parse_ConferenceEndRule(std::string_view s, model::ConferenceEndRule& out) {
  if (s == "last_participant") return out = model::ConferenceEndRule::last_participant, true;
  if (s == "moderator") return out = model::ConferenceEndRule::moderator, true;
  if (s == "timeout") return out = model::ConferenceEndRule::timeout, true;
  return false;
}

#define kConferenceTonesValues "none, entry, exit, both"
bool parse_ConferenceTones(std::string_view s, model::ConferenceTones& out) {
  if (s == "none") return out = model::ConferenceTones::none, true;
  if (s == "entry") return out = model::ConferenceTones::entry, true;
  if (s == "exit") return out = model::ConferenceTones::exit, true;
  if (s == "both") return out = model::ConferenceTones::both, true;
  return false;
}

#define kConferenceDigitsValues "report, pass, swallow"
bool parse_ConferenceDigits(std::string_view s, model::ConferenceDigits& out) {
  if (s == "report") return out = model::ConferenceDigits::report, true;
  if (s == "pass") return out = model::ConferenceDigits::pass, true;
  if (s == "swallow") return out = model::ConferenceDigits::swallow, true;
  return false;
}

#define kConferenceTracksValues "mix, participants, all"
bool parse_ConferenceTracks(std::string_view s, model::ConferenceTracks& out) {
  if (s == "mix") return out = model::ConferenceTracks::mix, true;
  if (s == "participants") return out = model::ConferenceTracks::participants, true;
  if (s == "all") return out = model::ConferenceTracks::all, true;
  return false;
}

#define kRecordFormatValues "wav, ogg-opus, mp3"
bool parse_RecordFormat(std::string_view s, model::RecordFormat& out) {
  if (s == "wav") return out = model::RecordFormat::wav, true;
  if (s == "ogg-opus") return out = model::RecordFormat::ogg_opus, true;
  if (s == "mp3") return out = model::RecordFormat::mp3, true;
  return false;
}

#define kPauseModeValues "silence, skip"
bool parse_PauseMode(std::string_view s, model::PauseMode& out) {
  if (s == "silence") return out = model::PauseMode::silence, true;
  if (s == "skip") return out = model::PauseMode::skip, true;
  return false;
}

#define kConferenceRoleValues "moderator, participant, listener, supervisor"
bool parse_ConferenceRole(std::string_view s, model::ConferenceRole& out) {
  if (s == "moderator") return out = model::ConferenceRole::moderator, true;
  if (s == "participant") return out = model::ConferenceRole::participant, true;
  if (s == "listener") return out = model::ConferenceRole::listener, true;
  if (s == "supervisor") return out = model::ConferenceRole::supervisor, true;
  return false;
}

#define kSuperviseModeValues "monitor, coach, whisper, barge"
bool parse_SuperviseMode(std::string_view s, model::SuperviseMode& out) {
  if (s == "monitor") return out = model::SuperviseMode::monitor, true;
  if (s == "coach") return out = model::SuperviseMode::coach, true;
  if (s == "whisper") return out = model::SuperviseMode::whisper, true;
  if (s == "barge") return out = model::SuperviseMode::barge, true;
  return false;
}

#define kConferenceEventsValues "own, all"
bool parse_ConferenceEvents(std::string_view s, model::ConferenceEvents& out) {
  if (s == "own") return out = model::ConferenceEvents::own, true;
  if (s == "all") return out = model::ConferenceEvents::all, true;
  return false;
}

#define kRecordChannelsValues "mono, dual"
bool parse_RecordChannels(std::string_view s, model::RecordChannels& out) {
  if (s == "mono") return out = model::RecordChannels::mono, true;
  if (s == "dual") return out = model::RecordChannels::dual, true;
  return false;
}

#define kRecordTracksValues "both, said, heard"
bool parse_RecordTracks(std::string_view s, model::RecordTracks& out) {
  if (s == "both") return out = model::RecordTracks::both, true;
  if (s == "said") return out = model::RecordTracks::said, true;
  if (s == "heard") return out = model::RecordTracks::heard, true;
  return false;
}

#define kSendSipMethodValues "INFO, MESSAGE, NOTIFY"
bool parse_SendSipMethod(std::string_view s, model::SendSipMethod& out) {
  if (s == "INFO") return out = model::SendSipMethod::info, true;
  if (s == "MESSAGE") return out = model::SendSipMethod::message, true;
  if (s == "NOTIFY") return out = model::SendSipMethod::notify, true;
  return false;
}

#define kTransferModeValues "blind, attended, refer"
bool parse_TransferMode(std::string_view s, model::TransferMode& out) {
  if (s == "blind") return out = model::TransferMode::blind, true;
  if (s == "attended") return out = model::TransferMode::attended, true;
  if (s == "refer") return out = model::TransferMode::refer, true;
  return false;
}

#define kTransferFailureValues "resume, hangup"
bool parse_TransferFailure(std::string_view s, model::TransferFailure& out) {
  if (s == "resume") return out = model::TransferFailure::resume, true;
  if (s == "hangup") return out = model::TransferFailure::hangup, true;
  return false;
}

#define kDisconnectActionValues "keep, hangup, play_then_hangup"
bool parse_DisconnectAction(std::string_view s, model::DisconnectAction& out) {
  if (s == "keep") return out = model::DisconnectAction::keep, true;
  if (s == "hangup") return out = model::DisconnectAction::hangup, true;
  if (s == "play_then_hangup") return out = model::DisconnectAction::play_then_hangup, true;
  return false;
}

#define kIfExistsValues "fail, use"
bool parse_IfExists(std::string_view s, model::IfExists& out) {
  if (s == "fail") return out = model::IfExists::fail, true;
  if (s == "use") return out = model::IfExists::use, true;
  return false;
}

#define kQueueSelectionValues "priority, longest"
bool parse_QueueSelection(std::string_view s, model::QueueSelection& out) {
  if (s == "priority") return out = model::QueueSelection::priority, true;
  if (s == "longest") return out = model::QueueSelection::longest, true;
  return false;
}

void decode_CallAnswer([[maybe_unused]] const json::value& value, [[maybe_unused]] model::CallAnswer& out, Complaint& c, const std::string& path) {
  ObjectReader r(value, c, path);
  r.id("call_id", out.call_id, Need::required);
  r.list("codecs", out.codecs, Need::optional, {1, 8}, [](const json::value& v, auto& item, Complaint& problem, const std::string& at) {
      if (!v.is_string() || !parse_Codec(std::string_view(v.get_string()), item)) problem.set(model::ErrorCode::invalid_params, at, "must be one of " kCodecValues);
    });
  r.headers("headers", out.headers, Need::optional);
  r.id("op_id", out.op_id, Need::optional);
  r.integer("deadline_ms", out.deadline_ms, Need::optional, {1, 86400000, {}});
  r.finish();
}

void decode_CallAnswerRefer([[maybe_unused]] const json::value& value, [[maybe_unused]] model::CallAnswerRefer& out, Complaint& c, const std::string& path) {
  ObjectReader r(value, c, path);
  r.id("call_id", out.call_id, Need::required);
  r.text("refer_id", out.refer_id, Need::required, {1, 32, nullptr, SIZE_MAX});
  r.enumeration("action", out.action, Need::required, parse_ReferAction, kReferActionValues);
  r.integer("sip_code", out.sip_code, Need::optional, {400, 699, {}});
  r.id("trunk_id", out.trunk_id, Need::optional);
  r.text("from", out.from, Need::optional, {1, 256, match_caller_id, SIZE_MAX});
  r.integer("ring_timeout_ms", out.ring_timeout_ms, Need::optional, {1000, 600000, {}});
  r.id("op_id", out.op_id, Need::optional);
  r.integer("deadline_ms", out.deadline_ms, Need::optional, {1, 86400000, {}});
  r.finish();
}

void decode_DialCredentials([[maybe_unused]] const json::value& value, [[maybe_unused]] model::DialCredentials& out, Complaint& c, const std::string& path) {
  ObjectReader r(value, c, path);
  r.text("username", out.username, Need::required, {1, 128, nullptr, SIZE_MAX});
  r.text("password", out.password, Need::required, {0, 256, nullptr, SIZE_MAX});
  r.text("realm", out.realm, Need::required, {1, 256, nullptr, SIZE_MAX});
  r.finish();
}

void decode_DialTarget([[maybe_unused]] const json::value& value, [[maybe_unused]] model::DialTarget& out, Complaint& c, const std::string& path) {
  ObjectReader r(value, c, path);
  r.text("number", out.number, Need::optional, {1, 32, match_dial_number, SIZE_MAX});
  r.text("uri", out.uri, Need::optional, {5, 512, match_dial_uri, SIZE_MAX});
  r.text("endpoint", out.endpoint, Need::optional, {3, 256, match_address_of_record, SIZE_MAX});
  r.id("trunk_id", out.trunk_id, Need::optional);
  r.text("from", out.from, Need::optional, {1, 256, match_caller_id, SIZE_MAX});
  r.text("from_display_name", out.from_display_name, Need::optional, {0, 128, match_display_name, SIZE_MAX});
  r.integer("ring_timeout_ms", out.ring_timeout_ms, Need::optional, {1000, 600000, {}});
  r.headers("headers", out.headers, Need::optional);
  r.object("credentials", out.credentials, Need::optional, decode_DialCredentials);
  r.finish();
  r.exactly_one_of({"number", "uri", "endpoint"});
  if (r.ok()) check(out, c, path);
}

void decode_DialGroup([[maybe_unused]] const json::value& value, [[maybe_unused]] model::DialGroup& out, Complaint& c, const std::string& path) {
  ObjectReader r(value, c, path);
  r.list("targets", out.targets, Need::required, {1, 20}, decode_DialTarget);
  r.finish();
}

void decode_Speech([[maybe_unused]] const json::value& value, [[maybe_unused]] model::Speech& out, Complaint& c, const std::string& path) {
  ObjectReader r(value, c, path);
  r.text("text", out.text, Need::optional, {1, 10000, match_no_nul, SIZE_MAX});
  r.text("ssml", out.ssml, Need::optional, {1, 65536, match_no_nul, SIZE_MAX});
  r.text("voice", out.voice, Need::optional, {0, SIZE_MAX, match_voice, SIZE_MAX});
  r.text("language", out.language, Need::optional, {0, SIZE_MAX, match_language, SIZE_MAX});
  r.text("engine", out.engine, Need::optional, {0, SIZE_MAX, match_engine, SIZE_MAX});
  r.finish();
  r.exactly_one_of({"text", "ssml"});
}

void decode_Tone([[maybe_unused]] const json::value& value, [[maybe_unused]] model::Tone& out, Complaint& c, const std::string& path) {
  ObjectReader r(value, c, path);
  r.enumeration("name", out.name, Need::optional, parse_ToneName, kToneNameValues);
  r.list("frequencies_hz", out.frequencies_hz, Need::optional, {1, 4}, [](const json::value& v, auto& item, Complaint& problem, const std::string& at) { (void)read_number(v, {20, 3800}, item, problem, at); });
  r.integer("on_ms", out.on_ms, Need::optional, {10, 60000, {}});
  r.integer("off_ms", out.off_ms, Need::optional, {10, 60000, {}});
  r.number("level_db", out.level_db, Need::optional, {-60, 0});
  r.integer("duration_ms", out.duration_ms, Need::optional, {10, 3600000, {}});
  r.finish();
  r.exactly_one_of({"name", "frequencies_hz"});
  r.together("on_ms", "off_ms");
  r.together("off_ms", "on_ms");
}

void decode_Source([[maybe_unused]] const json::value& value, [[maybe_unused]] model::Source& out, Complaint& c, const std::string& path) {
  ObjectReader r(value, c, path);
  r.text("url", out.url, Need::optional, {0, 2048, match_media_url, SIZE_MAX});
  r.object("say", out.say, Need::optional, decode_Speech);
  r.object("tone", out.tone, Need::optional, decode_Tone);
  r.integer("silence_ms", out.silence_ms, Need::optional, {20, 3600000, {}});
  r.id("recording_id", out.recording_id, Need::optional);
  r.finish();
  r.exactly_one_of({"url", "say", "tone", "silence_ms", "recording_id"});
}

void decode_Playlist([[maybe_unused]] const json::value& value, [[maybe_unused]] model::Playlist& out, Complaint& c, const std::string& path) {
  ObjectReader r(value, c, path);
  r.list("sources", out.sources, Need::required, {1, 64}, decode_Source);
  r.integer("loop", out.loop, Need::optional, {0, 10000, {}});
  r.number("gain_db", out.gain_db, Need::optional, {-40, 20});
  r.integer("offset_ms", out.offset_ms, Need::optional, {0, 86400000, {}});
  r.finish();
}

void decode_Screen([[maybe_unused]] const json::value& value, [[maybe_unused]] model::Screen& out, Complaint& c, const std::string& path) {
  ObjectReader r(value, c, path);
  r.object("play", out.play, Need::required, decode_Playlist);
  r.text("accept", out.accept, Need::optional, {1, 16, match_dtmf_set, SIZE_MAX});
  r.integer("timeout_ms", out.timeout_ms, Need::optional, {500, 60000, {}});
  r.integer("max_tries", out.max_tries, Need::optional, {1, 5, {}});
  r.finish();
}

void decode_DialPlan([[maybe_unused]] const json::value& value, [[maybe_unused]] model::DialPlan& out, Complaint& c, const std::string& path) {
  ObjectReader r(value, c, path);
  r.object("to", out.to, Need::optional, decode_DialTarget);
  r.list("endpoints", out.endpoints, Need::optional, {1, 20}, decode_DialGroup);
  r.text("from", out.from, Need::optional, {1, 256, match_caller_id, SIZE_MAX});
  r.text("from_display_name", out.from_display_name, Need::optional, {0, 128, match_display_name, SIZE_MAX});
  r.enumeration("privacy", out.privacy, Need::optional, parse_Privacy, kPrivacyValues);
  r.id("trunk_id", out.trunk_id, Need::optional);
  r.integer("ring_timeout_ms", out.ring_timeout_ms, Need::optional, {1000, 600000, {}});
  r.integer("total_timeout_ms", out.total_timeout_ms, Need::optional, {1000, 3600000, {}});
  r.integer("max_duration_ms", out.max_duration_ms, Need::optional, {1000, 604800000, {}});
  r.headers("headers", out.headers, Need::optional);
  r.list("codecs", out.codecs, Need::optional, {1, 8}, [](const json::value& v, auto& item, Complaint& problem, const std::string& at) {
      if (!v.is_string() || !parse_Codec(std::string_view(v.get_string()), item)) problem.set(model::ErrorCode::invalid_params, at, "must be one of " kCodecValues);
    });
  r.enumeration("early_media", out.early_media, Need::optional, parse_EarlyMedia, kEarlyMediaValues);
  r.object("screen", out.screen, Need::optional, decode_Screen);
  r.text("send_digits", out.send_digits, Need::optional, {1, 128, match_send_digits, SIZE_MAX});
  r.raw("tag", out.tag, Need::optional, 4096);
  r.finish();
  r.exactly_one_of({"to", "endpoints"});
  if (r.ok()) check(out, c, path);
}

void decode_CallBridge([[maybe_unused]] const json::value& value, [[maybe_unused]] model::CallBridge& out, Complaint& c, const std::string& path) {
  ObjectReader r(value, c, path);
  r.id("call_id", out.call_id, Need::required);
  r.id("with_call_id", out.with_call_id, Need::optional);
  r.object("dial", out.dial, Need::optional, decode_DialPlan);
  r.enumeration("direction", out.direction, Need::optional, parse_BridgeDirection, kBridgeDirectionValues);
  r.enumeration("on_peer_leave", out.on_peer_leave, Need::optional, parse_LeaveAction, kLeaveActionValues);
  r.enumeration("peer_on_leave", out.peer_on_leave, Need::optional, parse_LeaveAction, kLeaveActionValues);
  r.object("ringback", out.ringback, Need::optional, decode_Playlist);
  r.id("op_id", out.op_id, Need::optional);
  r.integer("deadline_ms", out.deadline_ms, Need::optional, {1, 86400000, {}});
  r.finish();
  r.exactly_one_of({"with_call_id", "dial"});
  if (r.ok()) check(out, c, path);
}

void decode_CollectDigits([[maybe_unused]] const json::value& value, [[maybe_unused]] model::CollectDigits& out, Complaint& c, const std::string& path) {
  ObjectReader r(value, c, path);
  r.integer("min", out.min, Need::optional, {1, 64, {}});
  r.integer("max", out.max, Need::optional, {1, 64, {}});
  r.text("terminators", out.terminators, Need::optional, {0, 16, match_dtmf_set, SIZE_MAX});
  r.integer("inter_digit_timeout_ms", out.inter_digit_timeout_ms, Need::optional, {100, 60000, {}});
  r.text("pattern", out.pattern, Need::optional, {1, 256, match_digit_pattern, SIZE_MAX});
  r.finish();
  if (r.ok()) check(out, c, path);
}

void decode_CallCollect([[maybe_unused]] const json::value& value, [[maybe_unused]] model::CallCollect& out, Complaint& c, const std::string& path) {
  ObjectReader r(value, c, path);
  r.id("call_id", out.call_id, Need::required);
  r.object("digits", out.input.digits, Need::optional, decode_CollectDigits);
  r.not_implemented("speech");
  r.integer("first_input_timeout_ms", out.input.first_input_timeout_ms, Need::optional, {100, 600000, {}});
  r.id("op_id", out.op_id, Need::optional);
  r.enumeration("when_busy", out.when_busy, Need::optional, parse_WhenBusy, kWhenBusyValues);
  r.integer("deadline_ms", out.deadline_ms, Need::optional, {1, 86400000, {}});
  r.finish();
  r.any_of({"digits", "speech"});
}

void decode_DialThenBridge([[maybe_unused]] const json::value& value, [[maybe_unused]] model::DialThenBridge& out, Complaint& c, const std::string& path) {
  ObjectReader r(value, c, path);
  r.id("call_id", out.call_id, Need::required);
  r.enumeration("direction", out.direction, Need::optional, parse_BridgeDirection, kBridgeDirectionValues);
  r.enumeration("on_peer_leave", out.on_peer_leave, Need::optional, parse_LeaveAction, kLeaveActionValues);
  r.enumeration("peer_on_leave", out.peer_on_leave, Need::optional, parse_LeaveAction, kLeaveActionValues);
  r.object("ringback", out.ringback, Need::optional, decode_Playlist);
  r.finish();
}

void decode_ConferenceRecordOptions([[maybe_unused]] const json::value& value, [[maybe_unused]] model::ConferenceRecordOptions& out, Complaint& c, const std::string& path) {
  ObjectReader r(value, c, path);
  r.enumeration("tracks", out.tracks, Need::optional, parse_ConferenceTracks, kConferenceTracksValues);
  r.enumeration("format", out.format, Need::optional, parse_RecordFormat, kRecordFormatValues);
  r.integer("sample_rate_hz", out.sample_rate_hz, Need::optional, {8000, 16000, {}});
  r.enumeration("pause_mode", out.pause_mode, Need::optional, parse_PauseMode, kPauseModeValues);
  r.boolean("beep", out.beep, Need::optional);
  r.integer("beep_interval_ms", out.beep_interval_ms, Need::optional, {5000, 600000, {}});
  r.integer("max_duration_ms", out.max_duration_ms, Need::optional, {1000, 86400000, {}});
  r.finish();
  if (r.ok()) check(out, c, path);
}

void decode_ConferenceOptions([[maybe_unused]] const json::value& value, [[maybe_unused]] model::ConferenceOptions& out, Complaint& c, const std::string& path) {
  ObjectReader r(value, c, path);
  r.integer("max_participants", out.max_participants, Need::optional, {1, 10000, {}});
  r.boolean("locked", out.locked, Need::optional);
  r.text("pin", out.pin, Need::optional, {1, 16, match_dtmf_set, SIZE_MAX});
  r.text("moderator_pin", out.moderator_pin, Need::optional, {1, 16, match_dtmf_set, SIZE_MAX});
  r.object("wait", out.wait, Need::optional, decode_Playlist);
  r.enumeration("start", out.start, Need::optional, parse_ConferenceStart, kConferenceStartValues);
  r.enumeration("end", out.end, Need::optional, parse_ConferenceEndRule, kConferenceEndRuleValues);
  r.enumeration("tones", out.tones, Need::optional, parse_ConferenceTones, kConferenceTonesValues);
  r.object("entry_sound", out.entry_sound, Need::optional, decode_Playlist);
  r.object("exit_sound", out.exit_sound, Need::optional, decode_Playlist);
  r.boolean("announce_names", out.announce_names, Need::optional);
  r.integer("max_mixed", out.max_mixed, Need::optional, {0, 64, {}});
  r.enumeration("digits", out.digits, Need::optional, parse_ConferenceDigits, kConferenceDigitsValues);
  r.boolean("speaker_events", out.speaker_events, Need::optional);
  r.integer("max_duration_ms", out.max_duration_ms, Need::optional, {1000, 604800000, {}});
  r.integer("empty_timeout_ms", out.empty_timeout_ms, Need::optional, {1000, 86400000, {}});
  r.object("record", out.record, Need::optional, decode_ConferenceRecordOptions);
  r.raw("tag", out.tag, Need::optional, 4096);
  r.finish();
}

void decode_Supervision([[maybe_unused]] const json::value& value, [[maybe_unused]] model::Supervision& out, Complaint& c, const std::string& path) {
  ObjectReader r(value, c, path);
  r.enumeration("mode", out.mode, Need::required, parse_SuperviseMode, kSuperviseModeValues);
  r.list("call_ids", out.call_ids, Need::optional, {0, 50}, [](const json::value& v, auto& item, Complaint& problem, const std::string& at) { read_id(v, item, problem, at); });
  r.finish();
  if (r.ok()) check(out, c, path);
}

void decode_DialThenJoin([[maybe_unused]] const json::value& value, [[maybe_unused]] model::DialThenJoin& out, Complaint& c, const std::string& path) {
  ObjectReader r(value, c, path);
  r.id("conference_id", out.conference_id, Need::optional);
  r.text("name", out.name, Need::optional, {1, 64, match_display_name, SIZE_MAX});
  r.object("create", out.create, Need::optional, decode_ConferenceOptions);
  r.enumeration("role", out.terms.role, Need::optional, parse_ConferenceRole, kConferenceRoleValues);
  r.object("supervise", out.terms.supervise, Need::optional, decode_Supervision);
  r.boolean("muted", out.terms.muted, Need::optional);
  r.boolean("deaf", out.terms.deaf, Need::optional);
  r.boolean("on_hold", out.terms.on_hold, Need::optional);
  r.object("hold_music", out.terms.hold_music, Need::optional, decode_Playlist);
  r.number("gain_db", out.terms.gain_db, Need::optional, {-40, 20});
  r.boolean("start_on_enter", out.terms.start_on_enter, Need::optional);
  r.boolean("end_on_exit", out.terms.end_on_exit, Need::optional);
  r.boolean("beep", out.terms.beep, Need::optional);
  r.text("pin", out.terms.pin, Need::optional, {1, 16, match_dtmf_set, SIZE_MAX});
  r.object("announce", out.terms.announce, Need::optional, decode_Playlist);
  r.object("announce_exit", out.terms.announce_exit, Need::optional, decode_Playlist);
  r.enumeration("on_end", out.terms.on_end, Need::optional, parse_LeaveAction, kLeaveActionValues);
  r.enumeration("events", out.terms.events, Need::optional, parse_ConferenceEvents, kConferenceEventsValues);
  r.finish();
  r.exactly_one_of({"conference_id", "name"});
  r.together("create", "name");
  if (r.ok()) check(out, c, path);
}

void decode_DialThen([[maybe_unused]] const json::value& value, [[maybe_unused]] model::DialThen& out, Complaint& c, const std::string& path) {
  ObjectReader r(value, c, path);
  r.object("bridge", out.bridge, Need::optional, decode_DialThenBridge);
  r.object("join", out.join, Need::optional, decode_DialThenJoin);
  r.finish();
  r.exactly_one_of({"bridge", "join"});
}

void decode_CallDial([[maybe_unused]] const json::value& value, [[maybe_unused]] model::CallDial& out, Complaint& c, const std::string& path) {
  ObjectReader r(value, c, path);
  r.object("to", out.plan.to, Need::optional, decode_DialTarget);
  r.list("endpoints", out.plan.endpoints, Need::optional, {1, 20}, decode_DialGroup);
  r.text("from", out.plan.from, Need::optional, {1, 256, match_caller_id, SIZE_MAX});
  r.text("from_display_name", out.plan.from_display_name, Need::optional, {0, 128, match_display_name, SIZE_MAX});
  r.enumeration("privacy", out.plan.privacy, Need::optional, parse_Privacy, kPrivacyValues);
  r.id("trunk_id", out.plan.trunk_id, Need::optional);
  r.integer("ring_timeout_ms", out.plan.ring_timeout_ms, Need::optional, {1000, 600000, {}});
  r.integer("total_timeout_ms", out.plan.total_timeout_ms, Need::optional, {1000, 3600000, {}});
  r.integer("max_duration_ms", out.plan.max_duration_ms, Need::optional, {1000, 604800000, {}});
  r.headers("headers", out.plan.headers, Need::optional);
  r.list("codecs", out.plan.codecs, Need::optional, {1, 8}, [](const json::value& v, auto& item, Complaint& problem, const std::string& at) {
      if (!v.is_string() || !parse_Codec(std::string_view(v.get_string()), item)) problem.set(model::ErrorCode::invalid_params, at, "must be one of " kCodecValues);
    });
  r.enumeration("early_media", out.plan.early_media, Need::optional, parse_EarlyMedia, kEarlyMediaValues);
  r.object("screen", out.plan.screen, Need::optional, decode_Screen);
  r.text("send_digits", out.plan.send_digits, Need::optional, {1, 128, match_send_digits, SIZE_MAX});
  r.raw("tag", out.plan.tag, Need::optional, 4096);
  r.object("then", out.then, Need::optional, decode_DialThen);
  r.id("op_id", out.op_id, Need::optional);
  r.integer("deadline_ms", out.deadline_ms, Need::optional, {1, 86400000, {}});
  r.integer("progress_interval_ms", out.progress_interval_ms, Need::optional, {250, 60000, {}});
  r.finish();
  r.exactly_one_of({"to", "endpoints"});
  if (r.ok()) check(out, c, path);
}

void decode_QueueAnnouncement([[maybe_unused]] const json::value& value, [[maybe_unused]] model::QueueAnnouncement& out, Complaint& c, const std::string& path) {
  ObjectReader r(value, c, path);
  r.list("sources", out.sources, Need::required, {1, 16}, decode_Source);
  r.integer("first_after_ms", out.first_after_ms, Need::optional, {0, 3600000, {}});
  r.integer("interval_ms", out.interval_ms, Need::optional, {5000, 3600000, {}});
  r.finish();
}

void decode_QueueWait([[maybe_unused]] const json::value& value, [[maybe_unused]] model::QueueWait& out, Complaint& c, const std::string& path) {
  ObjectReader r(value, c, path);
  r.list("sources", out.sources, Need::optional, {1, 64}, decode_Source);
  r.number("gain_db", out.gain_db, Need::optional, {-40, 20});
  r.object("announce", out.announce, Need::optional, decode_QueueAnnouncement);
  r.finish();
}

void decode_CallEnqueue([[maybe_unused]] const json::value& value, [[maybe_unused]] model::CallEnqueue& out, Complaint& c, const std::string& path) {
  ObjectReader r(value, c, path);
  r.id("call_id", out.call_id, Need::required);
  r.text("queue", out.queue, Need::optional, {1, 64, match_queue_name, SIZE_MAX});
  r.id("queue_id", out.queue_id, Need::optional);
  r.integer("priority", out.priority, Need::optional, {-1000, 1000, {}});
  r.object("wait", out.wait, Need::optional, decode_QueueWait);
  r.integer("max_wait_ms", out.max_wait_ms, Need::optional, {1000, 86400000, {}});
  r.raw("data", out.data, Need::optional, 4096);
  r.id("op_id", out.op_id, Need::optional);
  r.integer("deadline_ms", out.deadline_ms, Need::optional, {1, 86400000, {}});
  r.finish();
  r.exactly_one_of({"queue", "queue_id"});
}

void decode_CallHangup([[maybe_unused]] const json::value& value, [[maybe_unused]] model::CallHangup& out, Complaint& c, const std::string& path) {
  ObjectReader r(value, c, path);
  r.id("call_id", out.call_id, Need::required);
  r.text("reason", out.reason, Need::optional, {0, 128, match_header_value, SIZE_MAX});
  r.integer("q850_cause", out.q850_cause, Need::optional, {1, 127, {}});
  r.headers("headers", out.headers, Need::optional);
  r.id("op_id", out.op_id, Need::optional);
  r.integer("deadline_ms", out.deadline_ms, Need::optional, {1, 86400000, {}});
  r.finish();
}

void decode_CallHold([[maybe_unused]] const json::value& value, [[maybe_unused]] model::CallHold& out, Complaint& c, const std::string& path) {
  ObjectReader r(value, c, path);
  r.id("call_id", out.call_id, Need::required);
  r.object("music", out.music, Need::optional, decode_Playlist);
  r.boolean("signal", out.signal, Need::optional);
  r.id("op_id", out.op_id, Need::optional);
  r.integer("deadline_ms", out.deadline_ms, Need::optional, {1, 86400000, {}});
  r.finish();
}

void decode_CallJoin([[maybe_unused]] const json::value& value, [[maybe_unused]] model::CallJoin& out, Complaint& c, const std::string& path) {
  ObjectReader r(value, c, path);
  r.id("call_id", out.call_id, Need::required);
  r.id("conference_id", out.conference_id, Need::optional);
  r.text("name", out.name, Need::optional, {1, 64, match_display_name, SIZE_MAX});
  r.object("create", out.create, Need::optional, decode_ConferenceOptions);
  r.enumeration("role", out.terms.role, Need::optional, parse_ConferenceRole, kConferenceRoleValues);
  r.object("supervise", out.terms.supervise, Need::optional, decode_Supervision);
  r.boolean("muted", out.terms.muted, Need::optional);
  r.boolean("deaf", out.terms.deaf, Need::optional);
  r.boolean("on_hold", out.terms.on_hold, Need::optional);
  r.object("hold_music", out.terms.hold_music, Need::optional, decode_Playlist);
  r.number("gain_db", out.terms.gain_db, Need::optional, {-40, 20});
  r.boolean("start_on_enter", out.terms.start_on_enter, Need::optional);
  r.boolean("end_on_exit", out.terms.end_on_exit, Need::optional);
  r.boolean("beep", out.terms.beep, Need::optional);
  r.text("pin", out.terms.pin, Need::optional, {1, 16, match_dtmf_set, SIZE_MAX});
  r.object("announce", out.terms.announce, Need::optional, decode_Playlist);
  r.object("announce_exit", out.terms.announce_exit, Need::optional, decode_Playlist);
  r.enumeration("on_end", out.terms.on_end, Need::optional, parse_LeaveAction, kLeaveActionValues);
  r.enumeration("events", out.terms.events, Need::optional, parse_ConferenceEvents, kConferenceEventsValues);
  r.id("op_id", out.op_id, Need::optional);
  r.integer("deadline_ms", out.deadline_ms, Need::optional, {1, 86400000, {}});
  r.finish();
  r.exactly_one_of({"conference_id", "name"});
  r.together("create", "name");
  if (r.ok()) check(out, c, path);
}

void decode_CallPlay([[maybe_unused]] const json::value& value, [[maybe_unused]] model::CallPlay& out, Complaint& c, const std::string& path) {
  ObjectReader r(value, c, path);
  r.id("call_id", out.call_id, Need::required);
  r.list("sources", out.play.sources, Need::required, {1, 64}, decode_Source);
  r.integer("loop", out.play.loop, Need::optional, {0, 10000, {}});
  r.number("gain_db", out.play.gain_db, Need::optional, {-40, 20});
  r.integer("offset_ms", out.play.offset_ms, Need::optional, {0, 86400000, {}});
  r.integer("max_duration_ms", out.max_duration_ms, Need::optional, {1, 86400000, {}});
  r.id("op_id", out.op_id, Need::optional);
  r.enumeration("when_busy", out.when_busy, Need::optional, parse_WhenBusy, kWhenBusyValues);
  r.integer("deadline_ms", out.deadline_ms, Need::optional, {1, 86400000, {}});
  r.integer("progress_interval_ms", out.progress_interval_ms, Need::optional, {250, 60000, {}});
  r.finish();
}

void decode_CollectInput([[maybe_unused]] const json::value& value, [[maybe_unused]] model::CollectInput& out, Complaint& c, const std::string& path) {
  ObjectReader r(value, c, path);
  r.object("digits", out.digits, Need::optional, decode_CollectDigits);
  r.not_implemented("speech");
  r.integer("first_input_timeout_ms", out.first_input_timeout_ms, Need::optional, {100, 600000, {}});
  r.finish();
  r.any_of({"digits", "speech"});
}

void decode_BargeIn([[maybe_unused]] const json::value& value, [[maybe_unused]] model::BargeIn& out, Complaint& c, const std::string& path) {
  ObjectReader r(value, c, path);
  r.boolean("digits", out.digits, Need::optional);
  r.not_implemented("speech");
  r.finish();
}

void decode_CallPrompt([[maybe_unused]] const json::value& value, [[maybe_unused]] model::CallPrompt& out, Complaint& c, const std::string& path) {
  ObjectReader r(value, c, path);
  r.id("call_id", out.call_id, Need::required);
  r.object("play", out.play, Need::required, decode_Playlist);
  r.object("collect", out.collect, Need::required, decode_CollectInput);
  r.object("barge_in", out.barge_in, Need::optional, decode_BargeIn);
  r.integer("max_tries", out.max_tries, Need::optional, {1, 10, {}});
  r.object("retry_play", out.retry_play, Need::optional, decode_Playlist);
  r.id("op_id", out.op_id, Need::optional);
  r.enumeration("when_busy", out.when_busy, Need::optional, parse_WhenBusy, kWhenBusyValues);
  r.integer("deadline_ms", out.deadline_ms, Need::optional, {1, 86400000, {}});
  r.integer("progress_interval_ms", out.progress_interval_ms, Need::optional, {250, 60000, {}});
  r.finish();
}

void decode_CallRecord([[maybe_unused]] const json::value& value, [[maybe_unused]] model::CallRecord& out, Complaint& c, const std::string& path) {
  ObjectReader r(value, c, path);
  r.id("call_id", out.call_id, Need::required);
  r.enumeration("channels", out.channels, Need::optional, parse_RecordChannels, kRecordChannelsValues);
  r.enumeration("tracks", out.tracks, Need::optional, parse_RecordTracks, kRecordTracksValues);
  r.enumeration("format", out.format, Need::optional, parse_RecordFormat, kRecordFormatValues);
  r.boolean("beep", out.beep, Need::optional);
  r.integer("beep_interval_ms", out.beep_interval_ms, Need::optional, {5000, 600000, {}});
  r.integer("max_duration_ms", out.max_duration_ms, Need::optional, {100, 14400000, {}});
  r.integer("initial_silence_ms", out.initial_silence_ms, Need::optional, {500, 600000, {}});
  r.integer("end_silence_ms", out.end_silence_ms, Need::optional, {500, 600000, {}});
  r.text("terminators", out.terminators, Need::optional, {0, 16, match_dtmf_set, SIZE_MAX});
  r.enumeration("pause_mode", out.pause_mode, Need::optional, parse_PauseMode, kPauseModeValues);
  r.not_implemented("transcribe");
  r.not_implemented("ship_to");
  r.id("op_id", out.op_id, Need::optional);
  r.integer("deadline_ms", out.deadline_ms, Need::optional, {1, 86400000, {}});
  r.finish();
  if (r.ok()) check(out, c, path);
}

void decode_CallRedirect([[maybe_unused]] const json::value& value, [[maybe_unused]] model::CallRedirect& out, Complaint& c, const std::string& path) {
  ObjectReader r(value, c, path);
  r.id("call_id", out.call_id, Need::required);
  r.list("contacts", out.contacts, Need::required, {1, 8}, [](const json::value& v, auto& item, Complaint& problem, const std::string& at) { (void)read_text(v, {5, 512, match_sip_uri, SIZE_MAX}, item, problem, at); });
  r.integer("sip_code", out.sip_code, Need::optional, {300, 380, {300, 301, 302, 303, 304, 305, 380}});
  r.headers("headers", out.headers, Need::optional);
  r.id("op_id", out.op_id, Need::optional);
  r.integer("deadline_ms", out.deadline_ms, Need::optional, {1, 86400000, {}});
  r.finish();
}

void decode_CallReject([[maybe_unused]] const json::value& value, [[maybe_unused]] model::CallReject& out, Complaint& c, const std::string& path) {
  ObjectReader r(value, c, path);
  r.id("call_id", out.call_id, Need::required);
  r.integer("sip_code", out.sip_code, Need::optional, {400, 699, {}});
  r.text("reason", out.reason, Need::optional, {0, 128, match_header_value, SIZE_MAX});
  r.integer("q850_cause", out.q850_cause, Need::optional, {1, 127, {}});
  r.headers("headers", out.headers, Need::optional);
  r.id("op_id", out.op_id, Need::optional);
  r.integer("deadline_ms", out.deadline_ms, Need::optional, {1, 86400000, {}});
  r.finish();
}

void decode_CallReportRefer([[maybe_unused]] const json::value& value, [[maybe_unused]] model::CallReportRefer& out, Complaint& c, const std::string& path) {
  ObjectReader r(value, c, path);
  r.id("call_id", out.call_id, Need::required);
  r.text("refer_id", out.refer_id, Need::required, {1, 32, nullptr, SIZE_MAX});
  r.integer("sip_code", out.sip_code, Need::required, {100, 699, {}});
  r.text("reason", out.reason, Need::optional, {0, 128, match_header_value, SIZE_MAX});
  r.id("op_id", out.op_id, Need::optional);
  r.integer("deadline_ms", out.deadline_ms, Need::optional, {1, 86400000, {}});
  r.finish();
}

void decode_CallRing([[maybe_unused]] const json::value& value, [[maybe_unused]] model::CallRing& out, Complaint& c, const std::string& path) {
  ObjectReader r(value, c, path);
  r.id("call_id", out.call_id, Need::required);
  r.integer("sip_code", out.sip_code, Need::optional, {180, 183, {180, 183}});
  r.boolean("early_media", out.early_media, Need::optional);
  r.headers("headers", out.headers, Need::optional);
  r.id("op_id", out.op_id, Need::optional);
  r.integer("deadline_ms", out.deadline_ms, Need::optional, {1, 86400000, {}});
  r.finish();
}

void decode_CallSay([[maybe_unused]] const json::value& value, [[maybe_unused]] model::CallSay& out, Complaint& c, const std::string& path) {
  ObjectReader r(value, c, path);
  r.id("call_id", out.call_id, Need::required);
  r.text("text", out.speech.text, Need::optional, {1, 10000, match_no_nul, SIZE_MAX});
  r.text("ssml", out.speech.ssml, Need::optional, {1, 65536, match_no_nul, SIZE_MAX});
  r.text("voice", out.speech.voice, Need::optional, {0, SIZE_MAX, match_voice, SIZE_MAX});
  r.text("language", out.speech.language, Need::optional, {0, SIZE_MAX, match_language, SIZE_MAX});
  r.text("engine", out.speech.engine, Need::optional, {0, SIZE_MAX, match_engine, SIZE_MAX});
  r.integer("loop", out.loop, Need::optional, {0, 10000, {}});
  r.number("gain_db", out.gain_db, Need::optional, {-40, 20});
  r.integer("max_duration_ms", out.max_duration_ms, Need::optional, {1, 86400000, {}});
  r.id("op_id", out.op_id, Need::optional);
  r.enumeration("when_busy", out.when_busy, Need::optional, parse_WhenBusy, kWhenBusyValues);
  r.integer("deadline_ms", out.deadline_ms, Need::optional, {1, 86400000, {}});
  r.integer("progress_interval_ms", out.progress_interval_ms, Need::optional, {250, 60000, {}});
  r.finish();
  r.exactly_one_of({"text", "ssml"});
}

void decode_CallSendDigits([[maybe_unused]] const json::value& value, [[maybe_unused]] model::CallSendDigits& out, Complaint& c, const std::string& path) {
  ObjectReader r(value, c, path);
  r.id("call_id", out.call_id, Need::required);
  r.text("digits", out.digits, Need::required, {1, 128, match_send_digits, SIZE_MAX});
  r.integer("tone_ms", out.tone_ms, Need::optional, {40, 2000, {}});
  r.integer("gap_ms", out.gap_ms, Need::optional, {40, 2000, {}});
  r.id("op_id", out.op_id, Need::optional);
  r.enumeration("when_busy", out.when_busy, Need::optional, parse_WhenBusy, kWhenBusyValues);
  r.integer("deadline_ms", out.deadline_ms, Need::optional, {1, 86400000, {}});
  r.finish();
}

void decode_CallSendSip([[maybe_unused]] const json::value& value, [[maybe_unused]] model::CallSendSip& out, Complaint& c, const std::string& path) {
  ObjectReader r(value, c, path);
  r.id("call_id", out.call_id, Need::required);
  r.enumeration("method", out.method, Need::required, parse_SendSipMethod, kSendSipMethodValues);
  r.text("content_type", out.content_type, Need::optional, {0, 128, match_content_type, SIZE_MAX});
  r.text("body", out.body, Need::optional, {0, 16384, nullptr, 16384});
  r.headers("headers", out.headers, Need::optional);
  r.id("op_id", out.op_id, Need::optional);
  r.integer("deadline_ms", out.deadline_ms, Need::optional, {1, 86400000, {}});
  r.finish();
  r.together("body", "content_type");
  r.together("content_type", "body");
}

void decode_AudioMute([[maybe_unused]] const json::value& value, [[maybe_unused]] model::AudioMute& out, Complaint& c, const std::string& path) {
  ObjectReader r(value, c, path);
  r.boolean("in", out.in, Need::optional);
  r.boolean("out", out.out, Need::optional);
  r.finish();
  r.any_of({"in", "out"});
}

void decode_AudioGain([[maybe_unused]] const json::value& value, [[maybe_unused]] model::AudioGain& out, Complaint& c, const std::string& path) {
  ObjectReader r(value, c, path);
  r.number("in", out.in, Need::optional, {-40, 20});
  r.number("out", out.out, Need::optional, {-40, 20});
  r.finish();
  r.any_of({"in", "out"});
}

void decode_CallSetAudio([[maybe_unused]] const json::value& value, [[maybe_unused]] model::CallSetAudio& out, Complaint& c, const std::string& path) {
  ObjectReader r(value, c, path);
  r.id("call_id", out.call_id, Need::required);
  r.object("mute", out.mute, Need::optional, decode_AudioMute);
  r.object("gain_db", out.gain_db, Need::optional, decode_AudioGain);
  r.id("op_id", out.op_id, Need::optional);
  r.integer("deadline_ms", out.deadline_ms, Need::optional, {1, 86400000, {}});
  r.finish();
  r.any_of({"mute", "gain_db"});
}

void decode_CallTransfer([[maybe_unused]] const json::value& value, [[maybe_unused]] model::CallTransfer& out, Complaint& c, const std::string& path) {
  ObjectReader r(value, c, path);
  r.id("call_id", out.call_id, Need::required);
  r.enumeration("mode", out.mode, Need::optional, parse_TransferMode, kTransferModeValues);
  r.object("to", out.to, Need::optional, decode_DialTarget);
  r.id("consult_call_id", out.consult_call_id, Need::optional);
  r.text("from", out.from, Need::optional, {1, 256, match_caller_id, SIZE_MAX});
  r.text("from_display_name", out.from_display_name, Need::optional, {0, 128, match_display_name, SIZE_MAX});
  r.integer("ring_timeout_ms", out.ring_timeout_ms, Need::optional, {1000, 600000, {}});
  r.object("ringback", out.ringback, Need::optional, decode_Playlist);
  r.enumeration("on_fail", out.on_fail, Need::optional, parse_TransferFailure, kTransferFailureValues);
  r.headers("headers", out.headers, Need::optional);
  r.id("op_id", out.op_id, Need::optional);
  r.integer("deadline_ms", out.deadline_ms, Need::optional, {1, 86400000, {}});
  r.finish();
  r.any_of({"to", "consult_call_id"});
  if (r.ok()) check(out, c, path);
}

void decode_CallUnhold([[maybe_unused]] const json::value& value, [[maybe_unused]] model::CallUnhold& out, Complaint& c, const std::string& path) {
  ObjectReader r(value, c, path);
  r.id("call_id", out.call_id, Need::required);
  r.id("op_id", out.op_id, Need::optional);
  r.integer("deadline_ms", out.deadline_ms, Need::optional, {1, 86400000, {}});
  r.finish();
}

void decode_OnDisconnect([[maybe_unused]] const json::value& value, [[maybe_unused]] model::OnDisconnect& out, Complaint& c, const std::string& path) {
  ObjectReader r(value, c, path);
  r.enumeration("action", out.action, Need::required, parse_DisconnectAction, kDisconnectActionValues);
  r.object("play", out.play, Need::optional, decode_Playlist);
  r.finish();
  if (r.ok()) check(out, c, path);
}

void decode_CallUpdate([[maybe_unused]] const json::value& value, [[maybe_unused]] model::CallUpdate& out, Complaint& c, const std::string& path) {
  ObjectReader r(value, c, path);
  r.id("call_id", out.call_id, Need::required);
  r.object("on_disconnect", out.on_disconnect, Need::optional, decode_OnDisconnect);
  r.integer("max_duration_ms", out.max_duration_ms, Need::optional, {1000, 604800000, {}});
  r.boolean("inband_digits", out.inband_digits, Need::optional);
  r.raw("tag", out.tag, Need::optional, 4096);
  r.id("op_id", out.op_id, Need::optional);
  r.integer("deadline_ms", out.deadline_ms, Need::optional, {1, 86400000, {}});
  r.finish();
  r.any_of({"on_disconnect", "max_duration_ms", "inband_digits", "tag"});
}

void decode_ConferenceCreate([[maybe_unused]] const json::value& value, [[maybe_unused]] model::ConferenceCreate& out, Complaint& c, const std::string& path) {
  ObjectReader r(value, c, path);
  r.text("name", out.name, Need::optional, {1, 64, match_display_name, SIZE_MAX});
  r.integer("max_participants", out.options.max_participants, Need::optional, {1, 10000, {}});
  r.boolean("locked", out.options.locked, Need::optional);
  r.text("pin", out.options.pin, Need::optional, {1, 16, match_dtmf_set, SIZE_MAX});
  r.text("moderator_pin", out.options.moderator_pin, Need::optional, {1, 16, match_dtmf_set, SIZE_MAX});
  r.object("wait", out.options.wait, Need::optional, decode_Playlist);
  r.enumeration("start", out.options.start, Need::optional, parse_ConferenceStart, kConferenceStartValues);
  r.enumeration("end", out.options.end, Need::optional, parse_ConferenceEndRule, kConferenceEndRuleValues);
  r.enumeration("tones", out.options.tones, Need::optional, parse_ConferenceTones, kConferenceTonesValues);
  r.object("entry_sound", out.options.entry_sound, Need::optional, decode_Playlist);
  r.object("exit_sound", out.options.exit_sound, Need::optional, decode_Playlist);
  r.boolean("announce_names", out.options.announce_names, Need::optional);
  r.integer("max_mixed", out.options.max_mixed, Need::optional, {0, 64, {}});
  r.enumeration("digits", out.options.digits, Need::optional, parse_ConferenceDigits, kConferenceDigitsValues);
  r.boolean("speaker_events", out.options.speaker_events, Need::optional);
  r.integer("max_duration_ms", out.options.max_duration_ms, Need::optional, {1000, 604800000, {}});
  r.integer("empty_timeout_ms", out.options.empty_timeout_ms, Need::optional, {1000, 86400000, {}});
  r.object("record", out.options.record, Need::optional, decode_ConferenceRecordOptions);
  r.raw("tag", out.options.tag, Need::optional, 4096);
  r.enumeration("if_exists", out.if_exists, Need::optional, parse_IfExists, kIfExistsValues);
  r.id("op_id", out.op_id, Need::optional);
  r.finish();
}

void decode_ConferenceEnd([[maybe_unused]] const json::value& value, [[maybe_unused]] model::ConferenceEnd& out, Complaint& c, const std::string& path) {
  ObjectReader r(value, c, path);
  r.id("conference_id", out.conference_id, Need::required);
  r.id("op_id", out.op_id, Need::optional);
  r.finish();
}

void decode_ConferencePlay([[maybe_unused]] const json::value& value, [[maybe_unused]] model::ConferencePlay& out, Complaint& c, const std::string& path) {
  ObjectReader r(value, c, path);
  r.id("conference_id", out.conference_id, Need::required);
  r.list("sources", out.play.sources, Need::required, {1, 64}, decode_Source);
  r.integer("loop", out.play.loop, Need::optional, {0, 10000, {}});
  r.number("gain_db", out.play.gain_db, Need::optional, {-40, 20});
  r.integer("offset_ms", out.play.offset_ms, Need::optional, {0, 86400000, {}});
  r.integer("max_duration_ms", out.max_duration_ms, Need::optional, {1, 86400000, {}});
  r.id("op_id", out.op_id, Need::optional);
  r.enumeration("when_busy", out.when_busy, Need::optional, parse_WhenBusy, kWhenBusyValues);
  r.integer("deadline_ms", out.deadline_ms, Need::optional, {1, 86400000, {}});
  r.finish();
}

void decode_ConferenceRecord([[maybe_unused]] const json::value& value, [[maybe_unused]] model::ConferenceRecord& out, Complaint& c, const std::string& path) {
  ObjectReader r(value, c, path);
  r.id("conference_id", out.conference_id, Need::required);
  r.enumeration("tracks", out.how.tracks, Need::optional, parse_ConferenceTracks, kConferenceTracksValues);
  r.enumeration("format", out.how.format, Need::optional, parse_RecordFormat, kRecordFormatValues);
  r.integer("sample_rate_hz", out.how.sample_rate_hz, Need::optional, {8000, 16000, {}});
  r.enumeration("pause_mode", out.how.pause_mode, Need::optional, parse_PauseMode, kPauseModeValues);
  r.boolean("beep", out.how.beep, Need::optional);
  r.integer("beep_interval_ms", out.how.beep_interval_ms, Need::optional, {5000, 600000, {}});
  r.integer("max_duration_ms", out.how.max_duration_ms, Need::optional, {1000, 86400000, {}});
  r.id("op_id", out.op_id, Need::optional);
  r.integer("deadline_ms", out.deadline_ms, Need::optional, {1, 86400000, {}});
  r.finish();
  if (r.ok()) check(out, c, path);
}

void decode_ConferenceUpdate([[maybe_unused]] const json::value& value, [[maybe_unused]] model::ConferenceUpdate& out, Complaint& c, const std::string& path) {
  ObjectReader r(value, c, path);
  r.id("conference_id", out.conference_id, Need::required);
  r.boolean("locked", out.locked, Need::optional);
  r.integer("max_participants", out.max_participants, Need::optional, {1, 10000, {}});
  r.text("pin", out.pin, Need::optional, {0, 16, match_dtmf_set, SIZE_MAX});
  r.text("moderator_pin", out.moderator_pin, Need::optional, {0, 16, match_dtmf_set, SIZE_MAX});
  r.object("wait", out.wait, Need::optional, decode_Playlist);
  r.boolean("start_now", out.start_now, Need::optional);
  r.enumeration("end", out.end, Need::optional, parse_ConferenceEndRule, kConferenceEndRuleValues);
  r.enumeration("tones", out.tones, Need::optional, parse_ConferenceTones, kConferenceTonesValues);
  r.boolean("announce_names", out.announce_names, Need::optional);
  r.enumeration("digits", out.digits, Need::optional, parse_ConferenceDigits, kConferenceDigitsValues);
  r.raw("tag", out.tag, Need::optional, 4096);
  r.id("op_id", out.op_id, Need::optional);
  r.finish();
  r.any_of({"locked", "max_participants", "pin", "moderator_pin", "wait", "start_now", "end", "tones", "announce_names", "digits", "tag"});
}

void decode_ConferenceUpdateParticipant([[maybe_unused]] const json::value& value, [[maybe_unused]] model::ConferenceUpdateParticipant& out, Complaint& c, const std::string& path) {
  ObjectReader r(value, c, path);
  r.id("conference_id", out.conference_id, Need::required);
  r.id("call_id", out.call_id, Need::required);
  r.enumeration("role", out.role, Need::optional, parse_ConferenceRole, kConferenceRoleValues);
  r.object("supervise", out.supervise, Need::optional, decode_Supervision);
  r.boolean("muted", out.muted, Need::optional);
  r.boolean("deaf", out.deaf, Need::optional);
  r.boolean("on_hold", out.on_hold, Need::optional);
  r.object("hold_music", out.hold_music, Need::optional, decode_Playlist);
  r.number("gain_db", out.gain_db, Need::optional, {-40, 20});
  r.boolean("kick", out.kick, Need::optional);
  r.id("op_id", out.op_id, Need::optional);
  r.finish();
  r.any_of({"role", "supervise", "muted", "deaf", "on_hold", "gain_db", "kick"});
  r.together("hold_music", "on_hold");
  if (r.ok()) check(out, c, path);
}

void decode_OpCancel([[maybe_unused]] const json::value& value, [[maybe_unused]] model::OpCancel& out, Complaint& c, const std::string& path) {
  ObjectReader r(value, c, path);
  r.id("op_id", out.op_id, Need::required);
  r.finish();
}

void decode_OpGet([[maybe_unused]] const json::value& value, [[maybe_unused]] model::OpGet& out, Complaint& c, const std::string& path) {
  ObjectReader r(value, c, path);
  r.id("op_id", out.op_id, Need::required);
  r.finish();
}

void decode_OpPause([[maybe_unused]] const json::value& value, [[maybe_unused]] model::OpPause& out, Complaint& c, const std::string& path) {
  ObjectReader r(value, c, path);
  r.id("op_id", out.op_id, Need::required);
  r.finish();
}

void decode_OpResume([[maybe_unused]] const json::value& value, [[maybe_unused]] model::OpResume& out, Complaint& c, const std::string& path) {
  ObjectReader r(value, c, path);
  r.id("op_id", out.op_id, Need::required);
  r.finish();
}

void decode_OpStop([[maybe_unused]] const json::value& value, [[maybe_unused]] model::OpStop& out, Complaint& c, const std::string& path) {
  ObjectReader r(value, c, path);
  r.id("op_id", out.op_id, Need::required);
  r.finish();
}

void decode_OpUpdate([[maybe_unused]] const json::value& value, [[maybe_unused]] model::OpUpdate& out, Complaint& c, const std::string& path) {
  ObjectReader r(value, c, path);
  r.id("op_id", out.op_id, Need::required);
  r.number("gain_db", out.gain_db, Need::optional, {-40, 20});
  r.integer("loop", out.loop, Need::optional, {0, 10000, {}});
  r.integer("progress_interval_ms", out.progress_interval_ms, Need::optional, {250, 60000, {}});
  r.integer("deadline_ms", out.deadline_ms, Need::optional, {1, 86400000, {}});
  r.finish();
  r.any_of({"gain_db", "loop", "progress_interval_ms", "deadline_ms"});
}

void decode_QueueRemove([[maybe_unused]] const json::value& value, [[maybe_unused]] model::QueueRemove& out, Complaint& c, const std::string& path) {
  ObjectReader r(value, c, path);
  r.id("queue_entry_id", out.queue_entry_id, Need::optional);
  r.id("queued_call_id", out.queued_call_id, Need::optional);
  r.id("queue_id", out.queue_id, Need::optional);
  r.id("op_id", out.op_id, Need::optional);
  r.integer("deadline_ms", out.deadline_ms, Need::optional, {1, 86400000, {}});
  r.finish();
  r.exactly_one_of({"queue_entry_id", "queued_call_id"});
}

void decode_JoinTerms([[maybe_unused]] const json::value& value, [[maybe_unused]] model::JoinTerms& out, Complaint& c, const std::string& path) {
  ObjectReader r(value, c, path);
  r.enumeration("role", out.role, Need::optional, parse_ConferenceRole, kConferenceRoleValues);
  r.object("supervise", out.supervise, Need::optional, decode_Supervision);
  r.boolean("muted", out.muted, Need::optional);
  r.boolean("deaf", out.deaf, Need::optional);
  r.boolean("on_hold", out.on_hold, Need::optional);
  r.object("hold_music", out.hold_music, Need::optional, decode_Playlist);
  r.number("gain_db", out.gain_db, Need::optional, {-40, 20});
  r.boolean("start_on_enter", out.start_on_enter, Need::optional);
  r.boolean("end_on_exit", out.end_on_exit, Need::optional);
  r.boolean("beep", out.beep, Need::optional);
  r.text("pin", out.pin, Need::optional, {1, 16, match_dtmf_set, SIZE_MAX});
  r.object("announce", out.announce, Need::optional, decode_Playlist);
  r.object("announce_exit", out.announce_exit, Need::optional, decode_Playlist);
  r.enumeration("on_end", out.on_end, Need::optional, parse_LeaveAction, kLeaveActionValues);
  r.enumeration("events", out.events, Need::optional, parse_ConferenceEvents, kConferenceEventsValues);
  r.finish();
  if (r.ok()) check(out, c, path);
}

void decode_TakeThenJoin([[maybe_unused]] const json::value& value, [[maybe_unused]] model::TakeThenJoin& out, Complaint& c, const std::string& path) {
  ObjectReader r(value, c, path);
  r.id("conference_id", out.conference_id, Need::optional);
  r.text("name", out.name, Need::optional, {1, 64, match_display_name, SIZE_MAX});
  r.object("create", out.create, Need::optional, decode_ConferenceOptions);
  r.enumeration("role", out.terms.role, Need::optional, parse_ConferenceRole, kConferenceRoleValues);
  r.object("supervise", out.terms.supervise, Need::optional, decode_Supervision);
  r.boolean("muted", out.terms.muted, Need::optional);
  r.boolean("deaf", out.terms.deaf, Need::optional);
  r.boolean("on_hold", out.terms.on_hold, Need::optional);
  r.object("hold_music", out.terms.hold_music, Need::optional, decode_Playlist);
  r.number("gain_db", out.terms.gain_db, Need::optional, {-40, 20});
  r.boolean("start_on_enter", out.terms.start_on_enter, Need::optional);
  r.boolean("end_on_exit", out.terms.end_on_exit, Need::optional);
  r.boolean("beep", out.terms.beep, Need::optional);
  r.text("pin", out.terms.pin, Need::optional, {1, 16, match_dtmf_set, SIZE_MAX});
  r.object("announce", out.terms.announce, Need::optional, decode_Playlist);
  r.object("announce_exit", out.terms.announce_exit, Need::optional, decode_Playlist);
  r.enumeration("on_end", out.terms.on_end, Need::optional, parse_LeaveAction, kLeaveActionValues);
  r.enumeration("events", out.terms.events, Need::optional, parse_ConferenceEvents, kConferenceEventsValues);
  r.object("caller", out.caller, Need::optional, decode_JoinTerms);
  r.finish();
  r.any_of({"conference_id", "name", "create"});
  if (r.ok()) check(out, c, path);
}

void decode_TakeThen([[maybe_unused]] const json::value& value, [[maybe_unused]] model::TakeThen& out, Complaint& c, const std::string& path) {
  ObjectReader r(value, c, path);
  r.object("join", out.join, Need::required, decode_TakeThenJoin);
  r.finish();
}

void decode_QueueTake([[maybe_unused]] const json::value& value, [[maybe_unused]] model::QueueTake& out, Complaint& c, const std::string& path) {
  ObjectReader r(value, c, path);
  r.id("call_id", out.call_id, Need::required);
  r.text("queue", out.queue, Need::optional, {1, 64, match_queue_name, SIZE_MAX});
  r.id("queue_id", out.queue_id, Need::optional);
  r.enumeration("select", out.select, Need::optional, parse_QueueSelection, kQueueSelectionValues);
  r.id("queue_entry_id", out.queue_entry_id, Need::optional);
  r.id("queued_call_id", out.queued_call_id, Need::optional);
  r.object("whisper", out.whisper, Need::optional, decode_Playlist);
  r.enumeration("on_peer_leave", out.on_peer_leave, Need::optional, parse_LeaveAction, kLeaveActionValues);
  r.enumeration("peer_on_leave", out.peer_on_leave, Need::optional, parse_LeaveAction, kLeaveActionValues);
  r.object("then", out.then, Need::optional, decode_TakeThen);
  r.integer("wait_ms", out.wait_ms, Need::optional, {0, 86400000, {}});
  r.id("op_id", out.op_id, Need::optional);
  r.integer("deadline_ms", out.deadline_ms, Need::optional, {1, 86400000, {}});
  r.finish();
  r.exactly_one_of({"queue", "queue_id"});
  if (r.ok()) check(out, c, path);
}

void decode_QueueUpdate([[maybe_unused]] const json::value& value, [[maybe_unused]] model::QueueUpdate& out, Complaint& c, const std::string& path) {
  ObjectReader r(value, c, path);
  r.id("queue_entry_id", out.queue_entry_id, Need::optional);
  r.id("queued_call_id", out.queued_call_id, Need::optional);
  r.id("queue_id", out.queue_id, Need::optional);
  r.integer("priority", out.priority, Need::required, {-1000, 1000, {}});
  r.id("op_id", out.op_id, Need::optional);
  r.integer("deadline_ms", out.deadline_ms, Need::optional, {1, 86400000, {}});
  r.finish();
  r.exactly_one_of({"queue_entry_id", "queued_call_id"});
}

void decode_SessionAck([[maybe_unused]] const json::value& value, [[maybe_unused]] model::SessionAck& out, Complaint& c, const std::string& path) {
  ObjectReader r(value, c, path);
  r.integer("seq", out.seq, Need::required, {0, 9007199254740991, {}});
  r.finish();
}

void decode_SessionSubscribe([[maybe_unused]] const json::value& value, [[maybe_unused]] model::SessionSubscribe& out, Complaint& c, const std::string& path) {
  ObjectReader r(value, c, path);
  r.boolean("endpoints", out.endpoints, Need::optional);
  r.id("domain_id", out.domain_id, Need::optional);
  r.boolean("queues", out.queues, Need::optional);
  r.list("queue_names", out.queue_names, Need::optional, {1, 100}, [](const json::value& v, auto& item, Complaint& problem, const std::string& at) { (void)read_text(v, {1, 64, match_queue_name, SIZE_MAX}, item, problem, at); });
  r.finish();
}

void decode_SnapshotGet([[maybe_unused]] const json::value& value, [[maybe_unused]] model::SnapshotGet& out, Complaint& c, const std::string& path) {
  ObjectReader r(value, c, path);
  r.finish();
}

void decode_SessionClose([[maybe_unused]] const json::value& value, [[maybe_unused]] model::SessionClose& out, Complaint& c, const std::string& path) {
  ObjectReader r(value, c, path);
  r.finish();
}

void decode_SessionResume([[maybe_unused]] const json::value& value, [[maybe_unused]] model::SessionResume& out, Complaint& c, const std::string& path) {
  ObjectReader r(value, c, path);
  r.text("resume_token", out.resume_token, Need::required, {1, 128, nullptr, SIZE_MAX});
  r.integer("last_seq", out.last_seq, Need::required, {0, 9007199254740991, {}});
  r.finish();
}

void decode_WorkerDrain([[maybe_unused]] const json::value& value, [[maybe_unused]] model::WorkerDrain& out, Complaint& c, const std::string& path) {
  ObjectReader r(value, c, path);
  r.finish();
}

void decode_WorkerReady([[maybe_unused]] const json::value& value, [[maybe_unused]] model::WorkerReady& out, Complaint& c, const std::string& path) {
  ObjectReader r(value, c, path);
  r.integer("max_sessions", out.max_sessions, Need::required, {1, 100000, {}});
  r.finish();
}

}  // namespace

std::optional<model::RequestParams> decode_params(std::string_view method, const json::value& params,
                                                 Complaint& complaint) {
  const auto run = [&]<class T>(void (*decode)(const json::value&, T&, Complaint&, const std::string&)) {
    T out;
    decode(params, out, complaint, {});
    return std::optional<model::RequestParams>(std::move(out));
  };
  if (method == "call.answer") return run.template operator()<model::CallAnswer>(decode_CallAnswer);
  if (method == "call.answer_refer") return run.template operator()<model::CallAnswerRefer>(decode_CallAnswerRefer);
  if (method == "call.bridge") return run.template operator()<model::CallBridge>(decode_CallBridge);
  if (method == "call.collect") return run.template operator()<model::CallCollect>(decode_CallCollect);
  if (method == "call.dial") return run.template operator()<model::CallDial>(decode_CallDial);
  if (method == "call.enqueue") return run.template operator()<model::CallEnqueue>(decode_CallEnqueue);
  if (method == "call.hangup") return run.template operator()<model::CallHangup>(decode_CallHangup);
  if (method == "call.hold") return run.template operator()<model::CallHold>(decode_CallHold);
  if (method == "call.join") return run.template operator()<model::CallJoin>(decode_CallJoin);
  if (method == "call.play") return run.template operator()<model::CallPlay>(decode_CallPlay);
  if (method == "call.prompt") return run.template operator()<model::CallPrompt>(decode_CallPrompt);
  if (method == "call.record") return run.template operator()<model::CallRecord>(decode_CallRecord);
  if (method == "call.redirect") return run.template operator()<model::CallRedirect>(decode_CallRedirect);
  if (method == "call.reject") return run.template operator()<model::CallReject>(decode_CallReject);
  if (method == "call.report_refer") return run.template operator()<model::CallReportRefer>(decode_CallReportRefer);
  if (method == "call.ring") return run.template operator()<model::CallRing>(decode_CallRing);
  if (method == "call.say") return run.template operator()<model::CallSay>(decode_CallSay);
  if (method == "call.send_digits") return run.template operator()<model::CallSendDigits>(decode_CallSendDigits);
  if (method == "call.send_sip") return run.template operator()<model::CallSendSip>(decode_CallSendSip);
  if (method == "call.set_audio") return run.template operator()<model::CallSetAudio>(decode_CallSetAudio);
  if (method == "call.transfer") return run.template operator()<model::CallTransfer>(decode_CallTransfer);
  if (method == "call.unhold") return run.template operator()<model::CallUnhold>(decode_CallUnhold);
  if (method == "call.update") return run.template operator()<model::CallUpdate>(decode_CallUpdate);
  if (method == "conference.create") return run.template operator()<model::ConferenceCreate>(decode_ConferenceCreate);
  if (method == "conference.end") return run.template operator()<model::ConferenceEnd>(decode_ConferenceEnd);
  if (method == "conference.play") return run.template operator()<model::ConferencePlay>(decode_ConferencePlay);
  if (method == "conference.record") return run.template operator()<model::ConferenceRecord>(decode_ConferenceRecord);
  if (method == "conference.update") return run.template operator()<model::ConferenceUpdate>(decode_ConferenceUpdate);
  if (method == "conference.update_participant") return run.template operator()<model::ConferenceUpdateParticipant>(decode_ConferenceUpdateParticipant);
  if (method == "op.cancel") return run.template operator()<model::OpCancel>(decode_OpCancel);
  if (method == "op.get") return run.template operator()<model::OpGet>(decode_OpGet);
  if (method == "op.pause") return run.template operator()<model::OpPause>(decode_OpPause);
  if (method == "op.resume") return run.template operator()<model::OpResume>(decode_OpResume);
  if (method == "op.stop") return run.template operator()<model::OpStop>(decode_OpStop);
  if (method == "op.update") return run.template operator()<model::OpUpdate>(decode_OpUpdate);
  if (method == "queue.remove") return run.template operator()<model::QueueRemove>(decode_QueueRemove);
  if (method == "queue.take") return run.template operator()<model::QueueTake>(decode_QueueTake);
  if (method == "queue.update") return run.template operator()<model::QueueUpdate>(decode_QueueUpdate);
  if (method == "session.ack") return run.template operator()<model::SessionAck>(decode_SessionAck);
  if (method == "session.subscribe") return run.template operator()<model::SessionSubscribe>(decode_SessionSubscribe);
  if (method == "snapshot.get") return run.template operator()<model::SnapshotGet>(decode_SnapshotGet);
  return std::nullopt;
}

std::optional<model::WorkerParams> decode_worker_params(std::string_view method, const json::value& params,
                                                 Complaint& complaint) {
  const auto run = [&]<class T>(void (*decode)(const json::value&, T&, Complaint&, const std::string&)) {
    T out;
    decode(params, out, complaint, {});
    return std::optional<model::WorkerParams>(std::move(out));
  };
  if (method == "session.close") return run.template operator()<model::SessionClose>(decode_SessionClose);
  if (method == "session.resume") return run.template operator()<model::SessionResume>(decode_SessionResume);
  if (method == "worker.drain") return run.template operator()<model::WorkerDrain>(decode_WorkerDrain);
  if (method == "worker.ready") return run.template operator()<model::WorkerReady>(decode_WorkerReady);
  return std::nullopt;
}

}  // namespace tandem::wire
