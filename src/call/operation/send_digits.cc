// call.send_digits: by RFC 4733, or as tones.
#include "call/operation/verbs.h"
#include "call/resource/call.h"

namespace tandem::call {
namespace {

constexpr const char* kMethod = "call.send_digits";

class SendDigits final : public CallOperation {
 public:
  SendDigits(Call& c, OperationTraits traits, std::string digits, std::uint32_t tone_ms, std::uint32_t gap_ms)
      : CallOperation(c, traits), digits_(std::move(digits)), tone_ms_(tone_ms), gap_ms_(gap_ms) {}

  void begin() override {
    tag_ = call().next_play_id();
    call().env().deps.engine.send_digits(call().id(), tag_, digits_, tone_ms_, gap_ms_);
  }
  void halt() override { call().env().deps.engine.stop_digits(call().id(), tag_); }
  void on_digits_sent(media::PlayId tag, bool complete) override {
    // When the stream closes under it, the table completes it with the call.
    if (tag != tag_ || (!complete && !call().live())) return;
    finish(succeeded(complete ? model::OpReason::sent : model::OpReason::stopped));
  }

 private:
  std::string digits_;
  std::uint32_t tone_ms_;
  std::uint32_t gap_ms_;
  media::PlayId tag_ = 0;
};

}  // namespace

MadeOperation make_operation(Call& call, const model::CallSendDigits& p) {
  if (auto error = check_media(call, kMethod)) return Err(std::move(*error));
  if (p.digits.empty() || p.digits.find_first_not_of("0123456789*#ABCDwW") != std::string::npos) {
    return Err(make_error(model::ErrorCode::invalid_params, "digits: only 0-9 * # A-D w W", "digits"));
  }
  OperationTraits traits{.method = kMethod, .lanes = machine::kSpeak, .when_busy = busy_rule(p.when_busy)};
  traits.deadline_ms = p.deadline_ms;
  return std::unique_ptr<Operation>(std::make_unique<SendDigits>(
      call, traits, p.digits, static_cast<std::uint32_t>(p.tone_ms), static_cast<std::uint32_t>(p.gap_ms)));
}

}  // namespace tandem::call
