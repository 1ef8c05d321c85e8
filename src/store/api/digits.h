// Telephone numbers as the router compares them. Pure; any thread.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace tandem::store {

/// Longest number that the store takes, in digits. E.164 has 15; dial strings of switches are longer.
inline constexpr std::size_t kMaxDigits = 32;

/// The digits of a number: a leading + and visual separators (RFC 3966: - . ( ) and blanks) dropped,
/// parameters after a semicolon ignored. `*` and `#` count as digits, as in service codes. Nothing when
/// another character occurs, when no digit is left, or when there are more than kMaxDigits.
[[nodiscard]] std::optional<std::string> digits_of(std::string_view text);

}  // namespace tandem::store
