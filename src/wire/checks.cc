#include "wire/checks.h"

namespace tandem::wire {
namespace {

std::string below(const std::string& path, const char* name) {
  return path.empty() ? name : path + "." + name;
}

/// Alternatives of one or more elements; sets are closed and not empty; a dot ends its alternative.
bool well_formed(std::string_view pattern) {
  bool empty = true;
  bool ended = false;
  for (std::size_t i = 0; i < pattern.size(); ++i) {
    const char c = pattern[i];
    if (c == '|') {
      if (empty) return false;
      empty = true;
      ended = false;
      continue;
    }
    if (ended || c == ']' || c == '-') return false;
    if (c == '[') {
      const std::size_t end = pattern.find(']', i);
      if (end == std::string_view::npos || end == i + 1) return false;
      const std::string_view set = pattern.substr(i + 1, end - i - 1);
      if (set.find_first_of("[|.") != std::string_view::npos || set.front() == '-' || set.back() == '-')
        return false;
      i = end;
    }
    ended = c == '.';
    empty = false;
  }
  return !empty;
}

}  // namespace

void check(const model::CollectDigits& digits, Complaint& c, const std::string& path) {
  if (digits.min > digits.max)
    c.set(model::ErrorCode::invalid_params, below(path, "min"), "must not be above max");
  if (digits.pattern && !well_formed(*digits.pattern)) {
    c.set(model::ErrorCode::invalid_params, below(path, "pattern"), "is not well-formed");
  }
}

void check(const model::OnDisconnect& policy, Complaint& c, const std::string& path) {
  const bool plays = policy.action == model::DisconnectAction::play_then_hangup;
  if (plays && !policy.play)
    c.set(model::ErrorCode::invalid_params, below(path, "play"), "is required with play_then_hangup");
  if (!plays && policy.play)
    c.set(model::ErrorCode::invalid_params, below(path, "play"), "goes with play_then_hangup only");
}

void check(const model::DialTarget& target, Complaint& c, const std::string& path) {
  if (target.trunk_id && !target.number)
    c.set(model::ErrorCode::invalid_params, below(path, "trunk_id"), "goes with number only");
}

void check(const model::DialPlan& plan, Complaint& c, const std::string& path) {
  constexpr std::size_t kMaxTargets = 50;
  std::size_t targets = 0;
  bool parallel = false;
  for (const model::DialGroup& group : plan.endpoints) {
    targets += group.targets.size();
    parallel = parallel || group.targets.size() > 1;
  }
  if (targets > kMaxTargets)
    c.set(model::ErrorCode::invalid_params, below(path, "endpoints"), "must hold at most 50 targets");
  if (parallel && plan.early_media != model::EarlyMedia::ignore) {
    c.set(model::ErrorCode::invalid_params, below(path, "early_media"),
          "must be ignore where several targets ring at once");
  }
}

void check(const model::CallDial& dial, Complaint& c, const std::string& path) {
  check(dial.plan, c, path);
  if (dial.plan.early_media == model::EarlyMedia::pass && !(dial.then && dial.then->bridge))
    c.set(model::ErrorCode::invalid_params, below(path, "early_media"), "pass goes with then.bridge only");
}

void check(const model::CallBridge& bridge, Complaint& c, const std::string& path) {
  if (bridge.with_call_id && *bridge.with_call_id == bridge.call_id)
    c.set(model::ErrorCode::invalid_params, below(path, "with_call_id"), "must not be call_id");
}

void check(const model::CallRecord& record, Complaint& c, const std::string& path) {
  if (record.channels == model::RecordChannels::dual && record.tracks != model::RecordTracks::both)
    c.set(model::ErrorCode::invalid_params, below(path, "channels"), "dual goes with both tracks only");
  if (record.beep_interval_ms && !record.beep)
    c.set(model::ErrorCode::invalid_params, below(path, "beep_interval_ms"), "goes with beep only");
}

void check(const model::ConferenceRecordOptions& record, Complaint& c, const std::string& path) {
  if (record.sample_rate_hz != 8000 && record.sample_rate_hz != 16'000)
    c.set(model::ErrorCode::invalid_params, below(path, "sample_rate_hz"), "must be 8000 or 16000");
  if (record.beep_interval_ms && !record.beep)
    c.set(model::ErrorCode::invalid_params, below(path, "beep_interval_ms"), "goes with beep only");
}

void check(const model::ConferenceRecord& record, Complaint& c, const std::string& path) {
  check(record.how, c, path);
}

void check(const model::CallTransfer& transfer, Complaint& c, const std::string& path) {
  const bool blind = transfer.mode == model::TransferMode::blind;
  const bool attended = transfer.mode == model::TransferMode::attended;
  const auto wrong = [&](const char* field, const char* what) {
    c.set(model::ErrorCode::invalid_params, below(path, field), what);
  };
  if (!attended && !transfer.to && !transfer.consult_call_id) wrong("to", "is required");
  if (blind && !transfer.to) wrong("to", "is required with blind");
  if (attended && transfer.to) wrong("to", "goes with blind and refer only");
  if (attended && !transfer.consult_call_id) wrong("consult_call_id", "is required with attended");
  if (blind && transfer.consult_call_id) wrong("consult_call_id", "goes with attended and refer only");
  if (transfer.consult_call_id && *transfer.consult_call_id == transfer.call_id)
    wrong("consult_call_id", "must not be call_id");
}

void check(const model::Supervision& supervision, Complaint& c, const std::string& path) {
  const bool some = !supervision.call_ids.empty();
  const bool coaches =
      supervision.mode == model::SuperviseMode::coach || supervision.mode == model::SuperviseMode::whisper;
  if (coaches && !some)
    c.set(model::ErrorCode::invalid_params, below(path, "call_ids"), "is required with coach and whisper");
  if (supervision.mode == model::SuperviseMode::barge && some)
    c.set(model::ErrorCode::invalid_params, below(path, "call_ids"), "does not go with barge");
}

void check(const model::JoinTerms& terms, Complaint& c, const std::string& path) {
  if (terms.supervise && terms.role != model::ConferenceRole::supervisor)
    c.set(model::ErrorCode::invalid_params, below(path, "supervise"), "goes with role supervisor only");
  if (terms.hold_music && !terms.on_hold)
    c.set(model::ErrorCode::invalid_params, below(path, "hold_music"), "goes with on_hold only");
}

void check(const model::DialThenJoin& join, Complaint& c, const std::string& path) {
  check(join.terms, c, path);
}

void check(const model::CallJoin& join, Complaint& c, const std::string& path) {
  check(join.terms, c, path);
}

void check(const model::TakeThenJoin& join, Complaint& c, const std::string& path) {
  check(join.terms, c, path);
  if (!join.conference_id) return;
  if (join.name)
    c.set(model::ErrorCode::invalid_params, below(path, "name"), "goes without conference_id only");
  if (join.create)
    c.set(model::ErrorCode::invalid_params, below(path, "create"), "goes without conference_id only");
}

void check(const model::ConferenceUpdateParticipant& update, Complaint& c, const std::string& path) {
  if (update.supervise && update.role && *update.role != model::ConferenceRole::supervisor)
    c.set(model::ErrorCode::invalid_params, below(path, "supervise"), "goes with role supervisor only");
  if (update.hold_music && !update.on_hold.value_or(false))
    c.set(model::ErrorCode::invalid_params, below(path, "hold_music"), "goes with on_hold only");
}

void check(const model::QueueTake& take, Complaint& c, const std::string& path) {
  const auto wrong = [&](const char* field, const char* what) {
    c.set(model::ErrorCode::invalid_params, below(path, field), what);
  };
  if (take.select && (take.queue_entry_id || take.queued_call_id))
    wrong("select", "goes without queue_entry_id and queued_call_id only");
  if (take.queue_entry_id && take.queued_call_id) wrong("queued_call_id", "goes without queue_entry_id only");
  if (take.queued_call_id && *take.queued_call_id == take.call_id)
    wrong("queued_call_id", "must not be call_id");
  if (take.then && take.peer_on_leave) wrong("peer_on_leave", "goes without then only");
}

}  // namespace tandem::wire
