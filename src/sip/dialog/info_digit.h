// Digits in INFO bodies (application/dtmf-relay and application/dtmf). Input from the network.
#pragma once

#include <optional>
#include <string_view>

#include "sip/api/agent.h"

namespace tandem::sip::dialog {

/// The digit in `body`; nothing when the type is another one or the body holds no digit. `content_type` may
/// have parameters; durations outside 1 to 10000 ms are read as 0 (unknown).
[[nodiscard]] std::optional<InfoDigit> parse_info_digit(std::string_view content_type, std::string_view body);

}  // namespace tandem::sip::dialog
