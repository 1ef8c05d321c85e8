#include "base/result.h"

#include <gtest/gtest.h>

#include <memory>
#include <string>

namespace tandem {
namespace {

enum class Fault { empty };

Result<int, Fault> length_of(const std::string& s) {
  if (s.empty()) return Err(Fault::empty);
  return static_cast<int>(s.size());
}

TEST(Result, CarriesAValueOrAnError) {
  EXPECT_EQ(*length_of("abc"), 3);
  EXPECT_EQ(length_of("").error(), Fault::empty);
  EXPECT_EQ(length_of("").value_or(7), 7);
}

TEST(Result, MovesOutWhatItOwns) {
  Result<std::unique_ptr<int>, Fault> r = std::make_unique<int>(5);
  const std::unique_ptr<int> p = std::move(r).value();
  EXPECT_EQ(*p, 5);
}

TEST(Result, TellsValueAndErrorOfOneTypeApart) {
  Result<std::string, std::string> r = Err(std::string("bad"));
  EXPECT_FALSE(r);
  EXPECT_EQ(r.error(), "bad");
}

}  // namespace
}  // namespace tandem
