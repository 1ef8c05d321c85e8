#include "media/rtp/reception_stats.h"

#include <gtest/gtest.h>

namespace tandem::media {
namespace {

using namespace std::chrono_literals;

class ReceptionStatsTest : public ::testing::Test {
 protected:
  void packet(int n, Duration delay = 0ms, std::uint32_t ssrc = 1) {
    stats.on_packet(ssrc, static_cast<std::uint16_t>(65'000 + n), static_cast<std::uint32_t>(n) * 160,
                    start + n * 20ms + delay, true);
  }
  const TimePoint start{1000s};
  ReceptionStats stats;
};

TEST_F(ReceptionStatsTest, CountsAcrossTheWrap) {
  for (int n = 0; n < 2000; ++n) {
    if (n % 100 != 50) packet(n);
  }
  EXPECT_EQ(stats.expected(), 2000U);
  EXPECT_EQ(stats.received(), 1980U);
  EXPECT_EQ(stats.lost(), 20U);
  EXPECT_EQ(stats.jitter_ms(), 0);
  const auto b = stats.report_block();
  EXPECT_EQ(b.cumulative_lost, 20);
  EXPECT_EQ(b.fraction_lost, 2);
  EXPECT_EQ(b.highest_sequence, 66'999U);
}

TEST_F(ReceptionStatsTest, ReorderedAndRepeatedPacketsAreNoLoss) {
  for (const int n : {0, 2, 1, 3, 3, 5, 4}) packet(n);
  EXPECT_EQ(stats.lost(), 0U);
  EXPECT_EQ(stats.report_block().cumulative_lost, -1);
  stats.on_late();
  EXPECT_EQ(stats.lost(), 1U);
}

TEST_F(ReceptionStatsTest, JitterConvergesToTheMeanDifference) {
  for (int n = 0; n < 1000; ++n) packet(n, n % 2 == 0 ? 0ms : 10ms);
  EXPECT_NEAR(stats.jitter_ms(), 10, 0.2);
}

TEST_F(ReceptionStatsTest, SurvivesJumpsAndANewSource) {
  for (int n = 0; n < 10; ++n) packet(n);
  packet(20'000);  // Alone: not believed.
  EXPECT_EQ(stats.expected(), 10U);
  for (int n = 10; n < 20; ++n) packet(n);
  for (int n = 20'000; n < 20'010; ++n) packet(n);
  for (int n = 0; n < 10; ++n) packet(n, 0ms, 2);
  EXPECT_EQ(stats.ssrc(), 2U);
  EXPECT_LE(stats.lost(), 1U);
  EXPECT_EQ(stats.received(), 41U);
  EXPECT_LT(stats.jitter_ms(), 1);
}

TEST_F(ReceptionStatsTest, FractionCoversTheTimeSinceTheLastReport) {
  packet(0);
  packet(3);
  EXPECT_EQ(stats.report_block().fraction_lost, 128);
  packet(4);
  EXPECT_EQ(stats.report_block().fraction_lost, 0);
  EXPECT_EQ(stats.report_block().fraction_lost, 0) << "nothing expected";
}

}  // namespace
}  // namespace tandem::media
