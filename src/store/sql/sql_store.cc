#include "store/sql/sql_store.h"

#include <algorithm>
#include <chrono>

#include "base/random.h"
#include "base/text.h"
#include "store/api/digits.h"
#include "store/sql/cdr_table.h"
#include "store/sql/columns.h"
#include "store/sql/key_table.h"
#include "store/sql/queue_table.h"
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

std::string ani_key(const std::string& ani) {
  if (ani.empty()) return {};
  const bool prefix = ani.ends_with('*');
  const auto digits = digits_of(std::string_view(ani).substr(0, ani.size() - (prefix ? 1 : 0)));
  return digits.value_or("") + (prefix ? "*" : "");
}

}  // namespace

template <class Insert>
StoreResult<Unit> SqlStore::change(Insert insert) {
  return guarded([&]() -> StoreResult<Unit> {
    WriteTransaction transaction(*connection_);
    if (StoreResult<Unit> done = insert(connection_->sql()); !done) return done;
    connection_->sql() << "UPDATE store_state SET rules_version = rules_version + 1 WHERE id = 1";
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
    const long long orphan = a.orphan_max_duration_ms;
    const long long longest = a.max_call_duration_ms;
    const long long concurrent = a.max_concurrent_calls;
    const long long created = to_ms(a.created);
    const long long queue = a.intent_queue_size;
    const long long expiry = a.intent_expiry_ms;
    const std::string prefixes = join_words(a.allowed_prefixes);
    const int first_use = a.queues_on_first_use ? 1 : 0;
    sql << "INSERT INTO accounts (id, name, webhook_secret, orphan_max_duration_ms, max_call_duration_ms, "
           "max_concurrent_calls, max_calls_per_second, created_ms, max_outbound_calls_per_second, "
           "intent_queue_size, intent_expiry_ms, allowed_prefixes, queues_on_first_use) "
           "VALUES (:id, :name, :secret, :orphan, :longest, :concurrent, :rate, :created, :out, :queue, "
           ":expiry, :prefixes, :queues)",
        bind(a.id.str()), bind(a.name), bind(a.webhook_secret), bind(orphan), bind(longest), bind(concurrent),
        bind(a.max_calls_per_second), bind(created), bind(a.max_outbound_calls_per_second), bind(queue),
        bind(expiry), bind(prefixes), bind(first_use);
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
    const long long orphan = a.orphan_max_duration_ms;
    const long long longest = a.max_call_duration_ms;
    const long long concurrent = a.max_concurrent_calls;
    const long long queue = a.intent_queue_size;
    const long long expiry = a.intent_expiry_ms;
    const std::string prefixes = join_words(a.allowed_prefixes);
    const int first_use = a.queues_on_first_use ? 1 : 0;
    sql << "UPDATE accounts SET name = :name, webhook_secret = :secret, orphan_max_duration_ms = :orphan, "
           "max_call_duration_ms = :longest, max_concurrent_calls = :concurrent, max_calls_per_second = "
           ":rate, outbound_application_id = NULLIF(:application, ''), max_outbound_calls_per_second = :out, "
           "intent_queue_size = :queue, intent_expiry_ms = :expiry, allowed_prefixes = :prefixes, "
           "queues_on_first_use = :queues "
           "WHERE id = :id",
        bind(a.name), bind(a.webhook_secret), bind(orphan), bind(longest), bind(concurrent),
        bind(a.max_calls_per_second), bind(a.outbound_application_id.str()),
        bind(a.max_outbound_calls_per_second), bind(queue), bind(expiry), bind(prefixes), bind(first_use),
        bind(a.id.str());
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
    const long long created = to_ms(a.created);
    sql << "INSERT INTO applications (id, account_id, name, url, fallback_url, created_ms) "
           "VALUES (:id, :account, :name, :url, :fallback, :created)",
        bind(a.id.str()), bind(a.account_id.str()), bind(a.name), bind(a.url), bind(a.fallback_url),
        bind(created);
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
    const int prefix = n.prefix ? 1 : 0;
    const std::string digits = digits_of(n.did).value_or("");
    const std::string ani = ani_key(n.ani);
    const long long created = to_ms(n.created);
    sql << "INSERT INTO numbers (id, account_id, application_id, did, is_prefix, ani, did_digits, ani_key, "
           "created_ms) "
           "VALUES (:id, :account, :application, :did, :prefix, :ani, :digits, :anikey, :created)",
        bind(n.id.str()), bind(n.account_id.str()), bind(n.application_id.str()), bind(n.did), bind(prefix),
        bind(n.ani), bind(digits), bind(ani), bind(created);
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
    const long long created = to_ms(d.created);
    sql << "INSERT INTO domains (id, account_id, application_id, name, created_ms) "
           "VALUES (:id, :account, :application, :name, :created)",
        bind(d.id.str()), bind(d.account_id.str()), bind(d.application_id.str()), bind(d.name), bind(created);
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
    if (revoke_api_key(sql, id, now)) return Unit{};
    return Err(StoreFailure{StoreError::not_found, "id", "there is nothing with this id"});
  });
}

