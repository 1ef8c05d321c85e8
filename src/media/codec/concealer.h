// Packet loss concealment by pitch repetition, for any sample rate (after the idea of ITU-T G.711 Appendix
// I).
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace tandem::media {

/// One stream's memory of what was heard last. One thread; allocates only when made.
class Concealer {
 public:
  explicit Concealer(std::uint32_t sample_rate_hz);

  /// Received audio in order. The first milliseconds after a loss are blended with what was made up.
  void received(std::span<std::int16_t> pcm);
  /// Makes up `pcm`; silence once 60 ms in a row are missing.
  void conceal(std::span<std::int16_t> pcm);

 private:
  void remember(std::span<const std::int16_t> pcm);
  [[nodiscard]] std::size_t find_pitch() const;
  void start();
  float next_sample();

  const std::size_t pitch_min_;
  const std::size_t pitch_max_;
  const std::size_t span_;             // Samples compared when the pitch is looked for.
  const std::size_t fade_;             // Samples until silence.
  std::vector<std::int16_t> history_;  // The last pitch_max_ + span_ samples.
  std::vector<float> cycle_;           // Room for pitch_max_.
  std::size_t pitch_ = 0;
  std::size_t position_ = 0;  // In the cycle.
  std::size_t missing_ = 0;   // Samples made up in a row.
};

}  // namespace tandem::media
