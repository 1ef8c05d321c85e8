#include "store/api/number_format.h"

#include <algorithm>

#include "store/api/digits.h"

namespace tandem::store {
namespace {

/// Digits, without service codes.
std::optional<std::string> plain_digits(std::string_view text) {
  auto digits = digits_of(text);
  if (!digits || digits->find_first_of("*#") != std::string::npos) return std::nullopt;
  return digits;
}

std::string national_form(const NumberFormat& f, const std::string& digits, bool international) {
  if (!f.country_code.empty() && digits.starts_with(f.country_code)) {
    return f.trunk_prefix + digits.substr(f.country_code.size());
  }
  if (!international) return digits;  // Dialled in the national form already, or a short code.
  return (f.international_prefix.empty() ? "+" : f.international_prefix) + digits;
}

std::string written(const NumberFormat& f, std::string_view number) {
  const auto digits = plain_digits(number);
  const bool international = number.starts_with('+');
  switch (f.style) {
    case NumberStyle::as_is:
      return (international ? "+" : "") + *digits;
    case NumberStyle::e164_plus:
      return "+" + *digits;
    case NumberStyle::e164_bare:
      return *digits;
    case NumberStyle::national:
      return national_form(f, *digits, international);
  }
  return *digits;
}

std::string stripped(std::string text, std::uint32_t count) {
  if (count == 0) return text;
  const std::size_t plus = text.starts_with('+') ? 1 : 0;
  return text.substr(std::min<std::size_t>(plus + count, text.size()));
}

std::string read_national(const NumberFormat& f, std::string_view text) {
  if (text.starts_with('+')) return std::string(text);
  if (!f.international_prefix.empty() && text.starts_with(f.international_prefix)) {
    return "+" + std::string(text.substr(f.international_prefix.size()));
  }
  if (!f.trunk_prefix.empty()) {
    if (!text.starts_with(f.trunk_prefix)) return std::string(text);  // A short code or a local number.
    text.remove_prefix(f.trunk_prefix.size());
  }
  return "+" + f.country_code + std::string(text);
}

}  // namespace

std::string to_wire(const NumberFormat& format, std::string_view number) {
  if (!plain_digits(number)) return std::string(number);
  return format.add_prefix + stripped(written(format, number), format.strip_digits);
}

std::string from_wire(const NumberFormat& format, std::string_view wire) {
  const auto digits = plain_digits(wire);
  if (!digits) return std::string(wire);
  const std::string text =
      format.add_prefix + stripped((wire.starts_with('+') ? "+" : "") + *digits, format.strip_digits);
  switch (format.style) {
    case NumberStyle::as_is:
      return text;
    case NumberStyle::e164_plus:
    case NumberStyle::e164_bare:
      return text.starts_with('+') ? text : "+" + text;
    case NumberStyle::national:
      return read_national(format, text);
  }
  return text;
}

}  // namespace tandem::store
