// The SIP thread: a Sofia root with a mailbox and timers. Everything that touches a Sofia handle runs here.
#pragma once

#include <atomic>
#include <memory>
#include <mutex>
#include <thread>
#include <vector>

#include "base/log.h"
#include "runtime/doorbell.h"
#include "runtime/executor.h"
#include "runtime/timer_queue.h"
#include "sip/sofia/sofia_api.h"

namespace tandem::sip {

class SofiaRoot final : public runtime::TimerExecutor {
 public:
  /// Starts the thread. `clock` and `log` must outlive this object.
  SofiaRoot(const Clock& clock, const Log& log);
  /// Ends the loop after the tasks already queued, then joins.
  ~SofiaRoot() override;

  void post(runtime::Task task) override;
  [[nodiscard]] bool is_current() const override;
  runtime::TimerId after(Duration delay, runtime::Task task) override;
  bool cancel(runtime::TimerId id) override;
  [[nodiscard]] const Clock& clock() const override { return clock_; }

  /// SIP thread only; null when the root could not be made.
  [[nodiscard]] su_root_t* root() const { return root_; }
  /// Waits until the thread runs; false if it could not start.
  [[nodiscard]] bool wait_started();

 private:
  void run();
  void turn_over();
  void open_root();
  void drain();
  void arm();
  static int on_wake(su_root_magic_t*, su_wait_t*, su_wakeup_arg_t* arg) noexcept;
  static void on_timer(su_root_magic_t*, su_timer_t*, su_timer_arg_t* arg) noexcept;

  const Clock& clock_;
  const Log& log_;
  const std::shared_ptr<runtime::EventDoorbell> bell_;  // Shared: see Doorbell.
  su_root_t* root_ = nullptr;                           // SIP thread
  su_timer_t* timer_ = nullptr;                         // SIP thread
  runtime::TimerQueue timers_;                          // SIP thread
  std::optional<TimePoint> armed_for_;
  std::vector<runtime::Task> running_;  // SIP thread
  bool ending_ = false;                 // SIP thread: stopping_ was seen, with all tasks before it run.

  std::mutex mutex_;
  std::vector<runtime::Task> inbox_;  // under mutex_
  bool stopping_ = false;             // under mutex_
  std::atomic<int> started_{0};       // 0: not yet, 1: runs, -1: failed
  std::atomic<std::thread::id> thread_id_{};
  std::thread thread_;
};

}  // namespace tandem::sip
