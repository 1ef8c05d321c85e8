#include "sip/policy/overload.h"

#include <gtest/gtest.h>

namespace tandem::sip {
namespace {

model::IpAddress ip(const char* text) {
  return *model::IpAddress::parse(text);
}

TEST(Overload, NoLimitsMeansNone) {
  Overload o({});
  for (int i = 0; i < 1000; ++i)
    EXPECT_EQ(o.admit(ip("192.0.2.1"), 1'000'000, TimePoint{}), Admission::admit);
}

TEST(Overload, NodeRateRefillsWithTime) {
  OverloadPolicy policy;
  policy.max_invites_per_second = 10;
  Overload o(policy);
  TimePoint now{};
  int admitted = 0;
  for (int i = 0; i < 100; ++i) admitted += o.admit(ip("192.0.2.1"), 0, now) == Admission::admit ? 1 : 0;
  EXPECT_EQ(admitted, 10);
  now += std::chrono::milliseconds(500);
  admitted = 0;
  for (int i = 0; i < 100; ++i) admitted += o.admit(ip("192.0.2.2"), 0, now) == Admission::admit ? 1 : 0;
  EXPECT_EQ(admitted, 5);
}

TEST(Overload, OneSourceDoesNotStarveAnother) {
  OverloadPolicy policy;
  policy.max_invites_per_second_per_source = 5;
  Overload o(policy);
  int admitted = 0;
  int refused = 0;
  int dropped = 0;
  for (int i = 0; i < 100; ++i) {
    switch (o.admit(ip("192.0.2.1"), 0, TimePoint{})) {
      case Admission::admit:
        ++admitted;
        break;
      case Admission::refuse:
        ++refused;
        break;
      case Admission::drop:
        ++dropped;
        break;
    }
  }
  EXPECT_EQ(admitted, 5);
  EXPECT_EQ(refused, 45);
  EXPECT_EQ(dropped, 50);
  EXPECT_EQ(o.admit(ip("192.0.2.2"), 0, TimePoint{}), Admission::admit);
}

TEST(Overload, LegsAreCapped) {
  OverloadPolicy policy;
  policy.max_legs = 3;
  Overload o(policy);
  EXPECT_EQ(o.admit(ip("::1"), 2, TimePoint{}), Admission::admit);
  EXPECT_EQ(o.admit(ip("::1"), 3, TimePoint{}), Admission::refuse);
}

TEST(Overload, ForgedSourcesAreForgotten) {
  OverloadPolicy policy;
  policy.max_invites_per_second_per_source = 1;
  Overload o(policy);
  model::IpAddress forged = ip("10.0.0.0");
  for (std::uint32_t i = 0; i < 200'000; ++i) {
    forged.bytes[1] = static_cast<std::uint8_t>(i >> 16U);
    forged.bytes[2] = static_cast<std::uint8_t>(i >> 8U);
    forged.bytes[3] = static_cast<std::uint8_t>(i);
    EXPECT_EQ(o.admit(forged, 0, TimePoint{}), Admission::admit);
  }
}

}  // namespace
}  // namespace tandem::sip
