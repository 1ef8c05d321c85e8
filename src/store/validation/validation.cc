#include "store/validation/validation.h"

#include <algorithm>
#include <charconv>
#include <cmath>

#include "base/text.h"
#include "store/api/digits.h"
#include "store/validation/parts.h"
#include "store/validation/utf8.h"

namespace tandem::store {
namespace {

constexpr std::size_t kMaxName = 200;
constexpr std::size_t kMaxUrl = 2048;
constexpr std::size_t kMaxSecret = 256;
constexpr std::int64_t kMaxDurationMs = 7LL * 24 * 3600 * 1000;

bool is_alnum(char c) {
  return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

/// What is wrong with the port after a host; empty when nothing is.
std::string port_problem(std::string_view text) {
  unsigned port = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), port);
  if (error != std::errc{} || end != text.data() + text.size() || port == 0 || port > 65535) {
    return "has a port that is not 1 to 65535";
  }
  return {};
}

std::string authority_problem(std::string_view authority) {
  if (authority.find('@') != std::string_view::npos) return "must not contain a user name or password";
  std::string_view host = authority;
  std::string_view port;
  if (authority.starts_with('[')) {
    const auto close = authority.find(']');
    if (close == std::string_view::npos) return "has an IPv6 address without its closing bracket";
    host = authority.substr(0, close + 1);
    port = authority.substr(close + 1);
  } else if (const auto colon = authority.find(':'); colon != std::string_view::npos) {
    host = authority.substr(0, colon);
    port = authority.substr(colon);
  }
  if (!port.empty() && port[0] != ':') return "has text after the IPv6 address";
  if (!port.empty()) {
    if (auto problem = port_problem(port.substr(1)); !problem.empty()) return problem;
  }
  if (const auto problem = domain_problem(host); !problem.empty()) return "has a host that " + problem;
  return {};
}

}  // namespace

StoreFailure invalid(std::string field, std::string detail) {
  return {StoreError::invalid, std::move(field), std::move(detail)};
}

std::optional<StoreFailure> check_name(std::string_view name) {
  if (name.empty()) return invalid("name", "must not be empty");
  std::size_t characters = 0;
  while (!name.empty()) {
    const std::size_t n = utf8_sequence(name);
    if (n == 0) return invalid("name", "is not valid UTF-8");
    if (n == 1 && (static_cast<unsigned char>(name[0]) < 0x20 || name[0] == 0x7f)) {
      return invalid("name", "must not contain control characters");
    }
    name.remove_prefix(n);
    if (++characters > kMaxName) return invalid("name", "is longer than 200 characters");
  }
  return std::nullopt;
}

std::optional<StoreFailure> check_visible(std::string_view text, std::size_t max, const char* field) {
  if (text.size() <= max && std::ranges::all_of(text, [](char c) { return c > 0x20 && c < 0x7f; })) {
    return std::nullopt;
  }
  return invalid(field, "may hold at most " + std::to_string(max) + " visible ASCII characters");
}

std::optional<StoreFailure> check_numbers(const std::vector<std::string>& numbers, bool wildcards,
                                          const char* field) {
  if (numbers.size() > 1000) return invalid(field, "may hold at most 1000 entries");
  for (std::string_view number : numbers) {
    if (wildcards && number.ends_with('*')) number.remove_suffix(1);
    if (number.find_first_of("; ") != std::string_view::npos || !digits_of(number)) {
      return invalid(field, wildcards
                                ? "each must be 1 to 32 digits with an optional leading + and trailing *"
                                : "each must be 1 to 32 digits with an optional leading +");
    }
  }
  return std::nullopt;
}

