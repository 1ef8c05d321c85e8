// What call.transfer and an accepted REFER have in common: a call gets another partner, and its former one is
// freed. Control thread.
#pragma once

#include <memory>
#include <optional>

#include "call/operation/dial_and_bridge.h"

namespace tandem::call {

/// Dials a target for a call that may be in a bridge; when it answers, the call leaves that bridge and is
/// bridged with the target.
class BlindTransfer {
 public:
  struct Handlers {
    Function<void(int sip_code)> on_progress;  ///< 180 once the target rings.
    Function<void()> on_joining;               ///< The target answered; the former bridge still stands.
    Function<void(Bridge&, Call& peer)> on_done;
    Function<void(model::Error)> on_failed;
  };
  BlindTransfer(Environment& env, Call& call, DialRequest request, std::optional<PlayPlan> ringback,
                Handlers handlers);
  /// Gives up unless it is done: the call goes back to its former bridge.
  ~BlindTransfer();
  BlindTransfer(const BlindTransfer&) = delete;
  BlindTransfer& operator=(const BlindTransfer&) = delete;

  void start();
  void cancel();
  [[nodiscard]] std::vector<model::DialAttempt> attempts() const { return dialer_.attempts(); }

 private:
  void on_answered(Call& peer);
  void on_failed(model::Error error);
  /// The attempt is over; without success the former bridge goes on.
  void close(bool success);

  Environment& env_;
  const model::CallId call_;
  Handlers handlers_;
  Ringback ringback_;
  Dialer dialer_;
  enum class State : std::uint8_t { idle, open, over };
  State state_ = State::idle;
};

/// Why the two cannot be joined: one of them has no media, or they are in one bridge already.
[[nodiscard]] std::optional<model::Error> cannot_join(const Call& call, const Call& with);
/// Takes both calls out of their bridges and bridges them with each other. Errors: as cannot_join().
[[nodiscard]] Result<Bridge*, model::Error> join_calls(Environment& env, Call& call, Call& with);

}  // namespace tandem::call
