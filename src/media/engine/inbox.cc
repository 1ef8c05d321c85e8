#include "media/engine/inbox.h"

#include <poll.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include <cstdint>
#include <ctime>

namespace tandem::media {

Inbox::Inbox() : event_fd_(::eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC)) {}

Inbox::~Inbox() {
  if (event_fd_ >= 0) ::close(event_fd_);
}

void Inbox::post(Command command) {
  {
    const std::lock_guard lock(mutex_);
    if (closed_) return;
    commands_.push_back(std::move(command));
  }
  waiting_.store(true);
  // Either the worker sees `waiting_` before it sleeps or we see `asleep_`: both are sequentially consistent.
  if (asleep_.exchange(false)) wake();
}

void Inbox::close() {
  std::vector<Command> dropped;
  const std::lock_guard lock(mutex_);
  closed_ = true;
  dropped.swap(commands_);
}

void Inbox::take(std::vector<Command>& out) {
  if (!waiting_.exchange(false)) return;
  const std::lock_guard lock(mutex_);
  out.swap(commands_);
}

void Inbox::wake() const {
  const std::uint64_t one = 1;
  [[maybe_unused]] const auto n = ::write(event_fd_, &one, sizeof one);
}

void Inbox::sleep(long long timeout_ns) {
  asleep_.store(true);
  if (!waiting_.load()) {
    pollfd p{event_fd_, POLLIN, 0};
    timespec t{timeout_ns / 1'000'000'000, timeout_ns % 1'000'000'000};
    if (::ppoll(&p, 1, timeout_ns < 0 ? nullptr : &t, nullptr) > 0) {
      std::uint64_t count = 0;
      [[maybe_unused]] const auto n = ::read(event_fd_, &count, sizeof count);
    }
  }
  asleep_.store(false);
}

}  // namespace tandem::media
