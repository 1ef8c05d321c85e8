#include "runtime/loop.h"

#include <linux/futex.h>
#include <pthread.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <algorithm>
#include <climits>

#include "runtime/doorbell.h"

namespace tandem::runtime {
namespace {

// Tasks between two looks at whom to wake: a long batch must not keep others asleep.
constexpr std::size_t kTasksOfTurn = 16;
constexpr std::size_t kTasksBetweenTimers = 256;

}  // namespace

/// Sleeps on a futex: waking is one system call and takes no lock that the sleeper then has to wait for.
class Loop::Sleeper final : public Doorbell {
 public:
  /// At most `limit`; for ever if negative.
  void sleep(Duration limit) {
    timespec t{};
    t.tv_sec = static_cast<time_t>(limit.count() / 1'000'000'000);
    t.tv_nsec = static_cast<long>(limit.count() % 1'000'000'000);
    ::syscall(SYS_futex, reinterpret_cast<std::uint32_t*>(&woken_), FUTEX_WAIT_PRIVATE, 0,
              limit < Duration::zero() ? nullptr : &t, nullptr, 0);
    woken_.store(0);
  }

 private:
  void wake() override {
    woken_.store(1);
    ::syscall(SYS_futex, reinterpret_cast<std::uint32_t*>(&woken_), FUTEX_WAKE_PRIVATE, 1, nullptr, nullptr,
              0);
  }
  std::atomic<std::uint32_t> woken_{0};
  static_assert(sizeof(std::atomic<std::uint32_t>) == sizeof(std::uint32_t));
};

Loop::Loop(std::string name, const Clock& clock) : clock_(clock), sleeper_(std::make_shared<Sleeper>()) {
  thread_ = std::thread([this, n = std::move(name)] {
    pthread_setname_np(pthread_self(), n.substr(0, 15).c_str());
    thread_id_.store(std::this_thread::get_id());
    run();
  });
}

Loop::~Loop() {
  stop();
  Turn::wake_others();
  thread_.join();
}

void Loop::stop() {
  const std::lock_guard lock(mutex_);
  stopping_.store(true);
  sleeper_->ring_now();
}

void Loop::post(Task task) {
  const Turn
      turn;  // Wakes, outside of other turns, once the lock is free; then the loop may be gone already.
  const std::lock_guard lock(mutex_);
  if (stopping_.load(std::memory_order_relaxed)) return;
  inbox_.push_back(std::move(task));
  backlog_.fetch_add(1, std::memory_order_relaxed);
  sleeper_->ring();
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
  if (!timers_.next_due()) return;
  const TimePoint now = clock_.now();
  while (Task task = timers_.take_due(now)) task();
}

/// What waits, and what that posts to its own thread, so that all of it leaves in one turn.
void Loop::run_tasks(std::vector<Task>& batch) {
  std::size_t ran = 0;
  while (!stopping_.load() && sleeper_->answer()) {
    {
      const std::lock_guard lock(mutex_);
      batch.swap(inbox_);
    }
    for (Task& task : batch) {
      backlog_.fetch_sub(1, std::memory_order_relaxed);
      task();
      task = {};
      if (++ran % kTasksOfTurn == 0) Turn::wake_others();
    }
    batch.clear();
    if (ran >= kTasksBetweenTimers) return;
  }
}

void Loop::sleep() {
  auto limit = Duration(-1);
  if (const auto due = timers_.next_due()) {
    limit = *due - clock_.now();
    if (limit <= Duration::zero()) return;
  }
  if (sleeper_->rest()) sleeper_->sleep(limit);
  sleeper_->rise();
}

void Loop::run() {
  Turn turn;
  std::vector<Task> batch;
  while (!stopping_.load()) {
    run_tasks(batch);
    run_due_timers();
    turn.end();
    sleep();
  }
}

}  // namespace tandem::runtime
