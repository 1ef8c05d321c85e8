// The comma-separated parameters of (Proxy-)Authenticate and (Proxy-)Authorization (RFC 7616, RFC 3261
// section 25.1).
#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>

namespace tandem::sip {

/// Names in lower case. Values without their quotes but with backslashes as they came: that is the form that
/// is hashed and echoed.
using AuthParams = std::map<std::string, std::string, std::less<>>;

/// Null unless `header_value` is of the Digest scheme, well formed, at most 8 KiB and 32 parameters, each
/// name once.
[[nodiscard]] std::optional<AuthParams> parse_digest_params(std::string_view header_value);

/// Empty when missing.
[[nodiscard]] const std::string& param(const AuthParams& params, std::string_view name);

/// Adds quotes, and backslashes where needed; control characters are dropped.
[[nodiscard]] std::string quoted(std::string_view text);
[[nodiscard]] std::string unescaped(std::string_view text);

}  // namespace tandem::sip
