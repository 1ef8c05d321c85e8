// The numbered stream of one session's events: one total order, contiguous; what the application has not
// acknowledged is kept for replay, and a slow application is slowed, told, and at last cut off with its state
// kept (docs: protocol, section 5). Control thread; never blocks, bounded memory.
#pragma once

#include <cstdint>
#include <deque>
#include <memory>
#include <optional>
#include <unordered_map>
#include <vector>

#include "base/clock.h"
#include "base/function.h"
#include "model/event.h"

namespace tandem::app {

/// Shared: the replay buffer and the net thread that encodes it hold the same event.
using EventPtr = std::shared_ptr<const model::KeptEvent>;

class EventStream {
 public:
  struct Limits {
    std::size_t window = 1000;  ///< Unacknowledged events before progress is merged.
    std::size_t replay = 4000;  ///< Events kept at all; at least twice the window.
  };
  /// How far the application is behind.
  enum class Pace : std::uint8_t {
    flowing,  ///< Within the window.
    merging,  ///< Beyond it: only the latest progress of each operation is kept, unnumbered.
    lagging,  ///< A quarter beyond it: the session says so, once until it has caught up.
    stuck     ///< Twice the window: the socket is to be closed, the state kept.
  };

  EventStream(const Clock& clock, model::SessionId session, Limits limits);

  /// Numbers and stamps the event. Null when it was merged into a later one instead.
  EventPtr push(model::Event event);
  /// Cumulative. Events that may go out now because the application caught up (merged progress), numbered.
  std::vector<EventPtr> acknowledge(std::uint64_t seq);
  /// Changes an event that was not acknowledged, if it is still kept: what is replayed from now on.
  void amend(std::uint64_t seq, Function<void(model::Event&)> change);
  /// All events after `seq`; nullopt if the buffer no longer reaches back that far or `seq` was never sent.
  [[nodiscard]] std::optional<std::vector<EventPtr>> after(std::uint64_t seq) const;

  [[nodiscard]] Pace pace() const;
  [[nodiscard]] std::uint64_t last_seq() const { return next_seq_ - 1; }
  [[nodiscard]] std::uint64_t acknowledged() const { return acknowledged_; }
  [[nodiscard]] std::size_t unacknowledged() const {
    return static_cast<std::size_t>(last_seq() - acknowledged_);
  }

 private:
  EventPtr number(model::Event event);

  const Clock& clock_;
  const model::SessionId session_;
  const Limits limits_;
  std::uint64_t next_seq_ = 1;
  std::uint64_t acknowledged_ = 0;
  std::deque<EventPtr> buffer_;  ///< Ascending and contiguous; the last is last_seq().
  std::unordered_map<model::OpId, model::Event> merged_;
};

}  // namespace tandem::app
