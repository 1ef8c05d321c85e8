#include "sip/sdp/sdp.h"

#include <gtest/gtest.h>

#include <chrono>

namespace tandem::sip {
namespace {

using model::Direction;
using model::IpAddress;

const std::string kHead = "v=0\r\no=- 1 2 IN IP4 192.0.2.1\r\ns=-\r\nc=IN IP4 192.0.2.1\r\nt=0 0\r\n";

model::SessionDescription parsed(const std::string& text) {
  auto result = parse_sdp(text);
  if (!result) {
    ADD_FAILURE() << "line " << result.error().line << ": " << result.error().what << "\n" << text;
    return {};
  }
  // Whatever is understood survives being written.
  const auto again = parse_sdp(write_sdp(*result));
  EXPECT_TRUE(again.has_value() && *again == *result) << write_sdp(*result);
  return *result;
}

SdpError refused(const std::string& text) {
  auto result = parse_sdp(text);
  if (result) {
    ADD_FAILURE() << "was accepted:\n" << text;
    return {};
  }
  return result.error();
}

TEST(Sdp, ReadsEveryFieldThatACallNeeds) {
  const auto s = parsed(
      "v=0\r\no=alice 2890844526 2890844527 IN IP4 host.example.com\r\ns=Call\r\nc=IN IP4 192.0.2.7\r\nt=0 "
      "0\r\n"
      "a=tool:x\r\na=sendonly\r\n"
      "m=audio 49170 RTP/AVP 0 97 101 120\r\n"
      "a=rtpmap:97 opus/48000/2\r\na=fmtp:97 useinbandfec=1; cbr=1\r\na=rtpmap:101 telephone-event/8000\r\n"
      "a=fmtp:101 0-16\r\na=ptime:30\r\na=maxptime:60\r\na=rtcp:53020 IN IP6 2001:db8::5\r\na=rtcp-mux\r\n"
      "a=crypto:1 AES_CM_128_HMAC_SHA1_80 inline:abc\r\na=ssrc:1 cname:x\r\na=recvonly\r\na=label:7\r\n"
      "m=audio 5000 RTP/AVP 8\r\nc=IN IP6 2001:db8::1\r\n"
      "m=image 4000 udptl t38\r\na=T38FaxVersion:0\r\n");
  EXPECT_EQ(s.origin_user, "alice");
  EXPECT_EQ(s.session_id, 2890844526U);
  EXPECT_EQ(s.session_version, 2890844527U);
  EXPECT_EQ(s.session_name, "Call");
  EXPECT_EQ(s.connection, IpAddress::parse("192.0.2.7"));
  ASSERT_EQ(s.attributes.size(), 1U);
  EXPECT_EQ(s.attributes[0].first, "tool");
  ASSERT_EQ(s.media.size(), 3U);
  const auto& m = s.media[0];
  EXPECT_EQ(m.kind, "audio");
  EXPECT_EQ(m.port, 49170);
  EXPECT_EQ(m.protocol, "RTP/AVP");
  EXPECT_EQ(m.connection, IpAddress::parse("192.0.2.7"));
  ASSERT_EQ(m.formats.size(), 4U);
  EXPECT_EQ(m.formats[0], (model::MediaFormat{0, "PCMU", 8000, 1, ""}));
  EXPECT_EQ(m.formats[1], (model::MediaFormat{97, "opus", 48000, 2, "useinbandfec=1; cbr=1"}));
  EXPECT_EQ(m.formats[2], (model::MediaFormat{101, "telephone-event", 8000, 1, "0-16"}));
  EXPECT_EQ(m.formats[3], (model::MediaFormat{120, "", 0, 1, ""}));
  EXPECT_EQ(m.ptime_ms, 30U);
  EXPECT_EQ(m.maxptime_ms, 60U);
  EXPECT_EQ(m.rtcp_port, 53020);
  EXPECT_EQ(m.rtcp_address, IpAddress::parse("2001:db8::5"));
  EXPECT_TRUE(m.rtcp_mux);
  EXPECT_EQ(m.crypto, std::vector<std::string>{"1 AES_CM_128_HMAC_SHA1_80 inline:abc"});
  EXPECT_EQ(m.direction, Direction::recv_only);
  EXPECT_EQ(m.attributes,
            (std::vector<std::pair<std::string, std::string>>{{"ssrc", "1 cname:x"}, {"label", "7"}}));
  EXPECT_EQ(s.media[1].direction, Direction::send_only);
  EXPECT_EQ(s.media[1].connection, IpAddress::parse("2001:db8::1"));
  EXPECT_EQ(s.media[2].format_tokens, std::vector<std::string>{"t38"});
  EXPECT_TRUE(s.media[2].formats.empty());
}

TEST(Sdp, ForgivesWhatRealPeersGetWrong) {
  EXPECT_EQ(parsed("v=0\no=- 1 1 IN IP4 1.2.3.4\nc=IN IP4 1.2.3.4\nm=audio 9 RTP/AVP 8\n").media.size(), 1U)
      << "LF";
  EXPECT_EQ(parsed("v=0\ro=- 1 1 IN IP4 1.2.3.4\rm=audio 9 RTP/AVP 8\r").media.size(), 1U) << "CR";
  EXPECT_EQ(parsed("v=0\r\ns= \r\nm=audio 9 RTP/AVP 8").session_name, "-")
      << "no o=, no t=, no last line end";
  EXPECT_EQ(parsed(kHead + "m=audio 9 RTP/AVP 8 \r\n\r\n \r\n").media[0].formats.size(), 1U) << "blanks";
  EXPECT_EQ(parsed(kHead + "m=audio 9 RTP/AVP 8\r\nsome junk\r\n--boundary--\r\n").media.size(), 1U);
  EXPECT_EQ(parsed(kHead + "m=audio 9 RTP/AVP 8\r\n" + std::string(3, '\0')).media.size(), 1U);
  EXPECT_EQ(parsed("v=0\r\no=My Phone 7 8 IN IP4 10.0.0.1\r\n").origin_user, "My Phone");
  EXPECT_EQ(parsed("v=0\r\no= 7 8 IN IP4 10.0.0.1\r\n").origin_user, "-");
  EXPECT_EQ(parsed(kHead + "m=audio 9/2 RTP/AVP 0 0 8 0\r\n").media[0].formats.size(), 2U);
  EXPECT_EQ(parsed(kHead + "m=audio 0 RTP/AVP\r\n").media[0].port, 0);
  EXPECT_EQ(parsed(kHead + "m=audio 9 RTP/AVP 101\r\na=rtpmap:101  telephone-event/8000/\r\n")
                .media[0]
                .formats[0]
                .clock_hz,
            8000U);
  EXPECT_EQ(parsed("v=0\r\nc=IN IP4 224.2.1.1/127/3\r\n").connection, IpAddress::parse("224.2.1.1"));
  EXPECT_EQ(parsed("v=0\r\nc=IN IP6 ::ffff:192.0.2.9\r\n").connection, IpAddress::parse("192.0.2.9"));
  const auto two = parsed(kHead + "m=audio 9 RTP/AVP 101\r\na=fmtp:101 0-11\r\na=fmtp:101 16\r\n");
  EXPECT_EQ(two.media[0].formats[0].fmtp, "0-11;16");
  const auto huge =
      parsed("v=0\r\no=- 123456789012345678901234567890 18446744073709551616 IN IP4 1.2.3.4\r\n");
  EXPECT_EQ(huge.session_version, 0U);
}

TEST(Sdp, KeepsMalformedOptionalAttributesAsText) {
  const auto s =
      parsed(kHead +
             "m=audio 9 RTP/AVP 97\r\na=rtpmap:97 speex\r\na=rtpmap:98 iLBC/8000\r\na=ptime:20.5\r\n"
             "a=ptime:0\r\na=rtcp:0\r\na=rtcp:5 IN IP4 nowhere\r\na=fmtp:97\r\na=:x\r\na=\r\n");
  EXPECT_EQ(s.media[0].attributes.size(), 7U);
  EXPECT_EQ(s.media[0].formats[0].encoding_name, "");
  EXPECT_FALSE(s.media[0].ptime_ms);
  EXPECT_FALSE(s.media[0].rtcp_port);
}

// Both lines keep Sofia-SIP 1.12.11's parser busy for ever, taking memory all the while.
TEST(Sdp, RefusesTheLinesThatHangOtherParsers) {
  EXPECT_EQ(refused(kHead + "m=audio 9000 TCP/\xC3\x84/MSRP 3 97\r\n").line, 6);
  EXPECT_EQ(refused(kHead + "m=audio 9000 TCP/\xC4/MSRP 3 97\r\n").line, 6);
  EXPECT_EQ(refused(kHead + "m=audio 9000 UDP/TLS/RTP/SAVPF 111 <\r\n").line, 6);
}

TEST(Sdp, RefusesNonsenseAndNamesTheField) {
  const struct {
    std::string text;
    std::string names;
    int line;
  } cases[] = {
      {"", "v=", 0},
      {"hello", "v=0", 1},
      {"o=- 1 1 IN IP4 1.2.3.4\r\nv=0\r\n", "v=0", 1},
      {"v=1\r\n", "v=0", 1},
      {"v=0\r\nv=0\r\n", "v=", 2},
      {"v=0\r\no=- x 1 IN IP4 1.2.3.4\r\n", "o=", 2},
      {"v=0\r\no=1 IN IP4 1.2.3.4\r\n", "o=", 2},
      {"v=0\r\nc=IN IP4 somewhere.example\r\n", "c=", 2},
      {"v=0\r\nc=IN IP4 ::1\r\n", "c=", 2},
      {"v=0\r\nc=ATM NSAP 47.0091\r\n", "c=", 2},
      {"v=0\r\njunk\r\nm=audio 9 RTP/AVP 0\r\n", "no field", 2},
      {"v=0\r\nm=audio 65536 RTP/AVP 0\r\n", "port", 2},
      {"v=0\r\nm=audio -1 RTP/AVP 0\r\n", "port", 2},
      {"v=0\r\nm=audio 9/x RTP/AVP 0\r\n", "ports", 2},
      {"v=0\r\nm=audio\r\n", "port", 2},
      {"v=0\r\nm=audio 9\r\n", "protocol", 2},
      {"v=0\r\nm=au<dio 9 RTP/AVP 0\r\n", "media type", 2},
      {"v=0\r\nm=audio 9 RTP/AVP 128\r\n", "payload type", 2},
      {"v=0\r\nm=audio 9 RTP/AVP zero\r\n", "payload type", 2},
      {"v=0\r\nm=message 9 TCP/MSRP <\r\n", "token", 2},
      {"v=0\r\ns=a\x01"
       "b\r\n",
       "control", 2},
      {std::string("v=0\r\nc=IN IP4 1.2.3.4\0evil\r\n", 28), "control", 2},
  };
  for (const auto& c : cases) {
    const SdpError error = refused(c.text);
    EXPECT_NE(error.what.find(c.names), std::string::npos) << c.text << " gave " << error.what;
    EXPECT_EQ(error.line, c.line) << c.text;
  }
}

TEST(Sdp, HoldsItsLimits) {
  EXPECT_EQ(refused(std::string(32 * 1024 + 1, 'a')).line, 0);
  std::string lines = kHead;
  for (int i = 0; i < 500; ++i) lines += "a=x\r\n";
  EXPECT_NE(refused(lines).what.find("lines"), std::string::npos);
  std::string media = kHead;
  for (int i = 0; i < 32; ++i) media += "m=audio 9 RTP/AVP 0\r\n";
  EXPECT_EQ(parsed(media).media.size(), 32U);
  EXPECT_NE(refused(media + "m=audio 9 RTP/AVP 0\r\n").what.find("m= lines"), std::string::npos);
  std::string formats = kHead + "m=audio 9 RTP/AVP";
  for (int i = 0; i < 64; ++i) formats += " " + std::to_string(i);
  EXPECT_EQ(parsed(formats).media[0].formats.size(), 64U);
  EXPECT_NE(refused(formats + " 64").what.find("formats"), std::string::npos);
}

TEST(Sdp, WritesNoLineThatAValueForged) {
  model::SessionDescription s;
  s.session_name = "x\r\nm=audio 1 RTP/AVP 0";
  s.attributes.emplace_back("a\nb", "c\rd");
  const auto again = parse_sdp(write_sdp(s));
  ASSERT_TRUE(again.has_value());
  EXPECT_TRUE(again->media.empty());
  EXPECT_EQ(write_sdp(s).find("\nm="), std::string::npos);
}

TEST(Sdp, TakesTimeInProportionToLength) {
  // The worst of what fits the limits: one long value, many formats looked up by many attributes.
  std::string formats = kHead + "m=audio 9 RTP/AVP";
  for (int i = 0; i < 64; ++i) formats += " " + std::to_string(64 + i);
  formats += "\r\n";
  for (int i = 0; i < 490; ++i) formats += "a=fmtp:127 " + std::string(50, 'x') + "\r\n";
  ASSERT_LE(formats.size(), 32U * 1024U);
  const auto begin = std::chrono::steady_clock::now();
  for (int i = 0; i < 20; ++i) (void)parse_sdp(formats);
  EXPECT_LT(std::chrono::steady_clock::now() - begin, std::chrono::seconds(2));
}

}  // namespace
}  // namespace tandem::sip
