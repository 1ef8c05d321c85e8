// What reject, redirect and hangup have in common: they run at once, whatever else holds the signalling lane,
// since they end the call under it; and they complete when the SIP side confirms.
#pragma once

#include "call/operation/operation.h"

namespace tandem::call {

class EndingOperation : public CallOperation {
 public:
  EndingOperation(Call& c, const char* method, std::optional<std::int64_t> deadline_ms,
                  model::OpReason reason)
      : CallOperation(c, traits_of(method, deadline_ms)), reason_(reason) {}

  void on_leg_ended(const sip::Ended&) override { finish(succeeded(reason_)); }

 private:
  static OperationTraits traits_of(const char* method, std::optional<std::int64_t> deadline_ms) {
    OperationTraits traits{.method = method, .lanes = machine::kNoLane, .deadline_ms = deadline_ms};
    traits.acts_on_call = true;
    traits.ends_call = true;
    traits.irrevocable = true;
    return traits;
  }
  model::OpReason reason_;
};

}  // namespace tandem::call
