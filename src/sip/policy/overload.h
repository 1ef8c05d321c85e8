// Admission of new calls (OverloadPolicy): token buckets for the node and for each source address. One
// thread.
#pragma once

#include <cstddef>
#include <unordered_map>

#include "base/clock.h"
#include "sip/api/agent.h"

namespace tandem::sip {

enum class Admission : std::uint8_t {
  admit,
  refuse,  ///< 503 with Retry-After.
  drop     ///< No answer at all: the source sends more than ten times its rate.
};

/// A bucket that holds one second's worth of tokens (at least one).
class TokenBucket {
 public:
  [[nodiscard]] bool take(double per_second, TimePoint now);
  [[nodiscard]] TimePoint last_used() const { return last_; }

 private:
  double tokens_ = -1;  ///< Negative: never used, full.
  TimePoint last_{};
};

class Overload {
 public:
  explicit Overload(const OverloadPolicy& policy) : policy_(policy) {}
  [[nodiscard]] Admission admit(const model::IpAddress& source, std::size_t legs, TimePoint now);
  /// Requests outside any call that are not INVITEs: only the drop rule applies.
  [[nodiscard]] Admission admit_other(const model::IpAddress& source, TimePoint now);

 private:
  struct Source {
    TokenBucket allowed;
    TokenBucket answered;
  };
  struct Hash {
    std::size_t operator()(const model::IpAddress& ip) const noexcept;
  };
  Source& source_of(const model::IpAddress& ip, TimePoint now);

  OverloadPolicy policy_;
  TokenBucket node_;
  std::unordered_map<model::IpAddress, Source, Hash> sources_;
};

}  // namespace tandem::sip
