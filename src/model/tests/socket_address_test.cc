#include "model/socket_address.h"

#include <gtest/gtest.h>

namespace tandem::model {
namespace {

TEST(IpAddress, ReadsLiteralsOnly) {
  EXPECT_EQ(IpAddress::parse("192.0.2.1")->str(), "192.0.2.1");
  EXPECT_EQ(IpAddress::parse("[2001:DB8::1]")->str(), "2001:db8::1");
  EXPECT_FALSE(IpAddress::parse("localhost"));
  EXPECT_FALSE(IpAddress::parse("1.2.3"));
  EXPECT_FALSE(IpAddress::parse(std::string(1000, '1')));
}

TEST(IpAddress, TakesMappedAddressesForWhatTheyAre) {
  const auto ip = IpAddress::parse("::ffff:127.0.0.1");
  ASSERT_TRUE(ip);
  EXPECT_EQ(ip->family, IpAddress::Family::v4);
  EXPECT_TRUE(ip->is_loopback());
}

TEST(SocketAddress, ReadsPortsOfBothFamilies) {
  EXPECT_EQ(SocketAddress::parse("192.0.2.1:5060")->port, 5060);
  EXPECT_EQ(SocketAddress::parse("[::1]:5061")->str(), "[::1]:5061");
  EXPECT_EQ(SocketAddress::parse("::1")->port, 0);
  EXPECT_FALSE(SocketAddress::parse("192.0.2.1:99999"));
  EXPECT_FALSE(SocketAddress::parse("192.0.2.1:"));
}

TEST(IpBlock, MatchesByPrefix) {
  const auto block = IpBlock::parse("10.32.0.0/11");
  ASSERT_TRUE(block);
  EXPECT_TRUE(block->contains(*IpAddress::parse("10.63.255.255")));
  EXPECT_FALSE(block->contains(*IpAddress::parse("10.64.0.0")));
  EXPECT_FALSE(block->contains(*IpAddress::parse("::1")));
  EXPECT_TRUE(IpBlock::parse("0.0.0.0/0")->contains(*IpAddress::parse("8.8.8.8")));
  EXPECT_FALSE(IpBlock::parse("10.0.0.0/33"));
}

}  // namespace
}  // namespace tandem::model
