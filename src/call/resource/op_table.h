// The operations of one call: admission to lanes, start, control, completion, and the memory of those that
// are over (idempotency, op.get). Exactly one op.completed leaves here for each operation that was accepted.
// Control thread.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

#include "base/boxed.h"
#include "call/machine/lane_scheduler.h"
#include "call/machine/operation_machine.h"
#include "call/operation/operation.h"
#include "call/resource/environment.h"
#include "runtime/executor.h"

namespace tandem::call {

class OpTable {
 public:
  using Key = machine::LaneScheduler::Key;
  /// Told when an operation has completed.
  using Watcher = Function<void(const model::OperationView&)>;

  OpTable(Environment& env, OpHost& host);
  ~OpTable();
  OpTable(const OpTable&) = delete;
  OpTable& operator=(const OpTable&) = delete;

  /// What is known under `id`, with the parameters it was asked for; null if nothing.
  [[nodiscard]] const Boxed<model::RequestParams>* params_of(const model::OpId& id) const;
  [[nodiscard]] model::OperationView view(const model::OpId& id) const;
  [[nodiscard]] std::vector<model::OperationView> views() const;

  /// Registers; effects begin in a later turn. Errors: lane_busy, queue_full.
  Result<model::OperationView, model::Error> submit(model::OpId id, const model::RequestParams& params,
                                                    std::unique_ptr<Operation> body);
  /// An operation of our own, seen by nobody. `queue`: waits for its lanes; otherwise it takes them by force.
  /// `done` (may be empty) once it has completed. 0 when too many wait on other lanes.
  Key submit_internal(std::unique_ptr<Operation> body, bool queue = false,
                      Function<void(const Completion&)> done = {});
  /// Stops an operation of our own; unknown keys are ignored.
  void stop_internal(Key key);
  /// `watcher` is told once, in a later turn, when the operation has completed; at once if it has. `id` is
  /// known.
  void watch(const model::OpId& id, Watcher watcher);
  /// Ends what runs and drops what waits on `lanes`.
  void clear(machine::LaneMask lanes);

  // op.*: `id` is known here. True in the reply: nothing to do.
  [[nodiscard]] Result<bool, model::Error> end(const model::OpId& id, machine::EndWish wish);
  [[nodiscard]] Result<bool, model::Error> pause(const model::OpId& id);
  [[nodiscard]] Result<bool, model::Error> resume(const model::OpId& id);
  [[nodiscard]] Result<bool, model::Error> update(const model::OpId& id, const model::OpUpdate& change);

  /// Media is connected: what waits to speak or listen begins.
  void open_lanes(machine::LaneMask lanes);
  /// Something runs or waits on one of `lanes`.
  [[nodiscard]] bool busy(machine::LaneMask lanes) const { return !lanes_.holders(lanes).empty(); }
  /// An operation that will connect media is open.
  [[nodiscard]] bool media_on_its_way() const { return opening_media_ > 0; }
  /// The call is being ended: nothing begins any more but what ends it.
  void freeze() { frozen_ = true; }
  /// Completes all that is open.
  void call_over();
  [[nodiscard]] bool idle() const { return running_.empty() && lanes_.waiting() == 0; }

  /// The operation if it has begun and not completed.
  [[nodiscard]] Operation* begun(const model::OpId& id);
  template <class F>
  void each_begun(F f) {
    const std::vector<Key> keys = running_;  // A copy: what is told may complete.
    for (const Key key : keys) {
      if (Operation* body = begun(key)) f(*body);
    }
  }

  /// A mark of the play, of which `played_ms` were heard before it, was passed.
  void on_mark(media::PlayId play, const std::string& name, std::int64_t played_ms);

  /// From the operation itself.
  void finished(Key key, Completion completion);

 private:
  struct Entry;
  [[nodiscard]] Entry* find(Key key);
  [[nodiscard]] Entry* find(const model::OpId& id);
  [[nodiscard]] Operation* begun(Key key);
  Entry& add(model::OpId id, const model::RequestParams* params, std::unique_ptr<Operation> body);
  void schedule(Key key, const machine::LaneScheduler::Admission& admission);
  void begin(Key key);
  void end_now(Key key, machine::EndWish wish);
  void apply(Entry& entry, const machine::OpEvent& event, Completion own = {});
  void complete(Entry& entry, Completion completion);
  void forget_oldest();
  void bury(std::unique_ptr<Operation> body);
  void start_ready();
  void pause_now(Key key);
  /// Sends op.paused, unless that was done.
  void tell_paused(Entry& entry, std::optional<std::int64_t> heard_ms);
  void arm_progress(Entry& entry, std::int64_t interval_ms);
  void arm_deadline(Entry& entry, std::int64_t deadline_ms);
  /// Runs `f` with this table in a later turn, if the call still exists then.
  template <class F>
  void later(F f);
  void yield_to(const OperationTraits& traits);
  [[nodiscard]] model::OperationView view_of(const Entry& entry) const;

  Environment& env_;
  OpHost& host_;
  // Shared with tasks in flight: null once the table is gone, so that they die quietly.
  std::shared_ptr<OpTable*> self_ = std::make_shared<OpTable*>(this);
  machine::LaneScheduler lanes_;
  std::unordered_map<Key, std::unique_ptr<Entry>> entries_;
  std::unordered_map<model::OpId, Key> by_id_;
  std::vector<Key> running_;    ///< Begun or about to begin.
  std::vector<Key> completed_;  ///< In the order of completion.
  Key next_key_ = 1;
  std::vector<std::unique_ptr<Operation>> graveyard_;  ///< Completed in this turn.
  std::size_t opening_media_ = 0;
  bool frozen_ = false;
};

}  // namespace tandem::call
