// The variants that are built; best_kernels() picks among them.
#pragma once

namespace tandem::media {

struct Kernels;
extern const Kernels kPlainKernels;
extern const Kernels kBaseKernels;
extern const Kernels kAvx2Kernels;  // On x86 only.

}  // namespace tandem::media
