#include "media/rtp/source_lock.h"

#include <gtest/gtest.h>

namespace tandem::media {
namespace {

using namespace std::chrono_literals;
using Verdict = SourceLock::Verdict;

model::SocketAddress at(const char* text) {
  return *model::SocketAddress::parse(text);
}
const auto kDescribed = at("10.0.0.5:4000");
const auto kPublic = at("192.0.2.7:62000");
const auto kRebound = at("192.0.2.7:62044");
const auto kStranger = at("198.51.100.9:5000");

class SourceLockTest : public ::testing::Test {
 protected:
  SourceLockTest() { lock.configure(kDescribed); }
  Verdict packet(const model::SocketAddress& from, std::uint32_t ssrc, std::uint16_t sequence,
                 Duration later = 20ms) {
    now += later;
    return lock.on_packet(from, ssrc, sequence, now);
  }
  void learn(const model::SocketAddress& from, std::uint32_t ssrc) {
    EXPECT_EQ(packet(from, ssrc, 10), Verdict::learning);
    EXPECT_EQ(packet(from, ssrc, 11), Verdict::learning);
    EXPECT_EQ(packet(from, ssrc, 12), Verdict::locked);
  }
  SourceLock lock;
  TimePoint now{1000s};
};

TEST_F(SourceLockTest, DescribedAddressIsBelievedAtOnce) {
  EXPECT_EQ(lock.source(), nullptr);
  EXPECT_EQ(packet(kDescribed, 1, 1), Verdict::locked);
  EXPECT_EQ(packet(kDescribed, 1, 2), Verdict::accept);
  EXPECT_EQ(*lock.source(), kDescribed);
  for (std::uint16_t n = 0; n < 10; ++n) EXPECT_EQ(packet(kStranger, 1, n), Verdict::stranger);
}

TEST_F(SourceLockTest, ThreeConsecutivePacketsOfOneSourceAreLearned) {
  EXPECT_EQ(packet(kPublic, 1, 65'534), Verdict::learning);
  EXPECT_EQ(packet(kPublic, 1, 65'535), Verdict::learning);
  EXPECT_EQ(packet(kPublic, 1, 0), Verdict::locked);
  EXPECT_EQ(*lock.source(), kPublic);
}

TEST_F(SourceLockTest, GapsAndMixturesAreNotLearned) {
  for (std::uint16_t n = 0; n < 40; n = static_cast<std::uint16_t>(n + 2))
    EXPECT_EQ(packet(kPublic, 1, n), Verdict::learning);
  for (std::uint16_t n = 0; n < 40; ++n) EXPECT_EQ(packet(kPublic, n, n), Verdict::learning);
  for (std::uint16_t n = 0; n < 40; ++n)
    EXPECT_EQ(packet(n % 2 == 0 ? kPublic : kStranger, 1, n), Verdict::learning);
  EXPECT_EQ(lock.source(), nullptr);
}

TEST_F(SourceLockTest, DescribedAddressWinsOverALearnedOne) {
  learn(kStranger, 9);
  EXPECT_EQ(packet(kDescribed, 1, 500), Verdict::locked);
  EXPECT_EQ(packet(kStranger, 9, 13), Verdict::stranger);
}

TEST_F(SourceLockTest, RebindingNeedsSilenceAndTheSameSsrcAndIp) {
  learn(kPublic, 1);
  EXPECT_EQ(packet(kRebound, 1, 13), Verdict::stranger) << "the old source is not silent";
  EXPECT_EQ(packet(kRebound, 2, 14, 600ms), Verdict::stranger) << "another SSRC";
  EXPECT_EQ(packet(kStranger, 1, 15), Verdict::stranger) << "another IP";
  EXPECT_EQ(packet(kRebound, 1, 16), Verdict::locked);
  EXPECT_EQ(*lock.source(), kRebound);
}

TEST_F(SourceLockTest, SsrcMayChangeAtTheLockedAddress) {
  learn(kPublic, 1);
  EXPECT_EQ(packet(kPublic, 77, 9000), Verdict::accept);
  EXPECT_EQ(packet(kRebound, 77, 9001, 600ms), Verdict::locked);
}

TEST_F(SourceLockTest, ConfigureAllowsAMoveAfterSilence) {
  learn(kPublic, 1);
  EXPECT_EQ(packet(kStranger, 5, 1, 600ms), Verdict::stranger);
  lock.configure(kDescribed);
  EXPECT_EQ(*lock.source(), kPublic) << "a refresh keeps the lock";
  EXPECT_EQ(packet(kPublic, 1, 13), Verdict::accept);
  EXPECT_EQ(packet(kStranger, 5, 1), Verdict::stranger);
  EXPECT_EQ(packet(kStranger, 5, 2, 600ms), Verdict::learning);
  EXPECT_EQ(packet(kStranger, 5, 3), Verdict::learning);
  EXPECT_EQ(packet(kStranger, 5, 4), Verdict::locked);
  EXPECT_EQ(packet(kPublic, 1, 14, 600ms), Verdict::stranger) << "one move a description";
}

TEST_F(SourceLockTest, ANewDescriptionStartsAnew) {
  learn(kPublic, 1);
  lock.configure(at("10.0.0.6:4000"));
  EXPECT_EQ(lock.source(), nullptr);
  EXPECT_EQ(packet(at("10.0.0.6:4000"), 3, 1), Verdict::locked);
}

}  // namespace
}  // namespace tandem::media
