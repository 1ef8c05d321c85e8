#include "call/machine/dial_rules.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

namespace tandem::call::machine {

using model::AttemptOutcome;
using model::EndReason;
using model::ErrorCode;

AttemptOutcome outcome_of(const model::Verdict& verdict) {
  switch (verdict.reason) {
    case EndReason::busy:
      return AttemptOutcome::busy;
    case EndReason::no_answer:
      return AttemptOutcome::no_answer;
    case EndReason::rejected:
    case EndReason::redirected:
      return AttemptOutcome::rejected;
    case EndReason::not_found:
      return AttemptOutcome::not_found;
    case EndReason::unreachable:
    case EndReason::transport_error:
      return AttemptOutcome::unreachable;
    case EndReason::cancelled:
    case EndReason::answered_elsewhere:
      return AttemptOutcome::cancelled;
    case EndReason::screened_out:
      return AttemptOutcome::screened_out;
    case EndReason::hangup:
      return AttemptOutcome::screened_out;  // Answered and hung up before it was accepted.
    case EndReason::limit_exceeded:
      return AttemptOutcome::not_allowed;
    default:
      return AttemptOutcome::failed;
  }
}

AttemptOutcome outcome_of(ErrorCode refusal) {
  switch (refusal) {
    case ErrorCode::endpoint_not_found:
    case ErrorCode::not_found:
      return AttemptOutcome::not_found;
    case ErrorCode::trunk_down:
    case ErrorCode::unreachable:
      return AttemptOutcome::unreachable;
    case ErrorCode::forbidden_destination:
    case ErrorCode::no_trunk:
    case ErrorCode::cps_exceeded:
    case ErrorCode::concurrency_exceeded:
    case ErrorCode::node_draining:
      return AttemptOutcome::not_allowed;
    default:
      return AttemptOutcome::failed;
  }
}

namespace {

struct Meaning {
  AttemptOutcome outcome;
  ErrorCode code;
  const char* message;
};
// The most telling first.
constexpr std::array<Meaning, 9> kMeanings{{
    {AttemptOutcome::rejected, ErrorCode::rejected, "the called party declined"},
    {AttemptOutcome::screened_out, ErrorCode::rejected, "the called party did not accept the call"},
    {AttemptOutcome::busy, ErrorCode::busy, "the called party is busy"},
    {AttemptOutcome::no_answer, ErrorCode::no_answer, "nobody answered in time"},
    {AttemptOutcome::not_allowed, ErrorCode::forbidden_destination, "the call is not allowed"},
    {AttemptOutcome::not_found, ErrorCode::not_found, "the number or address does not exist"},
    {AttemptOutcome::failed, ErrorCode::sip_error, "the peer answered with an error"},
    {AttemptOutcome::unreachable, ErrorCode::unreachable, "the called party cannot be reached"},
    {AttemptOutcome::cancelled, ErrorCode::no_answer, "nobody answered in time"},
}};

}  // namespace

std::optional<std::size_t> most_telling(const std::vector<model::DialAttempt>& attempts) {
  for (const Meaning& m : kMeanings) {
    const auto found = std::find_if(attempts.begin(), attempts.end(),
                                    [&m](const model::DialAttempt& a) { return a.outcome == m.outcome; });
    if (found != attempts.end()) return static_cast<std::size_t>(found - attempts.begin());
  }
  return std::nullopt;
}

model::Error dial_error(const std::vector<model::DialAttempt>& attempts, bool timed_out) {
  model::Error error;
  error.code = timed_out ? ErrorCode::no_answer : ErrorCode::unreachable;
  error.message = timed_out ? "nobody answered in time" : "there was nobody to call";
  const auto telling = most_telling(attempts);
  if (!telling) return error;
  const model::DialAttempt& attempt = attempts[*telling];
  const auto* meaning = std::find_if(kMeanings.begin(), kMeanings.end(),
                                     [&](const Meaning& m) { return m.outcome == attempt.outcome; });
  error.code = meaning->code;
  error.message =
      attempt.reason.empty() ? meaning->message : fmt::format("{}: {}", meaning->message, attempt.reason);
  if (attempt.sip_code > 0) error.sip_code = static_cast<int>(attempt.sip_code);
  return error;
}

}  // namespace tandem::call::machine
