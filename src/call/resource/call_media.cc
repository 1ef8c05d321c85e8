// What the SIP and media sides report while the call lives.
#include <fmt/format.h>

#include "call/operation/verbs.h"
#include "call/resource/call.h"
#include "call/resource/place.h"

namespace tandem::call {

using machine::LegEvent;
using machine::LocalCause;
namespace leg = machine::leg;

namespace {

model::DigitMethod method_of(media::DigitSource source) {
  switch (source) {
    case media::DigitSource::rfc4733:
      return model::DigitMethod::rfc4733;
    case media::DigitSource::inband:
      return model::DigitMethod::inband;
    case media::DigitSource::info:
      return model::DigitMethod::info;
  }
  return model::DigitMethod::rfc4733;
}

model::CallMediaChangedEvent changed_event(model::MediaChange change, const model::AgreedMedia& agreed) {
  model::CallMediaChangedEvent event;
  event.change = change;
  event.codec = agreed.codec;
  event.direction = agreed.direction;
  event.remote = agreed.remote_rtp.str();
  return event;
}

}  // namespace

void Call::offer_done(const std::optional<model::SessionDescription>& session) {
  if (!media_.awaits_answer()) return;
  const auto before = media_.agreed();
  const auto accepted = media_.accept(session);
  if (before) {  // A re-INVITE without an offer; what was agreed stays when the answer is no use.
    if (accepted) media_may_have_changed(before);
    return;
  }
  if (!accepted) {
    const MediaProblem& problem = accepted.error();
    ops_.each_begun([](Operation& op) { op.on_offer_done(false); });
    end_by(problem.cause, problem.message);
    return;
  }
  move(std::holds_alternative<leg::Answering>(leg_) ? LegEvent::answer : LegEvent::connect_early);
  ops_.each_begun([](Operation& op) { op.on_offer_done(true); });
}

void Call::on_acknowledged(const std::optional<model::SessionDescription>& session) {
  if (live()) offer_done(session);
}

void Call::on_prack(const std::optional<model::SessionDescription>& session) {
  // A PRACK without a description acknowledges a 183 that carried our answer: nothing hangs on it.
  if (live() && machine::unanswered(leg_)) offer_done(session);
}

void Call::on_offer(sip::PeerOffer offer) {
  sip::Agent& agent = env_.deps.agent;
  const auto refuse_with = [&](int code) {
    if (offer.answer_required) agent.refuse_offer(id(), offer.offer_id, code);
  };
  if (!live()) return refuse_with(481);
  if (!media_.agreed() || media_.awaits_answer()) return refuse_with(491);
  if (!offer.offer) {
    if (offer.answer_required) agent.answer_offer(id(), offer.offer_id, media_.reoffer());
    return;
  }
  const auto before = media_.agreed();
  auto answer = media_.peer_offer(*offer.offer);
  if (!answer) return refuse_with(488);
  if (offer.answer_required) agent.answer_offer(id(), offer.offer_id, std::move(*answer));
  media_may_have_changed(before);
}

void Call::media_may_have_changed(const std::optional<model::AgreedMedia>& before) {
  const auto& now = media_.agreed();
  if (!now) return;
  const bool same = before && before->codec == now->codec && before->direction == now->direction &&
                    before->remote_rtp == now->remote_rtp;
  if (!same) emit(changed_event(model::MediaChange::renegotiated, *now));
  move(media_.held() ? LegEvent::peer_hold : LegEvent::peer_unhold);
}

void Call::on_message(sip::InDialogMessage message) {
  if (!live()) return;
  model::CallSipMessageEvent event;
  event.method = std::move(message.method);
  event.content_type = std::move(message.content_type);
  event.body = std::move(message.body);
  event.headers = header_list(message.headers);
  emit(std::move(event));
}

void Call::on_digit(media::Digit digit) {
  if (!live() || !has_media()) return;
  model::CallDtmfEvent event;
  event.digit = std::string(1, digit.digit);
  event.duration_ms = digit.duration_ms;
  event.method = method_of(digit.source);
  if (place_ == nullptr || place_->reports_digits()) emit(std::move(event));
  ops_.each_begun([&digit](Operation& op) { op.on_digit(digit.digit); });
}

void Call::on_rtp_timeout() {
  // Before the answer and on hold silence is what one expects; a peer that only listens sends nothing either.
  const auto& agreed = media_.agreed();
  if (!std::holds_alternative<leg::Answered>(leg_) || !agreed || !model::receives(agreed->direction)) return;
  emit(changed_event(model::MediaChange::rtp_timeout, *agreed));
  end_by(LocalCause::media_timeout, "no audio came from the peer");
}

void Call::on_rtp_resumed() {
  if (live() && media_.agreed()) emit(changed_event(model::MediaChange::rtp_resumed, *media_.agreed()));
}

void Call::on_source_changed(const model::SocketAddress& source) {
  if (!live() || !media_.agreed()) return;
  auto event = changed_event(model::MediaChange::source, *media_.agreed());
  event.remote = source.str();
  emit(std::move(event));
}

void Call::on_quality(const model::StreamQuality& quality) {
  if (live() && has_media()) emit(model::CallQualityEvent{.quality = quality});
}

void Call::on_closed(const model::StreamQuality& quality) {
  quality_ = quality;
  move(LegEvent::media_closed);
}

}  // namespace tandem::call
