// queue.take: an agent's call takes one that waits. Asks, whispers to the agent, connects both in a bridge or
// in a conference; until then the caller keeps the place in the queue.
#include "call/operation/conference_verbs.h"
#include "call/operation/verbs.h"
#include "call/resource/call.h"
#include "call/resource/exchange.h"
#include "call/resource/queue_book.h"

namespace tandem::call {
namespace {

using model::ErrorCode;
using model::OpReason;

constexpr const char* kMethod = "queue.take";

/// The conference where both meet, and their parts in it.
struct MeetingPlan {
  JoinTarget target;
  JoinPlan agent;
  JoinPlan caller;
  bool caller_end_said = false;  ///< What becomes of the caller at the end was asked for.
};

class Take final : public CallOperation, private QueueTaker {
 public:
  Take(Call& c, OperationTraits traits, model::QueueTake p, std::optional<PlayPlan> whisper,
       std::optional<MeetingPlan> meeting)
      : CallOperation(c, traits),
        p_(std::move(p)),
        whisper_(std::move(whisper)),
        meeting_(std::move(meeting)),
        patience_(c.env().deps.loop) {}
  ~Take() override {
    *self_ = nullptr;
    if (env().finder->alive()) release(model::QueueReturnedReason::agent_left);
  }

  void begin() override {
    if (!call().live()) return;  // Its end completes this.
    if (call().place() != nullptr)
      return finish(failed(
          make_error(ErrorCode::wrong_state, "the call is in a bridge or in a conference", "call_id")));
    if (book().entry_of(call().id()) != nullptr)
      return finish(
          failed(make_error(ErrorCode::wrong_state, "the call waits in a queue itself", "call_id")));
    auto queue = book().open(call().route()->account.id, p_.queue, p_.queue_id);
    if (!queue) return finish(failed(std::move(queue.error())));
    queue_ = *queue;
    queue_id_ = queue_->rules().id;
    queue_name_ = queue_->key().name;
    cluster::QueuePick pick;
    if (p_.select == model::QueueSelection::longest) pick.by = cluster::QueuePick::By::arrival;
    if (specific()) {
      const QueueEntry* wanted = book().waiting(queue_->key().account, p_.queue_entry_id, p_.queued_call_id);
      if (wanted == nullptr || wanted->queue != queue_) return finish(failed(not_there()));
      pick = {cluster::QueuePick::By::entry, wanted->id};
    }
    const bool waits = p_.wait_ms > 0 && !specific();
    taker_ = queue_->add(*this, std::move(pick), waits);
    if (waits) patience_.set(std::chrono::milliseconds(p_.wait_ms), [this] { on_patience_over(); });
    queue_->ask(taker_);
  }

  void halt() override { over(succeeded(OpReason::stopped)); }
  void on_leg_ended(const sip::Ended& /*how*/) override { release(model::QueueReturnedReason::agent_left); }

  [[nodiscard]] model::OpResult result_so_far() const override {
    model::QueueTakeResult r;
    r.queue_id = queue_id_;
    r.queue = queue_name_;
    return taken_ ? *taken_ : r;
  }

 private:
  [[nodiscard]] Environment& env() { return call().env(); }
  [[nodiscard]] QueueBook& book() { return env().exchange.queues(); }
  [[nodiscard]] bool specific() const { return p_.queue_entry_id || p_.queued_call_id; }
  [[nodiscard]] model::Error not_there() const {
    return make_error(ErrorCode::queue_entry_not_found, "it does not wait in this queue",
                      p_.queue_entry_id ? "queue_entry_id" : "queued_call_id");
  }

  // QueueTaker.
  [[nodiscard]] const model::CallId& agent() const override { return call().id(); }
  void nobody_waits() override { over(specific() ? failed(not_there()) : succeeded(OpReason::empty)); }
  void entry_taken(QueueEntry& entry) override {
    patience_.cancel();
    entry_ = entry.id;
    if (!whisper_) return join();
    whisper_key_ = call().ops().submit_internal(make_whisper(call(), *whisper_), true,
                                                [self = self_, id = entry.id](const Completion& done) {
                                                  if (*self != nullptr && (*self)->entry_ == id)
                                                    (*self)->on_whispered(done);
                                                });
    if (whisper_key_ == 0)
      over(failed(make_error(ErrorCode::queue_full, "too many operations wait to speak", "whisper")));
  }
  void entry_gone(model::QueueLeftReason reason) override {
    entry_ = {};
    stop_whisper();
    if (specific()) {
      const bool ended = reason == model::QueueLeftReason::call_ended;
      return over(
          failed(ended ? make_error(ErrorCode::call_ended, "the waiting call ended first") : not_there()));
    }
    // In a later turn: whoever ended is about to say so.
    env().deps.loop.post([self = self_] {
      if (*self != nullptr) (*self)->ask_again();
    });
  }

