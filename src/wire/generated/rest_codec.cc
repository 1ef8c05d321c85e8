// Generated from protocol/ by tools/gen. Do not edit.
#include "wire/generated/rest_codec.h"

#include <boost/json/value.hpp>

#include "wire/reader.h"

namespace tandem::wire {
namespace {

namespace json = boost::json;


#define kRestTrunkGatewayTransportValues "udp, tcp, tls"
bool parse_RestTrunkGatewayTransport(std::string_view s, model::RestTrunkGatewayTransport& out) {
  if (s == "udp") return out = model::RestTrunkGatewayTransport::udp, true;
  if (s == "tcp") return out = model::RestTrunkGatewayTransport::tcp, true;
  if (s == "tls") return out = model::RestTrunkGatewayTransport::tls, true;
  return false;
}

#define kRestTrunkBodySrtpValues "never, offer, require"
bool parse_RestTrunkBodySrtp(std::string_view s, model::RestTrunkBodySrtp& out) {
  if (s == "never") return out = model::RestTrunkBodySrtp::never, true;
  if (s == "offer") return out = model::RestTrunkBodySrtp::offer, true;
  if (s == "require") return out = model::RestTrunkBodySrtp::require, true;
  return false;
}

#define kRestTrunkNumberFormatStyleValues "as_is, e164_plus, e164_bare, national"
bool parse_RestTrunkNumberFormatStyle(std::string_view s, model::RestTrunkNumberFormatStyle& out) {
  if (s == "as_is") return out = model::RestTrunkNumberFormatStyle::as_is, true;
  if (s == "e164_plus") return out = model::RestTrunkNumberFormatStyle::e164_plus, true;
  if (s == "e164_bare") return out = model::RestTrunkNumberFormatStyle::e164_bare, true;
  if (s == "national") return out = model::RestTrunkNumberFormatStyle::national, true;
  return false;
}

std::string_view text_of(model::RestTrunkGatewayTransport v) {
  switch (v) {
    case model::RestTrunkGatewayTransport::udp: return "udp";
    case model::RestTrunkGatewayTransport::tcp: return "tcp";
    case model::RestTrunkGatewayTransport::tls: return "tls";
  }
  return {};
}

std::string_view text_of(model::RestTrunkNumberFormatStyle v) {
  switch (v) {
    case model::RestTrunkNumberFormatStyle::as_is: return "as_is";
    case model::RestTrunkNumberFormatStyle::e164_plus: return "e164_plus";
    case model::RestTrunkNumberFormatStyle::e164_bare: return "e164_bare";
    case model::RestTrunkNumberFormatStyle::national: return "national";
  }
  return {};
}

std::string_view text_of(model::RestTrunkSrtp v) {
  switch (v) {
    case model::RestTrunkSrtp::never: return "never";
    case model::RestTrunkSrtp::offer: return "offer";
    case model::RestTrunkSrtp::require: return "require";
  }
  return {};
}

std::string_view text_of(model::RestAuditEntryAction v) {
  switch (v) {
    case model::RestAuditEntryAction::created: return "created";
    case model::RestAuditEntryAction::updated: return "updated";
    case model::RestAuditEntryAction::deleted: return "deleted";
  }
  return {};
}

std::string_view text_of(model::RestRouteCandidateOutcome v) {
  switch (v) {
    case model::RestRouteCandidateOutcome::taken: return "taken";
    case model::RestRouteCandidateOutcome::beaten: return "beaten";
    case model::RestRouteCandidateOutcome::unfit: return "unfit";
  }
  return {};
}

void decode_RestAccountBody([[maybe_unused]] const json::value& value, [[maybe_unused]] model::RestAccountBody& out, Complaint& c, const std::string& path) {
  ObjectReader r(value, c, path);
  r.text("name", out.name, Need::optional, {1, 200, nullptr, SIZE_MAX});
  r.id("outbound_application_id", out.outbound_application_id, Need::optional);
  r.integer("max_concurrent_calls", out.max_concurrent_calls, Need::optional, {0, 1000000, {}});
  r.number("max_calls_per_second", out.max_calls_per_second, Need::optional, {0, 100000});
  r.number("max_outbound_calls_per_second", out.max_outbound_calls_per_second, Need::optional, {0, 100000});
  r.integer("max_call_duration_ms", out.max_call_duration_ms, Need::optional, {1000, 604800000, {}});
  r.integer("orphan_max_duration_ms", out.orphan_max_duration_ms, Need::optional, {0, 604800000, {}});
  r.integer("intent_queue_size", out.intent_queue_size, Need::optional, {0, 100000, {}});
  r.integer("intent_expiry_ms", out.intent_expiry_ms, Need::optional, {1000, 86400000, {}});
  r.list("allowed_prefixes", out.allowed_prefixes, Need::optional, {0, 1000}, [](const json::value& v, auto& item, Complaint& problem, const std::string& at) { (void)read_text(v, {1, 64, nullptr, SIZE_MAX}, item, problem, at); });
  r.boolean("queues_on_first_use", out.queues_on_first_use, Need::optional);
  r.text("webhook_secret", out.webhook_secret, Need::optional, {0, 256, nullptr, SIZE_MAX});
  r.finish();
}

void decode_RestApplicationBody([[maybe_unused]] const json::value& value, [[maybe_unused]] model::RestApplicationBody& out, Complaint& c, const std::string& path) {
  ObjectReader r(value, c, path);
  r.text("name", out.name, Need::optional, {1, 200, nullptr, SIZE_MAX});
  r.text("url", out.url, Need::optional, {0, 2048, nullptr, SIZE_MAX});
  r.text("fallback_url", out.fallback_url, Need::optional, {0, 2048, nullptr, SIZE_MAX});
  r.finish();
}

void decode_RestNumberBody([[maybe_unused]] const json::value& value, [[maybe_unused]] model::RestNumberBody& out, Complaint& c, const std::string& path) {
  ObjectReader r(value, c, path);
  r.id("application_id", out.application_id, Need::optional);
  r.text("did", out.did, Need::optional, {1, 64, nullptr, SIZE_MAX});
  r.boolean("prefix", out.prefix, Need::optional);
  r.text("ani", out.ani, Need::optional, {0, 64, nullptr, SIZE_MAX});
  r.finish();
}

void decode_RestDomainBody([[maybe_unused]] const json::value& value, [[maybe_unused]] model::RestDomainBody& out, Complaint& c, const std::string& path) {
  ObjectReader r(value, c, path);
  r.id("application_id", out.application_id, Need::optional);
  r.text("name", out.name, Need::optional, {1, 253, nullptr, SIZE_MAX});
  r.finish();
}

void decode_RestTrunkGateway([[maybe_unused]] const json::value& value, [[maybe_unused]] model::RestTrunkGateway& out, Complaint& c, const std::string& path) {
  ObjectReader r(value, c, path);
  r.text("host", out.host, Need::required, {1, 253, nullptr, SIZE_MAX});
  r.integer("port", out.port, Need::optional, {0, 65535, {}});
  r.enumeration("transport", out.transport, Need::optional, parse_RestTrunkGatewayTransport, kRestTrunkGatewayTransportValues);
  r.integer("priority", out.priority, Need::optional, {0, 65535, {}});
  r.integer("weight", out.weight, Need::optional, {0, 65535, {}});
  r.boolean("probe", out.probe, Need::optional);
  r.finish();
}

void decode_RestTrunkLoginBody([[maybe_unused]] const json::value& value, [[maybe_unused]] model::RestTrunkLoginBody& out, Complaint& c, const std::string& path) {
  ObjectReader r(value, c, path);
  r.text("username", out.username, Need::optional, {0, 128, nullptr, SIZE_MAX});
  r.text("password", out.password, Need::optional, {0, 128, nullptr, SIZE_MAX});
  r.text("realm", out.realm, Need::optional, {0, 128, nullptr, SIZE_MAX});
  r.finish();
}

void decode_RestTrunkRegistration([[maybe_unused]] const json::value& value, [[maybe_unused]] model::RestTrunkRegistration& out, Complaint& c, const std::string& path) {
  ObjectReader r(value, c, path);
  r.boolean("enabled", out.enabled, Need::optional);
  r.text("registrar_uri", out.registrar_uri, Need::optional, {0, 512, nullptr, SIZE_MAX});
  r.text("address_uri", out.address_uri, Need::optional, {0, 512, nullptr, SIZE_MAX});
  r.text("contact_user", out.contact_user, Need::optional, {0, 128, nullptr, SIZE_MAX});
  r.integer("expires_s", out.expires_s, Need::optional, {60, 86400, {}});
  r.finish();
}

void decode_RestTrunkNumberFormat([[maybe_unused]] const json::value& value, [[maybe_unused]] model::RestTrunkNumberFormat& out, Complaint& c, const std::string& path) {
  ObjectReader r(value, c, path);
  r.enumeration("style", out.style, Need::optional, parse_RestTrunkNumberFormatStyle, kRestTrunkNumberFormatStyleValues);
  r.text("country_code", out.country_code, Need::optional, {0, 32, nullptr, SIZE_MAX});
  r.text("trunk_prefix", out.trunk_prefix, Need::optional, {0, 32, nullptr, SIZE_MAX});
  r.text("international_prefix", out.international_prefix, Need::optional, {0, 32, nullptr, SIZE_MAX});
  r.text("add_prefix", out.add_prefix, Need::optional, {0, 32, nullptr, SIZE_MAX});
  r.integer("strip_digits", out.strip_digits, Need::optional, {0, 32, {}});
  r.finish();
}

void decode_RestTrunkBody([[maybe_unused]] const json::value& value, [[maybe_unused]] model::RestTrunkBody& out, Complaint& c, const std::string& path) {
  ObjectReader r(value, c, path);
  r.id("application_id", out.application_id, Need::optional);
  r.text("name", out.name, Need::optional, {1, 200, nullptr, SIZE_MAX});
  r.list("addresses", out.addresses, Need::optional, {0, 64}, [](const json::value& v, auto& item, Complaint& problem, const std::string& at) { (void)read_text(v, {1, 64, nullptr, SIZE_MAX}, item, problem, at); });
  r.text("realm", out.realm, Need::optional, {0, 253, nullptr, SIZE_MAX});
  r.list("gateways", out.gateways, Need::optional, {0, 16}, decode_RestTrunkGateway);
  r.object("login", out.login, Need::optional, decode_RestTrunkLoginBody);
  r.object("registration", out.registration, Need::optional, decode_RestTrunkRegistration);
  r.enumeration("srtp", out.srtp, Need::optional, parse_RestTrunkBodySrtp, kRestTrunkBodySrtpValues);
  r.number("max_calls_per_second", out.max_calls_per_second, Need::optional, {0, 100000});
  r.integer("max_concurrent_calls", out.max_concurrent_calls, Need::optional, {0, 1000000, {}});
  r.object("outbound_format", out.outbound_format, Need::optional, decode_RestTrunkNumberFormat);
  r.object("inbound_format", out.inbound_format, Need::optional, decode_RestTrunkNumberFormat);
  r.list("prefixes", out.prefixes, Need::optional, {0, 1000}, [](const json::value& v, auto& item, Complaint& problem, const std::string& at) { (void)read_text(v, {1, 64, nullptr, SIZE_MAX}, item, problem, at); });
  r.integer("priority", out.priority, Need::optional, {0, 65535, {}});
  r.text("default_caller_id", out.default_caller_id, Need::optional, {0, 128, nullptr, SIZE_MAX});
  r.list("allowed_caller_ids", out.allowed_caller_ids, Need::optional, {0, 1000}, [](const json::value& v, auto& item, Complaint& problem, const std::string& at) { (void)read_text(v, {1, 64, nullptr, SIZE_MAX}, item, problem, at); });
  r.boolean("trusted", out.trusted, Need::optional);
  r.integer("first_response_timeout_ms", out.first_response_timeout_ms, Need::optional, {500, 32000, {}});
  r.integer("ring_timeout_ms", out.ring_timeout_ms, Need::optional, {0, 3600000, {}});
  r.finish();
}

void decode_RestCredentialBody([[maybe_unused]] const json::value& value, [[maybe_unused]] model::RestCredentialBody& out, Complaint& c, const std::string& path) {
  ObjectReader r(value, c, path);
  r.id("domain_id", out.domain_id, Need::optional);
  r.id("trunk_id", out.trunk_id, Need::optional);
  r.text("username", out.username, Need::optional, {1, 128, nullptr, SIZE_MAX});
  r.text("password", out.password, Need::optional, {8, 128, nullptr, SIZE_MAX});
  r.finish();
}

void decode_RestApiKeyBody([[maybe_unused]] const json::value& value, [[maybe_unused]] model::RestApiKeyBody& out, Complaint& c, const std::string& path) {
  ObjectReader r(value, c, path);
  r.text("name", out.name, Need::optional, {1, 200, nullptr, SIZE_MAX});
  r.list("scopes", out.scopes, Need::optional, {0, 16}, [](const json::value& v, auto& item, Complaint& problem, const std::string& at) { (void)read_text(v, {1, 32, nullptr, SIZE_MAX}, item, problem, at); });
  r.integer("expires_in_s", out.expires_in_s, Need::optional, {1, 3153600000, {}});
  r.boolean("revoked", out.revoked, Need::optional);
  r.finish();
}

void decode_RestRotateApiKey([[maybe_unused]] const json::value& value, [[maybe_unused]] model::RestRotateApiKey& out, Complaint& c, const std::string& path) {
  ObjectReader r(value, c, path);
  r.integer("old_expires_in_s", out.old_expires_in_s, Need::optional, {0, 2592000, {}});
  r.finish();
}

void decode_RestExplainRoute([[maybe_unused]] const json::value& value, [[maybe_unused]] model::RestExplainRoute& out, Complaint& c, const std::string& path) {
  ObjectReader r(value, c, path);
  r.text("to", out.to, Need::required, {1, 256, nullptr, SIZE_MAX});
  r.text("from", out.from, Need::optional, {0, 256, nullptr, SIZE_MAX});
  r.text("domain", out.domain, Need::optional, {0, 253, nullptr, SIZE_MAX});
  r.text("source", out.source, Need::optional, {0, 64, nullptr, SIZE_MAX});
  r.id("trunk_id", out.trunk_id, Need::optional);
  r.finish();
}

}  // namespace

void decode(const json::value& v, model::RestAccountBody& out, Complaint& c) {
  decode_RestAccountBody(v, out, c, {});
}

void decode(const json::value& v, model::RestApplicationBody& out, Complaint& c) {
  decode_RestApplicationBody(v, out, c, {});
}

void decode(const json::value& v, model::RestNumberBody& out, Complaint& c) {
  decode_RestNumberBody(v, out, c, {});
}

void decode(const json::value& v, model::RestDomainBody& out, Complaint& c) {
  decode_RestDomainBody(v, out, c, {});
}

void decode(const json::value& v, model::RestTrunkBody& out, Complaint& c) {
  decode_RestTrunkBody(v, out, c, {});
}

void decode(const json::value& v, model::RestCredentialBody& out, Complaint& c) {
  decode_RestCredentialBody(v, out, c, {});
}

void decode(const json::value& v, model::RestApiKeyBody& out, Complaint& c) {
  decode_RestApiKeyBody(v, out, c, {});
}

void decode(const json::value& v, model::RestRotateApiKey& out, Complaint& c) {
  decode_RestRotateApiKey(v, out, c, {});
}

void decode(const json::value& v, model::RestExplainRoute& out, Complaint& c) {
  decode_RestExplainRoute(v, out, c, {});
}

void encode(JsonWriter& w, [[maybe_unused]] const model::RestAccount& e) {
  w.begin_object();
  {
    w.key("id");
    w.string(e.id.str());
  }
  {
    w.key("name");
    w.string(e.name);
  }
  if (e.outbound_application_id && !e.outbound_application_id->empty()) {
    w.key("outbound_application_id");
    w.string((*e.outbound_application_id).str());
  }
  {
    w.key("max_concurrent_calls");
    w.integer(e.max_concurrent_calls);
  }
  {
    w.key("max_calls_per_second");
    w.number(e.max_calls_per_second);
  }
  {
    w.key("max_outbound_calls_per_second");
    w.number(e.max_outbound_calls_per_second);
  }
  {
    w.key("max_call_duration_ms");
    w.integer(e.max_call_duration_ms);
  }
  {
    w.key("orphan_max_duration_ms");
    w.integer(e.orphan_max_duration_ms);
  }
  {
    w.key("intent_queue_size");
    w.integer(e.intent_queue_size);
  }
  {
    w.key("intent_expiry_ms");
    w.integer(e.intent_expiry_ms);
  }
  {
    w.key("allowed_prefixes");
    w.begin_array();
    for (const auto& item : e.allowed_prefixes) { w.string(item); }
    w.end_array();
  }
  {
    w.key("queues_on_first_use");
    w.boolean(e.queues_on_first_use);
  }
  if (e.webhook_secret) {
    w.key("webhook_secret");
    w.string((*e.webhook_secret));
  }
  {
    w.key("created_at");
    w.time(e.created_at);
  }
  w.end_object();
}

void encode(JsonWriter& w, [[maybe_unused]] const model::RestApplication& e) {
  w.begin_object();
  {
    w.key("id");
    w.string(e.id.str());
  }
  {
    w.key("account_id");
    w.string(e.account_id.str());
  }
  {
    w.key("name");
    w.string(e.name);
  }
  {
    w.key("url");
    w.string(e.url);
  }
  {
    w.key("fallback_url");
    w.string(e.fallback_url);
  }
  {
    w.key("created_at");
    w.time(e.created_at);
  }
  w.end_object();
}

void encode(JsonWriter& w, [[maybe_unused]] const model::RestNumber& e) {
  w.begin_object();
  {
    w.key("id");
    w.string(e.id.str());
  }
  {
    w.key("account_id");
    w.string(e.account_id.str());
  }
  {
    w.key("application_id");
    w.string(e.application_id.str());
  }
  {
    w.key("did");
    w.string(e.did);
  }
  {
    w.key("prefix");
    w.boolean(e.prefix);
  }
  {
    w.key("ani");
    w.string(e.ani);
  }
  {
    w.key("created_at");
    w.time(e.created_at);
  }
  w.end_object();
}

void encode(JsonWriter& w, [[maybe_unused]] const model::RestDomain& e) {
  w.begin_object();
  {
    w.key("id");
    w.string(e.id.str());
  }
  {
    w.key("account_id");
    w.string(e.account_id.str());
  }
  {
    w.key("application_id");
    w.string(e.application_id.str());
  }
  {
    w.key("name");
    w.string(e.name);
  }
  {
    w.key("created_at");
    w.time(e.created_at);
  }
  w.end_object();
}

void encode(JsonWriter& w, [[maybe_unused]] const model::RestTrunkGateway& e) {
  w.begin_object();
  {
    w.key("host");
    w.string(e.host);
  }
  {
    w.key("port");
    w.integer(e.port);
  }
  {
    w.key("transport");
    w.string(text_of(e.transport));
  }
  {
    w.key("priority");
    w.integer(e.priority);
  }
  {
    w.key("weight");
    w.integer(e.weight);
  }
  {
    w.key("probe");
    w.boolean(e.probe);
  }
  w.end_object();
}

void encode(JsonWriter& w, [[maybe_unused]] const model::RestTrunkLogin& e) {
  w.begin_object();
  {
    w.key("username");
    w.string(e.username);
  }
  {
    w.key("realm");
    w.string(e.realm);
  }
  w.end_object();
}

void encode(JsonWriter& w, [[maybe_unused]] const model::RestTrunkRegistration& e) {
  w.begin_object();
  {
    w.key("enabled");
    w.boolean(e.enabled);
  }
  {
    w.key("registrar_uri");
    w.string(e.registrar_uri);
  }
  {
    w.key("address_uri");
    w.string(e.address_uri);
  }
  {
    w.key("contact_user");
    w.string(e.contact_user);
  }
  {
    w.key("expires_s");
    w.integer(e.expires_s);
  }
  w.end_object();
}

void encode(JsonWriter& w, [[maybe_unused]] const model::RestTrunkNumberFormat& e) {
  w.begin_object();
  {
    w.key("style");
    w.string(text_of(e.style));
  }
  {
    w.key("country_code");
    w.string(e.country_code);
  }
  {
    w.key("trunk_prefix");
    w.string(e.trunk_prefix);
  }
  {
    w.key("international_prefix");
    w.string(e.international_prefix);
  }
  {
    w.key("add_prefix");
    w.string(e.add_prefix);
  }
  {
    w.key("strip_digits");
    w.integer(e.strip_digits);
  }
  w.end_object();
}

void encode(JsonWriter& w, [[maybe_unused]] const model::RestTrunk& e) {
  w.begin_object();
  {
    w.key("id");
    w.string(e.id.str());
  }
  {
    w.key("account_id");
    w.string(e.account_id.str());
  }
  if (e.application_id && !e.application_id->empty()) {
    w.key("application_id");
    w.string((*e.application_id).str());
  }
  {
    w.key("name");
    w.string(e.name);
  }
  {
    w.key("addresses");
    w.begin_array();
    for (const auto& item : e.addresses) { w.string(item); }
    w.end_array();
  }
  {
    w.key("realm");
    w.string(e.realm);
  }
  {
    w.key("gateways");
    w.begin_array();
    for (const auto& item : e.gateways) { encode(w, item); }
    w.end_array();
  }
  {
    w.key("login");
    encode(w, e.login);
  }
  {
    w.key("registration");
    encode(w, e.registration);
  }
  {
    w.key("srtp");
    w.string(text_of(e.srtp));
  }
  {
    w.key("max_calls_per_second");
    w.number(e.max_calls_per_second);
  }
  {
    w.key("max_concurrent_calls");
    w.integer(e.max_concurrent_calls);
  }
  {
    w.key("outbound_format");
    encode(w, e.outbound_format);
  }
  {
    w.key("inbound_format");
    encode(w, e.inbound_format);
  }
  {
    w.key("prefixes");
    w.begin_array();
    for (const auto& item : e.prefixes) { w.string(item); }
    w.end_array();
  }
  {
    w.key("priority");
    w.integer(e.priority);
  }
  {
    w.key("default_caller_id");
    w.string(e.default_caller_id);
  }
  {
    w.key("allowed_caller_ids");
    w.begin_array();
    for (const auto& item : e.allowed_caller_ids) { w.string(item); }
    w.end_array();
  }
  {
    w.key("trusted");
    w.boolean(e.trusted);
  }
  {
    w.key("first_response_timeout_ms");
    w.integer(e.first_response_timeout_ms);
  }
  {
    w.key("ring_timeout_ms");
    w.integer(e.ring_timeout_ms);
  }
  {
    w.key("created_at");
    w.time(e.created_at);
  }
  w.end_object();
}

void encode(JsonWriter& w, [[maybe_unused]] const model::RestCredential& e) {
  w.begin_object();
  {
    w.key("id");
    w.string(e.id.str());
  }
  {
    w.key("account_id");
    w.string(e.account_id.str());
  }
  if (e.domain_id && !e.domain_id->empty()) {
    w.key("domain_id");
    w.string((*e.domain_id).str());
  }
  if (e.trunk_id && !e.trunk_id->empty()) {
    w.key("trunk_id");
    w.string((*e.trunk_id).str());
  }
  {
    w.key("username");
    w.string(e.username);
  }
  {
    w.key("realm");
    w.string(e.realm);
  }
  {
    w.key("created_at");
    w.time(e.created_at);
  }
  w.end_object();
}

void encode(JsonWriter& w, [[maybe_unused]] const model::RestApiKey& e) {
  w.begin_object();
  {
    w.key("id");
    w.string(e.id.str());
  }
  if (e.account_id && !e.account_id->empty()) {
    w.key("account_id");
    w.string((*e.account_id).str());
  }
  {
    w.key("name");
    w.string(e.name);
  }
  {
    w.key("scopes");
    w.begin_array();
    for (const auto& item : e.scopes) { w.string(item); }
    w.end_array();
  }
  if (e.expires_at) {
    w.key("expires_at");
    w.time((*e.expires_at));
  }
  if (e.last_used_at) {
    w.key("last_used_at");
    w.time((*e.last_used_at));
  }
  if (e.revoked_at) {
    w.key("revoked_at");
    w.time((*e.revoked_at));
  }
  if (e.token) {
    w.key("token");
    w.string((*e.token));
  }
  {
    w.key("created_at");
    w.time(e.created_at);
  }
  w.end_object();
}

void encode(JsonWriter& w, [[maybe_unused]] const model::RestAuditEntry& e) {
  w.begin_object();
  {
    w.key("id");
    w.string(e.id);
  }
  {
    w.key("at");
    w.time(e.at);
  }
  if (e.api_key_id && !e.api_key_id->empty()) {
    w.key("api_key_id");
    w.string((*e.api_key_id).str());
  }
  {
    w.key("address");
    w.string(e.address);
  }
  {
    w.key("action");
    w.string(text_of(e.action));
  }
  {
    w.key("kind");
    w.string(e.kind);
  }
  {
    w.key("record_id");
    w.string(e.record_id);
  }
  {
    w.key("fields");
    w.string(e.fields);
  }
  w.end_object();
}

void encode(JsonWriter& w, [[maybe_unused]] const model::RestRouteCandidate& e) {
  w.begin_object();
  {
    w.key("rule");
    w.string(e.rule);
  }
  {
    w.key("record_id");
    w.string(e.record_id);
  }
  if (e.application_id && !e.application_id->empty()) {
    w.key("application_id");
    w.string((*e.application_id).str());
  }
  {
    w.key("outcome");
    w.string(text_of(e.outcome));
  }
  {
    w.key("why");
    w.string(e.why);
  }
  w.end_object();
}

void encode(JsonWriter& w, [[maybe_unused]] const model::RestRouteExplanation& e) {
  w.begin_object();
  {
    w.key("taken");
    w.string(e.taken);
  }
  if (e.application_id && !e.application_id->empty()) {
    w.key("application_id");
    w.string((*e.application_id).str());
  }
  {
    w.key("why");
    w.string(e.why);
  }
  {
    w.key("candidates");
    w.begin_array();
    for (const auto& item : e.candidates) { encode(w, item); }
    w.end_array();
  }
  w.end_object();
}

}  // namespace tandem::wire
