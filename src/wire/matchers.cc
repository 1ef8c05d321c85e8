#include "wire/matchers.h"

#include <algorithm>

namespace tandem::wire {
namespace {

bool is_alpha(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}
bool is_digit(char c) {
  return c >= '0' && c <= '9';
}
bool is_alnum(char c) {
  return is_alpha(c) || is_digit(c);
}

bool one_of(char c, std::string_view set) {
  return set.find(c) != std::string_view::npos;
}

template <class Predicate>
bool all(std::string_view s, Predicate p) {
  return std::all_of(s.begin(), s.end(), p);
}

bool is_token(char c) {
  return is_alnum(c) || one_of(c, "!#$%&'*+-.^_`|~");
}

/// Takes the longest prefix of token characters off `s`; false if there is none.
bool take_token(std::string_view& s) {
  const std::size_t n = static_cast<std::size_t>(std::find_if_not(s.begin(), s.end(), is_token) - s.begin());
  s.remove_prefix(n);
  return n > 0;
}

void skip_spaces(std::string_view& s) {
  while (s.starts_with(' ')) s.remove_prefix(1);
}

bool take(std::string_view& s, char c) {
  if (!s.starts_with(c)) return false;
  s.remove_prefix(1);
  return true;
}

}  // namespace

bool match_no_nul(std::string_view s) {
  return s.find('\0') == std::string_view::npos;
}

bool match_header_value(std::string_view s) {
  return all(s, [](char c) { return c == '\t' || (static_cast<unsigned char>(c) >= 0x20 && c != '\x7f'); });
}

bool match_header_name(std::string_view s) {
  return !s.empty() && s.size() <= 64 &&
         all(s, [](char c) { return is_alnum(c) || one_of(c, ".!%*_+`'~-"); });
}

bool match_voice(std::string_view s) {
  return !s.empty() && s.size() <= 64 && all(s, [](char c) { return is_alnum(c) || one_of(c, "_.:+ -"); });
}

bool match_language(std::string_view s) {
  for (std::size_t part = 0; part <= 4; ++part) {
    const std::size_t dash = s.find('-');
    const std::string_view tag = s.substr(0, dash);
    const bool ok = part == 0 ? tag.size() >= 2 && tag.size() <= 8 && all(tag, is_alpha)
                              : !tag.empty() && tag.size() <= 8 && all(tag, is_alnum);
    if (!ok) return false;
    if (dash == std::string_view::npos) return true;
    s.remove_prefix(dash + 1);
  }
  return false;
}

bool match_engine(std::string_view s) {
  return !s.empty() && s.size() <= 32 &&
         all(s, [](char c) { return (c >= 'a' && c <= 'z') || is_digit(c) || c == '_' || c == '-'; });
}

bool match_media_url(std::string_view s) {
  for (const std::string_view scheme : {"http://", "https://", "file://"}) {
    if (s.starts_with(scheme))
      return s.size() > scheme.size() && all(s, [](char c) { return c >= '!' && c <= '~'; });
  }
  return false;
}

bool match_dtmf_set(std::string_view s) {
  return all(s, [](char c) { return is_digit(c) || one_of(c, "*#ABCD"); });
}

bool match_digit_pattern(std::string_view s) {
  return all(s, [](char c) { return is_digit(c) || one_of(c, "ABCD*#xX.|[]-"); });
}

bool match_sip_uri(std::string_view s) {
  for (const std::string_view scheme : {"sip:", "sips:", "tel:"}) {
    if (!s.starts_with(scheme)) continue;
    return s.size() > scheme.size() &&
           all(s, [](char c) { return c >= '!' && c <= '~' && c != '<' && c != '>'; });
  }
  return false;
}

bool match_dial_uri(std::string_view s) {
  return !s.starts_with("tel:") && match_sip_uri(s);
}

bool match_dial_number(std::string_view s) {
  if (s.starts_with('+')) s.remove_prefix(1);
  return !s.empty() && s.size() <= 31 && all(s, [](char c) { return is_digit(c) || c == '*' || c == '#'; });
}

bool match_address_of_record(std::string_view s) {
  const std::size_t at = s.find('@');
  if (at == 0 || at == std::string_view::npos || at + 1 == s.size()) return false;
  const std::string_view user = s.substr(0, at);
  const std::string_view domain = s.substr(at + 1);
  return all(user, [](char c) { return c >= '!' && c <= '~' && c != '<' && c != '>'; }) &&
         all(domain, [](char c) { return is_alnum(c) || c == '.' || c == '-'; });
}

bool match_caller_id(std::string_view s) {
  if (match_dial_uri(s) || match_dial_number(s)) return true;
  return !s.empty() && s.size() <= 64 && all(s, [](char c) { return is_alnum(c) || one_of(c, "._~-"); });
}

bool match_display_name(std::string_view s) {
  return all(s, [](char c) { return static_cast<unsigned char>(c) >= 0x20 && !one_of(c, "\x7f\"\\<>"); });
}

bool match_send_digits(std::string_view s) {
  return all(s, [](char c) { return is_digit(c) || one_of(c, "*#ABCDwW"); });
}

bool match_queue_name(std::string_view s) {
  return !s.empty() && is_alnum(s.front()) && all(s, [](char c) { return is_alnum(c) || one_of(c, "._-"); });
}

bool match_content_type(std::string_view s) {
  if (!take_token(s) || !take(s, '/') || !take_token(s)) return false;
  while (!s.empty()) {
    skip_spaces(s);
    if (!take(s, ';')) return false;
    skip_spaces(s);
    if (!take_token(s) || !take(s, '=')) return false;
    const auto value_end = std::find_if_not(
        s.begin(), s.end(), [](char c) { return c >= '!' && c <= '~' && c != '"' && c != ';'; });
    if (value_end == s.begin()) return false;
    s.remove_prefix(static_cast<std::size_t>(value_end - s.begin()));
  }
  return true;
}

std::size_t utf8_length(std::string_view s) {
  return static_cast<std::size_t>(std::count_if(
      s.begin(), s.end(), [](char c) { return (static_cast<unsigned char>(c) & 0xc0U) != 0x80U; }));
}

}  // namespace tandem::wire
