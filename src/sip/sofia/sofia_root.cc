#include "sip/sofia/sofia_root.h"

#include <pthread.h>

#include <chrono>

#include "sip/sofia/sofia_log.h"

// Sofia-SIP's hook for its notion of now; exported, but in none of the installed headers. It gets the wall
// clock's time, as seconds since 1900 and microseconds, and may change it.
extern "C" void (*_su_time)(su_time_t* tv);  // NOLINT(bugprone-reserved-identifier)

namespace tandem::sip {
namespace {

using std::chrono::microseconds;

// Tasks between two looks at whom to wake.
constexpr std::size_t kTasksOfTurn = 16;
// A step of the root is bounded anyway by its timers; this one is for a root without any.
constexpr su_duration_t kLongestStep = 10'000;

/// Time in whole milliseconds, which run on steadily. Sofia counts its waits in whole milliseconds, rounded
/// down: with finer time it spins through the last part of each wait. And its timers are due by this time, so
/// a step of the wall clock must not fire or delay them all.
void steady_milliseconds(su_time_t* tv) noexcept {
  if (tv == nullptr) return;
  static const microseconds offset =
      std::chrono::duration_cast<microseconds>(std::chrono::system_clock::now().time_since_epoch() -
                                               std::chrono::steady_clock::now().time_since_epoch());
  const auto now =
      offset + std::chrono::duration_cast<microseconds>(std::chrono::steady_clock::now().time_since_epoch());
  const auto ms = std::chrono::duration_cast<std::chrono::milliseconds>(now).count();
  tv->tv_sec = static_cast<unsigned long>(ms / 1000) + SU_TIME_EPOCH;
  tv->tv_usec = static_cast<unsigned long>(ms % 1000) * 1000;
}

}  // namespace

SofiaRoot::SofiaRoot(const Clock& clock, const Log& log)
    : clock_(clock), log_(log), bell_(std::make_shared<runtime::EventDoorbell>()) {
  thread_ = std::thread([this] {
    pthread_setname_np(pthread_self(), "tandem-sip");
    thread_id_.store(std::this_thread::get_id());
    run();
  });
}

SofiaRoot::~SofiaRoot() {
  {
    const std::lock_guard lock(mutex_);
    stopping_ = true;
  }
  bell_->ring_now();
  runtime::Turn::wake_others();
  thread_.join();
}

bool SofiaRoot::wait_started() {
  started_.wait(0);
  return started_.load() > 0;
}

void SofiaRoot::post(runtime::Task task) {
  const runtime::Turn turn;  // Wakes, outside of other turns, once the lock is free.
  const std::lock_guard lock(mutex_);
  if (stopping_) return;
  inbox_.push_back(std::move(task));
  bell_->ring();
}

bool SofiaRoot::is_current() const {
  return thread_id_.load(std::memory_order_relaxed) == std::this_thread::get_id();
}

runtime::TimerId SofiaRoot::after(Duration delay, runtime::Task task) {
  runtime::assert_on(*this);
  const auto id = timers_.add(clock_.now() + delay, std::move(task));
  arm();
  return id;
}

bool SofiaRoot::cancel(runtime::TimerId id) {
  runtime::assert_on(*this);
  return timers_.cancel(id);
}

// One Sofia timer serves the whole queue; it is moved only when an earlier time comes in.
void SofiaRoot::arm() {
  const auto due = timers_.next_due();
  if (!due || timer_ == nullptr || (armed_for_ && *armed_for_ <= *due)) return;
  // One more, as Sofia's now may be up to a millisecond behind.
  const auto wait = std::chrono::ceil<std::chrono::milliseconds>(*due - clock_.now()).count() + 1;
  su_timer_set_interval(timer_, &SofiaRoot::on_timer, reinterpret_cast<su_timer_arg_t*>(this),
                        static_cast<su_duration_t>(std::max<std::int64_t>(wait, 0)));
  armed_for_ = due;
}

void SofiaRoot::on_timer(su_root_magic_t*, su_timer_t*, su_timer_arg_t* arg) noexcept {
  auto& self = *reinterpret_cast<SofiaRoot*>(arg);
  self.armed_for_.reset();
  const TimePoint now = self.clock_.now();
  while (runtime::Task task = self.timers_.take_due(now)) task();
  self.arm();
}

int SofiaRoot::on_wake(su_root_magic_t*, su_wait_t*, su_wakeup_arg_t* arg) noexcept {
  auto& self = *reinterpret_cast<SofiaRoot*>(arg);
  self.bell_->clear();
  // Here too, not in the next turn only: what was ordered before a request came goes before it.
  self.drain();
  return 0;
}

void SofiaRoot::drain() {
  if (!bell_->answer()) return;
  {
    const std::lock_guard lock(mutex_);
    running_.swap(inbox_);
    ending_ = stopping_;
  }
  std::size_t ran = 0;
  for (auto& task : running_) {
    task();
    task = {};
    if (++ran % kTasksOfTurn == 0) runtime::Turn::wake_others();
  }
  running_.clear();
}

void SofiaRoot::open_root() {
  su_init();
  std::atomic_ref(_su_time).store(&steady_milliseconds);  // Every root's thread sets the same.
  redirect_sofia_log(&log_);
  root_ = su_root_create(nullptr);
  if (root_ == nullptr) return;
  su_root_threading(root_, 0);
  timer_ = su_timer_create(su_root_task(root_), 0);
  su_wait_t wait{};
  if (timer_ == nullptr || su_wait_create(&wait, bell_->fd(), SU_WAIT_IN) != 0 ||
      su_root_register(root_, &wait, &SofiaRoot::on_wake, reinterpret_cast<su_wakeup_arg_t*>(this), 0) < 0) {
    if (timer_ != nullptr) su_timer_destroy(timer_);
    timer_ = nullptr;
    su_root_destroy(root_);
    root_ = nullptr;
  }
}

/// Tasks and steps of the root in turns. Not su_root_run(), so that tasks which this thread posts to itself
/// need no wake-up and those to others leave together.
void SofiaRoot::turn_over() {
  runtime::Turn turn;
  while (!ending_) {
    turn.end();
    su_root_step(root_, bell_->rest() ? kLongestStep : 0);
    bell_->rise();
    drain();
  }
}

void SofiaRoot::run() {
  open_root();
  started_.store(root_ != nullptr ? 1 : -1);
  started_.notify_all();
  if (root_ != nullptr) {
    turn_over();
    su_timer_destroy(timer_);
    su_root_destroy(root_);
    root_ = nullptr;
  }
  redirect_sofia_log(nullptr);
}

}  // namespace tandem::sip
