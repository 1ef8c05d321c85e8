// Tones with cadence, as PCM. Runs on a blocking pool: it is not meant for the packet path.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "media/api/prompt_source.h"

namespace tandem::media {

/// What is wrong with `tone`, naming the field; nothing when it can be played.
[[nodiscard]] std::optional<std::string> tone_problem(const ToneSpec& tone);

/// Draws one tone piece by piece. One thread.
class ToneGenerator {
 public:
  /// `tone` must have no tone_problem().
  ToneGenerator(const ToneSpec& tone, std::uint32_t sample_rate_hz);

  /// Writes the next samples over `pcm`; returns how many: less than pcm.size() at the end.
  std::size_t fill(std::span<std::int16_t> pcm);

 private:
  [[nodiscard]] double envelope() const;
  struct Partial {
    double phase = 0;
    double step = 0;
  };
  std::vector<Partial> partials_;
  double amplitude_;
  std::vector<std::uint64_t> cadence_;  // Samples of on and off in turn; empty: continuous.
  std::size_t ramp_;                    // Samples of fade at each edge, against clicks.
  std::uint64_t total_;
  std::uint64_t position_ = 0;
  std::size_t step_ = 0;       // In the cadence.
  std::uint64_t in_step_ = 0;  // Samples of it already drawn.
};

}  // namespace tandem::media