  void ask_again() {
    if (queue_ == nullptr || taker_ == 0 || !entry_.empty()) return;
    if (p_.wait_ms > 0) patience_.set(std::chrono::milliseconds(p_.wait_ms), [this] { on_patience_over(); });
    queue_->ask(taker_);
  }
  void on_patience_over() {
    if (entry_.empty()) over(succeeded(OpReason::empty));
  }
  void on_whispered(const Completion& done) {
    whisper_key_ = 0;
    // Interrupted by the application: it wants to go on.
    if (done.error && call().live()) return over(failed(*done.error));
    join();
  }

  void join() {
    QueueEntry* entry = book().entry(entry_);
    Call* caller = entry == nullptr ? nullptr : env().exchange.find_call(queue_->key().account, entry->call);
    if (caller == nullptr || caller->place() != nullptr) {
      // It is being ended, or about to be connected otherwise.
      const auto reason =
          caller == nullptr ? model::QueueLeftReason::call_ended : model::QueueLeftReason::removed;
      if (entry != nullptr) queue_->leave(*entry, reason);
      return;
    }
    if (meeting_) return meet(*caller);
    bridge(*caller);
  }
  [[nodiscard]] static model::LeaveAction orphan(const Call& caller) {
    return caller.session().empty() ? model::LeaveAction::hangup : model::LeaveAction::ivr;
  }
  void bridge(Call& caller) {
    BridgeTerms terms{model::BridgeDirection::both, p_.on_peer_leave,
                      p_.peer_on_leave.value_or(orphan(caller))};
    Bridge& bridge = env().exchange.make_bridge(call(), terms, [self = self_](const BridgeEnd&) {
      if (*self != nullptr) (*self)->on_bridge_failed();
    });
    const model::BridgeId id = bridge.id();
    if (!bridge.connect(caller)) return;  // on_bridge_failed() has done it.
    connected({id, {}});
  }
  /// The agent first: a caller whom nobody could meet is not to be disturbed.
  void meet(Call& caller) {
    const model::AccountId& account = queue_->key().account;
    const bool anew = find_target(env(), account, meeting_->target) == nullptr;
    auto conference = find_or_make(env(), account, call().session(), meeting_->target);
    if (!conference) return cannot_meet(std::move(conference.error()));
    const model::ConferenceId id = (*conference)->id();
    const auto living = [&] { return env().exchange.conferences().find(account, id); };
    auto agent = (*conference)->join(call(), meeting_->agent, nullptr);
    std::optional<model::Error> error;
    if (!agent) error = std::move(agent.error());
    if (Conference* there = error ? nullptr : living()) {
      JoinPlan plan = meeting_->caller;
      if (!meeting_->caller_end_said) plan.on_end = orphan(caller);
      auto member = there->join(caller, std::move(plan), nullptr);
      if (!member) error = std::move(member.error());
    } else if (!error) {
      error = make_error(ErrorCode::conference_not_found, "the conference ended first", "then.join");
    }
    if (!error) return connected({{}, id});
    if (Conference* there = living()) {
      if (ConferenceMember* member = there->member(call().id()))
        there->leave(*member, {model::ConferenceLeaveReason::stopped, {}, 0});
    }
    // Made for these two alone.
    Conference* left = anew ? living() : nullptr;
    if (left != nullptr && left->members().empty()) left->end(model::ConferenceEndReason::empty);
    cannot_meet(std::move(*error));
  }
  void cannot_meet(model::Error error) {
    QueueEntry* entry = book().entry(entry_);
    if (entry == nullptr) return;  // It has ended, and all is told.
    if (!entry->member->queued_call().live()) {
      queue_->leave(*entry, model::QueueLeftReason::call_ended);
      return;
    }
    give_back(model::QueueReturnedReason::join_failed);
    over(failed(std::move(error)));
  }
  void connected(const QueueConnection& how) {
    QueueEntry* entry = book().entry(entry_);
    if (entry == nullptr) return;
    model::QueueTakeResult r;
    r.queue_id = queue_id_;
    r.queue = queue_name_;
    r.queue_entry_id = entry->id;
    r.call_id = entry->call;
    if (!how.bridge.empty()) r.bridge_id = how.bridge;
    if (!how.conference.empty()) r.conference_id = how.conference;
    r.waited_ms = queue_->waited_ms(*entry);
    r.priority = entry->priority;
    r.data = entry->data;
    taken_ = std::move(r);
    queue_->joined(*entry, how);
    entry_ = {};
    over(succeeded(OpReason::taken));
  }
  void on_bridge_failed() {
    if (entry_.empty() || taken_) return;
    QueueEntry* entry = book().entry(entry_);
    if (entry != nullptr && !entry->member->queued_call().live()) {
      queue_->leave(*entry, model::QueueLeftReason::call_ended);
      return;
    }
    give_back(model::QueueReturnedReason::join_failed);
    over(failed(make_error(ErrorCode::call_ended, "the calls could not be connected")));
  }

