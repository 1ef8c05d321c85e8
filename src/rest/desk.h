// Desk: what the resources of the door share on its loop: the way to the core, rate limits, idempotency, and
// the operations whose outcome somebody waits for.
#pragma once

#include <memory>
#include <string>
#include <unordered_map>
#include <utility>

#include "rest/door.h"
#include "rest/exchange.h"
#include "rest/outbox.h"
#include "wire/generated/codec.h"

namespace tandem::rest {

/// The JSON text of a value that protocol/ describes.
template <class T>
[[nodiscard]] std::string encoded(const T& value) {
  std::string out;
  wire::JsonWriter w(out);
  wire::encode(w, value);
  return out;
}

/// The call or conference whose operations a path names.
struct OperationOwner {
  model::AccountId account;
  model::CallId call;
  model::ConferenceId conference;  ///< Not empty: in place of the call.
};
[[nodiscard]] inline OperationOwner owner_of(const Exchange& exchange) {
  return {exchange.account, exchange.call, exchange.conference};
}
/// An operation on a queue, whose path names neither, is one of the call that it was given.
[[nodiscard]] inline OperationOwner owner_of(const Exchange& exchange, const model::OperationView& view) {
  OperationOwner owner = owner_of(exchange);
  if (owner.conference.empty() && owner.call.empty() && view.call_id) owner.call = *view.call_id;
  return owner;
}
/// Control thread.
[[nodiscard]] std::optional<model::OperationView> operation_of(call::Core& core, const OperationOwner& owner,
                                                               const model::OpId& op);

/// Loop thread, but for outbox().
class Desk {
 public:
  Desk(const DoorOptions& door_options, const DoorPorts& ports)
      : options(door_options),
        history(ports.history),
        locations(ports.locations),
        queues(ports.queues),
        recordings(ports.recordings),
        store(ports.store),
        hash_password(ports.hash_password),
        idempotency(door_options.idempotency),
        limiter(door_options.rate_limit),
        core_(ports.core),
        control_(ports.control),
        loop_(ports.loop),
        outbox_(std::make_shared<Outbox>(ports.loop)) {}

  const DoorOptions& options;
  CallHistory& history;
  cluster::LocationService* const locations;  ///< For `ask` only.
  QueueProvisioner& queues;
  artifact::Recordings* const recordings;  ///< For `ask` only.
  store::CallStore* const store;           ///< May be null.
  const HashPassword hash_password;
  Idempotency idempotency;
  RateLimiter limiter;

  /// Runs `on_control(call::Core&)` on the control thread and `then` with its result back here.
  template <class OnControl, class Then>
  void ask(OnControl on_control, Then then) {
    control_.post(
        [&core = core_, outbox = outbox_, f = std::move(on_control), g = std::move(then)]() mutable {
          outbox->post([g = std::move(g), result = f(core)]() mutable { g(std::move(result)); });
        });
  }
  /// Runs `work(store::Provisioning&)` on the store's thread and `then` with its result back here. False, and
  /// nothing is run, when the store is busy.
  template <class Work, class Then>
  [[nodiscard]] bool ask_store(Work work, Then then) {
    if (store == nullptr) return false;
    return store->provision([outbox = outbox_, f = std::move(work),
                             g = std::move(then)](store::Provisioning& p) mutable -> Function<void()> {
      // On the heap, as a result need not be one that can be made empty.
      auto result = std::make_unique<decltype(f(p))>(f(p));
      return [outbox = std::move(outbox), g = std::move(g), r = std::move(result)]() mutable {
        outbox->post([g = std::move(g), r = std::move(r)]() mutable { g(std::move(*r)); });
      };
    });
  }
  /// A callback for any thread that runs `then` here.
  template <class T, class Then>
  [[nodiscard]] Function<void(T)> back_here(Then then) {
    return [outbox = outbox_, g = std::move(then)](T value) mutable {
      outbox->post([g = std::move(g), v = std::move(value)]() mutable { g(std::move(v)); });
    };
  }
  [[nodiscard]] Outbox& outbox() { return *outbox_; }
  [[nodiscard]] TimePoint now() const { return loop_.clock().now(); }

  /// What is done with an exchange once its operation has completed, or when the client waits no longer.
  using Settle = Function<void(ExchangePtr, const model::OperationView&)>;
  /// Whether one more of this account may wait.
  [[nodiscard]] bool may_wait(const model::AccountId& account) const;
  [[nodiscard]] std::uint64_t next_wait() { return next_wait_++; }
  /// Holds the exchange until settle(`id`), at most `longest`; then asks the core how the operation is.
  void wait(std::uint64_t id, ExchangePtr exchange, model::OperationView view, Duration longest,
            Settle settle);
  /// For Core::submit(): settles wait `id`.
  [[nodiscard]] Function<void(const model::OperationView&)> settler(std::uint64_t id);

 private:
  struct Waiting {
    ExchangePtr exchange;
    model::OperationView view;
    Settle settle;
    runtime::TimerId timer = 0;
  };
  void settle(std::uint64_t id, const model::OperationView& view);
  void expire(std::uint64_t id);
  Waiting take(std::unordered_map<std::uint64_t, Waiting>::iterator at);

  call::Core& core_;
  runtime::Executor& control_;
  runtime::TimerExecutor& loop_;
  // Shared with callbacks that others hold: the core, the store.
  const std::shared_ptr<Outbox> outbox_;
  std::unordered_map<std::uint64_t, Waiting> waiting_;
  std::unordered_map<model::AccountId, std::size_t> waiting_of_;
  std::uint64_t next_wait_ = 1;
};

}  // namespace tandem::rest
