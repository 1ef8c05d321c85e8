// The loudest few of many, without swapping two of about the same loudness to and fro.
#pragma once

#include <cstddef>
#include <span>

namespace tandem::media {

struct Candidate {
  float loudness = 0;  ///< Power.
  bool was_in = false;
  std::size_t index = 0;  ///< The caller's.
};

/// Puts the `n` loudest first, in any order. Who was in stays unless another is 6 dB louder.
void loudest_first(std::span<Candidate> candidates, std::size_t n);

}  // namespace tandem::media
