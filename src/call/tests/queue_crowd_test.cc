// A crowd in a queue: its order is right, and nobody is lost or served twice.
#include <random>
#include <set>

#include "call/tests/fakes/queues.h"

namespace tandem::call::testing {
namespace {

/// Callers with random priorities, hang-ups, agents that take or leave under the whisper, against the plain
/// rule.
class Crowd : public Queues {
 protected:
  struct Waiting {
    Party party;
    std::int64_t priority;
    int arrival;
    std::string op;
  };
  using Line = std::vector<Waiting>;

  std::size_t below(std::size_t n) { return std::uniform_int_distribution<std::size_t>(0, n - 1)(random_); }
  Line::iterator first() {
    return std::min_element(line_.begin(), line_.end(), [](const Waiting& x, const Waiting& y) {
      return x.priority != y.priority ? x.priority > y.priority : x.arrival < y.arrival;
    });
  }
  void comes() {
    const auto priority = static_cast<std::int64_t>(below(4));
    const std::string name = "c" + std::to_string(arrivals_);
    line_.push_back({waiting(name, priority), priority, arrivals_++, name});
  }
  void gives_up() {
    const auto at = line_.begin() + static_cast<std::ptrdiff_t>(below(line_.size()));
    hangs_up(at->party.call);
    EXPECT_EQ(w.outcome(at->op), "failed/call_ended call_ended");
    EXPECT_TRUE(gone_.insert(at->op).second);
    line_.erase(at);
  }
  /// Everybody keeps the place.
  void is_left() {
    const Party agent = arrive("agent" + std::to_string(++agents_));
    model::QueueTake t = take(agent, "take" + std::to_string(agents_));
    t.whisper = list("http://a/w.wav");
    ask(agent, t);
    hangs_up(agent.call);
    EXPECT_EQ(w.outcome(first()->op), "open");
  }
  void is_served() {
    const Party agent = arrive("agent" + std::to_string(++agents_));
    const std::string op = "take" + std::to_string(agents_);
    const auto expected = first();
    ask(agent, take(agent, op));
    ASSERT_EQ(w.outcome(op), "succeeded/taken");
    ASSERT_EQ(result<model::QueueTakeResult>(op).call_id, expected->party.call);
    EXPECT_EQ(w.outcome(expected->op), "succeeded/connected");
    EXPECT_TRUE(served_.insert(expected->op).second);
    hangs_up(expected->party.call);
    hangs_up(agent.call);
    line_.erase(expected);
    w.gateway.events.clear();
    w.gateway.sessions.clear();
    w.gateway.opened.clear();
  }

  std::mt19937 random_{4'711};  // A failure repeats itself.
  Line line_;
  std::set<std::string> served_, gone_;
  int arrivals_ = 0, agents_ = 0;
};

TEST_F(Crowd, NobodyIsLostOrServedTwice) {
  constexpr int kCalls = 1'000;
  while (arrivals_ < kCalls || !line_.empty()) {
    const std::size_t what = below(20);
    if (arrivals_ < kCalls && what < 14) {
      comes();
    } else if (line_.empty()) {
      continue;
    } else if (what == 14) {
      gives_up();
    } else if (what == 15) {
      is_left();
    } else {
      is_served();
      if (HasFatalFailure()) return;
    }
  }
  EXPECT_EQ(served_.size() + gone_.size(), static_cast<std::size_t>(kCalls));
  EXPECT_EQ(statistics().waiting, 0);
  EXPECT_EQ(statistics().served, static_cast<std::int64_t>(served_.size()));
  EXPECT_EQ(statistics().abandoned, static_cast<std::int64_t>(gone_.size()));
}

}  // namespace
}  // namespace tandem::call::testing
