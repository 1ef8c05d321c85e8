#include "call/machine/digit_pattern.h"

#include <algorithm>

namespace tandem::call::machine {
namespace {

constexpr std::string_view kDigits = "0123456789*#ABCD";

std::optional<std::size_t> index_of(char c) {
  const std::size_t i = kDigits.find(c);
  if (i == std::string_view::npos) return std::nullopt;
  return i;
}

/// `text` begins behind '['; on success it begins behind ']'.
std::optional<std::bitset<16>> parse_set(std::string_view& text) {
  std::bitset<16> set;
  while (!text.empty() && text.front() != ']') {
    const auto low = index_of(text.front());
    if (!low) return std::nullopt;
    auto high = low;
    if (text.size() >= 3 && text[1] == '-' && text[2] != ']') {
      high = index_of(text[2]);
      if (!high || *high < *low || *high > 9) return std::nullopt;
      text.remove_prefix(2);
    }
    text.remove_prefix(1);
    for (std::size_t i = *low; i <= *high; ++i) set.set(i);
  }
  if (text.empty() || set.none()) return std::nullopt;
  text.remove_prefix(1);
  return set;
}

}  // namespace

std::optional<DigitPattern> DigitPattern::parse(std::string_view text) {
  DigitPattern pattern;
  pattern.alternatives_.emplace_back();
  while (!text.empty()) {
    Alternative& now = pattern.alternatives_.back();
    const char c = text.front();
    text.remove_prefix(1);
    if (c == '|') {
      if (now.places.empty() && !now.open_ended) return std::nullopt;
      pattern.alternatives_.emplace_back();
      continue;
    }
    if (now.open_ended) return std::nullopt;
    if (c == '.') {
      now.open_ended = true;
    } else if (c == 'x' || c == 'X') {
      now.places.emplace_back(0x3FFU);
    } else if (c == '[') {
      const auto set = parse_set(text);
      if (!set) return std::nullopt;
      now.places.push_back(*set);
    } else if (const auto i = index_of(c)) {
      now.places.emplace_back().set(*i);
    } else {
      return std::nullopt;
    }
  }
  const Alternative& last = pattern.alternatives_.back();
  if (last.places.empty() && !last.open_ended) return std::nullopt;
  return pattern;
}

DigitPattern::Match DigitPattern::match(std::string_view digits) const {
  Match result;
  for (const Alternative& a : alternatives_) {
    const std::size_t n = std::min(digits.size(), a.places.size());
    bool fits = digits.size() <= a.places.size() || a.open_ended;
    for (std::size_t i = 0; fits && i < n; ++i) {
      const auto d = index_of(digits[i]);
      fits = d && a.places[i].test(*d);
    }
    if (!fits) continue;
    if (digits.size() >= a.places.size()) result.full = true;
    if (digits.size() < a.places.size() || a.open_ended) result.extensible = true;
  }
  return result;
}

}  // namespace tandem::call::machine
