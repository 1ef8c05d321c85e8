// What the end of a call attempt through a gateway means: for the next attempt, and for the gateway's health.
// Pure; any thread.
#pragma once

#include <chrono>
#include <cstdint>
#include <string_view>

#include "sip/api/agent.h"

namespace tandem::trunk {

enum class Next : std::uint8_t {
  stop,     ///< The called party (or we) decided: another way leads to the same end.
  gateway,  ///< This gateway failed: the next one of the list.
  trunk     ///< The trunk refuses: the next one of another trunk.
};
[[nodiscard]] std::string_view to_string(Next n);

enum class Health : std::uint8_t {
  unknown,  ///< Says nothing of the gateway.
  alive,
  failing  ///< No answer, or one that says it cannot.
};

struct Judgement {
  Next next = Next::stop;
  Health health = Health::unknown;
  /// From Retry-After of a 503: leave the gateway alone so long, at most 5 minutes (RFC 3261 21.5.4); 0:
  /// none.
  std::chrono::seconds avoid_for{0};
};

/// `ended` is that of an outbound leg that was not answered; one that was (sip_code 200) always stops.
/// Busy, decline, unknown number and the other answers of the called side stop, and so does a 5xx whose
/// Reason carries such a Q.850 cause. Silence, transport errors, 408 and 5xx go on to the next gateway;
/// refusals that concern us or our offer (401, 403, 407, 488, ...) go on to the next trunk.
[[nodiscard]] Judgement judge(const sip::Ended& ended);

}  // namespace tandem::trunk
