// An outbound call until its answer.
#include "call/resource/call.h"
#include "model/socket_address.h"

namespace tandem::call {

using machine::LegEvent;
using machine::LocalCause;

namespace {

/// The address family to offer media from: that of the next hop, where it is an address. A name is assumed to
/// be reached over IPv4.
model::IpAddress towards(const sip::OutboundCall& call) {
  const std::string& hop = call.outbound_proxy.empty() ? call.target_uri : call.outbound_proxy;
  const bool v6 = hop.find('[') != std::string::npos;
  return *model::IpAddress::parse(v6 ? "::" : "0.0.0.0");
}

}  // namespace

bool Call::dial(OutboundRoute route, std::unique_ptr<TrunkPlace> place, DialOptions options) {
  dial_options_ = std::move(options);
  trunk_place_ = std::move(place);
  auto offer = media_.offer(towards(route.call), dial_options_.codecs);
  sip::OutboundCall call = route.call;
  outbound_route_ = std::move(route);
  if (!offer) {
    cause_ = offer.error().cause;
    detail_ = offer.error().message;
    sip::Ended ended;
    ended.sip_code = 0;
    on_ended(std::move(ended));
    return false;
  }
  call.id = id();
  call.sip_call_id = facts_.sip_call_id;
  call.offer = std::move(*offer);
  emit(model::CallDialingEvent{.uri = call.target_uri});
  env_.deps.agent.invite(std::move(call));
  return true;
}

void Call::on_progress(sip::Progress progress) {
  if (!outbound() || !machine::unanswered(leg_)) return;
  if (std::holds_alternative<machine::leg::Dialing>(leg_)) env_.deps.outbound.heard_from(*outbound_route_);
  provisional_code_ = progress.sip_code;
  if (progress.session && dial_options_.take_early_media && media_.accept_early(*progress.session)) {
    // Another early dialog of a forked call changes the media and nothing else.
    move(LegEvent::connect_early);
    return;
  }
  move(LegEvent::ring);
}

void Call::on_answered(const sip::Answered& answered) {
  if (!outbound() || !machine::unanswered(leg_)) return;
  if (answered.session_is_offer) {
    end_by(LocalCause::codec_mismatch, "the called party answered our offer by an offer");
    return;
  }
  if (answered.session || !media_.agreed()) {
    const auto accepted = media_.accept(answered.session);
    if (!accepted) {
      end_by(accepted.error().cause, accepted.error().message);
      return;
    }
  } else {
    media_.restart();
  }
  media_.answer_final();
  env_.deps.outbound.report(*outbound_route_, nullptr);
  move(LegEvent::answer);
}

}  // namespace tandem::call
