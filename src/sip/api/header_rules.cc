#include "sip/api/header_rules.h"

#include <algorithm>
#include <array>
#include <cctype>
#include <string>

#include "base/text.h"

namespace tandem::sip {
namespace {

// Lower case, sorted by use; compact forms (RFC 3261 7.3.3 and its extensions) beside their long names.
constexpr std::array<std::string_view, 51> kReserved{"via",
                                                     "v",
                                                     "route",
                                                     "record-route",
                                                     "contact",
                                                     "m",
                                                     "cseq",
                                                     "call-id",
                                                     "i",
                                                     "from",
                                                     "f",
                                                     "to",
                                                     "t",
                                                     "max-forwards",
                                                     "require",
                                                     "rseq",
                                                     "rack",
                                                     "session-expires",
                                                     "x",
                                                     "min-se",
                                                     "authorization",
                                                     "www-authenticate",
                                                     "authentication-info",
                                                     "c",
                                                     "e",
                                                     "l",
                                                     "supported",
                                                     "k",
                                                     "unsupported",
                                                     "allow",
                                                     "accept",
                                                     "accept-encoding",
                                                     "mime-version",
                                                     "identity",
                                                     "y",
                                                     "identity-info",
                                                     "n",
                                                     "path",
                                                     "service-route",
                                                     "event",
                                                     "o",
                                                     "subscription-state",
                                                     "timestamp",
                                                     "expires",
                                                     "min-expires",
                                                     "replaces",
                                                     "refer-to",
                                                     "r",
                                                     "refer-sub",
                                                     "target-dialog",
                                                     "join"};

bool token_char(char c) {
  const auto u = static_cast<unsigned char>(c);
  return std::isalnum(u) != 0 || std::string_view("-.!%*_+`'~").find(c) != std::string_view::npos;
}

}  // namespace

bool settable_header(std::string_view name) {
  if (name.empty() || name.size() > 64 || !std::all_of(name.begin(), name.end(), token_char)) return false;
  const std::string key = lower_case(name);
  if (key.starts_with("content-") || key.starts_with("proxy-")) return false;
  return std::find(kReserved.begin(), kReserved.end(), key) == kReserved.end();
}

bool valid_header_value(std::string_view value) {
  return value.size() <= kMaxHeaderValueBytes &&
         value.find_first_of(std::string_view("\r\n\0", 3)) == std::string_view::npos;
}

std::string first_bad_header(const Headers& headers) {
  for (const auto& [name, value] : headers) {
    if (!settable_header(name) || !valid_header_value(value)) return name.empty() ? "(empty name)" : name;
  }
  return headers.size() > kMaxCustomHeaders ? "(too many headers)" : "";
}

}  // namespace tandem::sip
