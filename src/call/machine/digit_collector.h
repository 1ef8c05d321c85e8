// Collecting digits as a value: fed with digits and time-outs, it says when the input is complete and what it
// is. Timers are its owner's.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "call/machine/digit_pattern.h"

namespace tandem::call::machine {

struct DigitRules {
  std::size_t min = 1;
  std::size_t max = 64;
  std::string terminators = "#";
  std::optional<DigitPattern> pattern;
};

struct Collected {
  enum class How : std::uint8_t { match, no_input, no_match, stopped };
  How how = How::no_input;
  std::string value;
  std::string terminator;  ///< The digit that ended the input, or empty.
};

class DigitCollector {
 public:
  explicit DigitCollector(DigitRules rules) : rules_(std::move(rules)) {}

  /// The result when this digit completes the input.
  [[nodiscard]] std::optional<Collected> digit(char c);
  /// First-input or inter-digit time-out: what there is, is all.
  [[nodiscard]] Collected time_out() const;
  [[nodiscard]] Collected stop() const { return {Collected::How::stopped, digits_, {}}; }

  [[nodiscard]] const std::string& digits() const { return digits_; }
  void reset() { digits_.clear(); }

 private:
  [[nodiscard]] Collected judge(std::string terminator) const;

  DigitRules rules_;
  std::string digits_;
};

}  // namespace tandem::call::machine
