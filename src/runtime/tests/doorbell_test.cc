#include "runtime/doorbell.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <future>
#include <optional>
#include <thread>
#include <vector>

#include "runtime/loop.h"

namespace tandem::runtime {
namespace {

class CountingBell final : public Doorbell {
 public:
  int wakes = 0;

 private:
  void wake() override { ++wakes; }
};

TEST(Doorbell, AnAwakeOwnerIsNotWoken) {
  const auto bell = std::make_shared<CountingBell>();
  bell->ring();
  EXPECT_EQ(bell->wakes, 0);
  EXPECT_FALSE(bell->rest());  // It rang: no sleep.
  bell->rise();
  EXPECT_TRUE(bell->answer());
  EXPECT_FALSE(bell->answer());
}

TEST(Doorbell, ASleeperIsWokenOnce) {
  const auto bell = std::make_shared<CountingBell>();
  EXPECT_TRUE(bell->rest());
  bell->ring();
  bell->ring();
  EXPECT_EQ(bell->wakes, 1);
}

TEST(Doorbell, ATurnWakesAtItsEnd) {
  const auto bell = std::make_shared<CountingBell>();
  EXPECT_TRUE(bell->rest());
  Turn turn;
  {
    const Turn inner;  // Part of the outer one.
    bell->ring();
    bell->ring();
  }
  EXPECT_EQ(bell->wakes, 0);
  turn.end();
  EXPECT_EQ(bell->wakes, 1);
  turn.end();
  EXPECT_EQ(bell->wakes, 1);
}

TEST(Doorbell, AnOwnerThatRoseMeanwhileIsNotWoken) {
  const auto bell = std::make_shared<CountingBell>();
  EXPECT_TRUE(bell->rest());
  Turn turn;
  bell->ring();
  bell->rise();
  turn.end();
  EXPECT_EQ(bell->wakes, 0);
  EXPECT_TRUE(bell->answer());
}

TEST(Doorbell, OutlivesItsOwnerWhileOwed) {
  auto bell = std::make_shared<CountingBell>();
  const std::weak_ptr<CountingBell> watched = bell;
  Turn turn;
  EXPECT_TRUE(bell->rest());
  bell->ring();
  bell.reset();
  EXPECT_FALSE(watched.expired());
  turn.end();
  EXPECT_TRUE(watched.expired());
}

TEST(Loop, WhatAWaitingTurnHasPostedRuns) {
  const SystemClock clock;
  Loop a("a", clock);
  Loop b("b", clock);
  std::promise<int> done;
  a.post([&] {
    std::promise<int> answer;
    b.post([&] { answer.set_value(7); });
    Turn::wake_others();
    done.set_value(answer.get_future().get());
  });
  EXPECT_EQ(done.get_future().get(), 7);
}

// Many threads, some in turns and some not, and two loops that post to each other: nothing is lost and each
// poster's order is kept.
TEST(Loop, KeepsOrderAndLosesNothing) {
  constexpr int kPosters = 4;
  constexpr int kEach = 5'000;
  const SystemClock clock;
  std::vector<std::vector<int>> seen(kPosters);
  std::promise<void> all;
  {
    Loop last("last", clock);
    Loop first("first", clock);
    int left = kPosters * kEach;
    std::vector<std::thread> posters;
    for (int p = 0; p < kPosters; ++p) {
      posters.emplace_back([&, p] {
        std::optional<Turn> turn;
        if (p % 2 == 0) turn.emplace();
        for (int i = 0; i < kEach; ++i) {
          first.post([&, p, i] {
            last.post([&, p, i] {
              seen[static_cast<std::size_t>(p)].push_back(i);
              if (--left == 0) all.set_value();
            });
          });
          if (turn && i % 7 == 0) turn->end();
        }
      });
    }
    for (auto& t : posters) t.join();
    all.get_future().wait();
  }
  for (const auto& one : seen) {
    ASSERT_EQ(one.size(), static_cast<std::size_t>(kEach));
    EXPECT_TRUE(std::is_sorted(one.begin(), one.end()));
  }
}

}  // namespace
}  // namespace tandem::runtime
