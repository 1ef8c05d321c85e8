#include "base/id.h"

#include <gtest/gtest.h>

#include <set>

namespace tandem {
namespace {

struct CallTag {
  static constexpr std::string_view prefix = "CA";
};
using CallId = Id<CallTag>;

TEST(Id, MadeIdsAreValidAndDiffer) {
  std::set<CallId> seen;
  for (int i = 0; i < 1000; ++i) {
    const CallId id = CallId::make();
    EXPECT_TRUE(CallId::valid(id.str())) << id.str();
    EXPECT_EQ(id.str().size(), 34U);
    EXPECT_TRUE(seen.insert(id).second);
  }
}

TEST(Id, RefusesForeignPrefixesAndCharacters) {
  EXPECT_FALSE(CallId::valid("OP123"));
  EXPECT_FALSE(CallId::valid("CA"));
  EXPECT_FALSE(CallId::valid("CA../../etc"));
  EXPECT_FALSE(CallId::valid("CA" + std::string(63, 'a')));
  EXPECT_TRUE(CallId::valid("CA" + std::string(62, 'a')));
}

}  // namespace
}  // namespace tandem
