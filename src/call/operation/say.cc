// call.say: speech from text or SSML.
#include "call/operation/playing.h"
#include "call/operation/verbs.h"

namespace tandem::call {
namespace {

constexpr const char* kMethod = "call.say";

class Say final : public PlayingOperation {
 public:
  using PlayingOperation::PlayingOperation;

 protected:
  [[nodiscard]] model::OpResult result(std::int64_t heard_ms) const override {
    return model::CallSayResult{.heard_ms = heard_ms};
  }
};

}  // namespace

MadeOperation make_operation(Call& call, const model::CallSay& p) {
  if (auto error = check_media(call, kMethod)) return Err(std::move(*error));
  auto speech = checked_speech(call, p.speech, "");
  if (!speech) return Err(std::move(speech.error()));
  PlayPlan plan;
  plan.fields.emplace_back(speech->ssml ? "ssml" : "text");
  plan.sources.emplace_back(std::move(*speech));
  plan.loop = static_cast<std::uint32_t>(p.loop);
  plan.gain_db = p.gain_db;
  plan.max_duration_ms = p.max_duration_ms.value_or(0);
  OperationTraits traits{.method = kMethod, .lanes = machine::kSpeak, .when_busy = busy_rule(p.when_busy)};
  traits.deadline_ms = p.deadline_ms;
  traits.progress_interval_ms = p.progress_interval_ms;
  traits.plays = true;
  return std::unique_ptr<Operation>(std::make_unique<Say>(call, traits, std::move(plan)));
}

}  // namespace tandem::call
