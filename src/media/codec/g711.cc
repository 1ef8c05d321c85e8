#include "media/codec/g711.h"

#include <algorithm>
#include <bit>

namespace tandem::media {
namespace {

constexpr int kMuBias = 132;     // 33 of the 14-bit scale of G.711, shifted to 16 bits.
constexpr int kMuClip = 32'635;  // The largest magnitude whose biased value still fits.

// Segment (0 to 7) of a magnitude whose lowest segment ends below 2^8.
constexpr int segment(int magnitude) {
  return std::max(0, static_cast<int>(std::bit_width(static_cast<unsigned>(magnitude))) - 8);
}

constexpr std::int16_t mu_to_linear(std::uint8_t code) {
  const int inverted = ~code & 0xff;
  const int exponent = (inverted >> 4) & 7;
  const int magnitude = ((((inverted & 0x0f) << 3) + kMuBias) << exponent) - kMuBias;
  return static_cast<std::int16_t>((inverted & 0x80) != 0 ? -magnitude : magnitude);
}

constexpr std::uint8_t mu_from_linear(int sample) {
  const int sign = sample < 0 ? 0x80 : 0;
  const int magnitude = std::min(sample < 0 ? -sample : sample, kMuClip) + kMuBias;
  const int exponent = segment(magnitude);
  return static_cast<std::uint8_t>(~(sign | (exponent << 4) | ((magnitude >> (exponent + 3)) & 0x0f)));
}

constexpr std::int16_t a_to_linear(std::uint8_t code) {
  const int toggled = code ^ 0x55;
  const int exponent = (toggled >> 4) & 7;
  int magnitude = ((toggled & 0x0f) << 4) + 8;
  if (exponent > 0) magnitude = (magnitude + 0x100) << (exponent - 1);
  return static_cast<std::int16_t>((toggled & 0x80) != 0 ? magnitude : -magnitude);
}

constexpr std::uint8_t a_from_linear(int sample) {
  // A-law mirrors around -1/2: -1 is the smallest negative step.
  const int sign = sample < 0 ? 0 : 0x80;
  const int magnitude = sample < 0 ? ~sample : sample;
  const int exponent = segment(magnitude);
  const int shift = exponent > 0 ? exponent + 3 : 4;
  return static_cast<std::uint8_t>((sign | (exponent << 4) | ((magnitude >> shift) & 0x0f)) ^ 0x55);
}

template <class ToLinear, class FromLinear>
constexpr G711Tables make_tables(ToLinear to, FromLinear from) {
  G711Tables tables{};
  for (int code = 0; code < 256; ++code) {
    tables.to_linear[static_cast<std::size_t>(code)] = to(static_cast<std::uint8_t>(code));
  }
  for (int sample = -32768; sample < 32768; ++sample) {
    tables.from_linear[static_cast<std::uint16_t>(sample)] = from(sample);
  }
  return tables;
}

}  // namespace

const G711Tables& mu_law() {
  static const G711Tables kTables = make_tables(mu_to_linear, mu_from_linear);
  return kTables;
}

const G711Tables& a_law() {
  static const G711Tables kTables = make_tables(a_to_linear, a_from_linear);
  return kTables;
}

}  // namespace tandem::media
