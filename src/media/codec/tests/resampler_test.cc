#include "media/codec/resampler.h"

#include <gtest/gtest.h>

#include <cmath>
#include <numbers>

namespace tandem::media {
namespace {

std::vector<std::int16_t> sine(double hz, std::uint32_t rate, std::size_t samples) {
  std::vector<std::int16_t> out(samples);
  for (std::size_t i = 0; i < samples; ++i) {
    out[i] = static_cast<std::int16_t>(10'000 *
                                       std::sin(2 * std::numbers::pi * hz * static_cast<double>(i) / rate));
  }
  return out;
}

double crossings_hz(std::span<const std::int16_t> pcm, std::uint32_t rate) {
  int n = 0;
  for (std::size_t i = 1; i < pcm.size(); ++i) n += pcm[i - 1] < 0 && pcm[i] >= 0 ? 1 : 0;
  return n * static_cast<double>(rate) / static_cast<double>(pcm.size());
}

TEST(PromptResampler, LengthAndPitchAreKept) {
  for (const std::uint32_t from : {8000U, 11'025U, 16'000U, 22'050U, 44'100U, 48'000U}) {
    for (const std::uint32_t to : {8000U, 16'000U}) {
      PromptResampler resampler(from, to);
      const auto in = sine(500, from, from);
      std::vector<std::int16_t> out;
      for (std::size_t i = 0; i < in.size(); i += 333) {
        resampler.convert(std::span(in).subspan(i, std::min<std::size_t>(333, in.size() - i)), out);
      }
      resampler.flush(out);
      EXPECT_NEAR(static_cast<double>(out.size()), to, 2) << from << " to " << to;
      EXPECT_NEAR(crossings_hz(out, to), 500, 2) << from << " to " << to;
    }
  }
}

TEST(PromptResampler, NothingInNothingOut) {
  PromptResampler resampler(44'100, 8000);
  std::vector<std::int16_t> out;
  resampler.convert({}, out);
  resampler.flush(out);
  EXPECT_LE(out.size(), 1U);
}

TEST(StreamResampler, FollowsItsInput) {
  StreamResampler resampler(16'000, 8000);
  const auto in = sine(500, 16'000, 16'000);
  std::vector<std::int16_t> out;
  for (std::size_t i = 0; i < in.size(); i += 320) {
    std::vector<std::int16_t> block(resampler.capacity_for(320));
    block.resize(resampler.convert(std::span(in).subspan(i, 320), block));
    EXPECT_NEAR(static_cast<double>(block.size()), 160, 60);
    out.insert(out.end(), block.begin(), block.end());
  }
  EXPECT_NEAR(static_cast<double>(out.size()), 8000, 100);
  EXPECT_NEAR(crossings_hz(out, 8000), 500, 6);
}

}  // namespace
}  // namespace tandem::media
