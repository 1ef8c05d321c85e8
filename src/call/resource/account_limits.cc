#include "call/resource/account_limits.h"

#include <algorithm>
#include <chrono>

namespace tandem::call {

AccountLimits::Answer AccountLimits::admit(const store::Account& account, TimePoint now) {
  Use& use = uses_[account.id];
  if (account.max_concurrent_calls > 0 && use.live >= account.max_concurrent_calls) return Answer::too_many;
  if (account.max_calls_per_second > 0) {
    // A bucket of one second's worth: bursts of a second are allowed, below one call a second one call.
    const double depth = std::max(1.0, account.max_calls_per_second);
    const double elapsed = std::chrono::duration<double>(now - use.filled).count();
    use.tokens = use.rated ? std::min(depth, use.tokens + elapsed * account.max_calls_per_second) : depth;
    use.rated = true;
    use.filled = now;
    if (use.tokens < 1.0) return Answer::too_fast;
    use.tokens -= 1.0;
  }
  ++use.live;
  return Answer::admitted;
}

void AccountLimits::release(const model::AccountId& account) {
  const auto found = uses_.find(account);
  if (found != uses_.end() && found->second.live > 0) --found->second.live;
}

std::size_t AccountLimits::live(const model::AccountId& account) const {
  const auto found = uses_.find(account);
  return found == uses_.end() ? 0 : found->second.live;
}

}  // namespace tandem::call
