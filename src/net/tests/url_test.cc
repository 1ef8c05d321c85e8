#include "net/api/url.h"

#include <gtest/gtest.h>

#include "net/api/address_policy.h"

namespace tandem::net {
namespace {

std::string fault(const std::string& text) {
  const auto url = Url::parse(text);
  return url ? "accepted as " + url->str() : url.error();
}

TEST(Url, SplitsAndNormalises) {
  const auto url = Url::parse("WSS://user:p%40ss@App.Example.COM:8443/voice/x?a=1&b=%20");
  ASSERT_TRUE(url) << url.error();
  EXPECT_EQ(url->scheme, "wss");
  EXPECT_EQ(url->host, "app.example.com");
  EXPECT_EQ(url->port, 8443);
  EXPECT_EQ(url->path_and_query, "/voice/x?a=1&b=%20");
  EXPECT_EQ(url->user_info, "user:p@ss");
  EXPECT_EQ(url->str(), "wss://app.example.com:8443/voice/x?a=1&b=%20");
  EXPECT_EQ(url->redacted(), "wss://app.example.com:8443/voice/x");
}

TEST(Url, FillsInPortAndPath) {
  EXPECT_EQ(Url::parse("http://a.example")->port, 80);
  EXPECT_EQ(Url::parse("wss://a.example")->port, 443);
  EXPECT_EQ(Url::parse("ws://a.example?x=1")->path_and_query, "/?x=1");
  EXPECT_EQ(Url::parse("https://a.example.:443/")->str(), "https://a.example/");
  EXPECT_EQ(Url::parse("http://[2001:DB8::1]:81/")->authority(), "[2001:db8::1]:81");
  EXPECT_EQ(Url::parse("http://1.2.3.4.example/")->host, "1.2.3.4.example");
  EXPECT_EQ(Url::parse("http://a.example/x#part")->path_and_query, "/x");
}

TEST(Url, HostsThatLookLikeNumbersAreNoNames) {
  for (const auto* host : {"2130706433", "0x7f000001", "0x7f.1", "0177.0.0.1", "127.1", "127.0.0.1.1",
                           "127.0.0.1.1", "1.2.3.256", "017700000001", "example.0x10", "0x", "127.0.0.01"}) {
    EXPECT_NE(fault(std::string("http://") + host + "/").find("looks like a number"), std::string::npos)
        << host << ": " << fault(std::string("http://") + host + "/");
  }
  EXPECT_EQ(Url::parse("http://[::ffff:127.0.0.1]/")->host, "127.0.0.1");
  EXPECT_EQ(Url::parse("http://127.0.0.1./")->host, "127.0.0.1");
}

TEST(Url, RefusesWhatIsAmbiguous) {
  for (const auto* text : {"",
                           "a.example",
                           "//a.example/",
                           "ftp://a.example/",
                           "http:///x",
                           "http://",
                           "http:a.example",
                           "http://a.example:0/",
                           "http://a.example:65536/",
                           "http://a.example:x/",
                           "http://127.0.0.1.1/",
                           "http://a b/",
                           "http://a.example/\r\nX: y",
                           "http://a%2eexample/",
                           "http://a..example/",
                           "http://[fe80::1%25eth0]/",
                           "http://[::1/",
                           "ws://a.example/#f",
                           "http://ex\xc3\xa4mple/",
                           "http://a.example\\@b.example/",
                           "file:///etc/passwd",
                           "javascript:alert(1)"}) {
    EXPECT_FALSE(Url::parse(text)) << text;
  }
  EXPECT_FALSE(Url::parse("http://a.example/" + std::string(2'048, 'x')));
  EXPECT_FALSE(Url::parse("http://" + std::string(64, 'x') + ".example/"));
}

TEST(Url, ResolvesRedirects) {
  const auto base = Url::parse("https://user:secret@a.example/dir/page?q=1");
  EXPECT_EQ(base->resolve("/next")->str(), "https://a.example/next");
  EXPECT_EQ(base->resolve("next?x")->str(), "https://a.example/dir/next?x");
  EXPECT_EQ(base->resolve("//b.example/x")->str(), "https://b.example/x");
  EXPECT_EQ(base->resolve("http://u:p@c.example")->user_info, "");
  EXPECT_FALSE(base->resolve("http://2130706433/"));
  EXPECT_FALSE(base->resolve(""));
  EXPECT_TRUE(base->same_origin(*Url::parse("wss://a.example:443/other")));
  EXPECT_FALSE(base->same_origin(*Url::parse("http://a.example/")));
}

TEST(AddressPolicy, NamesTheRule) {
  const AddressPolicy policy;
  const auto rule = [&](const char* text) { return policy.denied_by(*model::IpAddress::parse(text)); };
  EXPECT_EQ(rule("127.0.0.1"), "loopback");
  EXPECT_EQ(rule("0.0.0.0"), "unspecified");
  EXPECT_EQ(rule("10.1.2.3"), "private");
  EXPECT_EQ(rule("172.31.255.255"), "private");
  EXPECT_EQ(rule("192.168.0.1"), "private");
  EXPECT_EQ(rule("169.254.169.254"), "link-local");
  EXPECT_EQ(rule("100.127.0.1"), "shared");
  EXPECT_EQ(rule("224.0.0.1"), "multicast");
  EXPECT_EQ(rule("255.255.255.255"), "reserved");
  EXPECT_EQ(rule("::"), "unspecified");
  EXPECT_EQ(rule("::1"), "loopback");
  EXPECT_EQ(rule("::ffff:127.0.0.1"), "loopback");
  EXPECT_EQ(rule("::127.0.0.1"), "reserved");
  EXPECT_EQ(rule("fd00::1"), "private");
  EXPECT_EQ(rule("fe80::1"), "link-local");
  EXPECT_EQ(rule("ff02::1"), "multicast");
  EXPECT_EQ(rule("64:ff9b::7f00:1"), "loopback");
  EXPECT_EQ(rule("64:ff9b::a9fe:a9fe"), "link-local");
  EXPECT_EQ(rule("64:ff9b:1::1"), "reserved");
  EXPECT_EQ(rule("2002:7f00:1::"), "loopback");
  EXPECT_EQ(rule("2001:0:102:304:0:0:f5ff:fffe"), "private");
  for (const auto* fine : {"8.8.8.8", "172.32.0.1", "100.128.0.1", "2606:4700::1111", "64:ff9b::808:808"}) {
    EXPECT_EQ(rule(fine), "") << fine;
  }
}

TEST(AddressPolicy, AMappedAddressBuiltFromBytesIsSeenThrough) {
  model::IpAddress mapped;
  mapped.family = model::IpAddress::Family::v6;
  mapped.bytes = {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff, 127, 0, 0, 1};
  EXPECT_EQ(AddressPolicy().denied_by(mapped), "loopback");
  EXPECT_TRUE(AddressPolicy({*model::IpBlock::parse("127.0.0.1")}).permits(mapped));
}

TEST(AddressPolicy, AllowedBlocksAreExceptionsOnly) {
  const AddressPolicy policy({*model::IpBlock::parse("10.1.0.0/16")});
  EXPECT_TRUE(policy.permits(*model::IpAddress::parse("10.1.2.3")));
  EXPECT_FALSE(policy.permits(*model::IpAddress::parse("10.2.0.1")));
}

}  // namespace
}  // namespace tandem::net
