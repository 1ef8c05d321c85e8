#include "call/resource/call.h"

#include <fmt/format.h>

#include <chrono>
#include <utility>

#include "call/operation/verbs.h"
#include "call/resource/bridge.h"
#include "call/resource/exchange.h"
#include "call/resource/queue_book.h"

namespace tandem::call {

using machine::LegEvent;
using machine::LocalCause;
namespace leg = machine::leg;

namespace {

CallFacts facts_of(sip::IncomingCall& incoming) {
  CallFacts f;
  f.id = incoming.id;
  f.from = std::move(incoming.from);
  f.to = incoming.request_uri;
  f.request_uri = std::move(incoming.request_uri);
  f.source = incoming.source;
  f.transport = incoming.transport;
  f.sip_call_id = std::move(incoming.sip_call_id);
  f.supports_100rel = incoming.supports_100rel;
  f.created_wall = incoming.received_wall;
  f.created = incoming.received;
  if (incoming.authenticated)
    f.endpoint = incoming.authenticated->username + "@" + incoming.authenticated->realm;
  if (incoming.replaces) f.replaces = *incoming.replaces;
  return f;
}

}  // namespace

Call::Call(Environment& env, sip::IncomingCall incoming)
    : env_(env),
      facts_(facts_of(incoming)),
      headers_(std::move(incoming.headers)),
      offer_(std::move(incoming.offer)),
      leg_(machine::leg::Incoming{}),
      media_(env.deps.engine, facts_.id, env.options.codecs),
      ops_(env, *this),
      limit_(env.deps.loop),
      orphan_(env.deps.loop),
      hold_(env.deps.loop),
      linger_(env.deps.loop) {
  for (const auto& [name, value] : headers_) {
    if (name == "User-Agent") user_agent_ = value;
  }
}

Call::Call(Environment& env, CallFacts facts, store::Route owner)
    : env_(env),
      facts_(std::move(facts)),
      route_(std::move(owner)),
      leg_(machine::leg::Dialing{}),
      media_(env.deps.engine, facts_.id, env.options.codecs),
      ops_(env, *this),
      limit_(env.deps.loop),
      orphan_(env.deps.loop),
      hold_(env.deps.loop),
      linger_(env.deps.loop) {}

Call::~Call() = default;

std::string Call::from() const {
  // The trunk's format brought it to E.164.
  if (!outbound() && route_ && !route_->caller.empty()) return route_->caller;
  return facts_.from.user.empty() ? facts_.from.uri : facts_.from.user;
}
std::string Call::to() const {
  if (!outbound() && route_ && !route_->called.empty()) return route_->called;
  return facts_.to.user.empty() ? facts_.to.uri : facts_.to.user;
}

void Call::emit(model::EventData data, const model::OpId& op) {
  if (session_.empty()) return;
  model::Event event;
  event.call_id = id();
  event.op_id = op;
  event.data = std::move(data);
  env_.deps.gateway.deliver(session_, std::move(event));
}

// ---- the leg machine

bool Call::move(LegEvent event) {
  const machine::LegStep next = machine::step(leg_, event);
  if (!next.allowed) return false;
  const bool changed = next.next.index() != leg_.index();
  if (changed) {
    env_.deps.log.debug("call {}: {} to {}", id().str(), machine::name(leg_), machine::name(next.next));
  }
  leg_ = next.next;
  if (machine::answered(leg_) && !answered_) {
    answered_ = env_.now();
    answered_wall_ = env_.wall();
    arm_max_duration();
  }
  if (changed && live()) put_record();
  if (!live()) ops_.freeze();
  for (const Effect effect : next.effects) carry_out(effect);
  if (event == LegEvent::answer && watcher_ != nullptr && live()) watcher_->call_answered(*this);
  // An offer may put us on hold from the very beginning.
  if (event == LegEvent::answer && std::holds_alternative<leg::Answered>(leg_) && media_.held()) {
    move(LegEvent::peer_hold);
  }
  return true;
}

void Call::carry_out(Effect effect) {
  switch (effect) {
    case Effect::none:
      break;
    case Effect::tell_ringing:
      if (!ringing_wall_) ringing_wall_ = env_.wall();
      emit(model::CallRingingEvent{.sip_code = provisional_code_});
      if (watcher_ != nullptr) watcher_->call_rings(*this, false);
      break;
    case Effect::tell_early_media:
      if (!ringing_wall_) ringing_wall_ = env_.wall();
      emit(model::CallEarlyMediaEvent{.sip_code = provisional_code_, .codec = media_.agreed()->codec});
      if (watcher_ != nullptr) watcher_->call_rings(*this, true);
      break;
    case Effect::tell_answered:
      tell_answered();
      break;
    case Effect::open_ivr:
      open_ivr();
      break;
    case Effect::tell_held:
      hold_.set(env_.options.hold_limit,
                [this] { end_by(LocalCause::media_timeout, "on hold for too long"); });
      emit(model::CallHeldEvent{.by = model::HoldParty::peer});
      break;
    case Effect::tell_unheld:
      hold_.cancel();
      emit(model::CallUnheldEvent{.by = model::HoldParty::peer});
      break;
    case Effect::send_final:
      send_final();
      break;
    case Effect::send_hangup:
      env_.deps.agent.hangup(id(), goodbye_.q850_cause, goodbye_.reason_text,
                             std::exchange(goodbye_.headers, {}));
      break;
    case Effect::close_media:
      close_media();
      break;
    case Effect::finish:
      finish();
      break;
  }
}

void Call::open_ivr() {
  if (ivr_ || (place_ != nullptr && place_->active())) return;
  offer_.reset();  // What came of it is in the media link.
  ivr_ = model::IvrId::make();
  emit(model::IvrCreatedEvent{.ivr_id = *ivr_});
  ops_.open_lanes(machine::kSpeak | machine::kListen);
}

void Call::tell_answered() {
  const model::AgreedMedia& agreed = *media_.agreed();
  emit(model::CallAnsweredEvent{.codec = agreed.codec,
                                .telephone_event = agreed.telephone_event_payload_type.has_value()});
}

void Call::send_final() {
  if (final_.contacts.empty()) {
    env_.deps.agent.reject(id(), final_.sip_code, final_.sip_reason, final_.q850_cause, final_.retry_after_s,
                           std::move(final_.headers));
  } else {
    env_.deps.agent.redirect(id(), final_.sip_code, std::move(final_.contacts), std::move(final_.headers));
  }
}

bool Call::refuse(LocalCause cause, FinalResponse response) {
  if (outbound()) return release(cause, {response.q850_cause, response.sip_reason, {}});
  if (!machine::unanswered(leg_)) return false;
  cause_ = cause;
  final_ = std::move(response);
  return move(LegEvent::refuse);
}

bool Call::release(LocalCause cause, Goodbye goodbye) {
  if (!live()) return false;
  cause_ = cause;
  goodbye_ = std::move(goodbye);
  return move(LegEvent::release);
}

void Call::end_by(LocalCause cause, std::string detail) {
  if (!live()) return;
  detail_ = std::move(detail);
  const bool was_answered = machine::answered(leg_);
  const machine::Refusal answer = machine::refusal(cause);
  const auto verdict = machine::make_verdict({cause,
                                              machine::LegEnd::local_hangup,
                                              was_answered ? 200 : answer.sip_code,
                                              0,
                                              was_answered,
                                              outbound(),
                                              {}});
  if (was_answered || outbound()) {
    release(cause, {verdict.q850_cause, std::string(to_string(verdict.reason)), {}});
    return;
  }
  const int retry_after = answer.retry_after ? env_.options.retry_after_s : 0;
  refuse(cause, {answer.sip_code, answer.sip_reason, verdict.q850_cause, retry_after, {}, {}});
}

// ---- timers

void Call::arm_limit(Duration delay, LocalCause cause) {
  limit_.set(delay, [this, cause] { end_by(cause); });
}

void Call::arm_max_duration() {
  if (!answered_) return;
  std::int64_t ms = route_ ? route_->account.max_call_duration_ms : 0;
  if (max_duration_ms_ && (ms <= 0 || *max_duration_ms_ < ms)) ms = *max_duration_ms_;
  const std::int64_t most = env_.options.max_call_duration.count();
  if (ms <= 0 || most < ms) ms = most;
  arm_limit(*answered_ + std::chrono::milliseconds(ms) - env_.now(), LocalCause::max_duration);
}

void Call::set_max_duration(std::int64_t ms) {
  max_duration_ms_ = ms;
  arm_max_duration();
}

void Call::arm_orphan() {
  const std::int64_t ms = route_ ? route_->account.orphan_max_duration_ms : 0;
  orphan_.set(std::chrono::milliseconds(ms), [this] { end_by(LocalCause::orphan_expired); });
}

void Call::acted_on() {
  if (acted_ || !machine::unanswered(leg_)) return;
  acted_ = true;
  arm_limit(env_.options.ring_limit, LocalCause::ring_limit);
}

// ---- session

void Call::attach(model::SessionId session) {
  session_ = session;
  first_session_ = std::move(session);
  if (!outbound()) arm_limit(env_.options.session_open_limit, LocalCause::app_unreachable);
  put_record();
}

void Call::announce() {
  emit(created_event());
  // They are in the event; the call needs them no more.
  headers_ = {};
}

void Call::session_opened() {
  if (machine::unanswered(leg_) && !outbound() && !acted_)
    arm_limit(env_.options.app_action_timeout, LocalCause::app_timeout);
}

void Call::session_failed(SessionFailure why) {
  session_ = {};
  end_by(why == SessionFailure::overloaded ? LocalCause::app_overloaded : LocalCause::app_unreachable);
}

void Call::session_lost() {
  session_ = {};
  if (!live()) return;
  // What dials for a call that goes on goes on as well.
  if (outbound() && machine::unanswered(leg_)) return;
  if (env_.exchange.queues().entry_of(id()) != nullptr) {
    // It waits on under the rules of its queue.
    policy_due_ = true;
    return arm_orphan();
  }
  carry_out_on_disconnect();
}

void Call::left_queue() {
  if (std::exchange(policy_due_, false) && live()) carry_out_on_disconnect();
}

void Call::carry_out_on_disconnect() {
  if (!has_media() || machine::unanswered(leg_) || on_disconnect_.action == model::DisconnectAction::hangup) {
    end_by(LocalCause::app_disconnected, "the application's connection was lost");
    return;
  }
  arm_orphan();
  if (on_disconnect_.action == model::DisconnectAction::keep) return;
  auto farewell = make_farewell(*this, on_disconnect_);
  if (!farewell || !ops_.submit_internal(std::move(farewell))) end_by(LocalCause::app_disconnected);
}

void Call::session_closed() {
  session_ = {};
  if (!live()) return;
  if (outbound() && machine::unanswered(leg_)) return;  // What dials for a call that goes on goes on as well.
  if (machine::unanswered(leg_)) {
    end_by(LocalCause::app_disconnected, "the application closed its session before it answered");
    return;
  }
  arm_orphan();
}

void Call::set_tag(std::string json) {
  tag_ = std::move(json);
  put_record();
}

}  // namespace tandem::call
