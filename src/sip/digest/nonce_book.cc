#include "sip/digest/nonce_book.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>

#include "base/hmac.h"
#include "base/random.h"

namespace tandem::sip {
namespace {

constexpr std::size_t kTimeDigits = 16;
constexpr std::size_t kOwnerDigits = 16;
constexpr std::size_t kRandomBytes = 8;
constexpr std::size_t kBody = kTimeDigits + kOwnerDigits + 2 * kRandomBytes;
constexpr std::size_t kSeal = 32;
constexpr std::int64_t kClockSkewMs = 5000;  // Between the machines that share a secret.

std::int64_t time_of(std::string_view nonce) {
  std::int64_t ms = 0;
  std::from_chars(nonce.data(), nonce.data() + kTimeDigits, ms, 16);
  return ms;
}

}  // namespace

NonceBook::NonceBook(std::string secret, std::chrono::milliseconds lifetime, std::size_t capacity,
                     const Clock& clock)
    : secret_(std::move(secret)),
      lifetime_(lifetime),
      capacity_(std::max<std::size_t>(capacity, 1)),
      clock_(clock) {}

std::string NonceBook::seal(std::string_view body) const {
  return hmac_sha256_hex(secret_, fmt::format("nonce:{}", body)).substr(0, kSeal);
}

std::string NonceBook::issue(std::uint64_t owner) const {
  const std::string body = fmt::format("{:016x}{:016x}", clock_.wall().time_since_epoch().count(), owner) +
                           random_hex(kRandomBytes);
  return body + seal(body);
}

std::optional<std::uint64_t> NonceBook::owner(std::string_view nonce) const {
  if (nonce.size() != kBody + kSeal) return std::nullopt;
  if (!equal_constant_time(seal(nonce.substr(0, kBody)), nonce.substr(kBody))) return std::nullopt;
  std::uint64_t out = 0;
  const std::string_view digits = nonce.substr(kTimeDigits, kOwnerDigits);
  std::from_chars(digits.data(), digits.data() + digits.size(), out, 16);
  return out;
}

NonceState NonceBook::check(std::string_view nonce) const {
  if (!owner(nonce)) return NonceState::forged;
  const std::int64_t issued = time_of(nonce);
  const std::int64_t age = clock_.wall().time_since_epoch().count() - issued;
  if (age > lifetime_.count() || age < -kClockSkewMs) return NonceState::stale;
  const bool may_be_forgotten = static_cast<std::uint64_t>(issued) <= forgotten_up_to_ms_;
  return may_be_forgotten && !used_.contains(nonce) ? NonceState::stale : NonceState::good;
}

NonceState NonceBook::use(std::string_view nonce, std::uint32_t count) {
  if (const NonceState state = check(nonce); state != NonceState::good) return state;
  if (count == 0) return NonceState::replayed;
  Window& window = used_[std::string(nonce)];
  if (count > window.highest) {
    const std::uint32_t shift = count - window.highest;
    window.seen = shift >= 64 ? 0 : window.seen << shift;
    window.seen |= 1U;
    window.highest = count;
    forget_old();
    return NonceState::good;
  }
  const std::uint32_t behind = window.highest - count;
  const std::uint64_t bit = behind >= 64 ? 0 : std::uint64_t{1} << behind;
  if (bit == 0 || (window.seen & bit) != 0) return NonceState::replayed;
  window.seen |= bit;
  return NonceState::good;
}

void NonceBook::forget_old() {
  const std::int64_t oldest = clock_.wall().time_since_epoch().count() - lifetime_.count();
  while (!used_.empty() && (used_.size() > capacity_ || time_of(used_.begin()->first) < oldest)) {
    const auto issued = static_cast<std::uint64_t>(time_of(used_.begin()->first));
    forgotten_up_to_ms_ = std::max(forgotten_up_to_ms_, issued);
    used_.erase(used_.begin());
  }
}

}  // namespace tandem::sip
