// Which streams are worth decoding: those that are not silent, and those that just were not.
#pragma once

#include <cstdint>
#include <span>

#include "media/mixer/kernels.h"
#include "model/media_description.h"

namespace tandem::media {

/// Opens for any frame whose peak speech could have (-45 dBov; a quiet talker's syllables peak above -35) and
/// stays open for `kHangOver` after the last. Fed when packets come, it is open before what they hold leaves
/// the jitter buffer, so that no word loses its beginning. One thread.
class VoiceGate {
 public:
  static constexpr std::uint32_t kPeak = 180;
  static constexpr std::uint32_t kHangOver = 35;  // Frames; longer than any jitter buffer's delay.

  void on_peak(std::uint32_t peak) {
    if (peak >= kPeak) hold_ = kHangOver;
  }
  /// True if `codec`'s loudness shows without decoding; false otherwise, and nothing was done.
  bool on_payload(model::Codec codec, std::span<const std::uint8_t> payload, const Kernels& kernels);
  /// 20 ms have passed.
  void tick() {
    if (hold_ > 0) --hold_;
  }
  [[nodiscard]] bool open() const { return hold_ > 0; }

 private:
  std::uint32_t hold_ = 0;
};

}  // namespace tandem::media
