#include "store/sql/sql_store.h"

#include <algorithm>
#include <chrono>

#include "base/random.h"
#include "store/routing/digits.h"
#include "store/sql/cdr_table.h"
#include "store/validation/validation.h"

namespace tandem::store {
namespace {

using soci::into;

WallTime from_ms(long long ms) {
  return WallTime{std::chrono::milliseconds{ms}};
}
long long to_ms(WallTime t) {
  return t.time_since_epoch().count();
}

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

std::string joined(const std::vector<model::IpBlock>& blocks) {
  std::string text;
  for (const auto& block : blocks) text += (text.empty() ? "" : " ") + block.str();
  return text;
}

std::vector<model::IpBlock> split_blocks(std::string_view text) {
  std::vector<model::IpBlock> blocks;
  while (!text.empty()) {
    const auto end = std::min(text.find(' '), text.size());
    if (const auto block = model::IpBlock::parse(text.substr(0, end))) blocks.push_back(*block);
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return blocks;
}

/// Every list is either one account's or all; the two names carry the same value.
constexpr const char* kOfAccount = " WHERE (:any = '' OR account_id = :account) ORDER BY created_ms, id";

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
  fill_in(a);
  if (a.webhook_secret.empty()) a.webhook_secret = random_hex(32);
  auto done = change([&](soci::session& sql) -> StoreResult<Unit> {
    const long long orphan = a.orphan_max_duration_ms;
    const long long longest = a.max_call_duration_ms;
    const long long concurrent = a.max_concurrent_calls;
    const long long created = to_ms(a.created);
    sql << "INSERT INTO accounts (id, name, webhook_secret, orphan_max_duration_ms, max_call_duration_ms, "
           "max_concurrent_calls, max_calls_per_second, created_ms) "
           "VALUES (:id, :name, :secret, :orphan, :longest, :concurrent, :rate, :created)",
        bind(a.id.str()), bind(a.name), bind(a.webhook_secret), bind(orphan), bind(longest), bind(concurrent),
        bind(a.max_calls_per_second), bind(created);
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
  std::ranges::transform(d.name, d.name.begin(),
                         [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; });
  if (d.name.ends_with('.')) d.name.pop_back();
  auto done = change([&](soci::session& sql) -> StoreResult<Unit> {
    if (auto f = missing_owner(d.account_id, &d.application_id)) return Err(std::move(*f));
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
  auto done = change([&](soci::session& sql) -> StoreResult<Unit> {
    if (auto f = missing_owner(t.account_id, &t.application_id)) return Err(std::move(*f));
    const long long created = to_ms(t.created);
    const std::string addresses = joined(t.addresses);
    sql << "INSERT INTO trunks (id, account_id, application_id, name, addresses, created_ms) "
           "VALUES (:id, :account, NULLIF(:application, ''), :name, :addresses, :created)",
        bind(t.id.str()), bind(t.account_id.str()), bind(t.application_id.str()), bind(t.name),
        bind(addresses), bind(created);
    return Unit{};
  });
  if (!done) return Err(std::move(done).error());
  return t;
}

StoreResult<std::vector<Account>> SqlStore::accounts() {
  return guarded([&]() -> StoreResult<std::vector<Account>> {
    std::vector<Account> found;
    std::string id, name, secret;
    long long orphan = 0, longest = 0, concurrent = 0, created = 0;
    double rate = 0;
    soci::statement st = (connection_->sql().prepare
                              << "SELECT id, name, webhook_secret, orphan_max_duration_ms, "
                                 "max_call_duration_ms, max_concurrent_calls, "
                                 "max_calls_per_second, created_ms FROM accounts ORDER BY created_ms, id",
                          into(id), into(name), into(secret), into(orphan), into(longest), into(concurrent),
                          into(rate), into(created));
    st.execute();
    while (st.fetch()) {
      found.push_back({model::AccountId(id), name, secret, orphan, longest,
                       static_cast<std::uint32_t>(concurrent), rate, from_ms(created)});
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
  return guarded([&]() -> StoreResult<std::vector<Trunk>> {
    std::vector<Trunk> found;
    std::string id, owner, application, name, addresses;
    long long created = 0;
    const std::string query =
        std::string(
            "SELECT id, account_id, COALESCE(application_id, ''), name, addresses, created_ms FROM trunks") +
        kOfAccount;
    soci::statement st =
        (connection_->sql().prepare << query, into(id), into(owner), into(application), into(name),
         into(addresses), into(created), bind(account.str()), bind(account.str()));
    st.execute();
    while (st.fetch()) {
      found.push_back({model::TrunkId(id), model::AccountId(owner), model::ApplicationId(application), name,
                       split_blocks(addresses), from_ms(created)});
    }
    return found;
  });
}

StoreResult<Unit> SqlStore::remove_row(const char* table, const std::string& id,
                                       const std::vector<const char*>& users, const char* column) {
  return change([&](soci::session& sql) -> StoreResult<Unit> {
    for (const char* user : users) {
      int count = 0;
      sql << "SELECT COUNT(*) FROM " << user << " WHERE " << column << " = :id", bind(id), into(count);
      if (count == 0) continue;
      return Err(StoreFailure{
          StoreError::in_use, {}, std::to_string(count) + " of the " + user + " still refer to it"});
    }
    soci::statement st = (sql.prepare << "DELETE FROM " << table << " WHERE id = :id", bind(id));
    st.execute(true);
    if (st.get_affected_rows() != 0) return Unit{};
    return Err(StoreFailure{StoreError::not_found, "id", "there is nothing with this id"});
  });
}

StoreResult<Unit> SqlStore::remove(const model::AccountId& id) {
  return remove_row("accounts", id.str(), {"numbers", "domains", "trunks", "applications"}, "account_id");
}
StoreResult<Unit> SqlStore::remove(const model::ApplicationId& id) {
  return remove_row("applications", id.str(), {"numbers", "domains", "trunks"}, "application_id");
}
StoreResult<Unit> SqlStore::remove(const model::NumberId& id) {
  return remove_row("numbers", id.str(), {}, "");
}
StoreResult<Unit> SqlStore::remove(const model::DomainId& id) {
  return remove_row("domains", id.str(), {}, "");
}
StoreResult<Unit> SqlStore::remove(const model::TrunkId& id) {
  return remove_row("trunks", id.str(), {}, "");
}

StoreResult<Unit> SqlStore::write_cdrs(const std::vector<Cdr>& list) {
  if (list.empty()) return Unit{};
  return guarded([&]() -> StoreResult<Unit> {
    WriteTransaction transaction(*connection_);
    insert_cdrs(connection_->sql(), list);
    transaction.commit();
    return Unit{};
  });
}

StoreResult<std::vector<Cdr>> SqlStore::cdrs(const CdrQuery& query) {
  return guarded([&]() -> StoreResult<std::vector<Cdr>> { return select_cdrs(connection_->sql(), query); });
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
    auto all_trunks = trunks({});
    if (!all_trunks) return Err(all_trunks.error());
    return RoutingTable::Rules{std::move(*all_accounts), std::move(*all_applications),
                               std::move(*all_numbers), std::move(*all_domains), std::move(*all_trunks)};
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
