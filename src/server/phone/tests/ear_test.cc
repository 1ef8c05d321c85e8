#include "server/phone/ear.h"

#include <gtest/gtest.h>

#include <cmath>
#include <filesystem>
#include <fstream>
#include <numbers>
#include <sstream>

#include "server/phone/timeline.h"
#include "server/phone/wav_file.h"

namespace tandem::phone {
namespace {

using namespace std::chrono_literals;

std::vector<std::int16_t> tone(double hz, double amplitude, std::uint32_t rate = 8000) {
  std::vector<std::int16_t> out(rate / 50);
  for (std::size_t i = 0; i < out.size(); ++i) {
    out[i] = static_cast<std::int16_t>(amplitude *
                                       std::sin(2 * std::numbers::pi * hz * static_cast<double>(i) / rate));
  }
  return out;
}

class EarTest : public testing::Test {
 protected:
  void hear(Ear& ear, const std::vector<std::int16_t>& frame, int times, std::uint32_t rate = 8000) {
    for (int i = 0; i < times; ++i) {
      ear.hear(frame, rate, clock_.now());
      clock_.advance(20ms);
    }
  }
  ManualClock clock_;
};

TEST_F(EarTest, ShareTellsTonesApart) {
  EXPECT_GT(tone_share(tone(1000, 8000), 8000, 1000), 0.95);
  EXPECT_GT(tone_share(tone(440, 8000, 16000), 16000, 440), 0.9);
  EXPECT_LT(tone_share(tone(1000, 8000), 8000, 1100), 0.1);
  EXPECT_LT(tone_share(tone(1000, 8000), 8000, 440), 0.1);
  EXPECT_EQ(tone_share(tone(1000, 0), 8000, 1000), 0);
}

TEST_F(EarTest, CountsTheLongestRun) {
  Ear ear({{1000, 0ms}, {440, 0ms}}, false);
  hear(ear, tone(1000, 8000), 10);
  hear(ear, tone(440, 8000), 5);
  hear(ear, tone(1000, 8000), 6);
  hear(ear, tone(0, 0), 2);  // A loss.
  hear(ear, tone(1000, 8000), 6);
  EXPECT_EQ(ear.longest(0), 280ms);
  EXPECT_EQ(ear.longest(1), 100ms);
}

TEST_F(EarTest, SilenceAndClicksAreNoAudio) {
  Ear ear({{1000, 0ms}}, false);
  hear(ear, tone(1000, 50), 50);
  hear(ear, tone(1000, 8000), 2);
  hear(ear, tone(1000, 50), 1);
  EXPECT_FALSE(ear.heard_something());
  EXPECT_EQ(ear.longest(0), 40ms);
  hear(ear, tone(300, 8000), 3);
  EXPECT_TRUE(ear.heard_something());
  EXPECT_EQ(ear.last_loud(), clock_.now() - 20ms);
}

TEST_F(EarTest, RecordsInTime) {
  Ear ear({}, true);
  hear(ear, tone(1000, 8000), 5);
  clock_.advance(1s);
  hear(ear, tone(1000, 8000, 16000), 5, 16000);
  EXPECT_EQ(ear.recording_rate(), 8000U);
  EXPECT_EQ(ear.recording().size(), 8000U + 10 * 160U);
  EXPECT_GT(tone_share(std::span(ear.recording()).last(160), 8000, 1000), 0.9);
}

TEST_F(EarTest, WritesWav) {
  const auto file =
      std::filesystem::temp_directory_path() / ("ear_test_" + std::to_string(getpid()) + ".wav");
  ASSERT_TRUE(write_wav(file.string(), std::vector<std::int16_t>{1, -2}, 8000).has_value());
  std::ifstream in(file, std::ios::binary);
  std::stringstream text;
  text << in.rdbuf();
  EXPECT_EQ(text.str(),
            std::string("RIFF\x28\0\0\0WAVEfmt \x10\0\0\0\1\0\1\0\x40\x1f\0\0\x80\x3e\0\0\2\0\x10\0"
                        "data\4\0\0\0\1\0\xfe\xff",
                        48));
  std::filesystem::remove(file);
  EXPECT_FALSE(write_wav("/nowhere/x.wav", {}, 8000).has_value());
}

TEST(TimelineTest, LinesAreSafe) {
  const TimelineEvent e{"progress", "180 Ring\x1b[31m\ning", {{"code", "180"}}};
  EXPECT_EQ(readable_line(e, 0.0123), "+0.012 s  180 Ring?[31m?ing");
  EXPECT_EQ(json_line(e, 0.0123),
            R"({"at_ms":12,"event":"progress","text":"180 Ring\u001b[31m\u000aing","code":"180"})");
  const TimelineEvent odd{"x", "a\"b\\c \xc3\xa4 \xe4 \xe2\x82\xac \xe2\x82", {}};
  EXPECT_EQ(json_line(odd, 0),
            "{\"at_ms\":0,\"event\":\"x\",\"text\":\"a\\\"b\\\\c \xc3\xa4 ? \xe2\x82\xac ??\"}");
}

}  // namespace
}  // namespace tandem::phone
