#include "trunk/selection.h"

#include <algorithm>
#include <cmath>
#include <numeric>
#include <tuple>

#include "model/sip_uri.h"
#include "store/api/digits.h"
#include "store/api/number_format.h"

namespace tandem::trunk {
namespace {

constexpr std::size_t kMaxUri = 512;

std::string bracketed(const std::string& host) {
  return host.find(':') != std::string::npos && !host.starts_with('[') ? "[" + host + "]" : host;
}

/// "sip:user@host:port;x" -> "host"; with IPv6 brackets.
std::string host_of_uri(std::string_view uri) {
  uri.remove_prefix(std::min(uri.find(':') + 1, uri.size()));
  uri = uri.substr(0, uri.find_first_of(";?"));
  if (const auto at = uri.rfind('@'); at != std::string_view::npos) uri.remove_prefix(at + 1);
  if (uri.starts_with('[')) return std::string(uri.substr(0, uri.find(']') + 1));
  return std::string(uri.substr(0, uri.find(':')));
}

std::string_view user_of_uri(std::string_view uri) {
  uri.remove_prefix(std::min(uri.find(':') + 1, uri.size()));
  const auto at = uri.find('@');
  return at == std::string_view::npos ? std::string_view{} : uri.substr(0, at);
}

/// The domain in which the trunk knows our callers.
std::string home_of(const store::Trunk& trunk, const store::Gateway& gateway) {
  const auto& r = trunk.registration;
  if (r.enabled) return host_of_uri(r.address_uri.empty() ? r.registrar_uri : r.address_uri);
  return bracketed(gateway.host);
}

bool has_digit_prefix(std::string_view digits, const std::vector<std::string>& prefixes) {
  return std::ranges::any_of(prefixes, [&](const std::string& prefix) {
    const auto wanted = store::digits_of(prefix);
    return wanted && digits.starts_with(*wanted);
  });
}

bool caller_id_matches(std::string_view pattern, std::string_view caller) {
  const bool prefix = pattern.ends_with('*');
  if (prefix) pattern.remove_suffix(1);
  const auto wanted = store::digits_of(pattern);
  const auto shown = store::digits_of(caller);
  if (!wanted || !shown) return !prefix && pattern == caller;
  return prefix ? shown->starts_with(*wanted) : *shown == *wanted;
}

/// How long the longest prefix of `trunk` that fits is; -1: none. A trunk
/// without prefixes takes all.
int fit(const store::Trunk& trunk, std::string_view digits) {
  if (trunk.prefixes.empty()) return 0;
  int best = -1;
  for (const auto& prefix : trunk.prefixes) {
    const auto wanted = store::digits_of(prefix);
    if (wanted && digits.starts_with(*wanted)) best = std::max(best, static_cast<int>(wanted->size()));
  }
  return best;
}

}  // namespace

std::optional<Destination> read_destination(std::string_view text) {
  if (text.empty() || text.size() > kMaxUri) return std::nullopt;
  if (text.starts_with("sip:") || text.starts_with("sips:")) {
    const bool clean = std::ranges::all_of(text, [](char c) { return c > 0x20 && c < 0x7f; }) &&
                       text.find_first_of("<>\"") == std::string_view::npos;
    if (!clean || host_of_uri(text).empty()) return std::nullopt;
    return Destination{{}, std::string(text), store::digits_of(user_of_uri(text)).value_or("")};
  }
  if (text.starts_with("tel:")) text.remove_prefix(4);
  text = text.substr(0, text.find(';'));
  auto digits = store::digits_of(text);
  if (!digits) return std::nullopt;
  return Destination{std::string(text), {}, std::move(*digits)};
}

bool destination_allowed(const store::Account& account, std::string_view destination) {
  if (account.allowed_prefixes.empty()) return true;
  const auto read = read_destination(destination);
  return read && !read->digits.empty() && has_digit_prefix(read->digits, account.allowed_prefixes);
}

std::vector<const store::Trunk*> trunks_for(const std::vector<const store::Trunk*>& trunks,
                                            std::string_view digits) {
  std::vector<std::pair<int, const store::Trunk*>> fitting;
  for (const auto* trunk : trunks) {
    const int length = fit(*trunk, digits);
    if (length >= 0 && !trunk->gateways.empty()) fitting.emplace_back(length, trunk);
  }
  std::ranges::stable_sort(fitting, [](const auto& a, const auto& b) {
    return std::tuple(-a.first, a.second->priority) < std::tuple(-b.first, b.second->priority);
  });
  std::vector<const store::Trunk*> ordered;
  for (const auto& [length, trunk] : fitting) ordered.push_back(trunk);
  return ordered;
}

std::vector<std::size_t> gateway_order(const std::vector<store::Gateway>& gateways,
                                       Function<double()>& random) {
  // Drawing u^(1/weight) and sorting downwards picks each next one in
  // proportion to its weight.
  std::vector<double> draw;
  for (const auto& g : gateways) {
    const double u = random();
    draw.push_back(g.weight == 0 ? u - 1 : std::pow(u, 1.0 / g.weight));
  }
  std::vector<std::size_t> order(gateways.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::ranges::stable_sort(order, [&](std::size_t a, std::size_t b) {
    return std::tuple(gateways[a].priority, -draw[a]) < std::tuple(gateways[b].priority, -draw[b]);
  });
  return order;
}

std::string gateway_name(const store::Gateway& g) {
  std::string name = bracketed(g.host);
  if (g.port != 0) name += ":" + std::to_string(g.port);
  if (g.transport != model::SipTransport::udp) name += ";transport=" + std::string(to_string(g.transport));
  return name;
}

std::optional<std::string> caller_id_for(const store::Trunk& trunk, std::string_view wanted) {
  const std::string_view shown = wanted.empty() ? std::string_view(trunk.default_caller_id) : wanted;
  if (shown.empty()) return std::string{};
  const auto& allowed = trunk.allowed_caller_ids;
  const bool fine = wanted.empty() || allowed.empty() || wanted == trunk.default_caller_id ||
                    std::ranges::any_of(allowed, [&](const auto& p) { return caller_id_matches(p, wanted); });
  if (!fine) return std::nullopt;
  // What carriers strip and prepend concerns the number called.
  store::NumberFormat style = trunk.outbound_format;
  style.strip_digits = 0;
  style.add_prefix.clear();
  return store::to_wire(style, shown);
}

Attempt make_attempt(const store::Trunk& trunk, const store::Gateway& gateway, const Destination& destination,
                     const std::string& caller_id, const DialRequest& request) {
  Attempt a;
  a.trunk_id = trunk.id;
  a.gateway = gateway_name(gateway);
  a.ring_timeout = std::chrono::milliseconds{trunk.ring_timeout_ms};
  sip::OutboundCall& call = a.call;
  if (destination.uri.empty()) {
    // Digits alone: visual separators are for people.
    std::string number = store::to_wire(trunk.outbound_format, destination.number);
    std::erase_if(number, [](char c) { return std::string_view("-.() ").find(c) != std::string_view::npos; });
    call.target_uri = "sip:" + model::escaped_user(number) + "@" + a.gateway;
  } else {
    call.target_uri = destination.uri;
    call.outbound_proxy = "sip:" + a.gateway;
  }
  const std::string home = home_of(trunk, gateway);
  call.from_uri = caller_id.empty() ? "sip:anonymous@anonymous.invalid"
                                    : "sip:" + model::escaped_user(caller_id) + "@" + home;
  call.from_display_name = request.caller_name;
  call.privacy = request.privacy;
  call.trusted = trunk.trusted;
  if (trunk.trusted && !caller_id.empty()) call.asserted_identity = call.from_uri;
  call.first_response_timeout = std::chrono::milliseconds{trunk.first_response_timeout_ms};
  if (!trunk.login.username.empty()) {
    call.credentials = sip::Credentials{trunk.login.username, trunk.login.password, trunk.login.realm};
  }
  return a;
}

std::optional<std::size_t> next_attempt(const std::vector<Attempt>& attempts, std::size_t current,
                                        Next next) {
  if (next == Next::stop || current >= attempts.size()) return std::nullopt;
  for (std::size_t i = current + 1; i < attempts.size(); ++i) {
    if (next == Next::gateway || attempts[i].trunk_id != attempts[current].trunk_id) return i;
  }
  return std::nullopt;
}

}  // namespace tandem::trunk
