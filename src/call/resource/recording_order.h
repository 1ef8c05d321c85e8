// What the artifact side is told about a recording of a call.
#pragma once

#include "artifact/api/recordings.h"
#include "model/generated/protocol.h"

namespace tandem::call {

class Call;

/// `call` has media. The operation's id is the caller's to fill in.
[[nodiscard]] artifact::RecordingOrder recording_order(const Call& call, const model::CallRecord& params);

}  // namespace tandem::call
