#include "base/function.h"

#include <gtest/gtest.h>

#include <array>
#include <memory>

namespace tandem {
namespace {

TEST(Function, OwnsMoveOnlyCaptures) {
  Function<int(int)> f = [p = std::make_unique<int>(40)](int n) { return *p + n; };
  Function<int(int)> g = std::move(f);
  EXPECT_FALSE(f);
  EXPECT_EQ(g(2), 42);
}

TEST(Function, LargeTargetsMoveToo) {
  struct Large {
    std::unique_ptr<int> p;
    char rest[100];
    int operator()() { return *p; }
  };
  Function<int()> f = Large{std::make_unique<int>(7), {}};
  Function<int()> g = std::move(f);
  EXPECT_FALSE(f);
  f = std::move(g);
  EXPECT_FALSE(g);
  EXPECT_EQ(f(), 7);
}

TEST(Function, DestroysItsTargetOnce) {
  const auto watched = std::make_shared<int>(1);
  {
    Function<void()> f = [w = watched] {};
    Function<void()> g = [w = watched, large = std::array<char, 100>{}] {};
    EXPECT_EQ(watched.use_count(), 3);
    Function<void()> h = std::move(f);
    f = std::move(g);
    EXPECT_EQ(watched.use_count(), 3);
    h = nullptr;
    EXPECT_EQ(watched.use_count(), 2);
    f = std::move(h);
    EXPECT_EQ(watched.use_count(), 1);
    EXPECT_FALSE(f);
  }
  EXPECT_EQ(watched.use_count(), 1);
}

TEST(Function, MayDestroyItsHolderWhenItIsReplaced) {
  struct Holder {
    Function<void()> f;
  };
  auto holder = std::make_shared<Holder>();
  Holder& borrowed = *holder;
  borrowed.f = [keep = std::move(holder)] {};
  borrowed.f = nullptr;  // The target was the holder's last owner.
}

TEST(Function, IgnoresWhatItsTargetReturns) {
  Function<void()> f = [] { return 1; };
  f();
}

}  // namespace
}  // namespace tandem
