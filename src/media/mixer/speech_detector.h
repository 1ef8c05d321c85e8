// Who speaks: by the level of 20 ms frames above the noise, neither for a cough nor until a breath.
#pragma once

#include <cstdint>

namespace tandem::media {

enum class Speech : std::uint8_t { unchanged, began, ceased };

/// One stream's. One thread.
class SpeechDetector {
 public:
  /// The next frame's mean square (0: silence).
  Speech feed(float power);
  /// It is not heard any more: `ceased` if it spoke.
  Speech reset();
  [[nodiscard]] bool speaking() const { return speaking_; }
  /// Power that rises at once and falls 23 dB a second.
  [[nodiscard]] float loudness() const { return loudness_; }

 private:
  static constexpr float kFirstFloor = 1000;  // -60 dBov.
  float floor_ = kFirstFloor;                 // Power of the noise.
  float loudness_ = 0;
  std::uint32_t score_ = 0;  // Frames of speech, less those without.
  std::uint32_t quiet_ = 0;  // Frames without speech in a row.
  bool speaking_ = false;
};

}  // namespace tandem::media
