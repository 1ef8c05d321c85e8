// call.enqueue: waits in a queue until an agent takes the call.
#include <algorithm>

#include "call/operation/verbs.h"
#include "call/operation/wait_media.h"
#include "call/resource/call.h"
#include "call/resource/exchange.h"
#include "call/resource/queue_book.h"

namespace tandem::call {
namespace {

using model::ErrorCode;
using model::OpReason;
using model::QueueLeftReason;

constexpr const char* kMethod = "call.enqueue";

class Enqueue final : public CallOperation, private QueueMember {
 public:
  Enqueue(Call& c, OperationTraits traits, model::CallEnqueue p, std::optional<PlayPlan> music)
      : CallOperation(c, traits), p_(std::move(p)), music_(std::move(music)) {}
  ~Enqueue() override {
    if (QueueEntry* entry = mine()) {
      entry->queue != nullptr ? entry->queue->drop(*entry) : book().erase(entry->id);
    }
  }

  void begin() override {
    if (!call().live()) return;  // Its end completes this.
    if (call().place() != nullptr)
      return finish(failed(
          make_error(ErrorCode::wrong_state, "the call is in a bridge or in a conference", "call_id")));
    if (book().entry_of(call().id()) != nullptr)
      return finish(
          failed(make_error(ErrorCode::wrong_state, "the call waits in a queue already", "call_id")));
    auto queue = book().open(call().route()->account.id, p_.queue, p_.queue_id);
    if (!queue) return finish(failed(std::move(queue.error())));
    since_ = call().env().now();
    id_ = model::QueueEntryId::make();
    QueueEntry& entry = book().add(id_, call().id());
    entry.account = call().route()->account.id;
    entry.op = id();
    entry.from = call().from();
    entry.priority = p_.priority;
    entry.data = p_.data;
    entry.max_wait_ms = p_.max_wait_ms.value_or(0);
    entry.since = since_;
    entry.entered = call().env().wall();
    enter(**queue);
  }

  void halt() override {
    if (!leave(QueueLeftReason::stopped)) finish(succeeded(OpReason::stopped, result_so_far()));
  }
  void on_leg_ended(const sip::Ended& /*how*/) override { leave(QueueLeftReason::call_ended); }
  void on_lanes_free() override {
    if (media_) media_->lanes_free();
  }

  [[nodiscard]] model::OpResult result_so_far() const override {
    model::CallEnqueueResult r;
    if (!queue_id_.empty()) r.queue_id = queue_id_;
    if (!queue_name_.empty()) r.queue = queue_name_;
    if (entered_) r.queue_entry_id = id_;
    r.waited_ms = waited_ms_.value_or(waited());
    if (!agent_.empty()) r.by_call_id = agent_;
    if (!how_.bridge.empty()) r.bridge_id = how_.bridge;
    if (!how_.conference.empty()) r.conference_id = how_.conference;
    return r;
  }

 private:
  [[nodiscard]] QueueBook& book() { return call().env().exchange.queues(); }
  [[nodiscard]] QueueEntry* mine() { return id_.empty() ? nullptr : book().entry(id_); }
  [[nodiscard]] std::int64_t waited() const {
    if (since_ == TimePoint{}) return 0;
    return std::chrono::duration_cast<std::chrono::milliseconds>(call().env().now() - since_).count();
  }

  void enter(Queue& queue) {
    queue_id_ = queue.rules().id;
    queue_name_ = queue.key().name;
    been_in_.push_back(queue_name_);
    queue.enter(*mine(), *this);
  }
  bool leave(QueueLeftReason reason) {
    QueueEntry* entry = mine();
    if (entry == nullptr || entry->queue == nullptr) return false;
    entry->queue->leave(*entry, reason);
    return true;
  }

