#include "store/api/digits.h"

namespace tandem::store {

std::optional<std::string> digits_of(std::string_view text) {
  std::string digits;
  text = text.substr(0, text.find(';'));
  if (text.starts_with('+')) text.remove_prefix(1);
  for (const char c : text) {
    if (std::string_view("-.() ").find(c) != std::string_view::npos) continue;
    if ((c < '0' || c > '9') && c != '*' && c != '#') return std::nullopt;
    if (digits.size() == kMaxDigits) return std::nullopt;
    digits.push_back(c);
  }
  if (digits.empty()) return std::nullopt;
  return digits;
}

}  // namespace tandem::store
