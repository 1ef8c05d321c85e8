// Outbound calls, bridges, calls that take another's place, and what the REST door sees.
#include <algorithm>

#include "call/core_impl.h"

namespace tandem::call {

using machine::LocalCause;
using model::ErrorCode;

// ---- calls

void CoreImpl::on_answered(const model::CallId& id, sip::Answered answered) {
  Call* call = find(id);
  if (call == nullptr) return;
  call->on_answered(answered);
  if (machine::answered(call->leg())) intents_->answered(call->facts().intent);
}

Call* CoreImpl::find_call(const model::AccountId& owner, const model::CallId& id) {
  Call* call = find(id);
  const bool ours = call != nullptr && call->live() && call->route() && call->route()->account.id == owner;
  return ours ? call : nullptr;
}

Result<Call*, model::Error> CoreImpl::place(CallFacts facts, store::Route owner,
                                            const model::SessionId& session) {
  if (draining_) return Err(make_error(ErrorCode::node_draining, "this node takes no new calls"));
  const model::AccountId account = owner.account.id;
  switch (limits_.admit(owner.account, env_->now())) {
    case AccountLimits::Answer::too_fast:
      return Err(make_error(ErrorCode::cps_exceeded, "the account's limit of calls per second is reached"));
    case AccountLimits::Answer::too_many:
      return Err(
          make_error(ErrorCode::concurrency_exceeded, "the account's limit of concurrent calls is reached"));
    case AccountLimits::Answer::admitted:
      break;
  }
  holding_.emplace(facts.id, account);
  if (!facts.intent.empty()) intents_->dialed(facts.intent, facts.id);
  Call& call = add_call(std::make_unique<Call>(*env_, std::move(facts), std::move(owner)));
  if (Session* holder = find(session)) {
    holder->calls.push_back(call.id());
    call.attach(session);
  }
  call.announce();
  return &call;
}

void CoreImpl::replace_call(sip::IncomingCall incoming, Call& old) {
  // The caller knows the dialog's identifiers, which only its two ends do (RFC 3891 section 3).
  Call& call = add_call(std::make_unique<Call>(*env_, std::move(incoming)));
  call.set_route(*old.route());
  if (draining_) return call.end_by(LocalCause::node_draining);
  if (Session* holder = find(old.session())) {
    holder->calls.push_back(call.id());
    call.attach(old.session());
    call.announce();
  }
  // A phone that rings is picked up by another: whoever dialled it gets that one.
  if (old.watcher() != nullptr && machine::unanswered(old.leg())) old.watcher()->call_replaced(old, call);
  if (!call.answer_to_join()) return;
  old.emit(model::CallReplacedEvent{.by_call_id = call.id()});
  if (Place* place = old.place(); place != nullptr && place->active()) place->replace(old, call);
  old.end_by(LocalCause::replaced);
}

// ---- bridges

Bridge& CoreImpl::make_bridge(Call& first, BridgeTerms terms, Function<void(const BridgeEnd&)> on_end) {
  auto bridge = std::make_unique<Bridge>(*env_, first, terms, std::move(on_end));
  Bridge& made = *bridge;
  bridges_.emplace(made.id(), std::move(bridge));
  return made;
}

void CoreImpl::bridge_over(const model::BridgeId& id) {
  // It may be what is calling.
  env_->deps.loop.post([this, finder = env_->finder, id] {
    if (finder->alive()) bridges_.erase(id);
  });
}

// ---- intents

Result<model::Intent, model::Error> CoreImpl::request_outbound(OutboundRequest request) {
  if (draining_) return Err(make_error(ErrorCode::node_draining, "this node takes no new calls"));
  const auto rules = env_->deps.store.snapshot();
  const store::Account* account = rules->account(request.account);
  if (account == nullptr) return Err(make_error(ErrorCode::not_found, "no such account"));
  const bool chosen = !request.application.empty();
  const model::ApplicationId id = chosen ? request.application : account->outbound_application_id;
  if (id.empty())
    return Err(make_error(ErrorCode::forbidden, "the account has no outbound application", "application_id"));
  const store::Application* application = rules->application(id);
  if (application == nullptr || application->account_id != account->id)
    return Err(make_error(ErrorCode::not_found, "no such application in this account", "application_id"));
  return intents_->add(*account, id, std::move(request.data_json));
}

void CoreImpl::open_intent(const model::Intent& intent) {
  const auto rules = env_->deps.store.snapshot();
  const store::Account* account = rules->account(intent.account_id);
  const store::Application* application = rules->application(intent.application_id);
  if (account == nullptr || application == nullptr) {
    return intents_->failed(intent.id, make_error(ErrorCode::not_found, "the application was deleted"));
  }
  store::Route owner;
  owner.account = *account;
  owner.application = *application;
  Session& session = add_session(std::move(owner), model::SessionReason::outbound_call);
  session.intent = intent.id;
  intents_->opening(intent.id, session.id());
  SessionOpening opening = opening_of(session, "outbound-call");
  opening.intent_id = intent.id;
  if (intent.data) opening.data_json = intent.data->text;
  env_->deps.gateway.open(std::move(opening));
  model::CallRequestedEvent event;
  event.intent_id = intent.id;
  event.account_id = intent.account_id;
  event.application_id = intent.application_id;
  event.requested_at = intent.requested_at;
  session.emit(std::move(event));
}

std::optional<model::Intent> CoreImpl::intent(const model::AccountId& account, const model::IntentId& id) {
  const model::Intent* found = intents_->find(account, id);
  return found == nullptr ? std::nullopt : std::optional(*found);
}

std::vector<model::Intent> CoreImpl::intents(const model::AccountId& account) {
  return intents_->of(account);
}

// ---- views

model::LiveCall CoreImpl::view_of(const Call& call) const {
  model::LiveCall out;
  out.call = call.snapshot();
  if (!call.session().empty()) out.session_id = call.session();
  out.application_id = call.route()->application.id;
  if (!call.facts().intent.empty()) out.intent_id = call.facts().intent;
  return out;
}

std::vector<model::LiveCall> CoreImpl::calls(const model::AccountId& account) {
  std::vector<model::LiveCall> out;
  for (const auto& [id, call] : calls_) {
    if (call->route() && call->route()->account.id == account) out.push_back(view_of(*call));
  }
  return out;
}

std::optional<model::LiveCall> CoreImpl::call(const model::AccountId& account, const model::CallId& id) {
  const Call* found = find(id);
  if (found == nullptr || !found->route() || found->route()->account.id != account) return std::nullopt;
  return view_of(*found);
}

std::vector<model::LiveSession> CoreImpl::sessions(const model::AccountId& account) {
  std::vector<model::LiveSession> out;
  for (const auto& [id, session] : sessions_) {
    if (session->account() == account) out.push_back(session->view());
  }
  return out;
}

std::optional<model::OperationView> CoreImpl::operation(const model::AccountId& account,
                                                        const model::CallId& call, const model::OpId& id) {
  Call* found = find(call);
  if (found == nullptr || !found->route() || found->route()->account.id != account) return std::nullopt;
  if (found->ops().params_of(id) == nullptr) return std::nullopt;
  return found->ops().view(id);
}

}  // namespace tandem::call
