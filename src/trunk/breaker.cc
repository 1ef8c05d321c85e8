#include "trunk/breaker.h"

#include <algorithm>

namespace tandem::trunk::breaker {
namespace {

Down down_for(TimePoint now, Duration rest, Duration pause) {
  return {now + std::max(rest, pause), pause};
}

Duration longer(Duration pause, const BreakerOptions& o) {
  return std::min(pause * 2, o.longest_pause);
}

struct Stepper {
  const Input& in;
  const BreakerOptions& o;

  Step operator()(const Up& s) const {
    switch (in.event) {
      case Event::success:
        return {Up{}};
      case Event::failure:
        if (s.failures + 1 < o.failures) return {Up{s.failures + 1}};
        return {down_for(in.now, Duration{0}, o.pause), Change::went_down};
      case Event::avoid:
        return {Down{in.now + in.avoid_for, o.pause}, Change::went_down};
      default:
        return {s};
    }
  }
  Step operator()(const Down& s) const {
    switch (in.event) {
      case Event::due:
        if (in.now < s.until) return {s};
        return {HalfOpen{s.pause}};
      case Event::avoid:
        return {Down{std::max(s.until, in.now + in.avoid_for), s.pause}};
      default:  // Late news of what began before it went down.
        return {s};
    }
  }
  Step operator()(const HalfOpen& s) const {
    if (in.event == Event::begin) return {Trying{s.pause}};
    return trial(s.pause, s);
  }
  Step operator()(const Trying& s) const {
    if (in.event == Event::abandoned) return {HalfOpen{s.pause}};
    return trial(s.pause, s);
  }

 private:
  [[nodiscard]] Step trial(Duration pause, const State& same) const {
    switch (in.event) {
      case Event::success:
        return {Up{}, Change::came_up};
      case Event::failure:
        return {down_for(in.now, Duration{0}, longer(pause, o))};
      case Event::avoid:
        return {down_for(in.now, in.avoid_for, longer(pause, o))};
      default:
        return {same};
    }
  }
};

}  // namespace

Step step(const State& state, const Input& input, const BreakerOptions& options) {
  return std::visit(Stepper{input, options}, state);
}

bool lets_through(const State& state, TimePoint now) {
  if (const auto* down = std::get_if<Down>(&state)) return now >= down->until;
  return !std::holds_alternative<Trying>(state);
}

std::string_view name(const State& state) {
  constexpr std::string_view kNames[] = {"up", "down", "half_open", "trying"};
  return kNames[state.index()];
}

}  // namespace tandem::trunk::breaker
