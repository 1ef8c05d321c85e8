// The timers of one loop: a heap of due times with lazy removal. One thread.
#pragma once

#include <optional>
#include <queue>
#include <unordered_map>
#include <vector>

#include "runtime/executor.h"

namespace tandem::runtime {

class TimerQueue {
 public:
  TimerId add(TimePoint due, Task task);
  bool cancel(TimerId id);
  /// The earliest due time, if any timer is set.
  [[nodiscard]] std::optional<TimePoint> next_due();
  /// Takes the earliest task due at or before `now`; an empty task if there is none.
  Task take_due(TimePoint now);
  [[nodiscard]] std::size_t size() const { return tasks_.size(); }

 private:
  struct Entry {
    TimePoint due;
    TimerId id;
    // Equal times fire in the order of setting.
    bool operator>(const Entry& o) const { return due != o.due ? due > o.due : id > o.id; }
  };
  void drop_cancelled();
  std::priority_queue<Entry, std::vector<Entry>, std::greater<>> heap_;
  std::unordered_map<TimerId, Task> tasks_;
  TimerId next_ = 1;
};

}  // namespace tandem::runtime
