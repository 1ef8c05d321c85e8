// The peer's requests within the dialog.
#include "sip/dialog/info_digit.h"
#include "sip/sofia/leg.h"
#include "sip/sofia/message_view.h"

namespace tandem::sip {
namespace {

void answer_and_forget(nta_incoming_t* irq, int status, std::string headers = {}) {
  reply(irq, {.status = status, .phrase = {}, .headers = std::move(headers), .content_type = {}, .body = {}});
  nta_incoming_destroy(irq);
}

}  // namespace

void Leg::on_request(nta_incoming_t* irq, const sip_t* sip, const model::SocketAddress& source) {
  nta_incoming_tag(irq, dialog_.local_tag.c_str());
  if (follow_) follow_ = source;  // The NAT may have given it another port.
  const sip_method_t method = sip->sip_request->rq_method;
  if (method == sip_method_bye) {
    on_bye(irq, sip);
    return;
  }
  if (ended()) {
    answer_and_forget(irq, 481);
    return;
  }
  switch (method) {
    case sip_method_invite:
      on_reinvite(irq, sip, source);
      return;
    case sip_method_update:
      on_update(irq, sip, source);
      return;
    case sip_method_prack:
      on_prack_request(irq, sip);
      return;
    case sip_method_info:
      on_info(irq, sip);
      return;
    case sip_method_refer:
      on_refer_request(irq, sip);
      return;
    case sip_method_notify:
      if (sip->sip_event != nullptr && su_casematch(sip->sip_event->o_type, "refer") != 0) {
        on_refer_notify(irq, sip);
        return;
      }
      on_text(irq, sip);
      return;
    case sip_method_message:
      on_text(irq, sip);
      return;
    case sip_method_options:
      answer_and_forget(irq, 200, common_headers() + "Accept: application/sdp\r\n");
      return;
    case sip_method_unknown:
      answer_and_forget(irq, 501, std::string("Allow: ") + kAllow + "\r\n");
      return;
    default:
      answer_and_forget(irq, 405, std::string("Allow: ") + kAllow + "\r\n");
      return;
  }
}

void Leg::on_bye(nta_incoming_t* irq, const sip_t* sip) {
  answer_and_forget(irq, 200);
  const auto step = take(dialog::LegEvent::peer_bye);
  if (!step.accepted) return;
  // RFC 3261 15.1.2: what is still open is answered with 487.
  const bool answered = !dialog::has(step.effects, dialog::Effect::send_final) && !held_answer_;
  held_answer_.reset();
  drop_server_transactions(487);
  if (dialog::has(step.effects, dialog::Effect::send_cancel)) send_cancel("");
  if (dialog::has(step.effects, dialog::Effect::send_ack)) {
    for (const auto& r : requests_) {
      if (r->kind == ClientRequest::Kind::invite) send_ack(*r, "");
    }
  }
  Ended ended;
  ended.how = LegEnd::peer_bye;
  ended.sip_code = answered ? 200 : 487;
  ended.q850_cause = q850_of(sip);
  ended.headers = headers_of(sip);
  carry_out(step.effects, std::move(ended));
}

void Leg::on_info(nta_incoming_t* irq, const sip_t* sip) {
  const std::string type = content_type_of(sip);
  if (const auto digit = dialog::parse_info_digit(type, body_of(sip))) {
    notify([d = *digit](Observer& o, const CallId& id) { o.on_info_digit(id, d); });
    answer_and_forget(irq, 200);
    return;
  }
  if (body_of(sip).empty()) {  // An INFO without a body probes whether the dialog lives.
    answer_and_forget(irq, 200);
    return;
  }
  on_text(irq, sip);
}

void Leg::on_text(nta_incoming_t* irq, const sip_t* sip) {
  InDialogMessage message;
  message.method = sip->sip_request->rq_method_name;
  message.content_type = content_type_of(sip);
  message.body = body_of(sip);
  message.headers = headers_of(sip);
  answer_and_forget(irq, 200);
  notify([m = std::move(message)](Observer& o, const CallId& id) mutable { o.on_message(id, std::move(m)); });
}

}  // namespace tandem::sip
