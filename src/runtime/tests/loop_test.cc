#include "runtime/loop.h"

#include <gtest/gtest.h>

#include <future>

#include "runtime/manual_loop.h"

namespace tandem::runtime {
namespace {

using std::chrono::milliseconds;

TEST(Loop, RunsTasksInOrderOnItsOwnThread) {
  const SystemClock clock;
  Loop loop("test", clock);
  std::vector<int> order;
  std::promise<bool> done;
  EXPECT_FALSE(loop.is_current());
  for (int i = 0; i < 100; ++i) loop.post([&order, i] { order.push_back(i); });
  loop.post([&] { done.set_value(loop.is_current()); });
  EXPECT_TRUE(done.get_future().get());
  ASSERT_EQ(order.size(), 100U);
  for (int i = 0; i < 100; ++i) EXPECT_EQ(order[static_cast<std::size_t>(i)], i);
}

TEST(Loop, FiresTimersByDueTime) {
  const SystemClock clock;
  Loop loop("test", clock);
  std::promise<std::vector<int>> done;
  loop.post([&] {
    auto fired = std::make_shared<std::vector<int>>();
    loop.after(milliseconds(3), [&done, fired] { done.set_value(*fired); });
    loop.after(milliseconds(2), [fired] { fired->push_back(2); });
    loop.after(milliseconds(1), [fired] { fired->push_back(1); });
    loop.cancel(loop.after(milliseconds(1), [fired] { fired->push_back(99); }));
  });
  EXPECT_EQ(done.get_future().get(), (std::vector<int>{1, 2}));
}

TEST(Loop, TimerHandleCancelsWithItsOwner) {
  ManualLoop loop;
  int fired = 0;
  {
    Timer gone(loop);
    gone.set(milliseconds(5), [&] { ++fired; });
  }
  Timer kept(loop);
  kept.set(milliseconds(5), [&] { fired += 10; });
  kept.set(milliseconds(7), [&] { fired += 100; });
  loop.advance(milliseconds(6));
  EXPECT_EQ(fired, 0);
  loop.advance(milliseconds(1));
  EXPECT_EQ(fired, 100);
  EXPECT_FALSE(kept.pending());
}

TEST(ManualLoop, AdvanceFiresEachTimerAtItsOwnTime) {
  ManualLoop loop;
  std::vector<Duration> at;
  const TimePoint start = loop.clock().now();
  loop.after(milliseconds(10), [&] {
    at.push_back(loop.clock().now() - start);
    loop.after(milliseconds(10), [&] { at.push_back(loop.clock().now() - start); });
  });
  loop.advance(std::chrono::seconds(32));
  ASSERT_EQ(at.size(), 2U);
  EXPECT_EQ(at[0], milliseconds(10));
  EXPECT_EQ(at[1], milliseconds(20));
}

}  // namespace
}  // namespace tandem::runtime
