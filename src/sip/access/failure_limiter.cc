#include "sip/access/failure_limiter.h"

#include <algorithm>

namespace tandem::sip {
namespace {

constexpr unsigned kMaxDoublings = 20;

}  // namespace

FailureLimiter::FailureLimiter(const FailureLimit& limit, std::size_t max_tracked, int answers_while_blocked)
    : limit_(limit), answers_while_blocked_(answers_while_blocked), parties_(max_tracked) {}

FailureLimiter::Gate FailureLimiter::gate(const std::string& party, TimePoint now) {
  Record* r = parties_.find(party);
  if (r == nullptr || now >= r->blocked_until) return Gate::open;
  return r->answered++ < answers_while_blocked_ ? Gate::refuse : Gate::drop;
}

Duration FailureLimiter::block_of(unsigned blocks) const {
  const Duration wanted = Duration(limit_.first_block) * (1U << std::min(blocks, kMaxDoublings));
  return std::min<Duration>(wanted, limit_.longest_block);
}

void FailureLimiter::fail(const std::string& party, TimePoint now) {
  Record& r = parties_.at(party);
  if (r.tokens < 0) {
    r.tokens = limit_.burst;
  } else {
    const double refilled = std::chrono::duration<double>(now - r.last).count() /
                            std::chrono::duration<double>(limit_.refill_every).count();
    r.tokens = std::min(limit_.burst, r.tokens + refilled);
  }
  r.last = now;
  r.tokens -= 1;
  if (r.tokens >= 0) return;
  // Who kept still for ten times the last block starts anew.
  if (r.blocks > 0 && now - r.blocked_until > 10 * block_of(r.blocks - 1)) r.blocks = 0;
  r.blocked_until = now + block_of(r.blocks++);
  r.answered = 0;
  r.tokens = 0;
}

}  // namespace tandem::sip
