#include "runtime/timer_queue.h"

namespace tandem::runtime {

TimerId TimerQueue::add(TimePoint due, Task task) {
  const TimerId id = next_++;
  heap_.push({due, id});
  tasks_.emplace(id, std::move(task));
  return id;
}

bool TimerQueue::cancel(TimerId id) {
  const bool found = tasks_.erase(id) != 0;
  // Cancelled entries stay in the heap until they come up; rebuild when they are the greater part, so that
  // timers which are nearly always cancelled (per-call deadlines) do not grow it.
  if (found && heap_.size() > 64 && heap_.size() > 2 * tasks_.size()) {
    std::vector<Entry> live;
    live.reserve(tasks_.size());
    while (!heap_.empty()) {
      if (tasks_.contains(heap_.top().id)) live.push_back(heap_.top());
      heap_.pop();
    }
    heap_ = decltype(heap_)(std::greater<>{}, std::move(live));
  }
  return found;
}

void TimerQueue::drop_cancelled() {
  while (!heap_.empty() && !tasks_.contains(heap_.top().id)) heap_.pop();
}

std::optional<TimePoint> TimerQueue::next_due() {
  drop_cancelled();
  if (heap_.empty()) return std::nullopt;
  return heap_.top().due;
}

Task TimerQueue::take_due(TimePoint now) {
  drop_cancelled();
  if (heap_.empty() || heap_.top().due > now) return {};
  const auto found = tasks_.find(heap_.top().id);
  heap_.pop();
  Task task = std::move(found->second);
  tasks_.erase(found);
  return task;
}

}  // namespace tandem::runtime
