// The life of a recording as a pure function: pending, then ready or failed, then purged.
#pragma once

#include <cstdint>
#include <optional>

#include "model/generated/protocol.h"

namespace tandem::artifact {

enum class RecordingEvent : std::uint8_t {
  settled,  ///< The file is whole and its hash known.
  broke,    ///< Writing failed; what was written is kept.
  purge
};

/// The next state; nothing when the event has no place in this one.
[[nodiscard]] std::optional<model::RecordingState> step(model::RecordingState state, RecordingEvent event);
/// There is a file that can be fetched.
[[nodiscard]] bool has_content(model::RecordingState state);

}  // namespace tandem::artifact
