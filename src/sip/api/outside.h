// Requests outside of any dialog, with their answers: OPTIONS to see whether a peer is there, REGISTER to log
// in at a trunk.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/function.h"
#include "sip/api/agent.h"

namespace tandem::sip {

struct OutsideRequest {
  std::string method;  ///< OPTIONS, REGISTER, MESSAGE, PUBLISH, ...; not INVITE, ACK, CANCEL, BYE, SUBSCRIBE.
  std::string uri;     ///< Request-URI.
  /// Route header, first hop first (a Path, an outbound proxy with ;lr); empty: none.
  std::vector<std::string> route;
  /// Where the message is really sent, "sip:host:port;transport=tcp"; empty: the first route, else `uri`
  /// (RFC 3263). A TCP or TLS connection to that address, such as a registered phone's own, is used again.
  std::string next_hop;
  std::string from_uri;
  std::string to_uri;   ///< Empty: `uri`.
  std::string contact;  ///< URI of our Contact; "auto": our own address with `contact_user`; empty: none.
  std::string contact_user;
  std::optional<std::uint32_t> expires_s;  ///< Expires header.
  Headers headers;
  std::string content_type;
  std::string body;
  /// Answered once a challenge: a 401 or 407 is followed by one more request, and by one more yet if that
  /// one's nonce was stale.
  std::optional<Credentials> credentials;
  std::chrono::milliseconds timeout{5'000};  ///< For everything; then 408.
  /// REGISTER: the Call-ID of all of one log-in, and a CSeq above OutsideResult::cseq of the one before.
  /// Empty and 0: made up.
  std::string call_id;
  std::uint32_t cseq = 0;
};

/// A Contact of a 2xx.
struct OutsideContact {
  std::string uri;
  std::optional<std::uint32_t> expires_s;
};

struct OutsideResult {
  int sip_code = 0;  ///< Final response; 408: none came; 503 with `transport_failed`: it could not be sent.
  std::string sip_reason;
  bool transport_failed = false;     ///< No name, no connection, ICMP error, certificate refused.
  bool timed_out = false;            ///< The 408 is our own.
  bool credentials_refused = false;  ///< A challenge came that could not be answered, or came again.
  std::vector<OutsideContact> contacts;
  std::string our_contact;  ///< The Contact that was sent.
  std::uint32_t cseq = 0;   ///< Of the last request sent.
  std::optional<std::uint32_t> expires_s;
  std::optional<std::uint32_t> min_expires_s;
  std::optional<std::uint32_t> retry_after_s;
  std::vector<std::string> service_route;  ///< RFC 3608.
  Headers headers;
  std::chrono::milliseconds round_trip{0};  ///< From the last request sent to its final response.
};

class OutsideRequests {
 public:
  using Done = Function<void(OutsideResult)>;
  OutsideRequests() = default;
  OutsideRequests(const OutsideRequests&) = delete;
  OutsideRequests& operator=(const OutsideRequests&) = delete;
  virtual ~OutsideRequests() = default;

  /// Any thread; returns at once. `done` runs once on the agent's observer executor; when the agent goes away
  /// first, with 503 and transport_failed. A bad request (URI, method) is a 400.
  virtual void send(OutsideRequest request, Done done) = 0;
};

}  // namespace tandem::sip
