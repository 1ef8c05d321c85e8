#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <numbers>

#include "media/tone/generator.h"

namespace tandem::media {
namespace {

std::vector<std::int16_t> drawn(const ToneSpec& tone, std::uint32_t rate) {
  EXPECT_FALSE(tone_problem(tone));
  ToneGenerator generator(tone, rate);
  std::vector<std::int16_t> out;
  std::vector<std::int16_t> block(777);
  for (;;) {
    const std::size_t n = generator.fill(block);
    out.insert(out.end(), block.begin(), block.begin() + static_cast<std::ptrdiff_t>(n));
    if (n < block.size()) return out;
  }
}

// Amplitude of one frequency.
double level(std::span<const std::int16_t> pcm, double hz, std::uint32_t rate) {
  double re = 0;
  double im = 0;
  for (std::size_t i = 0; i < pcm.size(); ++i) {
    const double w = 2 * std::numbers::pi * hz * static_cast<double>(i) / rate;
    re += pcm[i] * std::cos(w);
    im += pcm[i] * std::sin(w);
  }
  return 2 * std::sqrt(re * re + im * im) / static_cast<double>(pcm.size());
}

TEST(Tone, HoldsItsFrequenciesLevelAndLength) {
  const auto pcm = drawn({{350, 440}, {}, -13, 2000}, 8000);
  EXPECT_EQ(pcm.size(), 16'000U);
  const double each = 32767 * std::pow(10, (-13 - 3.14) / 20) / std::numbers::sqrt2;
  EXPECT_NEAR(level(pcm, 350, 8000), each, each * 0.03);
  EXPECT_NEAR(level(pcm, 440, 8000), each, each * 0.03);
  EXPECT_LT(level(pcm, 700, 8000), each * 0.02);
}

TEST(Tone, CadenceRepeats) {
  const auto pcm = drawn({{480, 620}, {500, 250}, -10, 2000}, 16'000);
  ASSERT_EQ(pcm.size(), 32'000U);
  const auto part = [&](std::size_t from_ms, std::size_t ms) {
    return level(std::span(pcm).subspan(from_ms * 16, ms * 16), 480, 16'000);
  };
  EXPECT_GT(part(0, 500), 3000);
  EXPECT_EQ(part(500, 250), 0);
  EXPECT_GT(part(750, 500), 3000);
  EXPECT_EQ(part(1250, 250), 0);
  EXPECT_GT(part(1500, 500), 3000);
}

TEST(Tone, EveryNamedToneIsValid) {
  for (const char* name : {"dial", "ringback", "busy", "congestion", "beep"}) {
    EXPECT_FALSE(tone_problem(*named_tone(name))) << name;
  }
}

TEST(Tone, BadSpecsNameTheField) {
  const double nan = std::numeric_limits<double>::quiet_NaN();
  EXPECT_EQ(tone_problem({{}, {}, -10, 100})->substr(0, 11), "frequencies");
  EXPECT_EQ(tone_problem({{10}, {}, -10, 100})->substr(0, 11), "frequencies");
  EXPECT_EQ(tone_problem({{nan}, {}, -10, 100})->substr(0, 11), "frequencies");
  EXPECT_EQ(tone_problem({{440}, {0, 0}, -10, 100})->substr(0, 7), "cadence");
  EXPECT_EQ(tone_problem({{440}, {}, 20, 100})->substr(0, 5), "level");
  EXPECT_EQ(tone_problem({{440}, {}, -10, 0})->substr(0, 8), "duration");
  EXPECT_EQ(tone_problem({{440}, {}, -10, 3'600'001})->substr(0, 8), "duration");
}

TEST(Tone, ASingleOnTimeIsContinuous) {
  const auto pcm = drawn({{440}, {100}, -10, 1000}, 8000);
  EXPECT_GT(level(std::span(pcm).subspan(1000, 6000), 440, 8000), 5000);
}

}  // namespace
}  // namespace tandem::media