std::optional<StoreFailure> check_rate(double per_second, const char* field) {
  if (std::isfinite(per_second) && per_second >= 0 && per_second <= 100'000) return std::nullopt;
  return invalid(field, "must be from 0 to 100000");
}

namespace {

std::optional<StoreFailure> check_url(std::string_view url, const char* field) {
  auto problem = url_problem(url);
  if (problem.empty()) return std::nullopt;
  return invalid(field, std::move(problem));
}

std::optional<StoreFailure> check_outbound(const Account& a) {
  if (auto f = check_id(a.outbound_application_id, "outbound_application_id", true)) return f;
  if (auto f = check_rate(a.max_outbound_calls_per_second, "max_outbound_calls_per_second")) return f;
  if (a.intent_queue_size > 100'000) return invalid("intent_queue_size", "must be from 0 to 100000");
  if (a.intent_expiry_ms < 1000 || a.intent_expiry_ms > 24LL * 3600 * 1000) {
    return invalid("intent_expiry_ms", "must be from 1000 to 86400000 (a day)");
  }
  return check_numbers(a.allowed_prefixes, false, "allowed_prefixes");
}

}  // namespace

std::string domain_problem(std::string_view name) {
  if (name.empty()) return "is empty";
  if (model::IpAddress::parse(name)) return {};
  if (name.ends_with('.')) name.remove_suffix(1);
  if (name.size() > 253) return "is longer than 253 characters";
  std::string_view label;
  std::string_view rest = name;
  do {
    const auto dot = rest.find('.');
    label = rest.substr(0, dot);
    rest = dot == std::string_view::npos ? std::string_view{} : rest.substr(dot + 1);
    if (label.empty()) return "has an empty label";
    if (label.size() > 63) return "has a label longer than 63 characters";
    if (label.starts_with('-') || label.ends_with('-'))
      return "has a label that begins or ends with a hyphen";
    if (!std::ranges::all_of(label, [](char c) { return is_alnum(c) || c == '-' || c == '_'; })) {
      return "may hold only letters, digits, hyphens, underscores and dots";
    }
    if (rest.empty() && dot != std::string_view::npos) return "has an empty label";
  } while (!rest.empty());
  // An all-numeric last label would be read as an IPv4 address by some resolvers (RFC 1123 section 2.1).
  if (std::ranges::all_of(label, [](char c) { return c >= '0' && c <= '9'; }))
    return "is not a valid address";
  return {};
}

std::string url_problem(std::string_view url) {
  if (url.empty()) return "must not be empty";
  if (url.size() > kMaxUrl) return "is longer than 2048 characters";
  if (!std::ranges::all_of(url, [](char c) { return c > 0x20 && c < 0x7f; })) {
    return "may hold only visible ASCII characters; write others percent-encoded";
  }
  if (url.find_first_of("<>\"\\^`{|}") != std::string_view::npos) {
    return "contains a character that URLs must percent-encode";
  }
  const auto scheme_end = url.find("://");
  if (scheme_end == std::string_view::npos) return "must begin with ws://, wss://, http:// or https://";
  const std::string scheme = lower_case(url.substr(0, scheme_end));
  if (scheme != "ws" && scheme != "wss" && scheme != "http" && scheme != "https") {
    return "must begin with ws://, wss://, http:// or https://";
  }
  if (url.find('#') != std::string_view::npos) return "must not contain a fragment (#)";
  for (auto at = url.find('%'); at != std::string_view::npos; at = url.find('%', at + 1)) {
    const auto hex = [](char c) {
      return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F');
    };
    if (at + 2 >= url.size() || !hex(url[at + 1]) || !hex(url[at + 2]))
      return "has a % without two hexadecimal digits";
  }
  const std::string_view rest = url.substr(scheme_end + 3);
  return authority_problem(rest.substr(0, rest.find_first_of("/?")));
}

std::optional<StoreFailure> check(const Account& a) {
  if (auto f = check_id(a.id, "id", true)) return f;
  if (auto f = check_name(a.name)) return f;
  const bool visible = std::ranges::all_of(a.webhook_secret, [](char c) { return c > 0x20 && c < 0x7f; });
  if (a.webhook_secret.size() > kMaxSecret || !visible) {
    return invalid("webhook_secret", "may hold at most 256 visible ASCII characters");
  }
  if (!a.webhook_secret.empty() && a.webhook_secret.size() < 16) {
    return invalid("webhook_secret", "is shorter than 16 characters");
  }
  if (a.orphan_max_duration_ms < 0 || a.orphan_max_duration_ms > kMaxDurationMs) {
    return invalid("orphan_max_duration_ms", "must be from 0 to 604800000 (seven days)");
  }
  if (a.max_call_duration_ms < 1000 || a.max_call_duration_ms > kMaxDurationMs) {
    return invalid("max_call_duration_ms", "must be from 1000 to 604800000 (seven days)");
  }
  if (a.max_concurrent_calls > 1'000'000) return invalid("max_concurrent_calls", "must be from 0 to 1000000");
  if (auto f = check_rate(a.max_calls_per_second, "max_calls_per_second")) return f;
  return check_outbound(a);
}

std::optional<StoreFailure> check(const Application& a) {
  if (auto f = check_id(a.id, "id", true)) return f;
  if (auto f = check_id(a.account_id, "account_id", false)) return f;
  if (auto f = check_name(a.name)) return f;
  // Without one its calls go to workers only.
  if (a.url.empty()) {
    if (!a.fallback_url.empty()) return invalid("fallback_url", "goes with url only");
    return std::nullopt;
  }
  if (auto f = check_url(a.url, "url")) return f;
  return a.fallback_url.empty() ? std::nullopt : check_url(a.fallback_url, "fallback_url");
}

std::optional<StoreFailure> check(const Number& n) {
  if (auto f = check_ids(n)) return f;
  if (n.did.find(';') != std::string::npos || !digits_of(n.did)) {
    return invalid("did", "must be 1 to 32 digits (also * and #) with an optional leading +");
  }
  if (!n.ani.empty()) {
    std::string_view ani = n.ani;
    if (ani.ends_with('*')) ani.remove_suffix(1);
    if (ani.find_first_of(";*#") != std::string_view::npos || !digits_of(ani)) {
      return invalid("ani", "must be 1 to 32 digits with an optional leading + and an optional trailing *");
    }
  }
  return std::nullopt;
}

std::optional<StoreFailure> check(const Domain& d) {
  if (auto f = check_ids(d)) return f;
  if (auto problem = domain_problem(d.name); !problem.empty()) return invalid("name", std::move(problem));
  return std::nullopt;
}

}  // namespace tandem::store
