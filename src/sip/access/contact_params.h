// The parameters of a Contact in REGISTER (RFC 3261 10.2.1, RFC 5626). Any thread.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "sip/api/registrar.h"

namespace tandem::sip {

/// `params` as on the wire, "q=0.7", "+sip.instance=\"<urn:uuid:...>\"", in order; the first of a name
/// counts. The error names the parameter at fault. A malformed `expires` counts as not given (20.10).
[[nodiscard]] Result<RegisterContact, std::string> read_contact(std::string uri,
                                                                const std::vector<std::string_view>& params);
/// One Contact value of a 200.
[[nodiscard]] std::string contact_text(const RegisterContact& contact);
/// Delta-seconds; more than 2^32-1 is 2^32-1.
[[nodiscard]] std::optional<std::uint32_t> delta_seconds(std::string_view text);

}  // namespace tandem::sip
