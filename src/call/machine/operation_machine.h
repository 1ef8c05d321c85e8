// The life of an operation as a pure function: (state, event) -> (state, effect). Queued, running, paused,
// completed are what the protocol shows; `Ending` is the time between the wish to end and the media side's
// word that nothing more is heard (it is shown as running).
#pragma once

#include <cstdint>
#include <variant>

namespace tandem::call::machine {

/// Why an operation is made to end from outside; decides outcome and reason.
enum class EndWish : std::uint8_t { stop, cancel, interrupt, flush, deadline };

namespace op {
struct Queued {};
struct Starting {};  ///< Its lane is free; its effects begin in a later turn. Shown as running.
struct Running {};
struct Paused {};
struct Ending {
  EndWish wish = EndWish::stop;
};
struct Completed {};
}  // namespace op
using OpState = std::variant<op::Queued, op::Starting, op::Running, op::Paused, op::Ending, op::Completed>;

namespace op {
struct Admit {};  ///< The lane is free.
struct Begin {};  ///< The later turn came.
struct Pause {};
struct Resume {};
struct End {
  EndWish wish = EndWish::stop;
};
struct Finish {};    ///< It came to its own end, well or not.
struct CallOver {};  ///< The call's media is closed: nothing more will be reported.
}  // namespace op
using OpEvent = std::variant<op::Admit, op::Begin, op::Pause, op::Resume, op::End, op::Finish, op::CallOver>;

enum class OpEffect : std::uint8_t {
  none,   ///< Nothing to do (a repeated wish, something late).
  begin,  ///< Carry out.
  pause,
  resume,
  halt,                   ///< Make it stop; Finish follows when it has.
  complete_own,           ///< Report the operation's own outcome.
  complete_wish,          ///< Report the outcome of the wish in `wish`.
  complete_call_ended,    ///< failed/call_ended.
  complete_never_started  ///< cancelled/call_ended.
};

struct OpStep {
  OpState next;
  OpEffect effect = OpEffect::none;
  bool allowed = true;  ///< False: wrong state for this wish.
  EndWish wish = EndWish::stop;
};

[[nodiscard]] OpStep step(const OpState& state, const OpEvent& event);

[[nodiscard]] bool completed(const OpState& state);
/// It has begun and not completed: lanes, timers and callbacks are its own.
[[nodiscard]] bool under_way(const OpState& state);

}  // namespace tandem::call::machine
