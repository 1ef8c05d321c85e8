#include "call/core.h"

#include <fmt/format.h>

#include "call/core_impl.h"

namespace tandem::call {

using machine::LocalCause;

void CoreImpl::bind(Dependencies dependencies) {
  auto finder = std::make_shared<CallFinder>([this](const model::CallId& id) { return find(id); });
  Metrics& metrics = dependencies.metrics;
  env_ = std::unique_ptr<Environment>(new Environment{options_, std::move(dependencies), CoreMetrics(metrics),
                                                      std::move(finder), *this, *this});
  queues_ = std::make_unique<QueueBook>(*env_);
  env_->deps.recordings.set_news(this);
  intents_ = std::make_unique<IntentBook>(env_->deps.loop,
                                          [this](const model::Intent& intent) { open_intent(intent); });
  conferences_ = std::make_unique<ConferenceBook>(*env_);
  drain_timer_ = std::make_unique<runtime::Timer>(env_->deps.loop);
}

// ---- arrivals

void CoreImpl::on_incoming(sip::IncomingCall incoming) {
  runtime::assert_on(env_->deps.loop);
  const model::CallId id = incoming.id;
  if (calls_.contains(id)) return;
  if (incoming.replaces) {
    if (Call* old = find(*incoming.replaces); old != nullptr && old->live() && old->route())
      return replace_call(std::move(incoming), *old);
  }
  store::RouteQuery query;
  query.called = incoming.request_uri.user;
  query.caller = incoming.from.user;
  query.domain = incoming.request_uri.host;
  query.source = incoming.source.ip;
  query.to_user = incoming.to.user;
  if (incoming.authenticated) {
    query.authenticated_realm = incoming.authenticated->realm;
    query.authenticated_username = incoming.authenticated->username;
  }
  Call& added = add_call(std::make_unique<Call>(*env_, std::move(incoming)));
  if (draining_) return added.end_by(LocalCause::node_draining);
  env_->deps.store.find_route(std::move(query),
                              [this, finder = env_->finder, id](std::optional<store::Route> route) {
                                if (finder->alive()) routed(id, std::move(route));
                              });
}

Call& CoreImpl::add_call(std::unique_ptr<Call> call) {
  Call& added = *call;
  calls_.emplace(added.id(), std::move(call));
  env_->metrics.call_started();
  env_->metrics.set_live(++live_);
  return added;
}

void CoreImpl::routed(const model::CallId& id, std::optional<store::Route> route) {
  Call* call = find(id);
  if (call == nullptr || !call->live()) return;
  if (!route) return call->end_by(LocalCause::not_found, "no route for the called number");
  const store::Account account = route->account;
  call->set_route(std::move(*route));
  switch (limits_.admit(account, env_->now())) {
    case AccountLimits::Answer::too_fast:
      return call->end_by(LocalCause::limit_rate, "the account's limit of calls per second is reached");
    case AccountLimits::Answer::too_many:
      return call->end_by(LocalCause::limit_concurrency,
                          "the account's limit of concurrent calls is reached");
    case AccountLimits::Answer::admitted:
      break;
  }
  holding_.emplace(id, account.id);
  if (draining_) return call->end_by(LocalCause::node_draining);
  open_session(*call);
}

void CoreImpl::open_session(Call& call) {
  Session& session = add_session(*call.route(), model::SessionReason::inbound_call);
  session.calls.push_back(call.id());
  call.attach(session.id());
  SessionOpening opening = opening_of(session, "inbound-call");
  opening.call_id = call.id();
  env_->deps.gateway.open(std::move(opening));
  call.announce();
}

// ---- ends, paper work

void CoreImpl::call_finished(Call& call) {
  env_->metrics.set_live(--live_);
  if (const auto held = holding_.find(call.id()); held != holding_.end()) {
    limits_.release(held->second);
    holding_.erase(held);
  }
  const bool asked_for = find(call.session()) != nullptr;
  if (!asked_for) {
    erase_later(call.id());
    return;
  }
  // Its operations can be asked for a while longer.
  call.linger().set(options_.linger, [this, id = call.id()] { erase_later(id); });
}

void CoreImpl::cdr_stored(const model::CallId& id) {
  // Not before: after a crash in between, the record in the directory is what the CDR is made of.
  env_->deps.directory.remove(id);
  Call* call = find(id);
  if (call == nullptr) return;
  call->tell_cdr_ready();
  check_idle(call->session());
}

std::size_t CoreImpl::close_orphans() {
  const auto records = env_->deps.directory.take_orphans();
  for (const cluster::CallRecord& r : records) {
    const auto at = [](std::int64_t ms) { return WallTime(std::chrono::milliseconds(ms)); };
    const bool answered = r.answered_unix_ms > 0;
    store::Cdr cdr;
    cdr.id = cdr_id_of(r.call_id);
    cdr.call_id = r.call_id;
    cdr.account_id = r.account_id;
    cdr.application_id = r.application_id;
    cdr.session_id = r.session_id;
    cdr.direction = r.direction;
    cdr.from = r.from;
    cdr.to = r.to;
    cdr.sip_call_id = r.sip_call_id;
    cdr.source = r.source;
    cdr.transport = r.transport;
    cdr.codec = r.codec;
    cdr.tag_json = r.tag_json;
    cdr.started = at(r.started_unix_ms);
    if (answered) cdr.answered = at(r.answered_unix_ms);
    cdr.ended = at(r.updated_unix_ms);
    cdr.duration_ms = std::max<std::int64_t>(0, r.updated_unix_ms - r.started_unix_ms);
    if (answered) cdr.billable_ms = std::max<std::int64_t>(0, r.updated_unix_ms - r.answered_unix_ms);
    cdr.verdict = machine::make_verdict({LocalCause::node_lost, machine::LegEnd::local_hangup, 0, 0, answered,
                                         r.direction == "outbound", "the server that carried it was lost"});
    env_->metrics.call_ended(cdr.verdict, cdr.duration_ms);
    env_->deps.log.warn("call {} was lost with an earlier life of this node", r.call_id.str());
    env_->deps.store.write_cdr(std::move(cdr), [this, finder = env_->finder, id = r.call_id] {
      if (finder->alive()) env_->deps.directory.remove(id);
    });
  }
  return records.size();
}

void CoreImpl::on_refused(sip::RefusedCall refused) {
  const model::CallId id = model::CallId::make();
  store::Cdr cdr;
  cdr.id = cdr_id_of(id);
  cdr.call_id = id;
  cdr.direction = "inbound";
  cdr.from = refused.from.user.empty() ? refused.from.uri : refused.from.user;
  cdr.to = refused.request_uri.user.empty() ? refused.request_uri.uri : refused.request_uri.user;
  cdr.from_display_name = refused.from.display_name;
  cdr.sip_call_id = refused.sip_call_id;
  cdr.source = refused.source.str();
  cdr.transport = std::string(sip::to_string(refused.transport));
  cdr.started = refused.received_wall;
  cdr.ended = env_->wall();
  cdr.verdict = machine::refused_verdict(refused.sip_code);
  env_->deps.store.write_cdr(std::move(cdr), {});
}

void CoreImpl::set_draining(bool draining) {
  draining_ = draining;
  env_->deps.agent.set_draining(draining);
  if (draining) {
    drain_timer_->set(options_.drain_deadline, [this] { drain_expired(); });
  } else {
    drain_timer_->cancel();
  }
}

void CoreImpl::drain_expired() {
  std::vector<model::CallId> ids;
  ids.reserve(calls_.size());
  for (const auto& [id, call] : calls_) ids.push_back(id);
  for (const model::CallId& id : ids) {
    if (Call* call = find(id)) call->end_by(LocalCause::node_draining, "the node stops");
  }
}

std::unique_ptr<CoreHandle> make_core(CoreOptions options) {
  return std::make_unique<CoreImpl>(std::move(options));
}

}  // namespace tandem::call
