#include "rest/paging.h"

#include <fmt/format.h>

namespace tandem::rest {
namespace {

int digit(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  return -1;
}

}  // namespace

std::string make_cursor(std::string_view key) {
  std::string out;
  out.reserve(key.size() * 2);
  for (const char c : key) out += fmt::format("{:02x}", static_cast<unsigned>(static_cast<unsigned char>(c)));
  return out;
}

std::optional<std::string> read_cursor(std::string_view cursor) {
  if (cursor.empty() || cursor.size() % 2 != 0) return std::nullopt;
  std::string out;
  for (std::size_t i = 0; i < cursor.size(); i += 2) {
    const int high = digit(cursor[i]), low = digit(cursor[i + 1]);
    if (high < 0 || low < 0) return std::nullopt;
    out += static_cast<char>(high * 16 + low);
  }
  return out;
}

std::string time_key(WallTime at, std::string_view id) {
  return fmt::format("{:020d}{}", at.time_since_epoch().count(), id);
}

}  // namespace tandem::rest
