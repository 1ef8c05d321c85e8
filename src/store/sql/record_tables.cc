#include "store/sql/record_tables.h"

#include "store/api/digits.h"
#include "store/sql/connection.h"

namespace tandem::store {
namespace {

using soci::into;

std::string ani_key(const std::string& ani) {
  if (ani.empty()) return {};
  const bool prefix = ani.ends_with('*');
  const auto digits = digits_of(std::string_view(ani).substr(0, ani.size() - (prefix ? 1 : 0)));
  return digits.value_or("") + (prefix ? "*" : "");
}

}  // namespace

void insert_account(soci::session& sql, const Account& a) {
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
}

void update_account(soci::session& sql, const Account& a) {
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
}

void insert_application(soci::session& sql, const Application& a) {
  const long long created = to_ms(a.created);
  sql << "INSERT INTO applications (id, account_id, name, url, fallback_url, created_ms) "
         "VALUES (:id, :account, :name, :url, :fallback, :created)",
      bind(a.id.str()), bind(a.account_id.str()), bind(a.name), bind(a.url), bind(a.fallback_url),
      bind(created);
}

void update_application(soci::session& sql, const Application& a) {
  sql << "UPDATE applications SET name = :name, url = :url, fallback_url = :fallback WHERE id = :id",
      bind(a.name), bind(a.url), bind(a.fallback_url), bind(a.id.str());
}

void insert_number(soci::session& sql, const Number& n) {
  const int prefix = n.prefix ? 1 : 0;
  const std::string digits = digits_of(n.did).value_or("");
  const std::string ani = ani_key(n.ani);
  const long long created = to_ms(n.created);
  sql << "INSERT INTO numbers (id, account_id, application_id, did, is_prefix, ani, did_digits, ani_key, "
         "created_ms) "
         "VALUES (:id, :account, :application, :did, :prefix, :ani, :digits, :anikey, :created)",
      bind(n.id.str()), bind(n.account_id.str()), bind(n.application_id.str()), bind(n.did), bind(prefix),
      bind(n.ani), bind(digits), bind(ani), bind(created);
}

void update_number(soci::session& sql, const Number& n) {
  const int prefix = n.prefix ? 1 : 0;
  const std::string digits = digits_of(n.did).value_or("");
  const std::string ani = ani_key(n.ani);
  sql << "UPDATE numbers SET application_id = :application, did = :did, is_prefix = :prefix, ani = :ani, "
         "did_digits = :digits, ani_key = :anikey WHERE id = :id",
      bind(n.application_id.str()), bind(n.did), bind(prefix), bind(n.ani), bind(digits), bind(ani),
      bind(n.id.str());
}

void insert_domain(soci::session& sql, const Domain& d) {
  const long long created = to_ms(d.created);
  sql << "INSERT INTO domains (id, account_id, application_id, name, created_ms) "
         "VALUES (:id, :account, :application, :name, :created)",
      bind(d.id.str()), bind(d.account_id.str()), bind(d.application_id.str()), bind(d.name), bind(created);
}

void update_domain(soci::session& sql, const Domain& d) {
  sql << "UPDATE domains SET application_id = :application, name = :name WHERE id = :id",
      bind(d.application_id.str()), bind(d.name), bind(d.id.str());
}

std::vector<Account> select_accounts(soci::session& sql, const Tail& tail) {
  std::vector<Account> found;
  std::string id, name, secret, application, prefixes;
  long long orphan = 0, longest = 0, concurrent = 0, created = 0, queue = 0, expiry = 0, first_use = 0;
  double rate = 0, outbound = 0;
  auto st = rows(
      sql,
      "SELECT id, name, webhook_secret, orphan_max_duration_ms, max_call_duration_ms, max_concurrent_calls, "
      "max_calls_per_second, created_ms, COALESCE(outbound_application_id, ''), "
      "max_outbound_calls_per_second, intent_queue_size, intent_expiry_ms, allowed_prefixes, "
      "queues_on_first_use FROM accounts",
      tail, into(id), into(name), into(secret), into(orphan), into(longest), into(concurrent), into(rate),
      into(created), into(application), into(outbound), into(queue), into(expiry), into(prefixes),
      into(first_use));
  while (st.fetch()) {
    found.push_back({model::AccountId(id), name, secret, orphan, longest,
                     static_cast<std::uint32_t>(concurrent), rate, from_ms(created),
                     model::ApplicationId(application), outbound, static_cast<std::uint32_t>(queue), expiry,
                     split_words(prefixes), first_use != 0});
  }
  return found;
}

std::vector<Application> select_applications(soci::session& sql, const Tail& tail) {
  std::vector<Application> found;
  std::string id, owner, name, url, fallback;
  long long created = 0;
  auto st = rows(sql, "SELECT id, account_id, name, url, fallback_url, created_ms FROM applications", tail,
                 into(id), into(owner), into(name), into(url), into(fallback), into(created));
  while (st.fetch()) {
    found.push_back(
        {model::ApplicationId(id), model::AccountId(owner), name, url, fallback, from_ms(created)});
  }
  return found;
}

std::vector<Number> select_numbers(soci::session& sql, const Tail& tail) {
  std::vector<Number> found;
  std::string id, owner, application, did, ani;
  int prefix = 0;
  long long created = 0;
  auto st =
      rows(sql, "SELECT id, account_id, application_id, did, is_prefix, ani, created_ms FROM numbers", tail,
           into(id), into(owner), into(application), into(did), into(prefix), into(ani), into(created));
  while (st.fetch()) {
    found.push_back({model::NumberId(id), model::AccountId(owner), model::ApplicationId(application), did,
                     prefix != 0, ani, from_ms(created)});
  }
  return found;
}

std::vector<Domain> select_domains(soci::session& sql, const Tail& tail) {
  std::vector<Domain> found;
  std::string id, owner, application, name;
  long long created = 0;
  auto st = rows(sql, "SELECT id, account_id, application_id, name, created_ms FROM domains", tail, into(id),
                 into(owner), into(application), into(name), into(created));
  while (st.fetch()) {
    found.push_back({model::DomainId(id), model::AccountId(owner), model::ApplicationId(application), name,
                     from_ms(created)});
  }
  return found;
}

}  // namespace tandem::store
