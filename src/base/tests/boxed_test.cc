#include "base/boxed.h"

#include <gtest/gtest.h>

#include <array>
#include <string>

namespace tandem {
namespace {

using Value = std::variant<int, std::string, std::array<int, 100>>;

TEST(Boxed, KeepsTheValueAndItsAlternative) {
  const Boxed<Value> boxed(Value(std::string("text")));
  EXPECT_EQ(boxed.visit([]<class U>(const U&) { return std::is_same_v<U, std::string>; }), true);
  EXPECT_EQ(std::get<std::string>(boxed.value()), "text");
  EXPECT_TRUE(boxed == Value(std::string("text")));
  EXPECT_FALSE(boxed == Value(std::string("other")));
  EXPECT_FALSE(boxed == Value(1));
}

TEST(Boxed, Moves) {
  Boxed<Value> a{Value(7)};
  const Boxed<Value> b = std::move(a);
  EXPECT_TRUE(b == Value(7));
}

}  // namespace
}  // namespace tandem
