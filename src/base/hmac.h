// HMAC-SHA256 (RFC 2104) and SHA-256 as lower-case hexadecimal, for signatures and tokens. Any thread.
#pragma once

#include <string>
#include <string_view>

namespace tandem {

[[nodiscard]] std::string hmac_sha256_hex(std::string_view key, std::string_view message);
[[nodiscard]] std::string sha256_hex(std::string_view message);
/// Compares in a time that does not depend on where the texts differ.
[[nodiscard]] bool equal_constant_time(std::string_view a, std::string_view b);

}  // namespace tandem
