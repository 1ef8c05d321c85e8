#include "base/random.h"

#include <openssl/rand.h>

#include <algorithm>
#include <array>
#include <cstdlib>
#include <cstring>

namespace tandem {

void random_bytes(std::span<std::byte> out) {
  if (RAND_bytes(reinterpret_cast<unsigned char*>(out.data()), static_cast<int>(out.size())) != 1)
    std::abort();
}

namespace {

// RAND_bytes costs about a microsecond a call; ids and tags are drawn from a block of it per thread.
void pooled_bytes(std::span<std::byte> out) {
  thread_local std::array<std::byte, 4096> pool;
  thread_local std::size_t used = pool.size();
  if (out.size() > pool.size() - used) {
    random_bytes(pool);
    used = 0;
  }
  std::memcpy(out.data(), pool.data() + used, out.size());
  std::memset(pool.data() + used, 0, out.size());  // A drawn byte does not stay in memory.
  used += out.size();
}

}  // namespace

std::uint64_t random_u64() {
  std::uint64_t v = 0;
  pooled_bytes(std::as_writable_bytes(std::span(&v, 1)));
  return v;
}

std::uint32_t random_u32() {
  return static_cast<std::uint32_t>(random_u64() >> 32U);
}

std::string random_hex(std::size_t bytes) {
  static constexpr char kDigits[] = "0123456789abcdef";
  std::string out(bytes * 2, '\0');
  std::array<std::byte, 32> block;
  for (std::size_t at = 0; at < out.size();) {
    const std::size_t n = std::min(block.size(), bytes - at / 2);
    pooled_bytes(std::span(block).first(n));
    for (std::size_t i = 0; i < n; ++i) {
      const auto b = std::to_integer<unsigned>(block[i]);
      out[at++] = kDigits[b >> 4U];
      out[at++] = kDigits[b & 15U];
    }
  }
  return out;
}

}  // namespace tandem