  // QueueMember.
  [[nodiscard]] Call& queued_call() override { return call(); }
  void queue_entered(Queue& queue) override {
    entered_ = true;
    if (media_) return;  // It came from another queue.
    std::optional<PlayPlan> music = std::move(music_);
    if (!music && !queue.rules().wait_urls.empty()) {
      music.emplace();
      for (const std::string& url : queue.rules().wait_urls) {
        music->sources.emplace_back(UrlSource{url});
        music->fields.emplace_back("wait_urls");
      }
    }
    auto announce = p_.wait ? p_.wait->announce : std::nullopt;
    media_.emplace(call(), std::move(music), std::move(announce), [this] {
      const QueueEntry* entry = mine();
      return entry == nullptr || entry->queue == nullptr ? machine::QueueFacts{}
                                                         : entry->queue->facts(*entry);
    });
    media_->start();
  }
  void queue_full(Queue& queue) override { go_on(queue, OpReason::overflow); }
  void queue_left(Queue& queue, QueueLeftReason reason, const model::CallId& by,
                  const QueueConnection& how) override {
    switch (reason) {
      case QueueLeftReason::connected:
        agent_ = by;
        how_ = how;
        return over(succeeded(OpReason::connected), false);
      case QueueLeftReason::timeout:
      case QueueLeftReason::overflow:
        return go_on(queue, OpReason::timeout);
      case QueueLeftReason::removed:
        return over(succeeded(OpReason::removed), true);
      case QueueLeftReason::stopped:
        return over(succeeded(OpReason::stopped), true);
      case QueueLeftReason::call_ended:
        // The call's end completes this.
        waited_ms_ = waited();
        book().erase(id_);
        media_.reset();
        return;
    }
  }

  /// No room, or its time is up: what the queue's rules say.
  void go_on(Queue& queue, OpReason reason) {
    const model::QueueOverflow action = queue.rules().overflow_action;
    if (action == model::QueueOverflow::queue) {
      const std::string other = queue.rules().overflow_queue;
      const bool again = std::ranges::find(been_in_, other) != been_in_.end();
      auto next = book().open(queue.key().account, other, std::nullopt);
      if (!again && next) return enter(**next);
    }
    const bool hangs_up = action == model::QueueOverflow::hangup;
    Call& waiting = call();
    over(succeeded(reason), !hangs_up);
    if (hangs_up)
      waiting.end_by(machine::LocalCause::app_hangup, reason == OpReason::timeout
                                                          ? "waited in the queue for as long as it may"
                                                          : "there was no room in the queue");
  }

  void over(Completion completion, bool stays_in_ivr) {
    waited_ms_ = waited();
    book().erase(id_);
    if (media_) media_->stop();
    completion.result = result_so_far();
    Call& waiting = call();
    finish(std::move(completion));
    if (stays_in_ivr) waiting.left_queue();
  }

  model::CallEnqueue p_;
  std::optional<PlayPlan> music_;
  std::optional<WaitMedia> media_;
  model::QueueEntryId id_;
  model::QueueId queue_id_;
  std::string queue_name_;
  std::vector<std::string> been_in_;
  bool entered_ = false;
  TimePoint since_{};
  std::optional<std::int64_t> waited_ms_;  ///< Once it is over.
  model::CallId agent_;
  QueueConnection how_;
};

}  // namespace

MadeOperation make_operation(Call& call, const model::CallEnqueue& p) {
  if (auto error = check_media(call, kMethod)) return Err(std::move(*error));
  const model::AccountId& account = call.route()->account.id;
  if (auto error = call.env().exchange.queues().check(account, p.queue, p.queue_id))
    return Err(std::move(*error));
  std::optional<PlayPlan> music;
  if (p.wait && !p.wait->sources.empty()) {
    model::Playlist list;
    list.sources = p.wait->sources;
    list.gain_db = p.wait->gain_db;
    auto plan = checked_plan(call, list, "wait");
    if (!plan) return Err(std::move(plan.error()));
    music = std::move(*plan);
  }
  if (p.wait && p.wait->announce) {
    const machine::QueueFacts facts{1, 1, 60'000};
    auto plan = WaitMedia::plan_of(call, *p.wait->announce, facts);
    if (!plan) return Err(std::move(plan.error()));
  }
  OperationTraits traits{.method = kMethod, .lanes = machine::kNoLane, .deadline_ms = p.deadline_ms};
  traits.acts_on_call = true;
  return std::unique_ptr<Operation>(std::make_unique<Enqueue>(call, traits, p, std::move(music)));
}

}  // namespace tandem::call
