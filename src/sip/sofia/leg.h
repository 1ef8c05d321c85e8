// One leg: a dialog of either direction with its transactions. It carries out what the pure machines of
// sip/dialog decide. SIP thread only.
//
// Spread over several files by concern: leg.cc (life and end), leg_server.cc (an INVITE that came in),
// leg_client.cc (an INVITE that went out), leg_invite.cc (what that INVITE says, and its answers to
// refusals), leg_requests.cc (the peer's requests in the dialog), leg_offers.cc (re-INVITE, UPDATE, session
// timer), leg_refer.cc (transfer).
#pragma once

#include <list>
#include <map>
#include <memory>
#include <optional>
#include <string>

#include "sip/dialog/dialog.h"
#include "sip/dialog/leg_state.h"
#include "sip/dialog/offer_answer.h"
#include "sip/dialog/refer.h"
#include "sip/dialog/reliable.h"
#include "sip/dialog/session_timer.h"
#include "sip/sofia/leg_host.h"
#include "sip/sofia/message_send.h"

namespace tandem::sip {

/// A request of ours and its client transaction.
struct ClientRequest {
  enum class Kind : std::uint8_t {
    invite,
    reinvite,
    refresh_invite,
    refresh_update,
    bye,
    update_offer,  ///< Our offer before the answer.
    prack,
    refer,
    notify,
    application
  };
  /// What has been tried again already; carried over to the request that takes this one's place.
  struct Retries {
    bool challenged = false;       ///< One answer to a challenge,
    bool stale = false;            ///< and one more when its nonce had expired.
    bool interval_raised = false;  ///< One answer to a 422.
  };
  Leg* leg = nullptr;
  Kind kind = Kind::invite;
  std::string method;
  nta_outgoing_t* orq = nullptr;
  std::uint32_t cseq = 0;
  std::uint64_t tag = 0;  ///< Of send_request() or refer(); of a NOTIFY: the PeerRefer's id.
  std::string content_type;
  std::string body;
  std::string extra_headers;  ///< Whole lines, sent again when a challenge is answered.
  std::string authorization;  ///< Whole line; an ACK repeats it (RFC 3261 22.1).
  Retries retries;
  bool settled = false;  ///< An INVITE that was answered with 2xx and acknowledged.
};

/// The facts of an INVITE that passed vetting, and its server transaction.
struct InboundInvite {
  dialog::Dialog dialog;
  nta_incoming_t* irq = nullptr;
  tport_t* tport = nullptr;
  Transport transport = Transport::udp;
  model::SocketAddress source;
  bool follow_source = false;
  dialog::SessionTimerRequest session_timer;
  std::string offer_text;
  bool supports_100rel = false;
  bool requires_100rel = false;
  bool allows_update = false;
};

class Leg {
 public:
  Leg(LegHost& host, CallId id, InboundInvite invite);
  Leg(LegHost& host, OutboundCall call);
  Leg(const Leg&) = delete;
  Leg& operator=(const Leg&) = delete;
  ~Leg();

  [[nodiscard]] const CallId& id() const { return id_; }
  [[nodiscard]] const dialog::Dialog& dialog() const { return dialog_; }
  [[nodiscard]] bool inbound() const { return inbound_; }
  /// The connection that the leg holds on to; null on UDP.
  [[nodiscard]] const tport_t* flow() const { return flow_; }
  /// True once on_ended has gone out; the leg then only waits for its last transactions.
  [[nodiscard]] bool ended() const { return dialog::reported(state_); }
  /// True when the peer with this tag is in the dialog, or in an early one of a forked INVITE.
  [[nodiscard]] bool has_peer(const std::string& remote_tag) const {
    return dialog_.remote_tag == remote_tag || early_.contains(remote_tag);
  }
  /// What RFC 3891 section 3 asks of a dialog that is to be replaced.
  enum class Replaceable : std::uint8_t { confirmed, early_ours, no, ended };
  [[nodiscard]] Replaceable replaceable() const;

