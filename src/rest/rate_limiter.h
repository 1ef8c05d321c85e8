// A rate limit with a burst for each API key. One thread: the door's loop.
#pragma once

#include <cstdint>
#include <unordered_map>

#include "base/clock.h"
#include "model/ids.h"

namespace tandem::rest {

struct RateLimit {
  double per_second = 50;
  double burst = 100;
};

class RateLimiter {
 public:
  explicit RateLimiter(RateLimit limit) : limit_(limit) {}

  struct Verdict {
    bool pass = false;
    std::int64_t remaining = 0;       ///< Requests that would pass now.
    std::int64_t reset_s = 0;         ///< Until the whole burst is there again, rounded up.
    std::int64_t retry_after_ms = 0;  ///< Until one more passes.
  };
  Verdict take(const model::ApiKeyId& key, TimePoint now);
  [[nodiscard]] std::int64_t burst() const { return static_cast<std::int64_t>(limit_.burst); }
  [[nodiscard]] std::size_t size() const { return buckets_.size(); }

 private:
  struct Bucket {
    double tokens;
    TimePoint at;
  };
  void forget_full(TimePoint now);

  const RateLimit limit_;
  std::unordered_map<model::ApiKeyId, Bucket> buckets_;
  TimePoint swept_{};
};

}  // namespace tandem::rest
