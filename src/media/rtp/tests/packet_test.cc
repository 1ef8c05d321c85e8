#include "media/rtp/packet.h"

#include <gtest/gtest.h>

#include <vector>

namespace tandem::media {
namespace {

using Bytes = std::vector<std::uint8_t>;
const Bytes kHeader{0x80, 0x80, 0x12, 0x34, 0x01, 0x02, 0x03, 0x04, 0xa1, 0xa2, 0xa3, 0xa4};

Bytes with(std::uint8_t first, Bytes rest) {
  Bytes out = kHeader;
  out[0] = first;
  out.insert(out.end(), rest.begin(), rest.end());
  return out;
}

TEST(RtpPacket, ReadsTheFixedHeader) {
  const Bytes d = with(0x80, {1, 2, 3});
  const auto p = parse_rtp(d);
  ASSERT_TRUE(p);
  EXPECT_TRUE(p->marker);
  EXPECT_EQ(p->payload_type, 0);
  EXPECT_EQ(p->sequence, 0x1234);
  EXPECT_EQ(p->timestamp, 0x01020304U);
  EXPECT_EQ(p->ssrc, 0xa1a2a3a4U);
  EXPECT_EQ(Bytes(p->payload.begin(), p->payload.end()), (Bytes{1, 2, 3}));
}

TEST(RtpPacket, SkipsCsrcExtensionAndPadding) {
  const Bytes d = with(0xb1, {9, 9, 9, 9, 0xbe, 0xde, 0, 1, 7, 7, 7, 7, 42, 43, 0, 2});
  const auto p = parse_rtp(d);
  ASSERT_TRUE(p);
  EXPECT_EQ(Bytes(p->payload.begin(), p->payload.end()), (Bytes{42, 43}));
}

TEST(RtpPacket, RefusesWhatDoesNotAddUp) {
  const std::pair<Bytes, RtpError> bad[] = {
      {{}, RtpError::too_short},
      {Bytes(kHeader.begin(), kHeader.end() - 1), RtpError::too_short},
      {with(0x00, {}), RtpError::bad_version},
      {with(0x40, {}), RtpError::bad_version},
      {with(0x8f, {1, 2, 3, 4}), RtpError::bad_csrc},
      {with(0x90, {0, 0, 0}), RtpError::bad_extension},
      {with(0x90, {0, 0, 0, 2, 1, 2, 3, 4}), RtpError::bad_extension},
      {with(0x90, {0, 0, 0xff, 0xff}), RtpError::bad_extension},
      {with(0xa0, {0}), RtpError::bad_padding},
      {with(0xa0, {2}), RtpError::bad_padding},
      {with(0xa0, {}), RtpError::bad_padding},  // The SSRC's last byte is no padding count.
  };
  for (const auto& [bytes, error] : bad) {
    const auto p = parse_rtp(bytes);
    ASSERT_FALSE(p);
    EXPECT_EQ(p.error(), error);
  }
}

TEST(RtpPacket, WhatIsWrittenIsReadBack) {
  Bytes d(kRtpHeaderBytes);
  write_rtp_header({101, true, 65'535, 0xfffffff0, 0xdeadbeef, {}}, d);
  const auto p = parse_rtp(d);
  ASSERT_TRUE(p);
  EXPECT_EQ(p->payload_type, 101);
  EXPECT_TRUE(p->marker);
  EXPECT_EQ(p->sequence, 65'535);
  EXPECT_EQ(p->timestamp, 0xfffffff0);
  EXPECT_EQ(p->ssrc, 0xdeadbeef);
  EXPECT_TRUE(p->payload.empty());
}

TEST(RtpPacket, DistancesWrap) {
  EXPECT_EQ(sequence_distance(2, 65'535), 3);
  EXPECT_EQ(sequence_distance(65'535, 2), -3);
  EXPECT_EQ(timestamp_distance(100, 0xffffffff), 101);
}

}  // namespace
}  // namespace tandem::media