  void stop_whisper() {
    if (whisper_key_ != 0) call().ops().stop_internal(std::exchange(whisper_key_, 0));
  }
  void give_back(model::QueueReturnedReason why) {
    const model::QueueEntryId id = std::exchange(entry_, {});
    QueueEntry* entry = id.empty() ? nullptr : book().entry(id);
    if (entry != nullptr && entry->queue == queue_) queue_->give_back(*entry, why);
  }
  /// Lets go of queue and caller.
  void release(model::QueueReturnedReason why) {
    patience_.cancel();
    if (queue_ == nullptr) return;
    // Forgotten first: it is not to be offered what it gives back.
    if (taker_ != 0) queue_->forget(std::exchange(taker_, 0));
    give_back(why);
    queue_ = nullptr;
  }
  void over(Completion completion) {
    stop_whisper();
    release(model::QueueReturnedReason::stopped);
    completion.result = result_so_far();
    finish(std::move(completion));
  }

  model::QueueTake p_;
  std::optional<PlayPlan> whisper_;
  std::optional<MeetingPlan> meeting_;
  Queue* queue_ = nullptr;  ///< While it is a taker there.
  model::QueueId queue_id_;
  std::string queue_name_;
  Queue::TakerId taker_ = 0;
  model::QueueEntryId entry_;  ///< What is offered to it.
  OpTable::Key whisper_key_ = 0;
  std::optional<model::QueueTakeResult> taken_;
  runtime::Timer patience_;
  // Shared with what may outlive this: null then.
  std::shared_ptr<Take*> self_ = std::make_shared<Take*>(this);
};

Result<std::optional<MeetingPlan>, model::Error> checked_meeting(Call& call, const model::QueueTake& p) {
  if (!p.then) return std::optional<MeetingPlan>();
  const model::TakeThenJoin& join = p.then->join;
  const SourceOwner owner{call.env(), call.route()->account.id};
  MeetingPlan out;
  auto target = checked_target(owner, join, "then.join");
  if (!target) return Err(std::move(target.error()));
  out.target = std::move(*target);
  auto agent = checked_join(owner, join.terms, false, "then.join");
  if (!agent) return Err(std::move(agent.error()));
  out.agent = std::move(*agent);
  auto caller = checked_join(owner, join.caller.value_or(model::JoinTerms()), false, "then.join.caller");
  if (!caller) return Err(std::move(caller.error()));
  out.caller = std::move(*caller);
  out.caller_end_said = join.caller && join.caller->on_end;
  if (auto error = cannot_enter(owner.env, owner.account, out.target, out.agent, &call)) {
    if (!error->field.empty()) error->field = "then.join." + error->field;
    return Err(std::move(*error));
  }
  return std::optional(std::move(out));
}

}  // namespace

MadeOperation make_operation(Call& call, const model::QueueTake& p) {
  if (auto error = check_media(call, kMethod)) return Err(std::move(*error));
  const model::AccountId& account = call.route()->account.id;
  if (auto error = call.env().exchange.queues().check(account, p.queue, p.queue_id))
    return Err(std::move(*error));
  auto whisper = checked_plan(call, p.whisper, "whisper");
  if (!whisper) return Err(std::move(whisper.error()));
  if (*whisper && (*whisper)->loop == 0)
    return Err(make_error(ErrorCode::invalid_params, "whisper.loop: must come to an end", "whisper.loop"));
  auto meeting = checked_meeting(call, p);
  if (!meeting) return Err(std::move(meeting.error()));
  OperationTraits traits{.method = kMethod, .lanes = machine::kNoLane, .deadline_ms = p.deadline_ms};
  traits.acts_on_call = true;
  return std::unique_ptr<Operation>(
      std::make_unique<Take>(call, traits, p, std::move(*whisper), std::move(*meeting)));
}

}  // namespace tandem::call
