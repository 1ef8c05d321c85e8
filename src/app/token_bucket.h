// A rate limit with a burst. One thread.
#pragma once

#include <algorithm>
#include <chrono>

#include "base/clock.h"

namespace tandem::app {

class TokenBucket {
 public:
  TokenBucket(double per_second, double burst, TimePoint now)
      : per_second_(per_second), burst_(burst), tokens_(burst), at_(now) {}

  /// True if one more may pass now.
  bool take(TimePoint now) {
    const std::chrono::duration<double> passed = now - at_;
    at_ = now;
    tokens_ = std::min(burst_, tokens_ + passed.count() * per_second_);
    if (tokens_ < 1) return false;
    tokens_ -= 1;
    return true;
  }
  /// Milliseconds until take() would succeed, at least 1.
  [[nodiscard]] std::int64_t wait_ms() const {
    return std::max<std::int64_t>(1, static_cast<std::int64_t>((1 - tokens_) / per_second_ * 1000));
  }

 private:
  double per_second_;
  double burst_;
  double tokens_;
  TimePoint at_;
};

}  // namespace tandem::app
