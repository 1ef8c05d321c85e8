#include <gtest/gtest.h>

#include <cmath>
#include <numbers>
#include <random>
#include <stdexcept>
#include <string>
#include <vector>

#include "media/dtmf/detector.h"
#include "media/dtmf/generator.h"

namespace tandem::media {
namespace {

constexpr std::string_view kAll = "0123456789*#ABCD";

std::vector<std::int16_t> tones(std::string_view digits, std::uint32_t rate, std::uint32_t on,
                                std::uint32_t off, double level = -10) {
  DtmfGenerator generator(rate, level);
  generator.add(digits, on, off);
  std::vector<std::int16_t> pcm(rate * 60);
  pcm.resize(generator.fill(pcm));
  EXPECT_TRUE(generator.idle());
  return pcm;
}

std::vector<DtmfEvent> detect(std::vector<std::int16_t> pcm, std::uint32_t rate) {
  pcm.resize(pcm.size() + rate / 10);  // Silence, so that the last digit ends.
  DtmfDetector detector(rate);
  std::vector<DtmfEvent> events;
  DtmfDetector::Sink sink = [&](DtmfEvent e) { events.push_back(e); };
  const std::size_t frame = rate / 50;
  for (std::size_t i = 0; i + frame <= pcm.size(); i += frame) {
    detector.feed(std::span(pcm).subspan(i, frame), sink);
  }
  return events;
}

std::string digits_of(const std::vector<DtmfEvent>& events) {
  std::string out;
  for (const DtmfEvent& e : events) {
    if (e.start) out += e.digit;
  }
  return out;
}

TEST(Dtmf, EveryDigitIsFoundOnceAtEachRate) {
  for (const std::uint32_t rate : {8000U, 16'000U, 48'000U}) {
    const auto events = detect(tones(kAll, rate, 80, 80), rate);
    EXPECT_EQ(digits_of(events), kAll) << rate;
    EXPECT_EQ(events.size(), 2 * kAll.size()) << rate;
  }
}

TEST(Dtmf, TheEndTellsTheDuration) {
  for (const std::uint32_t ms : {60U, 100U, 250U, 1000U}) {
    const auto events = detect(tones("5", 8000, ms, 50), 8000);
    ASSERT_EQ(events.size(), 2U) << ms;
    EXPECT_FALSE(events[1].start);
    EXPECT_NEAR(events[1].duration_ms, ms, 26) << ms;
  }
}

TEST(Dtmf, ShortAndQuietAndRepeatedDigits) {
  EXPECT_EQ(digits_of(detect(tones("1155", 8000, 45, 45), 8000)), "1155");
  EXPECT_EQ(digits_of(detect(tones("0#", 8000, 80, 80, -30), 8000)), "0#");
}

TEST(Dtmf, NoiseAndSilenceAreNoDigits) {
  std::mt19937 random(1);
  std::normal_distribution<double> noise(0, 3000);
  std::vector<std::int16_t> pcm(8000 * 20);
  for (auto& s : pcm) s = static_cast<std::int16_t>(noise(random));
  EXPECT_EQ(digits_of(detect(pcm, 8000)), "");
  EXPECT_EQ(digits_of(detect(std::vector<std::int16_t>(16'000), 8000)), "");
}

/// A sine on each of the two frequencies, amplitudes in dB below full scale.
std::vector<std::int16_t> pair(double low_hz, double low_db, double high_hz, double high_db) {
  std::vector<std::int16_t> pcm(800);
  for (std::size_t i = 0; i < pcm.size(); ++i) {
    const double t = 2 * std::numbers::pi * static_cast<double>(i) / 8000;
    const double x =
        std::pow(10, low_db / 20) * std::sin(low_hz * t) + std::pow(10, high_db / 20) * std::sin(high_hz * t);
    pcm[i] = static_cast<std::int16_t>(std::lround(32'767 * x));
  }
  return pcm;
}

TEST(Dtmf, TonesMayBeALittleOffButNotMuch) {
  for (const double off : {-0.015, -0.008, 0.0, 0.008, 0.015}) {
    const double f = 1 + off;
    EXPECT_EQ(digits_of(detect(pair(697 * f, -12, 1209 * f, -12), 8000)), "1") << off;
    EXPECT_EQ(digits_of(detect(pair(852 * f, -12, 1336 * f, -12), 8000)), "8") << off;
  }
  for (const double off : {-0.01, 0.01}) {  // The highest pair is the first to leave its bins.
    const double f = 1 + off;
    EXPECT_EQ(digits_of(detect(pair(941 * f, -12, 1633 * f, -12), 8000)), "D") << off;
  }
  EXPECT_EQ(digits_of(detect(pair(697 * 1.035, -12, 1209 * 1.035, -12), 8000)), "");
  EXPECT_EQ(digits_of(detect(pair(941 * 0.965, -12, 1633 * 0.965, -12), 8000)), "");
}

TEST(Dtmf, OneToneMayBeLouderWithinLimits) {
  EXPECT_EQ(digits_of(detect(pair(770, -12, 1336, -15.5), 8000)), "5");
  EXPECT_EQ(digits_of(detect(pair(770, -12, 1336, -19), 8000)), "5");
  EXPECT_EQ(digits_of(detect(pair(770, -12, 1336, -21), 8000)), "");
  EXPECT_EQ(digits_of(detect(pair(770, -15.5, 1336, -12), 8000)), "5");
  EXPECT_EQ(digits_of(detect(pair(770, -18, 1336, -12), 8000)), "");
  EXPECT_EQ(digits_of(detect(pair(770, -60, 1336, -60), 8000)), "");
}

TEST(Dtmf, NoiseBehindADigitDoesNotHideIt) {
  std::mt19937 random(3);
  std::normal_distribution<double> noise(0, 400);  // About 18 dB below the digit.
  auto pcm = tones("159D", 8000, 70, 70);
  for (auto& s : pcm) s = static_cast<std::int16_t>(s + noise(random));
  EXPECT_EQ(digits_of(detect(pcm, 8000)), "159D");
}

/// Voiced sounds as a throat makes them: a pulse train whose pitch glides, through two resonances that wander
/// over the very bands of DTMF.
std::vector<std::int16_t> babble(std::uint32_t seed, std::size_t seconds, std::uint32_t rate) {
  std::mt19937 random(seed);
  std::uniform_real_distribution<double> pitch(80, 320);
  std::uniform_real_distribution<double> first(550, 1000);
  std::uniform_real_distribution<double> second(1150, 1750);
  std::uniform_real_distribution<double> width(30, 130);
  struct Resonance {
    double a = 0, b = 0, y1 = 0, y2 = 0;
    void tune(double hz, double width_hz, double rate_hz) {
      const double r = std::exp(-std::numbers::pi * width_hz / rate_hz);
      a = 2 * r * std::cos(2 * std::numbers::pi * hz / rate_hz);
      b = -r * r;
    }
    double operator()(double x) {
      const double y = x + a * y1 + b * y2;
      y2 = y1;
      return y1 = y;
    }
  };
  Resonance low;
  Resonance high;
  std::vector<double> voice(seconds * rate);
  double phase = 0, hz = 120, step = 0;
  for (std::size_t i = 0; i < voice.size(); ++i) {
    if (i % (rate / 8) == 0) {  // Eight sounds a second.
      step = (pitch(random) - hz) / (rate / 8.0);
      low.tune(first(random), width(random), rate);
      high.tune(second(random), width(random), rate);
    }
    hz += step;
    phase += hz / rate;
    const double pulse = phase >= 1 ? 1.0 : 0.0;
    if (phase >= 1) phase -= 1;
    voice[i] = low(pulse) + 0.7 * high(pulse);
  }
  double peak = 0;
  for (const double v : voice) peak = std::max(peak, std::abs(v));
  std::vector<std::int16_t> pcm(voice.size());
  for (std::size_t i = 0; i < pcm.size(); ++i) pcm[i] = static_cast<std::int16_t>(voice[i] / peak * 20'000);
  return pcm;
}

// Ten minutes of nothing but the sounds that are most like digits; real speech has more beside two
// resonances.
TEST(Dtmf, VoicesAreHardlyEverDigits) {
  for (const std::uint32_t rate : {8000U, 16'000U}) {
    std::size_t digits = 0;
    for (std::uint32_t seed = 0; seed < 20; ++seed)
      digits += digits_of(detect(babble(seed, 30, rate), rate)).size();
    EXPECT_LE(digits, 3U) << rate;
  }
}

TEST(Dtmf, OtherRatesAreRefused) {
  EXPECT_THROW(DtmfDetector(11'025), std::invalid_argument);
}

TEST(Dtmf, LossWithinADigitDoesNotSplitIt) {
  const auto pcm = tones("7", 8000, 200, 100);
  DtmfDetector detector(8000);
  std::vector<DtmfEvent> events;
  DtmfDetector::Sink sink = [&](DtmfEvent e) { events.push_back(e); };
  for (std::size_t i = 0; i + 160 <= pcm.size(); i += 160) {
    if (i == 640) {
      detector.lost(160);
    } else {
      detector.feed(std::span(pcm).subspan(i, 160), sink);
    }
  }
  EXPECT_EQ(digits_of(events), "7");
}

TEST(Dtmf, PausesAndUnknownCharacters) {
  EXPECT_EQ(tones("w", 8000, 100, 100).size(), 4000U);
  EXPECT_EQ(tones("W", 8000, 100, 100).size(), 8000U);
  EXPECT_EQ(tones("x!", 8000, 100, 100).size(), 0U);
  EXPECT_EQ(tones("1w2", 8000, 100, 50).size(), 2U * 1200 + 4000);
  EXPECT_TRUE(is_dtmf_digit('d'));
  EXPECT_FALSE(is_dtmf_digit('e'));
}

TEST(Dtmf, FillStopsAtTheEndOfTheQueue) {
  DtmfGenerator generator(8000);
  generator.add("1", 30, 0);
  std::vector<std::int16_t> pcm(160);
  EXPECT_EQ(generator.fill(pcm), 160U);
  EXPECT_EQ(generator.fill(pcm), 80U);
  EXPECT_EQ(generator.fill(pcm), 0U);
  generator.add("123", 100, 100);
  generator.clear();
  EXPECT_TRUE(generator.idle());
}

}  // namespace
}  // namespace tandem::media
