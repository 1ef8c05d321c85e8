#include "model/sip_uri.h"

#include "base/text.h"

namespace tandem::model {
namespace {

int hex_digit(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  const char l = lower(c);
  return l >= 'a' && l <= 'f' ? l - 'a' + 10 : -1;
}

}  // namespace

std::string escaped_user(std::string_view user, std::string_view as_they_are) {
  constexpr std::string_view kHex = "0123456789ABCDEF";
  std::string out;
  for (const char c : user) {
    const auto u = static_cast<unsigned char>(c);
    const bool plain = (c >= '0' && c <= '9') || (lower(c) >= 'a' && lower(c) <= 'z') ||
                       std::string_view("-_.!~*'()&=+$,").find(c) != std::string_view::npos ||
                       as_they_are.find(c) != std::string_view::npos;
    if (plain) {
      out += c;
    } else {
      out += {'%', kHex[u >> 4U], kHex[u & 15U]};
    }
  }
  return out;
}

std::string unescaped_user(std::string_view user) {
  std::string out;
  for (std::size_t i = 0; i < user.size(); ++i) {
    if (user[i] == '%' && i + 2 < user.size() && hex_digit(user[i + 1]) >= 0 && hex_digit(user[i + 2]) >= 0) {
      out.push_back(static_cast<char>(hex_digit(user[i + 1]) * 16 + hex_digit(user[i + 2])));
      i += 2;
    } else {
      out.push_back(user[i]);
    }
  }
  return out;
}

}  // namespace tandem::model
