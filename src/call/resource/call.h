// One call, of either direction: the record of it, its leg machine, its media, its operations, its timers and
// its end. Carries the leg machine's effects out. Control thread.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "call/api/outbound.h"
#include "call/machine/leg_machine.h"
#include "call/machine/verdict_rules.h"
#include "call/operation/operation.h"
#include "call/operation/playback.h"
#include "call/resource/environment.h"
#include "call/resource/media_link.h"
#include "call/resource/op_table.h"
#include "model/event.h"
#include "runtime/executor.h"
#include "store/api/routing.h"

namespace tandem::call {

/// The final response that is wanted for an unanswered call.
struct FinalResponse {
  int sip_code = 603;
  std::string sip_reason;
  int q850_cause = 0;
  int retry_after_s = 0;
  std::vector<std::string> contacts;  ///< With 3xx.
  sip::Headers headers;
};
struct Goodbye {
  int q850_cause = 0;
  std::string reason_text;
  sip::Headers headers;
};

/// What is known of a call from its beginning and never changes.
struct CallFacts {
  model::CallId id;
  model::CallDirection direction = model::CallDirection::inbound;
  sip::Party from;
  sip::Party to;  ///< As shown: for outbound calls the target as it was asked for.
  sip::Party request_uri;
  std::optional<model::SocketAddress> source;  ///< Inbound.
  std::optional<sip::Transport> transport;     ///< Inbound.
  std::string sip_call_id;
  bool supports_100rel = false;
  WallTime created_wall;
  TimePoint created;
  std::string endpoint;  ///< Inbound, from a registered endpoint: user@domain.
  // Who is behind it.
  model::CallId parent;  ///< Outbound: the call that it was dialled for.
  model::OpId op;        ///< Outbound: the operation that dialled it.
  int attempt = 0;       ///< Outbound: which attempt of that operation, from 1.
  model::IntentId intent;
  model::TrunkId trunk;
  model::CallId replaces;  ///< Inbound: the call whose place it is to take (RFC 3891).
};

/// What an outbound call does before its answer.
struct DialOptions {
  std::vector<model::Codec> codecs;  ///< Empty: those of the server.
  bool take_early_media = false;     ///< Connect media that comes before the answer.
};

/// Told how an outbound call fares. It may end the call within these, and outlives it or lets go by
/// Call::set_watcher(nullptr).
class CallWatcher {
 public:
  CallWatcher() = default;
  CallWatcher(const CallWatcher&) = delete;
  CallWatcher& operator=(const CallWatcher&) = delete;
  virtual ~CallWatcher() = default;
  virtual void call_rings(Call& call, bool early_media) = 0;
  virtual void call_answered(Call& call) = 0;
  virtual void call_over(Call& call, const model::Verdict& verdict) = 0;
  /// `with` takes the place of the unanswered `call` (RFC 3891) and is about to be answered.
  virtual void call_replaced(Call& call, Call& with) = 0;
};

class Bridge;
class Place;

class Call final : public OpHost {
 public:
  Call(Environment& env, sip::IncomingCall incoming);
  /// An outbound call; dial() sends the INVITE.
  Call(Environment& env, CallFacts facts, store::Route owner);
  ~Call() override;

  [[nodiscard]] const model::CallId& id() const { return facts_.id; }
  [[nodiscard]] const model::SessionId& session() const { return session_; }
  [[nodiscard]] const std::optional<store::Route>& route() const { return route_; }
  [[nodiscard]] const CallFacts& facts() const { return facts_; }
  [[nodiscard]] bool outbound() const { return facts_.direction == model::CallDirection::outbound; }
  /// The INVITE's offer, until media is connected.
  [[nodiscard]] const std::optional<model::SessionDescription>& offer() const { return offer_; }
  [[nodiscard]] const machine::LegState& leg() const { return leg_; }
  [[nodiscard]] bool live() const { return machine::live(leg_); }
  [[nodiscard]] bool over() const { return std::holds_alternative<machine::leg::Ended>(leg_); }
  /// The SIP side has confirmed the end.
  [[nodiscard]] bool leg_over() const { return leg_end_.has_value(); }
  /// It speaks and listens: attached to an ivr, or in a bridge or conference where it is spoken to alone.
  [[nodiscard]] bool has_ivr() const { return ivr_.has_value(); }
  [[nodiscard]] bool has_media() const;
  /// As people write them: number or user, else the URI.
  [[nodiscard]] std::string from() const;
  [[nodiscard]] std::string to() const;
  [[nodiscard]] Environment& env() const { return env_; }
  [[nodiscard]] MediaLink& media() { return media_; }
  [[nodiscard]] const MediaLink& media() const { return media_; }
  [[nodiscard]] OpTable& ops() override { return ops_; }
  [[nodiscard]] const OpTable& ops() const { return ops_; }
  [[nodiscard]] model::CallSnapshot snapshot() const;
  [[nodiscard]] model::CallCreatedEvent created_event() const;

