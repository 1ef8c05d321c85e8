// The power of the eight DTMF frequencies in one block of audio.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace tandem::media {

/// What one block holds; all are mean squares of samples, so a full-scale sine has 2^29.
struct ToneLevels {
  std::array<float, 4> rows{};     ///< 697, 770, 852, 941 Hz.
  std::array<float, 4> columns{};  ///< 1209, 1336, 1477, 1633 Hz.
  float all = 0;                   ///< Everything in the block.
};

/// Correlates a block of 12.75 ms with tables of sines, many frequencies in one pass: a sum of products has
/// no recursion, so that it fills the width of the processor, which a Goertzel filter cannot.
class ToneBank {
 public:
  explicit ToneBank(std::uint32_t sample_rate_hz);
  /// Even.
  [[nodiscard]] std::size_t block() const { return 2 * table_.size(); }
  /// `pcm` has block() samples.
  [[nodiscard]] ToneLevels measure(std::span<const std::int16_t> pcm) const;

 private:
  using Four = float __attribute__((vector_size(16)));
  /// Of one distance from the block's middle: cosines of what is alike on both sides, sines of what differs.
  struct Row {
    Four row_cos, column_cos, row_sin, column_sin;
  };
  std::vector<Row> table_;
};

/// Shared by all streams. 8000, 16000 or 48000 Hz; throws std::invalid_argument for another rate.
[[nodiscard]] const ToneBank& tone_bank(std::uint32_t sample_rate_hz);

}  // namespace tandem::media
