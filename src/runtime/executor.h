// Executor: one serial queue of work on one thread. Threads speak by posting a task that owns the message it
// carries; nothing else crosses between them.
#pragma once

#include <cassert>
#include <cstdint>

#include "base/clock.h"
#include "base/function.h"

namespace tandem::runtime {

using Task = Function<void()>;

class Executor {
 public:
  Executor() = default;
  Executor(const Executor&) = delete;
  Executor& operator=(const Executor&) = delete;
  virtual ~Executor() = default;

  /// Queues `task`; tasks run in the order of posting, never inside post(). Any thread. After the executor
  /// has stopped the task is destroyed unrun: a late callback dies quietly.
  virtual void post(Task task) = 0;
  /// True on the executor's own thread.
  [[nodiscard]] virtual bool is_current() const = 0;
};

/// Asserts, in debug builds, that a method runs on the thread its comment names.
inline void assert_on([[maybe_unused]] const Executor& executor) {
  assert(executor.is_current());
}

using TimerId = std::uint64_t;

/// An executor with one-shot timers. Timers are set and cancelled on the loop's own thread only.
class TimerExecutor : public Executor {
 public:
  /// Runs `task` on this loop once, `delay` from now (at once if not positive).
  virtual TimerId after(Duration delay, Task task) = 0;
  /// True if the timer had not fired; it will not fire any more. Unknown ids (0 too) are ignored.
  virtual bool cancel(TimerId id) = 0;
  [[nodiscard]] virtual const Clock& clock() const = 0;
};

/// A timer that its owner holds: cancelled when destroyed or set again. One thread: that of its loop.
class Timer {
 public:
  explicit Timer(TimerExecutor& loop) : loop_(&loop) {}
  Timer(const Timer&) = delete;
  Timer& operator=(const Timer&) = delete;
  ~Timer() { cancel(); }

  void set(Duration delay, Task task) {
    cancel();
    task_ = std::move(task);
    id_ = loop_->after(delay, [this] {
      id_ = 0;
      Task run = std::move(task_);  // The task may destroy this timer.
      run();
    });
  }
  void cancel() {
    if (id_ == 0) return;
    loop_->cancel(std::exchange(id_, 0));
    task_ = nullptr;
  }
  [[nodiscard]] bool pending() const { return id_ != 0; }

 private:
  TimerExecutor* loop_;
  TimerId id_ = 0;
  Task task_;
};

}  // namespace tandem::runtime
