// A play over what a stream hears.
#pragma once

#include <cstdint>
#include <span>

namespace tandem::media {

/// Brings the voice down under the play and up again after it. One thread.
class UnderPlay {
 public:
  /// Mixes `play` (empty: none) over `voice`, in place. Both are frames of one rate.
  void mix(std::span<std::int16_t> voice, std::span<const std::int16_t> play);
  /// The voice is as loud as it came: without a play there is nothing to do.
  [[nodiscard]] bool at_rest() const { return level_ == 1; }

 private:
  float level_ = 1;  // Of the voice, at the end of the last frame.
};

}  // namespace tandem::media
