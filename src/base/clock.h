// Time as an input. Code that waits or measures takes a Clock, so that a test can move it.
#pragma once

#include <chrono>

namespace tandem {

using Duration = std::chrono::nanoseconds;
/// Monotonic time: for timers and durations; unaffected by wall clock jumps.
using TimePoint = std::chrono::time_point<std::chrono::steady_clock, std::chrono::nanoseconds>;
/// Wall time: for time stamps that people and records read.
using WallTime = std::chrono::time_point<std::chrono::system_clock, std::chrono::milliseconds>;

class Clock {
 public:
  Clock() = default;
  Clock(const Clock&) = delete;
  Clock& operator=(const Clock&) = delete;
  virtual ~Clock() = default;
  /// Any thread.
  [[nodiscard]] virtual TimePoint now() const = 0;
  [[nodiscard]] virtual WallTime wall() const = 0;
};

class SystemClock final : public Clock {
 public:
  [[nodiscard]] TimePoint now() const override { return std::chrono::steady_clock::now(); }
  [[nodiscard]] WallTime wall() const override {
    return std::chrono::time_point_cast<std::chrono::milliseconds>(std::chrono::system_clock::now());
  }
};

/// A clock that stands still until told otherwise. Set from the test's thread only.
class ManualClock final : public Clock {
 public:
  [[nodiscard]] TimePoint now() const override { return now_; }
  [[nodiscard]] WallTime wall() const override { return wall_; }
  void advance(Duration d) {
    now_ += d;
    wall_ += std::chrono::duration_cast<std::chrono::milliseconds>(d);
  }

 private:
  TimePoint now_{std::chrono::seconds{1000}};
  WallTime wall_{std::chrono::seconds{1'767'225'600}};  // 2026-01-01T00:00:00Z
};

}  // namespace tandem
