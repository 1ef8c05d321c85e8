// The client side: the first INVITE, its responses, ACK, CANCEL, PRACK, and challenges to any request of
// ours.
#include "sip/digest/digest.h"
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
  drop_request(request);
  if (kind == ClientRequest::Kind::bye) {
    carry_out(take(LegEvent::closed).effects, {});
  } else if (kind == ClientRequest::Kind::application && (status == 481 || status == 408 || internal)) {
    on_dialog_failure(status, internal);
  }
}

void Leg::invite() {
  if (call_->offer) {
    initial_offer_ = write_sdp(*call_->offer);
    local_sdp_ = initial_offer_;
    offer_ = dialog::LocalOffer{};
  } else {
    offer_ = dialog::OfferAsked{};
  }
  send_invite();
  if (transport_ != Transport::udp) {
    life_timer_.set(host_.timing().connect_deadline, [this] { check_connection(); });
  }
}

void Leg::send_invite() {
  ClientRequest& request = add_request(ClientRequest::Kind::invite, "INVITE");
  request.cseq = ++dialog_.local_cseq;
  request.authorization = invite_authorization_;
  RequestSpec spec;
  spec.method = request.method;
  spec.request_uri = dialog_.remote_target;
  spec.headers = dialog::request_headers(dialog_, "INVITE", request.cseq, {}, contact_);
  spec.headers += "User-Agent: " + host_.options().user_agent + "\r\n";
  // Without an offer of ours a reliable response would carry one, for which PRACK is too early to answer.
  spec.headers += std::string("Allow: ") + kAllow +
                  "\r\nSupported: " + (initial_offer_.empty() ? "timer" : kSupported) +
                  "\r\nAccept: application/sdp\r\n";
  spec.headers += session_timer_headers(true) + request.authorization + header_lines(call_->headers);
  spec.content_type = "application/sdp";
  spec.body = initial_offer_;
  spec.route_url = call_->outbound_proxy;
  request.orq = sip::send_request(host_.nta(), &on_client_response, &request, spec);
  if (request.orq != nullptr) return;
  drop_request(request);
  Ended ended;
  ended.how = LegEnd::transport_error;
  ended.sip_code = 400;
  ended.sip_reason = "Bad target URI";
  carry_out(take(LegEvent::failure).effects, std::move(ended));
}

// A TLS peer whose certificate is refused, or a connection that never stands, would else show as a 408 after
// 32 s.
void Leg::check_connection() {
  if (!std::holds_alternative<dialog::Calling>(state_)) return;
  for (const auto& r : requests_) {
    if (r->kind != ClientRequest::Kind::invite || r->orq == nullptr) continue;
    const tport_t* tp = nta_outgoing_transport(r->orq);
    // A primary here: the connection failed and the stack still looks for another.
    const bool stands = tp != nullptr && tport_is_secondary(tp) != 0 && tport_is_connected(tp) != 0 &&
                        tport_is_closed(tp) == 0 &&
                        (transport_ != Transport::tls || tport_is_clear_to_send(tp) != 0);
    if (tp != nullptr) tport_unref(const_cast<tport_t*>(tp));
    if (stands) return;
  }
  Ended ended;
  ended.how = LegEnd::transport_error;
  ended.sip_code = 503;
  ended.sip_reason = "Connection failed";
  carry_out(take(LegEvent::failure).effects, std::move(ended));
}

void Leg::on_invite_response(ClientRequest& request, int status, const sip_t* sip) {
  if (status < 200) {
    if (std::holds_alternative<dialog::Calling>(state_)) life_timer_.cancel();
    if (status > 100 && sip != nullptr) on_provisional(request, status, sip);
    return;
  }
  if (std::holds_alternative<dialog::Calling>(state_)) life_timer_.cancel();
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
  if (sip != nullptr && sip->sip_status != nullptr) ended.sip_reason = sip->sip_status->st_phrase;
  if (!internal) {
    ended.q850_cause = q850_of(sip);
    ended.headers = headers_of(sip);
    if (status < 400) {
      for (const sip_contact_t* m = sip->sip_contact; m != nullptr; m = m->m_next) {
        ended.headers.emplace_back("Contact", uri_text(m->m_url));
      }
    }
  }
  drop_request(request);
  carry_out(take(LegEvent::failure).effects, std::move(ended));
}

