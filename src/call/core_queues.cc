// Queues: who is told of them, and what the REST door sees.
#include <algorithm>

#include "call/core_impl.h"

namespace tandem::call {
namespace {

bool wants(const model::SessionSubscribe& wish, const std::string& queue) {
  return wish.queues &&
         (wish.queue_names.empty() || std::ranges::find(wish.queue_names, queue) != wish.queue_names.end());
}

}  // namespace

void CoreImpl::tell_queue(const model::AccountId& account, const std::string& queue,
                          const model::EventData& data, const model::SessionId& except) {
  for (const model::SessionId& id : queue_watchers_) {
    Session* session = find(id);
    if (session == nullptr || id == except || session->account() != account) continue;
    if (wants(session->subscription, queue)) session->emit(data);
  }
}

void CoreImpl::tell_queue_statistics(const model::SessionId& id) {
  Session* session = find(id);
  if (session == nullptr) return;
  for (const model::QueueInfo& queue : queues_->infos(session->account())) {
    if (!wants(session->subscription, queue.name)) continue;
    model::QueueStatsEvent event;
    event.queue_id = queue.id;
    event.queue = queue.name;
    event.statistics = queue.statistics;
    session->emit(std::move(event));
  }
}

std::vector<model::QueueInfo> CoreImpl::queues(const model::AccountId& account) {
  return queues_->infos(account);
}

std::optional<QueuePage> CoreImpl::queue(const model::AccountId& account, const model::QueueId& id,
                                         std::size_t first_position, std::size_t limit) {
  auto info = queues_->info(account, id);
  if (!info) return std::nullopt;
  return QueuePage{std::move(*info), queues_->entries(account, id, first_position, limit)};
}

}  // namespace tandem::call
