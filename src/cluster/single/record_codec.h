// CallRecord as bytes for the journal: a list of tagged fields, so that later versions add some and drop
// some.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "cluster/api/call_directory.h"

namespace tandem::cluster {

/// Fields as (tag, length, bytes), numbers as eight bytes, all little-endian; empty and zero fields are left
/// out.
[[nodiscard]] std::string encode(const CallRecord& record);
/// Unknown tags are skipped. Nothing when the bytes do not add up or there is no call id.
[[nodiscard]] std::optional<CallRecord> decode(std::string_view bytes);

}  // namespace tandem::cluster
