#include "store/sql/sql_store.h"

#include <algorithm>
#include <chrono>

#include "base/random.h"
#include "base/text.h"
#include "store/sql/cdr_table.h"
#include "store/sql/columns.h"
#include "store/sql/key_table.h"
#include "store/sql/queue_table.h"
#include "store/sql/record_tables.h"
#include "store/sql/trunk_table.h"
#include "store/validation/validation.h"

namespace tandem::store {
namespace {

using soci::into;

template <class Record>
void fill_in(Record& record) {
  using IdType = decltype(record.id);
  if (record.id.empty()) record.id = IdType::make();
  if (record.created == WallTime{}) {
    record.created =
        std::chrono::time_point_cast<std::chrono::milliseconds>(std::chrono::system_clock::now());
  }
}

}  // namespace

StoreResult<Unit> SqlStore::change(const std::function<StoreResult<Unit>(soci::session&)>& insert) {
  bool begun = false;
  return attempt(
      *connection_, [&] { return !begun; },
      [&]() -> StoreResult<Unit> {
        WriteTransaction transaction(*connection_);
        // First, as it is the lock that changes of the rules wait for: what is looked at below stays as it
        // is.
        connection_->sql() << "UPDATE store_state SET rules_version = rules_version + 1 WHERE id = 1";
        begun = true;
        if (StoreResult<Unit> done = insert(connection_->sql()); !done) return done;
        transaction.commit();
        return Unit{};
      });
}

std::optional<StoreFailure> SqlStore::missing_owner(const model::AccountId& account,
                                                    const model::ApplicationId* application) {
  auto& sql = connection_->sql();
  int count = 0;
  sql << "SELECT COUNT(*) FROM accounts WHERE id = :id", bind(account.str()), into(count);
  if (count == 0) return StoreFailure{StoreError::not_found, "account_id", "there is no such account"};
  if (application == nullptr || application->empty()) return std::nullopt;
  sql << "SELECT COUNT(*) FROM applications WHERE id = :id AND account_id = :account",
      bind(application->str()), bind(account.str()), into(count);
  if (count != 0) return std::nullopt;
  return StoreFailure{StoreError::not_found, "application_id", "the account has no such application"};
}

StoreResult<Account> SqlStore::create(Account a) {
  if (auto f = check(a)) return Err(std::move(*f));
  if (!a.outbound_application_id.empty()) {
    return Err(StoreFailure{StoreError::invalid, "outbound_application_id",
                            "a new account has no applications yet; set it with an update"});
  }
  fill_in(a);
  if (a.webhook_secret.empty()) a.webhook_secret = random_hex(32);
  auto done = change([&](soci::session& sql) -> StoreResult<Unit> {
    insert_account(sql, a);
    note("created", Kind::account, a.id, a.id.str());
    return Unit{};
  });
  if (!done) return Err(std::move(done).error());
  return a;
}

StoreResult<Account> SqlStore::update(Account a) {
  if (a.id.empty()) return Err(StoreFailure{StoreError::invalid, "id", "is missing"});
  if (auto f = check(a)) return Err(std::move(*f));
  if (a.webhook_secret.empty()) a.webhook_secret = random_hex(32);
  auto done = change([&](soci::session& sql) -> StoreResult<Unit> {
    if (missing_owner(a.id, nullptr)) {
      return Err(StoreFailure{StoreError::not_found, "id", "there is nothing with this id"});
    }
    if (auto f = missing_owner(a.id, &a.outbound_application_id)) {
      f->field = "outbound_application_id";
      return Err(std::move(*f));
    }
    update_account(sql, a);
    note("updated", Kind::account, a.id, a.id.str());
    return Unit{};
  });
  if (!done) return Err(std::move(done).error());
  return a;
}

StoreResult<Application> SqlStore::create(Application a) {
  if (auto f = check(a)) return Err(std::move(*f));
  fill_in(a);
  auto done = change([&](soci::session& sql) -> StoreResult<Unit> {
    if (auto f = missing_owner(a.account_id, nullptr)) return Err(std::move(*f));
    insert_application(sql, a);
    note("created", Kind::application, a.account_id, a.id.str());
    return Unit{};
  });
  if (!done) return Err(std::move(done).error());
  return a;
}

StoreResult<Number> SqlStore::create(Number n) {
  if (auto f = check(n)) return Err(std::move(*f));
  fill_in(n);
  auto done = change([&](soci::session& sql) -> StoreResult<Unit> {
    if (auto f = missing_owner(n.account_id, &n.application_id)) return Err(std::move(*f));
    insert_number(sql, n);
    note("created", Kind::number, n.account_id, n.id.str());
    return Unit{};
  });
  if (!done) return Err(std::move(done).error());
  return n;
}

StoreResult<Domain> SqlStore::create(Domain d) {
  if (auto f = check(d)) return Err(std::move(*f));
  fill_in(d);
  d.name = host_key(d.name);
  auto done = change([&](soci::session& sql) -> StoreResult<Unit> {
    if (auto f = missing_owner(d.account_id, &d.application_id)) return Err(std::move(*f));
    if (auto f = realm_taken(d.name, "name")) return Err(std::move(*f));
    insert_domain(sql, d);
    note("created", Kind::domain, d.account_id, d.id.str());
    return Unit{};
  });
  if (!done) return Err(std::move(done).error());
  return d;
}

StoreResult<Trunk> SqlStore::create(Trunk t) {
  if (auto f = check(t)) return Err(std::move(*f));
  fill_in(t);
  t.realm = host_key(t.realm);
  auto done = change([&](soci::session& sql) -> StoreResult<Unit> {
    if (auto f = missing_owner(t.account_id, &t.application_id)) return Err(std::move(*f));
    if (auto f = realm_taken(t.realm, "realm")) return Err(std::move(*f));
    insert_trunk(sql, t);
    note("created", Kind::trunk, t.account_id, t.id.str());
    return Unit{};
  });
  if (!done) return Err(std::move(done).error());
  return t;
}

StoreResult<Credential> SqlStore::create(Credential c) {
  fill_in(c);
  c.realm = host_key(c.realm);
  auto done = change([&](soci::session& sql) -> StoreResult<Unit> {
    if (auto f = missing_owner(c.account_id, nullptr)) return Err(std::move(*f));
    if (auto f = take_realm(c)) return Err(std::move(*f));
    if (auto f = check(c)) return Err(std::move(*f));
    insert_credential(sql, c);
    note("created", Kind::credential, c.account_id, c.id.str());
    return Unit{};
  });
  if (!done) return Err(std::move(done).error());
  return c;
}

std::optional<StoreFailure> SqlStore::realm_taken(const std::string& realm, const char* field) {
  if (realm.empty()) return std::nullopt;
  int count = 0;
  connection_->sql() << "SELECT (SELECT COUNT(*) FROM domains WHERE name = :name) + (SELECT COUNT(*) FROM "
                        "trunks WHERE realm = :realm)",
      bind(realm), bind(realm), into(count);
  if (count == 0) return std::nullopt;
  return StoreFailure{StoreError::conflict, field, "another domain or trunk has this realm"};
}

std::optional<StoreFailure> SqlStore::take_realm(Credential& c) {
  if (c.domain_id.empty() == c.trunk_id.empty()) {
    return StoreFailure{StoreError::invalid, "domain_id", "give either a domain or a trunk"};
  }
  const bool domain = !c.domain_id.empty();
  const std::string query = domain ? "SELECT name FROM domains WHERE id = :id AND account_id = :account"
                                   : "SELECT realm FROM trunks WHERE id = :id AND account_id = :account";
  const std::string id = domain ? c.domain_id.str() : c.trunk_id.str();
  const char* field = domain ? "domain_id" : "trunk_id";
  std::string realm;
  soci::statement st = (connection_->sql().prepare << query, into(realm), bind(id), bind(c.account_id.str()));
  if (!st.execute(true))
    return StoreFailure{StoreError::not_found, field, "the account has none with this id"};
  if (realm.empty()) return StoreFailure{StoreError::invalid, field, "this trunk has no realm"};
  if (!c.realm.empty() && c.realm != realm) {
    return StoreFailure{StoreError::invalid, "realm", "must be \"" + realm + "\""};
  }
  c.realm = realm;
  return std::nullopt;
}

StoreResult<ApiKey> SqlStore::create(ApiKey k) {
  if (auto f = check(k)) return Err(std::move(*f));
  fill_in(k);
  auto done = change([&](soci::session& sql) -> StoreResult<Unit> {
    if (!k.account_id.empty()) {
      if (auto f = missing_owner(k.account_id, nullptr)) return Err(std::move(*f));
    }
    insert_api_key(sql, k);
    note("created", Kind::api_key, k.account_id, k.id.str());
    return Unit{};
  });
  if (!done) return Err(std::move(done).error());
  return k;
}

StoreResult<Queue> SqlStore::create(Queue q) {
  if (auto f = check(q)) return Err(std::move(*f));
  fill_in(q);
  auto done = change([&](soci::session& sql) -> StoreResult<Unit> {
    if (auto f = missing_owner(q.account_id, nullptr)) return Err(std::move(*f));
    insert_queue(sql, q);
    return Unit{};
  });
  if (!done) return Err(std::move(done).error());
  return q;
}

StoreResult<Queue> SqlStore::update(Queue q) {
  if (q.id.empty()) return Err(StoreFailure{StoreError::invalid, "id", "is missing"});
  if (auto f = check(q)) return Err(std::move(*f));
  auto done = change([&](soci::session& sql) -> StoreResult<Unit> {
    if (update_queue(sql, q)) return Unit{};
    return Err(StoreFailure{StoreError::not_found, "id", "there is nothing with this id"});
  });
  if (!done) return Err(std::move(done).error());
  return q;
}

StoreResult<Unit> SqlStore::revoke(const model::ApiKeyId& id, WallTime now) {
  return change([&](soci::session& sql) -> StoreResult<Unit> {
    if (revoke_api_key(sql, id, now)) {
      std::string owner;
      sql << "SELECT COALESCE(account_id, '') FROM api_keys WHERE id = :id", bind(id.str()), into(owner);
      note("updated", Kind::api_key, model::AccountId(owner), id.str());
      return Unit{};
    }
    return Err(StoreFailure{StoreError::not_found, "id", "there is nothing with this id"});
  });
}

StoreResult<Unit> SqlStore::touch(const std::vector<std::pair<model::ApiKeyId, WallTime>>& used) {
  return repeatable([&]() -> StoreResult<Unit> {
    WriteTransaction transaction(*connection_);
    touch_api_keys(connection_->sql(), used);
    transaction.commit();
    return Unit{};
  });
}

StoreResult<std::vector<Account>> SqlStore::accounts() {
  return repeatable([&]() -> StoreResult<std::vector<Account>> {
    return select_accounts(connection_->sql(), Tail::of_account({}));
  });
}

StoreResult<std::vector<Application>> SqlStore::applications(const model::AccountId& account) {
  return repeatable([&]() -> StoreResult<std::vector<Application>> {
    return select_applications(connection_->sql(), Tail::of_account(account.str()));
  });
}

StoreResult<std::vector<Number>> SqlStore::numbers(const model::AccountId& account) {
  return repeatable([&]() -> StoreResult<std::vector<Number>> {
    return select_numbers(connection_->sql(), Tail::of_account(account.str()));
  });
}

StoreResult<std::vector<Domain>> SqlStore::domains(const model::AccountId& account) {
  return repeatable([&]() -> StoreResult<std::vector<Domain>> {
    return select_domains(connection_->sql(), Tail::of_account(account.str()));
  });
}

StoreResult<std::vector<Trunk>> SqlStore::trunks(const model::AccountId& account) {
  return repeatable([&]() -> StoreResult<std::vector<Trunk>> {
    return select_trunks(connection_->sql(), Tail::of_account(account.str()));
  });
}

StoreResult<std::vector<Credential>> SqlStore::credentials(const model::AccountId& account) {
  return repeatable([&]() -> StoreResult<std::vector<Credential>> {
    return select_credentials(connection_->sql(), Tail::of_account(account.str()));
  });
}

StoreResult<std::vector<ApiKey>> SqlStore::api_keys(const model::AccountId& account) {
  return repeatable([&]() -> StoreResult<std::vector<ApiKey>> {
    return select_api_keys(connection_->sql(), Tail::of_account(account.str()));
  });
}

StoreResult<std::vector<Queue>> SqlStore::queues(const model::AccountId& account) {
  return repeatable([&]() -> StoreResult<std::vector<Queue>> {
    return select_queues(connection_->sql(), Tail::of_account(account.str()));
  });
}

StoreResult<Unit> SqlStore::remove_row(std::optional<Kind> kind, const char* table, const std::string& id,
                                       const std::vector<User>& users) {
  return change([&](soci::session& sql) -> StoreResult<Unit> {
    for (const auto& [user, column] : users) {
      int count = 0;
      sql << "SELECT COUNT(*) FROM " << user << " WHERE " << column << " = :id", bind(id), into(count);
      if (count == 0) continue;
      std::string name = user;
      std::ranges::replace(name, '_', ' ');
      std::string detail = std::to_string(count) + " of the " + name + " still refer to it: ";
      std::string one, separator;
      soci::statement some =
          (sql.prepare << "SELECT id FROM " << user << " WHERE " << column << " = :id ORDER BY id LIMIT 5",
           into(one), bind(id));
      some.execute();
      while (some.fetch()) detail += std::exchange(separator, ", ") + one;
      return Err(StoreFailure{StoreError::in_use, {}, detail + (count > 5 ? ", ..." : "")});
    }
    std::string owner;
    sql << "SELECT COALESCE(MAX(" << (kind == Kind::account ? "id" : "account_id") << "), '') FROM " << table
        << " WHERE id = :id",
        bind(id), into(owner);
    soci::statement st = (sql.prepare << "DELETE FROM " << table << " WHERE id = :id", bind(id));
    st.execute(true);
    if (st.get_affected_rows() == 0) {
      return Err(StoreFailure{StoreError::not_found, "id", "there is nothing with this id"});
    }
    if (kind) note("deleted", *kind, model::AccountId(owner), id);
    return Unit{};
  });
}

StoreResult<Unit> SqlStore::remove(const model::AccountId& id) {
  return remove_row(Kind::account, "accounts", id.str(),
                    {{"numbers", "account_id"},
                     {"credentials", "account_id"},
                     {"domains", "account_id"},
                     {"trunks", "account_id"},
                     {"applications", "account_id"},
                     {"api_keys", "account_id"},
                     {"queues", "account_id"}});
}
StoreResult<Unit> SqlStore::remove(const model::ApplicationId& id) {
  return remove_row(Kind::application, "applications", id.str(),
                    {{"numbers", "application_id"},
                     {"domains", "application_id"},
                     {"trunks", "application_id"},
                     {"accounts", "outbound_application_id"}});
}
StoreResult<Unit> SqlStore::remove(const model::NumberId& id) {
  return remove_row(Kind::number, "numbers", id.str(), {});
}
StoreResult<Unit> SqlStore::remove(const model::DomainId& id) {
  return remove_row(Kind::domain, "domains", id.str(), {{"credentials", "domain_id"}});
}
StoreResult<Unit> SqlStore::remove(const model::TrunkId& id) {
  return remove_row(Kind::trunk, "trunks", id.str(), {{"credentials", "trunk_id"}});
}
StoreResult<Unit> SqlStore::remove(const model::CredentialId& id) {
  return remove_row(Kind::credential, "credentials", id.str(), {});
}
StoreResult<Unit> SqlStore::remove(const model::ApiKeyId& id) {
  return remove_row(Kind::api_key, "api_keys", id.str(), {});
}

StoreResult<Unit> SqlStore::remove(const model::QueueId& id) {
  return remove_row(std::nullopt, "queues", id.str(), {});
}

StoreResult<Unit> SqlStore::write_cdrs(const std::vector<Cdr>& list) {
  if (list.empty()) return Unit{};
  return repeatable([&]() -> StoreResult<Unit> {
    WriteTransaction transaction(*connection_);
    cdr_insert_.run(*connection_, list);
    transaction.commit();
    return Unit{};
  });
}

StoreResult<CdrPage> SqlStore::cdrs(const CdrQuery& query) {
  return repeatable([&]() -> StoreResult<CdrPage> {
    auto page = select_cdrs(connection_->sql(), query);
    if (page) return std::move(*page);
    return Err(StoreFailure{StoreError::invalid, "cursor", "is not one that a list returned"});
  });
}

StoreResult<Cdr> SqlStore::cdr(const model::AccountId& account, const model::CallId& call) {
  return repeatable([&]() -> StoreResult<Cdr> {
    auto found = select_cdr(connection_->sql(), account, call);
    if (found) return std::move(*found);
    return Err(StoreFailure{StoreError::not_found, "call_id", "there is no record of this call"});
  });
}

StoreResult<RoutingTable::Rules> SqlStore::rules() {
  return repeatable([&]() -> StoreResult<RoutingTable::Rules> {
    ReadTransaction view(*connection_);
    auto all_accounts = accounts();
    if (!all_accounts) return Err(all_accounts.error());
    auto all_applications = applications({});
    if (!all_applications) return Err(all_applications.error());
    auto all_numbers = numbers({});
    if (!all_numbers) return Err(all_numbers.error());
    auto all_domains = domains({});
    if (!all_domains) return Err(all_domains.error());
    auto& sql = connection_->sql();
    return RoutingTable::Rules{std::move(*all_accounts),
                               std::move(*all_applications),
                               std::move(*all_numbers),
                               std::move(*all_domains),
                               select_trunks(sql, Tail::of_account({})),
                               select_credentials(sql, Tail::of_account({})),
                               select_api_keys(sql, Tail::of_account({})),
                               select_queues(sql, Tail::of_account({}))};
  });
}

StoreResult<std::int64_t> SqlStore::rules_version() {
  return repeatable([&]() -> StoreResult<std::int64_t> {
    long long version = 0;
    connection_->sql() << "SELECT rules_version FROM store_state WHERE id = 1", into(version);
    return std::int64_t{version};
  });
}

}  // namespace tandem::store
