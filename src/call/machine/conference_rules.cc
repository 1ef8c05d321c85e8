#include "call/machine/conference_rules.h"

#include <algorithm>

namespace tandem::call::machine {

using model::ConferenceEndReason;
using model::ConferenceEndRule;
using model::ConferenceRole;
using model::ConferenceStart;
using model::SuperviseMode;

namespace {

constexpr auto kNobody = Range::Kind::nobody;

Range only(const std::vector<model::CallId>& members) {
  return {Range::Kind::only, members};
}

/// Of a supervisor that nothing keeps from its part.
void supervise(const model::Supervision& how, Hearing& out) {
  switch (how.mode) {
    case SuperviseMode::monitor:
      out.heard_by = {kNobody, {}};
      if (!how.call_ids.empty()) out.hears = only(how.call_ids);
      break;
    case SuperviseMode::coach:
      out.heard_by = only(how.call_ids);
      break;
    case SuperviseMode::whisper:
      out.heard_by = only(how.call_ids);
      out.hears = only(how.call_ids);
      break;
    case SuperviseMode::barge:
      break;
  }
}

/// Takes the same time wherever the two differ, so that a PIN cannot be guessed digit by digit.
bool same_digits(std::string_view a, std::string_view b) {
  unsigned differs = a.size() == b.size() ? 0U : 1U;
  for (std::size_t i = 0; i < a.size(); ++i) {
    const char other = b.empty() ? '\0' : b[i % b.size()];
    differs |= static_cast<unsigned char>(a[i]) ^ static_cast<unsigned char>(other);
  }
  return differs == 0;
}

}  // namespace

bool Range::covers(const model::CallId& id) const {
  if (kind == Kind::everyone) return true;
  return kind == Kind::only && std::find(members.begin(), members.end(), id) != members.end();
}

Hearing hearing(const MemberFacts& member, bool started) {
  Hearing out;
  if (member.role == ConferenceRole::listener) out.heard_by = {kNobody, {}};
  if (member.role == ConferenceRole::supervisor) {
    supervise(member.supervise.value_or(model::Supervision{SuperviseMode::monitor, {}}), out);
  }
  if (!started) {
    out.heard_by = {kNobody, {}};
    out.hears = {kNobody, {}};
  }
  if (member.muted || member.on_hold) out.heard_by = {kNobody, {}};
  if (member.deaf || member.on_hold) {
    out.hears = {kNobody, {}};
    out.hears_plays = false;
  }
  return out;
}

bool hears(const model::CallId& listener, const Hearing& of_listener, const model::CallId& speaker,
           const Hearing& of_speaker) {
  return listener != speaker && of_listener.hears.covers(speaker) && of_speaker.heard_by.covers(listener);
}

Admission admit(const Gate& gate, ConferenceRole role, std::string_view pin) {
  if (!counts(role)) return {Entry::admitted, role};
  const bool is_moderators = !gate.moderator_pin.empty() && same_digits(pin, gate.moderator_pin);
  if (is_moderators) {
    role = ConferenceRole::moderator;
  } else if (role == ConferenceRole::moderator && !gate.moderator_pin.empty()) {
    return {Entry::wrong_pin, role};
  } else if (!gate.pin.empty() && !same_digits(pin, gate.pin)) {
    return {Entry::wrong_pin, role};
  } else if (gate.pin.empty() && !pin.empty() && !gate.moderator_pin.empty()) {
    return {Entry::wrong_pin, role};  // Somebody tried to be a moderator.
  }
  if (gate.locked && role != ConferenceRole::moderator) return {Entry::locked, role};
  if (gate.participants >= gate.most) return {Entry::full, role};
  return {Entry::admitted, role};
}

bool starts(ConferenceStart rule, const Attendance& now, ConferenceRole entered,
            std::optional<bool> start_on_enter) {
  if (!counts(entered)) return start_on_enter.value_or(false);
  if (start_on_enter && *start_on_enter) return true;
  switch (rule) {
    case ConferenceStart::immediate:
      return true;
    case ConferenceStart::two_participants:
      return now.participants >= 2;
    case ConferenceStart::moderator:
      return entered == ConferenceRole::moderator && start_on_enter.value_or(true);
  }
  return true;
}

std::optional<ConferenceEndReason> ends(ConferenceEndRule rule, const Attendance& now,
                                        const Departure& departure) {
  if (departure.end_on_exit) return ConferenceEndReason::end_on_exit;
  // A supervisor alone has nobody to listen to, but its coming and going decides nothing.
  if (!counts(departure.role)) return std::nullopt;
  const bool led = departure.role == ConferenceRole::moderator && now.moderators == 0;
  if (rule == ConferenceEndRule::moderator && led) return ConferenceEndReason::moderator_left;
  if (now.participants > 0) return std::nullopt;
  if (rule == ConferenceEndRule::timeout && departure.owned) return std::nullopt;
  return departure.owned || rule != ConferenceEndRule::timeout ? ConferenceEndReason::last_participant
                                                               : ConferenceEndReason::session_ended;
}

}  // namespace tandem::call::machine
