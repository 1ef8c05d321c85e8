// How a thread is told that something waits for it, with as few system calls as can be: none while it is
// awake anyway, otherwise one for all that another thread's turn has put there.
#pragma once

#include <atomic>
#include <memory>
#include <vector>

namespace tandem::runtime {

/// Belongs to one thread, which sleeps only between rest() and rise(). Shared (make_shared): a wake-up may be
/// owed to it when its owner has gone; it then wakes nobody.
class Doorbell : public std::enable_shared_from_this<Doorbell> {
 public:
  Doorbell() = default;
  Doorbell(const Doorbell&) = delete;
  Doorbell& operator=(const Doorbell&) = delete;
  virtual ~Doorbell() = default;

  /// Call it after the thing lies where the owner will look. The owner wakes at the end of the calling
  /// thread's turn, at once if that has none. Any thread, the owner's too, which is never woken by itself.
  void ring();
  /// The same without waiting for the end of the turn.
  void ring_now();

  // The owner's thread.
  /// True if it rang since the last answer().
  [[nodiscard]] bool answer() { return rung_.exchange(false); }
  /// Before sleeping. False: it has rung already, do not sleep.
  [[nodiscard]] bool rest();
  void rise() { asleep_.store(false); }

 protected:
  /// Ends the owner's sleep, or the next one if it is not asleep yet. Any thread.
  virtual void wake() = 0;

 private:
  friend class Turn;
  void wake_sleeper() {
    if (asleep_.load() && asleep_.exchange(false)) wake();
  }
  std::atomic<bool> rung_{false};
  std::atomic<bool> asleep_{false};
};

/// A thread's turn: while it lives, wake-ups of other threads wait for end(), so that a target that gets ten
/// things in a turn wakes once and finds all of them. The things themselves lie in the targets' queues at
/// once and in order; only sleepers wake later. A loop has one for all its life; a turn within another is
/// part of that.
class Turn {
 public:
  Turn();
  Turn(const Turn&) = delete;
  Turn& operator=(const Turn&) = delete;
  ~Turn();
  void end();
  /// Ends this thread's turn early, if it is in one: before anything that waits for another thread.
  static void wake_others();

 private:
  friend class Doorbell;
  std::vector<std::shared_ptr<Doorbell>> owed_;
};

/// A doorbell with a file descriptor, for threads that sleep in poll or epoll.
class EventDoorbell final : public Doorbell {
 public:
  EventDoorbell();
  ~EventDoorbell() override;
  /// Readable once woken, until cleared.
  [[nodiscard]] int fd() const { return fd_; }
  void clear();
  void wake() override;

 private:
  const int fd_;
};

}  // namespace tandem::runtime
