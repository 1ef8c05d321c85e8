#include "sip/sofia/outside_sender.h"

#include <algorithm>
#include <array>

#include "base/random.h"
#include "base/text.h"
#include "sip/dialog/dialog.h"
#include "sip/digest/digest.h"
#include "sip/sofia/auth_view.h"
#include "sip/sofia/message_send.h"
#include "sip/sofia/message_view.h"

namespace tandem::sip {
namespace {

constexpr std::size_t kMaxExchanges = 20'000;
constexpr std::size_t kMaxUriBytes = 2048;
constexpr std::size_t kMaxContacts = 64;
constexpr std::uint32_t kMostSeconds = 0x7fffffffU;

bool safe_uri(const std::string& uri) {
  return uri.size() <= kMaxUriBytes && std::none_of(uri.begin(), uri.end(), [](char c) {
           const auto u = static_cast<unsigned char>(c);
           return u <= 0x20 || u == 0x7f || c == '<' || c == '>' || c == '"';
         });
}

bool is_token(const std::string& text) {
  return !text.empty() && text.size() <= 32 &&
         std::all_of(text.begin(), text.end(), [](char c) { return (c >= 'A' && c <= 'Z') || c == '_'; });
}

std::uint32_t seconds(unsigned long value) {
  return static_cast<std::uint32_t>(std::min<unsigned long>(value, kMostSeconds));
}

bool says_stale(const std::vector<std::string>& challenges) {
  return std::any_of(challenges.begin(), challenges.end(), [](const std::string& text) {
    const auto params = parse_digest_params(text);
    return params && equal_no_case(param(*params, "stale"), "true");
  });
}

void read_contacts(const sip_t* sip, OutsideResult& out) {
  for (const sip_contact_t* m = sip->sip_contact; m != nullptr && out.contacts.size() < kMaxContacts;
       m = m->m_next) {
    OutsideContact contact{uri_text(m->m_url), std::nullopt};
    if (m->m_expires != nullptr) {
      const auto value = std::string_view(m->m_expires);
      if (!value.empty() && value.size() < 10 &&
          value.find_first_not_of("0123456789") == std::string_view::npos)
        contact.expires_s = seconds(std::stoul(std::string(value)));
    }
    out.contacts.push_back(std::move(contact));
  }
}

OutsideResult result_of(int status, const sip_t* sip) {
  OutsideResult out;
  out.sip_code = status;
  const bool internal = sip == nullptr || nta_sip_is_internal(sip) != 0;
  if (sip != nullptr && sip->sip_status != nullptr) out.sip_reason = sip->sip_status->st_phrase;
  if (internal) {
    out.timed_out = status == 408;
    out.transport_failed = status != 408;
    return out;
  }
  read_contacts(sip, out);
  if (sip->sip_expires != nullptr) out.expires_s = seconds(sip->sip_expires->ex_delta);
  if (sip->sip_min_expires != nullptr) out.min_expires_s = seconds(sip->sip_min_expires->me_delta);
  if (sip->sip_retry_after != nullptr) out.retry_after_s = seconds(sip->sip_retry_after->af_delta);
  for (const sip_service_route_t* r = sip->sip_service_route; r != nullptr; r = r->r_next)
    out.service_route.push_back(uri_text(r->r_url));
  out.headers = headers_of(sip);
  return out;
}

}  // namespace

struct OutsideSender::Exchange {
  Exchange(OutsideSender& sender, OutsideRequest r, OutsideRequests::Done d)
      : owner(sender), request(std::move(r)), done(std::move(d)), deadline(sender.host_.loop()) {}

