// The server side of the first INVITE: ring, answer, reject, 100rel, ACK and CANCEL.
#include "sip/sdp/sdp.h"
#include "sip/sofia/leg.h"
#include "sip/sofia/message_view.h"

namespace tandem::sip {

using dialog::Effect;
using dialog::has;
using dialog::LegEvent;

int on_ack_or_cancel(Leg* leg, nta_incoming_t* irq, const sip_t* sip) noexcept {
  if (leg == nullptr) return 0;
  const bool is_first = irq == leg->invite_irq_;
  if (sip == nullptr) {
    leg->on_ack_timeout();
  } else if (sip->sip_request->rq_method == sip_method_cancel) {
    if (is_first) leg->on_invite_cancel(sip);
  } else if (sip->sip_request->rq_method == sip_method_ack) {
    leg->on_invite_ack(sip);
  }
  return 0;
}

void Leg::ring(RingOptions options) {
  if (options.sip_code < 180 || options.sip_code > 199) options.sip_code = 180;
  if (!take(LegEvent::ring).accepted) return;
  if (reliable_.open()) {
    held_ring_ =
        std::move(options);  // One reliable response at a time (RFC 3262 section 3); the newest counts.
    return;
  }
  send_provisional(std::move(options));
}

void Leg::send_provisional(RingOptions options) {
  if (invite_irq_ == nullptr) return;
  const bool reliable = requires_100rel_ || (supports_100rel_ && options.session.has_value());
  std::string body;
  if (options.session && !reliable_has_session_) {
    // Without reliability an offer of ours could not be answered (RFC 6337 3.1): only answers go out then.
    const bool is_answer = std::holds_alternative<dialog::RemoteOffer>(offer_);
    if (is_answer || reliable) body = write_sdp(*options.session);
  }
  ReplySpec spec;
  spec.status = options.sip_code;
  spec.headers = "Contact: <" + contact_ + ">\r\n" + common_headers() + header_lines(options.headers);
  if (!reliable) {
    spec.content_type = "application/sdp";
    spec.body = body;
    if (!body.empty()) local_sdp_ = body;
    reply(invite_irq_, spec);
    return;
  }
  spec.headers += "Require: 100rel\r\nRSeq: " + std::to_string(reliable_.start()) + "\r\n";
  if (!body.empty()) {
    reliable_has_session_ = true;
    local_sdp_ = body;
    offer_ = std::holds_alternative<dialog::RemoteOffer>(offer_) ? dialog::OfferState(dialog::Stable{})
                                                                 : dialog::OfferState(dialog::LocalOffer{});
  }
  reliable_body_ = std::move(body);
  reliable_reply_ = std::move(spec);
  repeat_reliable();
}

void Leg::repeat_reliable() {
  const auto wait = reliable_.next_wait();
  if (invite_irq_ == nullptr) return;
  if (!wait) {
    host_.log().warn("{}: reliable {} never acknowledged", id_.str(), reliable_reply_.status);
    // RFC 3262 section 3: the request is rejected with a 5xx.
    reply(invite_irq_,
          {.status = 504, .phrase = "PRACK Timeout", .headers = {}, .content_type = {}, .body = {}});
    fault(LegEnd::timeout, 504);
    return;
  }
  reliable_reply_.content_type = "application/sdp";
  reliable_reply_.body = reliable_body_;
  reply(invite_irq_, reliable_reply_);
  reliable_timer_.set(*wait, [this] { repeat_reliable(); });
}

void Leg::on_prack_request(nta_incoming_t* irq, const sip_t* sip) {
  const sip_rack_t* rack = sip->sip_rack;
  if (rack == nullptr || !reliable_.acknowledge(rack->ra_response, rack->ra_cseq, invite_cseq_)) {
    reply(
        irq,
        {.status = rack == nullptr ? 400 : 481, .phrase = {}, .headers = {}, .content_type = {}, .body = {}});
    nta_incoming_destroy(irq);
    return;
  }
  reliable_timer_.cancel();
  reply(irq, {.status = 200, .phrase = {}, .headers = {}, .content_type = {}, .body = {}});
  nta_incoming_destroy(irq);

  std::optional<model::SessionDescription> session;
  if (std::holds_alternative<dialog::LocalOffer>(offer_)) {
    offer_ = dialog::Stable{};
    const std::string answer_text(sdp_of(sip).value_or(std::string_view()));
    auto parsed = parse_sdp(answer_text);
    if (!parsed) {
      reply(invite_irq_, {.status = 488, .phrase = {}, .headers = {}, .content_type = {}, .body = {}});
      fault(LegEnd::bad_answer, 488);
      return;
    }
    remote_sdp_ = answer_text;
    session = std::move(*parsed);
  }
  notify([session = std::move(session)](Observer& o, const CallId& id) mutable {
    o.on_prack(id, std::move(session));
  });
  if (held_answer_) {
    const HeldAnswer held = std::move(*held_answer_);
    held_answer_.reset();
    send_200(held.session, held.headers);
  } else if (held_ring_) {
    RingOptions held = std::move(*held_ring_);
    held_ring_.reset();
    send_provisional(std::move(held));
  } else {
    send_reoffer();
  }
}

void Leg::answer(const model::SessionDescription& session, const Headers& headers) {
  if (!take(LegEvent::answer).accepted) return;
  held_ring_.reset();
  if (reliable_.open()) {
    // RFC 3262 section 3: the 2xx waits while a reliable response with a session is unacknowledged.
    held_answer_ = HeldAnswer{session, headers};
    return;
  }
  send_200(session, headers);
}

ReplySpec Leg::success_reply(const dialog::SessionTimerRequest& request) {
  ReplySpec spec;
  spec.headers = "Contact: <" + contact_ + ">\r\n" + common_headers() + "Accept: application/sdp\r\n";
  const dialog::SessionTimer timer = dialog::answer_session_timer(request, timer_limits());
  spec.headers += "Session-Expires: " + std::to_string(timer.interval_s) +
                  (timer.we_refresh ? ";refresher=uas\r\n" : ";refresher=uac\r\nRequire: timer\r\n");
  start_session_timer(timer);
  return spec;
}

void Leg::send_200(const model::SessionDescription& session, const Headers& headers) {
  if (invite_irq_ == nullptr) return;
  ReplySpec spec = success_reply(invite_timer_);
  spec.headers += header_lines(headers);
  spec.content_type = "application/sdp";
  if (!reliable_has_session_) {
    local_sdp_ = write_sdp(session);
    spec.body = local_sdp_;
    const bool asked = std::holds_alternative<dialog::OfferAsked>(offer_);
    offer_ = asked ? dialog::OfferState(dialog::LocalOfferInAnswer{}) : dialog::OfferState(dialog::Stable{});
  }
  if (reply(invite_irq_, spec)) return;
  nta_incoming_destroy(std::exchange(invite_irq_, nullptr));
  fault(LegEnd::transport_error, 200);
  close_after(std::chrono::milliseconds(0));
}

void Leg::reject(int sip_code, std::string sip_reason, int q850_cause, int retry_after_s,
                 const Headers& headers, const std::vector<std::string>& contacts) {
  if (sip_code < 300 || sip_code > 699) sip_code = 603;
  const auto step = take(LegEvent::reject);
  if (!step.accepted) return;
  ReplySpec spec;
  spec.status = sip_code;
  spec.phrase = sip_reason;
  spec.headers = reason_line(q850_cause, "") + header_lines(headers);
  if (retry_after_s > 0) spec.headers += "Retry-After: " + std::to_string(retry_after_s) + "\r\n";
  for (const auto& uri : contacts) spec.headers += "Contact: <" + uri + ">\r\n";
  reply(invite_irq_, spec);
  Ended ended;
  ended.how = LegEnd::local_reject;
  ended.sip_code = sip_code;
  ended.sip_reason = std::move(sip_reason);
  carry_out(step.effects, std::move(ended));
}

void Leg::on_invite_cancel(const sip_t* cancel) {
  if (held_answer_) {  // Answered by us but not sent: the CANCEL wins.
    fault(LegEnd::peer_cancel, 487);
    return;
  }
  const auto step = take(LegEvent::peer_cancel);
  if (!step.accepted) return;
  Ended ended;
  ended.how = LegEnd::peer_cancel;
  ended.sip_code = 487;
  ended.q850_cause = q850_of(cancel);
  ended.headers = headers_of(cancel);
  carry_out(step.effects, std::move(ended));  // The stack sends the 487.
}

void Leg::on_invite_ack(const sip_t* ack) {
  std::optional<model::SessionDescription> session;
  bool bad = false;
  if (std::holds_alternative<dialog::LocalOfferInAnswer>(offer_)) {
    offer_ = dialog::Stable{};
    const std::string answer_text(sdp_of(ack).value_or(std::string_view()));
    auto parsed = parse_sdp(answer_text);
    bad = !parsed;
    if (parsed) {
      remote_sdp_ = answer_text;
      session = std::move(*parsed);
    }
  }
  if (reinvite_irq_ != nullptr) {
    nta_incoming_destroy(std::exchange(reinvite_irq_, nullptr));
    if (session) {
      notify([s = std::move(session)](Observer& o, const CallId& id) mutable {
        o.on_acknowledged(id, std::move(s));
      });
    }
    if (bad) fault(LegEnd::bad_answer, 200);
    send_reoffer();
    return;
  }
  if (invite_irq_ == nullptr) return;
  nta_incoming_destroy(std::exchange(invite_irq_, nullptr));
  const auto step = take(LegEvent::ack);
  if (has(step.effects, Effect::report_acknowledged)) {
    if (bad) {
      fault(LegEnd::bad_answer, 200);
      return;
    }
    notify([s = std::move(session)](Observer& o, const CallId& id) mutable {
      o.on_acknowledged(id, std::move(s));
    });
    send_reoffer();
  }
  carry_out(step.effects, {});
}

void Leg::on_ack_timeout() {
  if (reinvite_irq_ != nullptr) {
    fault(LegEnd::no_ack, 200);
    return;
  }
  const auto step = take(LegEvent::ack_timeout);
  if (!step.accepted) return;
  Ended ended;
  ended.how = LegEnd::no_ack;
  ended.sip_code = 200;
  carry_out(step.effects, std::move(ended));
}

}  // namespace tandem::sip
