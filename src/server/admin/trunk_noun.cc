// `tandem admin trunk`.
#include <charconv>

#include "server/admin/gathered.h"

namespace tandem::server {
namespace {

using store::NumberFormat;
using store::NumberStyle;
using store::SrtpPolicy;
using store::Store;

template <class T>
bool read_number(std::string_view text, T& value) {
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  return error == std::errc{} && end == text.data() + text.size() && !text.empty();
}

/// What is wrong, or empty.
std::string read_parameter(std::string_view name, std::string_view value, store::Gateway& g) {
  if (name == "transport") {
    for (const auto t : {model::SipTransport::udp, model::SipTransport::tcp, model::SipTransport::tls}) {
      if (to_string(t) == value) return g.transport = t, "";
    }
    return "transport must be udp, tcp or tls";
  }
  if (name == "priority") return read_number(value, g.priority) ? "" : "priority must be a number";
  if (name == "weight") return read_number(value, g.weight) ? "" : "weight must be a number";
  if (name == "probe") {
    g.probe = value == "yes";
    return value == "yes" || value == "no" ? "" : "probe must be yes or no";
  }
  return "\"" + std::string(name) + "\" is none of transport, priority, weight, probe";
}

void add_format_options(CLI::App& create, const std::string& before, std::string& style, NumberFormat& f) {
  create.add_option(before + "number-style", style, "as_is, e164_plus, e164_bare or national")
      ->check(CLI::IsMember({"as_is", "e164_plus", "e164_bare", "national"}));
  create.add_option(before + "country-code", f.country_code, "Own country, for national");
  create.add_option(before + "trunk-prefix", f.trunk_prefix, "Before national numbers, such as 0");
  create.add_option(before + "international-prefix", f.international_prefix, "Such as 00; empty: +");
  create.add_option(before + "strip-digits", f.strip_digits, "Leading digits to drop");
  create.add_option(before + "add-prefix", f.add_prefix, "Digits to put in front");
}

NumberStyle style_named(const std::string& text) {
  for (const auto s : {NumberStyle::e164_plus, NumberStyle::e164_bare, NumberStyle::national}) {
    if (to_string(s) == text) return s;
  }
  return NumberStyle::as_is;
}

SrtpPolicy srtp_named(const std::string& text) {
  if (text == "offer") return SrtpPolicy::offer;
  return text == "require" ? SrtpPolicy::require : SrtpPolicy::never;
}

void add_outbound_options(CLI::App& create, Admin& a) {
  store::Trunk& t = a.trunk;
  create.add_option("--gateway", a.gateways,
                    "host[:port][;transport=tcp][;priority=1][;weight=2][;probe=no] for outbound calls; "
                    "repeatable; the lowest priority goes first");
  create.add_option("--username", t.login.username, "Answers challenges of gateways and registrar");
  create.add_option("--password", t.login.password);
  create.add_option("--login-realm", t.login.realm, "Only challenges of this realm are answered");
  create.add_flag("--register", t.registration.enabled, "Register at --registrar");
  create.add_option("--registrar", t.registration.registrar_uri, "Such as sip:registrar.example");
  create.add_option("--register-address", t.registration.address_uri,
                    "sip:user@domain; the user name at the registrar unless given");
  create.add_option("--contact-user", t.registration.contact_user,
                    "By which the carrier calls us; the trunk's id unless given");
  create.add_option("--register-expires-s", t.registration.expires_s)->capture_default_str();
  create.add_option("--srtp", a.srtp, "never, offer or require")
      ->check(CLI::IsMember({"never", "offer", "require"}));
  create.add_option("--max-calls-per-second", t.max_calls_per_second, "Outbound; 0: no limit");
  create.add_option("--max-concurrent-calls", t.max_concurrent_calls, "Outbound; 0: no limit");
  create.add_option("--prefix", t.prefixes, "Numbers the trunk is used for; repeatable; all unless given");
  create.add_option("--priority", t.priority, "Among trunks of equally long prefix the lowest goes first");
  create.add_option("--caller-id", t.default_caller_id, "Shown unless the call says otherwise");
  create.add_option("--allow-caller-id", t.allowed_caller_ids,
                    "Number, or prefix with a trailing *; repeatable; any unless given");
  create.add_flag("--trusted", t.trusted, "Send and believe P-Asserted-Identity");
  create.add_option("--first-response-timeout-ms", t.first_response_timeout_ms)->capture_default_str();
  create.add_option("--ring-timeout-ms", t.ring_timeout_ms, "0: what the call says");
}

int create_trunk(Admin& a, Store& store) {
  if (a.account_text.empty() && a.application_text.empty()) return fail("give --application or --account");
  for (const auto& text : a.addresses) {
    const auto block = model::IpBlock::parse(text);
    if (!block) return fail("invalid: address: \"" + text + "\" is no address or block");
    a.trunk.addresses.push_back(*block);
  }
  for (const auto& text : a.gateways) {
    auto gateway = read_gateway(text);
    if (!gateway) return fail("invalid: gateway: " + gateway.error());
    a.trunk.gateways.push_back(std::move(*gateway));
  }
  a.trunk.outbound_format.style = style_named(a.number_style);
  a.trunk.inbound_format.style = style_named(a.inbound_style);
  a.trunk.srtp = srtp_named(a.srtp);
  return a.create_owned(store, a.trunk);
}

}  // namespace

Result<store::Gateway, std::string> read_gateway(const std::string& text) {
  store::Gateway g;
  std::string_view rest = text;
  std::string_view place = rest.substr(0, rest.find(';'));
  rest.remove_prefix(place.size());
  const auto close = place.starts_with('[') ? place.find(']') : std::string_view::npos;
  // An IPv6 address without brackets has several colons and no port.
  const bool bare = close == std::string_view::npos && place.find(':') != place.rfind(':');
  const auto colon =
      bare ? std::string_view::npos : place.find(':', close == std::string_view::npos ? 0 : close);
  if (colon != std::string_view::npos) {
    if (!read_number(place.substr(colon + 1), g.port) || g.port == 0) {
      return Err("the port of \"" + text + "\" is not 1 to 65535");
    }
    place = place.substr(0, colon);
  }
  g.host = close == std::string_view::npos ? place : place.substr(1, close - 1);
  while (!rest.empty()) {
    rest.remove_prefix(1);
    const std::string_view parameter = rest.substr(0, rest.find(';'));
    rest.remove_prefix(parameter.size());
    const auto equals = parameter.find('=');
    const auto value = equals == std::string_view::npos ? std::string_view{} : parameter.substr(equals + 1);
    if (auto problem = read_parameter(parameter.substr(0, equals), value, g); !problem.empty()) {
      return Err(std::move(problem));
    }
  }
  return g;
}

void add_trunk(CLI::App& app, Admin& a) {
  auto* noun = add_noun(app, "trunk", "SIP trunks: carriers and PBXs");
  auto* create = noun->add_subcommand("create", "Print the new trunk's id");
  create->add_option("--name", a.trunk.name, "Name, unique in the account")->required();
  create->add_option("--address", a.addresses,
                     "Where its calls come from: address or block such as 192.0.2.0/24; repeatable");
  create->add_option("--realm", a.trunk.realm,
                     "Its calls log in to this realm with credentials of the trunk");
  add_owner(*create, a, false);
  add_outbound_options(*create, a);
  add_format_options(*create, "--", a.number_style, a.trunk.outbound_format);
  add_format_options(*create, "--inbound-", a.inbound_style, a.trunk.inbound_format);
  create->callback([&a] { a.action = [&a](Store& s) { return create_trunk(a, s); }; });
  add_list_and_delete<model::TrunkId>(*noun, a, [&a](Store& s) { return s.trunks(a.owner()); });
}

}  // namespace tandem::server
