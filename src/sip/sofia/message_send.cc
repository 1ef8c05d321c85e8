#include "sip/sofia/message_send.h"

#include "sip/api/header_rules.h"

namespace tandem::sip {
namespace {

const char* phrase_of(const ReplySpec& spec, std::string& room) {
  if (spec.phrase.empty()) {
    const char* usual = sip_status_phrase(spec.status);
    return usual != nullptr ? usual : "Unknown";
  }
  for (const char c : spec.phrase) {
    if (static_cast<unsigned char>(c) >= 0x20 && c != 0x7f) room.push_back(c);
  }
  return room.c_str();
}

bool fill(msg_t* msg, sip_t* sip, const RequestSpec& spec) {
  su_home_t* home = msg_home(msg);
  const std::string method(spec.method);
  const sip_method_t code = sip_method_code(method.c_str());
  auto* uri = reinterpret_cast<const url_string_t*>(spec.request_uri.c_str());
  const char* name = su_strdup(home, method.c_str());
  sip_request_t* line = sip_request_create(home, code, name, uri, nullptr);
  if (line == nullptr || line->rq_url->url_host == nullptr) return false;
  msg_header_insert(msg, reinterpret_cast<msg_pub_t*>(sip), reinterpret_cast<msg_header_t*>(line));
  std::string block = spec.headers;
  if (!spec.body.empty()) block.append("Content-Type: ").append(spec.content_type).append("\r\n");
  if (msg_header_add_str(msg, reinterpret_cast<msg_pub_t*>(sip), block.c_str()) < 0) return false;
  if (!spec.body.empty()) {
    sip_payload_t* body = sip_payload_create(home, spec.body.data(), static_cast<isize_t>(spec.body.size()));
    if (body == nullptr) return false;
    msg_header_insert(msg, reinterpret_cast<msg_pub_t*>(sip), reinterpret_cast<msg_header_t*>(body));
  }
  return sip->sip_from != nullptr && sip->sip_to != nullptr && sip->sip_cseq != nullptr &&
         sip->sip_call_id != nullptr;
}

}  // namespace

nta_outgoing_t* send_request(nta_agent_t* nta, nta_response_f* callback, ClientRequest* magic,
                             const RequestSpec& spec) {
  msg_t* msg = nta_msg_create(nta, 0);
  if (msg == nullptr) return nullptr;
  sip_t* sip = sip_object(msg);
  nta_outgoing_t* orq = nullptr;
  if (fill(msg, sip, spec)) {
    auto* route =
        spec.route_url.empty()
            ? nullptr
            : reinterpret_cast<const url_string_t*>(su_strdup(msg_home(msg), spec.route_url.c_str()));
    // The route set is our own: without an outbound proxy the first Route or the request URI decides.
    orq = nta_outgoing_mcreate(
        nta, callback, magic, route, msg, TAG_IF(spec.flow != nullptr, NTATAG_TPORT(spec.flow)),
        TAG_IF(spec.ack_branch != nullptr, NTATAG_ACK_BRANCH(spec.ack_branch)), TAG_END());
  }
  if (orq == nullptr) msg_destroy(msg);
  return orq;
}

bool reply(nta_incoming_t* irq, const ReplySpec& spec) {
  std::string phrase_room;
  std::string block = spec.headers;
  if (!spec.body.empty()) block.append("Content-Type: ").append(spec.content_type).append("\r\n");
  const std::string body(spec.body);
  nta_incoming_treply(irq, spec.status, phrase_of(spec, phrase_room),
                      TAG_IF(!block.empty(), SIPTAG_HEADER_STR(block.c_str())),
                      TAG_IF(!body.empty(), SIPTAG_PAYLOAD_STR(body.c_str())), TAG_END());
  // The stack does not say that sending failed, but then it keeps the old status.
  return spec.status < 200 || nta_incoming_status(irq) >= 200;
}

void reply_stateless(nta_agent_t* nta, msg_t* request, const ReplySpec& spec) {
  std::string phrase_room;
  nta_msg_treply(nta, request, spec.status, phrase_of(spec, phrase_room),
                 TAG_IF(!spec.headers.empty(), SIPTAG_HEADER_STR(spec.headers.c_str())), TAG_END());
}

std::string header_lines(const Headers& headers) {
  std::string out;
  for (const auto& [name, value] : headers) {
    if (settable_header(name) && valid_header_value(value))
      out.append(name).append(": ").append(value).append("\r\n");
  }
  return out;
}

std::string reason_line(int q850_cause, std::string_view text) {
  if (q850_cause <= 0) return {};
  std::string out = "Reason: Q.850;cause=" + std::to_string(q850_cause);
  if (!text.empty()) {
    out.append(";text=\"");
    for (const char c : text) {
      if (static_cast<unsigned char>(c) < 0x20 || c == 0x7f) continue;
      if (c == '"' || c == '\\') out.push_back('\\');
      out.push_back(c);
    }
    out.push_back('"');
  }
  return out.append("\r\n");
}

}  // namespace tandem::sip
