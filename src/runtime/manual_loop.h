// ManualLoop: the loop of unit tests. Nothing runs until the test says so, and time is the test's. post() may
// come from any thread; all else from the test's.
#pragma once

#include <deque>
#include <mutex>

#include "runtime/executor.h"
#include "runtime/timer_queue.h"

namespace tandem::runtime {

class ManualLoop final : public TimerExecutor {
 public:
  void post(Task task) override;
  [[nodiscard]] bool is_current() const override { return true; }
  TimerId after(Duration delay, Task task) override;
  bool cancel(TimerId id) override { return timers_.cancel(id); }
  [[nodiscard]] const Clock& clock() const override { return clock_; }

  /// Runs posted tasks, and those they post, until none is left; timers due now too.
  void run_until_idle();
  /// Moves time by `d`, firing each timer at its own due time in order.
  void advance(Duration d);
  [[nodiscard]] std::size_t timers() const { return timers_.size(); }

 private:
  bool run_one();
  ManualClock clock_;
  std::mutex mutex_;
  std::deque<Task> inbox_;  // under mutex_
  TimerQueue timers_;
};

}  // namespace tandem::runtime
