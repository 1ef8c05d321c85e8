// RTP port pairs: even for RTP, the next for RTCP. A port rests after use, so that a new call never hears an
// old one.
#pragma once

#include <cstdint>
#include <mutex>
#include <optional>
#include <vector>

#include "base/clock.h"

namespace tandem::media {

/// Any thread: taken on the control thread, given back on media workers.
class PortPool {
 public:
  /// Pairs from `min` (rounded up to even) to `max`, inclusive, both for RTP. Starts at a random place.
  PortPool(std::uint16_t min, std::uint16_t max, Duration quarantine, const Clock& clock);

  /// The next pair's RTP port that is neither in use nor resting.
  [[nodiscard]] std::optional<std::uint16_t> take();
  /// The pair rests from now on. Ports that are not of the pool are ignored.
  void give_back(std::uint16_t rtp_port);
  [[nodiscard]] std::size_t size() const { return free_at_.size(); }

 private:
  const std::uint16_t first_;
  const Duration quarantine_;
  const Clock& clock_;
  std::mutex mutex_;
  std::vector<TimePoint> free_at_;  // under mutex_; TimePoint::max() while in use.
  std::size_t next_ = 0;            // under mutex_
};

}  // namespace tandem::media
