// conference.record: what is said in a conference into files that stay in step, beside everything else.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>

#include "call/operation/operation.h"
#include "model/generated/protocol.h"

namespace tandem::call {

class Conference;

[[nodiscard]] std::unique_ptr<Operation> make_room_record(
    Conference& conference, const model::ConferenceRecordOptions& how,
    std::optional<std::int64_t> deadline_ms = std::nullopt);

}  // namespace tandem::call
