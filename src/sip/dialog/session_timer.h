// Session timers (RFC 4028) as arithmetic: what to answer, who refreshes, when to refresh and when to give
// up.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>

namespace tandem::sip::dialog {

enum class Refresher : std::uint8_t { uac, uas };

struct SessionTimerLimits {
  std::uint32_t session_expires_s = 1800;
  std::uint32_t min_se_s = 90;
};

/// What a session refresh request (INVITE or UPDATE) said.
struct SessionTimerRequest {
  std::optional<std::uint32_t> session_expires_s;
  std::optional<std::uint32_t> min_se_s;
  std::optional<Refresher> refresher;
  bool timer_supported = false;
};

struct SessionTimer {
  std::uint32_t interval_s = 0;
  Refresher refresher = Refresher::uas;  ///< uac and uas as in the request that was answered.
  bool we_refresh = false;
  friend bool operator==(const SessionTimer&, const SessionTimer&) = default;
};

/// True: answer 422 with our Min-SE (RFC 4028 section 9).
[[nodiscard]] bool interval_too_small(const SessionTimerRequest& request, const SessionTimerLimits& limits);
/// The timer that our 2xx announces; Require: timer goes with it when the peer refreshes.
[[nodiscard]] SessionTimer answer_session_timer(const SessionTimerRequest& request,
                                                const SessionTimerLimits& limits);
/// The timer that the peer's 2xx to our request announced; nothing: the session does not expire.
[[nodiscard]] std::optional<SessionTimer> accept_session_timer(std::optional<std::uint32_t> session_expires_s,
                                                               std::optional<Refresher> refresher);

/// After how long we refresh: half the interval.
[[nodiscard]] std::chrono::milliseconds refresh_after(const SessionTimer& timer);
/// After how long without a refresh we send BYE: the interval less min(32 s, interval / 3).
[[nodiscard]] std::chrono::milliseconds expire_after(const SessionTimer& timer);

}  // namespace tandem::sip::dialog
