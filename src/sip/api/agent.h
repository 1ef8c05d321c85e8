// The SIP side as the call core wants it: legs with a direction, whole sentences instead of messages. One
// dialog is one leg and carries the id of its call. Transactions, dialogs, retransmission, offer/answer state
// (glare included), PRACK, session timers and digest live behind this interface, on the SIP thread.
//
// Threads: commands may come from any thread and return at once; they are carried out in order. Observer
// methods are called on the executor given at construction (the control thread). A command for a leg that is
// gone does nothing.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "base/clock.h"
#include "base/result.h"
#include "model/ids.h"
#include "model/media_description.h"
#include "model/socket_address.h"

namespace tandem::sip {

using model::CallId;
/// Header name and value as text, in order; names compare without case.
using Headers = std::vector<std::pair<std::string, std::string>>;

enum class Transport : std::uint8_t { udp, tcp, tls };
[[nodiscard]] std::string_view to_string(Transport t);

/// An address as in From or To: a URI and a display name. `user` is the decoded user part, for numbers
/// without visual separators; `host` the domain without port.
struct Party {
  std::string uri;
  std::string user;
  std::string host;
  std::string display_name;
};

/// A new INVITE that passed vetting. 100 has been sent; nothing else happens until a command comes.
struct IncomingCall {
  CallId id;
  Party from;
  Party to;
  Party request_uri;
  model::SocketAddress source;
  Transport transport = Transport::udp;
  std::string sip_call_id;
  /// All headers but those that route and frame the message (Via, Route, CSeq, Content-*, Authorization,
  /// ...).
  Headers headers;
  std::optional<model::SessionDescription> offer;  ///< Absent: late offer, ours goes into the 200.
  bool supports_100rel = false;
  WallTime received_wall;
  TimePoint received;
};

/// Why a leg ended, in SIP terms; the core turns it into the verdict.
enum class LegEnd : std::uint8_t {
  local_hangup,  ///< Our hangup() was carried out.
  local_reject,  ///< Our reject() or redirect() was sent.
  peer_bye,
  peer_cancel,
  peer_reject,      ///< Outbound: final response of 300 to 699 in sip_code.
  no_ack,           ///< 200 never acknowledged within 64*T1.
  session_expired,  ///< RFC 4028: no refresh came.
  timeout,          ///< Outbound: no response at all; or an in-dialog request timed out (408).
  transport_error,
  bad_answer,   ///< The peer's SDP cannot be understood.
  dialog_gone,  ///< The peer answered 481 within the dialog.
  shutdown
};
[[nodiscard]] std::string_view to_string(LegEnd e);

struct Ended {
  LegEnd how = LegEnd::local_hangup;
  int sip_code = 0;               ///< The final response of the INVITE; 200 once answered.
  std::string sip_reason;         ///< Reason phrase of a final response.
  std::optional<int> q850_cause;  ///< From the peer's Reason header (RFC 3326).
  Headers headers;                ///< Of the BYE, CANCEL or final response.
};

struct Progress {  ///< Outbound: a provisional response above 100.
  int sip_code = 180;
  std::string sip_reason;
  std::optional<model::SessionDescription> session;  ///< Early answer.
  Headers headers;
};
struct Answered {  ///< Outbound: 2xx. ACK has been sent unless the 2xx carried an offer.
  std::optional<model::SessionDescription> session;
  bool session_is_offer = false;  ///< Then answer with Agent::acknowledge().
  Headers headers;
};
/// The peer's re-INVITE or UPDATE. Without `offer` a re-INVITE asks for ours (RFC 3261 14.2).
struct PeerOffer {
  std::uint64_t offer_id = 0;
  std::optional<model::SessionDescription> offer;
  bool answer_required = true;
};
/// How our own re-INVITE ended.
struct ReofferResult {
  int sip_code = 200;
  std::optional<model::SessionDescription> answer;
};
struct InDialogMessage {
  std::string method;  ///< INFO, MESSAGE, NOTIFY, ...
  std::string content_type;
  std::string body;
  Headers headers;
};
struct InfoDigit {  ///< application/dtmf-relay or application/dtmf in INFO.
  char digit = '0';
  std::uint32_t duration_ms = 0;
};

class Observer {
 public:
  Observer() = default;
  Observer(const Observer&) = delete;
  Observer& operator=(const Observer&) = delete;
  virtual ~Observer() = default;

