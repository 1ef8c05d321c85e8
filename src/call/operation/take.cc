// queue.take: an agent's call takes one that waits. Asks, whispers to the agent, connects both; until then
// the caller keeps the place in the queue.
#include "call/operation/verbs.h"
#include "call/resource/call.h"
#include "call/resource/exchange.h"
#include "call/resource/queue_book.h"

namespace tandem::call {
namespace {

using model::ErrorCode;
using model::OpReason;

constexpr const char* kMethod = "queue.take";

class Take final : public CallOperation, private QueueTaker {
 public:
  Take(Call& c, OperationTraits traits, model::QueueTake p, std::optional<PlayPlan> whisper)
      : CallOperation(c, traits),
        p_(std::move(p)),
        whisper_(std::move(whisper)),
        patience_(c.env().deps.loop) {}
  ~Take() override {
    *self_ = nullptr;
    if (env().finder->alive()) release(model::QueueReturnedReason::agent_left);
  }

  void begin() override {
    if (!call().live()) return;  // Its end completes this.
    if (call().bridge() != nullptr)
      return finish(failed(make_error(ErrorCode::wrong_state, "the call is in another bridge", "call_id")));
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
    if (caller == nullptr || caller->bridge() != nullptr) {
      // It is being ended, or about to be connected otherwise.
      const auto reason =
          caller == nullptr ? model::QueueLeftReason::call_ended : model::QueueLeftReason::removed;
      if (entry != nullptr) queue_->leave(*entry, reason);
      return;
    }
    const auto orphan = caller->session().empty() ? model::LeaveAction::hangup : model::LeaveAction::ivr;
    BridgeTerms terms{model::BridgeDirection::both, p_.on_peer_leave, p_.peer_on_leave.value_or(orphan)};
    Bridge& bridge = env().exchange.make_bridge(call(), terms, [self = self_](const BridgeEnd&) {
      if (*self != nullptr) (*self)->on_bridge_failed();
    });
    const model::BridgeId id = bridge.id();
    if (!bridge.connect(*caller)) return;  // on_bridge_failed() has done it.
    entry = book().entry(entry_);
    if (entry == nullptr) return;
    model::QueueTakeResult r;
    r.queue_id = queue_id_;
    r.queue = queue_name_;
    r.queue_entry_id = entry->id;
    r.call_id = entry->call;
    r.bridge_id = id;
    r.waited_ms = queue_->waited_ms(*entry);
    r.priority = entry->priority;
    r.data = entry->data;
    taken_ = std::move(r);
    queue_->joined(*entry, id);
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
  OperationTraits traits{.method = kMethod, .lanes = machine::kNoLane, .deadline_ms = p.deadline_ms};
  traits.acts_on_call = true;
  return std::unique_ptr<Operation>(std::make_unique<Take>(call, traits, p, std::move(*whisper)));
}

}  // namespace tandem::call
