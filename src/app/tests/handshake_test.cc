#include "app/handshake.h"

#include <gtest/gtest.h>

#include "base/hmac.h"

namespace tandem::app {
namespace {

TEST(Handshake, SignsTimeMethodAndUrl) {
  const std::string expected =
      "v1=" + hmac_sha256_hex("s3cret", "1767225600.GET.wss://app.example/voice?a=1");
  EXPECT_EQ(signature("s3cret", 1'767'225'600, "GET", "wss://app.example/voice?a=1"), expected);
}

TEST(Handshake, NamesSessionAccountReasonAndTrace) {
  const Handshake handshake{model::SessionId("SE1"), model::AccountId("AC1"), "resume", "s3cret",
                            make_trace_parent()};
  const WallTime now{std::chrono::seconds{1'767'225'600}};
  const HeaderList headers = handshake_headers(handshake, "ws://a.example/", now);
  ASSERT_EQ(headers.size(), 6U);
  EXPECT_EQ(headers[0], (std::pair<std::string, std::string>{"Tandem-Session", "SE1"}));
  EXPECT_EQ(headers[2].second, "resume");
  EXPECT_EQ(headers[3].second, "1767225600");
  EXPECT_EQ(headers[4].second, signature("s3cret", 1'767'225'600, "GET", "ws://a.example/"));
  EXPECT_EQ(headers[5].second.size(), 55U);
}

}  // namespace
}  // namespace tandem::app
