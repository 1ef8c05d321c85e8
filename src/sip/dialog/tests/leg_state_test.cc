// Every pair of state and event. A pair that is not in the table must change nothing.
#include "sip/dialog/leg_state.h"

#include <gtest/gtest.h>

#include <map>
#include <string>
#include <vector>

namespace tandem::sip::dialog {
namespace {

using enum Effect;
using E = LegEvent;

struct Expected {
  std::string next;
  Effect effects;
};

const std::vector<LegState>& all_states() {
  static const std::vector<LegState> states{Proceeding{}, Early{},   Accepted{},   HangupPending{},
                                            Calling{},    Ringing{}, Cancelling{}, AckOwed{},
                                            Confirmed{},  Closing{}, Ended{}};
  return states;
}

std::map<std::pair<std::string, E>, Expected> table() {
  std::map<std::pair<std::string, E>, Expected> t;
  for (const std::string s : {"proceeding", "early"}) {
    t[{s, E::ring}] = {"early", send_progress};
    t[{s, E::answer}] = {"accepted", send_answer};
    for (const E e : {E::reject, E::hangup, E::peer_bye, E::fault, E::peer_cancel}) {
      t[{s, e}] = {"ended", send_final | report_end | release};
    }
  }
  t[{"accepted", E::ack}] = {"confirmed", report_acknowledged};
  t[{"accepted", E::ack_timeout}] = {"closing", send_bye | report_end};
  t[{"accepted", E::hangup}] = {"hangup_pending", report_end};
  t[{"accepted", E::fault}] = {"hangup_pending", report_end};
  t[{"accepted", E::peer_bye}] = {"ended", report_end | release};
  t[{"hangup_pending", E::ack}] = {"closing", send_bye};
  t[{"hangup_pending", E::ack_timeout}] = {"closing", send_bye};
  t[{"hangup_pending", E::peer_bye}] = {"ended", release};
  t[{"hangup_pending", E::closed}] = {"ended", release};
  for (const std::string s : {"calling", "ringing"}) {
    t[{s, E::provisional}] = {"ringing", report_progress};
    t[{s, E::success}] = {"confirmed", send_ack | report_answered};
    t[{s, E::success_with_offer}] = {"ack_owed", report_answered};
    t[{s, E::failure}] = {"ended", report_end | release};
    for (const E e : {E::hangup, E::peer_bye, E::fault}) t[{s, e}] = {"cancelling", send_cancel | report_end};
  }
  t[{"cancelling", E::success}] = {"closing", send_ack | send_bye};
  t[{"cancelling", E::success_with_offer}] = {"closing", send_ack | send_bye};
  t[{"cancelling", E::failure}] = {"ended", release};
  t[{"cancelling", E::closed}] = {"ended", release};
  t[{"ack_owed", E::acknowledge}] = {"confirmed", send_ack};
  t[{"ack_owed", E::hangup}] = {"closing", send_ack | send_bye | report_end};
  t[{"ack_owed", E::fault}] = {"closing", send_ack | send_bye | report_end};
  t[{"ack_owed", E::peer_bye}] = {"ended", send_ack | report_end | release};
  t[{"confirmed", E::hangup}] = {"closing", send_bye | report_end};
  t[{"confirmed", E::fault}] = {"closing", send_bye | report_end};
  t[{"confirmed", E::peer_bye}] = {"ended", report_end | release};
  t[{"closing", E::closed}] = {"ended", release};
  return t;
}

TEST(LegState, EveryPair) {
  const auto expected = table();
  for (const LegState& state : all_states()) {
    for (int i = 0; i < kLegEvents; ++i) {
      const auto event = static_cast<E>(i);
      const std::string name(to_string(state));
      const LegStep got = step(state, event);
      const auto found = expected.find({name, event});
      SCOPED_TRACE(name + " on event " + std::to_string(i));
      EXPECT_EQ(got.accepted, found != expected.end());
      EXPECT_EQ(to_string(got.next), found == expected.end() ? name : found->second.next);
      EXPECT_EQ(got.effects, found == expected.end() ? none : found->second.effects);
    }
  }
}

// Whatever happens, a leg reports its end once and is released once.
TEST(LegState, TheEndIsReportedExactlyOnceOnEveryPath) {
  struct Walk {
    LegState state;
    int ends;
    int releases;
  };
  std::vector<Walk> open{{Proceeding{}, 0, 0}, {Calling{}, 0, 0}};
  for (int depth = 0; depth < 5; ++depth) {
    std::vector<Walk> next;
    for (const Walk& w : open) {
      for (int i = 0; i < kLegEvents; ++i) {
        const LegStep s = step(w.state, static_cast<E>(i));
        if (!s.accepted) continue;
        const Walk after{s.next, w.ends + (has(s.effects, report_end) ? 1 : 0),
                         w.releases + (has(s.effects, release) ? 1 : 0)};
        EXPECT_EQ(after.ends, reported(after.state) ? 1 : 0);
        EXPECT_EQ(after.releases, std::holds_alternative<Ended>(after.state) ? 1 : 0);
        next.push_back(after);
      }
    }
    open = std::move(next);
  }
}

}  // namespace
}  // namespace tandem::sip::dialog
