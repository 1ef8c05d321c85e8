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

namespace {

/// What a problem says, wherever its code comes from.
struct Said {
  int status = 500;
  std::string_view code, title, retry, detail, field;
  std::int64_t retry_after_ms = 0;  ///< 0: none.
  std::optional<int> sip_code{};
};

net::HttpResponse written(const Said& said) {
  net::HttpResponse out;
  out.status = said.status;
  out.content_type = "application/problem+json";
  wire::JsonWriter w(out.body);
  w.begin_object();
  w.key("type");
  w.string("https://schemas.tandem.invalid/v1/errors/" + std::string(said.code));
  w.key("title");
  w.string(said.title);
  w.key("status");
  w.integer(std::int64_t{out.status});
  w.key("detail");
  w.string(said.detail.empty() ? said.title : said.detail);
  w.key("code");
  w.string(said.code);
  if (!said.field.empty()) {
    w.key("field");
    w.string(said.field);
  }
  w.key("retry");
  w.string(said.retry);
  if (said.retry_after_ms > 0) {
    w.key("retry_after_ms");
    w.integer(said.retry_after_ms);
    out.headers.emplace_back("Retry-After", fmt::to_string((said.retry_after_ms + 999) / 1000));
  }
  if (said.sip_code && *said.sip_code >= 100) {
    w.key("sip_code");
    w.integer(std::int64_t{*said.sip_code});
  }
  w.end_object();
  out.headers.emplace_back("Cache-Control", "no-store");
  return out;
}

}  // namespace

net::HttpResponse problem(const model::Error& error, std::optional<int> status) {
  const model::ErrorTraits& traits = model::traits(error.code);
  const int answered = status.value_or(status_of(error.code));
  const bool later = answered == 429 || answered == 503;
  return written({answered, traits.code, traits.help, model::to_string(traits.retry), error.message,
                  error.field, error.retry_after_ms.value_or(later ? kDefaultRetryMs : 0), error.sip_code});
}

net::HttpResponse problem(const store::StoreFailure& f) {
  using enum store::StoreError;
  const std::string detail = f.field.empty() ? f.detail : f.field + ": " + f.detail;
  switch (f.error) {
    case conflict:
      return written({409, "conflict", "Another record has this value.", "fix", detail, f.field});
    case in_use:
      return written({409, "in_use", "Something still refers to it.", "fix", detail, f.field});
    case outdated:
      return written({412, "precondition_failed", "It was changed since.", "refresh", detail, "If-Match"});
    case not_found:
      if (f.field == "id" || f.field == "account_id")
        return problem(fault(model::ErrorCode::not_found, {}, "there is nothing with this id"), std::nullopt);
      [[fallthrough]];
    case invalid:
      return problem(fault(model::ErrorCode::invalid_params, f.field, f.detail), std::nullopt);
    case unavailable:
    case corrupt:
    case newer_schema:
      break;
  }
  return problem(fault(model::ErrorCode::no_capacity, {}, "the database cannot be used now"), std::nullopt);
}

model::Error fault(model::ErrorCode code, std::string_view field, const std::string& what) {
  model::Error out;
  out.code = code;
  out.field = field;
  out.message = field.empty() ? what : std::string(field) + ": " + what;
  return out;
}

}  // namespace tandem::rest
