// The rules of a conference as pure functions: who hears whom, who gets in, when it starts and when it ends.
// What a member hears and who hears it depends on that member and on the conference's state only, never on
// the other members: a row of the matrix is written once and holds for those that come later.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "model/generated/protocol.h"

namespace tandem::call::machine {

/// What decides about one member's audio.
struct MemberFacts {
  model::ConferenceRole role = model::ConferenceRole::participant;
  std::optional<model::Supervision> supervise;  ///< Of a supervisor; absent: monitor.
  bool muted = false;
  bool deaf = false;
  bool on_hold = false;  ///< Or away from the talk for another reason, as during its transfer.
};

/// Who of the conference an audio direction concerns.
struct Range {
  enum class Kind : std::uint8_t { everyone, nobody, only };
  Kind kind = Kind::everyone;
  std::vector<model::CallId> members;  ///< With `only`.
  [[nodiscard]] bool covers(const model::CallId& id) const;
  friend bool operator==(const Range&, const Range&) = default;
};

struct Hearing {
  Range heard_by;
  Range hears;
  bool hears_plays = true;
};

/// `started`: the start rule was met; before that nobody hears anybody, but all hear what is played.
[[nodiscard]] Hearing hearing(const MemberFacts& member, bool started);
/// Whether `listener` hears `speaker` by their two rows.
[[nodiscard]] bool hears(const model::CallId& listener, const Hearing& of_listener,
                         const model::CallId& speaker, const Hearing& of_speaker);

// ---- entry

struct Gate {
  bool locked = false;
  std::string_view pin;            ///< Empty: none.
  std::string_view moderator_pin;  ///< Empty: none.
  std::size_t participants = 0;    ///< Without supervisors.
  std::size_t most = 0;
};
enum class Entry : std::uint8_t { admitted, locked, full, wrong_pin };
struct Admission {
  Entry entry = Entry::admitted;
  model::ConferenceRole role = model::ConferenceRole::participant;  ///< With which it gets in.
};
/// Who gives the moderator's PIN is a moderator. Supervisors need no PIN, pass the lock and take no place.
[[nodiscard]] Admission admit(const Gate& gate, model::ConferenceRole role, std::string_view pin);

// ---- start and end

struct Attendance {
  std::size_t participants = 0;  ///< All but supervisors.
  std::size_t moderators = 0;
};
[[nodiscard]] inline bool counts(model::ConferenceRole role) {
  return role != model::ConferenceRole::supervisor;
}

/// Whether the conference starts now that `entered` is in; `now` includes it.
[[nodiscard]] bool starts(model::ConferenceStart rule, const Attendance& now, model::ConferenceRole entered,
                          std::optional<bool> start_on_enter);

struct Departure {
  model::ConferenceRole role = model::ConferenceRole::participant;
  bool end_on_exit = false;
  bool owned = true;  ///< The session that made the conference still lives.
};
/// Why the conference ends now that somebody has left; `now` is without it. Nothing: it goes on.
[[nodiscard]] std::optional<model::ConferenceEndReason> ends(model::ConferenceEndRule rule,
                                                             const Attendance& now,
                                                             const Departure& departure);

}  // namespace tandem::call::machine
