#include "call/machine/queue_rules.h"

#include <algorithm>

namespace tandem::call::machine {
namespace {

using queued::Leave;
using queued::Left;
using queued::Offered;
using queued::Waiting;

struct Stepper {
  const QueueEntryState& state;

  QueueEntryStep refused() const { return {state, QueueEntryEffect::none, false}; }
  static QueueEntryStep left(model::QueueLeftReason reason) {
    return {Left{reason}, QueueEntryEffect::leave};
  }

  QueueEntryStep operator()(const Waiting&, const queued::Offer& offer) const {
    return {Offered{offer.by}, QueueEntryEffect::tell_offered};
  }
  QueueEntryStep operator()(const Waiting&, const queued::TimeUp&) const {
    return left(model::QueueLeftReason::timeout);
  }
  QueueEntryStep operator()(const Offered& offered, const queued::Return&) const {
    if (offered.overdue) return left(model::QueueLeftReason::timeout);
    return {Waiting{}, QueueEntryEffect::tell_returned};
  }
  QueueEntryStep operator()(const Offered& offered, const queued::TimeUp&) const {
    // It is about to be served.
    return {Offered{offered.by, true}, QueueEntryEffect::none};
  }
  QueueEntryStep operator()(const Offered&, const queued::Join&) const {
    return left(model::QueueLeftReason::connected);
  }
  QueueEntryStep operator()(const Waiting&, const Leave& leave) const { return left(leave.reason); }
  QueueEntryStep operator()(const Offered&, const Leave& leave) const { return left(leave.reason); }
  template <class State, class Event>
  QueueEntryStep operator()(const State&, const Event&) const {
    return refused();
  }
};

void replace_all(std::string& text, std::string_view what, const std::string& with) {
  for (auto at = text.find(what); at != std::string::npos; at = text.find(what, at + with.size()))
    text.replace(at, what.size(), with);
}

}  // namespace

QueueEntryStep step(const QueueEntryState& state, const QueueEntryEvent& event) {
  return std::visit(Stepper{state}, state, event);
}

model::QueueEntryState shown(const QueueEntryState& state) {
  if (std::holds_alternative<Waiting>(state)) return model::QueueEntryState::waiting;
  return std::holds_alternative<Offered>(state) ? model::QueueEntryState::offered
                                                : model::QueueEntryState::left;
}

void WaitEstimate::arrived(TimePoint now, std::size_t waiting_before) {
  if (waiting_before == 0) since_ = now;
}

void WaitEstimate::served(TimePoint now) {
  constexpr double kWeight = 0.2;  // Of the newest interval.
  const double ms = std::chrono::duration<double, std::milli>(now - since_).count();
  interval_ms_ = interval_ms_ ? *interval_ms_ + kWeight * (ms - *interval_ms_) : ms;
  since_ = now;
}

std::optional<std::int64_t> WaitEstimate::wait_ms(std::size_t position) const {
  if (!interval_ms_) return std::nullopt;
  return static_cast<std::int64_t>(*interval_ms_ * static_cast<double>(position));
}

std::optional<std::string> announcement(const std::string& text, const QueueFacts& facts) {
  constexpr std::string_view kMinutes = "{wait_minutes}";
  constexpr std::int64_t kMinuteMs = 60'000;
  std::string out = text;
  if (out.find(kMinutes) != std::string::npos) {
    if (!facts.wait_ms) return std::nullopt;
    const std::int64_t minutes = std::max<std::int64_t>(1, (*facts.wait_ms + kMinuteMs - 1) / kMinuteMs);
    replace_all(out, kMinutes, std::to_string(minutes));
  }
  replace_all(out, "{position}", std::to_string(facts.position));
  replace_all(out, "{waiting}", std::to_string(facts.waiting));
  return out;
}

}  // namespace tandem::call::machine
