// In-band DTMF detection (ITU-T Q.23, Q.24).
#pragma once

#include <cstdint>
#include <memory>
#include <span>

#include "base/function.h"

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
  /// 8000 Hz, or a rate up to 48000 Hz that is brought down to it.
  explicit DtmfDetector(std::uint32_t sample_rate_hz);
  DtmfDetector(const DtmfDetector&) = delete;
  DtmfDetector& operator=(const DtmfDetector&) = delete;
  ~DtmfDetector();

  /// Audio in order; `sink` is called before feed() returns.
  void feed(std::span<const std::int16_t> pcm, Sink& sink);
  /// `samples` were lost: a digit that goes on across the gap stays one digit.
  void lost(std::size_t samples);

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace tandem::media
