#include "media/engine/under_play.h"

#include <algorithm>
#include <cmath>

namespace tandem::media {
namespace {
constexpr float kUnderPlay = 0.25F;  // -12 dB.
}

void UnderPlay::mix(std::span<std::int16_t> voice, std::span<const std::int16_t> play) {
  // The level moves over the frame, since a jump clicks.
  const float target = play.empty() ? 1.0F : kUnderPlay;
  const float step = (target - level_) / static_cast<float>(voice.size());
  for (std::size_t i = 0; i < voice.size(); ++i) {
    level_ += step;
    float sum = level_ * static_cast<float>(voice[i]);
    if (i < play.size()) sum += static_cast<float>(play[i]);
    voice[i] = static_cast<std::int16_t>(std::lround(std::clamp(sum, -32768.0F, 32767.0F)));
  }
  level_ = target;
}

}  // namespace tandem::media
