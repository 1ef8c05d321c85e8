// Whether somebody speaks and for how long nobody did: level with hysteresis, in frames of 20 ms. A value.
#pragma once

#include <cstdint>
#include <span>

namespace tandem::media {

class SilenceMeter {
 public:
  /// Returns whether there is voice now. An empty frame is silence.
  bool frame(std::span<const std::int16_t> pcm);
  [[nodiscard]] bool ever() const { return ever_; }
  /// Since when there is silence.
  [[nodiscard]] std::int64_t silent_ms() const { return silent_ms_; }

 private:
  bool voice_ = false;
  bool ever_ = false;
  int loud_frames_ = 0;
  std::int64_t silent_ms_ = 0;
};

}  // namespace tandem::media
