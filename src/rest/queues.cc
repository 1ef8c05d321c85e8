// Queues: provisioned ones and those in use, who waits in them.
#include "rest/paging.h"
#include "rest/query.h"
#include "rest/resources.h"

namespace tandem::rest {
namespace {

using model::ErrorCode;
using Changed = Result<model::QueueId, model::Error>;

model::Error no_queue() {
  return fault(ErrorCode::queue_not_found, {}, "the account has no such queue");
}

std::size_t position_of(const std::string& key, Query& query) {
  if (key.empty()) return 1;
  if (const auto position = whole_number(key); position && *position > 0)
    return static_cast<std::size_t>(*position);
  query.wrong("cursor", "is none that a page has given out");
  return 1;
}

std::string state_text(const call::QueuePage& page, const std::string& next_cursor) {
  std::string out;
  wire::JsonWriter w(out);
  w.begin_object();
  w.key("queue");
  wire::encode(w, page.queue);
  w.key("entries");
  w.begin_array();
  for (const auto& entry : page.entries) wire::encode(w, entry);
  w.end_array();
  write_next_cursor(w, next_cursor);
  w.end_object();
  return out;
}

/// Answers with the queue as the core sees it after a change.
void answer_changed(Desk& desk, ExchangePtr exchange, const Changed& changed, int status) {
  if (!changed) return exchange->refuse(changed.error());
  const model::AccountId account = exchange->account;
  desk.ask([account, id = *changed](call::Core& core) { return core.queue(account, id, 1, 0); },
           [status, x = std::move(exchange)](const std::optional<call::QueuePage>& page) {
             if (!page) return x->refuse(no_queue());  // It was deleted at once.
             net::HeaderList headers;
             if (status == 201)
               headers.emplace_back("Location",
                                    "/v1/Accounts/" + x->account.str() + "/Queues/" + page->queue.id.str());
             x->answer(status, encoded(page->queue), std::move(headers));
           });
}

}  // namespace

void list_queues(Desk& desk, ExchangePtr exchange) {
  Query query(std::move(exchange->target.query), exchange->route->query);
  const std::string after = cursor_key(query);
  const std::size_t limit = query.limit();
  if (query.error()) return exchange->refuse(*query.error());
  const model::AccountId account = exchange->account;
  desk.ask([account](call::Core& core) { return core.queues(account); },
           [after, limit, x = std::move(exchange)](std::vector<model::QueueInfo> all) {
             std::erase_if(all, [&](const auto& queue) { return queue.name <= after; });
             const bool more = all.size() > limit;
             if (more) all.resize(limit);
             x->answer(200, page_text(
                                [&](wire::JsonWriter& w) {
                                  for (const auto& queue : all) wire::encode(w, queue);
                                },
                                more ? make_cursor(all.back().name) : std::string()));
           });
}

void get_queue(Desk& desk, ExchangePtr exchange) {
  Query query(std::move(exchange->target.query), exchange->route->query);
  const std::size_t first = position_of(cursor_key(query), query);
  const std::size_t limit = query.limit();
  if (query.error()) return exchange->refuse(*query.error());
  const model::AccountId account = exchange->account;
  const model::QueueId id = exchange->queue;
  desk.ask([=](call::Core& core) { return core.queue(account, id, first, limit + 1); },
           [first, limit, x = std::move(exchange)](std::optional<call::QueuePage> page) {
             if (!page) return x->refuse(no_queue());
             const bool more = page->entries.size() > limit;
             if (more) page->entries.resize(limit);
             x->answer(200, state_text(*page, more ? make_cursor(std::to_string(first + limit)) : ""));
           });
}

void create_queue(Desk& desk, ExchangePtr exchange) {
  auto settings = wire::decode_queue_settings(exchange->request.body);
  if (!settings) return exchange->refuse(settings.error());
  const model::AccountId account = exchange->account;
  desk.queues.create(
      account, std::move(*settings),
      desk.back_here<Changed>([&desk, x = std::move(exchange)](const Changed& changed) mutable {
        answer_changed(desk, std::move(x), changed, 201);
      }));
}

void replace_queue(Desk& desk, ExchangePtr exchange) {
  auto settings = wire::decode_queue_settings(exchange->request.body);
  if (!settings) return exchange->refuse(settings.error());
  const model::AccountId account = exchange->account;
  const model::QueueId id = exchange->queue;
  desk.queues.replace(
      account, id, std::move(*settings),
      desk.back_here<Changed>([&desk, x = std::move(exchange)](const Changed& changed) mutable {
        answer_changed(desk, std::move(x), changed, 200);
      }));
}

void delete_queue(Desk& desk, ExchangePtr exchange) {
  const model::AccountId account = exchange->account;
  const model::QueueId id = exchange->queue;
  desk.queues.remove(account, id, desk.back_here<Changed>([x = std::move(exchange)](const Changed& changed) {
    if (!changed) return x->refuse(changed.error());
    x->answer_empty(204);
  }));
}

}  // namespace tandem::rest
