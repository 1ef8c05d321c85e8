// A queue that somebody uses: who waits, which agents wait for a call, how it does, and what is told of it.
// The order of those who wait is the cluster's. Control thread.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "call/machine/queue_rules.h"
#include "call/resource/environment.h"
#include "cluster/api/queue_order.h"
#include "model/event.h"
#include "runtime/executor.h"
#include "store/api/queue.h"

namespace tandem::call {

class Call;
class Queue;
struct QueueEntry;

/// Where the two meet: one of them.
struct QueueConnection {
  model::BridgeId bridge;
  model::ConferenceId conference;
};

/// What waits: the operation of a call.
class QueueMember {
 public:
  QueueMember() = default;
  QueueMember(const QueueMember&) = delete;
  QueueMember& operator=(const QueueMember&) = delete;
  virtual ~QueueMember() = default;
  [[nodiscard]] virtual Call& queued_call() = 0;
  /// It is in the queue, or there is no room. Possibly within Queue::enter().
  virtual void queue_entered(Queue& queue) = 0;
  virtual void queue_full(Queue& queue) = 0;
  /// It erases its entry or enters another queue; `by` and `how` with `connected`.
  virtual void queue_left(Queue& queue, model::QueueLeftReason reason, const model::CallId& by,
                          const QueueConnection& how) = 0;
};

/// Who takes calls: the operation of an agent's call. Deaf once it was forgotten.
class QueueTaker {
 public:
  QueueTaker() = default;
  QueueTaker(const QueueTaker&) = delete;
  QueueTaker& operator=(const QueueTaker&) = delete;
  virtual ~QueueTaker() = default;
  [[nodiscard]] virtual const model::CallId& agent() const = 0;
  /// The entry is offered to this agent: join it or give it back.
  virtual void entry_taken(QueueEntry& entry) = 0;
  /// Nobody waits. Only when it was asked once.
  virtual void nobody_waits() = 0;
  /// What was offered has left the queue.
  virtual void entry_gone(model::QueueLeftReason reason) = 0;
};

/// A call in a queue, from the asking until it has left.
struct QueueEntry {
  explicit QueueEntry(runtime::TimerExecutor& loop) : time_up(loop) {}
  model::QueueEntryId id;
  model::AccountId account;
  model::CallId call;
  model::OpId op;
  std::string from;
  std::int64_t priority = 0;
  std::optional<model::RawJson> data;
  std::int64_t max_wait_ms = 0;  ///< 0: none.
  TimePoint since{};             ///< From the first queue on.
  WallTime entered{};
  // Of the queue that it is in.
  Queue* queue = nullptr;
  QueueMember* member = nullptr;
  machine::QueueEntryState state;
  std::uint64_t taker = 0;  ///< With Offered.
  bool in_order = false;    ///< The order knows it.
  std::size_t told_position = 0;
  runtime::Timer time_up;
};

class QueueBook;

class Queue {
 public:
  using TakerId = std::uint64_t;

  Queue(Environment& env, QueueBook& book, cluster::QueueKey key, store::Queue rules, bool provisioned);
  ~Queue();
  Queue(const Queue&) = delete;
  Queue& operator=(const Queue&) = delete;

  [[nodiscard]] const cluster::QueueKey& key() const { return key_; }
  [[nodiscard]] const store::Queue& rules() const { return rules_; }
  void set_rules(store::Queue rules, bool provisioned);
  /// Nobody is in it or asks for it.
  [[nodiscard]] bool idle() const;

  // For those who wait.
  /// The member is told how it went.
  void enter(QueueEntry& entry, QueueMember& member);
  /// It leaves for one of its own reasons; members and takers are told. The entry is gone then.
  void leave(QueueEntry& entry, model::QueueLeftReason reason);
  /// Its operation is no more: nobody is told.
  void drop(QueueEntry& entry);
  void set_priority(QueueEntry& entry, std::int64_t priority);
  [[nodiscard]] machine::QueueFacts facts(const QueueEntry& entry) const;

  // For agents.
  /// Wants a call, now or until there is one; ask() begins.
  TakerId add(QueueTaker& taker, cluster::QueuePick pick, bool wait);
  /// The answer may come within. Again after an entry that was offered has gone.
  void ask(TakerId taker);
  /// It asks no more. What was offered to it must have been joined or given back.
  void forget(TakerId taker);
  void give_back(QueueEntry& entry, model::QueueReturnedReason why);
  /// Both are connected.
  void joined(QueueEntry& entry, const QueueConnection& how);

  // Views.
  [[nodiscard]] model::QueueEntry view(const QueueEntry& entry) const;
  [[nodiscard]] model::QueueStatistics statistics() const;
  [[nodiscard]] model::QueueInfo info() const;
  [[nodiscard]] std::int64_t waited_ms(const QueueEntry& entry) const;

 private:
  struct Taker {
    QueueTaker* taker = nullptr;
    cluster::QueuePick pick;
    bool waits = false;
    bool asking = false;
    bool ask_again = false;  ///< Somebody came while it was asking.
    bool has_entry = false;
  };
  void on_joined_order(const model::QueueEntryId& id, bool in);
  void claim_for(TakerId id);
  void on_claimed(TakerId id, std::optional<model::QueueEntryId> claimed);
  /// Gives what waits to agents who wait.
  void serve();
  void withdraw(TakerId offered_to, model::QueueLeftReason reason);
  /// False: the entry's state does not allow it.
  bool apply(QueueEntry& entry, const machine::QueueEntryEvent& event, model::QueueReturnedReason why = {},
             const QueueConnection& how = {});
  void finish(QueueEntry& entry, model::QueueLeftReason reason, const model::CallId& by,
              const QueueConnection& how);
  void count(const QueueEntry& entry, model::QueueLeftReason reason);
  template <class Event>
  [[nodiscard]] Event event_of(const QueueEntry& entry) const;
  /// To the call's session and those that subscribed, once each.
  void tell(QueueEntry& entry, const model::EventData& data);
  void changed();
  void pulse();
  /// Tells those whose position has changed; true when that was all.
  bool tell_positions();
  void tell_statistics();

  Environment& env_;
  QueueBook& book_;
  const cluster::QueueKey key_;
  store::Queue rules_;
  bool provisioned_;
  std::map<TakerId, Taker> takers_;  ///< In the order of their asking.
  TakerId last_taker_ = 0;
  bool serving_ = false;
  bool serve_again_ = false;
  std::size_t offered_ = 0;
  machine::WaitEstimate estimate_;
  model::QueueStatistics counts_;
  std::int64_t served_wait_ms_ = 0;

  runtime::Timer pulse_;
  std::optional<TimePoint> last_pulse_;
  std::size_t next_position_ = 0;  ///< Where tell_positions() goes on; 0: from the start.
  std::optional<model::QueueStatistics> told_;
};

}  // namespace tandem::call
