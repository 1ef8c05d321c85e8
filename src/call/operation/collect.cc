// call.collect: digits.
#include "call/operation/digit_input.h"
#include "call/operation/verbs.h"
#include "call/resource/call.h"

namespace tandem::call {
namespace {

using machine::Collected;
constexpr const char* kMethod = "call.collect";

class Collect final : public CallOperation {
 public:
  Collect(Call& c, OperationTraits traits, DigitInputSpec spec)
      : CallOperation(c, traits),
        input_(c.env().deps.loop, std::move(spec), [this](const Collected& got) { on_input(got); }) {}

  void begin() override { input_.start_waiting(); }
  void halt() override {
    input_.close();
    finish(succeeded(model::OpReason::stopped, result_so_far()));
  }
  [[nodiscard]] model::OpResult result_so_far() const override { return result(input_.so_far()); }
  void on_digit(char c) override { input_.digit(c); }
  void on_leg_ended(const sip::Ended&) override { input_.close(); }

 private:
  static model::OpResult result(const Collected& got) {
    model::CallCollectResult r;
    r.type = model::InputType::digits;
    r.value = got.value;
    if (!got.terminator.empty()) r.terminator = got.terminator;
    return r;
  }
  void on_input(const Collected& got) {
    switch (got.how) {
      case Collected::How::match:
        return finish(succeeded(model::OpReason::match, result(got)));
      case Collected::How::no_match:
        return finish(succeeded(model::OpReason::no_match, result(got)));
      case Collected::How::no_input:
        return finish(succeeded(model::OpReason::no_input, result(got)));
      case Collected::How::stopped:
        return finish(succeeded(model::OpReason::stopped, result(got)));
    }
  }

  DigitInput input_;
};

}  // namespace

MadeOperation make_operation(Call& call, const model::CallCollect& p) {
  if (auto error = check_media(call, kMethod)) return Err(std::move(*error));
  auto spec = checked_input(p.input, "");
  if (!spec) return Err(std::move(spec.error()));
  OperationTraits traits{.method = kMethod, .lanes = machine::kListen, .when_busy = busy_rule(p.when_busy)};
  traits.deadline_ms = p.deadline_ms;
  return std::unique_ptr<Operation>(std::make_unique<Collect>(call, traits, std::move(*spec)));
}

}  // namespace tandem::call
