// Why a call ended: one value, built in one place (call/machine/verdict_rules), printed by CDR, event, metric
// and log.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace tandem::model {

/// Closed list; the text form is what events and CDRs carry.
enum class EndReason : std::uint8_t {
  hangup,              ///< Either side hung up an answered call.
  cancelled,           ///< The caller gave up before an answer.
  rejected,            ///< The application (or the callee) declined.
  redirected,          ///< 3xx by the application.
  transferred,         ///< Its party was transferred away from it.
  replaced,            ///< Another call took its place (RFC 3891).
  answered_elsewhere,  ///< Another target of the same dial answered first.
  screened_out,        ///< The called party did not accept the call.
  bridge_ended,        ///< The other call of its bridge left.
  busy,
  no_answer,
  not_found,  ///< No route for the called number.
  unreachable,
  app_unreachable,   ///< Neither URL nor fallback took the call.
  app_timeout,       ///< The application took the session and never acted on the call.
  app_disconnected,  ///< on_disconnect: hangup or play_then_hangup.
  orphan_expired,    ///< Outlived orphan_max_duration without a session.
  max_duration,
  codec_mismatch,
  media_timeout,    ///< No RTP for the configured time.
  session_expired,  ///< Session timer (RFC 4028).
  no_ack,           ///< 200 never acknowledged.
  transport_error,
  sip_error,  ///< A final response or protocol fault with no closer reason.
  overloaded,
  limit_exceeded,  ///< Rate or concurrency limit of an account.
  node_draining,
  node_lost,  ///< Closed by its successor after a crash.
  internal
};
enum class Party : std::uint8_t { caller, callee, application, platform };
enum class VerdictClass : std::uint8_t { success, client_error, server_error, upstream_error, indeterminate };

struct Verdict {
  EndReason reason = EndReason::internal;
  Party party = Party::platform;
  int sip_code = 0;    ///< The final response or, after an answer, 200.
  int q850_cause = 0;  ///< ITU-T Q.850, as in the Reason header (RFC 3326).
  VerdictClass verdict_class = VerdictClass::indeterminate;
  bool retryable = false;
  std::string detail;  ///< For people; may be empty.
  friend bool operator==(const Verdict&, const Verdict&) = default;
};

[[nodiscard]] std::string_view to_string(EndReason reason);
[[nodiscard]] std::string_view to_string(Party party);
[[nodiscard]] std::string_view to_string(VerdictClass c);

}  // namespace tandem::model