  virtual void on_incoming(IncomingCall call) = 0;
  virtual void on_progress(const CallId& id, Progress progress) = 0;
  virtual void on_answered(const CallId& id, Answered answered) = 0;
  /// Inbound: the 200 was acknowledged. `session` is the answer to a late offer.
  virtual void on_acknowledged(const CallId& id, std::optional<model::SessionDescription> session) = 0;
  /// Inbound, ring() with `reliable`: PRACK arrived (RFC 3262).
  virtual void on_prack(const CallId& id, std::optional<model::SessionDescription> session) = 0;
  /// Answer with answer_offer() or refuse_offer(); unanswered offers are refused with 500 after 5 s.
  virtual void on_offer(const CallId& id, PeerOffer offer) = 0;
  virtual void on_reoffer_result(const CallId& id, ReofferResult result) = 0;
  virtual void on_message(const CallId& id, InDialogMessage message) = 0;
  virtual void on_info_digit(const CallId& id, InfoDigit digit) = 0;
  /// Outcome of send_request() with this tag: a final code, 408 for none, 481 when the leg ended first.
  virtual void on_request_result(const CallId& id, std::uint64_t tag, int sip_code) = 0;
  /// Exactly once for each leg, and nothing about the leg after it.
  virtual void on_ended(const CallId& id, Ended ended) = 0;
};

struct RingOptions {
  int sip_code = 180;  ///< 180, 181, 182 or 183.
  Headers headers;
  std::optional<model::SessionDescription> session;  ///< Early media: the answer.
};
struct Credentials {
  std::string username;
  std::string password;
  std::string realm;  ///< Answered only to this realm; empty: any realm, first challenge of the target only.
};
struct OutboundCall {
  CallId id;
  std::string target_uri;      ///< sip: or sips: URI.
  std::string outbound_proxy;  ///< "sip:host:port;transport=tcp" or empty: resolve the target (RFC 3263).
  std::string from_uri;
  std::string from_display_name;
  Headers headers;
  std::optional<model::SessionDescription> offer;
  std::optional<Credentials> credentials;
};

class Agent {
 public:
  Agent() = default;
  Agent(const Agent&) = delete;
  Agent& operator=(const Agent&) = delete;
  virtual ~Agent() = default;

  // Inbound legs, before the answer.
  virtual void ring(const CallId& id, RingOptions options) = 0;
  /// 200. `session` is the answer to the INVITE's offer, or our offer when it had none.
  virtual void answer(const CallId& id, model::SessionDescription session, Headers headers) = 0;
  /// Final response `sip_code` (300 to 699). `q850_cause` 0: no Reason header. `retry_after_s` 0: no
  /// Retry-After.
  virtual void reject(const CallId& id, int sip_code, std::string sip_reason, int q850_cause,
                      int retry_after_s, Headers headers) = 0;
  virtual void redirect(const CallId& id, int sip_code, std::vector<std::string> contacts,
                        Headers headers) = 0;

  // Outbound legs.
  virtual void invite(OutboundCall call) = 0;
  /// The ACK with our answer, after Answered::session_is_offer.
  virtual void acknowledge(const CallId& id, model::SessionDescription answer) = 0;

  // Both.
  /// BYE; CANCEL for an unanswered outbound leg; 603 for an unanswered inbound leg.
  virtual void hangup(const CallId& id, int q850_cause, std::string reason_text, Headers headers) = 0;
  virtual void answer_offer(const CallId& id, std::uint64_t offer_id, model::SessionDescription session) = 0;
  virtual void refuse_offer(const CallId& id, std::uint64_t offer_id, int sip_code) = 0;
  /// re-INVITE with our offer; glare (491) is retried by the rules of RFC 3261 14.1.
  virtual void reoffer(const CallId& id, model::SessionDescription offer) = 0;
  virtual void send_request(const CallId& id, std::uint64_t tag, InDialogMessage message) = 0;

  /// Where it listens, with the ports that were really bound.
  struct Listening {
    Transport transport;
    model::SocketAddress address;
  };
  [[nodiscard]] virtual std::vector<Listening> listening() const = 0;
  /// New INVITEs get 503 with Retry-After from now on.
  virtual void set_draining(bool draining) = 0;
};

/// New-call admission before anything is allocated for the call. Called on the SIP thread, must be quick.
struct OverloadPolicy {
  double max_invites_per_second = 0;             ///< 0: no limit. Excess gets 503 with Retry-After.
  double max_invites_per_second_per_source = 0;  ///< 0: no limit; ten times as many are dropped unanswered.
  std::size_t max_legs = 0;                      ///< 0: no limit.
  int retry_after_s = 5;
};

struct AgentOptions {
  /// One listening socket each; port 0 takes a free one. UDP and TCP of one address share a port when both
  /// are 5060.
  struct Listen {
    Transport transport = Transport::udp;
    model::SocketAddress address;
  };
  std::vector<Listen> listen;
  /// Address written into Contact and SDP in place of an unspecified listen address; empty: the route's own.
  std::optional<model::IpAddress> advertised;
  std::string tls_certificate_file;  ///< PEM chain; required when listening on TLS.
  std::string tls_key_file;
  std::string tls_ca_file;  ///< Trusted roots for outbound TLS; empty: the system's.
  bool tls_verify_server = true;
  std::uint32_t min_session_expires_s = 90;  ///< RFC 4028 Min-SE; below it INVITEs get 422.
  std::uint32_t session_expires_s = 1800;    ///< What we ask for and offer.
  std::size_t max_message_bytes = 65'536;
  std::string user_agent = "Tandem";
  std::string resolver_config_file;  ///< Tests: a resolv.conf of their own.
  OverloadPolicy overload;
};

enum class AgentError : std::uint8_t { cannot_listen, bad_tls_files, sofia_failed };
struct AgentFailure {
  AgentError error;
  std::string detail;  ///< Names the address or file.
};

}  // namespace tandem::sip
