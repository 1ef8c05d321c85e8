// Checks of trunks, credentials and API keys.
#include <algorithm>
#include <cmath>
#include <set>

#include "store/api/digits.h"
#include "store/validation/parts.h"
#include "store/validation/validation.h"

namespace tandem::store {
namespace {

constexpr std::size_t kMaxTrunkAddresses = 64;
constexpr std::size_t kMaxGateways = 16;
constexpr std::uint32_t kMaxRank = 65'535;
constexpr std::size_t kMaxLogin = 128;

using Found = std::optional<StoreFailure>;

bool all_digits(std::string_view text) {
  return std::ranges::all_of(text, [](char c) { return c >= '0' && c <= '9'; });
}

bool hexadecimal(std::string_view text, std::size_t size) {
  return text.size() == size &&
         std::ranges::all_of(text, [](char c) { return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f'); });
}

/// Characters of a SIP user part that need no escape (RFC 3261 25.1).
bool plain_user(std::string_view text) {
  return !text.empty() && text.size() <= kMaxLogin && std::ranges::all_of(text, [](char c) {
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
           std::string_view("-_.!~*'()&=+$,").find(c) != std::string_view::npos;
  });
}

Found check_gateways(const std::vector<Gateway>& gateways) {
  if (gateways.size() > kMaxGateways) return invalid("gateways", "may hold at most 16");
  for (const Gateway& g : gateways) {
    if (auto problem = domain_problem(g.host); !problem.empty()) {
      return invalid("gateways", "the host \"" + g.host.substr(0, 253) + "\" " + problem);
    }
    if (g.priority > kMaxRank) return invalid("gateways", "a priority must be from 0 to 65535");
    if (g.weight > kMaxRank) return invalid("gateways", "a weight must be from 0 to 65535");
  }
  return std::nullopt;
}

/// "sip:" or "sips:", a user where wanted, a host, optional port and ;transport=.
std::string sip_uri_problem(std::string_view uri, bool with_user) {
  if (uri.size() > 512) return "is longer than 512 characters";
  if (!std::ranges::all_of(uri, [](char c) { return c > 0x20 && c < 0x7f; }) ||
      uri.find_first_of("<>\"?,") != std::string_view::npos) {
    return "holds a character that a SIP URI here cannot have";
  }
  if (!uri.starts_with("sip:") && !uri.starts_with("sips:")) return "must begin with sip: or sips:";
  std::string_view rest = uri.substr(uri.find(':') + 1);
  std::string_view parameters;
  if (const auto semicolon = rest.find(';'); semicolon != std::string_view::npos) {
    parameters = rest.substr(semicolon);
    rest = rest.substr(0, semicolon);
  }
  const auto at = rest.rfind('@');
  if (with_user != (at != std::string_view::npos)) {
    return with_user ? "must have a user part" : "must not have a user part";
  }
  if (with_user && !plain_user(rest.substr(0, at))) return "has a user part that is not plain text";
  if (!parameters.empty() && parameters != ";transport=udp" && parameters != ";transport=tcp" &&
      parameters != ";transport=tls") {
    return "may have one parameter: ;transport=udp, tcp or tls";
  }
  // The authority of a URL has the same form.
  return url_problem("http://" + std::string(rest.substr(with_user ? at + 1 : 0)));
}

Found check_login(const TrunkLogin& login) {
  if (auto f = check_visible(login.username, kMaxLogin, "login_username")) return f;
  if (auto f = check_visible(login.password, kMaxLogin, "login_password")) return f;
  if (auto f = check_visible(login.realm, kMaxLogin, "login_realm")) return f;
  if (login.username.empty() && !login.password.empty()) {
    return invalid("login_username", "is missing beside a password");
  }
  return std::nullopt;
}

Found check_registration(const Trunk& t) {
  const TrunkRegistration& r = t.registration;
  if (!r.enabled) return std::nullopt;
  if (auto problem = sip_uri_problem(r.registrar_uri, false); !problem.empty()) {
    return invalid("registrar_uri", std::move(problem));
  }
  if (!r.address_uri.empty()) {
    if (auto problem = sip_uri_problem(r.address_uri, true); !problem.empty()) {
      return invalid("address_uri", std::move(problem));
    }
  } else if (!plain_user(t.login.username)) {
    return invalid("address_uri", "is needed where the login has no plain user name");
  }
  if (!r.contact_user.empty() && !plain_user(r.contact_user)) {
    return invalid("contact_user", "may hold letters, digits and -_.!~*'()&=+$,");
  }
  if (r.expires_s < 60 || r.expires_s > 86'400) return invalid("expires_s", "must be from 60 to 86400");
  return std::nullopt;
}

Found check_format(const NumberFormat& f, const char* field) {
  if (!all_digits(f.country_code) || f.country_code.size() > 3 || f.country_code.starts_with('0')) {
    return invalid(field, "the country code must be 1 to 3 digits");
  }
  if (f.style == NumberStyle::national && f.country_code.empty()) {
    return invalid(field, "the style national needs a country code");
  }
  if (!all_digits(f.trunk_prefix) || f.trunk_prefix.size() > 4) {
    return invalid(field, "the trunk prefix must be at most 4 digits");
  }
  if (!all_digits(f.international_prefix) || f.international_prefix.size() > 6) {
    return invalid(field, "the international prefix must be at most 6 digits");
  }
  if (f.strip_digits > kMaxDigits) return invalid(field, "at most 32 digits can be stripped");
  const bool dialable = f.add_prefix.find_first_not_of("+0123456789*#") == std::string::npos;
  if (!dialable || f.add_prefix.size() > kMaxDigits) {
    return invalid(field, "the prefix to add may hold at most 32 digits, * and #");
  }
  return std::nullopt;
}

Found check_caller_ids(const Trunk& t) {
  if (!t.default_caller_id.empty() && !digits_of(t.default_caller_id) && !plain_user(t.default_caller_id)) {
    return invalid("default_caller_id", "must be a number or a plain SIP user name");
  }
  return check_numbers(t.allowed_caller_ids, true, "allowed_caller_ids");
}

Found check_limits(const Trunk& t) {
  if (auto f = check_rate(t.max_calls_per_second, "max_calls_per_second")) return f;
  if (t.max_concurrent_calls > 1'000'000) return invalid("max_concurrent_calls", "must be from 0 to 1000000");
  if (t.priority > kMaxRank) return invalid("priority", "must be from 0 to 65535");
  if (t.first_response_timeout_ms < 500 || t.first_response_timeout_ms > 32'000) {
    return invalid("first_response_timeout_ms", "must be from 500 to 32000");
  }
  if (t.ring_timeout_ms != 0 && (t.ring_timeout_ms < 1000 || t.ring_timeout_ms > 3'600'000)) {
    return invalid("ring_timeout_ms", "must be 0 or from 1000 to 3600000");
  }
  return std::nullopt;
}

}  // namespace

Found check(const Trunk& t) {
  if (auto f = check_ids(t, true)) return f;
  if (auto f = check_name(t.name)) return f;
  if (t.addresses.empty() && t.realm.empty() && t.gateways.empty() && !t.registration.enabled) {
    return invalid("addresses",
                   "give addresses, a realm, gateways or a registration: without any of them "
                   "no call can use the trunk");
  }
  if (t.addresses.size() > kMaxTrunkAddresses) return invalid("addresses", "may hold at most 64 blocks");
  if (!t.realm.empty()) {
    if (auto problem = domain_problem(t.realm); !problem.empty()) return invalid("realm", std::move(problem));
  }
  if (auto f = check_gateways(t.gateways)) return f;
  if (auto f = check_login(t.login)) return f;
  if (auto f = check_registration(t)) return f;
  if (auto f = check_format(t.outbound_format, "outbound_format")) return f;
  if (auto f = check_format(t.inbound_format, "inbound_format")) return f;
  if (auto f = check_numbers(t.prefixes, false, "prefixes")) return f;
  if (auto f = check_caller_ids(t)) return f;
  return check_limits(t);
}

Found check(const Credential& c) {
  if (auto f = check_id(c.id, "id", true)) return f;
  if (auto f = check_id(c.account_id, "account_id", false)) return f;
  if (c.domain_id.empty() == c.trunk_id.empty())
    return invalid("domain_id", "give either a domain or a trunk");
  if (auto f = check_id(c.domain_id, "domain_id", true)) return f;
  if (auto f = check_id(c.trunk_id, "trunk_id", true)) return f;
  if (!plain_user(c.username)) {
    return invalid("username", "must be 1 to 128 letters, digits and -_.!~*'()&=+$,");
  }
  if (!hexadecimal(c.ha1_md5, 32)) return invalid("ha1_md5", "must be 32 lower-case hexadecimal digits");
  if (!hexadecimal(c.ha1_sha256, 64))
    return invalid("ha1_sha256", "must be 64 lower-case hexadecimal digits");
  return std::nullopt;
}

Found check(const ApiKey& k) {
  if (auto f = check_id(k.id, "id", true)) return f;
  if (auto f = check_id(k.account_id, "account_id", true)) return f;
  if (auto f = check_name(k.name)) return f;
  if (!hexadecimal(k.secret_hash, 64))
    return invalid("secret_hash", "must be 64 lower-case hexadecimal digits");
  if (k.scopes.empty()) return invalid("scopes", "must name at least one scope");
  if (std::set(k.scopes.begin(), k.scopes.end()).size() != k.scopes.size()) {
    return invalid("scopes", "names a scope twice");
  }
  if (k.account_id.empty() && k.scopes != std::vector{Scope::admin}) {
    return invalid("account_id", "may only be missing when the one scope is admin");
  }
  return std::nullopt;
}

}  // namespace tandem::store