  // Commands of the Agent interface.
  void ring(RingOptions options);
  void answer(const model::SessionDescription& session, const Headers& headers);
  void reject(int sip_code, std::string sip_reason, int q850_cause, int retry_after_s, const Headers& headers,
              const std::vector<std::string>& contacts = {});
  void invite();
  void acknowledge(const model::SessionDescription& answer);
  void hangup(int q850_cause, const std::string& reason_text, const Headers& headers);
  void answer_offer(std::uint64_t offer_id, const model::SessionDescription& session);
  void refuse_offer(std::uint64_t offer_id, int sip_code);
  void reoffer(const model::SessionDescription& offer);
  void send_request(std::uint64_t tag, InDialogMessage message);
  void refer(std::uint64_t tag, const ReferRequest& request);
  void answer_refer(std::uint64_t refer_id, int sip_code);
  void refer_progress(std::uint64_t refer_id, int sip_code, const std::string& reason, bool final);
  /// The agent goes away: as hangup, with LegEnd::shutdown and 503 for an unanswered inbound leg.
  void shutdown();

  /// A request within the dialog that passed vetting, CSeq and Require; `irq` is the leg's to answer and
  /// destroy. `source` is where it came from.
  void on_request(nta_incoming_t* irq, const sip_t* sip, const model::SocketAddress& source);
  /// Answers LegHost::find_next_target(); empty: there is none.
  void on_next_target(const std::string& uri);
  [[nodiscard]] dialog::CseqCheck check_cseq(std::uint32_t cseq) { return check_remote_cseq(dialog_, cseq); }

 private:
  friend int on_ack_or_cancel(Leg* leg, nta_incoming_t* irq, const sip_t* sip) noexcept;
  friend int on_client_response(ClientRequest* request, nta_outgoing_t* orq, const sip_t* sip) noexcept;

  /// Answer withheld until a reliable provisional response is acknowledged.
  struct HeldAnswer {
    model::SessionDescription session;
    Headers headers;
  };
  struct PendingOffer {
    nta_incoming_t* irq = nullptr;
    std::uint64_t id = 0;
    bool invite = false;
    std::string offer_text;
    dialog::SessionTimerRequest session_timer;
  };

  /// A dialog that a provisional response began; a forked INVITE has several.
  struct EarlyDialog {
    dialog::ReliableReceiver receiver;
    std::string remote_sdp;  ///< Of a reliable response: the answer to our offer.
    bool updated = false;    ///< An UPDATE has changed the session since.
  };
  /// A REFER of ours.
  struct SentRefer {
    SentRefer(runtime::TimerExecutor& loop, std::uint64_t t) : tag(t), timer(loop) {}
    std::uint64_t tag;
    std::uint32_t cseq = 0;
    dialog::ReferState state;
    dialog::StatusLine last{100, {}};
    runtime::Timer timer;  ///< The next report is due.
  };
  /// The peer's REFER: asked about (`irq` set), then a subscription.
  struct TakenRefer {
    TakenRefer(runtime::TimerExecutor& loop, std::uint64_t i) : id(i), timer(loop) {}
    std::uint64_t id;
    std::string event;  ///< Value of the Event header.
    bool reports = true;
    nta_incoming_t* irq = nullptr;
    dialog::StatusLine status{100, "Trying"};
    bool final = false;
    bool in_flight = false;  ///< One NOTIFY at a time (RFC 6665 4.2.2);
    bool again = false;      ///< what came meanwhile waits, and only the newest is told.
    runtime::Timer timer;    ///< The answer is due; then: the subscription expires.
  };

  // Life and end (leg.cc).
  dialog::LegStep take(dialog::LegEvent event);
  void carry_out(dialog::Effect effects, Ended ended);
  void report_end(Ended ended);
  void fault(LegEnd how, int sip_code);
  void send_bye();
  void drop_server_transactions(int invite_code);
  void drop_held_answer(int invite_code);
  void close_after(std::chrono::milliseconds wait);
  void hold_flow(tport_t* tport);
  [[nodiscard]] std::string common_headers() const;
  [[nodiscard]] bool send_in_dialog(ClientRequest& request);
  ClientRequest& add_request(ClientRequest::Kind kind, std::string method);
  void drop_request(ClientRequest& request);
  void finish_request(ClientRequest& request, int status, const sip_t* sip);
  void on_dialog_failure(int status, bool internal);
  template <class F>
  void notify(F f);
  void direct(RequestSpec& spec, bool routed) const;
  void refresh_target(const sip_t* sip, const model::SocketAddress& source);

