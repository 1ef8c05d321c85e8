#include "media/codec/codec.h"

#include <gtest/gtest.h>

#include <cmath>
#include <cstdlib>
#include <numbers>
#include <vector>

#include "media/codec/g711.h"

namespace tandem::media {
namespace {

using model::Codec;

std::vector<std::int16_t> sine(double hz, std::uint32_t rate, std::size_t samples, double amplitude = 8000) {
  std::vector<std::int16_t> out(samples);
  for (std::size_t i = 0; i < samples; ++i) {
    out[i] = static_cast<std::int16_t>(amplitude *
                                       std::sin(2 * std::numbers::pi * hz * static_cast<double>(i) / rate));
  }
  return out;
}

// Power of one frequency relative to all, 0 to 1 (Goertzel).
double share_of(std::span<const std::int16_t> pcm, double hz, std::uint32_t rate) {
  double re = 0;
  double im = 0;
  double total = 0;
  for (std::size_t i = 0; i < pcm.size(); ++i) {
    const double w = 2 * std::numbers::pi * hz * static_cast<double>(i) / rate;
    re += pcm[i] * std::cos(w);
    im += pcm[i] * std::sin(w);
    total += static_cast<double>(pcm[i]) * pcm[i];
  }
  return total > 0 ? 2 * (re * re + im * im) / (static_cast<double>(pcm.size()) * total) : 0;
}

TEST(G711, KnownCodes) {
  // ITU-T G.711: the ends of the scale, zero and the first steps.
  EXPECT_EQ(mu_law().decode(0xff), 0);
  EXPECT_EQ(mu_law().decode(0x80), 32124);
  EXPECT_EQ(mu_law().decode(0x00), -32124);
  EXPECT_EQ(mu_law().decode(0xfe), 8);
  EXPECT_EQ(mu_law().encode(0), 0xff);
  EXPECT_EQ(mu_law().encode(32767), 0x80);
  EXPECT_EQ(mu_law().encode(-32768), 0x00);
  EXPECT_EQ(a_law().decode(0xd5), 8);
  EXPECT_EQ(a_law().decode(0x55), -8);
  EXPECT_EQ(a_law().decode(0xaa), 32256);
  EXPECT_EQ(a_law().encode(0), 0xd5);
  EXPECT_EQ(a_law().encode(-1), 0x55);
  EXPECT_EQ(a_law().encode(32767), 0xaa);
  EXPECT_EQ(a_law().encode(-32768), 0x2a);
}

TEST(G711, EveryCodeSurvivesARoundTripAndEverySampleIsNear) {
  for (const G711Tables* tables : {&mu_law(), &a_law()}) {
    for (int code = 0; code < 256; ++code) {
      const std::int16_t linear = tables->decode(static_cast<std::uint8_t>(code));
      if (tables == &mu_law() && code == 0x7f) continue;  // Negative zero becomes zero.
      EXPECT_EQ(tables->encode(linear), code);
    }
    for (int sample = -32000; sample <= 32000; sample += 7) {
      const int back = tables->decode(tables->encode(static_cast<std::int16_t>(sample)));
      EXPECT_LE(std::abs(back - sample), std::max(16, std::abs(sample) / 16)) << sample;
    }
  }
}

TEST(Codec, ToneSurvivesEncodingAndDecoding) {
  for (const Codec codec : {Codec::pcmu, Codec::pcma, Codec::g722}) {
    const auto& t = model::traits(codec);
    const std::size_t frame = t.sample_rate_hz / 50;
    const auto in = sine(1000, t.sample_rate_hz, frame * 50);
    const auto encoder = make_encoder(codec);
    const auto decoder = make_decoder(codec);
    std::vector<std::int16_t> out;
    for (std::size_t i = 0; i < in.size(); i += frame) {
      std::vector<std::uint8_t> payload(t.bytes_per_frame);
      std::vector<std::int16_t> pcm(frame * 6);
      encoder->encode(std::span(in).subspan(i, frame), payload);
      const std::size_t n = decoder->decode(payload, pcm);
      ASSERT_EQ(n, frame);
      out.insert(out.end(), pcm.begin(), pcm.begin() + static_cast<std::ptrdiff_t>(n));
    }
    EXPECT_GT(share_of(std::span(out).subspan(frame), 1000, t.sample_rate_hz), 0.98);
  }
}

TEST(Codec, OddSizesAreSafe) {
  for (const Codec codec : {Codec::pcmu, Codec::pcma, Codec::g722}) {
    const auto decoder = make_decoder(codec);
    std::vector<std::int16_t> pcm(160);
    EXPECT_EQ(decoder->decode({}, pcm), 0U);
    const std::vector<std::uint8_t> big(5000, 0x11);
    EXPECT_LE(decoder->decode(big, pcm), pcm.size());
    EXPECT_EQ(decoder->decode(big, {}), 0U);
    std::vector<std::uint8_t> payload(160);
    make_encoder(codec)->encode(std::vector<std::int16_t>(10, 500), payload);
    make_encoder(codec)->encode(std::vector<std::int16_t>(1000, 500), payload);
  }
}

TEST(Codec, ConcealmentGoesOnWithTheToneAndFades) {
  for (const Codec codec : {Codec::pcmu, Codec::g722}) {
    const auto& t = model::traits(codec);
    const std::size_t frame = t.sample_rate_hz / 50;
    const auto in = sine(200, t.sample_rate_hz, frame * 10);
    const auto encoder = make_encoder(codec);
    const auto decoder = make_decoder(codec);
    std::vector<std::uint8_t> payload(t.bytes_per_frame);
    std::vector<std::int16_t> pcm(frame);
    for (std::size_t i = 0; i < in.size(); i += frame) {
      encoder->encode(std::span(in).subspan(i, frame), payload);
      decoder->decode(payload, pcm);
    }
    std::vector<std::int16_t> lost(frame);
    decoder->conceal(lost);
    EXPECT_GT(share_of(lost, 200, t.sample_rate_hz), 0.9);
    EXPECT_LT(std::abs(lost.front() - pcm.back()), 2500);
    for (int i = 0; i < 4; ++i) decoder->conceal(lost);
    for (const auto s : lost) EXPECT_EQ(s, 0);
  }
}

TEST(Codec, ConcealmentBeforeAnyAudioIsSilence) {
  std::vector<std::int16_t> pcm(160, 77);
  make_decoder(Codec::pcma)->conceal(pcm);
  for (const auto s : pcm) EXPECT_EQ(s, 0);
}

}  // namespace
}  // namespace tandem::media
