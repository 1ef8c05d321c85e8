#include "sip/sofia/leg.h"

#include "base/random.h"
#include "sip/sofia/message_view.h"

namespace tandem::sip {

using dialog::Effect;
using dialog::has;
using dialog::LegEvent;

Leg::Leg(LegHost& host, CallId id, InboundInvite invite)
    : host_(host),
      id_(std::move(id)),
      inbound_(true),
      state_(dialog::Proceeding{}),
      dialog_(std::move(invite.dialog)),
      contact_(host.transports().contact_uri(invite.transport, invite.source.ip)),
      transport_(invite.transport),
      invite_irq_(invite.irq),
      invite_cseq_(dialog_.remote_cseq.value_or(0)),
      invite_timer_(invite.session_timer),
      supports_100rel_(invite.supports_100rel || invite.requires_100rel),
      requires_100rel_(invite.requires_100rel),
      reliable_(random_u32() & 0x3fffffffU, host.timing().t1),
      remote_sdp_(std::move(invite.offer_text)),
      allows_update_(invite.allows_update),
      life_timer_(host.loop()),
      reliable_timer_(host.loop()),
      offer_timer_(host.loop()),
      glare_timer_(host.loop()),
      refresh_timer_(host.loop()),
      expiry_timer_(host.loop()),
      response_timer_(host.loop()) {
  if (invite.follow_source && transport_ == Transport::udp) follow_ = invite.source;
  offer_ = remote_sdp_.empty() ? dialog::OfferState(dialog::OfferAsked{})
                               : dialog::OfferState(dialog::RemoteOffer{});
  if (transport_ != Transport::udp) hold_flow(invite.tport);
  nta_incoming_bind(invite_irq_, &on_ack_or_cancel, this);
}

Leg::Leg(LegHost& host, OutboundCall call)
    : host_(host),
      id_(call.id),
      inbound_(false),
      state_(dialog::Calling{}),
      reliable_(1, host.timing().t1),
      call_(std::move(call)),
      life_timer_(host.loop()),
      reliable_timer_(host.loop()),
      offer_timer_(host.loop()),
      glare_timer_(host.loop()),
      refresh_timer_(host.loop()),
      expiry_timer_(host.loop()),
      response_timer_(host.loop()) {
  const TargetHint hint = target_hint(first_hop(*call_));
  transport_ = hint.transport;
  follow_always_ = call_->follow_source;
  const auto& listening = host.transports().listening();
  const auto any = listening.empty() ? model::IpAddress{} : listening.front().address.ip;
  contact_ = host.transports().contact_uri(transport_, hint.ip.value_or(any));
  dialog_.call_id = random_hex(16);
  dialog_.local_tag = random_hex(8);
  // RFC 3323 4.1: what names the caller says nothing.
  dialog_.local_party = call_->privacy == CallerPrivacy::withheld
                            ? dialog::name_addr("sip:anonymous@anonymous.invalid", "Anonymous")
                            : dialog::name_addr(call_->from_uri, call_->from_display_name);
  dialog_.remote_party =
      dialog::name_addr(call_->to_uri.empty() ? call_->target_uri : call_->to_uri, call_->to_display_name);
  dialog_.remote_target = call_->target_uri;
}

Leg::~Leg() {
  drop_server_transactions(500);
  end_refers();
  while (!requests_.empty()) drop_request(*requests_.front());
  if (flow_ != nullptr) tport_unref(flow_);
}

void Leg::hold_flow(tport_t* tport) {
  if (tport == nullptr || tport_is_secondary(tport) == 0) return;
  if (flow_ != nullptr) tport_unref(flow_);
  flow_ = tport_ref(tport);
}

dialog::LegStep Leg::take(LegEvent event) {
  dialog::LegStep result = dialog::step(state_, event);
  if (!result.accepted) {
    host_.log().debug("{}: event {} means nothing in state {}", id_.str(), static_cast<int>(event),
                      dialog::to_string(state_));
    return result;
  }
  host_.log().debug("{}: {} -> {}", id_.str(), dialog::to_string(state_), dialog::to_string(result.next));
  state_ = result.next;
  return result;
}

void Leg::carry_out(Effect effects, Ended ended) {
  if (has(effects, Effect::send_bye)) close_refers();
  if (has(effects, Effect::report_end)) report_end(std::move(ended));
  if (has(effects, Effect::send_bye)) send_bye();
  if (has(effects, Effect::release)) host_.release(*this);
}

void Leg::report_end(Ended ended) {
  host_.log().info("{}: ended, {}, {}", id_.str(), to_string(ended.how), ended.sip_code);
  stop_session_timer();
  glare_timer_.cancel();
  offer_timer_.cancel();
  reliable_timer_.cancel();
  response_timer_.cancel();
  end_refers();
  for (const auto& r : requests_) {
    if (r->kind == ClientRequest::Kind::application && r->tag != 0) {
      notify([tag = std::exchange(r->tag, 0)](Observer& o, const CallId& id) {
        o.on_request_result(id, tag, 481);
      });
    }
  }
  notify([ended = std::move(ended)](Observer& o, const CallId& id) mutable {
    o.on_ended(id, std::move(ended));
  });
}

// The dialog cannot go on. Whatever stands is torn down as a hang-up would, under another name.
void Leg::fault(LegEnd how, int sip_code) {
  const bool held = held_answer_.has_value();
  const auto step = take(LegEvent::fault);
  if (!step.accepted) return;
  if (held && sip_code == 200) sip_code = how == LegEnd::shutdown ? 503 : 500;
  drop_held_answer(held ? sip_code : 500);
  if (has(step.effects, Effect::send_final)) drop_server_transactions(how == LegEnd::shutdown ? 503 : 500);
  if (has(step.effects, Effect::send_cancel)) send_cancel("");
  if (has(step.effects, Effect::send_ack)) {
    for (const auto& r : requests_) {
      if (r->kind == ClientRequest::Kind::invite) send_ack(*r, "");
    }
  }
  Ended ended;
  ended.how = how;
  ended.sip_code = sip_code;
  ended.no_response = !inbound_ && !heard_;
  carry_out(step.effects, std::move(ended));
}

void Leg::shutdown() {
  bye_headers_ = reason_line(31, "shutting down");
  const bool answered = dialog::established(state_);
  fault(LegEnd::shutdown, answered ? 200 : inbound_ ? 503 : 487);
}

void Leg::hangup(int q850_cause, const std::string& reason_text, const Headers& headers) {
  const bool unanswered = !dialog::established(state_) && !std::holds_alternative<dialog::AckOwed>(state_);
  const bool held = held_answer_.has_value();
  const auto step = take(LegEvent::hangup);
  if (!step.accepted) return;
  const std::string lines = reason_line(q850_cause, reason_text) + header_lines(headers);
  bye_headers_ = lines;
  Ended ended;
  // An answer that waited for its PRACK was never sent: the caller sees a refusal, and so do the books.
  ended.how = held ? LegEnd::local_reject : LegEnd::local_hangup;
  ended.sip_code = held ? 603 : !unanswered ? 200 : inbound_ ? 603 : 487;
  ended.no_response = !inbound_ && !heard_;
  if (has(step.effects, Effect::send_final) && invite_irq_ != nullptr) {
    reply(invite_irq_, {.status = 603, .phrase = {}, .headers = lines, .content_type = {}, .body = {}});
  }
  if (has(step.effects, Effect::send_cancel)) send_cancel(lines);
  if (has(step.effects, Effect::send_ack)) {
    for (const auto& r : requests_) {
      if (r->kind == ClientRequest::Kind::invite) send_ack(*r, "");
    }
  }
  drop_held_answer(603);
  carry_out(step.effects, std::move(ended));
}

// A 200 that still waits for a PRACK: there is no ACK to wait for then.
void Leg::drop_held_answer(int invite_code) {
  if (!std::holds_alternative<dialog::HangupPending>(state_)) return;
  const bool sent = invite_irq_ != nullptr && !held_answer_ && nta_incoming_status(invite_irq_) >= 200;
  held_answer_.reset();
  if (!sent) drop_server_transactions(invite_code);
  close_after(sent ? 2 * host_.timing().t1x64 : std::chrono::milliseconds(0));
}

void Leg::send_bye() {
  drop_server_transactions(487);
  ClientRequest& bye = add_request(ClientRequest::Kind::bye, "BYE");
  bye.extra_headers = bye_headers_;
  close_after(host_.timing().t1x64 + std::chrono::seconds(1));
  if (!send_in_dialog(bye)) close_after(std::chrono::milliseconds(0));
}

void Leg::close_after(std::chrono::milliseconds wait) {
  life_timer_.set(wait, [this] { carry_out(take(LegEvent::closed).effects, {}); });
}

// Answers what is still open and lets go of it; the stack goes on repeating final responses by itself.
void Leg::drop_server_transactions(int invite_code) {
  const auto refuse = [](nta_incoming_t*& irq, int code) {
    if (irq == nullptr) return;
    nta_incoming_bind(irq, nullptr, nullptr);
    if (nta_incoming_status(irq) < 200)
      reply(irq, {.status = code, .phrase = {}, .headers = {}, .content_type = {}, .body = {}});
    nta_incoming_destroy(std::exchange(irq, nullptr));
  };
  refuse(invite_irq_, invite_code);
  refuse(reinvite_irq_, 487);
  if (pending_offer_) {
    refuse(pending_offer_->irq, 487);
    pending_offer_.reset();
  }
}

std::string Leg::common_headers() const {
  return std::string("Allow: ") + kAllow + "\r\nSupported: " + kSupported + "\r\n";
}

ClientRequest& Leg::add_request(ClientRequest::Kind kind, std::string method) {
  requests_.push_back(std::make_unique<ClientRequest>());
  ClientRequest& r = *requests_.back();
  r.leg = this;
  r.kind = kind;
  r.method = std::move(method);
  return r;
}

void Leg::drop_request(ClientRequest& request) {
  if (request.orq != nullptr) nta_outgoing_destroy(std::exchange(request.orq, nullptr));
  requests_.remove_if([&](const auto& r) { return r.get() == &request; });
}

bool Leg::send_in_dialog(ClientRequest& request) {
  const dialog::Routing routing = dialog::route_request(dialog_);
  request.cseq = ++dialog_.local_cseq;
  if (request.kind == ClientRequest::Kind::refer) {
    for (SentRefer& sent : sent_refers_) {
      if (sent.tag == request.tag) sent.cseq = request.cseq;
    }
  }
  const bool target_refresh = request.method == "INVITE" || request.method == "UPDATE";
  const bool with_contact = target_refresh || request.method == "REFER" || request.method == "NOTIFY";
  RequestSpec spec;
  spec.method = request.method;
  spec.request_uri = routing.request_uri;
  spec.headers = dialog::request_headers(dialog_, request.method, request.cseq, routing.routes,
                                         with_contact ? contact_ : std::string());
  spec.headers += "User-Agent: " + host_.options().user_agent + "\r\n";
  if (with_contact) spec.headers += common_headers();
  spec.headers += request.authorization + request.extra_headers;
  spec.content_type = request.content_type;
  spec.body = request.body;
  direct(spec, !routing.routes.empty());
  if (request.orq != nullptr) nta_outgoing_destroy(request.orq);
  request.orq = sip::send_request(host_.nta(), &on_client_response, &request, spec);
  return request.orq != nullptr;
}

// A peer behind a connection of its own is reached by that connection only, whatever its Contact says; one
// behind NAT only where its packets come from.
void Leg::direct(RequestSpec& spec, bool routed) const {
  if (routed) return;
  if (flow_ != nullptr) {
    if (tport_is_clear_to_send(flow_) != 0) spec.flow = flow_;
  } else if (follow_) {
    spec.route_url = "sip:" + follow_->str();
  }
}

void Leg::refresh_target(const sip_t* sip, const model::SocketAddress& source) {
  auto target = contact_uri(sip);
  if (target.empty()) return;
  dialog_.remote_target = std::move(target);
  if (transport_ != Transport::udp || source.port == 0) return;
  dialog::PeerView view = peer_view(sip, source);
  view.record_routed = view.record_routed || !dialog_.route_set.empty();
  if (!view.record_routed && (follow_always_ || dialog::should_follow_source(view))) {
    follow_ = source;
  } else {
    follow_.reset();
  }
}

Leg::Replaceable Leg::replaceable() const {
  if (ended()) return Replaceable::ended;
  if (dialog::established(state_) || std::holds_alternative<dialog::AckOwed>(state_)) {
    return Replaceable::confirmed;
  }
  return std::holds_alternative<dialog::Ringing>(state_) ? Replaceable::early_ours : Replaceable::no;
}

// A response that says that the dialog is gone (RFC 3261 12.2.1.2).
void Leg::on_dialog_failure(int status, bool internal) {
  if (internal && status != 408) {
    fault(LegEnd::transport_error, 200);
  } else {
    fault(status == 481 ? LegEnd::dialog_gone : LegEnd::timeout, 200);
  }
}

void Leg::send_request(std::uint64_t tag, InDialogMessage message) {
  const bool early =
      std::holds_alternative<dialog::Early>(state_) || std::holds_alternative<dialog::Ringing>(state_);
  if ((!dialog::established(state_) && !early) || dialog_.remote_tag.empty()) {
    notify([tag](Observer& o, const CallId& id) { o.on_request_result(id, tag, 481); });
    return;
  }
  ClientRequest& r = add_request(ClientRequest::Kind::application, std::move(message.method));
  r.tag = tag;
  r.content_type = std::move(message.content_type);
  r.body = std::move(message.body);
  r.extra_headers = header_lines(message.headers);
  if (send_in_dialog(r)) return;
  drop_request(r);
  notify([tag](Observer& o, const CallId& id) { o.on_request_result(id, tag, 400); });
}

}  // namespace tandem::sip
