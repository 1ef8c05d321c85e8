#include "app/event_stream.h"

#include <algorithm>

namespace tandem::app {

EventStream::EventStream(const Clock& clock, model::SessionId session, Limits limits)
    : clock_(clock), session_(std::move(session)), limits_(limits) {}

EventPtr EventStream::number(model::Event event) {
  event.seq = next_seq_++;
  event.session_id = session_;
  if (event.ts == WallTime{}) event.ts = clock_.wall();
  auto shared = std::make_shared<const model::KeptEvent>(std::move(event));
  buffer_.push_back(shared);
  if (buffer_.size() > limits_.replay) buffer_.pop_front();
  return shared;
}

EventPtr EventStream::push(model::Event event) {
  const bool progress = std::holds_alternative<model::OpProgressEvent>(event.data);
  if (progress && pace() != Pace::flowing) {
    event.ts = clock_.wall();
    merged_[event.op_id] = std::move(event);
    return nullptr;
  }
  // Progress that arrives after the end of its operation would break the order of events.
  if (!event.op_id.empty()) merged_.erase(event.op_id);
  return number(std::move(event));
}

std::vector<EventPtr> EventStream::acknowledge(std::uint64_t seq) {
  acknowledged_ = std::clamp(seq, acknowledged_, last_seq());
  std::vector<EventPtr> released;
  while (pace() == Pace::flowing && !merged_.empty()) {
    const auto first = merged_.begin();
    model::Event event = std::move(first->second);
    merged_.erase(first);
    released.push_back(number(std::move(event)));
  }
  return released;
}

void EventStream::amend(std::uint64_t seq, Function<void(model::Event&)> change) {
  if (buffer_.empty() || seq < buffer_.front()->seq || seq > last_seq()) return;
  EventPtr& kept = buffer_[static_cast<std::size_t>(seq - buffer_.front()->seq)];
  model::Event event = kept->whole();  // A copy: the net thread may be encoding the old one.
  change(event);
  kept = std::make_shared<const model::KeptEvent>(std::move(event));
}

std::optional<std::vector<EventPtr>> EventStream::after(std::uint64_t seq) const {
  if (seq > last_seq()) return std::nullopt;
  const std::size_t wanted = static_cast<std::size_t>(last_seq() - seq);
  if (wanted > buffer_.size()) return std::nullopt;
  return std::vector<EventPtr>(buffer_.end() - static_cast<std::ptrdiff_t>(wanted), buffer_.end());
}

EventStream::Pace EventStream::pace() const {
  const std::size_t behind = unacknowledged();
  if (behind >= 2 * limits_.window) return Pace::stuck;
  if (behind >= limits_.window + limits_.window / 4) return Pace::lagging;
  if (behind >= limits_.window) return Pace::merging;
  return Pace::flowing;
}

}  // namespace tandem::app
