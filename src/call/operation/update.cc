// call.update: what becomes of the call when the session breaks, its longest duration, in-band digits, the
// tag.
#include "call/operation/verbs.h"
#include "call/resource/call.h"

namespace tandem::call {
namespace {

constexpr const char* kMethod = "call.update";

class Update final : public CallOperation {
 public:
  Update(Call& c, OperationTraits traits, model::CallUpdate p) : CallOperation(c, traits), p_(std::move(p)) {}

  void begin() override {
    if (p_.on_disconnect) call().set_on_disconnect(std::move(*p_.on_disconnect));
    if (p_.inband_digits) call().media().set_inband_digits(*p_.inband_digits);
    if (p_.tag) call().set_tag(std::move(p_.tag->text));
    if (p_.max_duration_ms) call().set_max_duration(*p_.max_duration_ms);
    finish(succeeded(model::OpReason::applied));
  }

 private:
  model::CallUpdate p_;
};

}  // namespace

MadeOperation make_operation(Call& call, const model::CallUpdate& p) {
  if (p.on_disconnect && p.on_disconnect->play) {
    auto plan = checked_plan(call, *p.on_disconnect->play, "on_disconnect.play");
    if (!plan) return Err(std::move(plan.error()));
  }
  OperationTraits traits{.method = kMethod, .lanes = machine::kNoLane, .deadline_ms = p.deadline_ms};
  return std::unique_ptr<Operation>(std::make_unique<Update>(call, traits, p));
}

}  // namespace tandem::call
