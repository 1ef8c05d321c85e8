#include "call/machine/digit_collector.h"

namespace tandem::call::machine {

Collected DigitCollector::judge(std::string terminator) const {
  const bool long_enough = digits_.size() >= rules_.min && digits_.size() <= rules_.max;
  const bool fits = !rules_.pattern || rules_.pattern->match(digits_).full;
  return {long_enough && fits ? Collected::How::match : Collected::How::no_match, digits_,
          std::move(terminator)};
}

std::optional<Collected> DigitCollector::digit(char c) {
  if (rules_.terminators.find(c) != std::string::npos) return judge(std::string(1, c));
  digits_.push_back(c);
  if (digits_.size() >= rules_.max) return judge({});
  if (rules_.pattern && digits_.size() >= rules_.min) {
    // A match that no further digit can lengthen need not wait for the inter-digit time-out.
    const auto m = rules_.pattern->match(digits_);
    if (m.full && !m.extensible) return judge({});
  }
  return std::nullopt;
}

Collected DigitCollector::time_out() const {
  if (digits_.empty()) return {Collected::How::no_input, {}, {}};
  return judge({});
}

}  // namespace tandem::call::machine
