#include "media/tone/generator.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <numbers>

namespace tandem::media {
namespace {

constexpr std::int64_t kMaxDurationMs = 3'600'000;
constexpr std::size_t kMaxCadence = 64;
constexpr double kFullScaleDbm0 = 3.14;  // Of a sine, in both laws of G.711.

}  // namespace

std::optional<std::string> tone_problem(const ToneSpec& tone) {
  if (tone.frequencies_hz.empty() || tone.frequencies_hz.size() > 4) return "frequencies: 1 to 4 are allowed";
  for (const double hz : tone.frequencies_hz) {
    if (!(hz >= 20 && hz <= 3800)) return fmt::format("frequencies: {} Hz is not within 20 to 3800", hz);
  }
  if (tone.cadence_ms.size() > kMaxCadence) return fmt::format("cadence: at most {} entries", kMaxCadence);
  for (const std::int64_t ms : tone.cadence_ms) {
    if (ms < 10 || ms > 60'000) return fmt::format("cadence: {} ms is not within 10 to 60000", ms);
  }
  if (!(tone.level_dbm0 >= -60 && tone.level_dbm0 <= 3)) return "level: not within -60 to 3 dBm0";
  if (tone.duration_ms < 1 || tone.duration_ms > kMaxDurationMs) {
    return fmt::format("duration: not within 1 to {} ms", kMaxDurationMs);
  }
  return std::nullopt;
}

ToneGenerator::ToneGenerator(const ToneSpec& tone, std::uint32_t sample_rate_hz)
    // The level is that of the whole: partials that do not cohere add by power.
    : amplitude_(32767 * std::pow(10, (tone.level_dbm0 - kFullScaleDbm0) / 20) /
                 std::sqrt(static_cast<double>(tone.frequencies_hz.size()))),
      ramp_(sample_rate_hz * 3 / 1000),
      total_(static_cast<std::uint64_t>(tone.duration_ms) * sample_rate_hz / 1000) {
  for (const double hz : tone.frequencies_hz) {
    partials_.push_back({0, 2 * std::numbers::pi * hz / sample_rate_hz});
  }
  for (const std::int64_t ms : tone.cadence_ms) {
    cadence_.push_back(static_cast<std::uint64_t>(ms) * sample_rate_hz / 1000);
  }
  // An odd list ends with a silence of no length: on follows on.
  if (cadence_.size() % 2 == 1 && cadence_.size() > 1) cadence_.push_back(0);
  if (cadence_.size() == 1) cadence_.clear();
}

// 0 in pauses, 1 in tones, between at their edges.
double ToneGenerator::envelope() const {
  if (step_ % 2 == 1) return 0;
  const std::uint64_t since = cadence_.empty() ? position_ : in_step_;
  const std::uint64_t on_left = cadence_.empty() ? total_ : cadence_[step_] - in_step_;
  const std::uint64_t edge = std::min({since + 1, on_left, total_ - position_});
  return edge >= ramp_ ? 1 : static_cast<double>(edge) / static_cast<double>(ramp_);
}

std::size_t ToneGenerator::fill(std::span<std::int16_t> pcm) {
  std::size_t n = 0;
  for (; n < pcm.size() && position_ < total_; ++n, ++position_, ++in_step_) {
    while (!cadence_.empty() && in_step_ >= cadence_[step_]) {
      in_step_ = 0;
      step_ = (step_ + 1) % cadence_.size();
    }
    double sum = 0;
    for (Partial& p : partials_) {
      sum += std::sin(p.phase);
      p.phase += p.step;
      if (p.phase > 2 * std::numbers::pi) p.phase -= 2 * std::numbers::pi;
    }
    pcm[n] = static_cast<std::int16_t>(std::clamp(sum * amplitude_ * envelope(), -32768.0, 32767.0));
  }
  return n;
}

}  // namespace tandem::media
