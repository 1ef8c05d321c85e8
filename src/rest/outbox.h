// Outbox: the way back to the door's loop for callbacks that may outlive the door. After close() what is
// posted dies quietly.
#pragma once

#include <mutex>

#include "runtime/executor.h"

namespace tandem::rest {

class Outbox {
 public:
  explicit Outbox(runtime::Executor& loop) : loop_(&loop) {}
  Outbox(const Outbox&) = delete;
  Outbox& operator=(const Outbox&) = delete;

  /// Any thread.
  void post(runtime::Task task) {
    const std::lock_guard lock(mutex_);
    if (loop_ != nullptr) loop_->post(std::move(task));
  }
  /// Any thread. When it has returned, the loop is not touched any more.
  void close() {
    const std::lock_guard lock(mutex_);
    loop_ = nullptr;
  }

 private:
  std::mutex mutex_;
  runtime::Executor* loop_;  // under mutex_
};

}  // namespace tandem::rest
