// A worker's mailbox: commands from other threads, run in order on the worker.
#pragma once

#include <memory>
#include <mutex>
#include <vector>

#include "base/function.h"
#include "runtime/doorbell.h"

namespace tandem::media {

class Worker;
using Command = Function<void(Worker&)>;

class Inbox {
 public:
  Inbox() = default;
  Inbox(const Inbox&) = delete;
  Inbox& operator=(const Inbox&) = delete;
  ~Inbox() = default;

  /// Any thread. After close() the command is destroyed unrun.
  void post(Command command);
  /// Destroys what waits and refuses the rest.
  void close();
  /// Worker: moves what waits into `out` (which must be empty); cheap when there is nothing.
  void take(std::vector<Command>& out);
  /// Worker: sleeps until `timeout_ns` has passed (negative: for ever), a command comes or wake() is called.
  void sleep(long long timeout_ns);
  void wake() const { bell_->wake(); }

 private:
  const std::shared_ptr<runtime::EventDoorbell> bell_ =  // Shared: see Doorbell.
      std::make_shared<runtime::EventDoorbell>();
  std::mutex mutex_;
  std::vector<Command> commands_;  // under mutex_
  bool closed_ = false;            // under mutex_
};

}  // namespace tandem::media
