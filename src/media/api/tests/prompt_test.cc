#include "media/api/prompt.h"

#include <gtest/gtest.h>

#include <cmath>
#include <numbers>
#include <thread>

#include "media/api/prompt_source.h"
#include "media/codec/codec.h"

namespace tandem::media {
namespace {

using model::Codec;
constexpr std::array kAll = {Codec::pcmu, Codec::pcma, Codec::g722};

std::vector<std::int16_t> sine(double hz, std::uint32_t rate, std::size_t samples, double amplitude = 8000) {
  std::vector<std::int16_t> out(samples);
  for (std::size_t i = 0; i < samples; ++i) {
    out[i] = static_cast<std::int16_t>(amplitude *
                                       std::sin(2 * std::numbers::pi * hz * static_cast<double>(i) / rate));
  }
  return out;
}

std::vector<std::int16_t> decoded(const EncodedTrack& track) {
  const auto decoder = make_decoder(track.codec());
  std::vector<std::int16_t> out;
  std::vector<std::int16_t> frame(model::traits(track.codec()).sample_rate_hz / 50);
  for (std::size_t i = 0; i < track.ready(); ++i) {
    frame.resize(decoder->decode(track.frame(i), frame));
    out.insert(out.end(), frame.begin(), frame.end());
  }
  return out;
}

double hz_of(std::span<const std::int16_t> pcm, std::uint32_t rate) {
  int n = 0;
  for (std::size_t i = 1; i < pcm.size(); ++i) n += pcm[i - 1] < 0 && pcm[i] >= 0 ? 1 : 0;
  return n * static_cast<double>(rate) / static_cast<double>(pcm.size());
}

double rms(std::span<const std::int16_t> pcm) {
  double sum = 0;
  for (const auto s : pcm) sum += static_cast<double>(s) * s;
  return std::sqrt(sum / static_cast<double>(std::max<std::size_t>(pcm.size(), 1)));
}

TEST(Prompt, EveryRateBecomesEveryCodecWithPitchAndLengthKept) {
  for (const std::uint32_t rate : {8000U, 11'025U, 16'000U, 22'050U, 24'000U, 44'100U, 48'000U}) {
    Prompt prompt(rate);
    ASSERT_TRUE(prompt.append(sine(400, rate, rate)));
    prompt.finish();
    EXPECT_NEAR(static_cast<double>(prompt.duration_ms()), 1000, 1);
    for (const Codec codec : kAll) {
      const auto track = prompt.track(codec);
      EXPECT_TRUE(track->complete());
      EXPECT_EQ(track->ready(), 50U) << rate;
      const auto pcm = decoded(*track);
      // G.722 takes its first milliseconds to adapt.
      EXPECT_NEAR(hz_of(std::span(pcm).subspan(pcm.size() / 10), model::traits(codec).sample_rate_hz), 400, 4)
          << rate;
      EXPECT_NEAR(rms(pcm), 8000 / std::numbers::sqrt2, 300) << rate;
    }
  }
}

TEST(Prompt, ATrackAskedForEarlyEqualsOneAskedForLate) {
  Prompt early(16'000);
  Prompt late(16'000);
  const auto track = early.track(Codec::pcmu);
  EXPECT_EQ(track->ready(), 0U);
  const auto pcm = sine(440, 16'000, 16'000 * 3 + 123);
  for (std::size_t i = 0; i < pcm.size(); i += 777) {
    const auto part = std::span(pcm).subspan(i, std::min<std::size_t>(777, pcm.size() - i));
    early.append(part);
    late.append(part);
  }
  EXPECT_GT(track->ready(), 120U);
  EXPECT_FALSE(track->complete());
  early.finish();
  late.finish();
  EXPECT_TRUE(track->complete());
  EXPECT_EQ(track->ready(), 151U);  // The last one padded.
  EXPECT_EQ(decoded(*track), decoded(*late.track(Codec::pcmu)));
}

TEST(Prompt, GainIsAppliedAndClips) {
  Prompt quiet(8000, -6);
  quiet.append(sine(400, 8000, 8000));
  EXPECT_NEAR(rms(decoded(*quiet.track(Codec::pcma))), 8000 / std::numbers::sqrt2 / 2, 150);
  Prompt loud(8000, 40);
  loud.append(sine(400, 8000, 8000));
  const auto pcm = decoded(*loud.track(Codec::pcmu));
  EXPECT_GT(rms(pcm), 28'000);
  EXPECT_NEAR(hz_of(pcm, 8000), 400, 4);
}

TEST(Prompt, AFailureKeepsWhatWasThere) {
  Prompt prompt(8000);
  const auto track = prompt.track(Codec::pcmu);
  prompt.append(std::vector<std::int16_t>(800));
  prompt.fail("line cut");
  prompt.finish();
  EXPECT_EQ(prompt.error(), "line cut");
  EXPECT_TRUE(prompt.finished());
  EXPECT_TRUE(track->complete());
  EXPECT_EQ(track->ready(), 5U);
  EXPECT_FALSE(prompt.append(std::vector<std::int16_t>(800)));
  EXPECT_EQ(track->ready(), 5U);
}

TEST(Prompt, AnEmptyPromptIsComplete) {
  Prompt prompt(22'050);
  prompt.finish();
  EXPECT_EQ(prompt.track(Codec::g722)->ready(), 0U);
  EXPECT_TRUE(prompt.track(Codec::g722)->complete());
}

TEST(Prompt, TheRateMayChangeMidway) {
  Prompt prompt(16'000);
  prompt.append(sine(400, 16'000, 16'000));
  prompt.set_sample_rate(22'050);
  prompt.append(sine(400, 22'050, 22'050));
  prompt.finish();
  const auto pcm = decoded(*prompt.track(Codec::pcmu));
  EXPECT_NEAR(static_cast<double>(pcm.size()), 16'000, 160);
  EXPECT_NEAR(hz_of(pcm, 8000), 400, 4);
}

TEST(Prompt, StopsAtFourHours) {
  Prompt prompt(8000);
  const std::vector<std::int16_t> minute(8000 * 60);
  int minutes = 0;
  while (minutes < 250 && prompt.append(minute)) ++minutes;
  EXPECT_EQ(minutes, 240);
}

TEST(Prompt, ReadersSeeWholeFramesWhileTheProducerWorks) {
  Prompt prompt(8000);
  const auto track = prompt.track(Codec::pcmu);
  // Each frame holds one value, so a torn or misplaced frame shows.
  const auto value_of = [](std::size_t i) {
    return static_cast<std::int16_t>(100 * static_cast<int>(i % 200) - 10'000);
  };
  constexpr std::size_t kFrames = 3000;
  const auto encoder = make_encoder(Codec::pcmu);
  std::vector<std::thread> readers;
  std::atomic<std::size_t> wrong{0};
  for (int r = 0; r < 2; ++r) {
    readers.emplace_back([&] {
      const auto expected = make_encoder(Codec::pcmu);
      std::vector<std::uint8_t> payload(160);
      std::size_t next = 0;
      for (;;) {
        const bool complete = track->complete();
        const std::size_t ready = track->ready();
        for (; next < ready; ++next) {
          expected->encode(std::vector<std::int16_t>(160, value_of(next)), payload);
          const auto frame = track->frame(next);
          if (!std::equal(frame.begin(), frame.end(), payload.begin())) ++wrong;
        }
        if (complete) break;
      }
      if (next != kFrames) ++wrong;
    });
  }
  std::shared_ptr<const EncodedTrack> other;
  for (std::size_t i = 0; i < kFrames; ++i) {
    prompt.append(std::vector<std::int16_t>(160, value_of(i)));
    if (i == kFrames / 2) other = prompt.track(Codec::g722);
  }
  prompt.finish();
  for (auto& t : readers) t.join();
  EXPECT_EQ(wrong, 0U);
  EXPECT_EQ(other->ready(), kFrames);
  EXPECT_GT(prompt.memory_bytes(), kFrames * 480);
}

TEST(NamedTones, AreKnown) {
  for (const char* name : {"dial", "ringback", "busy", "congestion", "beep"}) {
    const auto tone = named_tone(name);
    ASSERT_TRUE(tone) << name;
    EXPECT_FALSE(tone->frequencies_hz.empty());
  }
  EXPECT_FALSE(named_tone("nonsense"));
}

}  // namespace
}  // namespace tandem::media
