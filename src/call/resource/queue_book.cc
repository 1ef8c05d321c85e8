#include "call/resource/queue_book.h"

#include <algorithm>

#include "call/operation/operation.h"
#include "store/api/routing.h"

namespace tandem::call {

using model::ErrorCode;

namespace {

/// Queues that are not provisioned, of one account.
constexpr std::size_t kMaxMade = 1'000;

}  // namespace

model::QueueInfo queue_info(const store::Queue& rules, bool provisioned) {
  model::QueueInfo out;
  out.id = rules.id;
  out.name = rules.name;
  out.provisioned = provisioned;
  out.max_size = rules.max_size;
  out.max_wait_ms = rules.max_wait_ms;
  out.overflow_action = rules.overflow_action;
  if (!rules.overflow_queue.empty()) out.overflow_queue = rules.overflow_queue;
  out.wait_urls = rules.wait_urls;
  out.order = rules.order;
  return out;
}

// ---- queues

Result<QueueBook::Named, model::Error> QueueBook::resolve(const model::AccountId& account,
                                                          const std::optional<std::string>& name,
                                                          const std::optional<model::QueueId>& id) const {
  const auto rules = env_.deps.store.snapshot();
  Named out;
  const store::Queue* found = id ? rules->queue(account, *id) : rules->queue(account, name.value_or(""));
  if (found != nullptr) {
    out.name = found->name;
    out.provisioned = *found;
    return out;
  }
  if (id) {
    const Queue* made = live(account, *id);
    if (made == nullptr)
      return Err(make_error(ErrorCode::queue_not_found, "the account has no such queue", "queue_id"));
    out.name = made->key().name;
    return out;
  }
  out.name = name.value_or("");
  const store::Account* owner = rules->account(account);
  out.may_make = owner == nullptr || owner->queues_on_first_use;
  if (!out.may_make && !queues_.contains({account, out.name}))
    return Err(make_error(ErrorCode::queue_not_found, "the account has no such queue", "queue"));
  return out;
}

std::optional<model::Error> QueueBook::check(const model::AccountId& account,
                                             const std::optional<std::string>& name,
                                             const std::optional<model::QueueId>& id) const {
  auto named = resolve(account, name, id);
  return named ? std::nullopt : std::optional(std::move(named.error()));
}

Result<Queue*, model::Error> QueueBook::open(const model::AccountId& account,
                                             const std::optional<std::string>& name,
                                             const std::optional<model::QueueId>& id) {
  auto named = resolve(account, name, id);
  if (!named) return Err(std::move(named.error()));
  const bool provisioned = named->provisioned.has_value();
  const cluster::QueueKey key{account, named->name};
  if (Queue* known = find(key)) {
    if (provisioned) {
      known->set_rules(std::move(*named->provisioned), true);
    } else {
      known->set_rules(known->rules(), false);  // It was deleted: what is there goes on.
    }
    return known;
  }
  store::Queue rules;
  if (provisioned) {
    rules = std::move(*named->provisioned);
  } else {
    if (!make_room(account))
      return Err(make_error(ErrorCode::no_capacity, "too many queues of the account are in use", "queue"));
    rules.id = model::QueueId::make();
    rules.account_id = account;
    rules.name = named->name;
  }
  auto queue = std::make_unique<Queue>(env_, *this, key, std::move(rules), provisioned);
  return queues_.emplace(key, std::move(queue)).first->second.get();
}

Queue* QueueBook::find(const cluster::QueueKey& key) {
  const auto found = queues_.find(key);
  return found == queues_.end() ? nullptr : found->second.get();
}

const Queue* QueueBook::live(const model::AccountId& account, const model::QueueId& id) const {
  for (auto at = queues_.lower_bound({account, ""}); at != queues_.end() && at->first.account == account;
       ++at) {
    if (at->second->rules().id == id) return at->second.get();
  }
  return nullptr;
}

bool QueueBook::make_room(const model::AccountId& account) {
  std::size_t n = 0;
  const auto first = queues_.lower_bound({account, ""});
  for (auto at = first; at != queues_.end() && at->first.account == account; ++at) ++n;
  if (n < kMaxMade) return true;
  for (auto at = first; at != queues_.end() && at->first.account == account;) {
    if (!at->second->idle()) {
      ++at;
      continue;
    }
    at = queues_.erase(at);
    --n;
  }
  return n < kMaxMade;
}

// ---- entries

QueueEntry& QueueBook::add(const model::QueueEntryId& id, const model::CallId& call) {
  auto made = std::make_unique<QueueEntry>(env_.deps.loop);
  made->id = id;
  made->call = call;
  by_call_[call] = id;
  return *entries_.emplace(id, std::move(made)).first->second;
}

void QueueBook::erase(const model::QueueEntryId& id) {
  const auto found = entries_.find(id);
  if (found == entries_.end()) return;
  by_call_.erase(found->second->call);
  entries_.erase(found);
}

QueueEntry* QueueBook::entry(const model::QueueEntryId& id) const {
  const auto found = entries_.find(id);
  return found == entries_.end() ? nullptr : found->second.get();
}

QueueEntry* QueueBook::entry_of(const model::CallId& call) const {
  const auto found = by_call_.find(call);
  return found == by_call_.end() ? nullptr : entry(found->second);
}

QueueEntry* QueueBook::waiting(const model::AccountId& account, const std::optional<model::QueueEntryId>& id,
                               const std::optional<model::CallId>& call,
                               const std::optional<model::QueueId>& queue) const {
  QueueEntry* found = id ? entry(*id) : call ? entry_of(*call) : nullptr;
  const bool ours = found != nullptr && found->queue != nullptr && found->account == account;
  if (!ours || (queue && found->queue->rules().id != *queue)) return nullptr;
  return found;
}

// ---- views

std::vector<model::QueueInfo> QueueBook::infos(const model::AccountId& account) {
  std::map<std::string, model::QueueInfo> out;
  for (auto at = queues_.lower_bound({account, ""}); at != queues_.end() && at->first.account == account;
       ++at) {
    model::QueueInfo& info = out[at->first.name];
    info = at->second->info();
    info.provisioned = false;  // Unless it still is, see below.
  }
  const auto rules = env_.deps.store.snapshot();
  for (const store::Queue* queue : rules->queues_of(account)) {
    model::QueueInfo info = queue_info(*queue, true);
    if (const auto used = out.find(queue->name); used != out.end()) info.statistics = used->second.statistics;
    out[queue->name] = std::move(info);
  }
  std::vector<model::QueueInfo> list;
  list.reserve(out.size());
  for (auto& [name, info] : out) list.push_back(std::move(info));
  return list;
}

std::optional<model::QueueInfo> QueueBook::info(const model::AccountId& account, const model::QueueId& id) {
  const auto rules = env_.deps.store.snapshot();
  if (const store::Queue* provisioned = rules->queue(account, id)) {
    model::QueueInfo out = queue_info(*provisioned, true);
    if (const Queue* used = find({account, provisioned->name})) out.statistics = used->statistics();
    return out;
  }
  const Queue* made = live(account, id);
  if (made == nullptr) return std::nullopt;
  model::QueueInfo out = made->info();
  out.provisioned = false;
  return out;
}

std::vector<model::QueueEntry> QueueBook::entries(const model::AccountId& account, const model::QueueId& id,
                                                  std::size_t first_position, std::size_t limit) {
  std::vector<model::QueueEntry> out;
  const auto rules = env_.deps.store.snapshot();
  const store::Queue* provisioned = rules->queue(account, id);
  const Queue* queue = provisioned != nullptr ? find({account, provisioned->name}) : live(account, id);
  if (queue == nullptr) return out;
  for (const auto& place : env_.deps.queue_order.places(queue->key(), first_position, limit)) {
    if (const QueueEntry* waiting = entry(place.entry)) out.push_back(queue->view(*waiting));
  }
  return out;
}

}  // namespace tandem::call
