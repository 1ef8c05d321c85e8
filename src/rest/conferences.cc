// Conferences: those that live, and new ones.
#include "rest/paging.h"
#include "rest/query.h"
#include "rest/resources.h"
#include "wire/rest_body.h"

namespace tandem::rest {

using model::ErrorCode;

namespace {

std::string location_of(const Exchange& exchange, const model::ConferenceId& id) {
  return "/v1/Accounts/" + exchange.account.str() + "/Conferences/" + id.str();
}

}  // namespace

void list_conferences(Desk& desk, ExchangePtr exchange) {
  Query query(std::move(exchange->target.query), exchange->route->query);
  const std::string name = query.text("name", 64);
  const auto state =
      query.one_of("status", {model::ConferenceState::waiting, model::ConferenceState::active});
  const std::string below = cursor_key(query);
  const std::size_t limit = query.limit();
  if (query.error()) return exchange->refuse(*query.error());
  const model::AccountId account = exchange->account;
  desk.ask([account](call::Core& core) { return core.conferences(account); },
           [name, state, below, limit, x = std::move(exchange)](std::vector<model::ConferenceSnapshot> all) {
             std::erase_if(all, [&](const model::ConferenceSnapshot& c) {
               return (!name.empty() && c.name != name) || (state && c.state != *state);
             });
             const auto page = newest_below(
                 std::move(all), [](const auto& c) { return time_key(c.created_at, c.id.str()); }, below,
                 limit);
             x->answer(200, page_text(
                                [&](wire::JsonWriter& w) {
                                  for (const auto& conference : page.items) wire::encode(w, conference);
                                },
                                make_cursor(page.next_key)));
           });
}

void create_conference(Desk& desk, ExchangePtr exchange) {
  auto params = wire::decode_create_conference(exchange->request.body);
  if (!params) return exchange->refuse(params.error());
  using Made = Result<model::ConferenceSnapshot, model::Error>;
  const model::AccountId account = exchange->account;
  desk.ask([account, p = std::move(*params)](call::Core& core) { return core.create_conference(account, p); },
           [x = std::move(exchange)](const Made& made) {
             if (!made) return x->refuse(made.error());
             x->answer(201, encoded(*made), {{"Location", location_of(*x, made->id)}});
           });
}

void get_conference(Desk& desk, ExchangePtr exchange) {
  const model::AccountId account = exchange->account;
  const model::ConferenceId id = exchange->conference;
  desk.ask([account, id](call::Core& core) { return core.conference(account, id); },
           [x = std::move(exchange)](const std::optional<model::ConferenceSnapshot>& found) {
             if (!found)
               return x->refuse(fault(ErrorCode::conference_not_found, {}, "there is no such conference"));
             x->answer(200, encoded(*found));
           });
}

}  // namespace tandem::rest
