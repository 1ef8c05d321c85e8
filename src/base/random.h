// Randomness from the operating system's generator: ids, tags, secrets, SSRCs. Any thread.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>

namespace tandem {

/// Fills `out` with cryptographically strong random bytes; aborts the process if the system has none.
void random_bytes(std::span<std::byte> out);
[[nodiscard]] std::uint64_t random_u64();
[[nodiscard]] std::uint32_t random_u32();
/// `bytes` random bytes as lower-case hexadecimal (two characters a byte).
[[nodiscard]] std::string random_hex(std::size_t bytes);

}  // namespace tandem
