#include "rest/rate_limiter.h"

#include <algorithm>
#include <cmath>

namespace tandem::rest {
namespace {

constexpr auto kSweepEvery = std::chrono::minutes(1);

double seconds_between(TimePoint a, TimePoint b) {
  return std::chrono::duration<double>(b - a).count();
}

}  // namespace

RateLimiter::Verdict RateLimiter::take(const model::ApiKeyId& key, TimePoint now) {
  if (now - swept_ >= kSweepEvery) forget_full(now);
  Bucket& bucket = buckets_.try_emplace(key, Bucket{limit_.burst, now}).first->second;
  bucket.tokens = std::min(limit_.burst, bucket.tokens + seconds_between(bucket.at, now) * limit_.per_second);
  bucket.at = now;
  Verdict out;
  out.pass = bucket.tokens >= 1;
  if (out.pass) {
    bucket.tokens -= 1;
  } else {
    out.retry_after_ms = std::max<std::int64_t>(
        1, static_cast<std::int64_t>(std::ceil((1 - bucket.tokens) / limit_.per_second * 1000)));
  }
  out.remaining = static_cast<std::int64_t>(bucket.tokens);
  out.reset_s = static_cast<std::int64_t>(std::ceil((limit_.burst - bucket.tokens) / limit_.per_second));
  return out;
}

/// A full bucket is as good as none, so memory follows the keys that are in use.
void RateLimiter::forget_full(TimePoint now) {
  swept_ = now;
  std::erase_if(buckets_, [&](const auto& entry) {
    const Bucket& b = entry.second;
    return b.tokens + seconds_between(b.at, now) * limit_.per_second >= limit_.burst;
  });
}

}  // namespace tandem::rest
