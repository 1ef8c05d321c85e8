#include "speech/flite/plain_english.h"

#include <cstdint>

namespace tandem::speech {
namespace {

// U+00C0 to U+017F without accents; '?' stands for those with more than one letter or none.
constexpr std::string_view kLatin =
    "AAAAAA?CEEEEIIII?NOOOOO OUUUUY?saaaaaa?ceeeeiiii?nooooo ouuuuy?y"
    "AaAaAaCcCcCcCcDdDdEeEeEeEeEeGgGgGgGgHhHhIiIiIiIiIi??JjKkkLlLlLlLlLlNnNnNnnNnOoOoOo??"
    "RrRrRrSsSsSsSsTtTtTtUuUuUuUuUuUu"
    "WwYyYZzZzZzs";

std::string_view replacement(std::uint32_t c) {
  switch (c) {
    case 0x2018:
    case 0x2019:
      return "'";
    case 0x201c:
    case 0x201d:
      return "\"";
    case 0x2013:
    case 0x2014:
      return ", ";
    case 0x2026:
      return ". ";
    case 0x20ac:
      return " euros ";
    case 0xa3:
      return " pounds ";
    case 0xa5:
      return " yen ";
    case 0xb0:
      return " degrees ";
    case 0xd7:
      return " times ";
    case 0xc6:
    case 0xe6:
      return "ae";
    case 0xde:
    case 0xfe:
    case 0xd0:
    case 0xf0:
      return "th";
    case 0x152:
    case 0x153:
      return "oe";
    default:
      break;
  }
  if (c >= 0xc0 && c < 0xc0 + kLatin.size() && kLatin[c - 0xc0] != '?') return kLatin.substr(c - 0xc0, 1);
  return " ";
}

// Decodes one character at `i` and moves on; broken bytes count as one unknown character each.
std::uint32_t next(std::string_view text, std::size_t& i) {
  const auto lead = static_cast<unsigned char>(text[i++]);
  if (lead < 0x80) return lead;
  const int more = lead >= 0xf0 ? 3 : lead >= 0xe0 ? 2 : lead >= 0xc0 ? 1 : 0;
  std::uint32_t c = lead & (0x3fU >> more);
  for (int k = 0; k < more; ++k) {
    if (i >= text.size() || (static_cast<unsigned char>(text[i]) & 0xc0) != 0x80) return 0xfffd;
    c = c << 6 | (static_cast<unsigned char>(text[i++]) & 0x3fU);
  }
  return more == 0 ? 0xfffd : c;
}

}  // namespace

std::string plain_english(std::string_view utf8) {
  std::string out;
  for (std::size_t i = 0; i < utf8.size();) {
    const std::uint32_t c = next(utf8, i);
    if (c >= 0x80) {
      out += replacement(c);
    } else {
      out += c < 0x20 || c == 0x7f ? ' ' : static_cast<char>(c);
    }
  }
  return out;
}

}  // namespace tandem::speech
