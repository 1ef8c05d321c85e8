// Collecting digits with its timers, for collect and prompt. Digits that are pressed while nothing listens
// are call.dtmf events and no more: there is no type-ahead from one operation to the next.
#pragma once

#include <chrono>
#include <optional>
#include <string>

#include "base/function.h"
#include "base/result.h"
#include "call/machine/digit_collector.h"
#include "model/error.h"
#include "model/request.h"
#include "runtime/executor.h"

namespace tandem::call {

struct DigitInputSpec {
  machine::DigitRules rules;
  std::chrono::milliseconds first_timeout{5000};
  std::chrono::milliseconds inter_digit_timeout{3000};
};
/// Checks; errors name the field below `field` ("" for collect, "collect" for prompt).
[[nodiscard]] Result<DigitInputSpec, model::Error> checked_input(const model::CollectInput& input,
                                                                 const std::string& field);

class DigitInput {
 public:
  /// `on_done` comes at most once for each reset(), possibly within digit().
  DigitInput(runtime::TimerExecutor& loop, DigitInputSpec spec, Function<void(machine::Collected)> on_done);

  /// Starts anew: nothing entered, no timer running.
  void reset();
  /// From now on `no_input` is possible.
  void start_waiting();
  void digit(char c);
  /// No timer, no more digits.
  void close();

  [[nodiscard]] const std::string& digits() const { return collector_.digits(); }
  [[nodiscard]] machine::Collected so_far() const { return collector_.stop(); }

 private:
  void wait(std::chrono::milliseconds time);
  void done(machine::Collected collected);

  DigitInputSpec spec_;
  machine::DigitCollector collector_;
  Function<void(machine::Collected)> on_done_;
  runtime::Timer timer_;
  bool open_ = true;
};

}  // namespace tandem::call
