#include "media/mixer/limiter.h"

#include <algorithm>

namespace tandem::media {
namespace {
constexpr std::uint32_t kMost = 32'767;
constexpr float kAim = 32'000;
constexpr float kRise = 1.05F;
constexpr std::size_t kFall = 16;  // Samples.
}  // namespace

void Limiter::apply(std::span<const std::int32_t> sum, std::span<std::int16_t> out, const Kernels& kernels) {
  const std::uint32_t peak = kernels.peak(sum.data(), sum.size());
  if (gain_ == 1 && peak <= kMost) {
    kernels.saturate(sum.data(), out.data(), sum.size());
    return;
  }
  const float fits = peak <= kMost ? 1.0F : kAim / static_cast<float>(peak);
  const float to = std::min(fits, std::min(1.0F, gain_ * kRise));
  if (to < gain_ && sum.size() > kFall) {
    kernels.pack(sum.data(), gain_, to, out.data(), kFall);
    kernels.pack(sum.data() + kFall, to, to, out.data() + kFall, sum.size() - kFall);
  } else {
    kernels.pack(sum.data(), gain_, to, out.data(), sum.size());
  }
  gain_ = to;
}

}  // namespace tandem::media
