// Evenly spaced permits: carriers count calls in windows of their own, so there
// is no burst to speak of. One thread.
#pragma once

#include <algorithm>
#include <chrono>

#include "base/clock.h"

namespace tandem::trunk {

class Pace {
 public:
  /// 0: no limit. Keeps what was taken already.
  void set_rate(double per_second) {
    interval_ = per_second <= 0 ? Duration{0}
                                : std::chrono::duration_cast<Duration>(
                                      std::chrono::duration<double>(std::min(1.0 / per_second, 3600.0)));
  }
  /// Zero when one may pass now (it is taken), else how long to wait.
  [[nodiscard]] Duration take(TimePoint now) {
    if (interval_ == Duration{0}) return Duration{0};
    if (now < next_) return next_ - now;
    next_ = now + interval_;
    return Duration{0};
  }

 private:
  Duration interval_{0};
  TimePoint next_{};
};

}  // namespace tandem::trunk
