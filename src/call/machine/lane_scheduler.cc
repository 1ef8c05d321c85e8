#include "call/machine/lane_scheduler.h"

#include <algorithm>

namespace tandem::call::machine {

LaneMask LaneScheduler::busy() const {
  LaneMask mask = kNoLane;
  for (const Entry& e : running_) mask |= e.lanes;
  return mask;
}

LaneScheduler::Admission LaneScheduler::admit(Key key, LaneMask lanes, BusyRule rule) {
  if (lanes == kNoLane) return {};
  LaneMask taken = busy();
  for (const Entry& e : waiting_) taken |= e.lanes;
  const bool in_use = (taken & lanes) != 0;
  const bool is_open = (open_ & lanes) == lanes;
  if (!in_use && is_open) {
    running_.push_back({key, lanes});
    return {};
  }
  if (in_use && rule == BusyRule::reject) return {Verdict::busy, {}, {}};
  const auto overlaps = [lanes](const Entry& e) { return (e.lanes & lanes) != 0; };
  const bool interrupts = in_use && rule == BusyRule::interrupt;
  const auto dropped = interrupts ? std::count_if(waiting_.begin(), waiting_.end(), overlaps) : 0;
  if (waiting_.size() - static_cast<std::size_t>(dropped) >= max_waiting_) return {Verdict::full, {}, {}};
  Admission admission{Verdict::wait, {}, {}};
  if (interrupts) {
    for (const Entry& e : running_) {
      if (overlaps(e)) admission.interrupt.push_back(e.key);
    }
    for (const Entry& e : waiting_) {
      if (overlaps(e)) admission.flush.push_back(e.key);
    }
    std::erase_if(waiting_, overlaps);
  }
  waiting_.push_back({key, lanes});
  return admission;
}

void LaneScheduler::release(Key key) {
  const auto same = [key](const Entry& e) { return e.key == key; };
  if (std::erase_if(running_, same) == 0) std::erase_if(waiting_, same);
}

LaneScheduler::Key LaneScheduler::take_ready() {
  LaneMask claimed = busy();
  for (auto it = waiting_.begin(); it != waiting_.end() && claimed != kAllLanes; ++it) {
    if ((claimed & it->lanes) == 0 && (open_ & it->lanes) == it->lanes) {
      const Entry entry = *it;
      waiting_.erase(it);
      running_.push_back(entry);
      return entry.key;
    }
    claimed |= it->lanes;
  }
  return 0;
}

std::vector<LaneScheduler::Key> LaneScheduler::holders(LaneMask lanes) const {
  std::vector<Key> keys;
  for (const auto* list : {&running_, &waiting_}) {
    for (const Entry& e : *list) {
      if ((e.lanes & lanes) != 0) keys.push_back(e.key);
    }
  }
  return keys;
}

}  // namespace tandem::call::machine
