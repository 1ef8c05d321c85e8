// Conferences in the core, at random: membership and events are exact.
#include <random>
#include <set>

#include "call/tests/fakes/rooms.h"

namespace tandem::call::testing {
namespace {

class ToldRooms : public Rooms {
 protected:
  /// Who is in, by what `session` was told; each coming and going is told once, in order.
  std::set<model::CallId> told_to(const model::SessionId& session) {
    std::set<model::CallId> told;
    for (std::size_t i = 0; i < w.gateway.events.size(); ++i) {
      if (w.gateway.sessions[i] != session) continue;
      if (const auto* j = std::get_if<model::ConferenceParticipantJoinedEvent>(&w.gateway.events[i].data)) {
        EXPECT_TRUE(told.insert(j->participant.call_id).second);
        EXPECT_EQ(static_cast<std::size_t>(j->participants), told.size());
      } else if (const auto* l =
                     std::get_if<model::ConferenceParticipantLeftEvent>(&w.gateway.events[i].data)) {
        EXPECT_EQ(told.erase(l->call_id), 1U);
        EXPECT_EQ(static_cast<std::size_t>(l->participants), told.size());
      }
    }
    return told;
  }
};
class RandomRooms : public ToldRooms, public ::testing::WithParamInterface<unsigned> {};

TEST_P(RandomRooms, MembershipAndEventsAreExact) {
  std::mt19937 random(GetParam());
  const auto pick = [&random](std::size_t n) { return random() % n; };
  const auto host = member("host", ConferenceRole::moderator);
  std::vector<model::CallId> calls;
  std::map<model::CallId, model::ConferenceParticipant> in;
  int made = 0, op = 0;
  for (int step = 0; step < 150; ++step) {
    const std::size_t what = pick(6);
    if (what <= 1 || in.empty()) {
      const auto id = caller("r" + std::to_string(made++));
      auto p = join_of(id);
      p.terms.muted = pick(2) == 0;
      p.terms.role = pick(4) == 0 ? ConferenceRole::listener : ConferenceRole::participant;
      joined(p);
      calls.push_back(id);
      in[id].muted = p.terms.muted;
      in[id].role = p.terms.role;
      continue;
    }
    const auto chosen = std::next(in.begin(), static_cast<std::ptrdiff_t>(pick(in.size())));
    const model::CallId id = chosen->first;
    if (what == 2) {
      ends(id);
      in.erase(id);
    } else if (what == 3) {
      auto kick = change(id);
      kick.kick = true;
      EXPECT_EQ(ask(host, kick, "k" + std::to_string(op++)), "succeeded/applied");
      in.erase(id);
    } else if (what == 4) {
      auto mute = change(id);
      mute.muted = !in[id].muted;
      in[id].muted = *mute.muted;
      EXPECT_EQ(ask(host, mute, "m" + std::to_string(op++)), "succeeded/applied");
    } else {
      ASSERT_TRUE(w.core->submit(sessions[id], World::control<model::OpStop>("join-" + id.str())));
      w.run();
      in.erase(id);
    }
    ASSERT_EQ(w.mixer.only().members.size(), in.size() + 1);
    for (const auto& [each, view] : in) {
      EXPECT_EQ(w.mixer.hears(host, each), !view.muted && view.role == ConferenceRole::participant);
      EXPECT_TRUE(w.mixer.hears(each, host));
    }
  }
  EXPECT_EQ(told_to(sessions[host]).size(), in.size() + 1);
  ends(host);
  for (const auto& [id, view] : in) ends(id);
  EXPECT_TRUE(w.mixer.rooms.empty());
  for (const auto& id : calls) EXPECT_NE(left_reason(id), "open") << id.str();
}

// A minute of a room of 200 in which twenty come or go each second, recorded with a track for each.
TEST_F(ToldRooms, TwoHundredForAMinute) {
  std::mt19937 random(7);
  const auto host = member("host", ConferenceRole::moderator);
  model::ConferenceRecord record;
  record.conference_id = w.mixer.only_id();
  record.how.tracks = model::ConferenceTracks::participants;
  ask(host, record, "rec");
  std::vector<model::CallId> in;
  std::set<model::CallId> gone;
  const auto comes = [&] {
    const auto id = caller("m" + std::to_string(in.size() + gone.size()));
    joined(join_of(id));
    in.push_back(id);
  };
  while (in.size() < 199) comes();
  for (int change = 0; change < 1200; ++change) {
    if (in.size() < 150 || (in.size() < 199 && random() % 2 == 0)) {
      comes();
    } else {
      std::swap(in[random() % in.size()], in.back());
      gone.insert(in.back());
      ends(in.back());
      in.pop_back();
    }
    w.advance(50);
    const auto& members = w.mixer.only().members;
    ASSERT_EQ(members.size(), in.size() + 1);
    if (change % 100 != 99) continue;
    for (const auto& id : in) ASSERT_TRUE(members.contains(id));
    ASSERT_EQ(told_to(sessions[host]).size(), members.size());
  }
  std::map<model::CallId, bool> running;
  for (const auto& [id, one] : w.recordings.all) {
    EXPECT_FALSE(running.contains(one.order.call)) << "one track each";
    running[one.order.call] = !one.stopped;
  }
  EXPECT_EQ(running.size(), in.size() + gone.size() + 1);
  for (const auto& id : in) EXPECT_TRUE(running.at(id));
  for (const auto& id : gone) EXPECT_FALSE(running.at(id));
  for (const auto& id : gone) EXPECT_EQ(left_reason(id), "hangup");
  for (const auto& id : in) ends(id);
  EXPECT_EQ(told_to(sessions[host]).size(), 1U);
  ends(host);
  EXPECT_TRUE(w.mixer.rooms.empty());
}

INSTANTIATE_TEST_SUITE_P(Seeds, RandomRooms, ::testing::Range(1U, 13U));

}  // namespace
}  // namespace tandem::call::testing
