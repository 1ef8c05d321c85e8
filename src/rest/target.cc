#include "rest/target.h"

#include <optional>

namespace tandem::rest {
namespace {

constexpr std::size_t kMaxParts = 32;
constexpr std::size_t kShownName = 64;

int hex(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

/// Bytes of the UTF-8 sequence at the front of `text`, 0 if it is none (RFC 3629: shortest form, no
/// surrogates).
std::size_t utf8_sequence(std::string_view text) {
  const auto byte = [&](std::size_t i) { return i < text.size() ? static_cast<unsigned char>(text[i]) : 0U; };
  const unsigned first = byte(0);
  if (first < 0x80) return 1;
  const std::size_t n = first >= 0xf0 ? 4 : first >= 0xe0 ? 3 : 2;
  if (first < 0xc2 || first > 0xf4) return 0;
  const unsigned second = byte(1);
  if (first == 0xe0 && second < 0xa0) return 0;
  if (first == 0xed && second > 0x9f) return 0;
  if (first == 0xf0 && second < 0x90) return 0;
  if (first == 0xf4 && second > 0x8f) return 0;
  for (std::size_t i = 1; i < n; ++i) {
    if ((byte(i) & 0xc0U) != 0x80) return 0;
  }
  return n;
}

bool is_utf8(std::string_view text) {
  while (!text.empty()) {
    const std::size_t n = utf8_sequence(text);
    if (n == 0) return false;
    text.remove_prefix(n);
  }
  return true;
}

std::optional<std::string> decoded(std::string_view text) {
  std::string out;
  out.reserve(text.size());
  for (std::size_t i = 0; i < text.size(); ++i) {
    char c = text[i];
    if (c == '%') {
      if (i + 2 >= text.size()) return std::nullopt;
      const int high = hex(text[i + 1]), low = hex(text[i + 2]);
      if (high < 0 || low < 0) return std::nullopt;
      c = static_cast<char>(high * 16 + low);
      i += 2;
    }
    const auto u = static_cast<unsigned char>(c);
    if (u < 0x20 || u == 0x7f) return std::nullopt;
    out += c;
  }
  if (!is_utf8(out)) return std::nullopt;
  return out;
}

/// Calls `use` with each part between `separator`s until it says false.
template <class Use>
bool each_part(std::string_view text, char separator, Use use) {
  for (std::size_t n = 0;; ++n) {
    const std::size_t end = text.find(separator);
    if (n == kMaxParts || !use(text.substr(0, end))) return false;
    if (end == std::string_view::npos) return true;
    text.remove_prefix(end + 1);
  }
}

}  // namespace

Result<Target, TargetFault> parse_target(std::string_view target) {
  Target out;
  target = target.substr(0, target.find('#'));
  const std::size_t mark = target.find('?');
  std::string_view path = target.substr(0, mark);
  if (!path.starts_with('/')) return Err(TargetFault{{}, "the target must be a path"});
  path.remove_prefix(1);
  const bool path_ok = each_part(path, '/', [&](std::string_view part) {
    auto text = decoded(part);
    if (text) out.segments.push_back(std::move(*text));
    return text.has_value();
  });
  if (!path_ok) return Err(TargetFault{{}, "the path is not well-formed"});
  if (mark == std::string_view::npos || mark + 1 == target.size()) return out;
  TargetFault fault{{}, "too many parameters"};
  const bool query_ok = each_part(target.substr(mark + 1), '&', [&](std::string_view part) {
    const std::size_t equals = part.find('=');
    auto name = decoded(part.substr(0, equals));
    auto value = decoded(equals == std::string_view::npos ? std::string_view() : part.substr(equals + 1));
    if (!name || !value || name->empty()) {
      fault = {name.value_or("").substr(0, kShownName), "is not well-formed in the query"};
      return false;
    }
    out.query.emplace_back(std::move(*name), std::move(*value));
    return true;
  });
  if (!query_ok) return Err(std::move(fault));
  return out;
}

}  // namespace tandem::rest
