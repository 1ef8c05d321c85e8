#include "runtime/timer_queue.h"

#include <gtest/gtest.h>

namespace tandem::runtime {
namespace {

TEST(TimerQueue, CancelledTimersDoNotPileUp) {
  TimerQueue queue;
  const TimePoint t{};
  for (int i = 0; i < 100'000; ++i) queue.cancel(queue.add(t + std::chrono::hours(1), [] {}));
  EXPECT_EQ(queue.size(), 0U);
  EXPECT_FALSE(queue.next_due());
}

TEST(TimerQueue, EqualTimesFireInOrderOfSetting) {
  TimerQueue queue;
  const TimePoint t{};
  std::vector<int> order;
  for (int i = 0; i < 5; ++i) queue.add(t, [&order, i] { order.push_back(i); });
  while (Task task = queue.take_due(t)) task();
  EXPECT_EQ(order, (std::vector<int>{0, 1, 2, 3, 4}));
}

}  // namespace
}  // namespace tandem::runtime
