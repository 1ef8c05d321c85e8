// A conference: calls that hear each other as their parts allow. A small machine of its own (waiting, active,
// ended) over the rules of machine/conference_rules.h. It belongs to an account and outlives the session that
// made it as long as somebody is in it; each joining, each leaving and the end are told exactly once. Control
// thread.
#pragma once

#include <map>
#include <memory>
#include <optional>
#include <string>
#include <unordered_map>
#include <variant>
#include <vector>

#include "call/machine/conference_rules.h"
#include "call/operation/operation.h"
#include "call/resource/conference_member.h"
#include "call/resource/environment.h"
#include "call/resource/op_table.h"
#include "runtime/executor.h"

namespace tandem::call {

/// What a conference is like, checked. `options.max_participants` is set.
struct ConferencePlan {
  std::string name;  ///< May be empty.
  model::ConferenceOptions options;
  std::optional<PlayPlan> wait;
  PlayPlan entry;
  PlayPlan exit;
};

class Conference final : public OpHost {
 public:
  /// conference.created is sent to `owner`, which may be empty.
  Conference(Environment& env, model::AccountId account, model::SessionId owner, ConferencePlan plan);
  ~Conference() override;

  [[nodiscard]] const model::ConferenceId& id() const { return id_; }
  [[nodiscard]] const std::string& name() const { return plan_.name; }
  [[nodiscard]] const model::AccountId& account() const { return account_; }
  /// The session that made it; empty once that is over.
  [[nodiscard]] const model::SessionId& owner() const { return owner_; }
  [[nodiscard]] bool over() const { return std::holds_alternative<Ended>(state_); }
  [[nodiscard]] model::ConferenceDigits digits() const { return plan_.options.digits; }
  [[nodiscard]] Environment& env() { return env_; }
  [[nodiscard]] model::ConferenceSnapshot snapshot(bool with_participants = true) const;
  /// The session made it or has a call in it.
  [[nodiscard]] bool concerns(const model::SessionId& session) const;

  // Members.
  /// Whether a call would get in now, and with which role. Errors: conference_not_found, conference_locked,
  /// conference_full, wrong_pin, forbidden after many wrong PINs of `call` (which may be null).
  [[nodiscard]] Result<model::ConferenceRole, model::Error> admit(const model::JoinTerms& terms, Call* call);
  /// The call leaves its ivr; an unanswered inbound call is answered. Errors: as admit(), wrong_state,
  /// call_ended.
  Result<ConferenceMember*, model::Error> join(Call& call, JoinPlan plan,
                                               Function<void(const Leaving&)> on_left);
  [[nodiscard]] ConferenceMember* member(const model::CallId& call);
  /// In the order in which they came.
  [[nodiscard]] const std::vector<std::unique_ptr<ConferenceMember>>& members() const { return members_; }
  /// The member is gone afterwards; its call goes where the reason and its plan say. `how.duration_ms` is
  /// filled in here.
  void leave(ConferenceMember& member, Leaving how);
  void replace(ConferenceMember& member, Call& with);
  /// Its row of the matrix has changed.
  void refresh(const ConferenceMember& member);
  /// The same, and all are told.
  void changed(ConferenceMember& member);
  /// Something that has to do with start and end: role, for example.
  void role_changed(ConferenceMember& member);

  // The whole.
  void update(const model::ConferenceUpdate& p, std::optional<PlayPlan> wait);
  void end(model::ConferenceEndReason reason);
  void session_over(const model::SessionId& session);
  /// All hear it, behind what is being played; not if many wait already.
  void play_sound(const PlayPlan& plan);

  // From the mixer.
  void on_speaking(const model::CallId& call, bool speaking);

  // Operations.
  [[nodiscard]] OpTable& ops() override { return ops_; }
  /// `op` was asked for by `session` (empty: by the REST door): its events go there.
  void submitted(const model::OpId& op, const model::SessionId& session);
  /// Who is told of the operation; may be empty.
  [[nodiscard]] const model::SessionId& session_of(const model::OpId& op) const;
  [[nodiscard]] bool submitted_by(const model::OpId& op, const model::SessionId& session) const;
  /// The operations that the session asked for and that are remembered.
  void add_views(const model::SessionId& session, std::vector<model::OperationView>& out) const;
  void emit(model::EventData data, const model::OpId& op = {}) override;
  [[nodiscard]] model::CallId op_call_id() const override { return {}; }
  void on_lanes_free() override { play_wait(); }
  [[nodiscard]] HostOver over_because() const override;
  [[nodiscard]] media::PlayId next_play_id() { return ++last_play_; }
  [[nodiscard]] runtime::Timer& linger() { return linger_; }

 private:
  struct Waiting {};
  struct Active {
    WallTime since;
  };
  struct Ended {};
  [[nodiscard]] bool started() const { return std::holds_alternative<Active>(state_); }
  void start();
  void record();
  void play_wait();
  void stop_wait();
  void play_tones(const ConferenceMember& member, bool entry);
  void arm_empty();
  [[nodiscard]] machine::Attendance attendance() const;
  void announce(ConferenceMember& member);
  /// Tones, and perhaps the end.
  void after_leaving(const ConferenceMember& member);
  /// To the session that made it, to those that want all, and to `concerned` if it is not among them.
  void tell(const model::EventData& data, const model::SessionId& concerned);
  /// To everybody who has to do with it.
  void tell_all(const model::EventData& data);
  void deliver(const model::SessionId& session, model::EventData data, const model::OpId& op = {});
  void forget_interest(const ConferenceMember& member);

  Environment& env_;
  const model::ConferenceId id_;
  const model::AccountId account_;
  model::SessionId owner_;
  ConferencePlan plan_;
  std::variant<Waiting, Active, Ended> state_;
  const TimePoint since_;
  const WallTime created_;
  std::vector<std::unique_ptr<ConferenceMember>> members_;  ///< In the order in which they came.
  std::unordered_map<model::CallId, ConferenceMember*> by_call_;
  struct Interest {
    std::size_t members = 0;
    std::size_t all = 0;  ///< Of those, members that want all events.
  };
  std::map<model::SessionId, Interest> interested_;
  std::unordered_map<model::OpId, model::SessionId> askers_;
  OpTable ops_;
  OpTable::Key wait_key_ = 0;
  std::size_t tones_waiting_ = 0;
  media::PlayId last_play_ = 0;
  runtime::Timer empty_;
  runtime::Timer longest_;
  runtime::Timer linger_;
  // Shared with callbacks of our own plays: null once the conference is gone.
  std::shared_ptr<Conference*> self_ = std::make_shared<Conference*>(this);
};

}  // namespace tandem::call
