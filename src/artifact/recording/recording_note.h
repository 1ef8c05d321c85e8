// What is known of a recording, as the text of the file that lies beside it and survives the process.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "model/generated/protocol.h"

namespace tandem::artifact {

struct RecordingNote {
  model::Recording recording;  ///< Without `content_path`, which is made when asked for.
  model::AccountId account;
  bool outlives_session = false;
  std::optional<WallTime> purged_at;
};

/// One `name value` a line.
[[nodiscard]] std::string to_text(const RecordingNote& note);
/// Nothing if it is not whole.
[[nodiscard]] std::optional<RecordingNote> note_from(std::string_view text);

}  // namespace tandem::artifact
