#include "artifact/recording/recording_machine.h"

namespace tandem::artifact {

using State = model::RecordingState;

std::optional<State> step(State state, RecordingEvent event) {
  switch (state) {
    case State::pending:
      switch (event) {
        case RecordingEvent::settled:
          return State::ready;
        case RecordingEvent::broke:
          return State::failed;
        case RecordingEvent::purge:
          return State::purged;
      }
      break;
    case State::ready:
    case State::shipped:
    case State::failed:
      if (event == RecordingEvent::purge) return State::purged;
      break;
    case State::purged:
      break;
  }
  return std::nullopt;
}

bool has_content(State state) {
  return state == State::ready || state == State::failed;
}

}  // namespace tandem::artifact
