#include "media/rtp/rtcp.h"

#include <gtest/gtest.h>

#include <vector>

#include "media/rtp/e_model.h"

namespace tandem::media {
namespace {

using Bytes = std::vector<std::uint8_t>;

Bytes written(const RtcpReport& r) {
  Bytes out(400);
  out.resize(write_rtcp(r, out));
  return out;
}

RtcpReport full() {
  RtcpReport r;
  r.ssrc = 0x11223344;
  r.sender = SenderInfo{0x0102030405060708, 99, 1000, 160'000};
  r.block = ReportBlock{0x55667788, 12, -3, 0x10005, 17, 0xaabbccdd, 65'536};
  r.cname = "abc";
  return r;
}

TEST(Rtcp, WhatIsWrittenIsReadBack) {
  RtcpReport r = full();
  r.bye = true;
  const auto p = parse_rtcp(written(r));
  ASSERT_TRUE(p);
  EXPECT_EQ(p->ssrc, r.ssrc);
  ASSERT_TRUE(p->sender);
  EXPECT_EQ(p->sender->ntp, r.sender->ntp);
  EXPECT_EQ(p->sender->rtp_timestamp, 99U);
  EXPECT_EQ(p->sender->packets, 1000U);
  ASSERT_EQ(p->block_count, 1U);
  EXPECT_EQ(p->blocks[0].ssrc, 0x55667788U);
  EXPECT_EQ(p->blocks[0].fraction_lost, 12);
  EXPECT_EQ(p->blocks[0].cumulative_lost, -3);
  EXPECT_EQ(p->blocks[0].highest_sequence, 0x10005U);
  EXPECT_EQ(p->blocks[0].jitter, 17U);
  EXPECT_EQ(p->blocks[0].last_sr, 0xaabbccddU);
  EXPECT_EQ(p->blocks[0].delay_since_last_sr, 65'536U);
  EXPECT_TRUE(p->bye);
}

TEST(Rtcp, ReceiverReportWithEachLengthOfName) {
  for (std::size_t n = 0; n < 300; ++n) {
    RtcpReport r;
    const std::string name(n, 'x');
    r.cname = name;
    const auto bytes = written(r);
    EXPECT_EQ(bytes.size() % 4, 0U);
    const auto p = parse_rtcp(bytes);
    ASSERT_TRUE(p) << n;
    EXPECT_FALSE(p->sender);
    EXPECT_FALSE(p->bye);
  }
}

TEST(Rtcp, RefusesWhatDoesNotAddUp) {
  const Bytes good = written(full());
  const auto error = [](Bytes b) { return parse_rtcp(b).error(); };
  EXPECT_EQ(error({}), RtcpError::too_short);
  EXPECT_EQ(error(Bytes(1504, 0x80)), RtcpError::too_long);
  for (std::size_t n = 8; n < good.size(); ++n) {
    if (n == 52) continue;  // The report alone is a packet of its own.
    EXPECT_FALSE(parse_rtcp(std::span(good).first(n))) << n;
  }
  Bytes b = good;
  b[0] = 0x41;
  EXPECT_EQ(error(b), RtcpError::bad_version);
  b = good;
  b[0] = 0x9f;  // 31 blocks that are not there.
  EXPECT_EQ(error(b), RtcpError::bad_report);
  b = good;
  b[1] = 202;
  EXPECT_EQ(error(b), RtcpError::bad_first_packet);
  b = good;
  b[0] |= 0x20;
  EXPECT_EQ(error(b), RtcpError::bad_padding);
  b = good;
  b[3] = 255;
  EXPECT_EQ(error(b), RtcpError::bad_length);
}

TEST(Rtcp, NtpCountsFrom1900) {
  EXPECT_EQ(to_ntp(WallTime(std::chrono::milliseconds(500))), (2'208'988'800ULL << 32) | 0x80000000ULL);
}

TEST(Rtcp, IntervalsAreRandomised) {
  const Duration base = std::chrono::seconds(5);
  EXPECT_NEAR(static_cast<double>(rtcp_interval(base, 0).count()) / 1e9, 2.052, 0.001);
  EXPECT_NEAR(static_cast<double>(rtcp_interval(base, 0xffffffff).count()) / 1e9, 6.156, 0.001);
}

TEST(EModel, FallsWithLossAndDelay) {
  const double clean = estimate_mos(model::Codec::pcmu, 0, 50);
  EXPECT_GT(clean, 4.3);
  EXPECT_LE(clean, 4.5);
  const double lossy = estimate_mos(model::Codec::pcmu, 5, 50);
  EXPECT_LT(lossy, clean - 0.3);
  EXPECT_LT(estimate_mos(model::Codec::pcmu, 0, 400), clean - 0.5);
  EXPECT_EQ(estimate_mos(model::Codec::pcmu, 100, 5000), 1.0);
}

}  // namespace
}  // namespace tandem::media
