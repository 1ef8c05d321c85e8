#include "sip/api/negotiation.h"

#include <gtest/gtest.h>

#include "sip/sdp/sdp.h"

namespace tandem::sip {
namespace {

using model::Codec;
using model::Direction;
using model::SocketAddress;

LocalMedia our_media() {
  LocalMedia out;
  out.rtp = *SocketAddress::parse("198.51.100.1:20000");
  out.rtcp = *SocketAddress::parse("198.51.100.1:20001");
  out.session_id = 77;
  out.session_version = 3;
  return out;
}

model::SessionDescription sdp(const std::string& text) {
  auto result = parse_sdp(text);
  if (!result) {
    ADD_FAILURE() << result.error().line << ": " << result.error().what;
    return {};
  }
  return *result;
}

std::string simple(const std::string& media, const std::string& connection = "192.0.2.1") {
  return "v=0\r\no=- 1 2 IN IP4 192.0.2.1\r\ns=-\r\nc=IN IP4 " + connection + "\r\nt=0 0\r\n" + media;
}

// Offers as these peers send them (addresses replaced), and what must come of each.
struct Offer {
  const char* peer;
  std::string text;
  std::optional<NegotiationError> error;
  Codec codec = Codec::pcmu;
  int payload_type = 0;
  int telephone_event = -1;
  std::string remote = "192.0.2.1:4000";
  std::string rtcp = "192.0.2.1:4001";
  std::uint32_t ptime = 20;
  Direction direction = Direction::send_recv;
  std::vector<int> answered_ports = {20000};

