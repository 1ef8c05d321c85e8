#include "call/operation/digit_input.h"

#include <utility>

#include "call/operation/operation.h"

namespace tandem::call {

Result<DigitInputSpec, model::Error> checked_input(const model::CollectInput& input,
                                                   const std::string& field) {
  const auto at = [&field](const char* name) {
    return field.empty() ? std::string(name) : field + "." + name;
  };
  const auto invalid = [](const std::string& where, const char* what) {
    return Err(make_error(model::ErrorCode::invalid_params, where + ": " + what, where));
  };
  if (!input.digits) return invalid(at("digits"), "is required");
  const model::CollectDigits& digits = *input.digits;
  DigitInputSpec spec;
  spec.rules.min = static_cast<std::size_t>(digits.min);
  spec.rules.max = static_cast<std::size_t>(digits.max);
  spec.rules.terminators = digits.terminators;
  if (spec.rules.min > spec.rules.max) return invalid(at("digits.min"), "is more than max");
  if (digits.pattern) {
    spec.rules.pattern = machine::DigitPattern::parse(*digits.pattern);
    if (!spec.rules.pattern) return invalid(at("digits.pattern"), "cannot be understood");
  }
  spec.first_timeout = std::chrono::milliseconds(input.first_input_timeout_ms);
  spec.inter_digit_timeout = std::chrono::milliseconds(digits.inter_digit_timeout_ms);
  return spec;
}

DigitInput::DigitInput(runtime::TimerExecutor& loop, DigitInputSpec spec,
                       Function<void(machine::Collected)> on_done)
    : spec_(std::move(spec)), collector_(spec_.rules), on_done_(std::move(on_done)), timer_(loop) {}

void DigitInput::reset() {
  timer_.cancel();
  collector_.reset();
  open_ = true;
}

void DigitInput::start_waiting() {
  // Digits that came already run on the inter-digit timer.
  if (open_ && collector_.digits().empty()) wait(spec_.first_timeout);
}

void DigitInput::digit(char c) {
  if (!open_) return;
  if (auto result = collector_.digit(c)) {
    done(std::move(*result));
    return;
  }
  wait(spec_.inter_digit_timeout);
}

void DigitInput::wait(std::chrono::milliseconds time) {
  timer_.set(time, [this] { done(collector_.time_out()); });
}

void DigitInput::done(machine::Collected collected) {
  close();
  on_done_(std::move(collected));
}

void DigitInput::close() {
  timer_.cancel();
  open_ = false;
}

}  // namespace tandem::call
