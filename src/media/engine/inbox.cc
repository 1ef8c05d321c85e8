#include "media/engine/inbox.h"

#include <poll.h>

#include <ctime>

namespace tandem::media {

void Inbox::post(Command command) {
  const runtime::Turn turn;  // Wakes, outside of other turns, once the lock is free.
  const std::lock_guard lock(mutex_);
  if (closed_) return;
  commands_.push_back(std::move(command));
  bell_->ring();
}

void Inbox::close() {
  std::vector<Command> dropped;
  const std::lock_guard lock(mutex_);
  closed_ = true;
  dropped.swap(commands_);
}

void Inbox::take(std::vector<Command>& out) {
  if (!bell_->answer()) return;
  const std::lock_guard lock(mutex_);
  out.swap(commands_);
}

void Inbox::sleep(long long timeout_ns) {
  if (bell_->rest()) {
    pollfd p{bell_->fd(), POLLIN, 0};
    timespec t{timeout_ns / 1'000'000'000, timeout_ns % 1'000'000'000};
    if (::ppoll(&p, 1, timeout_ns < 0 ? nullptr : &t, nullptr) > 0) bell_->clear();
  }
  bell_->rise();
}

}  // namespace tandem::media
