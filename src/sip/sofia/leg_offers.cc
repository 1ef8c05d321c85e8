// Offers after the first: re-INVITE and UPDATE of both sides, glare, and the session timer that rides on
// them.
#include "base/random.h"
#include "sip/sdp/sdp.h"
#include "sip/sofia/leg.h"
#include "sip/sofia/message_view.h"

namespace tandem::sip {
namespace {

using dialog::OfferCheck;

ReplySpec plain(int status, std::string headers = {}) {
  return {.status = status, .phrase = {}, .headers = std::move(headers), .content_type = {}, .body = {}};
}

void refuse(nta_incoming_t* irq, int status, std::string headers = {}) {
  reply(irq, plain(status, std::move(headers)));
  nta_incoming_destroy(irq);
}

// RFC 3261 14.2: a random time between 0 and 10 seconds.
std::string retry_soon() {
  return "Retry-After: " + std::to_string(random_u32() % 10) + "\r\n";
}

}  // namespace

dialog::InviteTransactions Leg::open_invites() const {
  dialog::InviteTransactions open;
  open.client_open = reoffer_in_flight_;
  open.server_open =
      reinvite_irq_ != nullptr || (pending_offer_ && pending_offer_->invite) || invite_irq_ != nullptr;
  return open;
}

dialog::SessionTimerLimits Leg::timer_limits() const {
  return {host_.options().session_expires_s, host_.options().min_session_expires_s};
}

// ---- The peer offers.

void Leg::on_reinvite(nta_incoming_t* irq, const sip_t* sip, const model::SocketAddress& source) {
  if (!dialog::established(state_)) {
    refuse(irq, std::holds_alternative<dialog::AckOwed>(state_) ? 491 : 500, retry_soon());
    return;
  }
  switch (dialog::check_invite(offer_, open_invites())) {
    case OfferCheck::glare:
      refuse(irq, 491);
      return;
    case OfferCheck::too_soon:
      refuse(irq, 500, retry_soon());
      return;
    case OfferCheck::ok:
      break;
  }
  const auto timer = session_timer_of(sip);
  if (dialog::interval_too_small(timer, timer_limits())) {
    refuse(irq, 422, "Min-SE: " + std::to_string(timer_limits().min_se_s) + "\r\n");
    return;
  }
  const auto offer_text = sdp_of(sip);
  if (!body_of(sip).empty() && !offer_text) {
    refuse(irq, 415, "Accept: application/sdp\r\n");
    return;
  }
  std::optional<model::SessionDescription> offer;
  if (offer_text) {
    auto parsed = parse_sdp(*offer_text);
    if (!parsed) {
      refuse(irq, 488);
      return;
    }
    offer = std::move(*parsed);
  }
  refresh_target(sip, source);
  if (sip->sip_allow != nullptr) allows_update_ = allows(sip, "UPDATE");
  ask_for_answer(irq, sip, true, std::move(offer));
}

void Leg::on_update(nta_incoming_t* irq, const sip_t* sip, const model::SocketAddress& source) {
  if (!dialog::established(state_) && !std::holds_alternative<dialog::Early>(state_) &&
      !std::holds_alternative<dialog::Ringing>(state_)) {
    refuse(irq, 500, retry_soon());
    return;
  }
  const auto timer = session_timer_of(sip);
  if (dialog::interval_too_small(timer, timer_limits())) {
    refuse(irq, 422, "Min-SE: " + std::to_string(timer_limits().min_se_s) + "\r\n");
    return;
  }
  refresh_target(sip, source);
  const auto offer_text = sdp_of(sip);
  if (!offer_text) {  // A refresh of the session timer, or of the target.
    reply(irq,
          dialog::established(state_) ? success_reply(timer) : plain(200, "Contact: <" + contact_ + ">\r\n"));
    nta_incoming_destroy(irq);
    return;
  }
  switch (dialog::check_update(offer_)) {
    case OfferCheck::glare:
      refuse(irq, 491);
      return;
    case OfferCheck::too_soon:
      refuse(irq, 500, retry_soon());
      return;
    case OfferCheck::ok:
      break;
  }
  auto parsed = parse_sdp(*offer_text);
  if (!parsed) {
    refuse(irq, 488);
    return;
  }
  ask_for_answer(irq, sip, false, std::move(*parsed));
}

void Leg::ask_for_answer(nta_incoming_t* irq, const sip_t* sip, bool is_invite,
                         std::optional<model::SessionDescription> offer) {
  PendingOffer pending;
  pending.irq = irq;
  pending.id = next_offer_id_++;
  pending.invite = is_invite;
  pending.offer_text = sdp_of(sip).value_or(std::string_view());
  pending.session_timer = session_timer_of(sip);
  const std::uint64_t offer_id = pending.id;
  const bool unchanged = offer && pending.offer_text == remote_sdp_ && !local_sdp_.empty();
  offer_ = offer ? dialog::OfferState(dialog::RemoteOffer{offer_id})
                 : dialog::OfferState(dialog::OfferAsked{offer_id});
  pending_offer_ = std::move(pending);
  nta_incoming_bind(irq, &on_ack_or_cancel, this);
  if (unchanged) {  // A session refresh by re-INVITE: the same offer has the same answer.
    accept_offer(local_sdp_);
    return;
  }
  offer_timer_.set(host_.timing().offer_deadline, [this, offer_id] { refuse_offer(offer_id, 500); });
  PeerOffer notice;
  notice.offer_id = offer_id;
  notice.offer = std::move(offer);
  notify([n = std::move(notice)](Observer& o, const CallId& id) mutable { o.on_offer(id, std::move(n)); });
}

void Leg::answer_offer(std::uint64_t offer_id, const model::SessionDescription& session) {
  if (pending_offer_ && pending_offer_->id == offer_id) accept_offer(write_sdp(session));
}

void Leg::accept_offer(const std::string& sdp_text) {
  PendingOffer pending = std::move(*pending_offer_);
  pending_offer_.reset();
  offer_timer_.cancel();
  const bool asked = std::holds_alternative<dialog::OfferAsked>(offer_);
  local_sdp_ = sdp_text;
  if (!asked) note_remote_session(pending.offer_text);
  offer_ = asked ? dialog::OfferState(dialog::LocalOfferInAnswer{}) : dialog::OfferState(dialog::Stable{});
  ReplySpec spec = dialog::established(state_) ? success_reply(pending.session_timer)
                                               : plain(200, "Contact: <" + contact_ + ">\r\n");
  spec.content_type = "application/sdp";
  spec.body = local_sdp_;
  const bool sent = reply(pending.irq, spec);
  if (sent && pending.invite) {
    reinvite_irq_ = pending.irq;
  } else {
    nta_incoming_destroy(pending.irq);
    if (!sent) fault(LegEnd::transport_error, 200);
    send_reoffer();
  }
}

void Leg::note_remote_session(const std::string& sdp_text) {
  remote_sdp_ = sdp_text;
  const auto early = early_.find(dialog_.remote_tag);
  if (early == early_.end()) return;
  early->second.remote_sdp = sdp_text;
  early->second.updated = true;
}

void Leg::refuse_offer(std::uint64_t offer_id, int sip_code) {
  if (!pending_offer_ || pending_offer_->id != offer_id) return;
  PendingOffer pending = std::move(*pending_offer_);
  pending_offer_.reset();
  offer_timer_.cancel();
  offer_ = dialog::Stable{};
  nta_incoming_bind(pending.irq, nullptr, nullptr);
  refuse(pending.irq, sip_code >= 300 && sip_code <= 699 ? sip_code : 488);
  send_reoffer();
}

// ---- We offer.

void Leg::reoffer(const model::SessionDescription& offer) {
  if (ended()) return;
  waiting_offer_ = write_sdp(offer);
  send_reoffer();
}

// Before the answer an offer can go in an UPDATE, once the first exchange is over (RFC 3311 5.1): on both
// sides that takes a reliable response with the answer.
bool Leg::may_update_early() const {
  if (!allows_update_ || reoffer_in_flight_ || pending_offer_ || dialog_.remote_tag.empty() ||
      !std::holds_alternative<dialog::Stable>(offer_)) {
    return false;
  }
  if (std::holds_alternative<dialog::Early>(state_)) return reliable_has_session_ && !reliable_.open();
  const auto early = early_.find(dialog_.remote_tag);
  return std::holds_alternative<dialog::Ringing>(state_) && early != early_.end() &&
         !early->second.remote_sdp.empty();
}

void Leg::send_early_update() {
  ClientRequest& r = add_request(ClientRequest::Kind::update_offer, "UPDATE");
  r.content_type = "application/sdp";
  r.body = std::exchange(waiting_offer_, {});
  offer_ = dialog::LocalOffer{};
  reoffer_in_flight_ = true;
  if (send_in_dialog(r)) return;
  reoffer_in_flight_ = false;
  offer_ = dialog::Stable{};
  drop_request(r);
  notify([](Observer& o, const CallId& id) { o.on_reoffer_result(id, {503, std::nullopt}); });
}

// The call may have been answered meanwhile; a refusal is no reason to end it.
void Leg::on_early_update_response(ClientRequest& request, int status, const sip_t* sip) {
  reoffer_in_flight_ = false;
  offer_ = dialog::Stable{};
  const std::string offered = request.body;
  const std::string answer_text(status < 300 ? sdp_of(sip).value_or(std::string_view()) : std::string_view());
  drop_request(request);
  if (ended()) return;
  if (status == 491) {
    if (waiting_offer_.empty()) waiting_offer_ = offered;
    retry_after_glare();
    return;
  }
  ReofferResult result;
  result.sip_code = status;
  if (status < 300) {
    auto parsed = parse_sdp(answer_text);
    if (parsed) {
      local_sdp_ = offered;
      note_remote_session(answer_text);
      result.answer = std::move(*parsed);
    } else {
      result.sip_code = 488;
    }
  }
  notify([r = std::move(result)](Observer& o, const CallId& id) mutable {
    o.on_reoffer_result(id, std::move(r));
  });
  send_reoffer();
}

void Leg::send_reoffer() {
  if (!waiting_offer_.empty() && !glare_timer_.pending() && may_update_early()) {
    send_early_update();
    return;
  }
  if (waiting_offer_.empty() || glare_timer_.pending() ||
      !std::holds_alternative<dialog::Confirmed>(state_) || !dialog::may_offer(offer_, open_invites())) {
    return;  // Tried again when what is in the way is over.
  }
  drop_settled_requests();
  ClientRequest& r = add_request(ClientRequest::Kind::reinvite, "INVITE");
  r.content_type = "application/sdp";
  r.body = std::exchange(waiting_offer_, {});
  r.extra_headers = session_timer_headers(false);
  r.authorization = invite_authorization_.starts_with("Proxy-") ? invite_authorization_ : std::string();
  offer_ = dialog::LocalOffer{};
  reoffer_in_flight_ = true;
  if (send_in_dialog(r)) return;
  reoffer_in_flight_ = false;
  offer_ = dialog::Stable{};
  drop_request(r);
  fault(LegEnd::transport_error, 200);
}

void Leg::on_reinvite_response(ClientRequest& request, int status, const sip_t* sip) {
  const bool refresh = request.kind == ClientRequest::Kind::refresh_invite;
  if (status == 422 && raise_interval(request, sip)) return;
  reoffer_in_flight_ = false;
  offer_ = dialog::Stable{};
  const std::string offered = request.body;
  if (status >= 300) {
    const bool internal = nta_sip_is_internal(sip) != 0;
    drop_request(request);
    if (status == 491) {
      if (waiting_offer_.empty() && !refresh) waiting_offer_ = offered;
      retry_after_glare();
      return;
    }
    if (status == 481 || status == 408 || internal) {
      on_dialog_failure(status, internal);
      return;
    }
    if (!refresh) {
      notify([status](Observer& o, const CallId& id) { o.on_reoffer_result(id, {status, std::nullopt}); });
    }
    send_reoffer();
    return;
  }
  refresh_target(sip, response_source(request.orq));
  send_ack(request, "");
  // The transaction stays: it answers a repeated 200 with the ACK again, until the next one takes its place.
  request.settled = true;
  const std::string answer_text(sdp_of(sip).value_or(std::string_view()));
  auto parsed = answer_text.empty() ? std::nullopt : std::optional(parse_sdp(answer_text));
  if (ended()) return;
  if (!parsed || !*parsed) {
    fault(LegEnd::bad_answer, 200);
    return;
  }
  local_sdp_ = offered;
  const bool changed = remote_sdp_ != answer_text;
  remote_sdp_ = answer_text;
  const auto asked = session_timer_of(sip);
  if (const auto timer = dialog::accept_session_timer(asked.session_expires_s, asked.refresher)) {
    start_session_timer(*timer);
  } else {
    stop_session_timer();
  }
  if (!refresh || changed) {
    ReofferResult result;
    result.answer = std::move(parsed->value());
    notify([r = std::move(result)](Observer& o, const CallId& id) mutable {
      o.on_reoffer_result(id, std::move(r));
    });
  }
  send_reoffer();
}

void Leg::retry_after_glare() {
  glare_timer_.set(dialog::glare_delay(!inbound_, random_u32()), [this] {
    if (waiting_offer_.empty()) {
      refresh_session();
    } else {
      send_reoffer();
    }
  });
}

// ---- Session timer.

std::string Leg::session_timer_headers(bool initial) const {
  const std::uint32_t min_se = std::max(host_.options().min_session_expires_s, min_se_s_);
  const std::uint32_t interval = std::max(host_.options().session_expires_s, min_se);
  std::string out = "Session-Expires: " + std::to_string(interval);
  // Who refreshes now goes on refreshing: the role is named as seen from this request (RFC 4028 section 7.4).
  if (!initial && session_timer_) out += session_timer_->we_refresh ? ";refresher=uac" : ";refresher=uas";
  return out + "\r\nMin-SE: " + std::to_string(min_se) + "\r\n";
}

void Leg::start_session_timer(const dialog::SessionTimer& timer) {
  session_timer_ = timer;
  refresh_timer_.cancel();
  if (timer.we_refresh) refresh_timer_.set(dialog::refresh_after(timer), [this] { refresh_session(); });
  expiry_timer_.set(dialog::expire_after(timer), [this] {
    bye_headers_ = reason_line(102, "session expired");
    fault(LegEnd::session_expired, 200);
  });
}

void Leg::stop_session_timer() {
  session_timer_.reset();
  refresh_timer_.cancel();
  expiry_timer_.cancel();
}

void Leg::refresh_session() {
  if (!session_timer_ || ended()) return;
  if (!std::holds_alternative<dialog::Confirmed>(state_) || !dialog::may_offer(offer_, open_invites())) {
    refresh_timer_.set(std::chrono::seconds(1), [this] { refresh_session(); });
    return;
  }
  if (allows_update_) {
    ClientRequest& r = add_request(ClientRequest::Kind::refresh_update, "UPDATE");
    r.extra_headers = session_timer_headers(false);
    if (!send_in_dialog(r)) drop_request(r);
    return;
  }
  drop_settled_requests();
  ClientRequest& r = add_request(ClientRequest::Kind::refresh_invite, "INVITE");
  r.content_type = "application/sdp";
  r.body = local_sdp_;
  r.extra_headers = session_timer_headers(false);
  offer_ = dialog::LocalOffer{};
  reoffer_in_flight_ = true;
  if (send_in_dialog(r)) return;
  reoffer_in_flight_ = false;
  offer_ = dialog::Stable{};
  drop_request(r);
}

void Leg::on_update_response(ClientRequest& request, int status, const sip_t* sip) {
  if (status == 422 && raise_interval(request, sip)) return;
  const bool internal = nta_sip_is_internal(sip) != 0;
  std::optional<dialog::SessionTimer> timer;
  if (status < 300) {
    const auto asked = session_timer_of(sip);
    timer = dialog::accept_session_timer(asked.session_expires_s, asked.refresher);
    refresh_target(sip, response_source(request.orq));
  }
  drop_request(request);
  if (ended()) return;
  if (status < 300) {
    if (timer) {
      start_session_timer(*timer);
    } else {
      stop_session_timer();
    }
  } else if (status == 491) {
    retry_after_glare();
  } else if (status == 481 || status == 408 || internal) {
    on_dialog_failure(status, internal);
  } else {
    allows_update_ =
        false;  // It said it could; the next try is a re-INVITE, well before the session expires.
    refresh_timer_.set(std::chrono::seconds(1), [this] { refresh_session(); });
  }
}

}  // namespace tandem::sip
