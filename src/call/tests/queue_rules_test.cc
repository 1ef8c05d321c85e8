#include <gtest/gtest.h>

#include "call/machine/queue_rules.h"

namespace tandem::call::machine {
namespace {

using model::QueueLeftReason;
using std::chrono::milliseconds;

std::string text(const QueueEntryState& s) {
  if (std::holds_alternative<queued::Waiting>(s)) return "waiting";
  if (const auto* o = std::get_if<queued::Offered>(&s)) return o->overdue ? "overdue" : "offered";
  return "left:" + std::string(to_string(std::get<queued::Left>(s).reason));
}

TEST(QueueEntryMachine, EveryPair) {
  const model::CallId agent("CAagent");
  const QueueEntryState waiting = queued::Waiting{}, offered = queued::Offered{agent},
                        overdue = queued::Offered{agent, true}, left = queued::Left{QueueLeftReason::removed};
  const QueueEntryEvent offer = queued::Offer{agent}, back = queued::Return{}, time_up = queued::TimeUp{},
                        join = queued::Join{}, hang_up = queued::Leave{QueueLeftReason::call_ended};
  using E = QueueEntryEffect;
  struct Row {
    QueueEntryState state;
    QueueEntryEvent event;
    const char* next;
    E effect;
    bool allowed;
  };
  const std::vector<Row> rows{
      {waiting, offer, "offered", E::tell_offered, true},
      {waiting, back, "waiting", E::none, false},
      {waiting, time_up, "left:timeout", E::leave, true},
      {waiting, join, "waiting", E::none, false},
      {waiting, hang_up, "left:call_ended", E::leave, true},
      {offered, offer, "offered", E::none, false},
      {offered, back, "waiting", E::tell_returned, true},
      {offered, time_up, "overdue", E::none, true},
      {offered, join, "left:connected", E::leave, true},
      {offered, hang_up, "left:call_ended", E::leave, true},
      {overdue, offer, "overdue", E::none, false},
      {overdue, back, "left:timeout", E::leave, true},
      {overdue, time_up, "overdue", E::none, true},
      {overdue, join, "left:connected", E::leave, true},
      {overdue, hang_up, "left:call_ended", E::leave, true},
      {left, offer, "left:removed", E::none, false},
      {left, back, "left:removed", E::none, false},
      {left, time_up, "left:removed", E::none, false},
      {left, join, "left:removed", E::none, false},
      {left, hang_up, "left:removed", E::none, false},
  };
  for (std::size_t i = 0; i < rows.size(); ++i) {
    SCOPED_TRACE(i);
    const QueueEntryStep got = step(rows[i].state, rows[i].event);
    EXPECT_EQ(text(got.next), rows[i].next);
    EXPECT_EQ(got.effect, rows[i].effect);
    EXPECT_EQ(got.allowed, rows[i].allowed);
  }
  EXPECT_EQ(std::get<queued::Offered>(step(offered, time_up).next).by, agent);
}

TEST(WaitEstimate, ComesFromHowOftenSomebodyIsServed) {
  WaitEstimate e;
  const TimePoint t{};
  e.arrived(t, 0);
  EXPECT_FALSE(e.wait_ms(1));
  e.arrived(t + milliseconds(5'000), 1);
  e.served(t + milliseconds(10'000));
  EXPECT_EQ(e.wait_ms(1), 10'000);
  EXPECT_EQ(e.wait_ms(3), 30'000);
  e.served(t + milliseconds(30'000));  // 20 s later: a fifth of the way towards it.
  EXPECT_EQ(e.wait_ms(1), 12'000);
  e.arrived(t + milliseconds(900'000), 0);  // Time without anybody does not count.
  e.served(t + milliseconds(912'000));
  EXPECT_EQ(e.wait_ms(1), 12'000);
}

TEST(QueueAnnouncement, IsFilledIn) {
  EXPECT_EQ(announcement("{position} of {waiting}, {position}", {2, 7, {}}), "2 of 7, 2");
  EXPECT_EQ(announcement("about {wait_minutes} min", {2, 7, 61'000}), "about 2 min");
  EXPECT_EQ(announcement("about {wait_minutes} min", {2, 7, 0}), "about 1 min");
  EXPECT_FALSE(announcement("about {wait_minutes} min", {2, 7, {}}));
  EXPECT_EQ(announcement("{other}", {}), "{other}");
}

}  // namespace
}  // namespace tandem::call::machine
