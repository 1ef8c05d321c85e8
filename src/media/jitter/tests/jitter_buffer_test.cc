#include "media/jitter/jitter_buffer.h"

#include <gtest/gtest.h>

#include <map>
#include <random>
#include <vector>

namespace tandem::media {
namespace {

using Kind = JitterBuffer::Step::Kind;

/// Sends packet n (20 ms, filled with n) at simulated times and plays a frame each 20 ms.
class Simulation {
 public:
  explicit Simulation(JitterOptions options = {}) : buffer(options) {}

  JitterBuffer::Pushed push(int n, std::uint32_t units = 160, std::uint32_t extra_timestamp = 0) {
    std::vector<std::uint8_t> payload(units, static_cast<std::uint8_t>(n));
    return buffer.push(static_cast<std::uint16_t>(65'500 + n),
                       0xffff'f000U + static_cast<std::uint32_t>(n) * units + extra_timestamp, units,
                       payload);
  }
  /// Arrival of packet n at `ms`.
  void arrive(double ms, int n) { arrivals_.emplace(ms, n); }
  /// Plays until `ms`.
  void run(double ms) {
    for (; now_ < ms; now_ += 20) {
      while (!arrivals_.empty() && arrivals_.begin()->first <= now_) {
        const auto pushed = push(arrivals_.begin()->second);
        late += pushed == JitterBuffer::Pushed::late;
        arrivals_.erase(arrivals_.begin());
      }
      frame();
    }
  }
  void frame() {
    while (waiting_ < 160) {
      const auto s = buffer.next();
      if (s.kind == Kind::drop) {
        ++dropped;
        continue;
      }
      waiting_ += s.units - s.skip;
      if (s.kind == Kind::play) {
        played.push_back(s.payload[0]);
        last_play_ms = now_;
      }
      concealed += s.kind == Kind::conceal;
      silent += s.kind == Kind::silence;
    }
    waiting_ -= 160;
  }

  JitterBuffer buffer;
  std::vector<std::uint8_t> played;
  int late = 0;
  int concealed = 0;
  int silent = 0;
  int dropped = 0;
  double last_play_ms = 0;

 private:
  double now_ = 0;
  std::uint32_t waiting_ = 0;  // Units played beyond the last frame.
  std::multimap<double, int> arrivals_;
};

std::vector<std::uint8_t> numbers(int from, int to) {
  std::vector<std::uint8_t> out;
  for (int n = from; n < to; ++n) out.push_back(static_cast<std::uint8_t>(n));
  return out;
}

TEST(JitterBuffer, SteadyStreamIsPlayedInOrderAcrossTheWrap) {
  Simulation s;
  for (int n = 0; n < 200; ++n) s.arrive(n * 20, n);
  s.run(4200);
  EXPECT_EQ(s.played, numbers(0, 200));
  EXPECT_LE(s.buffer.target_ms(), 40U);
}

TEST(JitterBuffer, ReorderedAndRepeatedPacketsAreStraightened) {
  Simulation s;
  for (int n = 0; n < 100; ++n) s.arrive(n * 20 + (n % 4 == 1 ? 25 : 0), n);
  s.run(1000);
  EXPECT_EQ(s.push(48), JitterBuffer::Pushed::duplicate);
  s.run(2200);
  EXPECT_EQ(s.played, numbers(0, 100));
  EXPECT_EQ(s.late, 0);
}

TEST(JitterBuffer, LossIsConcealedForAsLongAsItLasts) {
  Simulation s;
  for (int n = 0; n < 100; ++n) {
    if (n % 10 != 5) s.arrive(n * 20, n);
  }
  s.run(2000);
  EXPECT_EQ(s.concealed, 10);
  EXPECT_EQ(s.played.size(), 88U);  // Two are still waiting.
}

TEST(JitterBuffer, DelayGrowsWithJitterAndNothingIsLostAfter) {
  Simulation s;
  std::mt19937 random(1);
  for (int n = 0; n < 1500; ++n) s.arrive(n * 20 + static_cast<double>(random() % 60), n);
  s.run(5000);
  const int late_at_first = s.late;
  s.run(30'100);
  EXPECT_LE(late_at_first, 6);
  EXPECT_LE(s.late - late_at_first, 6);
  EXPECT_LE(s.buffer.target_ms(), 120U);
}

TEST(JitterBuffer, DelayShrinksWhenTheNetworkCalmsDown) {
  Simulation s;
  for (int n = 0; n < 2000; ++n) s.arrive(n * 20 + (n < 100 && n % 7 == 3 ? 130 : 0), n);
  s.run(2500);
  const auto grown = s.buffer.target_ms();
  s.run(40'000);
  EXPECT_GE(grown, 100U);
  EXPECT_LE(s.buffer.target_ms(), 60U);
  EXPECT_GT(s.dropped, 0);
}

TEST(JitterBuffer, BurstOfLossGoesOnAfterIt) {
  Simulation s;
  for (int n = 0; n < 50; ++n) s.arrive(n * 20, n);
  for (int n = 60; n < 100; ++n) s.arrive(n * 20, n);
  s.run(2200);
  EXPECT_EQ(s.concealed + s.silent - 2 /* at the start */ - 8 /* at the end, about */, 10)
      << s.concealed << " " << s.silent;
  EXPECT_EQ(s.played.size(), 90U);
}

TEST(JitterBuffer, AStallOfTheNetworkCostsNotMoreThanItself) {
  Simulation s;
  for (int n = 0; n < 50; ++n) s.arrive(n * 20, n);
  for (int n = 50; n < 75; ++n) s.arrive(1500, n);  // All at once, up to 500 ms late.
  for (int n = 75; n < 200; ++n) s.arrive(n * 20, n);
  s.run(4000);
  EXPECT_GE(s.played.back(), 194) << "played with at most 100 ms of delay";
  EXPECT_GE(s.played.size(), 200U - 25U - 3U);
  EXPECT_LE(s.buffer.depth_ms(), 240U);
}

TEST(JitterBuffer, TimestampJumpStartsAnew) {
  Simulation s;
  for (int n = 0; n < 20; ++n) {
    s.push(n);
    s.frame();
  }
  for (int n = 20; n < 40; ++n) {
    s.push(n, 160, 0x4000'0000);
    s.frame();
  }
  EXPECT_EQ(s.played.back(), 37);
  EXPECT_GE(s.played.size(), 34U);
}

TEST(JitterBuffer, TimestampsThatGoBackAreFollowed) {
  Simulation s;
  for (int n = 0; n < 40; ++n) {
    s.push(n);
    s.frame();
  }
  for (int n = 40; n < 80; ++n) {
    s.push(n, 160, 0U - 8000U);
    s.frame();
  }
  EXPECT_EQ(s.played.back(), 77);
}

TEST(JitterBuffer, PauseOfThePeerIsSilenceThenPlaysOn) {
  Simulation s;
  for (int n = 0; n < 20; ++n) s.arrive(n * 20, n);
  for (int n = 200; n < 220; ++n) s.arrive(n * 20, n);
  s.run(5000);
  EXPECT_EQ(s.played.size(), 40U);
  EXPECT_EQ(s.late, 0);
  EXPECT_GT(s.silent, 100);
}

TEST(JitterBuffer, OtherPacketTimes) {
  for (const std::uint32_t units : {80U, 240U, 320U, 480U}) {
    Simulation s;
    std::uint32_t frames = 0;
    for (int n = 0; n < 20; ++n) {
      s.push(n, units);
      for (; (frames + 1) * 160 <= static_cast<std::uint32_t>(n + 1) * units; ++frames) s.frame();
    }
    for (int n = 0; n < 6; ++n) s.frame();
    EXPECT_EQ(s.played, numbers(0, 20)) << units;
  }
}

TEST(JitterBuffer, RefusesWhatItCannotHold) {
  JitterBuffer b;
  const std::vector<std::uint8_t> large(JitterBuffer::kMaxPayload + 1);
  EXPECT_EQ(b.push(1, 1, 160, large), JitterBuffer::Pushed::refused);
  EXPECT_EQ(b.push(1, 1, 160, {}), JitterBuffer::Pushed::refused);
  const std::vector<std::uint8_t> one(1);
  for (std::uint16_t n = 0; n < 1000; ++n) b.push(n, n, 1, one);
  SUCCEED();
}

TEST(JitterBuffer, WaitingAudioOfACallsStartIsShortened) {
  Simulation s;
  for (int n = 0; n < 30; ++n) s.push(n);  // 600 ms waited in the socket.
  EXPECT_LE(s.buffer.depth_ms(), 280U);
  for (int n = 30; n < 60; ++n) {
    s.push(n);
    s.frame();
  }
  EXPECT_GT(s.played.back(), 40);
}

}  // namespace
}  // namespace tandem::media
