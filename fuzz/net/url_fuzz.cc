// A customer's URL: whatever is accepted reads the same a second time, and the policy sees the address that a
// resolver would.
#include <arpa/inet.h>
#include <netdb.h>

#include <algorithm>
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "net/api/address_policy.h"
#include "net/api/url.h"

namespace {

void check(bool holds) {
  if (!holds) std::abort();
}

/// True if the C library takes `host` for a number where we took it for a name: the way around the policy.
bool is_number_to_the_resolver(const std::string& host) {
  in_addr out{};
  return inet_aton(host.c_str(), &out) != 0;
}

void check_url(const tandem::net::Url& url) {
  const auto again = tandem::net::Url::parse(url.str());
  check(again.has_value());
  check(again->host == url.host && again->port == url.port && again->scheme == url.scheme);
  check(again->path_and_query == url.path_and_query && again->user_info.empty());
  for (const char c : url.path_and_query + url.host) check(c > ' ' && c < 127);
  check(url.path_and_query.starts_with('/') && url.port != 0 && !url.host.empty());
  check(url.redacted().find('?') == std::string::npos && url.redacted().find('@', 0) >= url.scheme.size());
  const auto ip = url.literal();
  if (ip) {
    (void)tandem::net::AddressPolicy().denied_by(*ip);
  } else {
    check(!is_number_to_the_resolver(url.host));
    check(std::none_of(url.host.begin(), url.host.end(),
                       [](char c) { return c == ':' || c == '%' || c == '@'; }));
  }
}

void check_address(const std::uint8_t* data, std::size_t size) {
  if (size < 16) return;
  tandem::model::IpAddress ip;
  ip.family = tandem::model::IpAddress::Family::v6;
  std::copy_n(data, 16, ip.bytes.begin());
  const tandem::net::AddressPolicy policy;
  const auto parsed = tandem::model::IpAddress::parse(ip.str());
  check(parsed && policy.denied_by(*parsed) == policy.denied_by(ip));
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  const std::size_t cut = std::min(text.find('\n'), text.size());
  if (const auto url = tandem::net::Url::parse(text.substr(0, cut))) {
    check_url(*url);
    if (cut < text.size()) {
      if (const auto target = url->resolve(text.substr(cut + 1))) check_url(*target);
    }
  }
  check_address(data, size);
  return 0;
}
