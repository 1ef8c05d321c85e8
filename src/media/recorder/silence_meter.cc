#include "media/recorder/silence_meter.h"

namespace tandem::media {
namespace {

// Mean squares. Voice begins above -40 dBFS and ceases below -46 dBFS; line noise lies around -60.
constexpr double kBegins = 32768.0 * 32768.0 * 1e-4;
constexpr double kCeases = 32768.0 * 32768.0 * 2.5e-5;
constexpr int kLoudFrames = 3;  // A click is no voice.

double mean_square(std::span<const std::int16_t> pcm) {
  double sum = 0;
  for (const std::int16_t s : pcm) sum += static_cast<double>(s) * s;
  return pcm.empty() ? 0 : sum / static_cast<double>(pcm.size());
}

}  // namespace

bool SilenceMeter::frame(std::span<const std::int16_t> pcm) {
  const double power = mean_square(pcm);
  loud_frames_ = power >= kBegins ? loud_frames_ + 1 : 0;
  if (loud_frames_ >= kLoudFrames) voice_ = ever_ = true;
  if (power < kCeases) voice_ = false;
  silent_ms_ = voice_ ? 0 : silent_ms_ + 20;
  return voice_;
}

}  // namespace tandem::media
