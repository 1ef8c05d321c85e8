#include "base/id.h"

#include "base/random.h"

namespace tandem::detail {

std::string make_id(std::string_view prefix) {
  return std::string(prefix) + random_hex(16);
}

bool valid_id(std::string_view prefix, std::string_view text) {
  if (text.size() <= prefix.size() || text.size() > 64 || !text.starts_with(prefix)) return false;
  for (const char c : text) {
    const bool ok =
        (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || c == '_' || c == '-';
    if (!ok) return false;
  }
  return true;
}

}  // namespace tandem::detail
