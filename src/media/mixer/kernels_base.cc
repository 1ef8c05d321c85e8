// Vectorised for what every processor of the target has (SSE2 on x86-64).
#include "media/mixer/kernels.h"
#include "media/mixer/kernels_variants.h"

namespace tandem::media {
namespace {
#include "media/mixer/kernels_body.h"
}  // namespace

const Kernels kBaseKernels = {"base",   accumulate, subtract, scale,  pack,
                              saturate, peak,       peak16,   energy, peak_code};

}  // namespace tandem::media
