// In-band DTMF detection (ITU-T Q.23, Q.24).
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "base/function.h"
#include "media/dtmf/tone_bank.h"

namespace tandem::media {

struct DtmfEvent {
  char digit = '0';               ///< 0-9, *, #, A-D.
  bool start = true;              ///< False: the key was let go.
  std::uint32_t duration_ms = 0;  ///< With the end: of the tone, to about 13 ms.
};

/// One stream's detector. One thread; allocates only when made.
class DtmfDetector {
 public:
  using Sink = Function<void(DtmfEvent)>;
  /// 8000, 16000 or 48000 Hz; throws std::invalid_argument for another rate.
  explicit DtmfDetector(std::uint32_t sample_rate_hz);
  DtmfDetector(const DtmfDetector&) = delete;
  DtmfDetector& operator=(const DtmfDetector&) = delete;

  /// Audio in order; `sink` is called before feed() returns.
  void feed(std::span<const std::int16_t> pcm, Sink& sink);
  /// `samples` were lost: a digit that goes on across the gap stays one digit.
  void lost(std::size_t samples);

 private:
  void on_block(std::span<const std::int16_t> block, Sink& sink);

  const ToneBank& bank_;
  const std::uint32_t rate_;
  std::vector<std::int16_t> block_;  // The beginning of a block; its capacity is that of a whole one.
  std::uint64_t position_ = 0;       // Samples, up to the end of the last block.
  std::uint64_t started_at_ = 0;
  char digit_ = 0;     // That goes on; 0 for none.
  char last_hit_ = 0;  // What the last block held.
};

/// The digit that `levels` are, 0 if none.
[[nodiscard]] char dtmf_digit(const ToneLevels& levels);

}  // namespace tandem::media
