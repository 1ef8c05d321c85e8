#include "store/sql/key_table.h"

#include "store/sql/columns.h"
#include "store/sql/connection.h"

namespace tandem::store {

using soci::into;

void insert_credential(soci::session& sql, const Credential& c) {
  const long long created = to_ms(c.created);
  sql << "INSERT INTO credentials (id, account_id, domain_id, trunk_id, username, realm, ha1_md5, "
         "ha1_sha256, created_ms) VALUES (:id, :account, NULLIF(:domain, ''), NULLIF(:trunk, ''), :username, "
         ":realm, :md5, :sha, :created)",
      bind(c.id.str()), bind(c.account_id.str()), bind(c.domain_id.str()), bind(c.trunk_id.str()),
      bind(c.username), bind(c.realm), bind(c.ha1_md5), bind(c.ha1_sha256), bind(created);
}

std::vector<Credential> select_credentials(soci::session& sql, const Tail& tail) {
  std::vector<Credential> found;
  std::string id, owner, domain, trunk, username, realm, md5, sha;
  long long created = 0;
  auto st = rows(sql,
                 "SELECT id, account_id, COALESCE(domain_id, ''), COALESCE(trunk_id, ''), username, realm, "
                 "ha1_md5, ha1_sha256, created_ms FROM credentials",
                 tail, into(id), into(owner), into(domain), into(trunk), into(username), into(realm),
                 into(md5), into(sha), into(created));
  while (st.fetch()) {
    found.push_back({model::CredentialId(id), model::AccountId(owner), model::DomainId(domain),
                     model::TrunkId(trunk), username, realm, md5, sha, from_ms(created)});
  }
  return found;
}

void insert_api_key(soci::session& sql, const ApiKey& k) {
  const std::string scopes = join_words(k.scopes, [](Scope s) { return to_string(s); });
  const OptionalTime expires(k.expires);
  const OptionalTime revoked(k.revoked);
  const long long created = to_ms(k.created);
  soci::indicator expires_set = expires.set;
  soci::indicator revoked_set = revoked.set;
  sql << "INSERT INTO api_keys (id, account_id, name, secret_hash, scopes, expires_ms, revoked_ms, "
         "created_ms) VALUES (:id, NULLIF(:account, ''), :name, :hash, :scopes, :expires, :revoked, "
         ":created)",
      bind(k.id.str()), bind(k.account_id.str()), bind(k.name), bind(k.secret_hash), bind(scopes),
      bind(expires.ms, expires_set), bind(revoked.ms, revoked_set), bind(created);
}

std::vector<ApiKey> select_api_keys(soci::session& sql, const Tail& tail) {
  std::vector<ApiKey> found;
  std::string id, owner, name, hash, scopes;
  OptionalTime expires, used, revoked;
  long long created = 0;
  auto st =
      rows(sql,
           "SELECT id, COALESCE(account_id, ''), name, secret_hash, scopes, expires_ms, last_used_ms, "
           "revoked_ms, created_ms FROM api_keys",
           tail, into(id), into(owner), into(name), into(hash), into(scopes), into(expires.ms, expires.set),
           into(used.ms, used.set), into(revoked.ms, revoked.set), into(created));
  while (st.fetch()) {
    ApiKey& key = found.emplace_back();
    key.id = model::ApiKeyId(id), key.account_id = model::AccountId(owner), key.name = name;
    key.secret_hash = hash, key.created = from_ms(created);
    key.expires = expires.value(), key.last_used = used.value(), key.revoked = revoked.value();
    split_words(scopes, [&](std::string_view word) {
      if (const auto scope = scope_of(word)) key.scopes.push_back(*scope);
    });
  }
  return found;
}

void update_credential(soci::session& sql, const Credential& c) {
  sql << "UPDATE credentials SET ha1_md5 = :md5, ha1_sha256 = :sha WHERE id = :id", bind(c.ha1_md5),
      bind(c.ha1_sha256), bind(c.id.str());
}

void update_api_key(soci::session& sql, const ApiKey& k) {
  const std::string scopes = join_words(k.scopes, [](Scope s) { return to_string(s); });
  OptionalTime expires(k.expires);
  OptionalTime revoked(k.revoked);
  sql << "UPDATE api_keys SET name = :name, secret_hash = :hash, scopes = :scopes, expires_ms = :expires, "
         "revoked_ms = :revoked WHERE id = :id",
      bind(k.name), bind(k.secret_hash), bind(scopes), bind(expires.ms, expires.set),
      bind(revoked.ms, revoked.set), bind(k.id.str());
}

bool revoke_api_key(soci::session& sql, const model::ApiKeyId& id, WallTime now) {
  const long long when = to_ms(now);
  soci::statement st =
      (sql.prepare << "UPDATE api_keys SET revoked_ms = COALESCE(revoked_ms, :now) WHERE id = :id",
       bind(when), bind(id.str()));
  st.execute(true);
  return st.get_affected_rows() != 0;
}

void touch_api_keys(soci::session& sql, const std::vector<std::pair<model::ApiKeyId, WallTime>>& used) {
  std::string id;
  long long when = 0;
  soci::statement st =
      (sql.prepare << "UPDATE api_keys SET last_used_ms = :now WHERE id = :id", bind(when), bind(id));
  for (const auto& [key, time] : used) {
    id = key.str(), when = to_ms(time);
    st.execute(true);
  }
}

}  // namespace tandem::store
