// `tandem admin credential` and `tandem admin api-key`.
#include <chrono>
#include <iostream>

#include "server/admin/gathered.h"
#include "sip/digest/digest.h"

namespace tandem::server {
namespace {

using store::Credential;
using store::Store;
using store::StoreError;
using store::StoreFailure;

constexpr std::size_t kShortestPassword = 8;

WallTime now() {
  return std::chrono::time_point_cast<std::chrono::milliseconds>(std::chrono::system_clock::now());
}

/// Owner and realm, from the domain (by id or name) or the trunk.
std::optional<StoreFailure> find_realm(const Admin& a, Store& store, Credential& c) {
  if (!a.domain_text.empty()) {
    const auto all = store.domains({});
    if (!all) return all.error();
    for (const auto& d : *all) {
      if (d.id.str() != a.domain_text && d.name != a.domain_text) continue;
      c.account_id = d.account_id, c.domain_id = d.id, c.realm = d.name;
      return std::nullopt;
    }
    return StoreFailure{StoreError::not_found, "domain", "there is no domain " + a.domain_text};
  }
  const auto all = store.trunks({});
  if (!all) return all.error();
  for (const auto& t : *all) {
    if (t.id.str() != a.trunk_text) continue;
    c.account_id = t.account_id, c.trunk_id = t.id, c.realm = t.realm;
    if (!t.realm.empty()) return std::nullopt;
    return StoreFailure{StoreError::invalid, "trunk", "it has no realm for calls to log in to"};
  }
  return StoreFailure{StoreError::not_found, "trunk", "there is no trunk " + a.trunk_text};
}

int create_credential(Admin& a, Store& store) {
  if (a.domain_text.empty() == a.trunk_text.empty()) return fail("give either --domain or --trunk");
  if (a.password_from_input) std::getline(std::cin, a.password);
  if (a.password.size() < kShortestPassword || a.password.size() > 128) {
    return fail("invalid: password: must be 8 to 128 characters");
  }
  Credential& c = a.credential;
  if (const auto f = find_realm(a, store, c)) return fail(*f);
  c.ha1_md5 = sip::digest_ha1(sip::DigestAlgorithm::md5, c.username, c.realm, a.password);
  c.ha1_sha256 = sip::digest_ha1(sip::DigestAlgorithm::sha256, c.username, c.realm, a.password);
  return a.created(store.create(c));
}

int create_key(Admin& a, Store& store) {
  a.api_key.account_id = a.owner();
  for (const auto& text : a.scopes) {
    const auto scope = store::scope_of(text);
    if (!scope) return fail("invalid: scope: \"" + text + "\" is no scope");
    a.api_key.scopes.push_back(*scope);
  }
  if (a.expires_days > 0) {
    const std::chrono::duration<double, std::ratio<86'400>> days(a.expires_days);
    a.api_key.expires = now() + std::chrono::duration_cast<std::chrono::milliseconds>(days);
  }
  const auto made = store::make_api_key(a.api_key);
  const auto stored = store.create(made.key);
  if (!stored) return fail(stored.error());
  // The only time that the secret is seen.
  if (a.json) {
    std::string json = show(*stored).json;
    json.pop_back();
    print(json + ",\"token\":\"" + made.token + "\"}\n");
  } else {
    print(made.token + "\n");
  }
  return kOk;
}

}  // namespace

void add_credential(CLI::App& app, Admin& a) {
  auto* noun = add_noun(app, "credential", "User names of SIP endpoints and of trunks that log in");
  auto* create = noun->add_subcommand("create", "Print the new credential's id");
  create->add_option("--domain", a.domain_text, "Of an endpoint: its domain's id or name");
  create->add_option("--trunk", a.trunk_text, "Of a trunk with a realm: its id");
  create->add_option("--username", a.credential.username, "Unique in the domain or trunk")->required();
  auto* password = create->add_option("--password", a.password, "At least 8 characters");
  create
      ->add_flag("--password-stdin", a.password_from_input,
                 "Read it from standard input, where no list of processes shows it")
      ->excludes(password);
  create->callback([&a] { a.action = [&a](Store& s) { return create_credential(a, s); }; });
  add_list_and_delete<model::CredentialId>(*noun, a, [&a](Store& s) { return s.credentials(a.owner()); });
}

void add_api_key(CLI::App& app, Admin& a) {
  auto* noun = add_noun(app, "api-key", "Bearer tokens for REST and workers");
  auto* create = noun->add_subcommand("create", "Print the token, which is shown only now");
  create->add_option("--account", a.account_text, "Id of its account; none: the operator's own");
  create->add_option("--name", a.api_key.name, "For people")->required();
  create
      ->add_option("--scope", a.scopes,
                   "calls:read, calls:write, worker, endpoints:read, conferences:read, conferences:write, "
                   "queues:read, queues:write, provisioning:read, provisioning:write or admin; repeatable")
      ->required();
  create->add_option("--expires-days", a.expires_days, "0: never")->check(CLI::Range(0.0, 36'500.0));
  create->callback([&a] { a.action = [&a](Store& s) { return create_key(a, s); }; });
  auto* revoke = noun->add_subcommand("revoke", "Refuse a key from now on, but keep it in the list");
  revoke->add_option("id", a.id, "Its id")->required();
  revoke->callback([&a] {
    a.action = [&a](Store& s) {
      const auto done = s.revoke(model::ApiKeyId(a.id), now());
      if (!done) return fail(done.error());
      print(a.json ? "{\"revoked\":true}\n" : "revoked " + a.id + "\n");
      return kOk;
    };
  });
  add_list_and_delete<model::ApiKeyId>(*noun, a, [&a](Store& s) { return s.api_keys(a.owner()); });
}

}  // namespace tandem::server
