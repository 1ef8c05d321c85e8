#include "runtime/blocking_pool.h"

#include <pthread.h>

#include "runtime/doorbell.h"

namespace tandem::runtime {

BlockingPool::BlockingPool(const std::string& name, std::size_t threads, std::size_t queue_limit)
    : queue_limit_(queue_limit) {
  for (std::size_t i = 0; i < threads; ++i) {
    threads_.emplace_back([this, n = name.substr(0, 15)] {
      pthread_setname_np(pthread_self(), n.c_str());
      run();
    });
  }
}

BlockingPool::~BlockingPool() {
  {
    const std::lock_guard lock(mutex_);
    stopping_ = true;
    wake_.notify_all();
  }
  Turn::wake_others();
  for (std::thread& t : threads_) t.join();
}

bool BlockingPool::try_post(Task task) {
  const std::lock_guard lock(mutex_);
  if (stopping_ || queue_.size() >= queue_limit_) return false;
  queue_.push_back(std::move(task));
  wake_.notify_one();
  return true;
}

std::size_t BlockingPool::backlog() const {
  const std::lock_guard lock(mutex_);
  return queue_.size();
}

void BlockingPool::run() {
  for (;;) {
    Task task;
    {
      std::unique_lock lock(mutex_);
      wake_.wait(lock, [this] { return stopping_ || !queue_.empty(); });
      if (queue_.empty()) return;
      task = std::move(queue_.front());
      queue_.pop_front();
    }
    task();
  }
}

}  // namespace tandem::runtime