void Leg::on_provisional(ClientRequest& request, int status, const sip_t* sip) {
  const char* tag = sip->sip_to->a_tag;
  const bool reliable = sip->sip_rseq != nullptr && requires_option(sip, "100rel") && tag != nullptr;
  if (reliable && !early_[tag].take(sip->sip_rseq->rs_response)) return;
  if (reliable) send_prack(sip, request.cseq);
  if (dialog::reported(state_)) return;

  if (tag != nullptr && dialog_.remote_tag.empty()) {
    dialog_.remote_tag = tag;  // For requests in the early dialog; the 2xx decides.
    learn_peer(sip);
  }
  if (!take(LegEvent::provisional).accepted) return;
  Progress progress;
  progress.sip_code = status;
  progress.sip_reason = sip->sip_status->st_phrase;
  progress.headers = headers_of(sip);
  if (is_sdp(sip) && !initial_offer_.empty()) {
    if (auto parsed = parse_sdp(body_of(sip))) {
      progress.session = std::move(*parsed);
      if (reliable) {
        early_answered_ = true;
        remote_sdp_ = body_of(sip);
        offer_ = dialog::Stable{};
      }
    }
  }
  notify(
      [p = std::move(progress)](Observer& o, const CallId& id) mutable { o.on_progress(id, std::move(p)); });
}

void Leg::learn_peer(const sip_t* sip) {
  if (auto target = contact_uri(sip); !target.empty()) dialog_.remote_target = std::move(target);
  dialog_.route_set = record_routes(sip, true);
  if (sip->sip_allow != nullptr) allows_update_ = allows(sip, "UPDATE");
}

