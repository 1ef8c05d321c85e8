// The 20 ms wheel of one worker: 20 phases a millisecond apart, absolute deadlines, no drift.
#pragma once

#include <array>
#include <cstdint>
#include <optional>

#include "base/clock.h"

namespace tandem::media {

inline constexpr Duration kFrame = std::chrono::milliseconds(20);

/// Which phase is due when, and where a new stream goes. One thread.
class Wheel {
 public:
  static constexpr std::size_t kPhases = 20;
  explicit Wheel(TimePoint start) : start_(start) {}

  /// Phase for one more stream: a few streams share a phase before the next is opened, since each phase in
  /// use costs a wake-up; then the least loaded.
  std::size_t add();
  void remove(std::size_t phase) { --load_[phase]; }
  /// The least loaded phase, for what is many streams' work.
  std::size_t add_apart();
  void add_to(std::size_t phase) { ++load_[phase]; }
  [[nodiscard]] std::uint32_t load(std::size_t phase) const { return load_[phase]; }

  /// The next phase in use that is due at `now`; call until there is none.
  struct Due {
    std::size_t phase = 0;
    Duration late{};
    TimePoint at{};  ///< When it was due; of one phase always whole frames apart.
  };
  std::optional<Due> take_due(TimePoint now);
  /// When the next phase in use is due; nothing if no phase is.
  [[nodiscard]] std::optional<TimePoint> next_due() const;
  /// Slots given up because the worker was stopped for longer than can be caught up.
  [[nodiscard]] std::uint64_t skipped() const { return skipped_; }

 private:
  static constexpr std::int64_t kCatchUpSlots = 200;
  [[nodiscard]] TimePoint at(std::int64_t slot) const { return start_ + std::chrono::milliseconds(slot); }

  const TimePoint start_;
  std::int64_t next_slot_ = 0;
  std::array<std::uint32_t, kPhases> load_{};
  std::uint64_t skipped_ = 0;
};

}  // namespace tandem::media
