// Brings sums of many voices to 16 bits without clipping what is too loud.
#pragma once

#include <cstdint>
#include <span>

#include "media/mixer/kernels.h"

namespace tandem::media {

/// One output's gain: falls within 16 samples, rises 0.4 dB a frame. One thread.
class Limiter {
 public:
  void apply(std::span<const std::int32_t> sum, std::span<std::int16_t> out, const Kernels& kernels);

 private:
  float gain_ = 1;
};

}  // namespace tandem::media
