#include "sip/dialog/info_digit.h"

#include <algorithm>
#include <cctype>
#include <charconv>
#include <string>

#include "base/text.h"

namespace tandem::sip::dialog {
namespace {

constexpr std::string_view kBlanks = " \t\r\n";

std::optional<char> digit_of(std::string_view text) {
  if (text == "10" || equal_no_case(text, "star")) return '*';
  if (text == "11" || equal_no_case(text, "pound")) return '#';
  if (text.size() != 1) return std::nullopt;
  const char c = static_cast<char>(std::toupper(static_cast<unsigned char>(text.front())));
  return std::string_view("0123456789*#ABCD").find(c) == std::string_view::npos ? std::nullopt
                                                                                : std::optional(c);
}

std::uint32_t duration_of(std::string_view text) {
  std::uint32_t ms = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), ms);
  return error == std::errc() && end == text.data() + text.size() && ms <= 10'000 ? ms : 0;
}

}  // namespace

std::optional<InfoDigit> parse_info_digit(std::string_view content_type, std::string_view body) {
  const std::string_view type = trim(content_type.substr(0, content_type.find(';')), kBlanks);
  if (body.size() > 256) return std::nullopt;
  if (equal_no_case(type, "application/dtmf")) {
    const auto digit = digit_of(trim(body, kBlanks));
    return digit ? std::optional(InfoDigit{*digit, 0}) : std::nullopt;
  }
  if (!equal_no_case(type, "application/dtmf-relay")) return std::nullopt;
  std::optional<InfoDigit> out;
  std::uint32_t duration = 0;
  while (!body.empty()) {
    const std::size_t end = body.find('\n');
    const std::string_view line = trim(body.substr(0, end), kBlanks);
    body = end == std::string_view::npos ? std::string_view() : body.substr(end + 1);
    const std::size_t equals = line.find('=');
    if (equals == std::string_view::npos) continue;
    const std::string_view name = trim(line.substr(0, equals), kBlanks);
    const std::string_view value = trim(line.substr(equals + 1), kBlanks);
    if (equal_no_case(name, "signal") && !out) {
      if (const auto digit = digit_of(value)) out = InfoDigit{*digit, 0};
    } else if (equal_no_case(name, "duration")) {
      duration = duration_of(value);
    }
  }
  if (out) out->duration_ms = duration;
  return out;
}

}  // namespace tandem::sip::dialog
