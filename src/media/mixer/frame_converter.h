// Frames of 20 ms from one sample rate to another.
#pragma once

#include <array>
#include <cstdint>
#include <span>

#include "media/codec/resampler.h"

namespace tandem::media {

/// Whole frames in, whole frames out, a few milliseconds late. 8 and 16 kHz. One thread; allocates only when
/// made.
class FrameConverter {
 public:
  FrameConverter(std::uint32_t from_hz, std::uint32_t to_hz) : resampler_(from_hz, to_hz) {}
  /// Fills `out` (at most 320 samples).
  void convert(std::span<const std::int16_t> in, std::span<std::int16_t> out);

 private:
  StreamResampler resampler_;
  std::array<std::int16_t, 1024> waiting_{};
  std::size_t filled_ = 0;
};

}  // namespace tandem::media
