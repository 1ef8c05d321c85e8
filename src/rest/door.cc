#include "rest/door.h"

#include <algorithm>
#include <array>
#include <utility>
#include <vector>

#include "base/hmac.h"
#include "base/text.h"
#include "rest/openapi.h"
#include "rest/query.h"
#include "rest/resources.h"

namespace tandem::rest {

using model::ErrorCode;

/// The routes' paths, cut into segments once, and the answer that never changes.
struct Door::Patterns {
  struct Pattern {
    const Route* route;
    std::vector<std::string_view> segments;
  };
  std::vector<Pattern> patterns;
  std::string openapi_tag = "\"" + sha256_hex(openapi_document()).substr(0, 32) + "\"";

  Patterns() {
    for (const Route& route : routes()) {
      Pattern pattern{&route, {}};
      std::string_view rest = route.path.substr(1);
      while (true) {
        const std::size_t slash = rest.find('/');
        pattern.segments.push_back(rest.substr(0, slash));
        if (slash == std::string_view::npos) break;
        rest.remove_prefix(slash + 1);
      }
      patterns.push_back(std::move(pattern));
    }
  }
};

namespace {

bool is_parameter(std::string_view segment) {
  return segment.starts_with('{');
}

bool fits(const std::vector<std::string_view>& pattern, const std::vector<std::string>& path) {
  return std::equal(pattern.begin(), pattern.end(), path.begin(), path.end(),
                    [](std::string_view p, const std::string& s) { return is_parameter(p) || p == s; });
}

model::Error nothing_here() {
  return fault(ErrorCode::not_found, {}, "nothing is at this address");
}

template <class Tag>
bool take_id(const std::string& text, Id<Tag>& out) {
  if (!Id<Tag>::valid(text)) return false;
  out = Id<Tag>(text);
  return true;
}

bool is_record(std::string_view parameter) {
  static constexpr std::array<std::string_view, 6> kAll{"{ApplicationSid}", "{NumberSid}",     "{DomainSid}",
                                                        "{TrunkSid}",       "{CredentialSid}", "{ApiKeySid}"};
  return std::find(kAll.begin(), kAll.end(), parameter) != kAll.end();
}

/// Puts the ids of the path where the resources look for them; false for text that is no id of its kind.
bool take_ids(Exchange& exchange, const std::vector<std::string_view>& pattern) {
  for (std::size_t i = 0; i < pattern.size(); ++i) {
    const std::string& text = exchange.target.segments[i];
    if (pattern[i] == "{AccountSid}" && !take_id(text, exchange.account)) return false;
    if (pattern[i] == "{CallSid}" && !take_id(text, exchange.call)) return false;
    if (pattern[i] == "{OpSid}" && !take_id(text, exchange.op)) return false;
    if (pattern[i] == "{ConferenceSid}" && !take_id(text, exchange.conference)) return false;
    if (pattern[i] == "{QueueSid}" && !take_id(text, exchange.queue)) return false;
    if (pattern[i] == "{EntrySid}" && !take_id(text, exchange.entry)) return false;
    if (pattern[i] == "{IntentSid}" && !take_id(text, exchange.intent)) return false;
    if (pattern[i] == "{RecordingSid}" && !take_id(text, exchange.recording)) return false;
    if (is_record(pattern[i])) {
      const bool valid = pattern[i] == "{ApplicationSid}"  ? model::ApplicationId::valid(text)
                         : pattern[i] == "{NumberSid}"     ? model::NumberId::valid(text)
                         : pattern[i] == "{DomainSid}"     ? model::DomainId::valid(text)
                         : pattern[i] == "{TrunkSid}"      ? model::TrunkId::valid(text)
                         : pattern[i] == "{CredentialSid}" ? model::CredentialId::valid(text)
                                                           : model::ApiKeyId::valid(text);
      if (!valid) return false;
      exchange.record = text;
    }
  }
  // An account is a record too.
  if (exchange.record.empty()) exchange.record = exchange.account.str();
  return true;
}

std::string_view fault_text(KeyFault f) {
  switch (f) {
    case KeyFault::expired:
      return "the API key has expired";
    case KeyFault::revoked:
      return "the API key was revoked";
    case KeyFault::malformed:
    case KeyFault::unknown:
      break;
  }
  return "the API key is not known, or its secret is wrong";
}

void refuse_unauthenticated(Exchange& exchange, bool token_came, std::string_view why) {
  exchange.headers.emplace_back("WWW-Authenticate", token_came
                                                        ? R"(Bearer realm="tandem", error="invalid_token")"
                                                        : R"(Bearer realm="tandem")");
  exchange.refuse(fault(ErrorCode::unauthenticated, "Authorization", std::string(why)));
}

bool is_json(std::string_view content_type) {
  const std::size_t semicolon = std::min(content_type.find(';'), content_type.size());
  if (!equal_no_case(trim(content_type.substr(0, semicolon)), "application/json")) return false;
  const std::string_view more = trim(content_type.substr(std::min(semicolon + 1, content_type.size())));
  return more.empty() || equal_no_case(more, "charset=utf-8") || equal_no_case(more, "charset=\"utf-8\"");
}

/// True when the body, if there is one, is what the door reads.
bool accept_body(Exchange& exchange, std::size_t max_bytes) {
  const net::HttpRequest& request = exchange.request;
  const bool takes_body = exchange.route->method == "POST" || exchange.route->method == "PUT" ||
                          exchange.route->method == "PATCH";
  if (!takes_body || request.body.empty()) return true;
  if (request.body.size() > max_bytes) {
    exchange.refuse(fault(ErrorCode::frame_too_large, {},
                          "the body has more than " + std::to_string(max_bytes) + " bytes"));
    return false;
  }
  const std::string_view encoding = request.header("Content-Encoding");
  if (!encoding.empty() && !equal_no_case(encoding, "identity")) {
    exchange.refuse(fault(ErrorCode::invalid_request, "Content-Encoding", "must be absent"), 415);
    return false;
  }
  if (!is_json(request.header("Content-Type"))) {
    exchange.refuse(fault(ErrorCode::invalid_request, "Content-Type", "must be application/json in UTF-8"),
                    415);
    return false;
  }
  return true;
}

void answer_openapi(Exchange& exchange, const std::string& tag) {
  net::HeaderList headers{{"ETag", tag}, {"Cache-Control", "no-cache"}};
  if (exchange.request.header("If-None-Match").find(tag) != std::string_view::npos) {
    return exchange.answer_empty(304, std::move(headers));
  }
  net::HttpResponse response;
  response.content_type = "application/json";
  response.body = openapi_document();
  response.headers = std::move(headers);
  exchange.send(std::move(response));
}

bool pass_rate_limit(Desk& desk, Exchange& exchange) {
  const auto verdict = desk.limiter.take(exchange.caller.key, desk.now());
  exchange.headers.emplace_back("RateLimit-Limit", std::to_string(desk.limiter.burst()));
  exchange.headers.emplace_back("RateLimit-Remaining", std::to_string(verdict.remaining));
  exchange.headers.emplace_back("RateLimit-Reset", std::to_string(verdict.reset_s));
  if (verdict.pass) return true;
  model::Error error = fault(ErrorCode::rate_limited, {}, "too many requests with this API key");
  error.retry_after_ms = verdict.retry_after_ms;
  exchange.refuse(error);
  return false;
}

bool is_signed_link(const Exchange& exchange) {
  if (exchange.route->action != Action::get_recording_content) return false;
  const auto& query = exchange.target.query;
  const bool is_signed =
      std::any_of(query.begin(), query.end(), [](const auto& p) { return p.first == "signature"; });
  return is_signed && exchange.request.header("Authorization").empty();
}

void dispatch(Desk& desk, ExchangePtr x) {
  switch (x->route->action) {
    case Action::openapi:
      return;  // Answered before, by the door itself.
    case Action::create_call:
      return create_call(desk, std::move(x));
    case Action::list_intents:
      return list_intents(desk, std::move(x));
    case Action::get_intent:
      return get_intent(desk, std::move(x));
    case Action::list_calls:
      return list_calls(desk, std::move(x));
    case Action::get_call:
      return get_call(desk, std::move(x));
    case Action::end_call:
      return end_call(desk, std::move(x));
    case Action::create_operation:
      return create_operation(desk, std::move(x));
    case Action::get_operation:
      return get_operation(desk, std::move(x));
    case Action::cancel_operation:
    case Action::stop_operation:
    case Action::pause_operation:
    case Action::resume_operation:
      return control_operation(desk, std::move(x));
    case Action::list_queues:
      return list_queues(desk, std::move(x));
    case Action::get_queue:
      return get_queue(desk, std::move(x));
    case Action::create_queue:
      return create_queue(desk, std::move(x));
    case Action::replace_queue:
      return replace_queue(desk, std::move(x));
    case Action::delete_queue:
      return delete_queue(desk, std::move(x));
    case Action::create_queue_operation:
      return create_queue_operation(desk, std::move(x));
    case Action::remove_queue_entry:
      return remove_queue_entry(desk, std::move(x));
    case Action::list_endpoints:
      return list_endpoints(desk, std::move(x));
    case Action::list_sessions:
      return list_sessions(desk, std::move(x));
    case Action::list_conferences:
      return list_conferences(desk, std::move(x));
    case Action::create_conference:
      return create_conference(desk, std::move(x));
    case Action::get_conference:
      return get_conference(desk, std::move(x));
    case Action::end_conference:
      return end_conference(desk, std::move(x));
    case Action::create_conference_operation:
      return create_operation(desk, std::move(x));
    case Action::get_conference_operation:
      return get_operation(desk, std::move(x));
    case Action::cancel_conference_operation:
    case Action::stop_conference_operation:
      return control_operation(desk, std::move(x));
    case Action::list_recordings:
      return list_recordings(desk, std::move(x));
    case Action::get_recording:
      return get_recording(desk, std::move(x));
    case Action::delete_recording:
      return delete_recording(desk, std::move(x));
    case Action::get_recording_content:
      return get_recording_content(desk, std::move(x));
    case Action::list_records:
      return list_records(desk, std::move(x));
    case Action::create_record:
      return create_record(desk, std::move(x));
    case Action::get_record:
      return get_record(desk, std::move(x));
    case Action::update_record:
      return update_record(desk, std::move(x));
    case Action::delete_record:
      return delete_record(desk, std::move(x));
    case Action::rotate_api_key:
      return rotate_api_key(desk, std::move(x));
    case Action::list_audit:
      return list_audit(desk, std::move(x));
    case Action::explain_route:
      return explain_route(desk, std::move(x));
  }
}

}  // namespace

Door::Door(DoorOptions options, DoorPorts ports)
    : options_(options),
      access_(ports.access),
      patterns_(std::make_unique<Patterns>()),
      traffic_(std::make_shared<Traffic>(ports.metrics)),
      desk_(std::make_unique<Desk>(options_, ports)) {}

Door::~Door() {
  close();
}

void Door::close() {
  desk_->outbox().close();
}

/// Finds the route. What is decided here needs nothing that threads share.
void Door::handle(net::HttpRequest request, net::HttpServer::Reply reply) {
  auto exchange = std::make_unique<Exchange>(traffic_, std::move(request), std::move(reply));
  if (traffic_->under_way() > options_.max_under_way) {
    return exchange->refuse(fault(ErrorCode::no_capacity, {}, "too many requests are under way"));
  }
  auto target = parse_target(exchange->request.target);
  if (!target)
    return exchange->refuse(fault(ErrorCode::invalid_params, target.error().field, target.error().what));
  exchange->target = std::move(*target);
  const std::string_view method = exchange->request.method == "HEAD"
                                      ? std::string_view("GET")
                                      : std::string_view(exchange->request.method);
  std::string allow;
  const std::vector<std::string_view>* segments = nullptr;
  for (const auto& [route, pattern] : patterns_->patterns) {
    if (!fits(pattern, exchange->target.segments)) continue;
    allow += std::string(route->method) + (route->method == "GET" ? ", HEAD, " : ", ");
    segments = &pattern;
    if (route->method == method) exchange->route = route;
  }
  if (segments == nullptr) return exchange->refuse(nothing_here());
  if (exchange->route == nullptr) {
    exchange->headers.emplace_back("Allow", allow + "OPTIONS");
    if (method == "OPTIONS") return exchange->answer_empty(204);
    return exchange->refuse(
        fault(ErrorCode::unknown_method, {}, "this address does not know the HTTP method"), 405);
  }
  exchange->whole =
      std::none_of(segments->begin(), segments->end(), [](auto part) { return part == "{AccountSid}"; });
  const bool ids_ok = take_ids(*exchange, *segments);
  if (exchange->route->action == Action::openapi) return answer_openapi(*exchange, patterns_->openapi_tag);
  if (!ids_ok) exchange->account = {}, exchange->whole = false;
  admit(std::move(exchange));
}

/// Asks for the key, and hands over to the loop.
void Door::admit(ExchangePtr exchange) {
  if (is_signed_link(*exchange)) {  // The signature is looked at where the recording is.
    desk_->outbox().post([this, x = std::move(exchange)]() mutable { dispatch(*desk_, std::move(x)); });
    return;
  }
  const std::string_view token = net::bearer_token(exchange->request);
  if (token.empty()) {
    return refuse_unauthenticated(*exchange, false, "one header `Authorization: Bearer <API key>` is needed");
  }
  auto caller = access_.authenticate(token);
  if (!caller) return refuse_unauthenticated(*exchange, true, fault_text(caller.error()));
  exchange->caller = std::move(*caller);
  // Another tenant's account and one that does not exist look the same.
  const model::AccountId& account = exchange->account;
  const model::AccountId& own = exchange->caller.account;
  const bool found =
      exchange->whole || (!account.empty() && (own.empty() ? access_.has_account(account) : own == account));
  desk_->outbox().post([this, found, x = std::move(exchange)]() mutable {
    if (!pass_rate_limit(*desk_, *x)) return;
    if (!found) return x->refuse(nothing_here());
    if (!x->caller.may(*x->route->scope)) {
      return x->refuse(fault(ErrorCode::forbidden, {},
                             "the API key lacks the scope " + std::string(to_string(*x->route->scope))));
    }
    if (x->route->operator_only && !x->caller.account.empty()) {
      return x->refuse(fault(ErrorCode::forbidden, {}, "only an operator's key may do this"));
    }
    // Where no resource reads the query there is nothing to ask for.
    if (x->route->query.empty() && !x->target.query.empty()) {
      return x->refuse(*Query(std::move(x->target.query), {}).error());
    }
    if (!accept_body(*x, options_.max_body_bytes)) return;
    dispatch(*desk_, std::move(x));
  });
}

std::string_view to_string(Scope s) {
  switch (s) {
    case Scope::calls_read:
      return "calls:read";
    case Scope::calls_write:
      return "calls:write";
    case Scope::endpoints_read:
      return "endpoints:read";
    case Scope::sessions_read:
      return "sessions:read";
    case Scope::conferences_read:
      return "conferences:read";
    case Scope::conferences_write:
      return "conferences:write";
    case Scope::queues_read:
      return "queues:read";
    case Scope::queues_write:
      return "queues:write";
    case Scope::provisioning_read:
      return "provisioning:read";
    case Scope::provisioning_write:
      return "provisioning:write";
  }
  return {};
}

}  // namespace tandem::rest
