// ITU-T G.711 by tables.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>

namespace tandem::media {

/// One companding law: decode by the code, encode by the sample's 16 bits.
struct G711Tables {
  std::array<std::int16_t, 256> to_linear;
  std::array<std::uint8_t, 65536> from_linear;
  [[nodiscard]] std::int16_t decode(std::uint8_t code) const { return to_linear[code]; }
  [[nodiscard]] std::uint8_t encode(std::int16_t sample) const {
    return from_linear[static_cast<std::uint16_t>(sample)];
  }
};

[[nodiscard]] const G711Tables& mu_law();
[[nodiscard]] const G711Tables& a_law();

}  // namespace tandem::media
