// Circuit breaker of one gateway: a machine as a pure function.
#pragma once

#include <cstdint>
#include <string_view>
#include <variant>

#include "base/clock.h"

namespace tandem::trunk {

struct BreakerOptions {
  int failures = 3;  ///< In a row, until the gateway counts as down.
  Duration pause = std::chrono::seconds{15};
  Duration longest_pause = std::chrono::minutes{5};  ///< The pause doubles up to this.
};

namespace breaker {

struct Up {
  int failures = 0;
};
struct Down {
  TimePoint until;  ///< Then one trial.
  Duration pause;
};
struct HalfOpen {  ///< Waits for somebody to try.
  Duration pause;
};
struct Trying {  ///< One call or probe is on its way.
  Duration pause;
};
using State = std::variant<Up, Down, HalfOpen, Trying>;

enum class Event : std::uint8_t {
  success,
  failure,
  avoid,      ///< A failure that names the time to stay away: `Input::avoid_for`.
  due,        ///< Time has passed; see whether the pause is over.
  begin,      ///< A call or probe starts.
  abandoned,  ///< It ended without telling anything of the gateway.
};
struct Input {
  Event event = Event::success;
  TimePoint now;
  Duration avoid_for{0};
};

enum class Change : std::uint8_t { none, went_down, came_up };
struct Step {
  State state;
  Change change = Change::none;
};

[[nodiscard]] Step step(const State& state, const Input& input, const BreakerOptions& options);
/// True when a call may be sent there: up, or half open.
[[nodiscard]] bool lets_through(const State& state, TimePoint now);
[[nodiscard]] std::string_view name(const State& state);

}  // namespace breaker
}  // namespace tandem::trunk