  // An INVITE that came in (leg_server.cc).
  void on_invite_ack(const sip_t* ack);
  void on_ack_timeout();
  void on_invite_cancel(const sip_t* cancel);
  void send_provisional(RingOptions options);
  void send_200(const model::SessionDescription& session, const Headers& headers);
  void repeat_reliable();
  void on_prack_request(nta_incoming_t* irq, const sip_t* sip);
  [[nodiscard]] ReplySpec success_reply(const dialog::SessionTimerRequest& request);

  // An INVITE that went out (leg_client.cc).
  void on_response(ClientRequest& request, int status, const sip_t* sip);
  void send_invite(ClientRequest::Retries retries);
  void start_afresh();
  void send_invite_again(ClientRequest& request, ClientRequest::Retries retries);
  [[nodiscard]] std::string invite_headers() const;
  [[nodiscard]] bool prepare_invite();
  void fail_invite(LegEnd how, int sip_code, std::string sip_reason);
  void on_no_response();
  [[nodiscard]] bool seek_next_target(const ClientRequest& request, int status, const sip_t* sip);
  void on_invite_response(ClientRequest& request, int status, const sip_t* sip);
  void on_provisional(ClientRequest& request, int status, const sip_t* sip);
  void on_success(ClientRequest& request, const sip_t* sip);
  void on_failure(ClientRequest& request, int status, const sip_t* sip);
  void send_prack(const sip_t* provisional, std::uint32_t invite_cseq, const model::SocketAddress& source);
  void send_ack(const ClientRequest& invite, std::string_view body);
  void send_cancel(const std::string& headers);
  void check_connection();
  void drop_settled_requests();
  [[nodiscard]] bool answer_challenge(ClientRequest& request, int status, const sip_t* sip);
  [[nodiscard]] bool raise_interval(ClientRequest& request, const sip_t* sip);
  void learn_peer(const sip_t* sip, const model::SocketAddress& source);
  [[nodiscard]] EarlyDialog* early_dialog(const char* tag);
  void on_answered_invite(ClientRequest& request, const sip_t* sip);

  // The peer's requests (leg_requests.cc).
  void on_bye(nta_incoming_t* irq, const sip_t* sip);
  void on_info(nta_incoming_t* irq, const sip_t* sip);
  void on_text(nta_incoming_t* irq, const sip_t* sip);

  // Transfer (leg_refer.cc).
  void on_refer_request(nta_incoming_t* irq, const sip_t* sip);
  void on_refer_notify(nta_incoming_t* irq, const sip_t* sip);
  void on_refer_response(ClientRequest& request, int status, const sip_t* sip);
  void on_notify_response(std::uint64_t refer_id, int status);
  void take_refer_event(SentRefer& sent, const dialog::ReferEvent& event);
  void report_refer(std::uint64_t tag, ReferProgress progress);
  void send_notify(TakenRefer& taken);
  void close_refers();
  void end_refers();
  [[nodiscard]] TakenRefer* find_refer(std::uint64_t refer_id);

