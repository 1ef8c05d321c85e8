// Endpoints: who is registered.
#include "cluster/api/endpoint_info.h"
#include "rest/paging.h"
#include "rest/query.h"
#include "rest/resources.h"

namespace tandem::rest {

void list_endpoints(Desk& desk, ExchangePtr exchange) {
  Query query(std::move(exchange->target.query), exchange->route->query);
  const std::string after = cursor_key(query);
  const std::size_t limit = query.limit();
  if (query.error()) return exchange->refuse(*query.error());
  const model::AccountId account = exchange->account;
  desk.ask(
      [account, after, limit, locations = desk.locations](call::Core&) {
        return locations == nullptr ? cluster::EndpointPage{} : locations->list(account, after, limit);
      },
      [x = std::move(exchange)](const cluster::EndpointPage& page) {
        x->answer(200, page_text(
                           [&](wire::JsonWriter& w) {
                             for (const auto& endpoint : page.endpoints)
                               wire::encode(w, cluster::endpoint_info(endpoint));
                           },
                           make_cursor(page.next_cursor)));
      });
}

}  // namespace tandem::rest
