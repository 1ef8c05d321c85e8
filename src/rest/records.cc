#include "rest/records.h"

#include <algorithm>
#include <chrono>

#include "model/sip_transport.h"
#include "rest/problem.h"
#include "wire/generated/rest_codec.h"
#include "wire/rest_body.h"

namespace tandem::rest {
namespace {

using store::StoreError;
using store::StoreFailure;
using Wrong = std::optional<StoreFailure>;

StoreFailure invalid(std::string field, std::string what) {
  return {StoreError::invalid, std::move(field), std::move(what)};
}

template <class From, class To>
void set(const std::optional<From>& from, To& to) {
  if (from) to = static_cast<To>(*from);
}
template <class T>
void set(const std::optional<T>& from, T& to) {
  if (from) to = *from;
}

/// The enumerator of the same name: the store's words and the API's are one list.
template <class To, class From, std::size_t N>
To same_word(From from, const std::array<To, N>& all) {
  const auto found =
      std::find_if(all.begin(), all.end(), [&](To t) { return to_string(t) == to_string(from); });
  return found == all.end() ? all[0] : *found;
}
constexpr std::array kStyles{store::NumberStyle::as_is, store::NumberStyle::e164_plus,
                             store::NumberStyle::e164_bare, store::NumberStyle::national};
constexpr std::array kRestStyles{
    model::RestTrunkNumberFormatStyle::as_is, model::RestTrunkNumberFormatStyle::e164_plus,
    model::RestTrunkNumberFormatStyle::e164_bare, model::RestTrunkNumberFormatStyle::national};
constexpr std::array kSrtp{store::SrtpPolicy::never, store::SrtpPolicy::offer, store::SrtpPolicy::require};
constexpr std::array kRestSrtp{model::RestTrunkSrtp::never, model::RestTrunkSrtp::offer,
                               model::RestTrunkSrtp::require};
constexpr std::array kTransports{model::SipTransport::udp, model::SipTransport::tcp,
                                 model::SipTransport::tls};
constexpr std::array kRestTransports{model::RestTrunkGatewayTransport::udp,
                                     model::RestTrunkGatewayTransport::tcp,
                                     model::RestTrunkGatewayTransport::tls};

Wrong put(const model::RestAccountBody& b, store::Account& a, const Caller&, WallTime) {
  set(b.name, a.name);
  set(b.webhook_secret, a.webhook_secret);
  set(b.outbound_application_id, a.outbound_application_id);
  set(b.max_concurrent_calls, a.max_concurrent_calls);
  set(b.max_calls_per_second, a.max_calls_per_second);
  set(b.max_outbound_calls_per_second, a.max_outbound_calls_per_second);
  set(b.max_call_duration_ms, a.max_call_duration_ms);
  set(b.orphan_max_duration_ms, a.orphan_max_duration_ms);
  set(b.intent_queue_size, a.intent_queue_size);
  set(b.intent_expiry_ms, a.intent_expiry_ms);
  set(b.allowed_prefixes, a.allowed_prefixes);
  set(b.queues_on_first_use, a.queues_on_first_use);
  return std::nullopt;
}

Wrong put(const model::RestApplicationBody& b, store::Application& a, const Caller&, WallTime) {
  set(b.name, a.name);
  set(b.url, a.url);
  set(b.fallback_url, a.fallback_url);
  return std::nullopt;
}

Wrong put(const model::RestNumberBody& b, store::Number& n, const Caller&, WallTime) {
  set(b.application_id, n.application_id);
  set(b.did, n.did);
  set(b.prefix, n.prefix);
  set(b.ani, n.ani);
  return std::nullopt;
}

Wrong put(const model::RestDomainBody& b, store::Domain& d, const Caller&, WallTime) {
  set(b.application_id, d.application_id);
  set(b.name, d.name);
  return std::nullopt;
}

store::NumberFormat format_of(const model::RestTrunkNumberFormat& f) {
  return {same_word(f.style, kStyles),
          f.country_code,
          f.trunk_prefix,
          f.international_prefix,
          static_cast<std::uint32_t>(f.strip_digits),
          f.add_prefix};
}

Wrong put_addresses(const std::vector<std::string>& texts, store::Trunk& t) {
  t.addresses.clear();
  for (std::size_t i = 0; i < texts.size(); ++i) {
    const auto block = model::IpBlock::parse(texts[i]);
    if (!block) {
      return invalid("addresses[" + std::to_string(i) + "]",
                     "must be an address or a block such as 192.0.2.0/24");
    }
    t.addresses.push_back(*block);
  }
  return std::nullopt;
}

void put_login(const model::RestTrunkLoginBody& b, store::TrunkLogin& login) {
  login.username = b.username;
  login.realm = b.realm;
  if (b.password) login.password = *b.password;
  if (b.username.empty() && !b.password) login.password.clear();
}

Wrong put(const model::RestTrunkBody& b, store::Trunk& t, const Caller&, WallTime) {
  set(b.application_id, t.application_id);
  set(b.name, t.name);
  if (b.addresses) {
    if (auto wrong = put_addresses(*b.addresses, t)) return wrong;
  }
  set(b.realm, t.realm);
  if (b.gateways) {
    t.gateways.clear();
    for (const auto& g : *b.gateways) {
      t.gateways.push_back({g.host, static_cast<std::uint16_t>(g.port), same_word(g.transport, kTransports),
                            static_cast<std::uint32_t>(g.priority), static_cast<std::uint32_t>(g.weight),
                            g.probe});
    }
  }
  if (b.login) put_login(*b.login, t.login);
  if (const auto& r = b.registration) {
    t.registration = {r->enabled, r->registrar_uri, r->address_uri, r->contact_user,
                      static_cast<std::uint32_t>(r->expires_s)};
  }
  if (b.srtp) t.srtp = same_word(*b.srtp, kSrtp);
  set(b.max_calls_per_second, t.max_calls_per_second);
  set(b.max_concurrent_calls, t.max_concurrent_calls);
  if (b.outbound_format) t.outbound_format = format_of(*b.outbound_format);
  if (b.inbound_format) t.inbound_format = format_of(*b.inbound_format);
  set(b.prefixes, t.prefixes);
  set(b.priority, t.priority);
  set(b.default_caller_id, t.default_caller_id);
  set(b.allowed_caller_ids, t.allowed_caller_ids);
  set(b.trusted, t.trusted);
  set(b.first_response_timeout_ms, t.first_response_timeout_ms);
  set(b.ring_timeout_ms, t.ring_timeout_ms);
  return std::nullopt;
}

Wrong put(const model::RestCredentialBody& b, store::Credential& c, const Caller&, WallTime) {
  const bool fresh = c.username.empty();
  const auto fixed = [&](const auto& given, const auto& now) { return !fresh && given && *given != now; };
  if (fixed(b.username, c.username)) return invalid("username", "cannot be changed: the hashes hold it");
  if (fixed(b.domain_id, c.domain_id))
    return invalid("domain_id", "cannot be changed: the hashes hold its name");
  if (fixed(b.trunk_id, c.trunk_id))
    return invalid("trunk_id", "cannot be changed: the hashes hold its realm");
  set(b.username, c.username);
  set(b.domain_id, c.domain_id);
  set(b.trunk_id, c.trunk_id);
  if (fresh && !b.password) return invalid("password", "is required");
  return std::nullopt;
}

Wrong put(const model::RestApiKeyBody& b, store::ApiKey& k, const Caller& caller, WallTime now) {
  set(b.name, k.name);
  if (b.scopes) {
    k.scopes.clear();
    for (std::size_t i = 0; i < b.scopes->size(); ++i) {
      const auto scope = store::scope_of((*b.scopes)[i]);
      if (!scope) return invalid("scopes[" + std::to_string(i) + "]", "is no scope");
      k.scopes.push_back(*scope);
    }
  }
  if (b.expires_in_s) k.expires = now + std::chrono::seconds(*b.expires_in_s);
  if (b.revoked) {
    if (!*b.revoked && k.revoked) return invalid("revoked", "is for good; make a new key");
    if (*b.revoked && !k.revoked) k.revoked = now;
  }
  return check_scopes(k.scopes, caller);
}

// ---- The other way round.

model::RestAccount shown(const store::Account& a, const Once& once) {
  model::RestAccount out;
  out.id = a.id, out.name = a.name, out.created_at = a.created;
  if (!a.outbound_application_id.empty()) out.outbound_application_id = a.outbound_application_id;
  out.max_concurrent_calls = a.max_concurrent_calls, out.max_calls_per_second = a.max_calls_per_second;
  out.max_outbound_calls_per_second = a.max_outbound_calls_per_second;
  out.max_call_duration_ms = a.max_call_duration_ms, out.orphan_max_duration_ms = a.orphan_max_duration_ms;
  out.intent_queue_size = a.intent_queue_size, out.intent_expiry_ms = a.intent_expiry_ms;
  out.allowed_prefixes = a.allowed_prefixes, out.queues_on_first_use = a.queues_on_first_use;
  if (!once.webhook_secret.empty()) out.webhook_secret = once.webhook_secret;
  return out;
}

model::RestApplication shown(const store::Application& a, const Once&) {
  model::RestApplication out;
  out.id = a.id, out.account_id = a.account_id, out.created_at = a.created;
  out.name = a.name, out.url = a.url, out.fallback_url = a.fallback_url;
  return out;
}

model::RestNumber shown(const store::Number& n, const Once&) {
  model::RestNumber out;
  out.id = n.id, out.account_id = n.account_id, out.created_at = n.created;
  out.application_id = n.application_id, out.did = n.did, out.prefix = n.prefix, out.ani = n.ani;
  return out;
}

model::RestDomain shown(const store::Domain& d, const Once&) {
  model::RestDomain out;
  out.id = d.id, out.account_id = d.account_id, out.created_at = d.created;
  out.application_id = d.application_id, out.name = d.name;
  return out;
}

model::RestTrunkNumberFormat shown(const store::NumberFormat& f) {
  model::RestTrunkNumberFormat out;
  out.style = same_word(f.style, kRestStyles), out.country_code = f.country_code;
  out.trunk_prefix = f.trunk_prefix, out.international_prefix = f.international_prefix;
  out.strip_digits = f.strip_digits, out.add_prefix = f.add_prefix;
  return out;
}

model::RestTrunk shown(const store::Trunk& t, const Once&) {
  model::RestTrunk out;
  out.id = t.id, out.account_id = t.account_id, out.created_at = t.created, out.name = t.name;
  if (!t.application_id.empty()) out.application_id = t.application_id;
  for (const auto& block : t.addresses) out.addresses.push_back(block.str());
  out.realm = t.realm;
  for (const auto& g : t.gateways) {
    auto& to = out.gateways.emplace_back();
    to.host = g.host, to.port = g.port, to.transport = same_word(g.transport, kRestTransports);
    to.priority = g.priority, to.weight = g.weight, to.probe = g.probe;
  }
  out.login.username = t.login.username, out.login.realm = t.login.realm;
  out.registration.enabled = t.registration.enabled,
  out.registration.registrar_uri = t.registration.registrar_uri;
  out.registration.address_uri = t.registration.address_uri;
  out.registration.contact_user = t.registration.contact_user;
  out.registration.expires_s = t.registration.expires_s;
  out.srtp = same_word(t.srtp, kRestSrtp);
  out.max_calls_per_second = t.max_calls_per_second, out.max_concurrent_calls = t.max_concurrent_calls;
  out.outbound_format = shown(t.outbound_format), out.inbound_format = shown(t.inbound_format);
  out.prefixes = t.prefixes, out.priority = t.priority, out.default_caller_id = t.default_caller_id;
  out.allowed_caller_ids = t.allowed_caller_ids, out.trusted = t.trusted;
  out.first_response_timeout_ms = t.first_response_timeout_ms, out.ring_timeout_ms = t.ring_timeout_ms;
  return out;
}

model::RestCredential shown(const store::Credential& c, const Once&) {
  model::RestCredential out;
  out.id = c.id, out.account_id = c.account_id, out.created_at = c.created;
  if (!c.domain_id.empty()) out.domain_id = c.domain_id;
  if (!c.trunk_id.empty()) out.trunk_id = c.trunk_id;
  out.username = c.username, out.realm = c.realm;
  return out;
}

model::RestApiKey shown(const store::ApiKey& k, const Once& once) {
  model::RestApiKey out;
  out.id = k.id, out.created_at = k.created, out.name = k.name;
  if (!k.account_id.empty()) out.account_id = k.account_id;
  for (const auto scope : k.scopes) out.scopes.emplace_back(store::to_string(scope));
  out.expires_at = k.expires, out.last_used_at = k.last_used, out.revoked_at = k.revoked;
  if (!once.token.empty()) out.token = once.token;
  return out;
}

template <class Body>
Result<RecordBody, model::Error> decoded(std::string_view text) {
  auto body = wire::decode_body<Body>(text);
  if (!body) return Err(std::move(body).error());
  return RecordBody(std::move(*body));
}

}  // namespace

Result<RecordBody, model::Error> decode_record(store::Kind kind, std::string_view text) {
  switch (kind) {
    case store::Kind::account:
      return decoded<model::RestAccountBody>(text);
    case store::Kind::application:
      return decoded<model::RestApplicationBody>(text);
    case store::Kind::number:
      return decoded<model::RestNumberBody>(text);
    case store::Kind::domain:
      return decoded<model::RestDomainBody>(text);
    case store::Kind::trunk:
      return decoded<model::RestTrunkBody>(text);
    case store::Kind::credential:
      return decoded<model::RestCredentialBody>(text);
    case store::Kind::api_key:
      return decoded<model::RestApiKeyBody>(text);
  }
  return Err(fault(model::ErrorCode::internal, {}, "no such kind"));
}

store::Record empty_record(store::Kind kind, const model::AccountId& owner) {
  const auto owned = [&](auto record) -> store::Record {
    record.account_id = owner;
    return record;
  };
  switch (kind) {
    case store::Kind::account:
      return store::Account{};
    case store::Kind::application:
      return owned(store::Application{});
    case store::Kind::number:
      return owned(store::Number{});
    case store::Kind::domain:
      return owned(store::Domain{});
    case store::Kind::trunk:
      return owned(store::Trunk{});
    case store::Kind::credential:
      return owned(store::Credential{});
    case store::Kind::api_key:
      return owned(store::ApiKey{});
  }
  return store::Account{};
}

std::optional<StoreFailure> check_scopes(const std::vector<store::Scope>& scopes, const Caller& caller) {
  for (const auto scope : scopes) {
    store::ApiKey own;
    own.scopes = caller.gives;
    if (store::allows(own, scope)) continue;
    return invalid("scopes",
                   "a key cannot give " + std::string(store::to_string(scope)) + ", which it has not itself");
  }
  return std::nullopt;
}

std::optional<StoreFailure> apply(const RecordBody& body, store::Record& record, const Caller& caller,
                                  WallTime now) {
  return std::visit(
      [&]<class B, class R>(const B& b, R& r) -> Wrong {
        if constexpr (requires { put(b, r, caller, now); }) {
          return put(b, r, caller, now);
        } else {
          return invalid("", "another kind of record");
        }
      },
      body, record);
}

std::string record_text(const store::Record& record, const Once& once) {
  std::string out;
  wire::JsonWriter w(out);
  std::visit([&](const auto& r) { wire::encode(w, shown(r, once)); }, record);
  return out;
}

std::string record_id(const store::Record& record) {
  return std::visit([](const auto& r) { return r.id.str(); }, record);
}

}  // namespace tandem::rest
