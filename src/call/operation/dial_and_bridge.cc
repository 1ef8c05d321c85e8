#include "call/operation/dial_and_bridge.h"

#include "call/operation/verbs.h"

namespace tandem::call {

using machine::LocalCause;

namespace {

PlayPlan ringback_tone() {
  constexpr std::int64_t kCadenceMs = 6000;
  PlayPlan plan;
  auto tone = media::named_tone("ringback").value_or(media::ToneSpec{});
  tone.duration_ms = kCadenceMs;
  plan.sources.emplace_back(std::move(tone));
  plan.fields.emplace_back("ringback");
  plan.loop = 0;
  return plan;
}

}  // namespace

// ---- ringback

Ringback::Ringback(Environment& env, model::CallId call, std::optional<PlayPlan> plan)
    : env_(env), call_(std::move(call)), plan_(std::move(plan)) {}

void Ringback::play(PlayPlan plan) {
  Call* call = env_.finder->call(call_);
  if (call == nullptr || !call->live() || !call->has_media() || key_ != 0) return;
  key_ = call->ops().submit_internal(make_background(*call, std::move(plan)), true);
}

void Ringback::start() {
  if (!plan_) return;
  plan_->loop = 0;
  play(*plan_);
}

void Ringback::rings() {
  Call* call = env_.finder->call(call_);
  if (call == nullptr || !call->live()) return;
  if (call->has_media()) {
    if (!plan_) play(ringback_tone());
    return;
  }
  if (call->outbound() || !machine::unanswered(call->leg())) return;
  call->acted_on();
  call->set_provisional(180);
  if (call->move(machine::LegEvent::ring)) env_.deps.agent.ring(call_, {180, {}, {}});
}

void Ringback::stop() {
  Call* call = env_.finder->call(call_);
  if (call != nullptr && key_ != 0) call->ops().stop_internal(key_);
  key_ = 0;
}

// ---- dial and bridge

DialAndBridge::DialAndBridge(Environment& env, Call& waiting, DialRequest request, BridgeTerms terms,
                             std::optional<PlayPlan> ringback, Handlers handlers)
    : handlers_(std::move(handlers)),
      pass_early_media_(request.plan.early_media == model::EarlyMedia::pass),
      ringback_(env, waiting.id(), std::move(ringback)),
      dialer_(env, std::move(request),
              {[this](Call& call, bool early) { on_rings(call, early); },
               [this](Call& call) { on_answered(call); },
               [this](model::Error error) { on_failed(std::move(error)); }}) {
  bridge_ = &env.exchange.make_bridge(waiting, terms, [self = self_](const BridgeEnd& end) {
    if (*self != nullptr) (*self)->on_bridge_end(end);
  });
  bridge_id_ = bridge_->id();
}

DialAndBridge::~DialAndBridge() {
  *self_ = nullptr;
  if (state_ != State::dialing) return;
  dialer_.cancel(LocalCause::app_hangup);
  ringback_.stop();
  if (bridge_ != nullptr) bridge_->give_up();
}

void DialAndBridge::start() {
  ringback_.start();
  dialer_.start();
}

void DialAndBridge::stop() {
  if (state_ == State::connected && bridge_ != nullptr) return bridge_->stop();
  if (state_ != State::dialing) return;
  state_ = State::over;
  dialer_.cancel(LocalCause::app_hangup);
  ringback_.stop();
  if (bridge_ != nullptr) bridge_->give_up();
}

void DialAndBridge::on_rings(Call& call, bool early_media) {
  if (state_ != State::dialing) return;
  if (early_media && pass_early_media_ && bridge_ != nullptr) {
    ringback_.stop();
    bridge_->connect_early(call);
    return;
  }
  ringback_.rings();
}

void DialAndBridge::on_answered(Call& call) {
  if (state_ != State::dialing || bridge_ == nullptr) return call.end_by(LocalCause::bridge_ended);
  ringback_.stop();
  peer_ = call.id();
  state_ = State::connected;
  if (!bridge_->connect(call)) {  // The waiting call is no more, or cannot be answered.
    call.end_by(LocalCause::bridge_ended);
    return;
  }
  handlers_.on_connected(call);
}

void DialAndBridge::on_failed(model::Error error) {
  if (state_ != State::dialing) return;
  state_ = State::over;
  ringback_.stop();
  if (bridge_ != nullptr) bridge_->give_up();
  handlers_.on_failed(std::move(error));
}

void DialAndBridge::on_bridge_end(const BridgeEnd& end) {
  bridge_ = nullptr;
  switch (state_) {
    case State::over:
      return;
    case State::connected:
      state_ = State::over;
      if (end.reason == model::BridgeEndReason::failed)
        return handlers_.on_failed(
            make_error(model::ErrorCode::call_ended, "the waiting call could not be connected"));
      return handlers_.on_ended(end);
    case State::dialing:
      state_ = State::over;
      dialer_.cancel(LocalCause::app_hangup);
      ringback_.stop();
      return handlers_.on_failed(make_error(model::ErrorCode::call_ended, "the waiting call ended first"));
  }
}

}  // namespace tandem::call
