// Sessions, and the operations that come from them.
#include <algorithm>
#include <type_traits>

#include "call/core_impl.h"
#include "call/operation/conference_verbs.h"
#include "call/operation/queue_entry.h"

namespace tandem::call {

using model::ErrorCode;

CoreImpl::Session& CoreImpl::add_session(store::Route owner, model::SessionReason reason) {
  const model::SessionId id = model::SessionId::make();
  auto host = std::make_unique<Session>(*env_, id, std::move(owner), reason);
  return *sessions_.emplace(id, std::move(host)).first->second;
}

SessionOpening CoreImpl::opening_of(const Session& session, const char* reason) {
  SessionOpening opening;
  opening.id = session.id();
  opening.reason = reason;
  opening.account = session.owner().account;
  opening.application = session.owner().application;
  return opening;
}

void CoreImpl::session_opened(const model::SessionId& id) {
  Session* session = find(id);
  if (session == nullptr) return;
  intents_->delivered(session->intent);
  each_call(*session, [](Call& c) { c.session_opened(); });
}
void CoreImpl::session_failed(const model::SessionId& id, SessionFailure why) {
  if (Session* session = find(id)) {
    if (!session->intent.empty()) {
      const bool overloaded = why == SessionFailure::overloaded;
      env_->deps.log.warn("intent {}: the application could not be reached", session->intent.str());
      intents_->failed(session->intent,
                       overloaded
                           ? make_error(ErrorCode::no_capacity, "this node cannot open more sessions")
                           : make_error(ErrorCode::unreachable, "the application could not be reached"));
    }
    each_call(*session, [why](Call& c) { c.session_failed(why); });
  }
  detach(id);
}
void CoreImpl::session_lost(const model::SessionId& id) {
  if (Session* session = find(id)) each_call(*session, [](Call& c) { c.session_lost(); });
  detach(id);
}
void CoreImpl::session_closed(const model::SessionId& id) {
  if (Session* session = find(id)) each_call(*session, [](Call& c) { c.session_closed(); });
  detach(id);
}

void CoreImpl::detach(const model::SessionId& id) {
  const auto found = sessions_.find(id);
  if (found == sessions_.end()) return;
  // Who dials for nobody is in the way; what a call does goes on with the call.
  found->second->ops().call_over();
  intents_->completed(found->second->intent);
  conferences_->session_over(id);
  // Nobody can ask any more about what has ended.
  each_call(*found->second, [this](Call& c) {
    if (c.over()) erase_later(c.id());
  });
  env_->deps.recordings.session_closed(id);
  // Its operations may be what is calling.
  env_->deps.loop.post([host = std::move(found->second)] {});
  sessions_.erase(found);
  queue_watchers_.erase(id);
}

void CoreImpl::erase_later(const model::CallId& id) {
  env_->deps.loop.post([this, finder = env_->finder, id] {
    if (!finder->alive()) return;
    const auto found = calls_.find(id);
    if (found == calls_.end()) return;
    if (Session* session = find(found->second->session())) std::erase(session->calls, id);
    calls_.erase(found);
  });
}

// ---- operations

OpTable* CoreImpl::table_with(Session& session, const model::OpId& op) {
  if (session.ops().params_of(op) != nullptr) return &session.ops();
  for (const model::CallId& id : session.calls) {
    Call* call = find(id);
    if (call != nullptr && call->ops().params_of(op) != nullptr) return &call->ops();
  }
  OpTable* found = nullptr;
  conferences_->each_with(op, [&](Conference& conference) {
    if (conference.submitted_by(op, session.id())) found = &conference.ops();
  });
  return found;
}

namespace {

/// The operation that was asked for under this id before.
SubmitResult known(const OpTable& table, const model::OpId& id, const model::RequestParams& whole) {
  if (*table.params_of(id) == whole) return table.view(id);
  return Err(
      make_error(ErrorCode::idempotency_conflict, "op_id was used before with other parameters", "op_id"));
}

}  // namespace

template <class P>
SubmitResult CoreImpl::submit_control(Session& session, const P& params) {
  OpTable* table = table_with(session, params.op_id);
  if (table == nullptr)
    return Err(make_error(ErrorCode::op_not_found, "no such operation in this session", "op_id"));
  return control(*table, params);
}

template <class P>
SubmitResult CoreImpl::submit_to(Call* call, const P& params, const model::RequestParams& whole) {
  if (!call->live()) return Err(make_error(ErrorCode::call_ended, "the call is over", "call_id"));
  MadeOperation made = make_operation(*call, params);
  if (!made) return Err(std::move(made.error()));
  const bool acts = (*made)->traits().acts_on_call;
  auto view = call->ops().submit(params.op_id.value_or(model::OpId::make()), whole, std::move(*made));
  if (view && acts) call->acted_on();
  return view;
}

template <class P>
SubmitResult CoreImpl::submit_call(Session& session, const P& params, const model::RequestParams& whole) {
  if (params.op_id) {
    if (const OpTable* table = table_with(session, *params.op_id)) return known(*table, *params.op_id, whole);
  }
  Call* call = session.holds(params.call_id) ? find(params.call_id) : nullptr;
  if (call == nullptr)
    return Err(make_error(ErrorCode::call_not_found, "no such call in this session", "call_id"));
  return submit_to(call, params, whole);
}

template <class P>
SubmitResult CoreImpl::submit_session(Session& session, const P& params, const model::RequestParams& whole) {
  if (params.op_id) {
    if (const OpTable* table = table_with(session, *params.op_id)) return known(*table, *params.op_id, whole);
  }
  if (draining_ && std::is_same_v<P, model::CallDial>)
    return Err(make_error(ErrorCode::node_draining, "this node takes no new calls"));
  MadeOperation made = make_operation(session, params);
  if (!made) return Err(std::move(made.error()));
  return session.ops().submit(params.op_id.value_or(model::OpId::make()), whole, std::move(*made));
}

template <class P>
SubmitResult CoreImpl::submit_conference(Conference* conference, const model::SessionId& asker,
                                         const P& params, const model::RequestParams& whole) {
  if (conference == nullptr)
    return Err(
        make_error(ErrorCode::conference_not_found, "no such conference in this account", "conference_id"));
  OpTable& ops = conference->ops();
  const model::OpId id = params.op_id.value_or(model::OpId::make());
  if (ops.params_of(id) != nullptr) return known(ops, id, whole);
  if (conference->over())
    return Err(make_error(ErrorCode::conference_not_found, "the conference has ended", "conference_id"));
  MadeOperation made = make_operation(*conference, params);
  if (!made) return Err(std::move(made.error()));
  auto view = ops.submit(id, whole, std::move(*made));
  if (view) conference->submitted(id, asker);
  return view;
}

template <class P>
SubmitResult CoreImpl::submit_queue(const model::AccountId& account, const P& params,
                                    const model::RequestParams& whole,
                                    Function<void(const model::OperationView&)> done) {
  const QueueEntry* entry =
      queues_->waiting(account, params.queue_entry_id, params.queued_call_id, params.queue_id);
  // By then it may have left: the call still knows the operation.
  Call* call = entry != nullptr ? find(entry->call) : nullptr;
  if (call == nullptr && params.queued_call_id) call = find_call(account, *params.queued_call_id);
  if (call == nullptr)
    return Err(make_error(ErrorCode::queue_entry_not_found, "no such call waits in a queue of the account",
                          params.queue_entry_id ? "queue_entry_id" : "queued_call_id"));
  OpTable& ops = call->ops();
  SubmitResult view = [&]() -> SubmitResult {
    if (params.op_id && ops.params_of(*params.op_id) != nullptr) return known(ops, *params.op_id, whole);
    MadeOperation made = make_queue_operation(*env_, *call, account, params);
    if (!made) return Err(std::move(made.error()));
    return ops.submit(params.op_id.value_or(model::OpId::make()), whole, std::move(*made));
  }();
  if (view && done) ops.watch(view->id, std::move(done));
  return view;
}

SubmitResult CoreImpl::submit(const model::SessionId& id, const model::RequestParams& params) {
  runtime::assert_on(env_->deps.loop);
  Session* session = find(id);
  if (session == nullptr) return Err(make_error(ErrorCode::call_not_found, "the session holds no call"));
  return std::visit(
      [&](const auto& p) -> SubmitResult {
        if constexpr (requires { make_operation(std::declval<Session&>(), p); }) {
          return submit_session(*session, p, params);
        } else if constexpr (requires { make_operation(std::declval<Conference&>(), p); }) {
          if (p.op_id) {
            if (const OpTable* table = table_with(*session, *p.op_id)) return known(*table, *p.op_id, params);
          }
          return submit_conference(conference_of(session->account(), p.conference_id), id, p, params);
        } else if constexpr (requires { make_operation(std::declval<Call&>(), p); }) {
          return submit_call(*session, p, params);
        } else if constexpr (requires { control(std::declval<OpTable&>(), p); }) {
          return submit_control(*session, p);
        } else {
          return Err(make_error(ErrorCode::unknown_method, "not a method of the core"));
        }
      },
      params);
}

SubmitResult CoreImpl::submit(const model::AccountId& account, const model::RequestParams& params,
                              Function<void(const model::OperationView&)> done) {
  runtime::assert_on(env_->deps.loop);
  return std::visit(
      [&](const auto& p) -> SubmitResult {
        using P = std::decay_t<decltype(p)>;
        if constexpr (requires { make_operation(std::declval<Call&>(), p); }) {
          Call* call = find_call(account, p.call_id);
          if (call == nullptr)
            return Err(make_error(ErrorCode::call_not_found, "no such call in this account", "call_id"));
          SubmitResult view = p.op_id && call->ops().params_of(*p.op_id) != nullptr
                                  ? known(call->ops(), *p.op_id, params)
                                  : submit_to(call, p, params);
          if (view && done) call->ops().watch(view->id, std::move(done));
          return view;
        } else if constexpr (requires { make_operation(std::declval<Conference&>(), p); }) {
          Conference* conference = conference_of(account, p.conference_id);
          SubmitResult view = submit_conference(conference, {}, p, params);
          if (view && done) conference->ops().watch(view->id, std::move(done));
          return view;
        } else if constexpr (std::is_same_v<P, model::CallDial>) {
          return Err(
              make_error(ErrorCode::wrong_state, "outbound calls are asked for by POST Calls", "method"));
        } else if constexpr (std::is_same_v<P, model::QueueRemove> || std::is_same_v<P, model::QueueUpdate>) {
          return submit_queue(account, p, params, std::move(done));
        } else if constexpr (requires { control(std::declval<OpTable&>(), p); }) {
          for (const auto& [id, call] : calls_) {
            const bool ours = call->route() && call->route()->account.id == account;
            if (ours && call->ops().params_of(p.op_id) != nullptr) return control(call->ops(), p);
          }
          OpTable* table = nullptr;
          conferences_->each_with(p.op_id, [&](Conference& conference) {
            if (conference.account() == account) table = &conference.ops();
          });
          if (table != nullptr) return control(*table, p);
          return Err(make_error(ErrorCode::op_not_found, "no such operation in this account", "op_id"));
        } else {
          return Err(make_error(ErrorCode::unknown_method, "belongs to a session", "method"));
        }
      },
      params);
}

model::SessionSnapshot CoreImpl::snapshot(const model::SessionId& id) {
  model::SessionSnapshot out;
  out.session.id = id;
  Session* session = find(id);
  if (session == nullptr) return out;
  out.operations = session->ops().views();
  std::vector<const Bridge*> seen;
  each_call(*session, [&](Call& call) {
    out.calls.push_back(call.snapshot());
    for (auto& view : call.ops().views()) out.operations.push_back(std::move(view));
    const Bridge* bridge = call.bridge();
    if (bridge == nullptr || std::find(seen.begin(), seen.end(), bridge) != seen.end()) return;
    seen.push_back(bridge);
    out.bridges.push_back(bridge->snapshot());
  });
  conferences_into(*session, out);
  each_call(*session, [&](Call& call) {
    const QueueEntry* entry = queues_->entry_of(call.id());
    if (entry != nullptr && entry->queue != nullptr) out.queue_entries.push_back(entry->queue->view(*entry));
  });
  return out;
}

void CoreImpl::subscribe(const model::SessionId& id, const model::SessionSubscribe& what) {
  Session* session = find(id);
  if (session == nullptr) return;
  session->subscription = what;
  if (!what.queues) {
    queue_watchers_.erase(id);
    return;
  }
  queue_watchers_.insert(id);
  // The reply goes first.
  env_->deps.loop.post([this, finder = env_->finder, id] {
    if (finder->alive()) tell_queue_statistics(id);
  });
}

void CoreImpl::on_endpoint(const model::AccountId& account, const model::EventData& event,
                           const std::optional<model::DomainId>& domain) {
  for (const auto& [id, session] : sessions_) {
    const model::SessionSubscribe& wish = session->subscription;
    if (session->account() != account || !wish.endpoints) continue;
    if (wish.domain_id && wish.domain_id != domain) continue;
    session->emit(event);
  }
}

void CoreImpl::on_recording(const model::SessionId& id, model::Event event) {
  if (find(id) == nullptr) return;
  const bool settled = !std::holds_alternative<model::RecordingPurgedEvent>(event.data);
  env_->deps.gateway.deliver(id, std::move(event));
  if (settled) check_idle(id);
}

void CoreImpl::check_idle(const model::SessionId& id) {
  Session* session = find(id);
  if (session == nullptr || session->calls.empty() || !session->ops().idle()) return;
  if (conferences_->owned_by(id)) return;
  bool idle = !env_->deps.recordings.busy(id);
  each_call(*session, [&idle](const Call& c) { idle = idle && c.over() && c.cdr_told(); });
  if (idle) env_->deps.gateway.idle(id);
}

}  // namespace tandem::call
