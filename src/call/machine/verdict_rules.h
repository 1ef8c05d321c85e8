// The one place that builds a verdict: from what we wanted, what the SIP side saw, and whether the call was
// answered.
#pragma once

#include <cstdint>
#include <string>

#include "model/verdict.h"

namespace tandem::call::machine {

/// Why this side ended the call, if it did.
enum class LocalCause : std::uint8_t {
  none,
  app_hangup,
  app_reject,
  app_redirect,
  not_found,
  app_unreachable,
  app_overloaded,  ///< This node cannot open more sessions.
  app_timeout,
  ring_limit,          ///< Rang too long without an answer.
  answered_elsewhere,  ///< Another target of the same dial answered.
  screened_out,
  transferred,
  replaced,
  bridge_ended,
  app_disconnected,
  orphan_expired,
  max_duration,
  codec_mismatch,
  no_media_capacity,
  media_timeout,
  limit_rate,
  limit_concurrency,
  node_draining,
  node_lost,
  internal
};

/// How the SIP leg ended, as its side saw it (the same as sip::LegEnd, which machines know nothing of).
enum class LegEnd : std::uint8_t {
  local_hangup,
  local_reject,
  peer_bye,
  peer_cancel,
  peer_reject,
  no_ack,
  session_expired,
  timeout,
  transport_error,
  bad_answer,
  dialog_gone,
  shutdown
};

/// The final response with which an unanswered call is refused for `cause`.
struct Refusal {
  int sip_code = 500;
  const char* sip_reason = "Server Internal Error";
  bool retry_after = false;  ///< With a Retry-After header.
};
[[nodiscard]] Refusal refusal(LocalCause cause);

struct EndFacts {
  LocalCause ours = LocalCause::none;
  LegEnd how = LegEnd::local_hangup;
  int sip_code = 0;    ///< As the SIP side reports it; used before an answer.
  int q850_cause = 0;  ///< From the peer, or what the application asked for; 0: by the rules.
  bool answered = false;
  bool outbound = false;
  std::string detail;
};
[[nodiscard]] model::Verdict make_verdict(EndFacts facts);
/// Of an INVITE that the SIP side refused by itself.
[[nodiscard]] model::Verdict refused_verdict(int sip_code);

/// RFC 3398 section 7.2.4.1 and 8.2.6.1, the useful direction: final response to cause.
[[nodiscard]] int q850_for_sip(int sip_code);

}  // namespace tandem::call::machine
