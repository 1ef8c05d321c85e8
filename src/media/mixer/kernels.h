// The loops over samples in which a mixer's time goes, in variants for what the processor can do.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

namespace tandem::media {

/// One variant; all give the same results bit for bit. Any alignment; `n` samples or bytes.
struct Kernels {
  const char* name;
  /// sum += in.
  void (*accumulate)(std::int32_t* sum, const std::int16_t* in, std::size_t n);
  /// sum -= in: the mix without oneself.
  void (*subtract)(std::int32_t* sum, const std::int16_t* in, std::size_t n);
  /// sum times a gain that moves evenly from `from` (before the first sample) to `to` (the last one).
  void (*scale)(std::int32_t* sum, float from, float to, std::size_t n);
  /// The same, down to 16 bits, clipping.
  void (*pack)(const std::int32_t* sum, float from, float to, std::int16_t* out, std::size_t n);
  /// Clips to 16 bits.
  void (*saturate)(const std::int32_t* sum, std::int16_t* out, std::size_t n);
  /// Largest magnitude.
  std::uint32_t (*peak)(const std::int32_t* sum, std::size_t n);
  /// Largest magnitude.
  std::uint32_t (*peak16)(const std::int16_t* in, std::size_t n);
  /// Sum of squares.
  std::uint64_t (*energy)(const std::int16_t* in, std::size_t n);
  /// Largest magnitude code (0 to 127) of a G.711 payload whose bytes are xor'ed with `toggle`: 0xff for
  /// mu-law, 0x55 for A-law.
  std::uint8_t (*peak_code)(const std::uint8_t* in, std::uint8_t toggle, std::size_t n);
};

/// The fastest that this processor runs.
[[nodiscard]] const Kernels& best_kernels();
/// All that this processor runs, the plain one first.
[[nodiscard]] std::span<const Kernels* const> usable_kernels();

}  // namespace tandem::media
