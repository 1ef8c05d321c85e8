// In-band DTMF tones (ITU-T Q.23) for calls that did not agree on telephone-event.
#pragma once

#include <cstdint>
#include <deque>
#include <span>
#include <string_view>

#include "media/dtmf/oscillator.h"

namespace tandem::media {

/// True for 0-9, *, #, A-D (and a-d).
[[nodiscard]] bool is_dtmf_digit(char c);

/// A queue of digits and pauses that is drawn as PCM. One thread. Its queue allocates in add(), not in
/// fill().
class DtmfGenerator {
 public:
  /// `level_dbm0` of each of the two tones.
  explicit DtmfGenerator(std::uint32_t sample_rate_hz, double level_dbm0 = -10);

  /// Appends digits, each followed by `gap_ms` of silence; `w` is a pause of 500 ms, `W` of 1 s; others are
  /// skipped.
  void add(std::string_view digits, std::uint32_t duration_ms, std::uint32_t gap_ms);
  /// Writes the next samples over `pcm`; returns how many, less than pcm.size() only when the queue ran empty
  /// (the rest is left as it was).
  std::size_t fill(std::span<std::int16_t> pcm);
  /// The tone being drawn ends after `duration_ms` in all, at least what was drawn already.
  void cut(std::uint32_t duration_ms);
  void clear();
  [[nodiscard]] bool idle() const { return queue_.empty(); }

 private:
  struct Item {
    double low_hz = 0;  // 0: silence.
    double high_hz = 0;
    std::size_t samples = 0;
  };
  const std::uint32_t rate_;
  const double amplitude_;
  std::deque<Item> queue_;
  std::size_t done_ = 0;  // Samples of the first item already drawn.
  Oscillator low_;
  Oscillator high_;
};

}  // namespace tandem::media
