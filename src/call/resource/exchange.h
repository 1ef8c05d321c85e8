// What operations that concern more than one call ask of the core. Control thread.
#pragma once

#include <memory>

#include "base/result.h"
#include "call/resource/bridge.h"
#include "call/resource/call.h"
#include "call/resource/conference_book.h"
#include "model/error.h"

namespace tandem::call {

class QueueBook;

class Exchange {
 public:
  Exchange() = default;
  Exchange(const Exchange&) = delete;
  Exchange& operator=(const Exchange&) = delete;
  virtual ~Exchange() = default;

  /// A call that lives, of the same account as `owner`; null if there is none.
  [[nodiscard]] virtual Call* find_call(const model::AccountId& owner, const model::CallId& id) = 0;
  /// Makes an outbound call that is yet to dial, and holds it for `session` (empty: for nobody). call.created
  /// is sent. Errors: cps_exceeded, concurrency_exceeded, node_draining.
  [[nodiscard]] virtual Result<Call*, model::Error> place(CallFacts facts, store::Route owner,
                                                          const model::SessionId& session) = 0;
  virtual Bridge& make_bridge(Call& first, BridgeTerms terms, Function<void(const BridgeEnd&)> on_end) = 0;
  virtual void bridge_over(const model::BridgeId& id) = 0;
  [[nodiscard]] virtual ConferenceBook& conferences() = 0;
  virtual void conference_over(Conference& conference) = 0;
  [[nodiscard]] virtual QueueBook& queues() = 0;
  /// To the sessions of the account that subscribed to the queue, but for `except`.
  virtual void tell_queue(const model::AccountId& account, const std::string& queue,
                          const model::EventData& data, const model::SessionId& except) = 0;
};

}  // namespace tandem::call
