// Which SIP headers an application may set. The core asks before it accepts an operation, so that a refused
// header is an error to the application and never something that silently vanishes. Pure; any thread.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include "sip/api/agent.h"

namespace tandem::sip {

inline constexpr std::size_t kMaxCustomHeaders = 32;
inline constexpr std::size_t kMaxHeaderValueBytes = 1024;

/// False for a name that is not a token (RFC 3261 25.1) or that routes, frames, authenticates or times the
/// message: Via, Route, Record-Route, Contact, Content-*, CSeq, Call-ID, From, To, Max-Forwards, Require,
/// RSeq, RAck, Session-Expires, Min-SE, Authorization, Proxy-*, Identity and the like, compact forms
/// included.
[[nodiscard]] bool settable_header(std::string_view name);
/// No CR, LF or NUL, and at most 1024 bytes.
[[nodiscard]] bool valid_header_value(std::string_view value);
/// Why `headers` cannot be sent: the name of the first bad one, or empty when all may be sent.
[[nodiscard]] std::string first_bad_header(const Headers& headers);

}  // namespace tandem::sip
