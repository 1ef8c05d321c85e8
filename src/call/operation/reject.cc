// call.reject: a final response of 400 to 699 for an unanswered call.
#include "call/operation/ending.h"
#include "call/operation/verbs.h"
#include "call/resource/call.h"

namespace tandem::call {
namespace {

constexpr const char* kMethod = "call.reject";

class Reject final : public EndingOperation {
 public:
  Reject(Call& c, std::optional<std::int64_t> deadline_ms, FinalResponse response)
      : EndingOperation(c, kMethod, deadline_ms, model::OpReason::rejected), response_(std::move(response)) {}

  void begin() override {
    if (call().refuse(machine::LocalCause::app_reject, std::move(response_))) return;
    finish(failed(wrong_state(call(), kMethod)));
  }
  void on_leg_ended(const sip::Ended& ended) override {
    // Otherwise the caller was faster: the table reports that the call ended.
    if (ended.how == sip::LegEnd::local_reject) EndingOperation::on_leg_ended(ended);
  }

 private:
  FinalResponse response_;
};

}  // namespace

MadeOperation make_operation(Call& call, const model::CallReject& p) {
  if (auto error = check_unanswered(call, kMethod)) return Err(std::move(*error));
  auto headers = checked_headers(p.headers);
  if (!headers) return Err(std::move(headers.error()));
  FinalResponse response;
  response.sip_code = static_cast<int>(p.sip_code);
  response.sip_reason = p.reason.value_or("");
  response.q850_cause = static_cast<int>(p.q850_cause.value_or(0));
  response.headers = std::move(*headers);
  if (auto error = check_line(response.sip_reason, "reason")) return Err(std::move(*error));
  return std::unique_ptr<Operation>(std::make_unique<Reject>(call, p.deadline_ms, std::move(response)));
}

}  // namespace tandem::call
