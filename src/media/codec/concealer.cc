#include "media/codec/concealer.h"

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <limits>

namespace tandem::media {
namespace {

std::int16_t to_sample(float v) {
  return static_cast<std::int16_t>(std::clamp(std::lround(v), -32768L, 32767L));
}

}  // namespace

// Voices lie between 66 and 400 Hz; the span of 20 ms holds at least one period of any of them.
Concealer::Concealer(std::uint32_t sample_rate_hz)
    : pitch_min_(sample_rate_hz / 400),
      pitch_max_(sample_rate_hz / 66),
      span_(sample_rate_hz / 50),
      fade_(sample_rate_hz * 60 / 1000),
      history_(pitch_max_ + span_),
      cycle_(pitch_max_) {}

void Concealer::received(std::span<std::int16_t> pcm) {
  if (missing_ > 0) {
    const std::size_t blend = std::min(pcm.size(), std::max<std::size_t>(pitch_ / 4, 1));
    for (std::size_t i = 0; i < blend; ++i) {
      const float in = static_cast<float>(i + 1) / static_cast<float>(blend + 1);
      pcm[i] = to_sample(in * pcm[i] + (1 - in) * next_sample());
    }
    missing_ = 0;
  }
  remember(pcm);
}

void Concealer::conceal(std::span<std::int16_t> pcm) {
  if (missing_ == 0) start();
  for (std::int16_t& sample : pcm) sample = to_sample(next_sample());
  remember(pcm);
}

void Concealer::remember(std::span<const std::int16_t> pcm) {
  if (pcm.size() >= history_.size()) {
    const auto last = pcm.last(history_.size());
    std::copy(last.begin(), last.end(), history_.begin());
    return;
  }
  std::copy(history_.begin() + static_cast<std::ptrdiff_t>(pcm.size()), history_.end(), history_.begin());
  std::copy(pcm.begin(), pcm.end(), history_.end() - static_cast<std::ptrdiff_t>(pcm.size()));
}

// The lag at which the last span differs least from what came before it.
std::size_t Concealer::find_pitch() const {
  std::size_t best = pitch_min_;
  long best_difference = std::numeric_limits<long>::max();
  const std::int16_t* recent = history_.data() + history_.size() - span_;
  for (std::size_t lag = pitch_min_; lag <= pitch_max_; ++lag) {
    long difference = 0;
    for (std::size_t i = 0; i < span_; ++i) difference += std::abs(recent[i] - *(recent + i - lag));
    if (difference < best_difference) {
      best_difference = difference;
      best = lag;
    }
  }
  return best;
}

void Concealer::start() {
  pitch_ = std::min(find_pitch(), cycle_.size());
  position_ = 0;
  const std::int16_t* end = history_.data() + history_.size();
  for (std::size_t i = 0; i < pitch_; ++i) cycle_[i] = *(end - pitch_ + i);
  // The end of the cycle is blended with what came before its start, so that the joins do not click.
  const std::size_t overlap = pitch_ / 4;
  for (std::size_t i = 0; i < overlap; ++i) {
    const float in = static_cast<float>(i + 1) / static_cast<float>(overlap + 1);
    float& sample = cycle_[pitch_ - overlap + i];
    sample = (1 - in) * sample + in * *(end - pitch_ - overlap + i);
  }
}

float Concealer::next_sample() {
  const float gain = missing_ < fade_ ? 1 - static_cast<float>(missing_) / static_cast<float>(fade_) : 0;
  ++missing_;
  if (pitch_ == 0) return 0;
  const float sample = cycle_[position_] * gain;
  position_ = (position_ + 1) % pitch_;
  return sample;
}

}  // namespace tandem::media
