// call.send_sip: a request within the dialog; completes with the peer's final response.
#include <fmt/format.h>

#include "call/operation/verbs.h"
#include "call/resource/call.h"

namespace tandem::call {
namespace {

constexpr const char* kMethod = "call.send_sip";

class SendSip final : public CallOperation {
 public:
  SendSip(Call& c, OperationTraits traits, sip::InDialogMessage message)
      : CallOperation(c, traits), message_(std::move(message)) {}

  void begin() override {
    if (!machine::answered(call().leg())) return finish(failed(wrong_state(call(), kMethod)));
    tag_ = call().next_play_id();
    call().env().deps.agent.send_request(call().id(), tag_, std::move(message_));
  }
  void on_request_result(std::uint64_t tag, int sip_code) override {
    if (tag != tag_) return;
    const model::CallSendSipResult result{.sip_code = sip_code};
    if (sip_code >= 200 && sip_code < 300) return finish(succeeded(model::OpReason::sent, result));
    model::Error error =
        make_error(model::ErrorCode::sip_error, fmt::format("the peer answered {}", sip_code));
    error.sip_code = sip_code;
    finish(failed(std::move(error), result));
  }

 private:
  sip::InDialogMessage message_;
  std::uint64_t tag_ = 0;
};

}  // namespace

MadeOperation make_operation(Call& call, const model::CallSendSip& p) {
  if (!machine::answered(call.leg()) && !call.ops().media_on_its_way())
    return Err(wrong_state(call, kMethod));
  auto headers = checked_headers(p.headers);
  if (!headers) return Err(std::move(headers.error()));
  sip::InDialogMessage message;
  message.method = std::string(to_string(p.method));
  message.content_type = p.content_type.value_or("");
  message.body = p.body.value_or("");
  message.headers = std::move(*headers);
  if (auto error = check_line(message.content_type, "content_type")) return Err(std::move(*error));
  OperationTraits traits{.method = kMethod, .lanes = machine::kSignalling, .deadline_ms = p.deadline_ms};
  return std::unique_ptr<Operation>(std::make_unique<SendSip>(call, traits, std::move(message)));
}

}  // namespace tandem::call
