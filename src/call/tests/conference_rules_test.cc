// The rules of conferences: every role, mode, mute, deaf and hold against every other; gate, start and end.
#include <gtest/gtest.h>

#include "call/machine/conference_rules.h"

namespace tandem::call::machine {
namespace {

using model::ConferenceEndReason;
using model::ConferenceEndRule;
using model::ConferenceRole;
using model::ConferenceStart;
using model::SuperviseMode;

const model::CallId kA("CAa"), kB("CAb"), kC("CAc");

/// Everything that a member can be, but for its targets: 4 roles, 5 ways of supervision, mute, deaf, hold.
std::vector<MemberFacts> all_members(const std::vector<model::CallId>& targets) {
  std::vector<MemberFacts> out;
  for (const auto role : {ConferenceRole::moderator, ConferenceRole::participant, ConferenceRole::listener,
                          ConferenceRole::supervisor}) {
    for (int mode = 0; mode < 5; ++mode) {
      if (mode > 0 && role != ConferenceRole::supervisor) continue;
      for (int flags = 0; flags < 8; ++flags) {
        MemberFacts m;
        m.role = role;
        if (mode > 0) {
          m.supervise.emplace();
          m.supervise->mode = static_cast<SuperviseMode>(mode - 1);
          if (m.supervise->mode != SuperviseMode::barge) m.supervise->call_ids = targets;
        }
        m.muted = (flags & 1) != 0;
        m.deaf = (flags & 2) != 0;
        m.on_hold = (flags & 4) != 0;
        out.push_back(std::move(m));
      }
    }
  }
  return out;
}

/// In the words of the protocol, not of the code.
bool may_speak_to(const MemberFacts& m, const model::CallId& listener) {
  if (m.muted || m.on_hold || m.role == ConferenceRole::listener) return false;
  if (m.role != ConferenceRole::supervisor) return true;
  if (!m.supervise || m.supervise->mode == SuperviseMode::monitor) return false;
  if (m.supervise->mode == SuperviseMode::barge) return true;
  const auto& ids = m.supervise->call_ids;
  return std::find(ids.begin(), ids.end(), listener) != ids.end();
}
bool may_hear(const MemberFacts& m, const model::CallId& speaker) {
  if (m.deaf || m.on_hold) return false;
  if (m.role != ConferenceRole::supervisor || !m.supervise) return true;
  const auto& ids = m.supervise->call_ids;
  const bool named = std::find(ids.begin(), ids.end(), speaker) != ids.end();
  if (m.supervise->mode == SuperviseMode::whisper) return named;
  if (m.supervise->mode == SuperviseMode::monitor) return ids.empty() || named;
  return true;
}

TEST(ConferenceRules, WhoHearsWhomOverEveryPair) {
  std::size_t pairs = 0;
  for (const auto& targets : {std::vector{kB}, std::vector{kC}, std::vector{kB, kC}}) {
    for (const MemberFacts& a : all_members(targets)) {
      for (const MemberFacts& b : all_members({kA})) {
        const Hearing of_a = hearing(a, true), of_b = hearing(b, true);
        EXPECT_EQ(hears(kB, of_b, kA, of_a), may_speak_to(a, kB) && may_hear(b, kA));
        EXPECT_EQ(hears(kA, of_a, kB, of_b), may_speak_to(b, kA) && may_hear(a, kB));
        EXPECT_FALSE(hears(kA, of_a, kA, of_a));
        EXPECT_EQ(of_a.hears_plays, !a.deaf && !a.on_hold);
        const Hearing early_a = hearing(a, false), early_b = hearing(b, false);
        EXPECT_FALSE(hears(kB, early_b, kA, early_a));
        EXPECT_EQ(early_a.hears_plays, of_a.hears_plays);
        ++pairs;
      }
    }
  }
  EXPECT_EQ(pairs, 3U * 64U * 64U);
}

TEST(ConferenceRules, TheGate) {
  const auto entry = [](Gate gate, ConferenceRole role, const char* pin = "") {
    const Admission a = admit(gate, role, pin);
    return std::pair(a.entry, a.role);
  };
  using R = ConferenceRole;
  const Gate open{false, "", "", 1, 2}, locked{true, "", "", 1, 2}, full{false, "", "", 2, 2};
  EXPECT_EQ(entry(open, R::participant), std::pair(Entry::admitted, R::participant));
  EXPECT_EQ(entry(locked, R::participant).first, Entry::locked);
  EXPECT_EQ(entry(locked, R::listener).first, Entry::locked);
  EXPECT_EQ(entry(locked, R::moderator).first, Entry::admitted);
  EXPECT_EQ(entry(locked, R::supervisor).first, Entry::admitted);
  EXPECT_EQ(entry(full, R::moderator).first, Entry::full);
  EXPECT_EQ(entry(full, R::supervisor).first, Entry::admitted);
  const Gate pinned{false, "1234", "99", 1, 2};
  EXPECT_EQ(entry(pinned, R::participant).first, Entry::wrong_pin);
  EXPECT_EQ(entry(pinned, R::participant, "1235").first, Entry::wrong_pin);
  EXPECT_EQ(entry(pinned, R::participant, "123").first, Entry::wrong_pin);
  EXPECT_EQ(entry(pinned, R::participant, "12341234").first, Entry::wrong_pin);
  EXPECT_EQ(entry(pinned, R::participant, "1234"), std::pair(Entry::admitted, R::participant));
  EXPECT_EQ(entry(pinned, R::participant, "99"), std::pair(Entry::admitted, R::moderator));
  EXPECT_EQ(entry(pinned, R::moderator, "1234").first, Entry::wrong_pin);
  EXPECT_EQ(entry(pinned, R::supervisor).first, Entry::admitted);
  const Gate half{true, "", "99", 1, 2};
  EXPECT_EQ(entry(half, R::participant).first, Entry::locked);
  EXPECT_EQ(entry(half, R::participant, "98").first, Entry::wrong_pin);
  EXPECT_EQ(entry(half, R::participant, "99"), std::pair(Entry::admitted, R::moderator));
}

TEST(ConferenceRules, Start) {
  using S = ConferenceStart;
  using R = ConferenceRole;
  EXPECT_TRUE(starts(S::immediate, {1, 0}, R::participant, {}));
  EXPECT_TRUE(starts(S::immediate, {1, 0}, R::participant, false));
  EXPECT_FALSE(starts(S::immediate, {0, 0}, R::supervisor, {}));
  EXPECT_FALSE(starts(S::two_participants, {1, 0}, R::participant, {}));
  EXPECT_TRUE(starts(S::two_participants, {2, 0}, R::participant, {}));
  EXPECT_FALSE(starts(S::moderator, {9, 0}, R::participant, {}));
  EXPECT_TRUE(starts(S::moderator, {9, 1}, R::moderator, {}));
  EXPECT_FALSE(starts(S::moderator, {9, 1}, R::moderator, false));
  EXPECT_TRUE(starts(S::moderator, {9, 0}, R::participant, true));
}

TEST(ConferenceRules, End) {
  using E = ConferenceEndRule;
  using R = ConferenceRole;
  using W = ConferenceEndReason;
  EXPECT_EQ(ends(E::last_participant, {1, 0}, {R::moderator, false, true}), std::nullopt);
  EXPECT_EQ(ends(E::last_participant, {0, 0}, {R::participant, false, true}), W::last_participant);
  EXPECT_EQ(ends(E::last_participant, {0, 0}, {R::supervisor, false, true}), std::nullopt);
  EXPECT_EQ(ends(E::last_participant, {5, 1}, {R::participant, true, true}), W::end_on_exit);
  EXPECT_EQ(ends(E::moderator, {5, 1}, {R::moderator, false, true}), std::nullopt);
  EXPECT_EQ(ends(E::moderator, {5, 0}, {R::moderator, false, true}), W::moderator_left);
  EXPECT_EQ(ends(E::moderator, {5, 0}, {R::participant, false, true}), std::nullopt);
  EXPECT_EQ(ends(E::timeout, {0, 0}, {R::participant, false, true}), std::nullopt);
  EXPECT_EQ(ends(E::timeout, {0, 0}, {R::participant, false, false}), W::session_ended);
}

}  // namespace
}  // namespace tandem::call::machine
