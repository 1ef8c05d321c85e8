#include "runtime/manual_loop.h"

namespace tandem::runtime {

void ManualLoop::post(Task task) {
  const std::lock_guard lock(mutex_);
  inbox_.push_back(std::move(task));
}

TimerId ManualLoop::after(Duration delay, Task task) {
  return timers_.add(clock_.now() + delay, std::move(task));
}

bool ManualLoop::run_one() {
  Task task;
  {
    const std::lock_guard lock(mutex_);
    if (!inbox_.empty()) {
      task = std::move(inbox_.front());
      inbox_.pop_front();
    }
  }
  if (!task) task = timers_.take_due(clock_.now());
  if (!task) return false;
  task();
  return true;
}

void ManualLoop::run_until_idle() {
  while (run_one()) {
  }
}

void ManualLoop::advance(Duration d) {
  run_until_idle();
  const TimePoint end = clock_.now() + d;
  for (auto due = timers_.next_due(); due && *due <= end; due = timers_.next_due()) {
    if (*due > clock_.now()) clock_.advance(*due - clock_.now());
    run_until_idle();
  }
  clock_.advance(end - clock_.now());
  run_until_idle();
}

}  // namespace tandem::runtime
