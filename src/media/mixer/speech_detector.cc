#include "media/mixer/speech_detector.h"

#include <algorithm>

namespace tandem::media {
namespace {
constexpr float kLeastSpeech = 184.0F * 184.0F;  // -45 dBov.
constexpr float kOverNoise = 4;                  // 6 dB.
constexpr float kNoiseRise = 1.002F;             // A frame: 0.4 dB a second.
constexpr float kLeastNoise = 100;               // -70 dBov.
// Whoever is louder than 6 dB above -40 dBov speaks, however evenly.
constexpr float kMostNoise = 327.0F * 327.0F;
constexpr float kDecay = 0.9F;
constexpr std::uint32_t kBeginFrames = 12;  // 240 ms.
constexpr std::uint32_t kCeaseFrames = 40;  // 800 ms.
}  // namespace

Speech SpeechDetector::feed(float power) {
  loudness_ = std::max(power, loudness_ * kDecay);
  if (power > 0) floor_ = power < floor_ ? (floor_ + power) / 2 : floor_ * kNoiseRise;
  floor_ = std::clamp(floor_, kLeastNoise, kMostNoise);
  if (power > std::max(kLeastSpeech, kOverNoise * floor_)) {
    quiet_ = 0;
    score_ = std::min(score_ + 1, kBeginFrames);
    if (score_ < kBeginFrames || speaking_) return Speech::unchanged;
    speaking_ = true;
    return Speech::began;
  }
  if (score_ > 0) --score_;
  if (!speaking_ || ++quiet_ < kCeaseFrames) return Speech::unchanged;
  speaking_ = false;
  return Speech::ceased;
}

Speech SpeechDetector::reset() {
  score_ = quiet_ = 0;
  loudness_ = 0;
  const bool spoke = speaking_;
  speaking_ = false;
  return spoke ? Speech::ceased : Speech::unchanged;
}

}  // namespace tandem::media
