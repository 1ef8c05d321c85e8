// Intents: outbound calls that the account's application is asked for.
#include <algorithm>

#include "base/hmac.h"
#include "rest/paging.h"
#include "rest/query.h"
#include "rest/resources.h"
#include "wire/rest_body.h"

namespace tandem::rest {
namespace {

using model::ErrorCode;

constexpr std::string_view kKeyHeader = kIdempotencyHeader;

void answer_created(Exchange& exchange, const model::Intent& intent) {
  exchange.answer(201, encoded(intent),
                  {{"Location", "/v1/Accounts/" + exchange.account.str() + "/Intents/" + intent.id.str()}});
}

/// Makes the intent and tells `then`; the exchange has been taken by it.
template <class Then>
void request(Desk& desk, const model::AccountId& account, wire::CreateCallBody body, Then then) {
  std::string data = body.data_json;
  desk.ask(
      [account, b = std::move(body)](call::Core& core) mutable {
        return core.request_outbound({account, std::move(b.application_id), std::move(b.data_json)});
      },
      [data = std::move(data), t = std::move(then)](Result<model::Intent, model::Error> made) mutable {
        // The same text for the first answer and its repetitions.
        if (made) made->data = model::RawJson{std::move(data)};
        t(std::move(made));
      });
}

void create_once(Desk& desk, ExchangePtr exchange, std::string key, wire::CreateCallBody body) {
  const model::AccountId account = exchange->account;
  const std::string print = sha256_hex(body.application_id.str() + "\n" + body.data_json);
  auto found = desk.idempotency.begin(account, key, print, exchange, desk.now());
  if (auto* known = std::get_if<Idempotency::Known>(&found)) {
    auto& intent = std::get<model::Intent>(known->made);  // Nothing else has this print.
    intent.data = model::RawJson{std::move(body.data_json)};
    return answer_created(*exchange, intent);
  }
  if (std::holds_alternative<Idempotency::Conflict>(found)) {
    return exchange->refuse(
        fault(ErrorCode::idempotency_conflict, kKeyHeader, "was used before with another body"));
  }
  if (std::holds_alternative<Idempotency::Crowded>(found)) {
    return exchange->refuse(
        fault(ErrorCode::rate_limited, kKeyHeader, "many requests with it are under way"));
  }
  if (std::holds_alternative<Idempotency::Waiting>(found)) return;
  request(desk, account, std::move(body),
          [&desk, account, key = std::move(key),
           x = std::move(exchange)](Result<model::Intent, model::Error> made) mutable {
            auto all = made ? desk.idempotency.succeeded(account, key, *made)
                            : desk.idempotency.failed(account, key);
            all.push_back(std::move(x));
            for (const ExchangePtr& each : all) {
              if (made) {
                answer_created(*each, *made);
              } else {
                each->refuse(made.error());
              }
            }
          });
}

}  // namespace

bool is_idempotency_key(std::string_view key) {
  return key.size() <= 255 &&
         std::all_of(key.begin(), key.end(), [](char c) { return c > 0x20 && c < 0x7f; });
}

std::string cursor_key(Query& query) {
  const std::string cursor = query.cursor();
  if (cursor.empty()) return {};
  auto key = read_cursor(cursor);
  if (!key) query.wrong("cursor", "is none that a page has given out");
  return key.value_or("");
}

void create_call(Desk& desk, ExchangePtr exchange) {
  auto body = wire::decode_create_call(exchange->request.body, desk.options.max_data_bytes);
  if (!body) return exchange->refuse(body.error());
  std::string key(exchange->request.header(kKeyHeader));
  if (!is_idempotency_key(key)) {
    return exchange->refuse(
        fault(ErrorCode::invalid_params, kKeyHeader, "must be 1 to 255 printable characters without spaces"));
  }
  if (!key.empty()) return create_once(desk, std::move(exchange), std::move(key), std::move(*body));
  const model::AccountId account = exchange->account;
  request(desk, account, std::move(*body),
          [x = std::move(exchange)](const Result<model::Intent, model::Error>& made) {
            if (!made) return x->refuse(made.error());
            answer_created(*x, *made);
          });
}

void list_intents(Desk& desk, ExchangePtr exchange) {
  using enum model::IntentState;
  Query query(std::move(exchange->target.query), exchange->route->query);
  const auto state =
      query.one_of("state", {queued, opening, delivered, dialing, answered, completed, failed, expired});
  const std::string below = cursor_key(query);
  const std::size_t limit = query.limit();
  if (query.error()) return exchange->refuse(*query.error());
  const model::AccountId account = exchange->account;
  desk.ask([account](call::Core& core) { return core.intents(account); },
           [state, below, limit, x = std::move(exchange)](std::vector<model::Intent> all) {
             if (state) std::erase_if(all, [&](const auto& intent) { return intent.state != *state; });
             const auto page = newest_below(
                 std::move(all), [](const auto& i) { return time_key(i.requested_at, i.id.str()); }, below,
                 limit);
             x->answer(200, page_text(
                                [&](wire::JsonWriter& w) {
                                  for (const auto& intent : page.items) wire::encode(w, intent);
                                },
                                make_cursor(page.next_key)));
           });
}

void get_intent(Desk& desk, ExchangePtr exchange) {
  const model::AccountId account = exchange->account;
  const model::IntentId id = exchange->intent;
  desk.ask([account, id](call::Core& core) { return core.intent(account, id); },
           [x = std::move(exchange)](const std::optional<model::Intent>& intent) {
             if (!intent) return x->refuse(fault(ErrorCode::not_found, {}, "there is no such intent"));
             x->answer(200, encoded(*intent));
           });
}

}  // namespace tandem::rest
