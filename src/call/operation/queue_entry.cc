#include "call/operation/queue_entry.h"

#include "call/operation/verbs.h"
#include "call/resource/exchange.h"
#include "call/resource/queue_book.h"
#include "call/resource/session_host.h"

namespace tandem::call {
namespace {

model::Error not_there(bool by_entry) {
  return make_error(model::ErrorCode::queue_entry_not_found, "no such call waits in a queue of the account",
                    by_entry ? "queue_entry_id" : "queued_call_id");
}

template <class Result>
Result result_of(const QueueEntry& entry) {
  Result r;
  r.queue_id = entry.queue->rules().id;
  r.queue = entry.queue->key().name;
  r.queue_entry_id = entry.id;
  r.call_id = entry.call;
  r.waited_ms = entry.queue->waited_ms(entry);
  return r;
}

Completion carry_out(QueueEntry& entry, const model::QueueRemove& /*p*/) {
  auto result = result_of<model::QueueRemoveResult>(entry);
  entry.queue->leave(entry, model::QueueLeftReason::removed);
  return succeeded(model::OpReason::removed, std::move(result));
}

Completion carry_out(QueueEntry& entry, const model::QueueUpdate& p) {
  entry.queue->set_priority(entry, p.priority);
  return succeeded(model::OpReason::applied, result_of<model::QueueUpdateResult>(entry));
}

template <class Params>
class OnEntry final : public Operation {
 public:
  OnEntry(Environment& env, OpHost& on, OperationTraits traits, model::AccountId account, Params p)
      : Operation(on, traits), env_(env), account_(std::move(account)), p_(std::move(p)) {}

  void begin() override {
    QueueEntry* entry =
        env_.exchange.queues().waiting(account_, p_.queue_entry_id, p_.queued_call_id, p_.queue_id);
    if (entry == nullptr) return finish(failed(not_there(p_.queue_entry_id.has_value())));
    finish(carry_out(*entry, p_));
  }

 private:
  Environment& env_;
  const model::AccountId account_;
  const Params p_;
};

template <class Params>
MadeOperation make(Environment& env, OpHost& host, const model::AccountId& account, const Params& p,
                   const char* method) {
  if (env.exchange.queues().waiting(account, p.queue_entry_id, p.queued_call_id, p.queue_id) == nullptr)
    return Err(not_there(p.queue_entry_id.has_value()));
  OperationTraits traits{.method = method, .lanes = machine::kNoLane, .deadline_ms = p.deadline_ms};
  return std::unique_ptr<Operation>(std::make_unique<OnEntry<Params>>(env, host, traits, account, p));
}

}  // namespace

MadeOperation make_queue_operation(Environment& env, OpHost& host, const model::AccountId& account,
                                   const model::QueueRemove& p) {
  return make(env, host, account, p, "queue.remove");
}
MadeOperation make_queue_operation(Environment& env, OpHost& host, const model::AccountId& account,
                                   const model::QueueUpdate& p) {
  return make(env, host, account, p, "queue.update");
}

MadeOperation make_operation(SessionHost& session, const model::QueueRemove& p) {
  return make_queue_operation(session.env(), session, session.account(), p);
}
MadeOperation make_operation(SessionHost& session, const model::QueueUpdate& p) {
  return make_queue_operation(session.env(), session, session.account(), p);
}

}  // namespace tandem::call
