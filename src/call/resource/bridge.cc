#include "call/resource/bridge.h"

#include <chrono>

#include "call/resource/call.h"
#include "call/resource/exchange.h"

namespace tandem::call {

using machine::LocalCause;

Bridge::Bridge(Environment& env, Call& first, BridgeTerms terms, Function<void(const BridgeEnd&)> on_end)
    : env_(env),
      id_(model::BridgeId::make()),
      terms_(terms),
      on_end_(std::move(on_end)),
      first_(&first),
      created_(env.wall()) {
  first.wait_in(this);
  first.emit(state_event<model::BridgeCreatedEvent>());
}

Bridge::~Bridge() {
  if (first_ != nullptr && first_->bridge() == this) first_->wait_in(nullptr);
  if (second_ != nullptr && second_->bridge() == this) second_->wait_in(nullptr);
}

std::vector<model::CallId> Bridge::call_ids() const {
  std::vector<model::CallId> ids;
  if (first_ != nullptr) ids.push_back(first_->id());
  if (second_ != nullptr) ids.push_back(second_->id());
  return ids;
}

model::BridgeSnapshot Bridge::snapshot() const {
  model::BridgeSnapshot s;
  s.id = id_;
  s.state = active() ? model::BridgeState::active
                     : (over() ? model::BridgeState::ended : model::BridgeState::connecting);
  s.call_ids = call_ids();
  s.direction = terms_.direction;
  s.created_at = created_;
  return s;
}

void Bridge::tell(const model::EventData& data) {
  // Once for each session: both calls are often in the same one.
  if (first_ != nullptr) first_->emit(data);
  const bool same = first_ != nullptr && second_ != nullptr && first_->session() == second_->session();
  if (second_ != nullptr && !same) second_->emit(data);
}

bool Bridge::connect(Call& second) {
  if (over() || first_ == nullptr) return false;
  if (!first_->answer_to_join() || !second.answer_to_join()) {
    give_up();
    return false;
  }
  second_ = &second;
  state_ = Active{env_.now()};
  first_->enter(*this);
  second_->enter(*this);
  refresh_media();
  tell(state_event<model::BridgeConnectedEvent>());
  return true;
}

void Bridge::connect_early(Call& second) {
  if (!std::holds_alternative<Connecting>(state_) || first_ == nullptr || !first_->has_media()) return;
  env_.deps.engine.connect(first_->id(), second.id(), {true, true});
}

void Bridge::refresh_media() {
  if (!active()) return;
  if (first_ == nullptr || second_ == nullptr) return;
  if (suspended_ || first_->on_hold() || second_->on_hold()) {
    env_.deps.engine.disconnect(first_->id());
    return;
  }
  media::Connection what;
  what.a_to_b = terms_.direction != model::BridgeDirection::listen;
  what.b_to_a = terms_.direction != model::BridgeDirection::speak;
  env_.deps.engine.connect(first_->id(), second_->id(), what);
}

bool Bridge::meets(const Call& call, const model::CallId& who) const {
  const Call* there = other(call);
  return there != nullptr && there->id() == who;
}

void Bridge::suspend(Call&, bool on) {
  suspended_ = on;
  refresh_media();
}

void Bridge::left(Call& call, const model::Verdict& verdict) {
  Call* const stays = other(call);
  if (active() && stays != nullptr && stays->transferring()) {
    // Its partner asked for the transfer and left, as many phones do: what becomes of it decides.
    env_.deps.engine.disconnect(stays->id());
    departed_ = {call.id(), verdict.reason};
    (&call == first_ ? first_ : second_) = nullptr;
    call.wait_in(nullptr);
    return;
  }
  BridgeEnd how;
  how.reason = second_ == nullptr ? model::BridgeEndReason::failed : model::BridgeEndReason::left;
  how.by = call.id();
  how.cause = verdict.reason;
  end(std::move(how));
}

void Bridge::transfer_over() {
  if (!departed_ || over()) return;
  BridgeEnd how;
  how.by = departed_->first;
  how.cause = departed_->second;
  end(std::move(how));
}

void Bridge::take_out(Call& call) {
  BridgeEnd how;
  how.reason = model::BridgeEndReason::transferred;
  how.by = call.id();
  end(std::move(how));
}

void Bridge::stop() {
  BridgeEnd how;
  how.reason = model::BridgeEndReason::stopped;
  end(std::move(how));
}

void Bridge::give_up() {
  BridgeEnd how;
  how.reason = model::BridgeEndReason::failed;
  end(std::move(how));
}

void Bridge::replace(Call& old, Call& with) {
  if (!active()) return;
  Call*& place = &old == first_ ? first_ : second_;
  env_.deps.engine.disconnect(old.id());
  old.wait_in(nullptr);
  place = &with;
  with.enter(*this);
  refresh_media();
  tell(state_event<model::BridgeUpdatedEvent>());
}

void Bridge::end(BridgeEnd how) {
  if (over()) return;
  if (const auto* active = std::get_if<Active>(&state_)) {
    how.duration_ms =
        std::chrono::duration_cast<std::chrono::milliseconds>(env_.now() - active->since).count();
    env_.deps.engine.disconnect((first_ != nullptr ? first_ : second_)->id());
  }
  state_ = Ended{};
  model::BridgeEndedEvent event;
  event.bridge_id = id_;
  event.reason = how.reason;
  if (!how.by.empty()) event.by_call_id = how.by;
  event.duration_ms = how.duration_ms;
  tell(event);
  Call* const first = std::exchange(first_, nullptr);
  Call* const second = std::exchange(second_, nullptr);
  if (auto told = std::exchange(on_end_, nullptr)) told(how);
  // Who left by itself goes its own way; the other one does what was agreed for this.
  const auto settle = [&how](Call* call, model::LeaveAction action) {
    if (call == nullptr) return;
    if (call->id() == how.by) return call->wait_in(nullptr);
    const bool abandoned = !how.by.empty() && action == model::LeaveAction::hangup;
    call->leave_place();
    if (!abandoned) return;
    const bool transferred = how.reason == model::BridgeEndReason::transferred;
    call->end_by(transferred ? LocalCause::transferred : LocalCause::bridge_ended);
  };
  settle(first, terms_.first_stays);
  settle(second, terms_.second_stays);
  env_.exchange.bridge_over(id_);
}

}  // namespace tandem::call
