// The life of a registration of ours as a pure function.
#pragma once

#include <optional>
#include <string>
#include <variant>

#include "base/clock.h"
#include "sip/api/registration.h"

namespace tandem::sip::outside {

/// A binding that the registrar granted.
struct Bound {
  TimePoint until;
};
struct Idle {};
/// A REGISTER is on its way.
struct Asking {
  std::uint32_t expires_s = 0;
  bool raised = false;  ///< A 423 was answered already.
  unsigned failures = 0;
  std::optional<Bound> bound;
};
struct Registered {
  std::uint32_t expires_s = 0;  ///< To ask for next time.
  Bound bound;
};
/// After a failure, until the next try.
struct Waiting {
  std::uint32_t expires_s = 0;
  unsigned failures = 0;
  std::optional<Bound> bound;
};
/// stop() came while a REGISTER was on its way: its outcome decides whether there is something to take back.
struct StoppingSoon {
  std::optional<Bound> bound;
};
/// The REGISTER with Expires 0 is on its way.
struct Leaving {};
struct Stopped {};
using RegistrationState = std::variant<Idle, Asking, Registered, Waiting, StoppingSoon, Leaving, Stopped>;

struct Start {};
struct TimerFired {};
struct Stop {};
using RegistrationEvent = std::variant<Start, TimerFired, OutsideResult, Stop>;

struct RegistrationStep {
  RegistrationState state;
  std::optional<std::uint32_t> send;  ///< A REGISTER with this Expires.
  std::optional<TimePoint> wake;      ///< TimerFired then.
  std::optional<RegistrationStatus> report;
};

/// `chance`: random in [0, 1), for jitter. Events that make no sense in a state change nothing.
[[nodiscard]] RegistrationStep step(const RegistrationState& state, const RegistrationEvent& event,
                                    TimePoint now, const RegistrationOptions& options, double chance);

/// For how long a 2xx bound our Contact, in seconds.
[[nodiscard]] std::uint32_t granted_s(const OutsideResult& result, std::uint32_t asked_s);

}  // namespace tandem::sip::outside