StoreResult<Unit> SqlStore::touch(const std::vector<std::pair<model::ApiKeyId, WallTime>>& used) {
  return guarded([&]() -> StoreResult<Unit> {
    WriteTransaction transaction(*connection_);
    touch_api_keys(connection_->sql(), used);
    transaction.commit();
    return Unit{};
  });
}

StoreResult<std::vector<Account>> SqlStore::accounts() {
  return guarded(
      [&]() -> StoreResult<std::vector<Account>> {
        std::vector<Account> found;
        std::string id, name, secret, application, prefixes;
        long long orphan = 0, longest = 0, concurrent = 0, created = 0, queue = 0, expiry = 0, first_use = 0;
        double rate = 0, outbound = 0;
        soci::statement st =
            (connection_->sql().prepare
                 << "SELECT id, name, webhook_secret, orphan_max_duration_ms, "
                    "max_call_duration_ms, max_concurrent_calls, "
                    "max_calls_per_second, created_ms, COALESCE(outbound_application_id, ''), "
                    "max_outbound_calls_per_second, intent_queue_size, intent_expiry_ms, "
                    "allowed_prefixes, queues_on_first_use FROM accounts ORDER BY created_ms, id",
             into(id), into(name), into(secret), into(orphan), into(longest), into(concurrent), into(rate),
             into(created), into(application), into(outbound), into(queue), into(expiry), into(prefixes),
             into(first_use));
        st.execute();
        while (st.fetch()) {
          found.push_back({model::AccountId(id), name, secret, orphan, longest,
                           static_cast<std::uint32_t>(concurrent), rate, from_ms(created),
                           model::ApplicationId(application), outbound, static_cast<std::uint32_t>(queue),
                           expiry, split_words(prefixes), first_use != 0});
        }
        return found;
      });
}

StoreResult<std::vector<Application>> SqlStore::applications(const model::AccountId& account) {
  return guarded([&]() -> StoreResult<std::vector<Application>> {
    std::vector<Application> found;
    std::string id, owner, name, url, fallback;
    long long created = 0;
    const std::string query =
        std::string("SELECT id, account_id, name, url, fallback_url, created_ms FROM applications") +
        kOfAccount;
    soci::statement st = (connection_->sql().prepare << query, into(id), into(owner), into(name), into(url),
                          into(fallback), into(created), bind(account.str()), bind(account.str()));
    st.execute();
    while (st.fetch()) {
      found.push_back(
          {model::ApplicationId(id), model::AccountId(owner), name, url, fallback, from_ms(created)});
    }
    return found;
  });
}

StoreResult<std::vector<Number>> SqlStore::numbers(const model::AccountId& account) {
  return guarded([&]() -> StoreResult<std::vector<Number>> {
    std::vector<Number> found;
    std::string id, owner, application, did, ani;
    int prefix = 0;
    long long created = 0;
    const std::string query =
        std::string("SELECT id, account_id, application_id, did, is_prefix, ani, created_ms FROM numbers") +
        kOfAccount;
    soci::statement st =
        (connection_->sql().prepare << query, into(id), into(owner), into(application), into(did),
         into(prefix), into(ani), into(created), bind(account.str()), bind(account.str()));
    st.execute();
    while (st.fetch()) {
      found.push_back({model::NumberId(id), model::AccountId(owner), model::ApplicationId(application), did,
                       prefix != 0, ani, from_ms(created)});
    }
    return found;
  });
}

StoreResult<std::vector<Domain>> SqlStore::domains(const model::AccountId& account) {
  return guarded([&]() -> StoreResult<std::vector<Domain>> {
    std::vector<Domain> found;
    std::string id, owner, application, name;
    long long created = 0;
    const std::string query =
        std::string("SELECT id, account_id, application_id, name, created_ms FROM domains") + kOfAccount;
    soci::statement st = (connection_->sql().prepare << query, into(id), into(owner), into(application),
                          into(name), into(created), bind(account.str()), bind(account.str()));
    st.execute();
    while (st.fetch()) {
      found.push_back({model::DomainId(id), model::AccountId(owner), model::ApplicationId(application), name,
                       from_ms(created)});
    }
    return found;
  });
}

StoreResult<std::vector<Trunk>> SqlStore::trunks(const model::AccountId& account) {
  return guarded(
      [&]() -> StoreResult<std::vector<Trunk>> { return select_trunks(connection_->sql(), account); });
}

StoreResult<std::vector<Credential>> SqlStore::credentials(const model::AccountId& account) {
  return guarded([&]() -> StoreResult<std::vector<Credential>> {
    return select_credentials(connection_->sql(), account);
  });
}

