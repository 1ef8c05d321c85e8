// Pieces of SIP URIs (RFC 3261 19.1) as text. Pure; any thread.
#pragma once

#include <string>
#include <string_view>

namespace tandem::model {

/// A user part as it may stand in a URI: what is not plain there is percent-encoded (RFC 3261 25.1).
/// `as_they_are`: more characters that stay, of those that the grammar allows.
[[nodiscard]] std::string escaped_user(std::string_view user, std::string_view as_they_are = {});
/// The other way round; what is no escape stays.
[[nodiscard]] std::string unescaped_user(std::string_view user);

}  // namespace tandem::model
