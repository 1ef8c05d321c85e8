#include "base/function.h"

#include <gtest/gtest.h>

namespace tandem {
namespace {

TEST(Function, OwnsMoveOnlyCaptures) {
  Function<int(int)> f = [p = std::make_unique<int>(40)](int n) { return *p + n; };
  Function<int(int)> g = std::move(f);
  EXPECT_FALSE(f);
  EXPECT_EQ(g(2), 42);
}

}  // namespace
}  // namespace tandem
