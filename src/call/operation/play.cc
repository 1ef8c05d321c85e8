// call.play: a list of files, speech, tones and silence.
#include "call/operation/playing.h"
#include "call/operation/verbs.h"

namespace tandem::call {
namespace {

constexpr const char* kMethod = "call.play";

class Play final : public PlayingOperation {
 public:
  using PlayingOperation::PlayingOperation;

 protected:
  [[nodiscard]] model::OpResult result(std::int64_t heard_ms) const override {
    return model::CallPlayResult{.heard_ms = heard_ms};
  }
};

}  // namespace

MadeOperation make_operation(Call& call, const model::CallPlay& p) {
  if (auto error = check_media(call, kMethod)) return Err(std::move(*error));
  auto plan = checked_plan(call, p.play, "");
  if (!plan) return Err(std::move(plan.error()));
  plan->max_duration_ms = p.max_duration_ms.value_or(0);
  OperationTraits traits{.method = kMethod, .lanes = machine::kSpeak, .when_busy = busy_rule(p.when_busy)};
  traits.deadline_ms = p.deadline_ms;
  traits.progress_interval_ms = p.progress_interval_ms;
  traits.plays = true;
  return std::unique_ptr<Operation>(std::make_unique<Play>(call, traits, std::move(*plan)));
}

}  // namespace tandem::call
