// Not vectorised: what the others are compared with.
#include "media/mixer/kernels.h"
#include "media/mixer/kernels_variants.h"

namespace tandem::media {
namespace {
#include "media/mixer/kernels_body.h"
}  // namespace

const Kernels kPlainKernels = {"plain",  accumulate, subtract, scale,  pack,
                               saturate, peak,       peak16,   energy, peak_code};

}  // namespace tandem::media
