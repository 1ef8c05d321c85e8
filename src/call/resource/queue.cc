#include "call/resource/queue.h"

#include <algorithm>
#include <chrono>

#include "call/resource/call.h"
#include "call/resource/exchange.h"
#include "call/resource/queue_book.h"

namespace tandem::call {

using machine::QueueEntryEffect;
using model::QueueLeftReason;
using std::chrono::duration_cast;
using std::chrono::milliseconds;
namespace queued = machine::queued;

namespace {

constexpr milliseconds kPulse{1'000};  ///< Positions and statistics are told at most so often.
constexpr milliseconds kSlice{20};     ///< Between two slices of a long queue.
constexpr std::size_t kSliceSize = 200;

}  // namespace

Queue::Queue(Environment& env, QueueBook& book, cluster::QueueKey key, store::Queue rules, bool provisioned)
    : env_(env),
      book_(book),
      key_(std::move(key)),
      rules_(std::move(rules)),
      provisioned_(provisioned),
      pulse_(env.deps.loop) {}

Queue::~Queue() = default;

void Queue::set_rules(store::Queue rules, bool provisioned) {
  rules_ = std::move(rules);
  provisioned_ = provisioned;
}

bool Queue::idle() const {
  return takers_.empty() && env_.deps.queue_order.size(key_) == 0;
}

// ---- those who wait

void Queue::enter(QueueEntry& entry, QueueMember& member) {
  entry.queue = this;
  entry.member = &member;
  entry.state = queued::Waiting{};
  entry.in_order = false;
  entry.told_position = 0;
  estimate_.arrived(env_.now(), env_.deps.queue_order.size(key_));
  const std::int64_t priority = rules_.order == model::QueueOrdering::arrival ? 0 : entry.priority;
  env_.deps.queue_order.join(key_, entry.id, priority, rules_.max_size,
                             [finder = env_.finder, &book = book_, key = key_, id = entry.id](bool in) {
                               if (!finder->alive()) return;
                               if (Queue* queue = book.find(key)) queue->on_joined_order(id, in);
                             });
}

void Queue::on_joined_order(const model::QueueEntryId& id, bool in) {
  QueueEntry* entry = book_.entry(id);
  if (entry == nullptr || entry->queue != this) {  // It has gone meanwhile.
    if (in) env_.deps.queue_order.leave(key_, id);
    return;
  }
  if (!in) {
    ++counts_.overflowed;
    changed();
    QueueMember& member = *entry->member;
    entry->queue = nullptr;
    return member.queue_full(*this);
  }
  entry->in_order = true;
  const std::int64_t limit = entry->max_wait_ms > 0 ? entry->max_wait_ms : rules_.max_wait_ms;
  if (limit > 0) {
    entry->time_up.set(milliseconds(limit), [this, id] {
      if (QueueEntry* late = book_.entry(id)) apply(*late, queued::TimeUp{});
    });
  }
  const machine::QueueFacts now = facts(*entry);
  entry->told_position = now.position;
  auto event = event_of<model::QueueEnteredEvent>(*entry);
  event.from = entry->from;
  event.priority = entry->priority;
  event.position = static_cast<std::int64_t>(now.position);
  event.waiting = static_cast<std::int64_t>(now.waiting);
  event.estimated_wait_ms = now.wait_ms;
  event.data = entry->data;
  tell(*entry, std::move(event));
  changed();
  entry->member->queue_entered(*this);
  serve();
}

void Queue::leave(QueueEntry& entry, QueueLeftReason reason) {
  apply(entry, queued::Leave{reason});
}

void Queue::drop(QueueEntry& entry) {
  if (entry.in_order) env_.deps.queue_order.leave(key_, entry.id);
  if (std::holds_alternative<queued::Offered>(entry.state)) --offered_;
  const TakerId offered_to = entry.taker;
  book_.erase(entry.id);
  if (!env_.finder->alive()) return;
  changed();
  withdraw(offered_to, QueueLeftReason::call_ended);
}

void Queue::withdraw(TakerId offered_to, QueueLeftReason reason) {
  const auto taker = takers_.find(offered_to);
  if (taker == takers_.end()) return;
  taker->second.has_entry = false;
  taker->second.taker->entry_gone(reason);
}

void Queue::set_priority(QueueEntry& entry, std::int64_t priority) {
  entry.priority = priority;
  if (rules_.order == model::QueueOrdering::arrival) return;
  env_.deps.queue_order.reorder(key_, entry.id, priority);
  changed();
}

machine::QueueFacts Queue::facts(const QueueEntry& entry) const {
  machine::QueueFacts out;
  const auto place = env_.deps.queue_order.place(key_, entry.id);
  out.waiting = std::max<std::size_t>(1, env_.deps.queue_order.size(key_));
  out.position = place ? place->position : out.waiting;
  out.wait_ms = estimate_.wait_ms(out.position);
  return out;
}

std::int64_t Queue::waited_ms(const QueueEntry& entry) const {
  return duration_cast<milliseconds>(env_.now() - entry.since).count();
}

// ---- agents

Queue::TakerId Queue::add(QueueTaker& taker, cluster::QueuePick pick, bool wait) {
  const TakerId id = ++last_taker_;
  takers_.emplace(id, Taker{&taker, std::move(pick), wait});
  changed();
  return id;
}

void Queue::ask(TakerId taker) {
  const bool others = std::ranges::any_of(
      takers_, [taker](const auto& t) { return t.first != taker && t.second.waits && !t.second.has_entry; });
  if (others && takers_.at(taker).waits) return serve();  // Who asked before goes first.
  claim_for(taker);
}

void Queue::forget(TakerId taker) {
  if (takers_.erase(taker) != 0) changed();
}

void Queue::claim_for(TakerId id) {
  Taker& taker = takers_.at(id);
  taker.asking = true;
  env_.deps.queue_order.claim(
      key_, taker.pick,
      [finder = env_.finder, &book = book_, key = key_, id](std::optional<model::QueueEntryId> claimed) {
        if (!finder->alive()) return;
        if (Queue* queue = book.find(key)) queue->on_claimed(id, std::move(claimed));
      });
}

void Queue::on_claimed(TakerId id, std::optional<model::QueueEntryId> claimed) {
  const auto found = takers_.find(id);
  if (found != takers_.end()) found->second.asking = false;
  if (!claimed) {
    if (found == takers_.end()) return;
    if (!found->second.waits) return found->second.taker->nobody_waits();
    if (std::exchange(found->second.ask_again, false)) serve();
    return;
  }
  QueueEntry* entry = book_.entry(*claimed);
  if (entry == nullptr || entry->queue != this) {
    env_.deps.queue_order.leave(key_, *claimed);
    if (found != takers_.end()) claim_for(id);
    return;
  }
  if (!entry->member->queued_call().live()) {  // It is being ended: too late for it.
    leave(*entry, QueueLeftReason::call_ended);
    if (takers_.contains(id)) claim_for(id);
    return;
  }
  if (found == takers_.end()) {  // The agent has gone.
    env_.deps.queue_order.give_back(key_, *claimed);
    return serve();
  }
  found->second.has_entry = true;
  entry->taker = id;
  apply(*entry, queued::Offer{found->second.taker->agent()});
  found->second.ask_again = false;
  found->second.taker->entry_taken(*entry);
  serve();
}

void Queue::serve() {
  // Whoever is served may ask for more within.
  serve_again_ = true;
  if (std::exchange(serving_, true)) return;
  while (std::exchange(serve_again_, false)) {
    const auto first =
        std::ranges::find_if(takers_, [](const auto& t) { return t.second.waits && !t.second.has_entry; });
    if (first == takers_.end()) break;
    const TakerId id = first->first;
    if (first->second.asking) {  // Its answer comes first, and may be an old one.
      first->second.ask_again = true;
      break;
    }
    claim_for(id);
    const auto served = takers_.find(id);
    if (served == takers_.end() || served->second.has_entry) serve_again_ = true;
  }
  serving_ = false;
}

void Queue::give_back(QueueEntry& entry, model::QueueReturnedReason why) {
  if (const auto taker = takers_.find(entry.taker); taker != takers_.end()) taker->second.has_entry = false;
  if (apply(entry, queued::Return{}, why)) serve();
}

void Queue::joined(QueueEntry& entry, const QueueConnection& how) {
  apply(entry, queued::Join{}, {}, how);
}

// ---- the life of an entry

bool Queue::apply(QueueEntry& entry, const machine::QueueEntryEvent& event, model::QueueReturnedReason why,
                  const QueueConnection& how) {
  const machine::QueueEntryStep next = machine::step(entry.state, event);
  if (!next.allowed) return false;
  const auto* before = std::get_if<queued::Offered>(&entry.state);
  const model::CallId by = before == nullptr ? model::CallId() : before->by;
  if (before != nullptr && !std::holds_alternative<queued::Offered>(next.next)) --offered_;
  entry.state = next.next;
  switch (next.effect) {
    case QueueEntryEffect::none:
      break;
    case QueueEntryEffect::tell_offered: {
      ++offered_;
      auto offered = event_of<model::QueueOfferedEvent>(entry);
      offered.by_call_id = std::get<queued::Offered>(entry.state).by;
      tell(entry, std::move(offered));
      changed();
      break;
    }
    case QueueEntryEffect::tell_returned: {
      entry.taker = 0;
      env_.deps.queue_order.give_back(key_, entry.id);
      auto returned = event_of<model::QueueReturnedEvent>(entry);
      returned.by_call_id = by;
      returned.reason = why;
      entry.told_position = facts(entry).position;
      returned.position = static_cast<std::int64_t>(entry.told_position);
      tell(entry, std::move(returned));
      changed();
      break;
    }
    case QueueEntryEffect::leave:
      finish(entry, std::get<queued::Left>(entry.state).reason, by, how);
      break;
  }
  return true;
}

void Queue::finish(QueueEntry& entry, QueueLeftReason reason, const model::CallId& by,
                   const QueueConnection& how) {
  entry.time_up.cancel();
  env_.deps.queue_order.leave(key_, entry.id);
  count(entry, reason);
  auto left = event_of<model::QueueLeftEvent>(entry);
  const bool onward = rules_.overflow_action == model::QueueOverflow::queue;
  left.reason = reason == QueueLeftReason::timeout && onward ? QueueLeftReason::overflow : reason;
  if (reason == QueueLeftReason::connected) left.by_call_id = by;
  left.waited_ms = waited_ms(entry);
  tell(entry, std::move(left));
  changed();
  QueueMember& member = *entry.member;
  const TakerId offered_to = std::exchange(entry.taker, 0);
  entry.queue = nullptr;
  member.queue_left(*this, reason, by, how);
  if (reason != QueueLeftReason::connected) withdraw(offered_to, reason);
}

void Queue::count(const QueueEntry& entry, QueueLeftReason reason) {
  switch (reason) {
    case QueueLeftReason::connected:
      ++counts_.served;
      served_wait_ms_ += waited_ms(entry);
      estimate_.served(env_.now());
      break;
    case QueueLeftReason::call_ended:
      ++counts_.abandoned;
      break;
    case QueueLeftReason::timeout:
      ++counts_.timed_out;
      break;
    case QueueLeftReason::removed:
    case QueueLeftReason::stopped:
      ++counts_.removed;
      break;
    case QueueLeftReason::overflow:
      ++counts_.overflowed;
      break;
  }
}

// ---- what is told

template <class Event>
Event Queue::event_of(const QueueEntry& entry) const {
  Event event;
  event.queue_id = rules_.id;
  event.queue = key_.name;
  event.queue_entry_id = entry.id;
  event.call_id = entry.call;
  return event;
}

void Queue::tell(QueueEntry& entry, const model::EventData& data) {
  Call& call = entry.member->queued_call();
  call.emit(data, entry.op);
  env_.exchange.tell_queue(key_.account, key_.name, data, call.session());
}

void Queue::changed() {
  if (pulse_.pending()) return;
  Duration delay{};
  if (last_pulse_) delay = std::max(Duration{}, *last_pulse_ + kPulse - env_.now());
  pulse_.set(delay, [this] { pulse(); });
}

void Queue::pulse() {
  if (next_position_ == 0) {
    last_pulse_ = env_.now();
    tell_statistics();
  }
  if (!tell_positions()) pulse_.set(kSlice, [this] { pulse(); });
}

bool Queue::tell_positions() {
  const std::size_t first = next_position_ == 0 ? 1 : next_position_;
  const auto places = env_.deps.queue_order.places(key_, first, kSliceSize);
  const auto waiting = static_cast<std::int64_t>(env_.deps.queue_order.size(key_));
  for (const cluster::QueuePlace& place : places) {
    QueueEntry* entry = book_.entry(place.entry);
    if (entry == nullptr || !entry->in_order || entry->told_position == place.position) continue;
    entry->told_position = place.position;
    auto event = event_of<model::QueuePositionEvent>(*entry);
    event.position = static_cast<std::int64_t>(place.position);
    event.waiting = waiting;
    event.estimated_wait_ms = estimate_.wait_ms(place.position);
    entry->member->queued_call().emit(std::move(event), entry->op);
  }
  const bool all = places.size() < kSliceSize;
  next_position_ = all ? 0 : first + kSliceSize;
  return all;
}

void Queue::tell_statistics() {
  model::QueueStatistics now = statistics();
  // Time alone is no change.
  model::QueueStatistics compared = now;
  if (told_) compared.longest_wait_ms = told_->longest_wait_ms;
  if (told_ && compared == *told_) return;
  told_ = now;
  model::QueueStatsEvent event;
  event.queue_id = rules_.id;
  event.queue = key_.name;
  event.statistics = now;
  env_.exchange.tell_queue(key_.account, key_.name, event, {});
}

// ---- views

model::QueueEntry Queue::view(const QueueEntry& entry) const {
  const machine::QueueFacts now = facts(entry);
  model::QueueEntry out;
  out.id = entry.id;
  out.queue_id = rules_.id;
  out.queue = key_.name;
  out.call_id = entry.call;
  out.op_id = entry.op;
  out.from = entry.from;
  out.priority = entry.priority;
  out.state = machine::shown(entry.state);
  out.position = static_cast<std::int64_t>(now.position);
  out.estimated_wait_ms = now.wait_ms;
  out.waited_ms = waited_ms(entry);
  out.entered_at = entry.entered;
  if (const auto* offered = std::get_if<queued::Offered>(&entry.state)) out.by_call_id = offered->by;
  out.data = entry.data;
  return out;
}

model::QueueStatistics Queue::statistics() const {
  model::QueueStatistics out = counts_;
  const cluster::QueueOrder& order = env_.deps.queue_order;
  out.waiting = static_cast<std::int64_t>(order.size(key_));
  out.offered = static_cast<std::int64_t>(offered_);
  out.agents =
      std::ranges::count_if(takers_, [](const auto& t) { return t.second.waits && !t.second.has_entry; });
  if (const auto oldest = order.oldest(key_)) {
    if (const QueueEntry* entry = book_.entry(oldest->entry)) out.longest_wait_ms = waited_ms(*entry);
  }
  if (out.served > 0) out.average_wait_ms = served_wait_ms_ / out.served;
  out.estimated_wait_ms = estimate_.wait_ms(order.size(key_) + 1);
  return out;
}

model::QueueInfo Queue::info() const {
  model::QueueInfo out = queue_info(rules_, provisioned_);
  out.statistics = statistics();
  return out;
}

}  // namespace tandem::call
