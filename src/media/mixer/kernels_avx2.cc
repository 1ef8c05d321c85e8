// Vectorised for AVX2.
#include "media/mixer/kernels.h"
#include "media/mixer/kernels_variants.h"

namespace tandem::media {
namespace {
#include "media/mixer/kernels_body.h"
}  // namespace

const Kernels kAvx2Kernels = {"avx2",   accumulate, subtract, scale,  pack,
                              saturate, peak,       peak16,   energy, peak_code};

}  // namespace tandem::media
