// call.redirect: a 3xx response with contacts for an unanswered call.
#include "call/operation/ending.h"
#include "call/operation/verbs.h"
#include "call/resource/call.h"

namespace tandem::call {
namespace {

constexpr const char* kMethod = "call.redirect";

class Redirect final : public EndingOperation {
 public:
  Redirect(Call& c, std::optional<std::int64_t> deadline_ms, FinalResponse response)
      : EndingOperation(c, kMethod, deadline_ms, model::OpReason::redirected),
        response_(std::move(response)) {}

  void begin() override {
    if (call().refuse(machine::LocalCause::app_redirect, std::move(response_))) return;
    finish(failed(wrong_state(call(), kMethod)));
  }
  void on_leg_ended(const sip::Ended& ended) override {
    if (ended.how == sip::LegEnd::local_reject) EndingOperation::on_leg_ended(ended);
  }

 private:
  FinalResponse response_;
};

}  // namespace

MadeOperation make_operation(Call& call, const model::CallRedirect& p) {
  if (auto error = check_unanswered(call, kMethod)) return Err(std::move(*error));
  auto headers = checked_headers(p.headers);
  if (!headers) return Err(std::move(headers.error()));
  if (p.contacts.empty()) {
    return Err(make_error(model::ErrorCode::invalid_params, "contacts: must not be empty", "contacts"));
  }
  FinalResponse response;
  response.sip_code = static_cast<int>(p.sip_code);
  response.contacts = p.contacts;
  response.headers = std::move(*headers);
  return std::unique_ptr<Operation>(std::make_unique<Redirect>(call, p.deadline_ms, std::move(response)));
}

}  // namespace tandem::call
