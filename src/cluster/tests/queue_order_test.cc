#include <gtest/gtest.h>

#include <algorithm>
#include <random>

#include "cluster/single/single_queue_order.h"

namespace tandem::cluster {
namespace {

const QueueKey kQueue{model::AccountId("AC1"), "support"};

model::QueueEntryId entry(int n) {
  return model::QueueEntryId("QE" + std::to_string(n));
}

class Order {
 public:
  bool join(int n, std::int64_t priority = 0, std::size_t max = 0) {
    bool in = false;
    order.join(kQueue, entry(n), priority, max, [&](bool yes) { in = yes; });
    return in;
  }
  std::string claim(QueuePick pick = {}) {
    std::string out;
    order.claim(kQueue, pick,
                [&](const std::optional<model::QueueEntryId>& id) { out = id ? id->str() : "none"; });
    return out;
  }
  [[nodiscard]] std::string all() const {
    std::string out;
    for (const auto& place : order.places(kQueue, 1, 1000))
      out += place.entry.str().substr(2) + (place.claimed ? "* " : " ");
    return out;
  }
  SingleQueueOrder order;
};

TEST(QueueOrder, HigherPriorityThenArrival) {
  Order o;
  o.join(1), o.join(2, 5), o.join(3), o.join(4, 5), o.join(5, -1);
  EXPECT_EQ(o.all(), "2 4 1 3 5 ");
  EXPECT_EQ(o.order.place(kQueue, entry(3))->position, 4U);
  EXPECT_EQ(o.order.oldest(kQueue)->entry, entry(1));
}

TEST(QueueOrder, AClaimedOneKeepsItsPlaceAndIsTakenOnce) {
  Order o;
  o.join(1), o.join(2);
  EXPECT_EQ(o.claim(), "QE1");
  EXPECT_EQ(o.all(), "1* 2 ");
  EXPECT_EQ(o.claim({QueuePick::By::entry, entry(1)}), "none");
  EXPECT_EQ(o.claim(), "QE2");
  EXPECT_EQ(o.claim(), "none");
  EXPECT_TRUE(o.order.give_back(kQueue, entry(1)));
  EXPECT_FALSE(o.order.give_back(kQueue, entry(1)));
  EXPECT_EQ(o.all(), "1 2* ");
  EXPECT_TRUE(o.order.leave(kQueue, entry(2)));
  EXPECT_FALSE(o.order.leave(kQueue, entry(2)));
  EXPECT_EQ(o.claim(), "QE1");
}

TEST(QueueOrder, LongestLooksAtArrivalAlone) {
  Order o;
  o.join(1), o.join(2, 9), o.join(3);
  EXPECT_EQ(o.claim({QueuePick::By::arrival, {}}), "QE1");
  EXPECT_EQ(o.claim({QueuePick::By::order, {}}), "QE2");
}

TEST(QueueOrder, ANewPriorityKeepsTheArrival) {
  Order o;
  o.join(1), o.join(2), o.join(3, 5), o.join(4, 5);
  EXPECT_TRUE(o.order.reorder(kQueue, entry(2), 5));
  EXPECT_EQ(o.all(), "2 3 4 1 ");
  EXPECT_EQ(o.claim(), "QE2");
  EXPECT_TRUE(o.order.reorder(kQueue, entry(2), 0));
  EXPECT_EQ(o.all(), "3 4 1 2* ");
  EXPECT_EQ(o.claim({QueuePick::By::arrival, {}}), "QE1");
}

TEST(QueueOrder, IsFullAtItsSize) {
  Order o;
  EXPECT_TRUE(o.join(1, 0, 1));
  EXPECT_FALSE(o.join(2, 9, 1));
  EXPECT_FALSE(o.join(1));  // Twice.
  EXPECT_EQ(o.order.size(kQueue), 1U);
  o.order.leave(kQueue, entry(1));
  EXPECT_TRUE(o.join(2, 9, 1));
  EXPECT_TRUE(o.order.places(kQueue, 2, 10).empty());
}

/// Against the plain definition, with a seed that is printed.
TEST(QueueOrder, BehavesAsASortedList) {
  struct Waiting {
    int id;
    std::int64_t priority;
    int arrival;
    bool claimed;
  };
  const auto seed = 20'260'101U;
  SCOPED_TRACE(seed);
  std::mt19937 random(seed);
  const auto below = [&](std::size_t n) {
    return std::uniform_int_distribution<std::size_t>(0, n - 1)(random);
  };
  Order o;
  std::vector<Waiting> model;
  const auto sorted = [&] {
    auto out = model;
    std::ranges::sort(out, [](const Waiting& a, const Waiting& b) {
      return a.priority != b.priority ? a.priority > b.priority : a.arrival < b.arrival;
    });
    return out;
  };
  for (int step = 0, next = 0; step < 20'000; ++step) {
    const std::size_t what = below(10);
    if (what < 4 || model.empty()) {
      const auto priority = static_cast<std::int64_t>(below(5));
      ASSERT_TRUE(o.join(next, priority));
      model.push_back({next, priority, next, false});
      ++next;
      continue;
    }
    Waiting& any = model[below(model.size())];
    if (what < 6) {
      const auto order = sorted();
      const auto first = std::ranges::find_if(order, [](const Waiting& w) { return !w.claimed; });
      const std::string expected = first == order.end() ? "none" : entry(first->id).str();
      ASSERT_EQ(o.claim(), expected);
      if (first != order.end()) std::ranges::find(model, first->id, &Waiting::id)->claimed = true;
    } else if (what == 6) {
      ASSERT_EQ(o.order.give_back(kQueue, entry(any.id)), any.claimed);
      any.claimed = false;
    } else if (what == 7) {
      any.priority = static_cast<std::int64_t>(below(5));
      ASSERT_TRUE(o.order.reorder(kQueue, entry(any.id), any.priority));
    } else {
      ASSERT_TRUE(o.order.leave(kQueue, entry(any.id)));
      std::erase_if(model, [id = any.id](const Waiting& w) { return w.id == id; });
    }
    if (step % 200 != 0) continue;
    const auto order = sorted();
    ASSERT_EQ(o.order.size(kQueue), order.size());
    for (std::size_t i = 0; i < order.size(); ++i) {
      const auto place = o.order.place(kQueue, entry(order[i].id));
      ASSERT_TRUE(place);
      ASSERT_EQ(place->position, i + 1);
      ASSERT_EQ(place->claimed, order[i].claimed);
    }
  }
}

}  // namespace
}  // namespace tandem::cluster
