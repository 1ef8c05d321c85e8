#include "media/engine/wheel.h"

namespace tandem::media {
namespace {
constexpr std::uint32_t kFillFirst = 32;
// Far apart first, so that few streams are spread as well as many.
constexpr std::array<std::uint8_t, Wheel::kPhases> kOrder{0, 10, 5, 15, 2, 12, 7, 17, 3, 13,
                                                          8, 18, 1, 11, 6, 16, 4, 14, 9, 19};
}  // namespace

std::size_t Wheel::add() {
  std::size_t best = kOrder[0];
  for (const std::size_t phase : kOrder) {
    if (load_[phase] < kFillFirst) {
      best = phase;
      break;
    }
    if (load_[phase] < load_[best]) best = phase;
  }
  ++load_[best];
  return best;
}

std::size_t Wheel::add_apart() {
  std::size_t best = kOrder[0];
  for (const std::size_t phase : kOrder) {
    if (load_[phase] < load_[best]) best = phase;
  }
  ++load_[best];
  return best;
}

std::optional<Wheel::Due> Wheel::take_due(TimePoint now) {
  const auto current = std::chrono::floor<std::chrono::milliseconds>(now - start_).count();
  if (current - next_slot_ > kCatchUpSlots) {
    bool used = false;
    for (const std::uint32_t n : load_) used = used || n > 0;
    if (used) skipped_ += static_cast<std::uint64_t>(current - next_slot_);
    next_slot_ = current;
  }
  while (next_slot_ <= current) {
    const std::int64_t slot = next_slot_++;
    const auto phase = static_cast<std::size_t>(slot % static_cast<std::int64_t>(kPhases));
    if (load_[phase] > 0) return Due{phase, now - at(slot), at(slot)};
  }
  return std::nullopt;
}

std::optional<TimePoint> Wheel::next_due() const {
  for (std::int64_t slot = next_slot_; slot < next_slot_ + static_cast<std::int64_t>(kPhases); ++slot) {
    if (load_[static_cast<std::size_t>(slot % static_cast<std::int64_t>(kPhases))] > 0) return at(slot);
  }
  return std::nullopt;
}

}  // namespace tandem::media
