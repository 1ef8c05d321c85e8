#include "rest/problem.h"

#include <fmt/format.h>

#include "wire/writer.h"

namespace tandem::rest {
namespace {

constexpr std::int64_t kDefaultRetryMs = 1'000;

/// Codes of how a call went rather than of what was asked: seen here only inside operations, mapped all the
/// same.
int status_of_outcome(model::ErrorCode code) {
  using enum model::ErrorCode;
  switch (code) {
    case no_answer:
    case rtp_timeout:
    case timeout:
      return 504;
    case forbidden_destination:
      return 403;
    case not_found:
      return 404;
    case busy:
    case rejected:
    case no_trunk:
    case codec_mismatch:
      return 409;
    case unsupported_format:
      return 422;
    case node_lost:
      return 503;
    case record_failed:
    case internal:
      return 500;
    default:
      return 502;  // Somebody else did not do their part: a trunk, a web server, a speech engine.
  }
}

}  // namespace

int status_of(model::ErrorCode code) {
  using enum model::ErrorCode;
  switch (code) {
    case parse_error:
    case invalid_request:
    case unknown_method:
    case invalid_params:
      return 400;
    case unauthenticated:
      return 401;
    case forbidden:
    case wrong_pin:
      return 403;
    case call_not_found:
    case op_not_found:
    case endpoint_not_found:
    case bridge_not_found:
    case session_not_found:
    case conference_not_found:
    case queue_not_found:
    case queue_entry_not_found:
      return 404;
    case call_ended:
    case wrong_state:
    case lane_busy:
    case idempotency_conflict:
    case conference_full:
    case conference_locked:
    case name_taken:
      return 409;
    case frame_too_large:
      return 413;
    case queue_full:
    case rate_limited:
    case cps_exceeded:
    case concurrency_exceeded:
      return 429;
    case not_implemented:
      return 501;
    case no_capacity:
    case node_draining:
      return 503;
    case busy:
    case no_answer:
    case rejected:
    case unreachable:
    case not_found:
    case forbidden_destination:
    case no_trunk:
    case trunk_down:
    case codec_mismatch:
    case sip_error:
    case fetch_failed:
    case unsupported_format:
    case tts_failed:
    case stt_failed:
    case stream_failed:
    case record_failed:
    case rtp_timeout:
    case internal:
    case timeout:
    case node_lost:
      return status_of_outcome(code);
  }
  return 500;
}

net::HttpResponse problem(const model::Error& error, std::optional<int> status) {
  const model::ErrorTraits& traits = model::traits(error.code);
  net::HttpResponse out;
  out.status = status.value_or(status_of(error.code));
  out.content_type = "application/problem+json";
  const bool later = out.status == 429 || out.status == 503;
  // 0: none.
  const std::int64_t retry_after = error.retry_after_ms.value_or(later ? kDefaultRetryMs : 0);
  wire::JsonWriter w(out.body);
  w.begin_object();
  w.key("type");
  w.string("https://schemas.tandem.invalid/v1/errors/" + std::string(traits.code));
  w.key("title");
  w.string(traits.help);
  w.key("status");
  w.integer(std::int64_t{out.status});
  w.key("detail");
  w.string(error.message.empty() ? traits.help : std::string_view(error.message));
  w.key("code");
  w.string(traits.code);
  if (!error.field.empty()) {
    w.key("field");
    w.string(error.field);
  }
  w.key("retry");
  w.string(model::to_string(traits.retry));
  if (retry_after > 0) {
    w.key("retry_after_ms");
    w.integer(retry_after);
    out.headers.emplace_back("Retry-After", fmt::to_string((retry_after + 999) / 1000));
  }
  if (error.sip_code && *error.sip_code >= 100) {
    w.key("sip_code");
    w.integer(std::int64_t{*error.sip_code});
  }
  w.end_object();
  out.headers.emplace_back("Cache-Control", "no-store");
  return out;
}

model::Error fault(model::ErrorCode code, std::string_view field, const std::string& what) {
  model::Error out;
  out.code = code;
  out.field = field;
  out.message = field.empty() ? what : std::string(field) + ": " + what;
  return out;
}

}  // namespace tandem::rest