  OutsideSender& owner;
  OutsideRequest request;
  OutsideRequests::Done done;
  dialog::Dialog identity;  // Call-ID, tags, parties.
  std::string contact;
  std::string authorization;  // Whole line.
  int answered_challenges = 0;
  nta_outgoing_t* orq = nullptr;
  TimePoint sent;
  runtime::Timer deadline;
};

OutsideSender::OutsideSender(LegHost& host, const FlowTable& flows) : host_(host), flows_(flows) {}

OutsideSender::~OutsideSender() {
  close();
}

int on_outside_response(ClientRequest* magic, nta_outgoing_t* orq, const sip_t* sip) noexcept {
  auto* exchange = reinterpret_cast<OutsideSender::Exchange*>(magic);
  if (exchange == nullptr || exchange->orq == nullptr || exchange->orq != orq) return 0;
  exchange->owner.on_response(*exchange, nta_outgoing_status(orq), sip);
  return 0;
}

std::string OutsideSender::problem_of(const OutsideRequest& request) {
  static constexpr std::array<std::string_view, 7> kDialogMethods{"INVITE", "ACK",       "CANCEL", "BYE",
                                                                  "PRACK",  "SUBSCRIBE", "UPDATE"};
  if (!is_token(request.method) ||
      std::find(kDialogMethods.begin(), kDialogMethods.end(), request.method) != kDialogMethods.end()) {
    return "Bad Method";
  }
  bool safe = !request.uri.empty() && !request.from_uri.empty();
  for (const std::string* uri : {&request.uri, &request.next_hop, &request.from_uri, &request.to_uri,
                                 &request.contact, &request.contact_user, &request.call_id}) {
    safe = safe && safe_uri(*uri);
  }
  for (const std::string& route : request.route) safe = safe && safe_uri(route);
  safe = safe && safe_uri(request.content_type) && (request.body.empty() || !request.content_type.empty());
  return safe ? "" : "Bad URI";
}

void OutsideSender::fail(OutsideRequests::Done done, int code, std::string reason, bool transport_failed) {
  OutsideResult result;
  result.sip_code = code;
  result.sip_reason = std::move(reason);
  result.transport_failed = transport_failed;
  host_.notify([d = std::move(done), r = std::move(result)](Observer&) mutable { d(std::move(r)); });
}

void OutsideSender::send(OutsideRequest request, OutsideRequests::Done done) {
  if (std::string problem = problem_of(request); !problem.empty()) {
    fail(std::move(done), 400, std::move(problem), false);
    return;
  }
  if (host_.nta() == nullptr || exchanges_.size() >= kMaxExchanges) {
    fail(std::move(done), 503, "Not Now", true);
    return;
  }
  auto owned = std::make_unique<Exchange>(*this, std::move(request), std::move(done));
  Exchange& exchange = *owned;
  exchanges_.emplace(&exchange, std::move(owned));
  OutsideRequest& r = exchange.request;
  exchange.identity.call_id = r.call_id.empty() ? random_hex(16) : r.call_id;
  exchange.identity.local_tag = random_hex(8);
  exchange.identity.local_party = dialog::name_addr(r.from_uri, "");
  exchange.identity.remote_party = dialog::name_addr(r.to_uri.empty() ? r.uri : r.to_uri, "");
  exchange.identity.local_cseq = r.cseq == 0 ? 1 : r.cseq;
  exchange.contact = r.contact;
  if (r.contact == "auto") {
    const std::string& first = !r.next_hop.empty() ? r.next_hop : r.route.empty() ? r.uri : r.route.front();
    const TargetHint hint = target_hint(first);
    const auto& listening = host_.transports().listening();
    const auto any = listening.empty() ? model::IpAddress{} : listening.front().address.ip;
    exchange.contact = host_.transports().contact_uri(hint.transport, hint.ip.value_or(any));
    if (!r.contact_user.empty()) exchange.contact.insert(4, r.contact_user + "@");
  }
  exchange.deadline.set(r.timeout, [this, &exchange] {
    OutsideResult late;
    late.sip_code = 408;
    late.sip_reason = "Request Timeout";
    late.timed_out = true;
    finish(exchange, std::move(late));
  });
  if (!dispatch(exchange)) {
    OutsideResult bad;
    bad.sip_code = 400;
    bad.sip_reason = "Bad URI";
    finish(exchange, std::move(bad));
  }
}

std::string OutsideSender::headers_of_request(const Exchange& exchange) const {
  const OutsideRequest& r = exchange.request;
  std::string out = dialog::request_headers(exchange.identity, r.method, exchange.identity.local_cseq,
                                            r.route, exchange.contact);
  out += "User-Agent: " + host_.options().user_agent + "\r\n";
  if (r.expires_s) out += "Expires: " + std::to_string(*r.expires_s) + "\r\n";
  if (r.method == "OPTIONS") out += "Accept: application/sdp\r\n";
  return out + exchange.authorization + header_lines(r.headers);
}

bool OutsideSender::dispatch(Exchange& exchange) {
  const OutsideRequest& r = exchange.request;
  RequestSpec spec;
  spec.method = r.method;
  spec.request_uri = r.uri;
  spec.headers = headers_of_request(exchange);
  spec.content_type = r.content_type;
  spec.body = r.body;
  spec.route_url = r.next_hop;
  spec.flow = flows_.find(r.next_hop);
  exchange.sent = host_.loop().clock().now();
  // The library gives back what it was given, as the type that its headers were told.
  exchange.orq =
      sip::send_request(host_.nta(), &on_outside_response, reinterpret_cast<ClientRequest*>(&exchange), spec);
  return exchange.orq != nullptr;
}

void OutsideSender::on_response(Exchange& exchange, int status, const sip_t* sip) {
  if (status < 200) return;
  if ((status == 401 || status == 407) && answer_challenge(exchange, status, sip)) return;
  OutsideResult result = result_of(status, sip);
  result.credentials_refused = status == 401 || status == 407;
  result.round_trip =
      std::chrono::duration_cast<std::chrono::milliseconds>(host_.loop().clock().now() - exchange.sent);
  finish(exchange, std::move(result));
}

bool OutsideSender::answer_challenge(Exchange& exchange, int status, const sip_t* sip) {
  const OutsideRequest& r = exchange.request;
  if (!r.credentials || sip == nullptr || nta_sip_is_internal(sip) != 0) return false;
  const bool proxy = status == 407;
  const auto challenges = auth_values(proxy ? sip->sip_proxy_authenticate : sip->sip_www_authenticate);
  const bool once_more = exchange.answered_challenges == 1 && says_stale(challenges);
  if (exchange.answered_challenges > 0 && !once_more) return false;
  const auto answer = answer_digest(challenges, {r.credentials->username, r.credentials->password,
                                                 r.credentials->realm, r.method, r.uri, r.body});
  if (!answer) return false;
  ++exchange.answered_challenges;
  exchange.authorization =
      std::string(proxy ? "Proxy-Authorization: " : "Authorization: ") + answer->authorization + "\r\n";
  ++exchange.identity.local_cseq;
  nta_outgoing_destroy(std::exchange(exchange.orq, nullptr));
  return dispatch(exchange);
}

void OutsideSender::finish(Exchange& exchange, OutsideResult result) {
  result.our_contact = exchange.contact;
  result.cseq = exchange.identity.local_cseq;
  if (exchange.orq != nullptr) nta_outgoing_destroy(std::exchange(exchange.orq, nullptr));
  host_.notify([d = std::move(exchange.done), r = std::move(result)](Observer&) mutable { d(std::move(r)); });
  exchanges_.erase(&exchange);
}

void OutsideSender::close() {
  while (!exchanges_.empty()) {
    OutsideResult gone;
    gone.sip_code = 503;
    gone.transport_failed = true;
    finish(*exchanges_.begin()->second, std::move(gone));
  }
}

}  // namespace tandem::sip
