#include "sip/dialog/session_timer.h"

#include <algorithm>

namespace tandem::sip::dialog {

bool interval_too_small(const SessionTimerRequest& request, const SessionTimerLimits& limits) {
  return request.timer_supported && request.session_expires_s && *request.session_expires_s < limits.min_se_s;
}

SessionTimer answer_session_timer(const SessionTimerRequest& request, const SessionTimerLimits& limits) {
  SessionTimer out;
  const std::uint32_t floor = std::max(limits.min_se_s, request.min_se_s.value_or(0));
  // We may shorten what was asked, never lengthen it, and never go below the larger Min-SE.
  out.interval_s =
      std::min(request.session_expires_s.value_or(limits.session_expires_s), limits.session_expires_s);
  out.interval_s = std::max(out.interval_s, floor);
  // Without the caller's support only we can refresh; otherwise the caller does it unless it said no.
  out.refresher = !request.timer_supported ? Refresher::uas : request.refresher.value_or(Refresher::uac);
  out.we_refresh = out.refresher == Refresher::uas;
  return out;
}

std::optional<SessionTimer> accept_session_timer(std::optional<std::uint32_t> session_expires_s,
                                                 std::optional<Refresher> refresher) {
  if (!session_expires_s || *session_expires_s == 0) return std::nullopt;
  SessionTimer out;
  out.interval_s = *session_expires_s;
  out.refresher = refresher.value_or(Refresher::uac);
  out.we_refresh = out.refresher == Refresher::uac;
  return out;
}

std::chrono::milliseconds refresh_after(const SessionTimer& timer) {
  return std::chrono::milliseconds(std::uint64_t{timer.interval_s} * 500);
}

std::chrono::milliseconds expire_after(const SessionTimer& timer) {
  const std::uint64_t interval_ms = std::uint64_t{timer.interval_s} * 1000;
  return std::chrono::milliseconds(interval_ms - std::min<std::uint64_t>(32'000, interval_ms / 3));
}

}  // namespace tandem::sip::dialog
