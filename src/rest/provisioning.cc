// Provisioned records, whatever their kind: list, create, get, update, delete; rotation of keys; the audit
// log.
#include <chrono>

#include "base/hmac.h"
#include "base/random.h"
#include "rest/paging.h"
#include "rest/query.h"
#include "rest/records.h"
#include "rest/resources.h"
#include "wire/generated/rest_codec.h"
#include "wire/rest_body.h"

namespace tandem::rest {
namespace {

using model::ErrorCode;
using store::Kind;
using store::Stored;
using store::StoreFailure;
using store::StoreResult;

WallTime wall_now() {
  return std::chrono::time_point_cast<std::chrono::milliseconds>(std::chrono::system_clock::now());
}

std::string tag_of(std::int64_t revision) {
  return "\"" + std::to_string(revision) + "\"";
}

std::string path_of(Kind kind, const model::AccountId& account, const std::string& id) {
  static constexpr std::string_view kNames[] = {"",         "/Applications/", "/Numbers/", "/Domains/",
                                                "/Trunks/", "/Credentials/",  "/ApiKeys/"};
  if (kind == Kind::account) return "/v1/Accounts/" + id;
  return "/v1/Accounts/" + account.str() + std::string(kNames[static_cast<std::size_t>(kind)]) + id;
}

/// The revision that If-Match asks for; nothing for none and for `*`. False when it is no ETag of ours: then
/// nothing can match.
bool read_if_match(const Exchange& x, std::optional<std::int64_t>& revision) {
  const std::string_view header = x.request.header("If-Match");
  if (header.empty() || header == "*") return true;
  if (header.size() < 3 || header.size() > 20 || header.front() != '"' || header.back() != '"') return false;
  const std::string digits(header.substr(1, header.size() - 2));
  if (digits.find_first_not_of("0123456789") != std::string::npos) return false;
  revision = std::stoll(digits);
  return true;
}

StoreFailure outdated() {
  return {store::StoreError::outdated, {}, "the ETag is not that of the record as it is now"};
}

store::RecordRef ref_of(const Exchange& x) {
  return {*x.route->kind, x.account, x.record};
}

store::Author author_of(const Exchange& x) {
  // Values are never noted, and a body that is too large to be one was refused before.
  return {x.caller.key, x.request.peer.str(), wire::member_names(x.request.body)};
}

void refuse_busy(Exchange& x) {
  x.refuse(fault(ErrorCode::no_capacity, {}, "the database is busy"));
}

/// Asks the store and hands `x` and the result to `then`, or refuses when the store takes nothing more.
template <class Work, class Then>
void ask(Desk& desk, ExchangePtr exchange, Work work, Then then) {
  // Shared, so that it is still here when the store takes no more.
  auto x = std::make_shared<ExchangePtr>(std::move(exchange));
  const bool taken = desk.ask_store(std::move(work), [x, t = std::move(then)](auto result) mutable {
    t(std::move(*x), std::move(result));
  });
  if (!taken) refuse_busy(**x);
}

void answer_stored(Exchange& x, int status, const StoreResult<Stored>& stored, const Once& once = {}) {
  if (!stored) return x.refuse(stored.error());
  net::HeaderList headers{{"ETag", tag_of(stored->revision)}};
  if (status == 201) {
    headers.emplace_back("Location",
                         path_of(store::kind_of(stored->record), x.account, record_id(stored->record)));
  }
  x.answer(status, record_text(stored->record, once), std::move(headers));
}

/// The hashes of a credential's password: its realm is its domain's or trunk's. Store's thread.
std::optional<StoreFailure> hash_into(store::Provisioning& p, const HashPassword& hash,
                                      const std::string& password, store::Credential& c) {
  if (c.realm.empty()) {
    const bool domain = !c.domain_id.empty();
    if (domain == !c.trunk_id.empty()) {
      return StoreFailure{store::StoreError::invalid, "domain_id", "give either a domain or a trunk"};
    }
    const auto owner = p.find(
        {domain ? Kind::domain : Kind::trunk, c.account_id, domain ? c.domain_id.str() : c.trunk_id.str()});
    if (!owner) {
      if (owner.error().error != store::StoreError::not_found) return owner.error();
      return StoreFailure{store::StoreError::not_found, domain ? "domain_id" : "trunk_id",
                          "the account has none with this id"};
    }
    c.realm =
        domain ? std::get<store::Domain>(owner->record).name : std::get<store::Trunk>(owner->record).realm;
  }
  auto [md5, sha256] = hash(c.username, c.realm, password);
  c.ha1_md5 = std::move(md5), c.ha1_sha256 = std::move(sha256);
  return std::nullopt;
}

std::optional<StoreFailure> hash_into(store::Provisioning& p, const HashPassword& hash,
                                      const RecordBody& body, store::Record& record) {
  const auto* credential = std::get_if<model::RestCredentialBody>(&body);
  if (credential == nullptr || !credential->password) return std::nullopt;
  return hash_into(p, hash, *credential->password, std::get<store::Credential>(record));
}

struct Made {
  StoreResult<Stored> stored;
  Once once;
};

/// Store's thread.
Made make(store::Provisioning& p, const HashPassword& hash, const RecordBody& body, store::Record record,
          const store::Author& author) {
  Once once;
  if (auto f = hash_into(p, hash, body, record)) return {Err(std::move(*f)), {}};
  if (auto* key = std::get_if<store::ApiKey>(&record)) {
    auto fresh = store::make_api_key(std::move(*key));
    *key = std::move(fresh.key);
    once.token = std::move(fresh.token);
  }
  auto stored = p.insert(std::move(record), author);
  if (!stored) return {std::move(stored), {}};
  if (const auto* account = std::get_if<store::Account>(&stored->record))
    once.webhook_secret = account->webhook_secret;
  return {std::move(stored), std::move(once)};
}

/// Answers the first request of an Idempotency-Key, and those that waited for it, which see no secret.
void answer_all(Desk& desk, ExchangePtr first, const std::string& key, const Made& made) {
  const model::AccountId account = first->account;
  auto waiting = key.empty()   ? std::vector<ExchangePtr>{}
                 : made.stored ? desk.idempotency.succeeded(account, key, record_id(made.stored->record))
                               : desk.idempotency.failed(account, key);
  answer_stored(*first, 201, made.stored, made.once);
  for (const ExchangePtr& x : waiting) answer_stored(*x, 201, made.stored);
}

/// True when the exchange is dealt with: a repetition.
bool repeated(Desk& desk, ExchangePtr& exchange, const std::string& key) {
  if (key.empty()) return false;
  Exchange& x = *exchange;
  const std::string print = sha256_hex(std::string(x.route->path) + "\n" + x.request.body);
  auto found = desk.idempotency.begin(x.account, key, print, exchange, desk.now());
  if (std::holds_alternative<Idempotency::Fresh>(found)) return false;
  if (std::holds_alternative<Idempotency::Waiting>(found)) return true;
  if (std::holds_alternative<Idempotency::Conflict>(found)) {
    x.refuse(fault(ErrorCode::idempotency_conflict, kIdempotencyHeader, "was used before with another body"));
    return true;
  }
  const auto* known = std::get_if<Idempotency::Known>(&found);
  if (known == nullptr) {
    x.refuse(fault(ErrorCode::rate_limited, kIdempotencyHeader, "many requests with it are under way"));
    return true;
  }
  const auto* id = std::get_if<std::string>(&known->made);
  store::RecordRef ref{*x.route->kind, x.account, id == nullptr ? std::string() : *id};
  ask(
      desk, std::move(exchange), [ref](store::Provisioning& p) { return p.find(ref); },
      [](ExchangePtr again, const StoreResult<Stored>& stored) { answer_stored(*again, 201, stored); });
  return true;
}

store::RecordQuery record_query(const Exchange& x, Query& query) {
  store::RecordQuery out{*x.route->kind, x.account};
  const char* name = out.kind == Kind::number ? "did" : out.kind == Kind::credential ? "username" : "name";
  out.name = query.text(name, 256);
  out.application_id = query.id<model::ApplicationTag>("application_id");
  out.domain_id = query.id<model::DomainTag>("domain_id");
  out.trunk_id = query.id<model::TrunkTag>("trunk_id");
  std::string sort = query.text("sort", 16);
  out.descending = sort.starts_with('-');
  if (out.descending) sort.erase(0, 1);
  if (!sort.empty() && sort != "created" && sort != "name")
    query.wrong("sort", "is none of the values it may have");
  out.by_name = sort == "name";
  out.cursor = cursor_key(query);
  out.limit = query.limit();
  return out;
}

}  // namespace

void list_records(Desk& desk, ExchangePtr exchange) {
  Query query(std::move(exchange->target.query), exchange->route->query);
  auto wanted = record_query(*exchange, query);
  if (query.error()) return exchange->refuse(*query.error());
  ask(
      desk, std::move(exchange), [q = std::move(wanted)](store::Provisioning& p) { return p.page(q); },
      [](ExchangePtr x, const StoreResult<store::RecordPage>& page) {
        if (!page) return x->refuse(page.error());
        x->answer(200, page_text(
                           [&](wire::JsonWriter& w) {
                             for (const auto& record : page->records) w.raw(record_text(record));
                           },
                           make_cursor(page->next)));
      });
}

void create_record(Desk& desk, ExchangePtr exchange) {
  const Exchange& x = *exchange;
  auto body = decode_record(*x.route->kind, x.request.body);
  if (!body) return exchange->refuse(body.error());
  std::string key(x.request.header(kIdempotencyHeader));
  if (!is_idempotency_key(key)) {
    return exchange->refuse(fault(ErrorCode::invalid_params, kIdempotencyHeader,
                                  "must be 1 to 255 printable characters without spaces"));
  }
  auto record = empty_record(*x.route->kind, x.account);
  if (auto f = apply(*body, record, x.caller, wall_now())) return exchange->refuse(*f);
  auto author = author_of(x);
  if (repeated(desk, exchange, key)) return;
  auto held = std::make_shared<ExchangePtr>(std::move(exchange));
  const bool taken =
      desk.ask_store([hash = desk.hash_password, b = std::move(*body), r = std::move(record),
                      a = std::move(author)](store::Provisioning& p) { return make(p, hash, b, r, a); },
                     [&desk, held, key](const Made& made) { answer_all(desk, std::move(*held), key, made); });
  if (taken) return;
  const Made none{Err(StoreFailure{store::StoreError::unavailable, {}, "the database is busy"}), {}};
  answer_all(desk, std::move(*held), key, none);
}

void get_record(Desk& desk, ExchangePtr exchange) {
  auto ref = ref_of(*exchange);
  ask(
      desk, std::move(exchange), [ref](store::Provisioning& p) { return p.find(ref); },
      [](ExchangePtr x, const StoreResult<Stored>& stored) { answer_stored(*x, 200, stored); });
}

void update_record(Desk& desk, ExchangePtr exchange) {
  const Exchange& x = *exchange;
  std::optional<std::int64_t> revision;
  if (!read_if_match(x, revision)) return exchange->refuse(outdated());
  auto body = decode_record(*x.route->kind, x.request.body);
  if (!body) return exchange->refuse(body.error());
  auto work = [ref = ref_of(x), revision, body = std::move(*body), caller = x.caller, author = author_of(x),
               hash = desk.hash_password](store::Provisioning& p) {
    return p.edit(
        ref, revision,
        [&](store::Record& record) -> std::optional<StoreFailure> {
          // A key that can do more than the caller's is not his to change.
          if (const auto* key = std::get_if<store::ApiKey>(&record)) {
            if (auto f = check_scopes(key->scopes, caller)) return f;
          }
          if (auto f = apply(body, record, caller, wall_now())) return f;
          return hash_into(p, hash, body, record);
        },
        author);
  };
  ask(desk, std::move(exchange), std::move(work),
      [](ExchangePtr to, const StoreResult<Stored>& stored) { answer_stored(*to, 200, stored); });
}

void delete_record(Desk& desk, ExchangePtr exchange) {
  const Exchange& x = *exchange;
  std::optional<std::int64_t> revision;
  if (!read_if_match(x, revision)) return exchange->refuse(outdated());
  auto work = [ref = ref_of(x), revision, author = author_of(x)](store::Provisioning& p) {
    return p.erase(ref, revision, author);
  };
  ask(desk, std::move(exchange), std::move(work), [](ExchangePtr to, const StoreResult<Unit>& done) {
    if (!done) return to->refuse(done.error());
    to->answer_empty(204);
  });
}

void rotate_api_key(Desk& desk, ExchangePtr exchange) {
  const Exchange& x = *exchange;
  auto body = wire::decode_body<model::RestRotateApiKey>(x.request.body);
  if (!body) return exchange->refuse(body.error());
  auto work = [ref = ref_of(x), grace = std::chrono::seconds(body->old_expires_in_s), caller = x.caller,
               author = author_of(x)](store::Provisioning& p) -> Made {
    const auto old = p.find(ref);
    if (!old) return {Err(old.error()), {}};
    auto key = std::get<store::ApiKey>(old->record);
    if (auto f = check_scopes(key.scopes, caller)) return {Err(std::move(*f)), {}};
    key.id = {}, key.created = {}, key.last_used.reset(), key.revoked.reset();
    auto fresh = store::make_api_key(std::move(key));
    auto stored = p.insert(std::move(fresh.key), author);
    if (!stored) return {std::move(stored), {}};
    const auto ended = p.edit(
        ref, std::nullopt,
        [&](store::Record& record) -> std::optional<StoreFailure> {
          auto& expires = std::get<store::ApiKey>(record).expires;
          const auto then = wall_now() + grace;
          if (!expires || *expires > then) expires = then;
          return std::nullopt;
        },
        author);
    if (ended) return {std::move(stored), {std::move(fresh.token), {}}};
    // Nobody has seen the new one: there must not be two for one.
    (void)p.erase({Kind::api_key, ref.account_id, record_id(stored->record)}, std::nullopt, author);
    return {Err(ended.error()), {}};
  };
  ask(desk, std::move(exchange), std::move(work),
      [](ExchangePtr to, const Made& made) { answer_stored(*to, 201, made.stored, made.once); });
}

void list_audit(Desk& desk, ExchangePtr exchange) {
  Query query(std::move(exchange->target.query), exchange->route->query);
  const std::string cursor = cursor_key(query);
  const std::size_t limit = query.limit();
  if (query.error()) return exchange->refuse(*query.error());
  const auto account = exchange->account;
  ask(
      desk, std::move(exchange),
      [account, limit, cursor](store::Provisioning& p) { return p.audit(account, limit, cursor); },
      [](ExchangePtr x, const StoreResult<store::AuditPage>& page) {
        if (!page) return x->refuse(page.error());
        x->answer(200, page_text(
                           [&](wire::JsonWriter& w) {
                             for (const auto& e : page->entries) {
                               model::RestAuditEntry out;
                               out.id = e.id, out.at = e.at, out.address = e.address, out.kind = e.kind;
                               if (!e.key.empty()) out.api_key_id = e.key;
                               out.action = e.action == "created"   ? model::RestAuditEntryAction::created
                                            : e.action == "deleted" ? model::RestAuditEntryAction::deleted
                                                                    : model::RestAuditEntryAction::updated;
                               out.record_id = e.record_id, out.fields = e.fields;
                               wire::encode(w, out);
                             }
                           },
                           make_cursor(page->next)));
      });
}

}  // namespace tandem::rest
