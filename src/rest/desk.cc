#include "rest/desk.h"

namespace tandem::rest {

std::optional<model::OperationView> operation_of(call::Core& core, const OperationOwner& owner,
                                                 const model::OpId& op) {
  return owner.conference.empty() ? core.operation(owner.account, owner.call, op)
                                  : core.operation(owner.account, owner.conference, op);
}

bool Desk::may_wait(const model::AccountId& account) const {
  if (waiting_.size() >= options.max_waiting) return false;
  const auto n = waiting_of_.find(account);
  return n == waiting_of_.end() || n->second < options.max_waiting_per_account;
}

void Desk::wait(std::uint64_t id, ExchangePtr exchange, model::OperationView view, Duration longest,
                Settle settle) {
  ++waiting_of_[exchange->account];
  const auto timer = loop_.after(longest, [this, id] { expire(id); });
  waiting_.emplace(id, Waiting{std::move(exchange), std::move(view), std::move(settle), timer});
}

Function<void(const model::OperationView&)> Desk::settler(std::uint64_t id) {
  return [this, outbox = outbox_, id](const model::OperationView& view) {
    outbox->post([this, id, view] { settle(id, view); });
  };
}

Desk::Waiting Desk::take(std::unordered_map<std::uint64_t, Waiting>::iterator at) {
  Waiting out = std::move(at->second);
  waiting_.erase(at);
  const auto n = waiting_of_.find(out.exchange->account);
  if (--n->second == 0) waiting_of_.erase(n);
  return out;
}

void Desk::settle(std::uint64_t id, const model::OperationView& view) {
  const auto at = waiting_.find(id);
  if (at == waiting_.end()) return;
  loop_.cancel(at->second.timer);
  Waiting w = take(at);
  w.settle(std::move(w.exchange), view);
}

void Desk::expire(std::uint64_t id) {
  const auto at = waiting_.find(id);
  if (at == waiting_.end()) return;
  Waiting w = take(at);
  const OperationOwner owner = owner_of(*w.exchange, w.view);
  const model::OpId op = w.view.id;
  ask([owner, op](call::Core& core) { return operation_of(core, owner, op); },
      [w = std::move(w)](std::optional<model::OperationView> view) mutable {
        w.settle(std::move(w.exchange), view ? *view : w.view);
      });
}

}  // namespace tandem::rest
