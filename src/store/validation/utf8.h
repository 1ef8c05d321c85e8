// UTF-8 (RFC 3629) as the store insists on it: PostgreSQL refuses anything else.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace tandem::store {

/// Length of the UTF-8 sequence at the start of `text`, which is not empty; 0 if there is no valid one.
[[nodiscard]] std::size_t utf8_sequence(std::string_view text);
/// `text` with every byte that is not part of valid UTF-8, and every zero byte, replaced by U+FFFD.
[[nodiscard]] std::string clean_utf8(std::string_view text);

}  // namespace tandem::store
