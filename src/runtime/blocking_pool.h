// BlockingPool: threads for work that blocks or takes long (SQL, files, synthesis). Its queue is bounded:
// overload fails the operation that asked, never the call or the thread that asked.
#pragma once

#include <condition_variable>
#include <deque>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include "runtime/executor.h"

namespace tandem::runtime {

class BlockingPool {
 public:
  /// `threads` and `queue_limit` at least 1; `name` at most 15 characters.
  BlockingPool(const std::string& name, std::size_t threads, std::size_t queue_limit);
  BlockingPool(const BlockingPool&) = delete;
  BlockingPool& operator=(const BlockingPool&) = delete;
  /// Runs what is queued to its end, then joins.
  ~BlockingPool();

  /// False if the queue is full; the task is then destroyed unrun. Any thread. Tasks of a pool with one
  /// thread run in the order of posting.
  [[nodiscard]] bool try_post(Task task);
  [[nodiscard]] std::size_t backlog() const;

 private:
  void run();
  const std::size_t queue_limit_;
  mutable std::mutex mutex_;
  std::condition_variable wake_;
  std::deque<Task> queue_;  // under mutex_
  bool stopping_ = false;   // under mutex_
  std::vector<std::thread> threads_;
};

}  // namespace tandem::runtime
