#include "runtime/loop.h"

#include <pthread.h>

namespace tandem::runtime {

Loop::Loop(std::string name, const Clock& clock) : clock_(clock) {
  thread_ = std::thread([this, n = std::move(name)] {
    pthread_setname_np(pthread_self(), n.substr(0, 15).c_str());
    thread_id_.store(std::this_thread::get_id());
    run();
  });
}

Loop::~Loop() {
  stop();
  thread_.join();
}

void Loop::stop() {
  const std::lock_guard lock(mutex_);
  stopping_ = true;
  wake_.notify_one();
}

void Loop::post(Task task) {
  const std::lock_guard lock(mutex_);
  if (stopping_) return;
  inbox_.push_back(std::move(task));
  backlog_.fetch_add(1, std::memory_order_relaxed);
  if (inbox_.size() == 1) wake_.notify_one();
}

bool Loop::is_current() const {
  return thread_id_.load(std::memory_order_relaxed) == std::this_thread::get_id();
}

TimerId Loop::after(Duration delay, Task task) {
  assert_on(*this);
  return timers_.add(clock_.now() + delay, std::move(task));
}

bool Loop::cancel(TimerId id) {
  assert_on(*this);
  return timers_.cancel(id);
}

void Loop::run_due_timers() {
  const TimePoint now = clock_.now();
  while (Task task = timers_.take_due(now)) task();
}

void Loop::run() {
  std::vector<Task> batch;
  for (;;) {
    {
      std::unique_lock lock(mutex_);
      const auto ready = [this] { return stopping_ || !inbox_.empty(); };
      if (const auto due = timers_.next_due()) {
        wake_.wait_until(lock, *due, ready);
      } else {
        wake_.wait(lock, ready);
      }
      if (stopping_) return;
      batch.swap(inbox_);
    }
    for (Task& task : batch) {
      backlog_.fetch_sub(1, std::memory_order_relaxed);
      task();
      task = {};
    }
    batch.clear();
    run_due_timers();
  }
}

}  // namespace tandem::runtime
