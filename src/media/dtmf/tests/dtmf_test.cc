#include <gtest/gtest.h>

#include <cmath>
#include <random>
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
