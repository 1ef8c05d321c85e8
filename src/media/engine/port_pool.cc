#include "media/engine/port_pool.h"

#include "base/random.h"

namespace tandem::media {
namespace {
std::size_t pairs(std::uint16_t first, std::uint16_t max) {
  return max < first ? 0 : (max - first) / 2U + 1U;
}
}  // namespace

PortPool::PortPool(std::uint16_t min, std::uint16_t max, Duration quarantine, const Clock& clock)
    : first_(static_cast<std::uint16_t>(min + (min & 1U))),
      quarantine_(quarantine),
      clock_(clock),
      free_at_(pairs(first_, max), TimePoint::min()) {
  if (!free_at_.empty()) next_ = random_u32() % free_at_.size();
}

std::optional<std::uint16_t> PortPool::take() {
  const TimePoint now = clock_.now();
  const std::lock_guard lock(mutex_);
  for (std::size_t tried = 0; tried < free_at_.size(); ++tried) {
    const std::size_t i = next_;
    next_ = (next_ + 1) % free_at_.size();
    if (free_at_[i] > now) continue;
    free_at_[i] = TimePoint::max();
    return static_cast<std::uint16_t>(first_ + 2 * i);
  }
  return std::nullopt;
}

void PortPool::give_back(std::uint16_t rtp_port) {
  if (rtp_port < first_) return;
  const std::size_t i = (rtp_port - first_) / 2U;
  const TimePoint until = clock_.now() + quarantine_;
  const std::lock_guard lock(mutex_);
  if (i < free_at_.size()) free_at_[i] = until;
}

}  // namespace tandem::media
