#include "net/context.h"

#include <pthread.h>

#include <boost/asio/post.hpp>
#include <exception>
#include <utility>

namespace tandem::net {
namespace {

// Tasks between two looks at whom to wake, and between two looks at the sockets.
constexpr std::size_t kTasksOfTurn = 16;
constexpr std::size_t kTasksBetweenIo = 256;

}  // namespace

Context::Context(std::size_t index, Log log)
    : index_(index), log_(std::move(log)), work_(io_.get_executor()), alarm_(io_.get_executor()) {}

Context::~Context() = default;

void Context::run_thread() {
  thread_ = std::thread([this] {
    thread_id_ = std::this_thread::get_id();
    pthread_setname_np(pthread_self(), ("net-" + std::to_string(index_)).c_str());
    run();
  });
}

void Context::run() {
  runtime::Turn turn;
  while (!io_.stopped()) {
    drain();
    turn.end();
    try {
      if (rest()) {
        io_.run_one();
      } else {
        io_.poll_one();
      }
    } catch (const std::exception& e) {
      log_.error("a net callback threw: {}", e.what());  // A fault of ours; the other connections go on.
    }
    rise();
  }
}

void Context::stop() {
  {
    const runtime::Turn turn;
    const std::lock_guard lock(inbox_mutex_);
    if (stopped_) return;
    stopped_ = true;
    inbox_.emplace_back([this] {
      shut_all();
      work_.reset();
    });
    ring();
  }
  runtime::Turn::wake_others();
  if (thread_.joinable()) thread_.join();
}

void Context::post(Function<void()> task) {
  const runtime::Turn turn;  // Wakes, outside of other turns, once the lock is free.
  const std::lock_guard lock(inbox_mutex_);
  if (stopped_) return;
  inbox_.push_back(std::move(task));
  ring();
}

void Context::wake() {
  asio::post(io_, [] {});
}

/// What waits, and what that posts to its own thread: a look at the sockets in between is a system call.
void Context::drain() {
  std::size_t ran = 0;
  while (ran < kTasksBetweenIo && answer()) {
    {
      const std::lock_guard lock(inbox_mutex_);
      running_.swap(inbox_);
    }
    for (auto& task : running_) {
      Function<void()> once = std::move(task);
      guard(once);
      if (++ran % kTasksOfTurn == 0) runtime::Turn::wake_others();
    }
    running_.clear();
  }
}

void Context::guard(Function<void()>& task) const {
  try {
    task();
  } catch (const std::exception& e) {
    log_.error("a task on a net thread threw: {}", e.what());
  }
}

runtime::TimerId Context::after(Duration delay, Function<void()> task) {
  const runtime::TimerId id = timers_.add(clock_.now() + delay, std::move(task));
  arm();
  return id;
}

bool Context::cancel(runtime::TimerId id) {
  const bool found = timers_.cancel(id);
  // Else it stays: most timers are cancelled, and the alarm finds out.
  if (shutting_ && timers_.size() == 0) alarm_.cancel();
  return found;
}

void Context::arm() {
  const auto due = timers_.next_due();
  if (!due || (armed_for_ && *armed_for_ <= *due)) return;
  armed_for_ = due;
  alarm_.expires_at(std::chrono::time_point_cast<std::chrono::steady_clock::duration>(*due));
  alarm_.async_wait([this](const error_code& error) {
    if (error) return;  // It was set again, or the end has come.
    rise();
    armed_for_.reset();
    const TimePoint now = clock_.now();
    while (Function<void()> task = timers_.take_due(now)) guard(task);
    arm();
  });
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
  alarm_.cancel();
}

}  // namespace tandem::net
