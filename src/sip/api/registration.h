// Staying registered at somebody else's registrar: a trunk that wants to know where we are. Refreshes before
// expiry, backs off with jitter, takes what 423 and Retry-After say, and logs out at the end.
#pragma once

#include <chrono>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.h"
#include "base/function.h"
#include "runtime/executor.h"
#include "sip/api/outside.h"

namespace tandem::sip {

struct RegistrationOptions {
  std::string registrar_uri;       ///< Request-URI: "sip:carrier.example".
  std::string address_uri;         ///< Address of record, in From and To.
  std::string next_hop;            ///< As OutsideRequest's; empty: resolve the registrar's URI.
  std::vector<std::string> route;  ///< As OutsideRequest's.
  std::string contact_user;        ///< User of our Contact, by which calls from the trunk are known.
  std::optional<Credentials> credentials;
  std::uint32_t expires_s = 3'600;
  std::chrono::milliseconds timeout{10'000};      ///< Of one attempt.
  std::chrono::milliseconds first_retry{10'000};  ///< Doubled with each failure in a row, up to
  std::chrono::milliseconds longest_retry{600'000};
  /// At least this long after a refusal that a repetition will not change (wrong password, 403, 404).
  std::chrono::milliseconds refused_retry{300'000};
};

struct RegistrationStatus {
  enum class State : std::uint8_t {
    trying,      ///< Nothing known yet.
    registered,  ///< Bound until `until`.
    failing,     ///< No success since; will try again. May still be bound until `until`.
    refused,     ///< As failing, but credentials or address were refused.
    unregistered
  };
  State state = State::trying;
  int sip_code = 0;  ///< Of the last answer; 408 and 503 may be our own (see OutsideResult).
  std::string sip_reason;
  std::optional<TimePoint> until;     ///< End of the binding, if there is one.
  std::optional<TimePoint> next_try;  ///< Refresh or retry.
  std::string contact;                ///< What we registered.
};
[[nodiscard]] std::string_view to_string(RegistrationStatus::State s);

/// One registration. All of it on one executor.
class RegistrationClient {
 public:
  using Observer = Function<void(const RegistrationStatus&)>;
  /// `outside` and `loop` outlive it; `outside` must report on `loop`. `observer` is told of every attempt's
  /// outcome.
  RegistrationClient(RegistrationOptions options, OutsideRequests& outside, runtime::TimerExecutor& loop,
                     Observer observer);
  RegistrationClient(const RegistrationClient&) = delete;
  RegistrationClient& operator=(const RegistrationClient&) = delete;
  /// Falls silent; an answer that is still to come is ignored.
  ~RegistrationClient();

  void start();
  /// Logs out if there is something to log out from; `done` runs once, possibly before stop() returns.
  void stop(Function<void()> done);
  [[nodiscard]] const RegistrationStatus& status() const;

 private:
  struct Impl;
  std::shared_ptr<Impl> impl_;  ///< Shared (weakly) with answers on their way.
};

}  // namespace tandem::sip
