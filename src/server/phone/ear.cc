#include "server/phone/ear.h"

#include <algorithm>
#include <cmath>
#include <numbers>

namespace tandem::phone {
namespace {

constexpr double kLoud = 180;        // RMS of a 16-bit sample: about -45 dBFS, above comfort noise.
constexpr double kShare = 0.3;       // Of a frame's energy; leaves room for two tones at a time.
constexpr int kFramesToBelieve = 3;  // A click is no audio.
constexpr int kMissesForgiven = 2;   // Concealed losses do not end a tone.
constexpr Millis kFrame{20};
constexpr Millis kGap{200};  // More than this without a frame was silence.
constexpr std::size_t kMaxSamples = 16'000UL * 3600 * 4;

double energy_of(std::span<const std::int16_t> pcm) {
  double sum = 0;
  for (const std::int16_t s : pcm) sum += static_cast<double>(s) * s;
  return sum;
}

}  // namespace

double tone_share(std::span<const std::int16_t> pcm, std::uint32_t sample_rate_hz, double hz) {
  const double energy = energy_of(pcm);
  if (energy <= 0 || sample_rate_hz == 0) return 0;
  const double coefficient = 2 * std::cos(2 * std::numbers::pi * hz / sample_rate_hz);
  double s1 = 0;
  double s2 = 0;
  for (const std::int16_t s : pcm) {
    const double s0 = s + coefficient * s1 - s2;
    s2 = s1;
    s1 = s0;
  }
  const double power = s1 * s1 + s2 * s2 - coefficient * s1 * s2;
  return std::min(1.0, 2 * power / (energy * static_cast<double>(pcm.size())));
}

Ear::Ear(const std::vector<ToneExpectation>& tones, bool record) : record_(record) {
  for (const auto& t : tones) tones_.push_back({t.hz});
}

void Ear::hear(std::span<const std::int16_t> pcm, std::uint32_t sample_rate_hz, TimePoint now) {
  if (pcm.empty()) return;
  const double energy = energy_of(pcm);
  const bool loud = std::sqrt(energy / static_cast<double>(pcm.size())) > kLoud;
  loud_frames_ = loud ? loud_frames_ + 1 : 0;
  if (loud_frames_ >= kFramesToBelieve) heard_something_ = true;
  if (loud) last_loud_ = now;
  for (Tone& tone : tones_) listen_for(tone, pcm, sample_rate_hz, loud ? energy : 0);
  if (record_) store(pcm, sample_rate_hz, now);
}

void Ear::listen_for(Tone& tone, std::span<const std::int16_t> pcm, std::uint32_t rate, double energy) {
  if (energy > 0 && tone_share(pcm, rate, tone.hz) > kShare) {
    tone.run += kFrame * (1 + tone.misses);
    tone.misses = 0;
    tone.longest = std::max(tone.longest, tone.run);
  } else if (tone.run == Millis{0} || ++tone.misses > kMissesForgiven) {
    tone.run = Millis{0};
    tone.misses = 0;
  }
}

void Ear::store(std::span<const std::int16_t> pcm, std::uint32_t rate, TimePoint now) {
  if (recording_rate_ == 0) recording_rate_ = rate;
  if (last_frame_ && now - *last_frame_ > kGap) {
    const auto gap = std::chrono::duration_cast<Millis>(now - *last_frame_ - kFrame).count();
    const auto samples = static_cast<std::size_t>(gap) * recording_rate_ / 1000;
    if (recording_.size() + samples < kMaxSamples) recording_.resize(recording_.size() + samples, 0);
  }
  last_frame_ = now;
  if (recording_.size() + 2 * pcm.size() > kMaxSamples) return;
  if (rate == recording_rate_) {
    recording_.insert(recording_.end(), pcm.begin(), pcm.end());
    return;
  }
  // The codec changed in the middle of the call: the nearest samples will do for a listener.
  const std::size_t count = pcm.size() * recording_rate_ / rate;
  for (std::size_t i = 0; i < count; ++i) recording_.push_back(pcm[i * rate / recording_rate_]);
}

}  // namespace tandem::phone
