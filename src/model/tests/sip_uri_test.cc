#include "model/sip_uri.h"

#include <gtest/gtest.h>

namespace tandem::model {
namespace {

TEST(SipUri, UsersAreEscapedAndBack) {
  EXPECT_EQ(escaped_user("+4930123"), "+4930123");
  EXPECT_EQ(escaped_user("a b#c@d"), "a%20b%23c%40d");
  EXPECT_EQ(escaped_user("x;y/z?"), "x%3By%2Fz%3F");
  EXPECT_EQ(escaped_user("x;y/z?", ";?/"), "x;y/z?");
  EXPECT_EQ(unescaped_user("a%20b%23c%40d"), "a b#c@d");
  EXPECT_EQ(unescaped_user("%2b%zz%4"), "+%zz%4");
}

}  // namespace
}  // namespace tandem::model
