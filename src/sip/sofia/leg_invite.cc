// The first INVITE that we send: what it says, and the answers to refusals that ask for another one
// (challenge, 422, the next target).
#include "sip/digest/digest.h"
#include "sip/sdp/sdp.h"
#include "sip/sofia/leg.h"
#include "sip/sofia/message_view.h"
#include "sip/sofia/next_target.h"

namespace tandem::sip {

using dialog::LegEvent;

namespace {

bool names(const std::string& header, const char* name) {
  return su_casematch(header.c_str(), name) != 0;
}

// Without control characters and what would end the angle brackets around it.
bool safe_uri(const std::string& uri) {
  return uri.size() <= 2048 && std::none_of(uri.begin(), uri.end(), [](char c) {
           const auto u = static_cast<unsigned char>(c);
           return u <= 0x20 || u == 0x7f || c == '<' || c == '>' || c == '"';
         });
}

// Headers of the application that say who calls go to a trusted target only (RFC 3325 section 5, 7).
Headers allowed_headers(const OutboundCall& call) {
  Headers out = call.headers;
  std::erase_if(out, [&](const auto& header) {
    const bool identity =
        names(header.first, "P-Asserted-Identity") || names(header.first, "Remote-Party-ID") ||
        (names(header.first, "P-Preferred-Identity") && call.privacy == CallerPrivacy::withheld);
    return identity && !call.trusted;
  });
  return out;
}

}  // namespace

const std::string& first_hop(const OutboundCall& call) {
  if (!call.outbound_proxy.empty()) return call.outbound_proxy;
  return call.route.empty() ? call.target_uri : call.route.front();
}

void Leg::invite() {
  if (!prepare_invite()) return;
  if (call_->offer) {
    initial_offer_ = write_sdp(*call_->offer);
    local_sdp_ = initial_offer_;
    offer_ = dialog::LocalOffer{};
  } else {
    offer_ = dialog::OfferAsked{};
  }
  if (call_->first_response_timeout.count() > 0) {
    response_timer_.set(call_->first_response_timeout, [this] { on_no_response(); });
  }
  send_invite({});
}

// False: the leg has ended.
bool Leg::prepare_invite() {
  const OutboundCall& call = *call_;
  bool safe = safe_uri(call.target_uri) && safe_uri(call.from_uri) && safe_uri(call.to_uri) &&
              safe_uri(call.outbound_proxy) && safe_uri(call.asserted_identity);
  for (const auto& route : call.route) safe = safe && safe_uri(route);
  if (!safe) {
    fail_invite(LegEnd::transport_error, 400, "Bad URI");
    return false;
  }
  std::string value = call.replaces_header;
  if (call.replaces) {
    const Leg* other = host_.leg(*call.replaces);
    if (other == nullptr || other->dialog().remote_tag.empty()) {
      fail_invite(LegEnd::dialog_gone, 481, "Replaced Call Gone");
      return false;
    }
    // Named as the far side of that leg knows it.
    value = replaces_value(
        {other->dialog().call_id, other->dialog().remote_tag, other->dialog().local_tag, false});
  }
  if (value.empty()) return true;
  if (!dialog::parse_replaces(value)) {
    fail_invite(LegEnd::transport_error, 400, "Bad Replaces");
    return false;
  }
  replaces_line_ = "Replaces: " + value + "\r\nRequire: replaces\r\n";
  return true;
}

void Leg::fail_invite(LegEnd how, int sip_code, std::string sip_reason) {
  Ended ended;
  ended.how = how;
  ended.sip_code = sip_code;
  ended.sip_reason = std::move(sip_reason);
  ended.no_response = !heard_;
  carry_out(take(LegEvent::failure).effects, std::move(ended));
}

// Whatever may still come is cancelled, or ended if it is an answer.
void Leg::on_no_response() {
  if (std::holds_alternative<dialog::Calling>(state_) && !heard_) fault(LegEnd::timeout, 408);
}

std::string Leg::invite_headers() const {
  const OutboundCall& call = *call_;
  std::string out = "User-Agent: " + host_.options().user_agent + "\r\nAllow: " + kAllow;
  // Without an offer of ours a reliable response would carry one, for which PRACK is too early to answer.
  out.append("\r\nSupported: ").append(initial_offer_.empty() ? "timer, replaces, norefersub" : kSupported);
  out.append("\r\nAccept: application/sdp\r\n");
  if (call.privacy == CallerPrivacy::withheld) out += "Privacy: id\r\n";
  if (call.trusted) {
    const bool withheld = call.privacy == CallerPrivacy::withheld;
    const std::string& identity =
        call.asserted_identity.empty() && withheld ? call.from_uri : call.asserted_identity;
    const std::string& display = identity == call.from_uri ? call.from_display_name : std::string();
    if (!identity.empty()) {
      out += "P-Asserted-Identity: " + dialog::name_addr(identity, display) + "\r\n";
    }
  }
  return out + replaces_line_ + session_timer_headers(true) + header_lines(allowed_headers(call));
}

void Leg::send_invite(ClientRequest::Retries retries) {
  if (transport_ != Transport::udp) {
    life_timer_.set(host_.timing().connect_deadline, [this] { check_connection(); });
  }
  ClientRequest& request = add_request(ClientRequest::Kind::invite, "INVITE");
  request.cseq = ++dialog_.local_cseq;
  request.authorization = invite_authorization_;
  request.retries = retries;
  RequestSpec spec;
  spec.method = request.method;
  spec.request_uri = call_->target_uri;
  spec.headers =
      dialog::request_headers(dialog_, "INVITE", request.cseq, call_->route, contact_) + invite_headers();
  spec.headers += request.authorization;
  spec.content_type = "application/sdp";
  spec.body = initial_offer_;
  spec.route_url = next_hop_.empty() ? call_->outbound_proxy : next_hop_;
  spec.flow = host_.flow_to(spec.route_url);
  request.orq = sip::send_request(host_.nta(), &on_client_response, &request, spec);
  if (request.orq != nullptr) return;
  drop_request(request);
  fail_invite(LegEnd::transport_error, 400, "Bad target URI");
}

// What an earlier answer said of its sender is forgotten.
void Leg::start_afresh() {
  dialog_.remote_tag.clear();
  dialog_.remote_target = call_->target_uri;
  dialog_.route_set.clear();
  follow_.reset();
  early_.clear();
}

// The INVITE once more, as another transaction of the same call (RFC 3261 8.1.3.5). `request` is gone after
// it.
void Leg::send_invite_again(ClientRequest& request, ClientRequest::Retries retries) {
  start_afresh();
  drop_request(request);
  send_invite(retries);
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
  fail_invite(LegEnd::transport_error, 503, "Connection failed");
}

// RFC 3263 4.3: the next address of the same name. The stack goes on by itself when nothing comes or a
// transport fails, but not after a 503; nor after a 408 that a dead proxy's neighbour wrote. A phone that
// rang is no failed target.
bool Leg::seek_next_target(const ClientRequest& request, int status, const sip_t* sip) {
  constexpr std::size_t kMaxTargets = 8;
  if ((status != 503 && status != 408) || sip == nullptr || nta_sip_is_internal(sip) != 0 || rang_) {
    return false;
  }
  if (tried_.size() >= kMaxTargets || !NextTarget::possible(first_hop(*call_))) return false;
  msg_t* response = nta_outgoing_getresponse(request.orq);
  if (response == nullptr) return false;
  tried_.push_back(source_of(response).str());
  msg_destroy(response);
  retries_ = {};
  retries_.interval_raised = request.retries.interval_raised;
  return true;
}

void Leg::on_next_target(const std::string& uri) {
  if (!failed_ || dialog::reported(state_)) return;
  Ended failed = *std::exchange(failed_, std::nullopt);
  if (uri.empty()) {
    carry_out(take(LegEvent::failure).effects, std::move(failed));
    return;
  }
  host_.log().info("{}: {}, next target {}", id_.str(), failed.sip_code, uri);
  next_hop_ = uri;
  invite_authorization_.clear();
  start_afresh();
  send_invite(retries_);
}

namespace {

struct Challenge {
  std::vector<std::string> texts;
  bool stale = false;
};

Challenge challenge_of(const msg_auth_t* a) {
  Challenge out;
  for (; a != nullptr; a = a->au_next) {
    std::string text = a->au_scheme == nullptr ? "" : a->au_scheme;
    const char* separator = " ";
    for (const msg_param_t* p = a->au_params; p != nullptr && *p != nullptr; ++p) {
      text.append(std::exchange(separator, ", ")).append(*p);
      out.stale = out.stale || su_casematch(*p, "stale=true") != 0 || su_casematch(*p, "stale=\"true\"") != 0;
    }
    out.texts.push_back(std::move(text));
  }
  return out;
}

}  // namespace

// Credentials go to the realm they are for, once for each request, and once more when only the nonce was too
// old; within the dialog only to the realm that the INVITE already answered, so that a callee cannot fish for
// them with a challenge to our BYE.
bool Leg::answer_challenge(ClientRequest& request, int status, const sip_t* sip) {
  if (!call_ || !call_->credentials || sip == nullptr || nta_sip_is_internal(sip) != 0) return false;
  const bool proxy = status == 407;
  const Challenge challenge = challenge_of(proxy ? sip->sip_proxy_authenticate : sip->sip_www_authenticate);
  ClientRequest::Retries retries = request.retries;
  if (retries.challenged) {
    if (!challenge.stale || retries.stale) return false;
    retries.stale = true;
  }
  retries.challenged = true;
  const Credentials& credentials = *call_->credentials;
  const bool first = request.kind == ClientRequest::Kind::invite;
  const std::string realm = answered_realm_.empty() ? credentials.realm : answered_realm_;
  if (!first && realm.empty()) return false;
  const std::string uri = first ? call_->target_uri : dialog::route_request(dialog_).request_uri;
  const auto answer =
      answer_digest(challenge.texts, {credentials.username, credentials.password, realm, request.method, uri,
                                      first ? initial_offer_ : request.body});
  if (!answer) return false;
  answered_realm_ = answer->realm;
  const std::string line =
      std::string(proxy ? "Proxy-Authorization: " : "Authorization: ") + answer->authorization + "\r\n";
  if (first) {
    invite_authorization_ = line;
    send_invite_again(request, retries);
    return true;
  }
  request.retries = retries;
  request.authorization = line;
  return send_in_dialog(request);
}

// 422: once more with the interval that the peer demands (RFC 4028 section 7.3).
bool Leg::raise_interval(ClientRequest& request, const sip_t* sip) {
  if (sip == nullptr || sip->sip_min_se == nullptr || request.retries.interval_raised) return false;
  min_se_s_ = static_cast<std::uint32_t>(std::min<unsigned long>(sip->sip_min_se->min_delta, 86'400));
  ClientRequest::Retries retries = request.retries;
  retries.interval_raised = true;
  if (request.kind == ClientRequest::Kind::invite) {
    send_invite_again(request, retries);
    return true;
  }
  request.retries = retries;
  request.extra_headers = session_timer_headers(false);
  return send_in_dialog(request);
}

}  // namespace tandem::sip