StoreResult<std::vector<ApiKey>> SqlStore::api_keys(const model::AccountId& account) {
  return guarded(
      [&]() -> StoreResult<std::vector<ApiKey>> { return select_api_keys(connection_->sql(), account); });
}

StoreResult<std::vector<Queue>> SqlStore::queues(const model::AccountId& account) {
  return guarded(
      [&]() -> StoreResult<std::vector<Queue>> { return select_queues(connection_->sql(), account); });
}

StoreResult<Unit> SqlStore::remove_row(const char* table, const std::string& id,
                                       const std::vector<User>& users) {
  return change([&](soci::session& sql) -> StoreResult<Unit> {
    for (const auto& [user, column] : users) {
      int count = 0;
      sql << "SELECT COUNT(*) FROM " << user << " WHERE " << column << " = :id", bind(id), into(count);
      if (count == 0) continue;
      std::string name = user;
      std::ranges::replace(name, '_', ' ');
      return Err(StoreFailure{
          StoreError::in_use, {}, std::to_string(count) + " of the " + name + " still refer to it"});
    }
    soci::statement st = (sql.prepare << "DELETE FROM " << table << " WHERE id = :id", bind(id));
    st.execute(true);
    if (st.get_affected_rows() != 0) return Unit{};
    return Err(StoreFailure{StoreError::not_found, "id", "there is nothing with this id"});
  });
}

StoreResult<Unit> SqlStore::remove(const model::AccountId& id) {
  return remove_row("accounts", id.str(),
                    {{"numbers", "account_id"},
                     {"credentials", "account_id"},
                     {"domains", "account_id"},
                     {"trunks", "account_id"},
                     {"applications", "account_id"},
                     {"api_keys", "account_id"},
                     {"queues", "account_id"}});
}
StoreResult<Unit> SqlStore::remove(const model::ApplicationId& id) {
  return remove_row("applications", id.str(),
                    {{"numbers", "application_id"},
                     {"domains", "application_id"},
                     {"trunks", "application_id"},
                     {"accounts", "outbound_application_id"}});
}
StoreResult<Unit> SqlStore::remove(const model::NumberId& id) {
  return remove_row("numbers", id.str(), {});
}
StoreResult<Unit> SqlStore::remove(const model::DomainId& id) {
  return remove_row("domains", id.str(), {{"credentials", "domain_id"}});
}
StoreResult<Unit> SqlStore::remove(const model::TrunkId& id) {
  return remove_row("trunks", id.str(), {{"credentials", "trunk_id"}});
}
StoreResult<Unit> SqlStore::remove(const model::CredentialId& id) {
  return remove_row("credentials", id.str(), {});
}
StoreResult<Unit> SqlStore::remove(const model::ApiKeyId& id) {
  return remove_row("api_keys", id.str(), {});
}

StoreResult<Unit> SqlStore::remove(const model::QueueId& id) {
  return remove_row("queues", id.str(), {});
}

StoreResult<Unit> SqlStore::write_cdrs(const std::vector<Cdr>& list) {
  if (list.empty()) return Unit{};
  return guarded([&]() -> StoreResult<Unit> {
    WriteTransaction transaction(*connection_);
    cdr_insert_.run(connection_->sql(), list);
    transaction.commit();
    return Unit{};
  });
}

StoreResult<CdrPage> SqlStore::cdrs(const CdrQuery& query) {
  return guarded([&]() -> StoreResult<CdrPage> {
    auto page = select_cdrs(connection_->sql(), query);
    if (page) return std::move(*page);
    return Err(StoreFailure{StoreError::invalid, "cursor", "is not one that a list returned"});
  });
}

StoreResult<Cdr> SqlStore::cdr(const model::AccountId& account, const model::CallId& call) {
  return guarded([&]() -> StoreResult<Cdr> {
    auto found = select_cdr(connection_->sql(), account, call);
    if (found) return std::move(*found);
    return Err(StoreFailure{StoreError::not_found, "call_id", "there is no record of this call"});
  });
}

StoreResult<RoutingTable::Rules> SqlStore::rules() {
  return guarded([&]() -> StoreResult<RoutingTable::Rules> {
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
    return RoutingTable::Rules{std::move(*all_accounts), std::move(*all_applications),
                               std::move(*all_numbers),  std::move(*all_domains),
                               select_trunks(sql, {}),   select_credentials(sql, {}),
                               select_api_keys(sql, {}), select_queues(sql, {})};
  });
}

StoreResult<std::int64_t> SqlStore::rules_version() {
  return guarded([&]() -> StoreResult<std::int64_t> {
    long long version = 0;
    connection_->sql() << "SELECT rules_version FROM store_state WHERE id = 1", into(version);
    return std::int64_t{version};
  });
}

}  // namespace tandem::store
