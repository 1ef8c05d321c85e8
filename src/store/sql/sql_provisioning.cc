// Provisioned records by id, in pages, with revisions and the audit log.
#include <algorithm>
#include <array>
#include <chrono>

#include "base/random.h"
#include "base/text.h"
#include "store/api/digits.h"
#include "store/sql/columns.h"
#include "store/sql/key_table.h"
#include "store/sql/record_tables.h"
#include "store/sql/sql_store.h"
#include "store/sql/trunk_table.h"
#include "store/validation/validation.h"

namespace tandem::store {
namespace {

using soci::into;

struct Table {
  const char* name;
  const char* text;  ///< What `name` of a query means, and what is sorted by.
  bool application, domain, trunk;
};
constexpr std::array<Table, std::variant_size_v<Record>> kTables{{
    {"accounts", "name", false, false, false},
    {"applications", "name", false, false, false},
    {"numbers", "did_digits", true, false, false},
    {"domains", "name", true, false, false},
    {"trunks", "name", true, false, false},
    {"credentials", "username", false, true, true},
    {"api_keys", "name", false, false, false},
}};
const Table& table_of(Kind kind) {
  return kTables[static_cast<std::size_t>(kind)];
}

template <class T>
std::vector<Record> records_of(std::vector<T> list) {
  return {std::make_move_iterator(list.begin()), std::make_move_iterator(list.end())};
}

std::vector<Record> select(soci::session& sql, Kind kind, const Tail& tail) {
  switch (kind) {
    case Kind::account:
      return records_of(select_accounts(sql, tail));
    case Kind::application:
      return records_of(select_applications(sql, tail));
    case Kind::number:
      return records_of(select_numbers(sql, tail));
    case Kind::domain:
      return records_of(select_domains(sql, tail));
    case Kind::trunk:
      return records_of(select_trunks(sql, tail));
    case Kind::credential:
      return records_of(select_credentials(sql, tail));
    case Kind::api_key:
      return records_of(select_api_keys(sql, tail));
  }
  return {};
}

std::string id_of(const Record& record) {
  return std::visit([](const auto& r) { return r.id.str(); }, record);
}

/// What a page is sorted by, as text.
std::string key_of(const Record& record, bool by_name) {
  return std::visit(
      [&]<class T>(const T& r) -> std::string {
        if (!by_name) return std::to_string(to_ms(r.created));
        if constexpr (std::is_same_v<T, Number>) {
          return digits_of(r.did).value_or("");
        } else if constexpr (std::is_same_v<T, Credential>) {
          return r.username;
        } else {
          return r.name;
        }
      },
      record);
}

/// Conditions and what their places hold.
class Conditions {
 public:
  void add(const std::string& condition, std::string value) {
    tail_.sql += (tail_.sql.empty() ? " WHERE " : " AND ") + condition;
    tail_.texts.push_back(std::move(value));
  }
  /// Goes on behind a row; `cursor` is "<key>\n<id>".
  [[nodiscard]] bool after(const std::string& cursor, const std::string& column, bool number,
                           bool descending) {
    const auto split = cursor.rfind('\n');
    if (split == std::string::npos) return false;
    const std::string key = cursor.substr(0, split), id = cursor.substr(split + 1);
    const bool digits =
        !key.empty() && key.size() < 19 && key.find_first_not_of("0123456789") == std::string::npos;
    if (id.empty() || (number && !digits)) return false;
    const char* beyond = descending ? " < " : " > ";
    add("(" + column + beyond + ":k1 OR (" + column + " = :k2 AND id" + beyond + ":kid))", key);
    tail_.texts.push_back(key);
    tail_.texts.push_back(id);
    return true;
  }
  [[nodiscard]] Tail ordered(const std::string& column, bool descending, std::size_t count) && {
    const char* way = descending ? " DESC" : "";
    tail_.sql += " ORDER BY " + column + way + ", id" + way + " LIMIT " + std::to_string(count);
    return std::move(tail_);
  }

 private:
  Tail tail_;
};

StoreFailure bad_cursor() {
  return {StoreError::invalid, "cursor", "is none that a page has given out"};
}

StoreFailure bound_to(const char* field) {
  return {StoreError::in_use, field, "credentials hold it in their hashes; delete them first"};
}

/// The author of a change while it lasts.
class Signed {
 public:
  Signed(const Author*& place, const Author& author) : place_(place) { place_ = &author; }
  ~Signed() { place_ = nullptr; }
  Signed(const Signed&) = delete;
  Signed& operator=(const Signed&) = delete;

