#include "media/mixer/kernels.h"

#include <array>

#include "media/mixer/kernels_variants.h"

namespace tandem::media {
namespace {
constexpr std::array<const Kernels*, 3> kAll = {&kPlainKernels, &kBaseKernels,
#ifdef TANDEM_KERNELS_AVX2
                                                &kAvx2Kernels
#else
                                                nullptr
#endif
};

std::size_t usable() {
#ifdef TANDEM_KERNELS_AVX2
  // Asks whether the system saves the wide registers, too.
  if (__builtin_cpu_supports("avx2")) return 3;
#endif
  return 2;
}
}  // namespace

std::span<const Kernels* const> usable_kernels() {
  return std::span(kAll).first(usable());
}

const Kernels& best_kernels() {
  return *kAll[usable() - 1];
}

}  // namespace tandem::media
