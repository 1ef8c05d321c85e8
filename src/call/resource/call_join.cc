// A call and other calls: bridge or conference, hold, REFER of the peer.
#include "call/operation/playing.h"
#include "call/operation/verbs.h"
#include "call/resource/bridge.h"
#include "call/resource/call.h"
#include "call/resource/exchange.h"
#include "call/resource/queue_book.h"

namespace tandem::call {

using machine::LegEvent;
namespace leg = machine::leg;

bool Call::has_media() const {
  return ivr_.has_value() || (place_ != nullptr && place_->active());
}

Bridge* Call::bridge() const {
  return place_ == nullptr ? nullptr : place_->bridge();
}

bool Call::answer_to_join() {
  if (!machine::unanswered(leg_)) return live();
  if (outbound()) return false;
  acted_on();
  if (media_.agreed()) {
    media_.restart();
    env_.deps.agent.answer(id(), *media_.current(), {});
    return move(LegEvent::answer);
  }
  auto session = offer_ ? media_.answer(*offer_, {}) : media_.offer(facts_.source->ip, {});
  if (!session) {
    end_by(session.error().cause, session.error().message);
    return false;
  }
  env_.deps.agent.answer(id(), std::move(*session), {});
  return move(offer_ ? LegEvent::answer : LegEvent::offer_answer);
}

void Call::end_ivr(model::IvrEndReason reason) {
  if (!ivr_) return;
  emit(model::IvrEndedEvent{.ivr_id = *ivr_, .reason = reason});
  ivr_.reset();
}

void Call::enter(Place& place) {
  if (QueueEntry* entry = env_.exchange.queues().entry_of(id());
      entry != nullptr && entry->queue != nullptr) {
    const auto* offered = std::get_if<machine::queued::Offered>(&entry->state);
    // Connected otherwise than by its queue.
    if (offered == nullptr || !place.meets(*this, offered->by))
      entry->queue->leave(*entry, model::QueueLeftReason::removed);
  }
  // What spoke and listened belonged to the ivr.
  ops_.clear(machine::kSpeak | machine::kListen);
  place_ = &place;
  end_ivr(place.ivr_end());
  ops_.open_lanes(machine::kSpeak | machine::kListen);
  if (on_hold()) play_music();
  put_record();
}

void Call::leave_place() {
  place_ = nullptr;
  if (!live() || !media_.agreed()) return;
  if (machine::answered(leg_) || std::holds_alternative<leg::Early>(leg_)) open_ivr();
}

void Call::end_transfer() {
  if (--transfers_ == 0 && place_ != nullptr) place_->transfer_over();
}

// ---- hold

void Call::hold(std::optional<PlayPlan> music, bool signalled) {
  const bool began = hold_state_ == HoldState::none;
  if (began || signalled) hold_state_ = signalled ? HoldState::signalled : HoldState::held;
  music_ = std::move(music);
  if (music_) music_->loop = 0;
  if (!began) {
    if (music_key_ != 0) ops_.stop_internal(std::exchange(music_key_, 0));  // The new music follows.
    return;
  }
  emit(model::CallHeldEvent{.by = model::HoldParty::application});
  if (place_ != nullptr) place_->hold_changed(*this);
  play_music();
}

void Call::unhold() {
  if (hold_state_ == HoldState::none) return;
  hold_state_ = HoldState::none;
  music_.reset();
  if (music_key_ != 0) ops_.stop_internal(std::exchange(music_key_, 0));
  emit(model::CallUnheldEvent{.by = model::HoldParty::application});
  if (place_ != nullptr) place_->hold_changed(*this);
}

void Call::play_music() {
  if (!music_ || !live() || !has_media() || ops_.busy(machine::kSpeak)) return;
  music_key_ = ops_.submit_internal(make_background(*this, *music_), true, [this](const Completion& done) {
    if (!done.error || !live()) return;
    env_.deps.log.warn("call {}: no music on hold: {}", id().str(), done.error->message);
    music_.reset();
  });
}

void Call::on_lanes_free() {
  if (on_hold()) return play_music();
  ops_.each_begun([](Operation& op) { op.on_lanes_free(); });
}

bool Call::reoffer(model::Direction direction) {
  if (!machine::answered(leg_) || reoffering_ || media_.awaits_answer() || !media_.agreed()) return false;
  media_.set_direction(direction);
  reoffering_ = true;
  env_.deps.agent.reoffer(id(), media_.reoffer());
  return true;
}

void Call::on_reoffer_result(const sip::ReofferResult& result) {
  if (!std::exchange(reoffering_, false) || !live()) return;
  int code = result.sip_code;
  const auto before = media_.agreed();
  if (code >= 200 && code < 300) {
    if (media_.accept(result.answer)) {
      media_may_have_changed(before);
    } else {
      code = 488;
    }
  }
  if (code >= 300) media_.withdraw();
  ops_.each_begun([code](Operation& op) { op.on_reoffer_done(code); });
}

// ---- REFER

void Call::on_refer(sip::PeerRefer refer) {
  if (!live() || session_.empty()) {
    env_.deps.agent.answer_refer(id(), refer.refer_id, 603);
    return;
  }
  const std::string refer_id = std::to_string(refer.refer_id);
  model::CallReferRequestedEvent event;
  event.refer_id = refer_id;
  event.target = refer.target.uri;
  event.to = refer.target.user.empty() ? refer.target.uri : refer.target.user;
  if (refer.replaces_leg) event.replaces_call_id = *refer.replaces_leg;
  if (!refer.referred_by.empty()) event.referred_by = refer.referred_by;
  event.headers = header_list(refer.headers);
  // The agent refuses it when nobody answers in time; a flood of them is forgotten from the oldest.
  constexpr std::size_t kMaxWaiting = 8;
  if (refers_.size() >= kMaxWaiting) refers_.erase(refers_.begin());
  refers_[refer_id] = {std::move(refer), env_.now(), false};
  emit(std::move(event));
}

Call::WaitingRefer* Call::refer(const std::string& refer_id) {
  // By then the agent has refused it.
  constexpr std::chrono::seconds kAnswerLimit{5};
  const auto found = refers_.find(refer_id);
  if (found == refers_.end()) return nullptr;
  if (found->second.handled || env_.now() - found->second.since < kAnswerLimit) return &found->second;
  refers_.erase(found);
  return nullptr;
}

void Call::forget_refer(const std::string& refer_id) {
  refers_.erase(refer_id);
}

}  // namespace tandem::call
