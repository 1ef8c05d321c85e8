#include "net/api/url.h"

#include <algorithm>
#include <boost/url/parse.hpp>
#include <boost/url/url.hpp>
#include <boost/url/url_view.hpp>
#include <charconv>

#include "base/text.h"

namespace tandem::net {
namespace {

constexpr std::size_t kMaxUrl = 2'048;
constexpr std::size_t kMaxHost = 253;
constexpr std::size_t kMaxLabel = 63;

bool is_digit(char c) {
  return c >= '0' && c <= '9';
}
bool is_hex(char c) {
  return is_digit(c) || (c >= 'a' && c <= 'f');
}

/// Resolvers read "2130706433", "0x7f.1" and "0177.0.0.1" as IPv4 addresses, so a last label like that is no
/// name.
bool is_number_like(std::string_view label) {
  if (label.starts_with("0x")) return std::all_of(label.begin() + 2, label.end(), is_hex);
  return std::all_of(label.begin(), label.end(), is_digit);
}

bool is_name_character(char c) {
  return (c >= 'a' && c <= 'z') || is_digit(c) || c == '-' || c == '_';
}

Result<std::string, std::string> parse_name(std::string_view encoded) {
  std::string host = lower_case(encoded);
  if (host.ends_with('.')) host.pop_back();
  if (host.empty()) return Err<std::string>("the host is missing");
  if (host.size() > kMaxHost) return Err<std::string>("the host is longer than 253 characters");
  std::string_view label;
  for (std::size_t at = 0; at <= host.size(); at += label.size() + 1) {
    label = std::string_view(host).substr(at, host.find('.', at) - at);
    if (label.empty() || label.size() > kMaxLabel) {
      return Err<std::string>("the host has an empty label or one longer than 63 characters");
    }
    if (!std::all_of(label.begin(), label.end(), is_name_character)) {
      return Err<std::string>(
          "the host has a character that host names do not have (IDN: use the xn-- form)");
    }
  }
  if (is_number_like(label)) {
    const auto ip = model::IpAddress::parse(host);
    if (!ip)
      return Err<std::string>("the host looks like a number but is not an IPv4 address like 192.0.2.1");
    return ip->str();
  }
  return host;
}

/// Where the host stands in an absolute URL; empty if there is no authority. Boost's parser ends the
/// authority where it stops understanding the host and calls the rest a path, so it gets a stand-in and the
/// host is read here.
std::string_view host_in(std::string_view text) {
  const std::size_t start = text.find("://");
  if (start == std::string_view::npos || text.find_first_of("/?#") != start + 1) return {};
  std::string_view authority = text.substr(start + 3);
  authority = authority.substr(0, authority.find_first_of("/?#"));
  const std::size_t at = authority.rfind('@');
  if (at != std::string_view::npos) authority.remove_prefix(at + 1);
  if (authority.starts_with('[')) return authority.substr(0, authority.find(']') + 1);
  return authority.substr(0, authority.find(':'));
}

Result<std::string, std::string> parse_host(std::string_view text) {
  if (!text.starts_with('[')) return parse_name(text);
  const auto ip = model::IpAddress::parse(text);
  if (!ip) return Err<std::string>("the host in brackets is not an IPv6 address (zones are not allowed)");
  return ip->str();
}

Result<std::uint16_t, std::string> parse_port(const boost::urls::url_view& view, bool secure) {
  const std::string_view text(view.port().data(), view.port().size());
  if (text.empty()) return static_cast<std::uint16_t>(secure ? 443 : 80);
  std::uint16_t port = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), port);
  if (error != std::errc() || end != text.data() + text.size() || port == 0) {
    return Err<std::string>("the port is not a number from 1 to 65535");
  }
  return port;
}

}  // namespace

Result<Url, std::string> Url::parse(std::string_view text) {
  if (text.empty()) return Err<std::string>("the URL is empty");
  if (text.size() > kMaxUrl) return Err<std::string>("the URL is longer than 2048 characters");
  const std::string_view host_text = host_in(text);
  if (host_text.empty()) return Err<std::string>("not an absolute URL with a host");
  std::string stand_in(text);
  stand_in.replace(static_cast<std::size_t>(host_text.data() - text.data()), host_text.size(), "h");
  const auto parsed = boost::urls::parse_uri(stand_in);
  if (parsed.has_error()) return Err<std::string>("not a valid URL (RFC 3986)");
  const boost::urls::url_view& view = *parsed;
  Url out;
  out.scheme = lower_case({view.scheme().data(), view.scheme().size()});
  if (out.scheme != "http" && out.scheme != "https" && out.scheme != "ws" && out.scheme != "wss") {
    return Err<std::string>("the scheme is not http, https, ws or wss");
  }
  const std::string_view path(view.encoded_path().data(), view.encoded_path().size());
  if (!path.empty() && !path.starts_with('/'))
    return Err<std::string>("the port is not a number from 1 to 65535");
  if (out.is_websocket() && view.has_fragment()) {
    return Err<std::string>("a WebSocket URL must not have a fragment (#...)");
  }
  auto host = parse_host(host_text);
  if (!host) return Err(host.error());
  auto port = parse_port(view, out.is_secure());
  if (!port) return Err(port.error());
  out.host = *std::move(host);
  out.port = *port;
  if (view.has_userinfo()) out.user_info = view.userinfo();
  out.path_and_query = path.empty() ? "/" : std::string(path);
  if (view.has_query()) {
    out.path_and_query.append("?").append(view.encoded_query().data(), view.encoded_query().size());
  }
  return out;
}

Result<Url, std::string> Url::resolve(std::string_view location) const {
  if (location.empty() || location.size() > kMaxUrl)
    return Err<std::string>("the location is empty or too long");
  const auto reference =
      boost::urls::parse_uri_reference(boost::urls::string_view(location.data(), location.size()));
  if (reference.has_error()) return Err<std::string>("the location is not a valid URL");
  boost::urls::url target(str());
  const auto done = target.resolve(*reference);
  if (done.has_error()) return Err<std::string>("the location cannot be resolved against the URL");
  auto out = parse({target.buffer().data(), target.buffer().size()});
  if (out) out->user_info.clear();
  return out;
}

std::string Url::authority() const {
  std::string out = host.find(':') == std::string::npos ? host : "[" + host + "]";
  if (port != (is_secure() ? 443 : 80)) out += ":" + std::to_string(port);
  return out;
}

std::string Url::str() const {
  return scheme + "://" + authority() + path_and_query;
}

std::string Url::redacted() const {
  return scheme + "://" + authority() + path_and_query.substr(0, path_and_query.find('?'));
}

bool Url::same_origin(const Url& other) const {
  return is_secure() == other.is_secure() && host == other.host && port == other.port;
}

}  // namespace tandem::net
