// Nonces of the digest server: made without memory, remembered only once used, so that strangers cannot fill
// it.
#pragma once

#include <chrono>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>

#include "base/clock.h"

namespace tandem::sip {

enum class NonceState : std::uint8_t {
  good,
  forged,   ///< Not one of ours.
  stale,    ///< Ours, but too old, or older than what the full table forgot.
  replayed  ///< This nonce count was used before, or is far below the highest.
};

/// One thread. Whoever knows `secret` accepts the nonces of all who share it, but counts on its own.
class NonceBook {
 public:
  NonceBook(std::string secret, std::chrono::milliseconds lifetime, std::size_t capacity, const Clock& clock);

  /// Time, `owner` (a mark of whom the nonce was given to), randomness and an HMAC over all three.
  [[nodiscard]] std::string issue(std::uint64_t owner = 0) const;
  /// The owner of a nonce of ours, however old; null for others.
  [[nodiscard]] std::optional<std::uint64_t> owner(std::string_view nonce) const;
  /// Good, forged or stale; remembers nothing.
  [[nodiscard]] NonceState check(std::string_view nonce) const;
  /// check(), then takes `count` off the nonce's window of 64. Call it for proven responses only.
  [[nodiscard]] NonceState use(std::string_view nonce, std::uint32_t count);
  [[nodiscard]] std::size_t remembered() const { return used_.size(); }

 private:
  struct Window {
    std::uint32_t highest = 0;
    std::uint64_t seen = 0;  ///< Bit n: highest - n was used.
  };
  /// Whole nonce; begins with the time in fixed width, so that the first is the oldest.
  using Used = std::map<std::string, Window, std::less<>>;

  [[nodiscard]] std::string seal(std::string_view body) const;
  void forget_old();

  const std::string secret_;
  const std::chrono::milliseconds lifetime_;
  const std::size_t capacity_;
  const Clock& clock_;
  Used used_;
  std::uint64_t forgotten_up_to_ms_ = 0;  ///< Nonces of this time or before may have been used and forgotten.
};

}  // namespace tandem::sip
