// Transfer: our REFERs and what the peer reports of them, the peer's REFERs and what we report (RFC 3515, RFC
// 4488).
#include "sip/api/header_rules.h"
#include "sip/sofia/leg.h"
#include "sip/sofia/message_view.h"

namespace tandem::sip {

namespace {

constexpr std::size_t kMaxOpenRefers = 4;
constexpr std::size_t kMaxRememberedRefers = 16;
constexpr std::uint32_t kMaxExpirySeconds = 3600;

void answer_and_forget(nta_incoming_t* irq, int status, std::string headers = {}) {
  reply(irq, {.status = status, .phrase = {}, .headers = std::move(headers), .content_type = {}, .body = {}});
  nta_incoming_destroy(irq);
}

bool says_no_subscription(const sip_t* sip) {
  const auto value = header_value(sip, "Refer-Sub");
  return value && su_casenmatch(value->c_str(), "false", 5) != 0;
}

// The URI without its headers and without a method parameter of INVITE.
struct ReferTarget {
  Party party;
  bool invite = true;  // False: another method is asked for.
};

ReferTarget refer_target(const sip_refer_to_t* refer_to) {
  url_t url = *refer_to->r_url;
  url.url_headers = nullptr;
  ReferTarget out;
  out.party = party_of(&url, refer_to->r_display);
  std::string& uri = out.party.uri;
  const std::size_t at = uri.find(";method=");
  if (at == std::string::npos) return out;
  const std::size_t end = std::min(uri.find(';', at + 1), uri.size());
  out.invite = su_casematch(uri.substr(at + 8, end - at - 8).c_str(), "INVITE") != 0;
  uri.erase(at, end - at);
  return out;
}

// Sorts the headers asked for into `refer`. False: malformed.
bool take_uri_headers(const char* text, PeerRefer& refer) {
  const auto headers = dialog::parse_uri_headers(text == nullptr ? "" : text);
  if (!headers) return false;
  for (const auto& [name, value] : *headers) {
    if (su_casematch(name.c_str(), "Replaces") != 0) {
      if (refer.replaces) return false;
      refer.replaces = dialog::parse_replaces(value);
      if (!refer.replaces) return false;
    } else if (settable_header(name) && valid_header_value(value)) {
      refer.headers.emplace_back(name, value);
    }
  }
  return true;
}

}  // namespace

// ---- We refer the peer.

void Leg::report_refer(std::uint64_t tag, ReferProgress progress) {
  notify([tag, p = std::move(progress)](Observer& o, const CallId& id) mutable {
    o.on_refer_progress(id, tag, std::move(p));
  });
}

void Leg::take_refer_event(SentRefer& sent, const dialog::ReferEvent& event) {
  auto step = dialog::step(sent.state, event);
  sent.state = step.next;
  if (std::holds_alternative<dialog::ReferDone>(sent.state)) sent.timer.cancel();
  if (step.report) report_refer(sent.tag, std::move(*step.report));
}

void Leg::refer(std::uint64_t tag, const ReferRequest& request) {
  if (!std::holds_alternative<dialog::Confirmed>(state_)) {
    report_refer(tag, {481, "No Answered Call", true});
    return;
  }
  std::string target = request.refer_to;
  std::string headers;
  if (request.replaces) {
    const Leg* other = host_.leg(*request.replaces);
    if (other == nullptr || other == this || other->dialog().remote_tag.empty()) {
      report_refer(tag, {481, "Replaced Call Gone", true});
      return;
    }
    const dialog::Dialog& d = other->dialog();
    if (target.empty()) target = d.remote_target.substr(0, d.remote_target.find('?'));
    headers = "?Replaces=" +
              dialog::escape_uri_header(replaces_value({d.call_id, d.remote_tag, d.local_tag, false}));
  }
  if (!dialog::plain_uri(target) || (!headers.empty() && target.starts_with("tel:"))) {
    report_refer(tag, {400, "Bad Refer-To URI", true});
    return;
  }
  while (sent_refers_.size() >= kMaxRememberedRefers) {
    take_refer_event(sent_refers_.front(), dialog::ReferTimeout{});
    sent_refers_.pop_front();
  }
  sent_refers_.emplace_back(host_.loop(), tag);
  ClientRequest& r = add_request(ClientRequest::Kind::refer, "REFER");
  r.tag = tag;
  r.extra_headers = "Refer-To: <" + target + headers + ">\r\n";
  const bool named = std::any_of(request.headers.begin(), request.headers.end(), [](const auto& header) {
    return su_casematch(header.first.c_str(), "Referred-By") != 0;
  });
  if (!named) r.extra_headers += "Referred-By: " + dialog_.local_party + "\r\n";
  if (!request.wants_progress) r.extra_headers += "Refer-Sub: false\r\n";
  r.extra_headers += header_lines(request.headers);
  if (send_in_dialog(r)) return;
  drop_request(r);
  take_refer_event(sent_refers_.back(), dialog::ReferResponse{400, "Bad Refer-To URI", true});
}

void Leg::on_refer_response(ClientRequest& request, int status, const sip_t* sip) {
  const std::uint64_t tag = request.tag;
  const bool internal = nta_sip_is_internal(sip) != 0;
  const bool read = sip != nullptr && sip->sip_status != nullptr;
  const std::string phrase = read && sip->sip_status->st_phrase != nullptr ? sip->sip_status->st_phrase : "";
  const bool reports = !read || internal || !says_no_subscription(sip);
  drop_request(request);
  for (SentRefer& sent : sent_refers_) {
    if (sent.tag != tag || std::holds_alternative<dialog::ReferDone>(sent.state)) continue;
    take_refer_event(sent, dialog::ReferResponse{status, phrase, reports});
    if (std::holds_alternative<dialog::ReferAccepted>(sent.state)) {
      sent.timer.set(host_.timing().t1x64, [this, &sent] { take_refer_event(sent, dialog::ReferTimeout{}); });
    }
    break;
  }
  if (!ended() && (status == 481 || status == 408 || internal)) on_dialog_failure(status, internal);
}

void Leg::on_refer_notify(nta_incoming_t* irq, const sip_t* sip) {
  SentRefer* found = nullptr;
  const char* event_id = sip->sip_event->o_id;
  for (SentRefer& sent : sent_refers_) {
    // The id is the CSeq of the REFER; of the first one it may be left out (RFC 3515 2.4.6).
    const bool fits = event_id != nullptr ? std::to_string(sent.cseq) == event_id
                                          : !std::holds_alternative<dialog::ReferDone>(sent.state);
    if (fits) found = &sent;
    if (fits) break;
  }
  if (found == nullptr) {
    answer_and_forget(irq, sent_refers_.empty() || event_id != nullptr ? 481 : 200);
    return;
  }
  const sip_subscription_state_t* state = sip->sip_subscription_state;
  const bool terminated = state != nullptr && state->ss_substate != nullptr &&
                          su_casematch(state->ss_substate, "terminated") != 0;
  const auto status = dialog::parse_sipfrag(body_of(sip));
  if (status) found->last = *status;
  auto wait = host_.timing().refer_expiry;
  if (state != nullptr && state->ss_expires != nullptr) {
    const auto seconds = std::clamp<std::int64_t>(std::atoll(state->ss_expires), 1, kMaxExpirySeconds);
    wait = std::chrono::seconds(seconds);
  }
  answer_and_forget(irq, 200);
  if (std::holds_alternative<dialog::ReferDone>(found->state) || (!status && !terminated)) return;
  take_refer_event(*found, dialog::ReferNotify{found->last, terminated});
  if (!std::holds_alternative<dialog::ReferDone>(found->state)) {
    found->timer.set(wait, [this, found] { take_refer_event(*found, dialog::ReferTimeout{}); });
  }
}

// ---- The peer refers us.

void Leg::on_refer_request(nta_incoming_t* irq, const sip_t* sip) {
  const sip_refer_to_t* refer_to = sip->sip_refer_to;
  if (!std::holds_alternative<dialog::Confirmed>(state_)) {
    const bool soon = dialog::established(state_);  // Its ACK is still on the way.
    answer_and_forget(irq, soon ? 500 : 403, soon ? "Retry-After: 1\r\n" : "");
    return;
  }
  if (refer_to == nullptr || has_bad_header(sip, "Refer-To") || refer_to->r_url->url_host == nullptr) {
    reply(irq, {.status = 400, .phrase = "Bad Refer-To", .headers = {}, .content_type = {}, .body = {}});
    nta_incoming_destroy(irq);
    return;
  }
  const auto type = refer_to->r_url->url_type;
  if (type != url_sip && type != url_sips && type != url_tel) {
    answer_and_forget(irq, 416);
    return;
  }
  ReferTarget target = refer_target(refer_to);
  PeerRefer refer;
  refer.refer_id = next_refer_id_++;
  refer.wants_progress = !says_no_subscription(sip);
  refer.referred_by = header_value(sip, "Referred-By").value_or("");
  if (!take_uri_headers(refer_to->r_url->url_headers, refer)) {
    reply(irq, {.status = 400, .phrase = "Bad Refer-To", .headers = {}, .content_type = {}, .body = {}});
    nta_incoming_destroy(irq);
    return;
  }
  if (!target.invite) {
    answer_and_forget(irq, 603);
    return;
  }
  if (taken_refers_.size() >= kMaxOpenRefers) {
    answer_and_forget(irq, 500, "Retry-After: 5\r\n");
    return;
  }
  refer.target = std::move(target.party);
  if (refer.replaces) {
    if (const Leg* named = host_.leg(*refer.replaces); named != nullptr && !named->ended()) {
      refer.replaces_leg = named->id();
    }
  }
  taken_refers_.emplace_back(host_.loop(), refer.refer_id);
  TakenRefer& taken = taken_refers_.back();
  taken.irq = irq;
  taken.reports = refer.wants_progress;
  taken.event = "refer";
  if (taken.id > 1) taken.event += ";id=" + std::to_string(sip->sip_cseq->cs_seq);
  const std::uint64_t refer_id = taken.id;
  taken.timer.set(host_.timing().refer_answer_deadline, [this, refer_id] { answer_refer(refer_id, 603); });
  notify([r = std::move(refer)](Observer& o, const CallId& id) mutable { o.on_refer(id, std::move(r)); });
}

Leg::TakenRefer* Leg::find_refer(std::uint64_t refer_id) {
  for (TakenRefer& taken : taken_refers_) {
    if (taken.id == refer_id) return &taken;
  }
  return nullptr;
}

void Leg::answer_refer(std::uint64_t refer_id, int sip_code) {
  TakenRefer* taken = find_refer(refer_id);
  if (taken == nullptr || taken->irq == nullptr) return;
  nta_incoming_t* irq = std::exchange(taken->irq, nullptr);
  const bool accept = sip_code >= 200 && sip_code < 300;
  if (!accept) {
    answer_and_forget(irq, sip_code >= 300 && sip_code <= 699 ? sip_code : 603);
  } else {
    answer_and_forget(irq, 202,
                      "Contact: <" + contact_ + ">\r\n" + common_headers() +
                          (taken->reports ? "" : "Refer-Sub: false\r\n"));
  }
  if (!accept || !taken->reports) {
    taken_refers_.remove_if([&](const TakenRefer& t) { return &t == taken; });
    return;
  }
  taken->timer.set(host_.timing().refer_expiry, [this, refer_id] {
    TakenRefer* expired = find_refer(refer_id);
    if (expired == nullptr) return;
    expired->final = true;
    send_notify(*expired);
  });
  send_notify(*taken);  // RFC 3515 2.4.4: one at once.
}

void Leg::refer_progress(std::uint64_t refer_id, int sip_code, const std::string& reason, bool final) {
  TakenRefer* taken = find_refer(refer_id);
  if (taken == nullptr || taken->irq != nullptr || taken->final) return;
  taken->status.code = std::clamp(sip_code, 100, 699);
  taken->status.reason.clear();
  for (const char c : reason) {
    if (static_cast<unsigned char>(c) >= 0x20 && c != 0x7f) taken->status.reason.push_back(c);
  }
  if (taken->status.reason.empty()) {
    const char* usual = sip_status_phrase(taken->status.code);
    taken->status.reason = usual != nullptr ? usual : "Unknown";
  }
  taken->final = final;
  send_notify(*taken);
}

void Leg::send_notify(TakenRefer& taken) {
  if (taken.in_flight) {
    taken.again = true;
    return;
  }
  taken.in_flight = true;
  taken.again = false;
  ClientRequest& r = add_request(ClientRequest::Kind::notify, "NOTIFY");
  r.tag = taken.id;
  const auto left = std::chrono::duration_cast<std::chrono::seconds>(host_.timing().refer_expiry).count();
  r.extra_headers = "Event: " + taken.event + "\r\nSubscription-State: " +
                    (taken.final ? "terminated;reason=noresource"
                                 : "active;expires=" + std::to_string(std::max<std::int64_t>(left, 1))) +
                    "\r\n";
  r.content_type = "message/sipfrag;version=2.0";
  r.body = "SIP/2.0 " + std::to_string(taken.status.code) + " " + taken.status.reason + "\r\n";
  if (!send_in_dialog(r)) drop_request(r);
}

void Leg::on_notify_response(std::uint64_t refer_id, int status) {
  TakenRefer* taken = find_refer(refer_id);
  if (taken == nullptr) return;
  taken->in_flight = false;
  // A refusal ends the subscription, not the call (RFC 5057).
  if (status >= 300 || (taken->final && !taken->again)) {
    taken_refers_.remove_if([&](const TakenRefer& t) { return &t == taken; });
  } else if (taken->again) {
    send_notify(*taken);
  }
}

// Our BYE follows: the peer hears that its transfer came to nothing.
void Leg::close_refers() {
  for (TakenRefer& taken : taken_refers_) {
    if (taken.irq != nullptr || (taken.final && !taken.again)) continue;
    if (!taken.final) taken.status = {487, "Request Terminated"};
    taken.final = true;
    taken.in_flight = false;
    send_notify(taken);
  }
}

// The leg is over: what is still open comes to an end.
void Leg::end_refers() {
  for (SentRefer& sent : sent_refers_) take_refer_event(sent, dialog::ReferLegEnded{});
  sent_refers_.clear();
  for (TakenRefer& taken : taken_refers_) {
    if (taken.irq != nullptr) answer_and_forget(std::exchange(taken.irq, nullptr), 481);
  }
  taken_refers_.clear();
}

}  // namespace tandem::sip
