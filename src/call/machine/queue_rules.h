// A call in a queue, as pure values: its states, the estimate of its wait, what announcements say.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <variant>

#include "base/clock.h"
#include "model/generated/protocol.h"
#include "model/ids.h"

namespace tandem::call::machine {

namespace queued {
struct Waiting {};
struct Offered {
  model::CallId by;      ///< The agent's call.
  bool overdue = false;  ///< Its time was up meanwhile.
};
struct Left {
  model::QueueLeftReason reason = model::QueueLeftReason::connected;
};
}  // namespace queued
using QueueEntryState = std::variant<queued::Waiting, queued::Offered, queued::Left>;

namespace queued {
struct Offer {
  model::CallId by;
};
struct Return {};  ///< The join failed, or the agent has gone.
struct TimeUp {};  ///< It has waited for as long as it may.
struct Join {};    ///< Both are connected.
struct Leave {     ///< For any other reason.
  model::QueueLeftReason reason = model::QueueLeftReason::removed;
};
}  // namespace queued
using QueueEntryEvent =
    std::variant<queued::Offer, queued::Return, queued::TimeUp, queued::Join, queued::Leave>;

enum class QueueEntryEffect : std::uint8_t { none, tell_offered, tell_returned, leave };

struct QueueEntryStep {
  QueueEntryState next;
  QueueEntryEffect effect = QueueEntryEffect::none;
  bool allowed = true;  ///< False: cannot be in this state; nothing changes.
};

[[nodiscard]] QueueEntryStep step(const QueueEntryState& state, const QueueEntryEvent& event);
[[nodiscard]] model::QueueEntryState shown(const QueueEntryState& state);

/// How long those who wait are likely to wait yet, from how often somebody is served while others wait.
class WaitEstimate {
 public:
  /// Somebody came.
  void arrived(TimePoint now, std::size_t waiting_before);
  /// Somebody was served.
  void served(TimePoint now);
  /// Nothing before anybody was served. `position` from 1.
  [[nodiscard]] std::optional<std::int64_t> wait_ms(std::size_t position) const;

 private:
  TimePoint since_{};  ///< The last service, or the first arrival after the queue was empty.
  std::optional<double> interval_ms_;
};

/// What an announcement tells.
struct QueueFacts {
  std::size_t position = 1;
  std::size_t waiting = 1;
  std::optional<std::int64_t> wait_ms;
};
/// `{position}`, `{waiting}` and `{wait_minutes}` (rounded up, at least 1) filled in. Nothing when the text
/// wants an estimate and there is none.
[[nodiscard]] std::optional<std::string> announcement(const std::string& text, const QueueFacts& facts);

}  // namespace tandem::call::machine
