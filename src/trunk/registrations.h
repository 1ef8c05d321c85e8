// The registrations of trunks at their carriers: begun, replaced and ended as
// the rules change.
#pragma once

#include <memory>
#include <vector>

#include "base/function.h"
#include "runtime/executor.h"
#include "sip/api/registration.h"
#include "trunk/trunk_state.h"

namespace tandem::trunk {

class Registrations {
 public:
  using Changed = Function<void(TrunkState&, const sip::RegistrationStatus&)>;
  Registrations(sip::OutsideRequests& outside, runtime::TimerExecutor& loop, Changed changed)
      : outside_(outside), loop_(loop), changed_(std::move(changed)), patience_(loop) {}

  /// Makes `trunk` register as `wanted` says; its `config` is still what it
  /// was.
  void reconcile(const std::shared_ptr<TrunkState>& trunk, const store::Trunk& wanted);
  /// Logs out.
  void end(TrunkState& trunk);
  /// `done` once, when all that were ended have logged out, or after
  /// `patience`.
  void when_all_ended(Duration patience, Function<void()> done);

 private:
  void begin(const std::shared_ptr<TrunkState>& trunk, const store::Trunk& wanted);
  void check_over();

  sip::OutsideRequests& outside_;
  runtime::TimerExecutor& loop_;
  Changed changed_;
  /// Logging out; shared with the task that lets go of one, as it may not be
  /// destroyed in its own callback.
  struct Leaving {
    std::unique_ptr<sip::RegistrationClient> client;
    bool over = false;
  };
  std::vector<std::shared_ptr<Leaving>> leaving_;
  Function<void()> done_;
  runtime::Timer patience_;
};

}  // namespace tandem::trunk
