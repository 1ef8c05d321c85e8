// Sessions: which applications hold calls now.
#include "rest/paging.h"
#include "rest/query.h"
#include "rest/resources.h"

namespace tandem::rest {

void list_sessions(Desk& desk, ExchangePtr exchange) {
  Query query(std::move(exchange->target.query), exchange->route->query);
  const std::string below = cursor_key(query);
  const std::size_t limit = query.limit();
  if (query.error()) return exchange->refuse(*query.error());
  const model::AccountId account = exchange->account;
  desk.ask([account](call::Core& core) { return core.sessions(account); },
           [below, limit, x = std::move(exchange)](std::vector<model::LiveSession> all) {
             const auto page = newest_below(
                 std::move(all), [](const auto& s) { return time_key(s.created_at, s.id.str()); }, below,
                 limit);
             x->answer(200, page_text(
                                [&](wire::JsonWriter& w) {
                                  for (const auto& session : page.items) wire::encode(w, session);
                                },
                                make_cursor(page.next_key)));
           });
}

}  // namespace tandem::rest
