// One call: the record of it, its leg machine, its media, its operations, its timers and its end. Carries the
// leg machine's effects out. Control thread.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "call/machine/leg_machine.h"
#include "call/machine/verdict_rules.h"
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

class Call {
 public:
  Call(Environment& env, sip::IncomingCall incoming);
  ~Call();
  Call(const Call&) = delete;
  Call& operator=(const Call&) = delete;

  [[nodiscard]] const model::CallId& id() const { return incoming_.id; }
  [[nodiscard]] const model::SessionId& session() const { return session_; }
  [[nodiscard]] const std::optional<store::Route>& route() const { return route_; }
  [[nodiscard]] const sip::IncomingCall& incoming() const { return incoming_; }
  [[nodiscard]] const machine::LegState& leg() const { return leg_; }
  [[nodiscard]] bool live() const { return machine::live(leg_); }
  [[nodiscard]] bool over() const { return std::holds_alternative<machine::leg::Ended>(leg_); }
  /// The SIP side has confirmed the end.
  [[nodiscard]] bool leg_over() const { return leg_end_.has_value(); }
  [[nodiscard]] bool has_ivr() const { return ivr_.has_value(); }
  [[nodiscard]] Environment& env() { return env_; }
  [[nodiscard]] MediaLink& media() { return media_; }
  [[nodiscard]] OpTable& ops() { return ops_; }
  [[nodiscard]] const OpTable& ops() const { return ops_; }
  [[nodiscard]] model::CallSnapshot snapshot() const;
  [[nodiscard]] model::CallCreatedEvent created_event() const;

  // From the core.
  void set_route(store::Route route) { route_ = std::move(route); }
  /// Events go to `session` from now on; announce() sends the first, call.created.
  void attach(model::SessionId session);
  void announce();
  void session_opened();
  void session_failed(SessionFailure why);
  void session_lost();
  void session_closed();
  /// Ends the call for a reason of ours: final response, or BYE once answered.
  void end_by(machine::LocalCause cause, std::string detail = {});
  /// An operation was accepted that takes care of the call.
  void acted_on();

  // From the SIP side.
  void on_acknowledged(const std::optional<model::SessionDescription>& session);
  void on_prack(const std::optional<model::SessionDescription>& session);
  void on_offer(sip::PeerOffer offer);
  void on_message(sip::InDialogMessage message);
  void on_ended(sip::Ended ended);
  // From the media side.
  void on_digit(media::Digit digit);
  void on_rtp_timeout();
  void on_quality(const model::StreamQuality& quality);
  void on_closed(const model::StreamQuality& quality);

  // For operations.
  /// Moves the leg; false when its state does not allow it.
  bool move(machine::LegEvent event);
  void set_provisional(int sip_code) { provisional_code_ = sip_code; }
  /// Refuses or redirects the unanswered call; false when it is too late.
  bool refuse(machine::LocalCause cause, FinalResponse response);
  bool release(machine::LocalCause cause, Goodbye goodbye);
  void emit(model::EventData data, const model::OpId& op = {});
  [[nodiscard]] media::PlayId next_play_id() { return ++last_play_; }
  /// What call.update sets.
  void set_on_disconnect(model::OnDisconnect policy) { on_disconnect_ = std::move(policy); }
  void set_max_duration(std::int64_t ms);
  void set_tag(std::string json);

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
  void arm_limit(Duration delay, machine::LocalCause cause);
  void arm_max_duration();
  void arm_orphan();
  void media_may_have_changed(const std::optional<model::AgreedMedia>& before);
  void offer_done(const std::optional<model::SessionDescription>& session);
  [[nodiscard]] std::string from() const;
  [[nodiscard]] std::string to() const;

  Environment& env_;
  sip::IncomingCall incoming_;
  std::optional<store::Route> route_;
  model::SessionId session_;  ///< Empty: nobody listens (none yet, lost, closed).
  model::SessionId first_session_;
  machine::LegState leg_ = machine::leg::Incoming{};
  MediaLink media_;
  OpTable ops_;

  std::optional<model::IvrId> ivr_;
  model::OnDisconnect on_disconnect_;
  std::optional<std::int64_t> max_duration_ms_;
  std::string tag_;
  std::string user_agent_;
  media::PlayId last_play_ = 0;

  bool acted_ = false;  ///< The application took care of the call in time.
  int provisional_code_ = 180;
  machine::LocalCause cause_ = machine::LocalCause::none;
  std::string detail_;
  FinalResponse final_;
  Goodbye goodbye_;
  std::optional<sip::Ended> leg_end_;
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