  // From the core.
  void set_route(store::Route route) { route_ = std::move(route); }
  /// Events go to `session` from now on; announce() sends the first, call.created.
  void attach(model::SessionId session);
  void announce();
  // Outbound.
  void set_watcher(CallWatcher* watcher) { watcher_ = watcher; }
  [[nodiscard]] CallWatcher* watcher() const { return watcher_; }
  /// Opens media and sends the INVITE. False: there is no media; the call is over then.
  bool dial(OutboundRoute route, std::unique_ptr<TrunkPlace> place, DialOptions options);
  [[nodiscard]] const std::optional<sip::Ended>& leg_end() const { return leg_end_; }
  void session_opened();
  void session_failed(SessionFailure why);
  void session_lost();
  void session_closed();
  /// Ends the call for a reason of ours: final response, or BYE once answered.
  void end_by(machine::LocalCause cause, std::string detail = {});
  /// An operation was accepted that takes care of the call.
  void acted_on();

  // From the SIP side.
  void on_progress(sip::Progress progress);
  void on_answered(const sip::Answered& answered);
  void on_reoffer_result(const sip::ReofferResult& result);
  void on_refer(sip::PeerRefer refer);
  void on_acknowledged(const std::optional<model::SessionDescription>& session);
  void on_prack(const std::optional<model::SessionDescription>& session);
  void on_offer(sip::PeerOffer offer);
  void on_message(sip::InDialogMessage message);
  void on_ended(sip::Ended ended);
  // From the media side.
  void on_digit(media::Digit digit);
  void on_rtp_timeout();
  void on_rtp_resumed();
  void on_source_changed(const model::SocketAddress& source);
  void on_quality(const model::StreamQuality& quality);
  void on_closed(const model::StreamQuality& quality);

  // For operations.
  /// Moves the leg; false when its state does not allow it.
  bool move(machine::LegEvent event);
  void set_provisional(int sip_code) { provisional_code_ = sip_code; }
  /// Refuses or redirects the unanswered call; false when it is too late.
  bool refuse(machine::LocalCause cause, FinalResponse response);
  bool release(machine::LocalCause cause, Goodbye goodbye);
  void emit(model::EventData data, const model::OpId& op = {}) override;
  [[nodiscard]] model::CallId op_call_id() const override { return facts_.id; }
  void on_lanes_free() override;
  [[nodiscard]] media::PlayId next_play_id() { return ++last_play_; }
  /// What call.update sets.
  void set_on_disconnect(model::OnDisconnect policy) { on_disconnect_ = std::move(policy); }
  void set_max_duration(std::int64_t ms);
  void set_tag(std::string json);
  /// It waits in no queue any more and is back in its ivr alone: what on_disconnect asked for is due now.
  void left_queue();

  // With others: bridge or conference, and hold (call_join.cc).
  /// The bridge or conference that it is in, or waits in; null: its ivr alone.
  [[nodiscard]] Place* place() const { return place_; }
  [[nodiscard]] Bridge* bridge() const;
  /// The call waits for this place to stand, or no longer does.
  void wait_in(Place* place) { place_ = place; }
  /// An unanswered inbound call is answered; false if that is not possible. Others are left as they are.
  bool answer_to_join();
  /// The place takes the call out of its ivr.
  void enter(Place& place);
  /// Back to an ivr, unless the call is being ended.
  void leave_place();
  /// One more wrong PIN; how many there were.
  int wrong_pin() { return ++wrong_pins_; }
  [[nodiscard]] int wrong_pins() const { return wrong_pins_; }
  /// A transfer of this call is under way: its bridge does not end because its partner leaves.
  [[nodiscard]] bool transferring() const { return transfers_ > 0; }
  void begin_transfer() { ++transfers_; }
  void end_transfer();
  [[nodiscard]] bool on_hold() const { return hold_state_ != HoldState::none; }
  /// Music and silence begin; call.held is sent. `music` may be empty. `signalled`: the peer was told.
  void hold(std::optional<PlayPlan> music, bool signalled);
  void unhold();
  /// The peer was told of the hold.
  [[nodiscard]] bool signalled_hold() const { return hold_state_ == HoldState::signalled; }
  /// A re-INVITE that offers `direction`; Operation::on_reoffer_done() tells the outcome. False: not now.
  bool reoffer(model::Direction direction);

