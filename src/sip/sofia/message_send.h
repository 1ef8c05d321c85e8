// Requests and responses out of text blocks. SIP thread only.
#pragma once

#include <string>
#include <string_view>

#include "sip/api/agent.h"
#include "sip/sofia/sofia_api.h"

namespace tandem::sip {

inline constexpr const char* kAllow =
    "INVITE, ACK, BYE, CANCEL, OPTIONS, INFO, UPDATE, PRACK, MESSAGE, NOTIFY, REFER";
inline constexpr const char* kSupported = "100rel, timer, replaces, norefersub";

/// A request but for what the transaction layer adds (Via, Content-Length). `headers` are whole lines, each
/// ended by CRLF. `route_url` empty: the first Route, else the request URI, says where to.
struct RequestSpec {
  std::string_view method;
  std::string request_uri;
  std::string headers;
  std::string_view content_type;
  std::string_view body;
  std::string route_url;
  tport_t* flow = nullptr;           ///< The connection to use, when the peer's own is open.
  const char* ack_branch = nullptr;  ///< ACK of a 2xx: the branch of its INVITE.
};
/// Null when the URI makes no sense. A failure to send comes to the callback as a 503 of the stack's own.
[[nodiscard]] nta_outgoing_t* send_request(nta_agent_t* nta, nta_response_f* callback, ClientRequest* magic,
                                           const RequestSpec& spec);

struct ReplySpec {
  int status = 200;
  std::string_view phrase;  ///< Empty: the usual one.
  std::string headers;      ///< Whole lines.
  std::string_view content_type;
  std::string_view body;
};
/// False when the response could not be sent; the transaction has then been given up.
bool reply(nta_incoming_t* irq, const ReplySpec& spec);
/// Takes `request`.
void reply_stateless(nta_agent_t* nta, msg_t* request, const ReplySpec& spec);

/// "Name: value" lines. The names have passed settable_header(); what has not is left out here too.
[[nodiscard]] std::string header_lines(const Headers& headers);
/// A Reason line (RFC 3326), or nothing when `q850_cause` is 0.
[[nodiscard]] std::string reason_line(int q850_cause, std::string_view text);

}  // namespace tandem::sip
