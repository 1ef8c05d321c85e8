// Requests that belong to no transaction: vetted here, before the stack keeps anything for them, then routed
// to a leg, to a new one, or to a deliberate answer.
#include "base/random.h"
#include "sip/sdp/sdp.h"
#include "sip/sofia/message_view.h"
#include "sip/sofia/sofia_agent.h"

namespace tandem::sip {

int on_agent_message(SofiaAgent* agent, nta_agent_t* nta, msg_t* msg, sip_t* sip) noexcept {
  if (sip == nullptr || sip->sip_request == nullptr) {
    nta_msg_discard(nta, msg);  // A response to nothing of ours.
    return 0;
  }
  agent->on_request(msg, sip);
  return 0;
}

std::string SofiaAgent::refused_headers(std::string headers) const {
  return "Server: " + parts_.options.user_agent + "\r\n" + std::move(headers);
}

void SofiaAgent::refuse(msg_t* msg, int status, std::string_view phrase, std::string headers) {
  refused_total_.add();
  reply_stateless(nta_, msg,
                  {.status = status,
                   .phrase = phrase,
                   .headers = refused_headers(std::move(headers)),
                   .content_type = {},
                   .body = {}});
}

void SofiaAgent::on_request(msg_t* msg, sip_t* sip) {
  requests_total_.add();
  const sip_method_t method = sip->sip_request->rq_method;
  if (method == sip_method_ack || nta_ == nullptr) {
    // An ACK that the stack could not match acknowledges a response that we forgot or sent statelessly.
    nta_msg_discard(nta_, msg);
    return;
  }
  const Vetted vetted = vet_request(msg, sip, VettingLimits{});
  if (!vetted) {
    if (method == sip_method_invite && sip->sip_to->a_tag == nullptr) {
      report_refused(msg, sip, vetted.status);
    }
    refuse(msg, vetted.status, vetted.phrase);
    return;
  }
  if (sip->sip_to->a_tag != nullptr) {
    on_dialog_request(msg, sip);
  } else if (method == sip_method_invite) {
    on_new_invite(msg, sip);
  } else {
    on_other_request(msg, sip);
  }
}

void SofiaAgent::on_dialog_request(msg_t* msg, sip_t* sip) {
  const auto found = by_tag_.find(sip->sip_to->a_tag);
  const char* from_tag = sip->sip_from->a_tag != nullptr ? sip->sip_from->a_tag : "";
  if (found == by_tag_.end() || found->second->dialog().call_id != sip->sip_call_id->i_id ||
      found->second->dialog().remote_tag != from_tag || sip->sip_request->rq_method == sip_method_cancel) {
    refuse(msg, 481);
    return;
  }
  Leg& leg = *found->second;
  switch (leg.check_cseq(sip->sip_cseq->cs_seq)) {
    case dialog::CseqCheck::out_of_order:
      refuse(msg, 500, "CSeq Out Of Order");
      return;
    case dialog::CseqCheck::merged:
      refuse(msg, 482);
      return;
    case dialog::CseqCheck::fresh:
      break;
  }
  if (const std::string unknown = unknown_requirements(sip); !unknown.empty()) {
    refuse(msg, 420, {}, "Unsupported: " + unknown + "\r\n");
    return;
  }
  // Over TCP and TLS the stack frees a transaction, and the message with it, as soon as it is answered.
  msg_t* held = msg_ref_create(msg);
  nta_incoming_t* irq = nta_incoming_create(nta_, nullptr, msg, sip, TAG_END());
  if (irq != nullptr) leg.on_request(irq, sip, source_of(held));
  msg_destroy(held);
}

// Methods outside of a dialog. Strangers get a short answer that says why, and only at a bounded rate.
void SofiaAgent::on_other_request(msg_t* msg, sip_t* sip) {
  if (overload_.admit_other(source_of(msg).ip, parts_.clock.now()) == Admission::drop) {
    dropped_total_.add();
    nta_msg_discard(nta_, msg);
    return;
  }
  const std::string allow = std::string("Allow: ") + kAllow + "\r\n";
  switch (sip->sip_request->rq_method) {
    case sip_method_options:
      if (draining_) {
        refuse(msg, 503, {},
               "Retry-After: " + std::to_string(parts_.options.overload.retry_after_s) + "\r\n");
      } else {
        reply_stateless(nta_, msg,
                        {.status = 200,
                         .phrase = {},
                         .headers = refused_headers(allow + "Supported: " + kSupported +
                                                    "\r\nAccept: application/sdp\r\n"),
                         .content_type = {},
                         .body = {}});
      }
      return;
    case sip_method_bye:
    case sip_method_cancel:
    case sip_method_prack:
    case sip_method_update:
    case sip_method_info:
    case sip_method_notify:
      refuse(msg, 481);
      return;
    case sip_method_register:
      if (access_) {
        access_->on_register(msg, sip);
      } else {
        refuse(msg, 403);
      }
      return;
    case sip_method_message:
    case sip_method_refer:  // Nobody may send our calls elsewhere from outside of them.
      refuse(msg, 403);
      return;
    case sip_method_unknown:
      refuse(msg, 501, {}, allow);
      return;
    default:
      refuse(msg, 405, {}, allow);
      return;
  }
}

void SofiaAgent::on_new_invite(msg_t* msg, sip_t* sip) {
  const model::SocketAddress source = source_of(msg);
  const Admission admission = overload_.admit(source.ip, legs_.size(), parts_.clock.now());
  if (admission == Admission::drop) {
    dropped_total_.add();
    nta_msg_discard(nta_, msg);
    return;
  }
  if (admission == Admission::refuse || draining_) {
    refuse_invite(msg, sip, 503, {},
                  "Retry-After: " + std::to_string(parts_.options.overload.retry_after_s) + "\r\n");
    return;
  }
  if (check_invite(msg, sip)) take_invite(msg, sip);
}

namespace {

// What the leg keeps of the INVITE, but for its transaction and transport.
InboundInvite inbound_invite(const sip_t* sip, const model::SocketAddress& source) {
  InboundInvite invite;
  invite.dialog.call_id = sip->sip_call_id->i_id;
  invite.dialog.local_tag = random_hex(8);
  invite.dialog.remote_tag = sip->sip_from->a_tag;
  invite.dialog.local_party = name_addr_text(sip->sip_to);
  invite.dialog.remote_party = name_addr_text(sip->sip_from);
  invite.dialog.remote_target = contact_uri(sip);
  invite.dialog.route_set = record_routes(sip, false);
  invite.dialog.remote_cseq = sip->sip_cseq->cs_seq;
  invite.source = source;
  invite.follow_source = dialog::should_follow_source(peer_view(sip, source));
  invite.session_timer = session_timer_of(sip);
  invite.offer_text = sdp_of(sip).value_or(std::string_view());
  invite.requires_100rel = requires_option(sip, "100rel");
  invite.supports_100rel = supports(sip, "100rel");
  invite.allows_update = allows(sip, "UPDATE");
  return invite;
}

}  // namespace

void SofiaAgent::take_invite(msg_t* msg, sip_t* sip) {
  std::string merge_key = std::string(sip->sip_call_id->i_id) + '\n' + sip->sip_from->a_tag + '\n' +
                          std::to_string(sip->sip_cseq->cs_seq);
  if (by_merge_key_.contains(merge_key)) {
    refuse_invite(msg, sip, 482, "Request Merged");
    return;
  }
  IncomingCall call;
  if (!let_in(msg, sip, call)) return;
  if (!match_replaces(msg, sip, call)) return;
  std::optional<model::SessionDescription> offer;
  const auto offer_text = sdp_of(sip);
  if (offer_text) {
    auto parsed = parse_sdp(*offer_text);
    if (!parsed) {
      parts_.log.info("INVITE with bad SDP: {} (line {})", parsed.error().what, parsed.error().line);
      refuse_invite(msg, sip, 488);
      return;
    }
    offer = std::move(*parsed);
  }

  const model::SocketAddress source = source_of(msg);
  tport_t* tport = tport_delivered_by(nta_agent_tports(nta_), msg);
  call.id = CallId::make();
  call.from = party_of(sip->sip_from->a_url, sip->sip_from->a_display);
  call.to = party_of(sip->sip_to->a_url, sip->sip_to->a_display);
  call.request_uri = party_of(sip->sip_request->rq_url, nullptr);
  call.source = source;
  call.transport = transport_of(tport);
  call.sip_call_id = sip->sip_call_id->i_id;
  call.headers = headers_of(sip);
  call.offer = std::move(offer);
  call.received = parts_.clock.now();
  call.received_wall = parts_.clock.wall();

  InboundInvite invite = inbound_invite(sip, source);
  invite.tport = tport;
  invite.transport = call.transport;
  call.supports_100rel = invite.requires_100rel || invite.supports_100rel;

  invite.irq = nta_incoming_create(nta_, nullptr, msg, sip, TAG_END());
  if (invite.irq == nullptr) return;
  nta_incoming_tag(invite.irq, invite.dialog.local_tag.c_str());
  reply(invite.irq, {.status = 100, .phrase = {}, .headers = {}, .content_type = {}, .body = {}});
  const CallId id = call.id;
  keep(std::make_unique<Leg>(static_cast<LegHost&>(*this), id, std::move(invite)), std::move(merge_key));
  notify([c = std::move(call)](Observer& observer) mutable { observer.on_incoming(std::move(c)); });
}

}  // namespace tandem::sip
