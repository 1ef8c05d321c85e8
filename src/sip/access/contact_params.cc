#include "sip/access/contact_params.h"

#include <fmt/format.h>

#include <algorithm>
#include <limits>
#include <utility>

#include "base/text.h"

namespace tandem::sip {
namespace {

constexpr std::size_t kMaxParams = 32;
constexpr std::size_t kMaxInstance = 256;

bool is_digit(char c) {
  return c >= '0' && c <= '9';
}

bool all_digits(std::string_view text) {
  return !text.empty() && std::all_of(text.begin(), text.end(), is_digit);
}

/// qvalue: "0" or "1" with up to three decimals, at most 1.
std::optional<std::uint16_t> q_milli(std::string_view text) {
  if (text.empty() || (text[0] != '0' && text[0] != '1')) return std::nullopt;
  std::uint16_t out = text[0] == '1' ? 1000 : 0;
  text.remove_prefix(1);
  if (text.empty()) return out;
  if (text[0] != '.' || text.size() > 4) return std::nullopt;
  std::uint16_t unit = 100;
  for (const char c : text.substr(1)) {
    if (!is_digit(c)) return std::nullopt;
    out = static_cast<std::uint16_t>(out + (c - '0') * unit);
    unit /= 10;
  }
  return out > 1000 ? std::nullopt : std::optional(out);
}

/// The text within the quotes; null when there is none, or something in it that we would have to escape.
std::optional<std::string_view> quoted_text(std::string_view text) {
  if (text.size() < 3 || text.front() != '"' || text.back() != '"') return std::nullopt;
  text = text.substr(1, text.size() - 2);
  const bool plain = std::all_of(text.begin(), text.end(), [](char c) {
    return static_cast<unsigned char>(c) > 0x20 && c != 0x7f && c != '"' && c != '\\';
  });
  return plain && text.size() <= kMaxInstance ? std::optional(text) : std::nullopt;
}

}  // namespace

std::optional<std::uint32_t> delta_seconds(std::string_view text) {
  text = trim(text);
  if (!all_digits(text)) return std::nullopt;
  constexpr std::uint64_t kMost = std::numeric_limits<std::uint32_t>::max();
  std::uint64_t out = 0;
  for (const char c : text) out = std::min(kMost, out * 10 + static_cast<std::uint64_t>(c - '0'));
  return static_cast<std::uint32_t>(out);
}

Result<RegisterContact, std::string> read_contact(std::string uri,
                                                  const std::vector<std::string_view>& params) {
  RegisterContact out;
  out.uri = std::move(uri);
  if (params.size() > kMaxParams) return Err(std::string("parameters"));
  bool has_q = false;
  bool has_expires = false;
  for (const std::string_view param : params) {
    const std::size_t equals = param.find('=');
    const std::string_view name = trim(param.substr(0, equals));
    const std::string_view value =
        equals == std::string_view::npos ? std::string_view() : trim(param.substr(equals + 1));
    if (equal_no_case(name, "q") && !std::exchange(has_q, true)) {
      const auto q = q_milli(value);
      if (!q) return Err(std::string("q"));
      out.q_milli = *q;
    } else if (equal_no_case(name, "expires") && !std::exchange(has_expires, true)) {
      out.expires_s = delta_seconds(value);
    } else if (equal_no_case(name, "+sip.instance") && out.instance.empty()) {
      const auto instance = quoted_text(value);
      if (!instance) return Err(std::string("+sip.instance"));
      out.instance = *instance;
    } else if (equal_no_case(name, "reg-id") && out.reg_id == 0) {
      const auto id = delta_seconds(value);
      if (!id || *id == 0 || *id > std::numeric_limits<std::int32_t>::max())
        return Err(std::string("reg-id"));
      out.reg_id = *id;
    }
  }
  return out;
}

std::string contact_text(const RegisterContact& contact) {
  std::string out = fmt::format("<{}>", contact.uri);
  if (contact.q_milli != 1000) {
    std::string q = fmt::format(";q=0.{:03}", contact.q_milli);
    while (q.ends_with('0')) q.pop_back();
    if (q.ends_with('.')) q.pop_back();
    out += q;
  }
  if (contact.expires_s) out += fmt::format(";expires={}", *contact.expires_s);
  if (!contact.instance.empty()) out += fmt::format(";+sip.instance=\"{}\"", contact.instance);
  if (contact.reg_id != 0) out += fmt::format(";reg-id={}", contact.reg_id);
  return out;
}

}  // namespace tandem::sip
