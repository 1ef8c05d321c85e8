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

TEST(Id, CopiesAreEqualAndOutliveTheOriginal) {
  CallId copy;
  EXPECT_TRUE(copy.empty());
  EXPECT_EQ(copy.str(), "");
  {
    const CallId id = CallId::make();
    copy = id;
    EXPECT_EQ(copy, id);
    EXPECT_EQ(std::hash<CallId>{}(copy), std::hash<CallId>{}(CallId(id.str())));
  }
  const CallId same(copy.str());
  EXPECT_EQ(copy, same);
  EXPECT_NE(copy, CallId());
  EXPECT_LT(CallId("CA1"), CallId("CA2"));
  copy = CallId();
  EXPECT_TRUE(copy.empty());
}

TEST(Id, EmptyTextIsNoId) {
  EXPECT_EQ(CallId(""), CallId());
  CallId id("CA1");
  const CallId moved = std::move(id);
  EXPECT_TRUE(id.empty());  // NOLINT(bugprone-use-after-move): empty is what it is.
  EXPECT_EQ(moved.str(), "CA1");
}

}  // namespace
}  // namespace tandem
