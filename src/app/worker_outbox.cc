#include "app/worker_outbox.h"

#include <algorithm>

namespace tandem::app {

WorkerOutbox::WorkerOutbox(net::WebSocket& socket, runtime::TimerExecutor& control, Limits limits,
                           Function<void()> on_stall)
    : socket_(socket), limits_(limits), on_stall_(std::move(on_stall)), stall_(control) {
  flow_->low = limits_.in_flight / 2;
  flow_->wake = [this, alive = alive_, &control] {
    control.post([this, alive] {
      if (*alive) pump();
    });
  };
}

WorkerOutbox::~WorkerOutbox() {
  *alive_ = false;
}

bool WorkerOutbox::has_room() const {
  return flow_->in_flight.load(std::memory_order_acquire) < limits_.in_flight;
}

/// Frames wait only after in_flight was seen at its limit, and only the net thread lowers it: it passes `low`
/// afterwards and wakes the pump.
void WorkerOutbox::hand_over(Make make) {
  flow_->in_flight.fetch_add(1, std::memory_order_acq_rel);
  socket_.send_made([flow = flow_, m = std::move(make)]() mutable {
    std::string text = m();
    if (flow->in_flight.fetch_sub(1, std::memory_order_acq_rel) == flow->low + 1) flow->wake();
    return text;
  });
}

bool WorkerOutbox::send(const model::SessionId& lane, Make make) {
  if (waiting_ == 0 && has_room()) {
    hand_over(std::move(make));
    return true;
  }
  std::deque<Make>& frames = lanes_[lane];
  if (frames.empty()) turns_.push_back(lane);
  frames.push_back(std::move(make));
  ++waiting_;
  if (!stall_.pending()) stall_.set(limits_.stall, [this] { on_stall_(); });
  return frames.size() <= limits_.lane;
}

void WorkerOutbox::clear(const model::SessionId& lane) {
  const auto found = lanes_.find(lane);
  if (found == lanes_.end()) return;
  waiting_ -= found->second.size();
  lanes_.erase(found);
  turns_.erase(std::find(turns_.begin(), turns_.end(), lane));
  if (waiting_ == 0) stall_.cancel();
}

void WorkerOutbox::pump() {
  const std::size_t before = waiting_;
  while (waiting_ > 0 && has_room()) {
    const model::SessionId lane = std::move(turns_.front());
    turns_.pop_front();
    const auto found = lanes_.find(lane);
    Make make = std::move(found->second.front());
    found->second.pop_front();
    --waiting_;
    if (found->second.empty()) {
      lanes_.erase(found);
    } else {
      turns_.push_back(lane);
    }
    hand_over(std::move(make));
  }
  if (waiting_ == 0) {
    stall_.cancel();
  } else if (waiting_ < before) {
    stall_.set(limits_.stall, [this] { on_stall_(); });
  }
}

}  // namespace tandem::app