 private:
  const Author*& place_;
};

}  // namespace

void SqlStore::note(const char* action, Kind kind, const model::AccountId& account, const std::string& id) {
  const auto now = std::chrono::time_point_cast<std::chrono::milliseconds>(std::chrono::system_clock::now());
  const std::string entry = random_hex(16), name(to_string(kind));
  const long long at = to_ms(now);
  const std::string key = author_ == nullptr ? "" : author_->key.str();
  const std::string address = author_ == nullptr ? "" : author_->address;
  const std::string fields = author_ == nullptr ? "" : author_->fields;
  connection_->sql()
      << "INSERT INTO audit_log (id, at_ms, account_id, api_key_id, address, action, kind, record_id, "
         "fields) VALUES (:id, :at, :account, :key, :address, '"
      << action << "', :kind, :record, :fields)",
      bind(entry), bind(at), bind(account.str()), bind(key), bind(address), bind(name), bind(id),
      bind(fields);
}

StoreResult<Stored> SqlStore::look_up(const RecordRef& ref, std::optional<std::int64_t> revision) {
  Conditions conditions;
  conditions.add("id = :id", ref.id);
  const bool whole = ref.kind == Kind::account;
  if (!ref.account_id.empty())
    conditions.add(whole ? "id = :own" : "account_id = :account", ref.account_id.str());
  auto found = select(connection_->sql(), ref.kind, std::move(conditions).ordered("id", false, 1));
  if (found.empty()) return Err(StoreFailure{StoreError::not_found, "id", "there is nothing with this id"});
  long long now = 0;
  connection_->sql() << "SELECT revision FROM " << table_of(ref.kind).name << " WHERE id = :id", bind(ref.id),
      into(now);
  if (revision && *revision != now) {
    return Err(StoreFailure{StoreError::outdated, {}, "somebody has changed it meanwhile"});
  }
  return Stored{std::move(found.front()), now};
}

StoreResult<Stored> SqlStore::find(const RecordRef& ref) {
  return repeatable([&]() -> StoreResult<Stored> {
    ReadTransaction view(*connection_);
    return look_up(ref, std::nullopt);
  });
}

StoreResult<RecordPage> SqlStore::page(const RecordQuery& q) {
  const Table& table = table_of(q.kind);
  Conditions conditions;
  if (!q.account_id.empty()) {
    conditions.add(q.kind == Kind::account ? "id = :own" : "account_id = :account", q.account_id.str());
  }
  if (!q.name.empty()) {
    const bool number = q.kind == Kind::number;
    conditions.add(std::string(table.text) + " = :name", number ? digits_of(q.name).value_or("") : q.name);
  }
  if (table.application && !q.application_id.empty())
    conditions.add("application_id = :app", q.application_id.str());
  if (table.domain && !q.domain_id.empty()) conditions.add("domain_id = :domain", q.domain_id.str());
  if (table.trunk && !q.trunk_id.empty()) conditions.add("trunk_id = :trunk", q.trunk_id.str());
  const std::string column = q.by_name ? table.text : "created_ms";
  if (!q.cursor.empty() && !conditions.after(q.cursor, column, !q.by_name, q.descending))
    return Err(bad_cursor());
  // One more than wanted tells whether there is a next page.
  const Tail tail = std::move(conditions).ordered(column, q.descending, q.limit + 1);
  return repeatable([&]() -> StoreResult<RecordPage> {
    RecordPage page{select(connection_->sql(), q.kind, tail), {}};
    if (page.records.size() <= q.limit) return page;
    page.records.pop_back();
    if (!page.records.empty())
      page.next = key_of(page.records.back(), q.by_name) + "\n" + id_of(page.records.back());
    return page;
  });
}

StoreResult<Stored> SqlStore::insert(Record record, const Author& author) {
  const Signed by(author_, author);
  return std::visit(
      [&](auto&& r) -> StoreResult<Stored> {
        auto made = create(std::forward<decltype(r)>(r));
        if (!made) return Err(std::move(made).error());
        return Stored{std::move(*made), 1};
      },
      std::move(record));
}

StoreResult<Stored> SqlStore::edit(const RecordRef& ref, std::optional<std::int64_t> revision, Edit edit,
                                   const Author& author) {
  const Signed by(author_, author);
  std::optional<Stored> result;
  auto done = change([&](soci::session& sql) -> StoreResult<Unit> {
    auto found = look_up(ref, revision);
    if (!found) return Err(std::move(found).error());
    Record now = found->record;
    if (auto f = edit(now)) return Err(std::move(*f));
    auto failure =
        std::visit([&]<class T>(T& changed) { return rewrite(changed, std::get<T>(found->record)); }, now);
    if (failure) return Err(std::move(*failure));
    sql << "UPDATE " << table_of(ref.kind).name << " SET revision = revision + 1 WHERE id = :id",
        bind(ref.id);
    const auto owner = std::visit(
        []<class T>(const T& r) {
          if constexpr (std::is_same_v<T, Account>) {
            return r.id;
          } else {
            return r.account_id;
          }
        },
        now);
    note("updated", ref.kind, owner, ref.id);
    result = Stored{std::move(now), found->revision + 1};
    return Unit{};
  });
  if (!done) return Err(std::move(done).error());
  return std::move(*result);
}

std::optional<StoreFailure> SqlStore::rewrite(Account& a, const Account& before) {
  if (a.webhook_secret.empty()) a.webhook_secret = before.webhook_secret;
  if (auto f = check(a)) return f;
  if (auto f = missing_owner(a.id, &a.outbound_application_id)) {
    f->field = "outbound_application_id";
    return f;
  }
  update_account(connection_->sql(), a);
  return std::nullopt;
}

std::optional<StoreFailure> SqlStore::rewrite(Application& a, const Application&) {
  if (auto f = check(a)) return f;
  update_application(connection_->sql(), a);
  return std::nullopt;
}

std::optional<StoreFailure> SqlStore::rewrite(Number& n, const Number&) {
  if (auto f = check(n)) return f;
  if (auto f = missing_owner(n.account_id, &n.application_id)) return f;
  update_number(connection_->sql(), n);
  return std::nullopt;
}

std::optional<StoreFailure> SqlStore::rewrite(Domain& d, const Domain& before) {
  if (auto f = check(d)) return f;
  if (auto f = missing_owner(d.account_id, &d.application_id)) return f;
  d.name = host_key(d.name);
  if (d.name != before.name) {
    int count = 0;
    connection_->sql() << "SELECT COUNT(*) FROM credentials WHERE domain_id = :id", bind(d.id.str()),
        into(count);
    if (count != 0) return bound_to("name");
    if (auto f = realm_taken(d.name, "name")) return f;
  }
  update_domain(connection_->sql(), d);
  return std::nullopt;
}

std::optional<StoreFailure> SqlStore::rewrite(Trunk& t, const Trunk& before) {
  if (auto f = check(t)) return f;
  if (auto f = missing_owner(t.account_id, &t.application_id)) return f;
  t.realm = host_key(t.realm);
  if (t.realm != before.realm) {
    int count = 0;
    connection_->sql() << "SELECT COUNT(*) FROM credentials WHERE trunk_id = :id", bind(t.id.str()),
        into(count);
    if (count != 0) return bound_to("realm");
    if (auto f = realm_taken(t.realm, "realm")) return f;
  }
  update_trunk(connection_->sql(), t);
  return std::nullopt;
}

std::optional<StoreFailure> SqlStore::rewrite(Credential& c, const Credential&) {
  if (auto f = check(c)) return f;
  update_credential(connection_->sql(), c);
  return std::nullopt;
}

std::optional<StoreFailure> SqlStore::rewrite(ApiKey& k, const ApiKey&) {
  if (auto f = check(k)) return f;
  update_api_key(connection_->sql(), k);
  return std::nullopt;
}

StoreResult<Unit> SqlStore::erase(const RecordRef& ref, std::optional<std::int64_t> revision,
                                  const Author& author) {
  const Signed by(author_, author);
  // Looked up first; an id never comes back, and what changes in between is told by the removal itself.
  auto found = repeatable([&]() -> StoreResult<Stored> {
    ReadTransaction view(*connection_);
    return look_up(ref, revision);
  });
  if (!found) return Err(std::move(found).error());
  return std::visit([&](const auto& r) { return remove(r.id); }, found->record);
}

StoreResult<AuditPage> SqlStore::audit(const model::AccountId& account, std::size_t limit,
                                       const std::string& cursor) {
  Conditions conditions;
  conditions.add("account_id = :account", account.str());
  if (!cursor.empty() && !conditions.after(cursor, "at_ms", true, true)) return Err(bad_cursor());
  const Tail tail = std::move(conditions).ordered("at_ms", true, limit + 1);
  return repeatable([&]() -> StoreResult<AuditPage> {
    AuditPage page;
    std::string id, owner, key, address, action, kind, record, fields;
    long long at = 0;
    auto st = rows(
        connection_->sql(),
        "SELECT id, at_ms, account_id, api_key_id, address, action, kind, record_id, fields FROM audit_log",
        tail, into(id), into(at), into(owner), into(key), into(address), into(action), into(kind),
        into(record), into(fields));
    while (st.fetch()) {
      page.entries.push_back({id, from_ms(at), model::AccountId(owner), model::ApiKeyId(key), address, action,
                              kind, record, fields});
    }
    if (page.entries.size() <= limit) return page;
    page.entries.pop_back();
    if (!page.entries.empty()) {
      page.next = std::to_string(to_ms(page.entries.back().at)) + "\n" + page.entries.back().id;
    }
    return page;
  });
}

}  // namespace tandem::store
