// The client side: the responses to the first INVITE, ACK, CANCEL, PRACK.
#include "sip/sdp/sdp.h"
#include "sip/sofia/leg.h"
#include "sip/sofia/message_view.h"

namespace tandem::sip {

using dialog::Effect;
using dialog::has;
using dialog::LegEvent;

int on_client_response(ClientRequest* request, nta_outgoing_t* orq, const sip_t* sip) noexcept {
  if (request == nullptr || request->leg == nullptr || request->orq == nullptr || request->orq != orq)
    return 0;
  request->leg->on_response(*request, nta_outgoing_status(orq), sip);
  return 0;
}

void Leg::on_response(ClientRequest& request, int status, const sip_t* sip) {
  using Kind = ClientRequest::Kind;
  if (request.kind == Kind::invite) {
    on_invite_response(request, status, sip);
    return;
  }
  if (status < 200) return;
  if ((status == 401 || status == 407) && answer_challenge(request, status, sip)) return;
  switch (request.kind) {
    case Kind::reinvite:
    case Kind::refresh_invite:
      on_reinvite_response(request, status, sip);
      return;
    case Kind::refresh_update:
      on_update_response(request, status, sip);
      return;
    case Kind::update_offer:
      on_early_update_response(request, status, sip);
      return;
    case Kind::refer:
      on_refer_response(request, status, sip);
      return;
    default:
      finish_request(request, status, sip);
      return;
  }
}

// BYE, PRACK and the requests of the application.
void Leg::finish_request(ClientRequest& request, int status, const sip_t* sip) {
  const auto kind = request.kind;
  const bool internal = nta_sip_is_internal(sip) != 0;
  if (kind == ClientRequest::Kind::application && request.tag != 0) {
    const std::uint64_t tag = std::exchange(request.tag, 0);
    notify([tag, status](Observer& o, const CallId& id) { o.on_request_result(id, tag, status); });
  }
  const std::uint64_t refer_id = kind == ClientRequest::Kind::notify ? request.tag : 0;
  drop_request(request);
  if (kind == ClientRequest::Kind::notify) {
    on_notify_response(refer_id, status);
  } else if (kind == ClientRequest::Kind::bye) {
    carry_out(take(LegEvent::closed).effects, {});
  } else if (kind == ClientRequest::Kind::application && (status == 481 || status == 408 || internal)) {
    on_dialog_failure(status, internal);
  }
}

void Leg::on_invite_response(ClientRequest& request, int status, const sip_t* sip) {
  if (nta_sip_is_internal(sip) == 0) heard_ = true;
  response_timer_.cancel();
  if (std::holds_alternative<dialog::Calling>(state_)) life_timer_.cancel();
  if (status < 200) {
    if (status > 100 && sip != nullptr) on_provisional(request, status, sip);
    return;
  }
  if (status < 300) {
    on_success(request, sip);
    return;
  }
  const bool wanted = !dialog::reported(state_);
  if (wanted && (status == 401 || status == 407) && answer_challenge(request, status, sip)) return;
  if (wanted && status == 422 && raise_interval(request, sip)) return;
  on_failure(request, status, sip);
}

void Leg::on_failure(ClientRequest& request, int status, const sip_t* sip) {
  const bool internal = nta_sip_is_internal(sip) != 0;
  Ended ended;
  ended.how = !internal ? LegEnd::peer_reject : status == 408 ? LegEnd::timeout : LegEnd::transport_error;
  ended.sip_code = status;
  ended.no_response = !heard_;
  if (sip != nullptr && sip->sip_status != nullptr) ended.sip_reason = sip->sip_status->st_phrase;
  if (!internal) {
    ended.q850_cause = q850_of(sip);
    ended.headers = headers_of(sip);
    if (status < 400) {
      for (const sip_contact_t* m = sip->sip_contact; m != nullptr; m = m->m_next) {
        ended.contacts.push_back(uri_text(m->m_url));
        ended.headers.emplace_back("Contact", ended.contacts.back());
      }
    }
  }
  const bool seeking = !dialog::reported(state_) && seek_next_target(request, status, sip);
  drop_request(request);
  if (seeking) {
    failed_ = std::move(ended);
    host_.find_next_target(*this, first_hop(*call_), transport_, tried_);
    return;
  }
  carry_out(take(LegEvent::failure).effects, std::move(ended));
}

// Null when the response names no dialog, or one more than we keep.
Leg::EarlyDialog* Leg::early_dialog(const char* tag) {
  constexpr std::size_t kMaxForks = 32;
  if (tag == nullptr || (early_.size() >= kMaxForks && !early_.contains(tag))) return nullptr;
  return &early_[tag];
}

void Leg::on_provisional(ClientRequest& request, int status, const sip_t* sip) {
  const char* tag = sip->sip_to->a_tag;
  EarlyDialog* early = early_dialog(tag);
  const bool reliable = sip->sip_rseq != nullptr && requires_option(sip, "100rel") && early != nullptr;
  if (reliable && !early->receiver.take(sip->sip_rseq->rs_response)) return;
  const model::SocketAddress source = response_source(request.orq);
  if (reliable) send_prack(sip, request.cseq, source);
  if (dialog::reported(state_)) return;

  rang_ = true;
  if (early != nullptr && dialog_.remote_tag.empty()) {
    dialog_.remote_tag = tag;  // For requests in the early dialog; the 2xx decides.
    learn_peer(sip, source);
  }
  if (!take(LegEvent::provisional).accepted) return;
  Progress progress;
  progress.sip_code = status;
  progress.sip_reason = sip->sip_status->st_phrase;
  progress.headers = headers_of(sip);
  if (tag != nullptr) progress.early_dialog = tag;
  if (const auto text = sdp_of(sip); text && !initial_offer_.empty()) {
    if (auto parsed = parse_sdp(*text)) {
      progress.session = std::move(*parsed);
      if (reliable && early->remote_sdp.empty()) {
        early->remote_sdp = *text;
        if (dialog_.remote_tag == tag) {
          remote_sdp_ = *text;
          offer_ = dialog::Stable{};
        }
      }
    }
  }
  notify(
      [p = std::move(progress)](Observer& o, const CallId& id) mutable { o.on_progress(id, std::move(p)); });
  send_reoffer();
}

void Leg::learn_peer(const sip_t* sip, const model::SocketAddress& source) {
  dialog_.route_set = record_routes(sip, true);
  refresh_target(sip, source);
  if (sip->sip_allow != nullptr) allows_update_ = allows(sip, "UPDATE");
}

void Leg::on_success(ClientRequest& request, const sip_t* sip) {
  const std::string tag = sip->sip_to->a_tag != nullptr ? sip->sip_to->a_tag : "";
  if (tag != dialog_.remote_tag) {
    // Another fork than the one that we spoke with: what is open there goes no further.
    for (auto it = requests_.begin(); it != requests_.end();) {
      ClientRequest& r = **it++;
      if (r.kind != ClientRequest::Kind::update_offer) continue;
      if (waiting_offer_.empty()) waiting_offer_ = r.body;
      reoffer_in_flight_ = false;
      drop_request(r);
    }
  }
  dialog_.remote_tag = tag;
  dialog_.remote_party = name_addr_text(sip->sip_to);
  learn_peer(sip, response_source(request.orq));
  invite_authorization_ = request.authorization;
  if (request.orq != nullptr) {
    tport_t* tp = nta_outgoing_transport(request.orq);
    if (transport_ != Transport::udp) hold_flow(tp);
    if (tp != nullptr) tport_unref(tp);
  }
  request.settled = true;
  on_answered_invite(request, sip);
}

void Leg::on_answered_invite(ClientRequest& request, const sip_t* sip) {
  const bool was_asked = std::holds_alternative<dialog::OfferAsked>(offer_);
  const auto early = early_.find(dialog_.remote_tag);
  const EarlyDialog known = early != early_.end() ? early->second : EarlyDialog{};
  early_.clear();
  // The answer in a reliable response counts, and the 200 may repeat it (RFC 6337 3.1.1); peers that change
  // it there mean what they say. Once an UPDATE has moved the session on, what the 200 repeats is old.
  std::string sdp_text(sdp_of(sip).value_or(std::string_view()));
  if (sdp_text.empty() || known.updated) sdp_text = known.remote_sdp;
  const auto parsed = sdp_text.empty() ? std::nullopt : std::optional(parse_sdp(sdp_text));
  const bool usable = parsed && *parsed;
  const auto step = take(was_asked && usable ? LegEvent::success_with_offer : LegEvent::success);
  if (has(step.effects, Effect::send_ack)) send_ack(request, "");
  if (has(step.effects, Effect::report_answered)) {
    if (!usable) {
      fault(LegEnd::bad_answer, 200);
      return;
    }
    Answered answered;
    answered.headers = headers_of(sip);
    answered.session_is_offer = was_asked;
    answered.early_dialog = dialog_.remote_tag;
    answered.session = parsed->value();
    if (!reoffer_in_flight_) {
      remote_sdp_ = sdp_text;
      offer_ = was_asked ? dialog::OfferState(dialog::RemoteOffer{}) : dialog::OfferState(dialog::Stable{});
    }
    const auto asked = session_timer_of(sip);
    if (const auto timer = dialog::accept_session_timer(asked.session_expires_s, asked.refresher)) {
      start_session_timer(*timer);
    }
    notify([a = std::move(answered)](Observer& o, const CallId& id) mutable {
      o.on_answered(id, std::move(a));
    });
    if (!was_asked) send_reoffer();
  }
  if (!dialog::reported(state_)) {
    // Until then the transaction catches repeated and forked 2xx; a long call need not hold on to it.
    life_timer_.set(host_.timing().t1x64, [this] { drop_settled_requests(); });
  }
  carry_out(step.effects, {});
}

void Leg::drop_settled_requests() {
  if (std::holds_alternative<dialog::AckOwed>(state_)) return;
  for (auto it = requests_.begin(); it != requests_.end();) {
    ClientRequest& r = **it++;
    if (r.settled) drop_request(r);
  }
}

void Leg::acknowledge(const model::SessionDescription& answer) {
  const auto step = take(LegEvent::acknowledge);
  if (!step.accepted) return;
  local_sdp_ = write_sdp(answer);
  offer_ = dialog::Stable{};
  for (const auto& r : requests_) {
    if (r->kind != ClientRequest::Kind::invite) continue;
    send_ack(*r, local_sdp_);
    break;
  }
  send_reoffer();
}

void Leg::send_ack(const ClientRequest& invite, std::string_view body) {
  const dialog::Routing routing = dialog::route_request(dialog_);
  RequestSpec spec;
  spec.method = "ACK";
  spec.request_uri = routing.request_uri;
  spec.headers =
      dialog::request_headers(dialog_, "ACK", invite.cseq, routing.routes, contact_) + invite.authorization;
  spec.content_type = "application/sdp";
  spec.body = body;
  // Always named: the stack asserts when it has to look for the INVITE of an ACK and finds none.
  spec.ack_branch = nta_outgoing_branch(invite.orq);
  if (spec.ack_branch == nullptr) spec.ack_branch = "z9hG4bK-none";
  direct(spec, !routing.routes.empty());
  nta_outgoing_t* ack = sip::send_request(host_.nta(), nullptr, nullptr, spec);
  if (ack != nullptr) nta_outgoing_destroy(ack);
}

void Leg::send_prack(const sip_t* provisional, std::uint32_t invite_cseq,
                     const model::SocketAddress& source) {
  dialog::Dialog early = dialog_;
  auto follow = follow_;
  std::swap(early, dialog_);  // Each fork is a dialog with a target of its own.
  dialog_.remote_tag = provisional->sip_to->a_tag;
  dialog_.route_set = record_routes(provisional, true);
  refresh_target(provisional, source);
  ClientRequest& prack = add_request(ClientRequest::Kind::prack, "PRACK");
  prack.extra_headers = "RAck: " + std::to_string(provisional->sip_rseq->rs_response) + " " +
                        std::to_string(invite_cseq) + " INVITE\r\n";
  if (!send_in_dialog(prack)) drop_request(prack);
  early.local_cseq = dialog_.local_cseq;
  std::swap(early, dialog_);
  std::swap(follow, follow_);
}

void Leg::send_cancel(const std::string& headers) {
  for (const auto& r : requests_) {
    if (r->kind != ClientRequest::Kind::invite || r->orq == nullptr) continue;
    // The stack holds the CANCEL back until a provisional response has come (RFC 3261 9.1).
    nta_outgoing_tcancel(r->orq, nullptr, nullptr,
                         TAG_IF(!headers.empty(), SIPTAG_HEADER_STR(headers.c_str())), TAG_END());
  }
  close_after(host_.timing().t1x64 + std::chrono::seconds(1));
}

}  // namespace tandem::sip
