// The SIP side as the call core wants it: legs with a direction, whole sentences instead of messages. One
// dialog is one leg and carries the id of its call. Transactions, dialogs, retransmission, offer/answer state
// (glare included), PRACK, session timers and digest live behind this interface, on the SIP thread.
//
// Threads: commands may come from any thread and return at once; they are carried out in order. Observer
// methods are called on the executor given at construction (the control thread). A command for a leg that is
// gone does nothing.
#pragma once

#include <chrono>
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

/// Who a request's digest proved its sender to be.
struct Authenticated {
  std::string username;
  std::string realm;
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
  std::optional<Authenticated> authenticated;  ///< Null: a trunk by its address, or a stranger.
  /// The caller asks to take the place of this leg of ours (RFC 3891), which is confirmed, or early and
  /// dialled by us. Nothing has happened to that leg: answer this one and hang up that one, or reject.
  std::optional<CallId> replaces;
  bool replaces_early_only = false;
  WallTime received_wall;
  TimePoint received;
};

/// A new INVITE that the SIP layer refused by itself (overload, draining, merged, bad SDP, Replaces of
/// nothing, ...). Not reported: what is dropped without an answer, and more than about 100 a second.
struct RefusedCall {
  Party from;
  Party to;
  Party request_uri;
  model::SocketAddress source;
  Transport transport = Transport::udp;
  std::string sip_call_id;
  int sip_code = 0;
  WallTime received_wall;
};

/// Why a leg ended, in SIP terms; the core turns it into the verdict.
enum class LegEnd : std::uint8_t {
  local_hangup,  ///< Our hangup() was carried out.
  /// Our reject() or redirect() was sent. Also after answer(), with 603: a hangup() came before the 200 could
  /// be sent (it waited for a PRACK), so the caller was never answered.
  local_reject,
  peer_bye,
  peer_cancel,
  peer_reject,      ///< Outbound: final response of 300 to 699 in sip_code.
  no_ack,           ///< 200 never acknowledged within 64*T1.
  session_expired,  ///< RFC 4028: no refresh came.
  timeout,          ///< Outbound: no response in time; or an in-dialog request timed out (408).
  transport_error,
  bad_answer,   ///< The peer's SDP cannot be understood.
  dialog_gone,  ///< The peer answered 481 within the dialog.
  shutdown
};
[[nodiscard]] std::string_view to_string(LegEnd e);

struct Ended {
  LegEnd how = LegEnd::local_hangup;
  int sip_code = 0;                        ///< The final response of the INVITE; 200 once answered.
  std::string sip_reason;                  ///< Reason phrase of a final response.
  std::optional<int> q850_cause;           ///< From the peer's Reason header (RFC 3326).
  Headers headers;                         ///< Of the BYE, CANCEL or final response.
  std::vector<std::string> contacts = {};  ///< Outbound, 3xx: where else to try, in the peer's order.
  bool no_response = false;                ///< Outbound: no target answered anything, not even 100.
};

