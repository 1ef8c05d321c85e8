// Loop: a thread with a mailbox and timers. The control thread is one.
#pragma once

#include <atomic>
#include <memory>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include "runtime/executor.h"
#include "runtime/timer_queue.h"

namespace tandem::runtime {

class Loop final : public TimerExecutor {
 public:
  /// Starts the thread under `name` (at most 15 characters, shown by ps and gdb).
  Loop(std::string name, const Clock& clock);
  /// Stops and joins; tasks not yet run are destroyed.
  ~Loop() override;

  void post(Task task) override;
  [[nodiscard]] bool is_current() const override;
  TimerId after(Duration delay, Task task) override;
  bool cancel(TimerId id) override;
  [[nodiscard]] const Clock& clock() const override { return clock_; }
  /// Ends the thread after the task that runs now. Any thread, repeatedly.
  void stop();
  /// Tasks waiting: a measure of overload. Any thread.
  [[nodiscard]] std::size_t backlog() const { return backlog_.load(std::memory_order_relaxed); }

 private:
  class Sleeper;
  void run();
  void run_tasks(std::vector<Task>& batch);
  void run_due_timers();
  void sleep();

  const Clock& clock_;
  const std::shared_ptr<Sleeper> sleeper_;  // Shared: see Doorbell.
  std::mutex mutex_;
  std::vector<Task> inbox_;            // under mutex_
  std::atomic<bool> stopping_{false};  // Set under mutex_.
  std::atomic<std::size_t> backlog_{0};
  TimerQueue timers_;  // loop thread
  std::thread thread_;
  std::atomic<std::thread::id> thread_id_{};
};

}  // namespace tandem::runtime
