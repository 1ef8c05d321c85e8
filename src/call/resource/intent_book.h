// Outbound calls that REST asked for: queued and paced by the account's limits, then followed to their end.
// Control thread.
#pragma once

#include <deque>
#include <memory>
#include <optional>
#include <unordered_map>
#include <vector>

#include "base/function.h"
#include "base/result.h"
#include "model/error.h"
#include "model/generated/protocol.h"
#include "runtime/executor.h"
#include "store/api/records.h"

namespace tandem::call {

class IntentBook {
 public:
  /// `open` is asked to call the application of an intent whose turn has come, in a later turn of the loop.
  IntentBook(runtime::TimerExecutor& loop, Function<void(const model::Intent&)> open);

  ~IntentBook();
  IntentBook(const IntentBook&) = delete;
  IntentBook& operator=(const IntentBook&) = delete;

  /// Queues. Errors: queue_full.
  Result<model::Intent, model::Error> add(const store::Account& account, model::ApplicationId application,
                                          std::string data_json);
  /// Null when it is not known, or another account's.
  [[nodiscard]] const model::Intent* find(const model::AccountId& account, const model::IntentId& id) const;
  [[nodiscard]] std::vector<model::Intent> of(const model::AccountId& account) const;

  // What becomes of it; unknown ids are ignored, and a state never goes back.
  void opening(const model::IntentId& id, const model::SessionId& session);
  void delivered(const model::IntentId& id);
  void dialed(const model::IntentId& id, const model::CallId& call);
  void answered(const model::IntentId& id);
  void completed(const model::IntentId& id);
  void failed(const model::IntentId& id, model::Error error);

 private:
  struct Lane {  ///< One account's queue.
    std::deque<model::IntentId> waiting;
    double per_second = 0;
    double tokens = 1;
    TimePoint filled;
  };
  void advance(model::IntentState state, const model::IntentId& id);
  void pump();
  bool expire(Lane& lane);
  bool start_next(Lane& lane);
  void number(Lane& lane);
  void finish(model::Intent& intent);

  runtime::TimerExecutor& loop_;
  Function<void(const model::Intent&)> open_;
  std::unordered_map<model::IntentId, model::Intent> intents_;
  std::unordered_map<model::AccountId, Lane> lanes_;  ///< Accounts with intents; as many as are provisioned.
  std::deque<model::IntentId> finished_;              ///< In that order; the oldest are forgotten.
  runtime::Timer timer_;
  bool pumping_ = false;
  std::shared_ptr<bool> alive_ = std::make_shared<bool>(true);  ///< Shared with tasks in flight.
};

}  // namespace tandem::call
