// Sessions, and the operations that come from them.
#include <algorithm>
#include <type_traits>

#include "call/core_impl.h"

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
  // Nobody can ask any more about what has ended.
  each_call(*found->second, [this](Call& c) {
    if (c.over()) erase_later(c.id());
  });
  env_->deps.recordings.session_closed(id);
  // Its operations may be what is calling.
  env_->deps.loop.post([host = std::move(found->second)] {});
  sessions_.erase(found);
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
  return nullptr;
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

SubmitResult CoreImpl::submit_dial(Session& session, const model::CallDial& params,
                                   const model::RequestParams& whole) {
  if (params.op_id) {
    if (const OpTable* table = table_with(session, *params.op_id)) return known(*table, *params.op_id, whole);
  }
  if (draining_) return Err(make_error(ErrorCode::node_draining, "this node takes no new calls"));
  MadeOperation made = make_operation(session, params);
  if (!made) return Err(std::move(made.error()));
  return session.ops().submit(params.op_id.value_or(model::OpId::make()), whole, std::move(*made));
}

SubmitResult CoreImpl::submit(const model::SessionId& id, const model::RequestParams& params) {
  runtime::assert_on(env_->deps.loop);
  Session* session = find(id);
  if (session == nullptr) return Err(make_error(ErrorCode::call_not_found, "the session holds no call"));
  return std::visit(
      [&](const auto& p) -> SubmitResult {
        using P = std::decay_t<decltype(p)>;
        if constexpr (std::is_same_v<P, model::CallDial>) {
          return submit_dial(*session, p, params);
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
        } else if constexpr (std::is_same_v<P, model::CallDial>) {
          return Err(
              make_error(ErrorCode::wrong_state, "outbound calls are asked for by POST Calls", "method"));
        } else if constexpr (requires { control(std::declval<OpTable&>(), p); }) {
          for (const auto& [id, call] : calls_) {
            const bool ours = call->route() && call->route()->account.id == account;
            if (ours && call->ops().params_of(p.op_id) != nullptr) return control(call->ops(), p);
          }
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
  return out;
}

void CoreImpl::subscribe(const model::SessionId& id, const model::SessionSubscribe& what) {
  if (Session* session = find(id)) session->subscription = what;
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
  bool idle = !env_->deps.recordings.busy(id);
  each_call(*session, [&idle](const Call& c) { idle = idle && c.over() && c.cdr_told(); });
  if (idle) env_->deps.gateway.idle(id);
}

}  // namespace tandem::call
