// Slows down guessing: failures of one kind of party (an address, a user) empty a bucket; then it is held up,
// twice as long each time. One thread.
#pragma once

#include <string>

#include "base/clock.h"
#include "sip/access/bounded_map.h"
#include "sip/api/registrar.h"

namespace tandem::sip {

class FailureLimiter {
 public:
  enum class Gate : std::uint8_t {
    open,
    refuse,  ///< Held up; answer with 403.
    drop     ///< Held up, and told so often enough.
  };
  FailureLimiter(const FailureLimit& limit, std::size_t max_tracked, int answers_while_blocked);

  [[nodiscard]] Gate gate(const std::string& party, TimePoint now);
  void fail(const std::string& party, TimePoint now);
  [[nodiscard]] std::size_t tracked() const { return parties_.size(); }

 private:
  struct Record {
    double tokens = -1;  ///< Negative: new, full.
    TimePoint last{};
    TimePoint blocked_until{};
    unsigned blocks = 0;  ///< In a row.
    int answered = 0;     ///< In this block.
  };
  [[nodiscard]] Duration block_of(unsigned blocks) const;

  const FailureLimit limit_;
  const int answers_while_blocked_;
  BoundedMap<std::string, Record> parties_;
};

}  // namespace tandem::sip
