// call.hangup: BYE once answered, 603 before.
#include "call/operation/ending.h"
#include "call/operation/verbs.h"
#include "call/resource/call.h"

namespace tandem::call {
namespace {

constexpr const char* kMethod = "call.hangup";

class Hangup final : public EndingOperation {
 public:
  Hangup(Call& c, std::optional<std::int64_t> deadline_ms, Goodbye goodbye)
      : EndingOperation(c, kMethod, deadline_ms, model::OpReason::hung_up), goodbye_(std::move(goodbye)) {}

  void begin() override {
    if (call().leg_over()) return finish(succeeded(model::OpReason::hung_up));
    // When the call is being ended already, its end completes this one as well.
    call().release(machine::LocalCause::app_hangup, std::move(goodbye_));
  }

 private:
  Goodbye goodbye_;
};

}  // namespace

MadeOperation make_operation(Call& call, const model::CallHangup& p) {
  auto headers = checked_headers(p.headers);
  if (!headers) return Err(std::move(headers.error()));
  Goodbye goodbye;
  goodbye.q850_cause = static_cast<int>(p.q850_cause.value_or(0));
  goodbye.reason_text = p.reason.value_or("");
  goodbye.headers = std::move(*headers);
  if (auto error = check_line(goodbye.reason_text, "reason")) return Err(std::move(*error));
  return std::unique_ptr<Operation>(std::make_unique<Hangup>(call, p.deadline_ms, std::move(goodbye)));
}

}  // namespace tandem::call
