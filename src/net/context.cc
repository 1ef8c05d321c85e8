#include "net/context.h"

#include <pthread.h>

#include <boost/asio/post.hpp>
#include <exception>
#include <utility>

namespace tandem::net {

Context::Context(std::size_t index, Log log)
    : index_(index), log_(std::move(log)), work_(io_.get_executor()) {}

Context::~Context() = default;

void Context::run_thread() {
  thread_ = std::thread([this] {
    thread_id_ = std::this_thread::get_id();
    pthread_setname_np(pthread_self(), ("net-" + std::to_string(index_)).c_str());
    while (true) {
      try {
        io_.run();
        return;
      } catch (const std::exception& e) {
        log_.error("a net callback threw: {}", e.what());  // A fault of ours; the other connections go on.
      }
    }
  });
}

void Context::stop() {
  {
    const std::lock_guard lock(inbox_mutex_);
    if (stopped_) return;
    stopped_ = true;
    inbox_.emplace_back([this] { shut_all(); });
  }
  asio::post(io_, [this] { drain(); });
  work_.reset();
  if (thread_.joinable()) thread_.join();
}

void Context::post(Function<void()> task) {
  {
    const std::lock_guard lock(inbox_mutex_);
    if (stopped_) return;
    inbox_.push_back(std::move(task));
    if (inbox_.size() > 1) return;
  }
  asio::post(io_, [this] { drain(); });
}

void Context::drain() {
  running_.clear();
  {
    const std::lock_guard lock(inbox_mutex_);
    running_.swap(inbox_);
  }
  for (auto& task : running_) {
    Function<void()> once = std::move(task);
    try {
      once();
    } catch (const std::exception& e) {
      log_.error("a task on a net thread threw: {}", e.what());
    }
  }
}

void Context::join(const std::shared_ptr<Member>& member) {
  members_.emplace(member.get(), member);
  // What begins after shut_all() must end too, or the thread would wait for it.
  if (shutting_) asio::post(io_, [member] { member->shut(); });
}

void Context::shut_owned_by(const void* owner) {
  std::vector<std::shared_ptr<Member>> theirs;
  for (const auto& [raw, member] : members_) {
    if (raw->owner() == owner) theirs.push_back(member);
  }
  for (const auto& member : theirs) member->shut();
}

void Context::shut_all() {
  shutting_ = true;
  std::vector<std::shared_ptr<Member>> all;
  for (const auto& [raw, member] : members_) all.push_back(member);
  for (const auto& member : all) member->shut();
}

}  // namespace tandem::net
