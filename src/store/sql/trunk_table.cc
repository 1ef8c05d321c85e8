#include "store/sql/trunk_table.h"

#include <array>
#include <unordered_map>

#include "model/sip_transport.h"
#include "store/sql/columns.h"
#include "store/sql/connection.h"

namespace tandem::store {
namespace {

using soci::into;

struct FormatRow {
  std::string style, country, trunk, international, add;
  long long strip = 0;
};

struct TrunkRow {
  std::string id, account, application, name, addresses, realm, username, password, login_realm, registrar,
      address_uri, contact_user, srtp, prefixes, caller_id, allowed;
  long long created = 0, registers = 0, expires = 0, concurrent = 0, priority = 0, trusted = 0, first = 0,
            ring = 0;
  double rate = 0;
  FormatRow out, in;
};

constexpr const char* kColumns =
    "name, addresses, created_ms, realm, login_username, login_password, login_realm, registers, "
    "registrar_uri, address_uri, contact_user, register_expires_s, srtp, max_calls_per_second, "
    "max_concurrent_calls, prefixes, priority, default_caller_id, allowed_caller_ids, trusted, "
    "first_response_timeout_ms, ring_timeout_ms, out_style, out_country_code, out_trunk_prefix, "
    "out_international_prefix, out_strip_digits, out_add_prefix, in_style, in_country_code, "
    "in_trunk_prefix, in_international_prefix, in_strip_digits, in_add_prefix";
constexpr const char* kPlaces =
    ":p4, :p5, :p6, :p7, :p8, :p9, :p10, :p11, :p12, :p13, :p14, :p15, :p16, :p17, :p18, :p19, :p20, :p21, "
    ":p22, :p23, :p24, :p25, :p26, :p27, :p28, :p29, :p30, :p31, :p32, :p33, :p34, :p35, :p36, :p37";

template <class E, std::size_t N>
E enumerator_named(const std::array<E, N>& all, std::string_view text) {
  for (const E e : all) {
    if (to_string(e) == text) return e;
  }
  return all[0];
}

NumberStyle style_of(std::string_view text) {
  return enumerator_named(
      std::array{NumberStyle::as_is, NumberStyle::e164_plus, NumberStyle::e164_bare, NumberStyle::national},
      text);
}

SrtpPolicy srtp_of(std::string_view text) {
  return enumerator_named(std::array{SrtpPolicy::never, SrtpPolicy::offer, SrtpPolicy::require}, text);
}

FormatRow row_of(const NumberFormat& f) {
  return {std::string(to_string(f.style)), f.country_code, f.trunk_prefix,
          f.international_prefix,          f.add_prefix,   f.strip_digits};
}

NumberFormat format_of(const FormatRow& r) {
  return {style_of(r.style), r.country, r.trunk, r.international, static_cast<std::uint32_t>(r.strip), r.add};
}

TrunkRow row_of(const Trunk& t) {
  TrunkRow r;
  r.id = t.id.str(), r.account = t.account_id.str(), r.application = t.application_id.str(), r.name = t.name;
  r.addresses = join_words(t.addresses, [](const model::IpBlock& b) { return b.str(); });
  r.created = to_ms(t.created), r.realm = t.realm;
  r.username = t.login.username, r.password = t.login.password, r.login_realm = t.login.realm;
  r.registers = t.registration.enabled ? 1 : 0, r.registrar = t.registration.registrar_uri;
  r.address_uri = t.registration.address_uri, r.contact_user = t.registration.contact_user;
  r.expires = t.registration.expires_s, r.srtp = to_string(t.srtp), r.rate = t.max_calls_per_second;
  r.concurrent = t.max_concurrent_calls, r.prefixes = join_words(t.prefixes), r.priority = t.priority;
  r.caller_id = t.default_caller_id, r.allowed = join_words(t.allowed_caller_ids);
  r.trusted = t.trusted ? 1 : 0, r.first = t.first_response_timeout_ms, r.ring = t.ring_timeout_ms;
  r.out = row_of(t.outbound_format), r.in = row_of(t.inbound_format);
  return r;
}

Trunk trunk_of(const TrunkRow& r) {
  Trunk t;
  t.id = model::TrunkId(r.id), t.account_id = model::AccountId(r.account);
  t.application_id = model::ApplicationId(r.application), t.name = r.name, t.created = from_ms(r.created);
  split_words(r.addresses, [&](std::string_view word) {
    if (const auto block = model::IpBlock::parse(word)) t.addresses.push_back(*block);
  });
  t.realm = r.realm, t.login = {r.username, r.password, r.login_realm};
  t.registration = {r.registers != 0, r.registrar, r.address_uri, r.contact_user,
                    static_cast<std::uint32_t>(r.expires)};
  t.srtp = srtp_of(r.srtp), t.max_calls_per_second = r.rate;
  t.max_concurrent_calls = static_cast<std::uint32_t>(r.concurrent);
  t.prefixes = split_words(r.prefixes), t.priority = static_cast<std::uint32_t>(r.priority);
  t.default_caller_id = r.caller_id, t.allowed_caller_ids = split_words(r.allowed);
  t.trusted = r.trusted != 0;
  t.first_response_timeout_ms = static_cast<std::uint32_t>(r.first);
  t.ring_timeout_ms = static_cast<std::uint32_t>(r.ring);
  t.outbound_format = format_of(r.out), t.inbound_format = format_of(r.in);
  return t;
}

void insert_gateways(soci::session& sql, const Trunk& trunk) {
  long long place = 0, port = 0, priority = 0, weight = 0, probe = 0;
  std::string host, transport;
  soci::statement st =
      (sql.prepare << "INSERT INTO trunk_gateways (trunk_id, place, host, port, transport, priority, weight, "
                      "probe) VALUES (:trunk, :place, :host, :port, :transport, :priority, :weight, :probe)",
       bind(trunk.id.str()), bind(place), bind(host), bind(port), bind(transport), bind(priority),
       bind(weight), bind(probe));
  for (const Gateway& g : trunk.gateways) {
    host = g.host, port = g.port, transport = to_string(g.transport), priority = g.priority,
    weight = g.weight, probe = g.probe ? 1 : 0;
    st.execute(true);
    ++place;
  }
}

/// All gateways of all trunks, by trunk: there are few, and one query serves every list.
std::unordered_map<std::string, std::vector<Gateway>> select_gateways(soci::session& sql) {
  std::unordered_map<std::string, std::vector<Gateway>> found;
  std::string trunk, host, transport;
  long long port = 0, priority = 0, weight = 0, probe = 0;
  soci::statement st =
      (sql.prepare << "SELECT trunk_id, host, port, transport, priority, weight, probe FROM "
                      "trunk_gateways ORDER BY trunk_id, place",
       into(trunk), into(host), into(port), into(transport), into(priority), into(weight), into(probe));
  st.execute();
  while (st.fetch()) {
    found[trunk].push_back({host, static_cast<std::uint16_t>(port), model::sip_transport_named(transport),
                            static_cast<std::uint32_t>(priority), static_cast<std::uint32_t>(weight),
                            probe != 0});
  }
  return found;
}

}  // namespace

void insert_trunk(soci::session& sql, const Trunk& trunk) {
  const TrunkRow r = row_of(trunk);
  sql << "INSERT INTO trunks (id, account_id, application_id, " << kColumns
      << ") VALUES (:p1, :p2, NULLIF(:p3, ''), " << kPlaces << ")",
      bind(r.id), bind(r.account), bind(r.application), bind(r.name), bind(r.addresses), bind(r.created),
      bind(r.realm), bind(r.username), bind(r.password), bind(r.login_realm), bind(r.registers),
      bind(r.registrar), bind(r.address_uri), bind(r.contact_user), bind(r.expires), bind(r.srtp),
      bind(r.rate), bind(r.concurrent), bind(r.prefixes), bind(r.priority), bind(r.caller_id),
      bind(r.allowed), bind(r.trusted), bind(r.first), bind(r.ring), bind(r.out.style), bind(r.out.country),
      bind(r.out.trunk), bind(r.out.international), bind(r.out.strip), bind(r.out.add), bind(r.in.style),
      bind(r.in.country), bind(r.in.trunk), bind(r.in.international), bind(r.in.strip), bind(r.in.add);
  insert_gateways(sql, trunk);
}

void update_trunk(soci::session& sql, const Trunk& trunk) {
  const TrunkRow r = row_of(trunk);
  sql << "UPDATE trunks SET (application_id, " << kColumns << ") = (NULLIF(:p3, ''), " << kPlaces
      << ") WHERE id = :p38",
      bind(r.application), bind(r.name), bind(r.addresses), bind(r.created), bind(r.realm), bind(r.username),
      bind(r.password), bind(r.login_realm), bind(r.registers), bind(r.registrar), bind(r.address_uri),
      bind(r.contact_user), bind(r.expires), bind(r.srtp), bind(r.rate), bind(r.concurrent), bind(r.prefixes),
      bind(r.priority), bind(r.caller_id), bind(r.allowed), bind(r.trusted), bind(r.first), bind(r.ring),
      bind(r.out.style), bind(r.out.country), bind(r.out.trunk), bind(r.out.international), bind(r.out.strip),
      bind(r.out.add), bind(r.in.style), bind(r.in.country), bind(r.in.trunk), bind(r.in.international),
      bind(r.in.strip), bind(r.in.add), bind(r.id);
  sql << "DELETE FROM trunk_gateways WHERE trunk_id = :id", bind(r.id);
  insert_gateways(sql, trunk);
}

std::vector<Trunk> select_trunks(soci::session& sql, const Tail& tail) {
  auto gateways = select_gateways(sql);
  std::vector<Trunk> found;
  TrunkRow r;
  auto st = rows(
      sql, std::string("SELECT id, account_id, COALESCE(application_id, ''), ") + kColumns + " FROM trunks",
      tail, into(r.id), into(r.account), into(r.application), into(r.name), into(r.addresses),
      into(r.created), into(r.realm), into(r.username), into(r.password), into(r.login_realm),
      into(r.registers), into(r.registrar), into(r.address_uri), into(r.contact_user), into(r.expires),
      into(r.srtp), into(r.rate), into(r.concurrent), into(r.prefixes), into(r.priority), into(r.caller_id),
      into(r.allowed), into(r.trusted), into(r.first), into(r.ring), into(r.out.style), into(r.out.country),
      into(r.out.trunk), into(r.out.international), into(r.out.strip), into(r.out.add), into(r.in.style),
      into(r.in.country), into(r.in.trunk), into(r.in.international), into(r.in.strip), into(r.in.add));
  while (st.fetch()) {
    Trunk trunk = trunk_of(r);
    if (const auto it = gateways.find(r.id); it != gateways.end()) trunk.gateways = std::move(it->second);
    found.push_back(std::move(trunk));
  }
  return found;
}

}  // namespace tandem::store