struct Progress {  ///< Outbound: a provisional response above 100.
  int sip_code = 180;
  std::string sip_reason;
  std::optional<model::SessionDescription> session;  ///< Early answer.
  Headers headers;
  /// Names the early dialog (its To tag): a forked call rings in several, each with a session of its own.
  std::string early_dialog = {};
};
struct Answered {  ///< Outbound: 2xx. ACK has been sent unless the 2xx carried an offer.
  std::optional<model::SessionDescription> session;
  bool session_is_offer = false;  ///< Then answer with Agent::acknowledge().
  Headers headers;
  std::string early_dialog = {};  ///< That of Progress which became the call; others are gone.
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

// ---- Transfer (RFC 3515, RFC 3891).

/// A Replaces header: names a dialog as the one who receives it knows it (to: its own tag).
struct ReplacesInfo {
  std::string call_id;
  std::string to_tag;
  std::string from_tag;
  bool early_only = false;
};
/// The value of a Replaces header.
[[nodiscard]] std::string replaces_value(const ReplacesInfo& replaces);

struct ReferRequest {
  /// sip:, sips: or tel: URI, without headers. With `replaces` it may be empty: the Contact of that leg's
  /// peer.
  std::string refer_to;
  /// Another leg of ours: its peer is asked to let the referred party take our place (attended transfer).
  std::optional<CallId> replaces;
  Headers headers;             ///< Of the REFER itself. Without a Referred-By among them ours is written.
  bool wants_progress = true;  ///< False: Refer-Sub: false (RFC 4488), no more than the REFER's own outcome.
};
/// What became of a refer(). Before the final one: the status lines that the peer reports (RFC 3515 NOTIFY).
/// Final: the status of the referred call; or the refusal of the REFER; 202 when the peer took the REFER but
/// does not report; 408 when no report came in time; 481 when the leg ended first; below 200 when the peer
/// stopped reporting there, so that the outcome is not known.
struct ReferProgress {
  int sip_code = 0;
  std::string reason;
  bool final = false;
};
/// The peer's REFER within the dialog. 202 or a refusal is due by answer_refer() within 5 s.
struct PeerRefer {
  std::uint64_t refer_id = 0;
  Party target;  ///< Its URI is without headers.
  std::optional<ReplacesInfo>
      replaces;                        ///< Goes into the INVITE to the target: OutboundCall::replaces_header.
  std::optional<CallId> replaces_leg;  ///< When `replaces` names a dialog of our own.
  Headers headers;                     ///< Asked for in the Refer-To; only those that may be set.
  std::string referred_by;             ///< Value of Referred-By (RFC 3892), or empty.
  bool wants_progress = true;          ///< False: refer_progress() tells nobody.
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
  /// Outcome of refer() with this tag; exactly one is final, and comes before on_ended.
  virtual void on_refer_progress(const CallId& id, std::uint64_t tag, ReferProgress progress) = 0;
  /// Answer with answer_refer(); unanswered ones are refused with 603 after 5 s.
  virtual void on_refer(const CallId& id, PeerRefer refer) = 0;
  /// No leg was made. For the books only.
  virtual void on_refused(RefusedCall call) = 0;
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
/// How the caller shows to the callee (RFC 3323, RFC 3325).
enum class CallerPrivacy : std::uint8_t {
  none,
  /// From is anonymous and Privacy: id is sent. The real identity goes in P-Asserted-Identity to a trusted
  /// target only.
  withheld
};
struct OutboundCall {
  CallId id;
  std::string sip_call_id;         ///< Call-ID; empty: made here.
  std::string target_uri;          ///< sip: or sips: URI.
  std::string outbound_proxy;      ///< "sip:host:port;transport=tcp" or empty: resolve the target (RFC 3263).
  std::vector<std::string> route;  ///< Route of the INVITE, first hop first: the Path of a registered phone.
  std::string from_uri;
  std::string from_display_name;
  Headers headers;
  std::optional<model::SessionDescription> offer;
  std::optional<Credentials> credentials;
  std::string to_uri;  ///< To, when it is not the target.
  std::string to_display_name;
  CallerPrivacy privacy = CallerPrivacy::none;
  /// URI for P-Asserted-Identity; empty: none, but with privacy `withheld` the From URI. Sent only if
  /// `trusted`, and so is such a header among `headers`.
  std::string asserted_identity;
  bool trusted = false;  ///< The target belongs to our trust domain (a trunk that says so).
  /// Nothing at all, not even 100, within this: the leg ends with LegEnd::timeout, `no_response` set. 0:
  /// 64*T1.
  std::chrono::milliseconds first_response_timeout{0};
  /// Ask the target to put this call in the place of the dialog between it and this leg of ours (RFC 3891).
  /// If that leg is gone: LegEnd::dialog_gone with 481, nothing sent.
  std::optional<CallId> replaces;
  std::string replaces_header;  ///< Value of Replaces for a dialog that is not ours; see replaces_value().
  /// The target is behind NAT (a registered endpoint): requests in the dialog go where its packets come
  /// from, whatever its Contact says. Without it that is decided by what Contact and source look like.
  bool follow_source = false;
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
  /// re-INVITE with our offer, or UPDATE before the answer if the peer allows it (RFC 3311; else it waits for
  /// the answer). Glare (491) is retried by the rules of RFC 3261 14.1.
  virtual void reoffer(const CallId& id, model::SessionDescription offer) = 0;
  virtual void send_request(const CallId& id, std::uint64_t tag, InDialogMessage message) = 0;

  /// REFER in the dialog of a call that was answered and acknowledged (else the outcome is 481);
  /// on_refer_progress() tells the rest.
  virtual void refer(const CallId& id, std::uint64_t tag, ReferRequest request) = 0;
  /// The answer to on_refer(): a code of 200 to 299 accepts (sent as 202, and 100 Trying is reported at
  /// once), 300 to 699 refuses.
  virtual void answer_refer(const CallId& id, std::uint64_t refer_id, int sip_code) = 0;
  /// Reports how the referred call stands. Ends with the first `final` one; without it, hangup() reports 487.
  virtual void refer_progress(const CallId& id, std::uint64_t refer_id, int sip_code, std::string reason,
                              bool final) = 0;

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
