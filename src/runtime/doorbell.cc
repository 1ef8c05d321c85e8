#include "runtime/doorbell.h"

#include <sys/eventfd.h>
#include <unistd.h>

#include <algorithm>
#include <cstdint>

namespace tandem::runtime {
namespace {

// The turn of this thread. A global of each thread, since who posts does not know whose turn it is.
thread_local Turn* current_turn = nullptr;

}  // namespace

Turn::Turn() {
  if (current_turn == nullptr) current_turn = this;
}

Turn::~Turn() {
  end();
  if (current_turn == this) current_turn = nullptr;
}

void Turn::end() {
  for (const auto& bell : owed_) bell->wake_sleeper();
  owed_.clear();
}

void Turn::wake_others() {
  if (current_turn != nullptr) current_turn->end();
}

void Doorbell::ring() {
  rung_.store(true);
  if (!asleep_.load()) return;
  if (current_turn == nullptr) return wake_sleeper();
  auto& owed = current_turn->owed_;
  const auto same = [this](const auto& bell) { return bell.get() == this; };
  if (std::none_of(owed.begin(), owed.end(), same)) owed.push_back(shared_from_this());
}

bool Doorbell::rest() {
  // Either we see `rung_` here or who rings sees `asleep_`: all of these are sequentially consistent.
  asleep_.store(true);
  return !rung_.load();
}

void Doorbell::ring_now() {
  rung_.store(true);
  wake_sleeper();
}

EventDoorbell::EventDoorbell() : fd_(::eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC)) {}

EventDoorbell::~EventDoorbell() {
  if (fd_ >= 0) ::close(fd_);
}

void EventDoorbell::wake() {
  const std::uint64_t one = 1;
  [[maybe_unused]] const auto n = ::write(fd_, &one, sizeof one);
}

void EventDoorbell::clear() {
  std::uint64_t count = 0;
  [[maybe_unused]] const auto n = ::read(fd_, &count, sizeof count);
}

}  // namespace tandem::runtime