  Offer from(std::string rtp_address, std::string rtcp_address) && {
    remote = std::move(rtp_address);
    rtcp = std::move(rtcp_address);
    return std::move(*this);
  }
  Offer every(std::uint32_t ms) && {
    ptime = ms;
    return std::move(*this);
  }
  Offer ours(Direction d) && {
    direction = d;
    return std::move(*this);
  }
  Offer ports(std::vector<int> p) && {
    answered_ports = std::move(p);
    return std::move(*this);
  }
};

Offer bad(const char* peer, std::string text, NegotiationError error) {
  Offer out;
  out.peer = peer;
  out.text = std::move(text);
  out.error = error;
  return out;
}
Offer good(const char* peer, std::string text, Codec codec = Codec::pcmu, int payload_type = 0,
           int event = -1) {
  Offer out;
  out.peer = peer;
  out.text = std::move(text);
  out.codec = codec;
  out.payload_type = payload_type;
  out.telephone_event = event;
  return out;
}

const std::string kAsterisk =
    "v=0\r\no=- 1431656061 1431656061 IN IP4 192.0.2.1\r\ns=Asterisk\r\nc=IN IP4 192.0.2.1\r\nt=0 0\r\n"
    "m=audio 4000 RTP/AVP 9 0 8 101\r\na=rtpmap:9 G722/8000\r\na=rtpmap:0 PCMU/8000\r\na=rtpmap:8 "
    "PCMA/8000\r\n"
    "a=rtpmap:101 telephone-event/8000\r\na=fmtp:101 0-16\r\na=ptime:20\r\na=maxptime:150\r\na=sendrecv\r\n";
const std::string kFreeSwitch =
    "v=0\r\no=FreeSWITCH 1509439374 1509439375 IN IP4 192.0.2.1\r\ns=FreeSWITCH\r\nc=IN IP4 192.0.2.1\r\nt=0 "
    "0\r\n"
    "m=audio 4000 RTP/AVP 102 0 8 103 101 104\r\na=rtpmap:102 opus/48000/2\r\n"
    "a=fmtp:102 useinbandfec=1; maxaveragebitrate=30000; maxplaybackrate=48000; ptime=20; minptime=10; "
    "maxptime=40\r\n"
    "a=rtpmap:0 PCMU/8000\r\na=rtpmap:8 PCMA/8000\r\na=rtpmap:103 telephone-event/48000\r\na=fmtp:103 "
    "0-16\r\n"
    "a=rtpmap:101 telephone-event/8000\r\na=fmtp:101 0-16\r\na=rtpmap:104 CN/48000\r\na=ptime:20\r\n"
    "a=rtcp:4501 IN IP4 192.0.2.1\r\n";
const std::string kLinphone =
    "v=0\r\no=alice 3386 1247 IN IP4 192.0.2.1\r\ns=Talk\r\nc=IN IP4 192.0.2.1\r\nt=0 0\r\n"
    "a=ice-pwd:31ec21eb38b2ec6d36e8dc7b\r\na=ice-ufrag:9e0bd3d6\r\na=rtcp-xr:rcvr-rtt=all:10000\r\n"
    "m=audio 4000 RTP/AVPF 96 97 98 0 8 18 101 99 100\r\na=rtpmap:96 opus/48000/2\r\na=fmtp:96 "
    "useinbandfec=1\r\n"
    "a=rtpmap:97 speex/16000\r\na=fmtp:97 vbr=on\r\na=rtpmap:98 speex/8000\r\na=fmtp:98 vbr=on\r\n"
    "a=fmtp:18 annexb=yes\r\na=rtpmap:101 telephone-event/48000\r\na=rtpmap:99 telephone-event/16000\r\n"
    "a=rtpmap:100 telephone-event/8000\r\na=candidate:1 1 UDP 2130706431 192.0.2.1 4000 typ host\r\n"
    "a=rtcp-fb:* trr-int 5000\r\n"
    "m=video 9078 RTP/AVPF 96\r\na=rtpmap:96 VP8/90000\r\na=rtcp-fb:96 nack pli\r\n";
const std::string kBaresip =
    "v=0\r\no=- 3520862384 1186236474 IN IP4 192.0.2.1\r\ns=-\r\nc=IN IP4 192.0.2.1\r\nt=0 "
    "0\r\na=tool:baresip 1.1.0\r\n"
    "m=audio 4000 RTP/AVP 0 8 9 101\r\na=rtpmap:0 PCMU/8000\r\na=rtpmap:8 PCMA/8000\r\na=rtpmap:9 "
    "G722/8000\r\n"
    "a=rtpmap:101 telephone-event/8000\r\na=fmtp:101 "
    "0-15\r\na=rtcp:4001\r\na=sendrecv\r\na=label:1\r\na=rtcp-rsize\r\n"
    "a=ssrc:2222 cname:sip:x@y\r\na=ptime:20\r\n";
const std::string kCisco =
    "v=0\r\no=CiscoSystemsCCM-SIP 2000 1 IN IP4 10.1.1.1\r\ns=SIP Call\r\nc=IN IP4 "
    "192.0.2.1\r\nb=TIAS:64000\r\n"
    "b=AS:64\r\nt=0 0\r\nm=audio 4000 RTP/AVP 18 8 0 101\r\na=rtpmap:18 G729/8000\r\na=fmtp:18 "
    "annexb=no\r\na=ptime:30\r\n"
    "a=rtpmap:8 PCMA/8000\r\na=ptime:20\r\na=rtpmap:0 PCMU/8000\r\na=ptime:20\r\n"
    "a=rtpmap:101 telephone-event/8000\r\na=fmtp:101 0-15\r\n";
const std::string kWebRtc =
    "v=0\r\no=- 4611731400430051336 2 IN IP4 127.0.0.1\r\ns=-\r\nt=0 0\r\na=group:BUNDLE "
    "0\r\na=msid-semantic: WMS\r\n"
    "m=audio 9 UDP/TLS/RTP/SAVPF 111 63 9 0 8 13 110 126\r\nc=IN IP4 0.0.0.0\r\na=rtcp:9 IN IP4 0.0.0.0\r\n"
    "a=ice-ufrag:abcd\r\na=fingerprint:sha-256 "
    "AA:BB\r\na=setup:actpass\r\na=mid:0\r\na=sendrecv\r\na=rtcp-mux\r\n"
    "a=rtpmap:111 opus/48000/2\r\na=rtpmap:110 telephone-event/48000\r\na=rtpmap:126 "
    "telephone-event/8000\r\n";

using E = NegotiationError;
const std::string kPlain = "m=audio 4000 RTP/AVP 0\r\n";

std::vector<Offer> offers_of_peers() {
  return {
      good("Asterisk", kAsterisk, Codec::g722, 9, 101),
      good("FreeSWITCH", kFreeSwitch, Codec::pcmu, 0, 101).from("192.0.2.1:4000", "192.0.2.1:4501"),
      good("Linphone", kLinphone, Codec::pcmu, 0, 100).ports({20000, 0}),
      good("baresip", kBaresip, Codec::pcmu, 0, 101),
      good("Cisco", kCisco, Codec::pcma, 8, 101).every(30),
      bad("WebRTC", kWebRtc, E::no_audio),
      bad("SRTP trunk", simple("m=audio 4000 RTP/SAVP 0\r\na=crypto:1 AES_CM_128_HMAC_SHA1_80 inline:x\r\n"),
          E::no_audio),
  };
}

std::vector<Offer> offers_of_lines() {
  return {
      good("best effort SRTP: SAVP beside AVP",
           simple("m=audio 4400 RTP/SAVP 8\r\nm=audio 4000 RTP/AVP 8\r\n"), Codec::pcma, 8)
          .ports({0, 20000}),
      good("two audio lines", simple("m=audio 4000 RTP/AVP 8\r\nm=audio 4400 RTP/AVP 0\r\n"), Codec::pcma, 8)
          .ports({20000, 0}),
      good("video first", simple("m=video 5000 RTP/AVP 96\r\na=rtpmap:96 H264/90000\r\n" + kPlain))
          .ports({0, 20000}),
      good("audio and T.38", simple(kPlain + "m=image 6000 udptl t38\r\n")).ports({20000, 0}),
      bad("T.38 alone", simple("m=image 6000 udptl t38\r\n"), E::no_audio),
      bad("disabled audio", simple("m=audio 0 RTP/AVP 0\r\n"), E::no_audio),
      bad("no media", simple(""), E::no_audio),
      bad("G.729 only", simple("m=audio 4000 RTP/AVP 18 101\r\na=rtpmap:101 telephone-event/8000\r\n"),
          E::no_common_codec),
  };
}

std::vector<Offer> offers_of_addresses() {
  return {
      bad("no c=", "v=0\r\no=- 1 1 IN IP4 192.0.2.1\r\ns=-\r\nt=0 0\r\n" + kPlain, E::no_address),
      bad("multicast", simple(kPlain, "239.1.1.1/127"), E::no_address),
      bad("broadcast", simple(kPlain, "255.255.255.255"), E::no_address),
      good("RFC 2543 hold", simple(kPlain, "0.0.0.0"))
          .from("0.0.0.0:4000", "0.0.0.0:4001")
          .ours(Direction::recv_only),
      good("hold with both", simple(kPlain + "a=inactive\r\n", "0.0.0.0"))
          .from("0.0.0.0:4000", "0.0.0.0:4001")
          .ours(Direction::inactive),
      good("hold", simple(kPlain + "a=sendonly\r\n")).ours(Direction::recv_only),
      good("hold, session level", simple("a=inactive\r\n" + kPlain)).ours(Direction::inactive),
      good("rtcp of a stranger", simple(kPlain + "a=rtcp:7000 IN IP4 203.0.113.9\r\n"))
          .from("192.0.2.1:4000", "192.0.2.1:7000"),
      good("IPv6",
           "v=0\r\no=- 1 1 IN IP6 2001:db8::1\r\ns=-\r\nt=0 0\r\n" + kPlain + "c=IN IP6 2001:db8::1\r\n")
          .from("[2001:db8::1]:4000", "[2001:db8::1]:4001"),
      good("highest port", simple("m=audio 65535 RTP/AVP 0\r\n")).from("192.0.2.1:65535", "192.0.2.1:0"),
  };
}

std::vector<Offer> offers_of_formats() {
  return {
      good("dynamic types",
           simple("m=audio 4000 RTP/AVP 112 96\r\na=rtpmap:112 pcma/8000/1\r\n"
                  "a=rtpmap:96 TELEPHONE-EVENT/8000\r\n"),
           Codec::pcma, 112, 96),
      good("stereo PCMU is another codec",
           simple("m=audio 4000 RTP/AVP 112 8\r\na=rtpmap:112 PCMU/8000/2\r\n"), Codec::pcma, 8),
      good("wideband PCMU is another codec",
           simple("m=audio 4000 RTP/AVP 112 8\r\na=rtpmap:112 PCMU/16000\r\n"), Codec::pcma, 8),
      good("G.722 written with its sample rate",
           simple("m=audio 4000 RTP/AVP 9\r\na=rtpmap:9 G722/16000\r\n"), Codec::g722, 9),
      good("ptime 10", simple(kPlain + "a=ptime:10\r\n")).every(10),
      good("ptime out of range", simple(kPlain + "a=ptime:240\r\na=maxptime:45\r\n")).every(40),
  };
}

std::vector<Offer> offers() {
  std::vector<Offer> out;
  for (const auto& part :
       {offers_of_peers(), offers_of_lines(), offers_of_addresses(), offers_of_formats()}) {
    out.insert(out.end(), part.begin(), part.end());
  }
  return out;
}

TEST(Negotiation, AnswersRealOffers) {
  for (const Offer& o : offers()) {
    SCOPED_TRACE(o.peer);
    const auto offer = sdp(o.text);
    const auto result = answer_offer(offer, our_media());
    ASSERT_EQ(result.has_value(), !o.error);
    if (o.error) {
      EXPECT_EQ(result.error(), *o.error) << to_string(result.error());
      continue;
    }
    const model::AgreedMedia& agreed = result->agreed;
    EXPECT_EQ(agreed.codec, o.codec);
    EXPECT_EQ(agreed.payload_type, o.payload_type);
    EXPECT_EQ(agreed.telephone_event_payload_type ? *agreed.telephone_event_payload_type : -1,
              o.telephone_event);
    EXPECT_EQ(agreed.remote_rtp.str(), o.remote);
    EXPECT_EQ(agreed.remote_rtcp.str(), o.rtcp);
    EXPECT_EQ(agreed.ptime_ms, o.ptime);
    EXPECT_EQ(agreed.direction, o.direction);

    const auto& answer = result->answer;
    EXPECT_EQ(sdp(write_sdp(answer)).media.size(), offer.media.size());
    ASSERT_EQ(answer.media.size(), o.answered_ports.size());
    for (std::size_t i = 0; i < answer.media.size(); ++i) {
      EXPECT_EQ(answer.media[i].port, o.answered_ports[i]);
      EXPECT_EQ(answer.media[i].kind, offer.media[i].kind);
      EXPECT_EQ(answer.media[i].protocol, offer.media[i].protocol);
      EXPECT_FALSE(answer.media[i].rtcp_mux);
      if (answer.media[i].port == 0) continue;
      EXPECT_EQ(answer.media[i].direction, o.direction);
      EXPECT_EQ(answer.media[i].formats.front().payload_type, o.payload_type);
      EXPECT_EQ(answer.media[i].formats.size(), o.telephone_event >= 0 ? 2U : 1U);
    }
  }
}

TEST(Negotiation, OurOrderWinsWhenAskedTo) {
  auto local = our_media();
  local.codecs = {Codec::pcma, Codec::pcmu};
  EXPECT_EQ(answer_offer(sdp(kAsterisk), local)->agreed.codec, Codec::pcmu);
  EXPECT_EQ(answer_offer(sdp(kAsterisk), local, true)->agreed.codec, Codec::pcma);
}

TEST(Negotiation, DirectionsMeetInTheMiddle) {
  const struct {
    const char* offered;
    Direction most;
    Direction expected;
  } cases[] = {
      {"sendrecv", Direction::send_recv, Direction::send_recv},
      {"sendrecv", Direction::send_only, Direction::send_only},
      {"sendrecv", Direction::recv_only, Direction::recv_only},
      {"sendrecv", Direction::inactive, Direction::inactive},
      {"sendonly", Direction::send_recv, Direction::recv_only},
      {"sendonly", Direction::send_only, Direction::inactive},
      {"sendonly", Direction::recv_only, Direction::recv_only},
      {"sendonly", Direction::inactive, Direction::inactive},
      {"recvonly", Direction::send_recv, Direction::send_only},
      {"recvonly", Direction::send_only, Direction::send_only},
      {"recvonly", Direction::recv_only, Direction::inactive},
      {"recvonly", Direction::inactive, Direction::inactive},
      {"inactive", Direction::send_recv, Direction::inactive},
      {"inactive", Direction::send_only, Direction::inactive},
      {"inactive", Direction::recv_only, Direction::inactive},
      {"inactive", Direction::inactive, Direction::inactive},
  };
  for (const auto& c : cases) {
    auto local = our_media();
    local.direction = c.most;
    const auto result =
        answer_offer(sdp(simple("m=audio 4000 RTP/AVP 0\r\na=" + std::string(c.offered))), local);
    EXPECT_EQ(result->agreed.direction, c.expected) << c.offered << " against " << static_cast<int>(c.most);
  }
}

TEST(Negotiation, OfferSaysWhatWeCan) {
  auto local = our_media();
  local.rtcp.port = 30000;
  const auto offer = make_offer(local);
  const auto& m = offer.media.at(0);
  EXPECT_EQ(offer.session_id, 77U);
  EXPECT_EQ(offer.session_version, 3U);
  ASSERT_EQ(m.formats.size(), 4U);
  EXPECT_EQ(m.formats[0].payload_type, 0);
  EXPECT_EQ(m.formats[1].payload_type, 8);
  EXPECT_EQ(m.formats[2].payload_type, 9);
  EXPECT_EQ(m.formats[3], (model::MediaFormat{101, "telephone-event", 8000, 1, "0-15"}));
  EXPECT_EQ(m.rtcp_port, 30000);
}

TEST(Negotiation, BothSidesAgreeOnTheSameThing) {
  auto callee = our_media();
  callee.rtp = *SocketAddress::parse("203.0.113.5:31000");
  callee.rtcp = *SocketAddress::parse("203.0.113.5:31001");
  callee.codecs = {Codec::g722, Codec::pcma};
  const auto offer = make_offer(our_media());
  const auto answered = answer_offer(offer, callee);
  const auto agreed = read_answer(offer, sdp(write_sdp(answered->answer)), our_media());
  ASSERT_TRUE(agreed.has_value());
  EXPECT_EQ(agreed->codec, Codec::pcma);
  EXPECT_EQ(answered->agreed.codec, Codec::pcma);
  EXPECT_EQ(agreed->telephone_event_payload_type, std::uint8_t{101});
  EXPECT_EQ(agreed->remote_rtp, callee.rtp);
  EXPECT_EQ(agreed->remote_rtcp, callee.rtcp);
}

TEST(Negotiation, ReadsAnswersWithCare) {
  const struct {
    const char* what;
    std::string answer;
    E error;
  } cases[] = {
      {"refused", simple("m=audio 0 RTP/AVP 0\r\n"), E::no_audio},
      {"no line", simple(""), E::bad_answer},
      {"another medium", simple("m=video 4000 RTP/AVP 0\r\n"), E::bad_answer},
      {"encrypted unasked", simple("m=audio 4000 RTP/SAVP 0\r\n"), E::bad_answer},
      {"never offered", simple("m=audio 4000 RTP/AVP 18\r\n"), E::no_common_codec},
      {"events alone", simple("m=audio 4000 RTP/AVP 101\r\na=rtpmap:101 telephone-event/8000\r\n"),
       E::no_common_codec},
      {"multicast", simple("m=audio 4000 RTP/AVP 0\r\n", "239.0.0.1"), E::no_address},
  };
  const auto offer = make_offer(our_media());
  for (const auto& c : cases) {
    const auto result = read_answer(offer, sdp(c.answer), our_media());
    ASSERT_FALSE(result.has_value()) << c.what;
    EXPECT_EQ(result.error(), c.error) << c.what;
  }
  const auto held =
      read_answer(offer, sdp(simple("m=audio 4000 RTP/AVP 8 0\r\na=recvonly\r\n")), our_media());
  EXPECT_EQ(held->direction, Direction::send_only);
  EXPECT_EQ(held->codec, Codec::pcma);
  EXPECT_FALSE(held->telephone_event_payload_type);
}

TEST(Negotiation, ReofferKeepsLinesAndTypes) {
  const auto first = answer_offer(
      sdp(simple("m=video 5000 RTP/AVP 96\r\na=rtpmap:96 H264/90000\r\nm=audio 4000 RTP/AVP 112 96\r\n"
                 "a=rtpmap:112 PCMA/8000\r\na=rtpmap:96 telephone-event/8000\r\n")),
      our_media());
  ASSERT_TRUE(first.has_value());
  auto local = our_media();
  local.session_version = 4;
  local.direction = Direction::send_only;
  const auto again = make_reoffer(first->answer, local);
  ASSERT_EQ(again.media.size(), 2U);
  EXPECT_EQ(again.media[0].kind, "video");
  EXPECT_EQ(again.media[0].port, 0);
  EXPECT_EQ(again.session_version, 4U);
  const auto& audio = again.media[1];
  EXPECT_EQ(audio.direction, Direction::send_only);
  ASSERT_EQ(audio.formats.size(), 4U);
  EXPECT_EQ(audio.formats[1], (model::MediaFormat{112, "PCMA", 8000, 1, ""}));
  EXPECT_EQ(audio.formats[3].payload_type, 96);
}

}  // namespace
}  // namespace tandem::sip