  /// REFERs of the peer that wait for the application.
  struct WaitingRefer {
    sip::PeerRefer refer;
    TimePoint since;
    bool handled = false;  ///< Accepted, and reported on by the application.
  };
  [[nodiscard]] WaitingRefer* refer(const std::string& refer_id);
  void forget_refer(const std::string& refer_id);

  // The end's paper work.
  [[nodiscard]] const std::optional<store::Cdr>& cdr() const { return cdr_; }
  void tell_cdr_ready();
  [[nodiscard]] bool cdr_told() const { return cdr_told_; }
  [[nodiscard]] runtime::Timer& linger() { return linger_; }

 private:
  using Effect = machine::LegEffect;
  void carry_out(Effect effect);
  void open_ivr();
  void tell_answered();
  void send_final();
  void close_media();
  void finish();
  void make_cdr(const model::Verdict& verdict);
  void tell_ended(const model::Verdict& verdict);
  void put_record();
  [[nodiscard]] std::string peer_address() const;
  [[nodiscard]] std::string transport_name() const;
  void arm_limit(Duration delay, machine::LocalCause cause);
  void arm_max_duration();
  void arm_orphan();
  void carry_out_on_disconnect();
  void media_may_have_changed(const std::optional<model::AgreedMedia>& before);
  void offer_done(const std::optional<model::SessionDescription>& session);
  void play_music();
  void end_ivr(model::IvrEndReason reason);

  Environment& env_;
  const CallFacts facts_;
  sip::Headers headers_;  ///< Of the INVITE, until call.created has told them.
  std::optional<model::SessionDescription> offer_;
  std::optional<store::Route> route_;
  model::SessionId session_;  ///< Empty: nobody listens (none yet, lost, closed).
  model::SessionId first_session_;
  machine::LegState leg_;
  MediaLink media_;
  OpTable ops_;

  std::optional<model::IvrId> ivr_;
  model::OnDisconnect on_disconnect_;
  std::optional<std::int64_t> max_duration_ms_;
  std::string tag_;
  std::string user_agent_;
  media::PlayId last_play_ = 0;

  CallWatcher* watcher_ = nullptr;
  DialOptions dial_options_;
  Place* place_ = nullptr;
  int wrong_pins_ = 0;
  enum class HoldState : std::uint8_t { none, held, signalled };
  HoldState hold_state_ = HoldState::none;
  std::optional<PlayPlan> music_;
  OpTable::Key music_key_ = 0;
  int transfers_ = 0;
  bool reoffering_ = false;
  std::map<std::string, WaitingRefer> refers_;

  bool acted_ = false;       ///< The application took care of the call in time.
  bool policy_due_ = false;  ///< on_disconnect waits until the call has left its queue.
  int provisional_code_ = 180;
  machine::LocalCause cause_ = machine::LocalCause::none;
  std::string detail_;
  FinalResponse final_;
  Goodbye goodbye_;
  std::optional<sip::Ended> leg_end_;
  std::optional<OutboundRoute> outbound_route_;
  std::unique_ptr<TrunkPlace> trunk_place_;  ///< Given back when the call ends.
  std::optional<model::StreamQuality> quality_;

  std::optional<WallTime> ringing_wall_;
  std::optional<WallTime> answered_wall_;
  std::optional<TimePoint> answered_;
  std::optional<store::Cdr> cdr_;
  bool cdr_told_ = false;

  runtime::Timer
      limit_;  ///< Session opening, application's first action, ring limit, longest duration: in turn.
  runtime::Timer orphan_;
  runtime::Timer hold_;
  runtime::Timer linger_;  ///< Media's confirmation of close(); then the memory after the end.
};

/// The id of the one CDR of a call.
[[nodiscard]] model::CdrId cdr_id_of(const model::CallId& call);

}  // namespace tandem::call
