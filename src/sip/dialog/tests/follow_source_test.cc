#include "sip/dialog/follow_source.h"

#include <gtest/gtest.h>

namespace tandem::sip::dialog {
namespace {

model::IpAddress ip(const char* text) {
  return *model::IpAddress::parse(text);
}

PeerView phone(const char* contact, const char* source) {
  PeerView v;
  v.contact_host = contact;
  v.via_sent_by = model::IpAddress::parse(contact);
  v.vias = 1;
  v.source = {ip(source), 34'567};
  return v;
}

TEST(FollowSource, PhoneBehindNat) {
  EXPECT_TRUE(should_follow_source(phone("192.168.1.5", "203.0.113.9")));
  EXPECT_TRUE(should_follow_source(phone("10.0.0.5", "127.0.0.1")));
  EXPECT_TRUE(should_follow_source(phone("172.17.0.2", "192.168.1.9")))
      << "from one private net into another";
  EXPECT_TRUE(should_follow_source(phone("df7jal23ls0d.invalid", "203.0.113.9")));
  EXPECT_TRUE(should_follow_source(phone("0.0.0.0", "203.0.113.9")));
  EXPECT_TRUE(should_follow_source(phone("fd00::5", "2001:db8::1")));
}

TEST(FollowSource, NotWhenTheContactIsMeant) {
  EXPECT_FALSE(should_follow_source(phone("203.0.113.9", "203.0.113.9"))) << "another port may be meant";
  EXPECT_FALSE(should_follow_source(phone("198.51.100.1", "203.0.113.9"))) << "a trunk with two addresses";
  EXPECT_FALSE(should_follow_source(phone("sbc.example.org", "203.0.113.9")));
  PeerView internal = phone("10.0.0.7", "10.0.0.6");
  internal.via_sent_by = ip("10.0.0.6");
  EXPECT_FALSE(should_follow_source(internal)) << "a peer that knows both of its addresses";
}

TEST(FollowSource, NotBehindAProxy) {
  PeerView v = phone("192.168.1.5", "203.0.113.9");
  v.record_routed = true;
  EXPECT_FALSE(should_follow_source(v));
  v.record_routed = false;
  v.vias = 2;
  EXPECT_FALSE(should_follow_source(v));
  v.vias = 0;  // A response.
  EXPECT_TRUE(should_follow_source(v));
  v.source.port = 0;
  EXPECT_FALSE(should_follow_source(v));
}

}  // namespace
}  // namespace tandem::sip::dialog
