#include "speech/language.h"

#include <algorithm>
#include <utility>

namespace tandem::speech {
namespace {

std::string_view primary(std::string_view tag) {
  return tag.substr(0, tag.find('-'));
}

}  // namespace

bool valid_language(std::string_view tag) {
  std::size_t part = 0;
  for (const char c : tag) {
    const char lower = static_cast<char>(c | 0x20);
    if (c == '-') {
      if (part == 0) return false;
      part = 0;
    } else if ((lower >= 'a' && lower <= 'z') || (c >= '0' && c <= '9')) {
      if (++part > 8) return false;
    } else {
      return false;
    }
  }
  return part > 0 && tag.size() <= 35;
}

std::string canonical_language(std::string_view tag) {
  std::string out;
  for (const char c : tag) {
    out += c == '_' ? '-' : c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
  }
  static constexpr std::pair<std::string_view, std::string_view> kRenamed[] = {
      {"zh-yue", "yue"}, {"zh-hk", "yue"}, {"zh", "cmn"}, {"no", "nb"},
      {"iw", "he"},      {"in", "id"},     {"ji", "yi"}};
  for (const auto& [old, current] : kRenamed) {
    if (out == old || (out.starts_with(old) && out.size() > old.size() && out[old.size()] == '-')) {
      return std::string(current) + out.substr(old.size());
    }
  }
  return out;
}

bool same_primary_language(std::string_view a, std::string_view b) {
  const std::string left = canonical_language(a.empty() ? "en" : a);
  const std::string right = canonical_language(b.empty() ? "en" : b);
  return primary(left) == primary(right);
}

}  // namespace tandem::speech