void Leg::on_success(ClientRequest& request, const sip_t* sip) {
  const bool was_asked = std::holds_alternative<dialog::OfferAsked>(offer_);
  dialog_.remote_tag = sip->sip_to->a_tag != nullptr ? sip->sip_to->a_tag : "";
  dialog_.remote_party = name_addr_text(sip->sip_to);
  learn_peer(sip);
  invite_authorization_ = request.authorization;
  if (request.orq != nullptr) {
    tport_t* tp = nta_outgoing_transport(request.orq);
    if (transport_ != Transport::udp) hold_flow(tp);
    if (tp != nullptr) tport_unref(tp);
  }
  request.settled = true;
  const auto parsed = is_sdp(sip) ? std::optional(parse_sdp(body_of(sip))) : std::nullopt;
  const bool usable = parsed && *parsed;
  const bool settled = early_answered_ && !parsed;
  const auto step = take(was_asked && usable ? LegEvent::success_with_offer : LegEvent::success);
  if (has(step.effects, Effect::send_ack)) send_ack(request, "");
  if (has(step.effects, Effect::report_answered)) {
    if (!usable && !settled) {
      fault(LegEnd::bad_answer, 200);
      return;
    }
    Answered answered;
    answered.headers = headers_of(sip);
    answered.session_is_offer = was_asked;
    if (usable) {
      remote_sdp_ = body_of(sip);
      answered.session = parsed->value();
    }
    offer_ = was_asked ? dialog::OfferState(dialog::RemoteOffer{}) : dialog::OfferState(dialog::Stable{});
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
  if (routing.routes.empty() && flow_ != nullptr && tport_is_clear_to_send(flow_) != 0) spec.flow = flow_;
  nta_outgoing_t* ack = sip::send_request(host_.nta(), nullptr, nullptr, spec);
  if (ack != nullptr) nta_outgoing_destroy(ack);
}

void Leg::send_prack(const sip_t* provisional, std::uint32_t invite_cseq) {
  dialog::Dialog early = dialog_;
  early.remote_tag = provisional->sip_to->a_tag;
  if (auto target = contact_uri(provisional); !target.empty()) early.remote_target = std::move(target);
  early.route_set = record_routes(provisional, true);
  std::swap(early, dialog_);
  ClientRequest& prack = add_request(ClientRequest::Kind::prack, "PRACK");
  prack.extra_headers = "RAck: " + std::to_string(provisional->sip_rseq->rs_response) + " " +
                        std::to_string(invite_cseq) + " INVITE\r\n";
  if (!send_in_dialog(prack)) drop_request(prack);
  early.local_cseq = dialog_.local_cseq;
  std::swap(early, dialog_);
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

// Credentials go to the realm they are for, once for each request; within the dialog only to the realm that
// the INVITE already answered, so that a callee cannot fish for them with a challenge to our BYE.
bool Leg::answer_challenge(ClientRequest& request, int status, const sip_t* sip) {
  if (!call_ || !call_->credentials || request.challenged || sip == nullptr ||
      nta_sip_is_internal(sip) != 0) {
    return false;
  }
  const Credentials& credentials = *call_->credentials;
  const bool proxy = status == 407;
  std::vector<std::string> challenges;
  for (const msg_auth_t* a = proxy ? sip->sip_proxy_authenticate : sip->sip_www_authenticate; a != nullptr;
       a = a->au_next) {
    std::string text = a->au_scheme == nullptr ? "" : a->au_scheme;
    const char* separator = " ";
    for (const msg_param_t* p = a->au_params; p != nullptr && *p != nullptr; ++p) {
      text.append(std::exchange(separator, ", ")).append(*p);
    }
    challenges.push_back(std::move(text));
  }
  const bool first = request.kind == ClientRequest::Kind::invite;
  const std::string realm = first || answered_realm_.empty() ? credentials.realm : answered_realm_;
  if (!first && answered_realm_.empty() && credentials.realm.empty()) return false;
  const std::string uri = first ? dialog_.remote_target : dialog::route_request(dialog_).request_uri;
  const auto answer = answer_digest(challenges, {credentials.username, credentials.password, realm,
                                                 request.method, uri, first ? initial_offer_ : request.body});
  if (!answer) return false;
  answered_realm_ = answer->realm;
  const std::string line =
      std::string(proxy ? "Proxy-Authorization: " : "Authorization: ") + answer->authorization + "\r\n";
  if (first) {
    const bool raised = request.interval_raised;
    invite_authorization_ = line;
    dialog_.remote_tag.clear();
    drop_request(request);
    send_invite();
    if (!requests_.empty()) {
      requests_.back()->challenged = true;
      requests_.back()->interval_raised = raised;
    }
    return true;
  }
  request.challenged = true;
  request.authorization = line;
  return send_in_dialog(request);
}

// 422: once more with the interval that the peer demands (RFC 4028 section 7.3).
bool Leg::raise_interval(ClientRequest& request, const sip_t* sip) {
  if (sip == nullptr || sip->sip_min_se == nullptr || request.interval_raised) return false;
  min_se_s_ = static_cast<std::uint32_t>(std::min<unsigned long>(sip->sip_min_se->min_delta, 86'400));
  const bool challenged = request.challenged;
  if (request.kind == ClientRequest::Kind::invite) {
    dialog_.remote_tag.clear();
    drop_request(request);
    send_invite();
    if (!requests_.empty()) {
      requests_.back()->interval_raised = true;
      requests_.back()->challenged = challenged;
    }
    return true;
  }
  request.interval_raised = true;
  request.extra_headers = session_timer_headers(false);
  return send_in_dialog(request);
}

}  // namespace tandem::sip
