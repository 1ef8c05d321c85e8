#include "runtime/blocking_pool.h"

#include <gtest/gtest.h>

#include <future>

namespace tandem::runtime {
namespace {

TEST(BlockingPool, RefusesWhenFullAndRunsTheRest) {
  std::promise<void> gate;
  std::promise<void> started;
  int ran = 0;
  {
    BlockingPool pool("test", 1, 2);
    ASSERT_TRUE(pool.try_post([&] {
      started.set_value();
      gate.get_future().wait();
    }));
    started.get_future().wait();
    EXPECT_TRUE(pool.try_post([&] { ++ran; }));
    EXPECT_TRUE(pool.try_post([&] { ++ran; }));
    EXPECT_FALSE(pool.try_post([&] { ran += 100; }));
    gate.set_value();
  }
  EXPECT_EQ(ran, 2);
}

}  // namespace
}  // namespace tandem::runtime
