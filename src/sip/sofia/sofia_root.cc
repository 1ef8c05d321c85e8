#include "sip/sofia/sofia_root.h"

#include <pthread.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include "sip/sofia/sofia_log.h"

namespace tandem::sip {

SofiaRoot::SofiaRoot(const Clock& clock, const Log& log)
    : clock_(clock), log_(log), wake_fd_(eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC)) {
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
  const std::uint64_t one = 1;
  [[maybe_unused]] const auto written = write(wake_fd_, &one, sizeof one);
  thread_.join();
  close(wake_fd_);
}

bool SofiaRoot::wait_started() {
  started_.wait(0);
  return started_.load() > 0;
}

void SofiaRoot::post(runtime::Task task) {
  bool first = false;
  {
    const std::lock_guard lock(mutex_);
    if (stopping_) return;
    first = inbox_.empty();
    inbox_.push_back(std::move(task));
  }
  // One wake-up carries the whole batch.
  const std::uint64_t one = 1;
  if (first) [[maybe_unused]]
    const auto written = write(wake_fd_, &one, sizeof one);
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
  const auto wait = std::chrono::ceil<std::chrono::milliseconds>(*due - clock_.now()).count();
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
  std::uint64_t count = 0;
  [[maybe_unused]] const auto got = read(self.wake_fd_, &count, sizeof count);
  self.drain();
  return 0;
}

void SofiaRoot::drain() {
  std::vector<runtime::Task> batch;
  bool stop = false;
  {
    const std::lock_guard lock(mutex_);
    batch.swap(inbox_);
    stop = stopping_;
  }
  for (auto& task : batch) {
    task();
    task = {};
  }
  if (stop) su_root_break(root_);
}

void SofiaRoot::open_root() {
  su_init();
  redirect_sofia_log(&log_);
  root_ = su_root_create(nullptr);
  if (root_ == nullptr) return;
  su_root_threading(root_, 0);
  timer_ = su_timer_create(su_root_task(root_), 0);
  su_wait_t wait{};
  if (timer_ == nullptr || su_wait_create(&wait, wake_fd_, SU_WAIT_IN) != 0 ||
      su_root_register(root_, &wait, &SofiaRoot::on_wake, reinterpret_cast<su_wakeup_arg_t*>(this), 0) < 0) {
    if (timer_ != nullptr) su_timer_destroy(timer_);
    timer_ = nullptr;
    su_root_destroy(root_);
    root_ = nullptr;
  }
}

void SofiaRoot::run() {
  open_root();
  started_.store(root_ != nullptr ? 1 : -1);
  started_.notify_all();
  if (root_ != nullptr) {
    su_root_run(root_);
    su_timer_destroy(timer_);
    su_root_destroy(root_);
    root_ = nullptr;
  }
  redirect_sofia_log(nullptr);
}

}  // namespace tandem::sip