  // Offers and session timer (leg_offers.cc).
  void on_reinvite(nta_incoming_t* irq, const sip_t* sip, const model::SocketAddress& source);
  void on_update(nta_incoming_t* irq, const sip_t* sip, const model::SocketAddress& source);
  void ask_for_answer(nta_incoming_t* irq, const sip_t* sip, bool is_invite,
                      std::optional<model::SessionDescription> offer);
  void accept_offer(const std::string& sdp_text);
  void note_remote_session(const std::string& sdp_text);
  void send_reoffer();
  [[nodiscard]] bool may_update_early() const;
  void send_early_update();
  void on_early_update_response(ClientRequest& request, int status, const sip_t* sip);
  void on_reinvite_response(ClientRequest& request, int status, const sip_t* sip);
  void on_update_response(ClientRequest& request, int status, const sip_t* sip);
  void retry_after_glare();
  void start_session_timer(const dialog::SessionTimer& timer);
  void stop_session_timer();
  void refresh_session();
  [[nodiscard]] std::string session_timer_headers(bool initial) const;
  [[nodiscard]] dialog::InviteTransactions open_invites() const;
  [[nodiscard]] dialog::SessionTimerLimits timer_limits() const;

  LegHost& host_;
  CallId id_;
  const bool inbound_;
  dialog::LegState state_;
  dialog::Dialog dialog_;
  std::string contact_;
  Transport transport_ = Transport::udp;
  tport_t* flow_ = nullptr;  // The peer's connection (TCP, TLS), kept open by our reference.
  bool follow_always_ = false;
  std::optional<model::SocketAddress> follow_;  // UDP: where requests go instead of the peer's Contact.

  // Server side.
  nta_incoming_t* invite_irq_ = nullptr;
  std::uint32_t invite_cseq_ = 0;
  dialog::SessionTimerRequest invite_timer_;
  bool supports_100rel_ = false;
  bool requires_100rel_ = false;
  dialog::ReliableSender reliable_;
  ReplySpec reliable_reply_;
  std::string reliable_body_;
  bool reliable_has_session_ = false;  // Answer given in a reliable response: the 200 carries none.
  std::optional<RingOptions> held_ring_;
  std::optional<HeldAnswer> held_answer_;
  std::optional<PendingOffer> pending_offer_;
  nta_incoming_t* reinvite_irq_ = nullptr;  // Answered with 200, waiting for its ACK.
  std::uint64_t next_offer_id_ = 1;

  // Client side.
  std::optional<OutboundCall> call_;
  std::list<std::unique_ptr<ClientRequest>> requests_;
  std::map<std::string, EarlyDialog> early_;  // By To tag: forks number on their own.
  std::string initial_offer_;
  std::string replaces_line_;
  std::string next_hop_;            // The target that is tried now, when the first one failed.
  std::optional<Ended> failed_;     // How that was, while another is looked for.
  ClientRequest::Retries retries_;  // For that INVITE.
  std::vector<std::string> tried_;  // Addresses that answered 503 or 408.
  bool heard_ = false;              // Any response at all.
  bool rang_ = false;               // One above 100.
  std::string answered_realm_;
  std::string invite_authorization_;
  std::uint32_t min_se_s_ = 0;

  // Both.
  dialog::OfferState offer_;
  std::string local_sdp_;
  std::string remote_sdp_;
  std::string waiting_offer_;  // reoffer() that waits for its turn.
  bool reoffer_in_flight_ = false;
  bool allows_update_ = false;
  std::list<SentRefer> sent_refers_;
  std::list<TakenRefer> taken_refers_;
  std::uint64_t next_refer_id_ = 1;
  std::optional<dialog::SessionTimer> session_timer_;
  std::string bye_headers_;

  runtime::Timer life_timer_;  // Closing and cancelling take no longer than this.
  runtime::Timer reliable_timer_;
  runtime::Timer offer_timer_;
  runtime::Timer glare_timer_;
  runtime::Timer refresh_timer_;
  runtime::Timer expiry_timer_;
  runtime::Timer response_timer_;  // Outbound: the first response is due.
};

template <class F>
void Leg::notify(F f) {
  host_.notify([id = id_, f = std::move(f)](Observer& observer) mutable { f(observer, id); });
}

/// The URI that says where the INVITE goes.
[[nodiscard]] const std::string& first_hop(const OutboundCall& call);

int on_ack_or_cancel(Leg* leg, nta_incoming_t* irq, const sip_t* sip) noexcept;
int on_client_response(ClientRequest* request, nta_outgoing_t* orq, const sip_t* sip) noexcept;

}  // namespace tandem::sip
