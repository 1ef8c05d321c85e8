// Gate, speech with hysteresis, the loudest.
#include <gtest/gtest.h>

#include <vector>

#include "media/codec/codec.h"
#include "media/mixer/loudest.h"
#include "media/mixer/speech_detector.h"
#include "media/mixer/voice_gate.h"

namespace tandem::media {
namespace {

using model::Codec;

bool opens(Codec codec, std::int16_t sample) {
  const std::vector<std::int16_t> pcm(160, sample);
  std::vector<std::uint8_t> payload(160);
  make_encoder(codec)->encode(pcm, payload);
  VoiceGate gate;
  EXPECT_TRUE(gate.on_payload(codec, payload, best_kernels()));
  return gate.open();
}

TEST(VoiceGate, OpensAtTheSameLevelForBothLaws) {
  for (const Codec codec : {Codec::pcmu, Codec::pcma}) {
    for (const int sign : {1, -1}) {
      EXPECT_FALSE(opens(codec, 0));
      EXPECT_FALSE(opens(codec, static_cast<std::int16_t>(sign * 150)));
      EXPECT_TRUE(opens(codec, static_cast<std::int16_t>(sign * 200)));
      EXPECT_TRUE(opens(codec, static_cast<std::int16_t>(sign * 32'000)));
    }
  }
  VoiceGate gate;
  EXPECT_FALSE(gate.on_payload(Codec::g722, {}, best_kernels()));
}

TEST(VoiceGate, StaysOpenForItsHangOver) {
  VoiceGate gate;
  gate.on_peak(VoiceGate::kPeak);
  for (std::uint32_t i = 0; i < VoiceGate::kHangOver; ++i) {
    EXPECT_TRUE(gate.open());
    gate.on_peak(VoiceGate::kPeak - 1);
    gate.tick();
  }
  EXPECT_FALSE(gate.open());
}

constexpr float kVoice = 1000.0F * 1000;

TEST(SpeechDetector, NoiseIsNoSpeechEvenIfSteady) {
  SpeechDetector d;
  for (int i = 0; i < 5000; ++i) EXPECT_EQ(d.feed(150.0F * 150), Speech::unchanged);
  EXPECT_FALSE(d.speaking());
}

TEST(SpeechDetector, BeginsAfterSyllablesAndCeasesAfterAPause) {
  SpeechDetector d;
  int began = 0;
  for (int i = 0; i < 59; ++i) began += d.feed(i % 5 == 4 ? 0 : kVoice) == Speech::began ? 1 : 0;
  EXPECT_EQ(began, 1);
  int ceased = 0;
  for (int i = 0; i < 39; ++i) ceased += d.feed(0) == Speech::ceased ? 1 : 0;
  EXPECT_EQ(ceased, 0);
  EXPECT_EQ(d.feed(0), Speech::ceased);
  EXPECT_EQ(d.reset(), Speech::unchanged);
}

TEST(Loudest, WhoWasInStaysUnlessAnotherIsMuchLouder) {
  std::vector<Candidate> c{{100, true, 0}, {300, false, 1}, {50, false, 2}, {200, true, 3}};
  loudest_first(c, 2);
  EXPECT_EQ(c[0].index + c[1].index, 3U);
  EXPECT_EQ(c[0].index * c[1].index, 0U);
  c = {{100, true, 0}, {500, false, 1}, {50, false, 2}, {200, true, 3}};
  loudest_first(c, 2);
  EXPECT_EQ(c[0].index + c[1].index, 4U);
  loudest_first(c, 9);
}

}  // namespace
}  // namespace tandem::media
