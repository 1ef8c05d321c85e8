#include "server/outbound_router.h"

#include <fmt/format.h>

#include <utility>

#include "base/text.h"
#include "model/sip_uri.h"

namespace tandem::server {
namespace {

using model::ErrorCode;

model::Error error_of(ErrorCode code, std::string message, std::string field = {}) {
  model::Error e;
  e.code = code;
  e.message = std::move(message);
  e.field = std::move(field);
  return e;
}

ErrorCode code_of(trunk::SelectError e) {
  switch (e) {
    case trunk::SelectError::unknown_account:
    case trunk::SelectError::unknown_trunk:
    case trunk::SelectError::no_trunk:
      return ErrorCode::no_trunk;
    case trunk::SelectError::bad_destination:
      return ErrorCode::invalid_params;
    case trunk::SelectError::destination_not_allowed:
    case trunk::SelectError::caller_id_not_allowed:
      return ErrorCode::forbidden_destination;
    case trunk::SelectError::not_implemented:
      return ErrorCode::not_implemented;
    case trunk::SelectError::all_down:
      return ErrorCode::trunk_down;
  }
  return ErrorCode::internal;
}

trunk::Attempt attempt_of(const call::OutboundRoute& route) {
  trunk::Attempt attempt;
  attempt.trunk_id = route.trunk;
  attempt.gateway = route.gateway;
  return attempt;
}

/// What a trunk may show: the user part of a URI; nobody is the trunk's default.
std::string caller_of(std::string_view from) {
  if (from.starts_with("sip:") || from.starts_with("sips:")) {
    from.remove_prefix(from.find(':') + 1);
    const std::size_t at = from.find('@');
    from = at == std::string_view::npos ? std::string_view() : from.substr(0, at);
  }
  return from == "anonymous" ? std::string() : std::string(from);
}

class Place final : public call::TrunkPlace {
 public:
  explicit Place(trunk::Slot slot) : slot_(std::move(slot)) {}

 private:
  trunk::Slot slot_;
};

}  // namespace

std::string uri_host(std::string_view uri) {
  const std::size_t colon = uri.find(':');
  if (colon == std::string_view::npos) return {};
  uri.remove_prefix(colon + 1);
  uri = uri.substr(0, uri.find('?'));
  if (const std::size_t at = uri.rfind('@'); at != std::string_view::npos) uri.remove_prefix(at + 1);
  uri = uri.substr(0, uri.find(';'));
  if (uri.starts_with('[')) return std::string(uri.substr(1, uri.find(']') - 1));
  return std::string(uri.substr(0, uri.find(':')));
}

call::OutboundRoute NodeOutboundRouter::plain(const call::OutboundAim& aim, const std::string& host) const {
  call::OutboundRoute route;
  const bool uri = aim.from.starts_with("sip:") || aim.from.starts_with("sips:");
  const std::string user = aim.from.empty() ? "anonymous" : model::escaped_user(aim.from, ";?/");
  route.call.from_uri = uri ? aim.from : fmt::format("sip:{}@{}", user, host);
  route.call.from_display_name = aim.from_display_name;
  route.call.privacy = aim.withhold_identity ? sip::CallerPrivacy::withheld : sip::CallerPrivacy::none;
  route.call.headers = aim.headers;
  if (aim.target.credentials) {
    const model::DialCredentials& c = *aim.target.credentials;
    route.call.credentials = sip::Credentials{c.username, c.password, c.realm};
  }
  return route;
}

Result<call::OutboundSteps, model::Error> NodeOutboundRouter::routes(const call::OutboundAim& aim) {
  if (aim.target.endpoint) return by_endpoint(aim);
  if (aim.target.number) return by_trunk(aim);
  return by_uri(aim);
}

Result<call::OutboundSteps, model::Error> NodeOutboundRouter::by_trunk(const call::OutboundAim& aim) {
  trunk::DialRequest request;
  request.account_id = aim.account.id;
  request.trunk_id = aim.trunk;
  request.destination = *aim.target.number;
  request.caller_id = caller_of(aim.from);
  request.caller_name = aim.from_display_name;
  request.privacy = aim.withhold_identity ? sip::CallerPrivacy::withheld : sip::CallerPrivacy::none;
  auto attempts = parts_.trunks.select(request);
  if (!attempts) {
    const bool number = attempts.error().error == trunk::SelectError::bad_destination;
    return Err(error_of(code_of(attempts.error().error), attempts.error().detail, number ? "number" : ""));
  }
  call::OutboundSteps steps;
  for (trunk::Attempt& attempt : *attempts) {
    call::OutboundRoute route;
    route.call = std::move(attempt.call);
    for (const auto& header : aim.headers) route.call.headers.push_back(header);
    route.trunk = attempt.trunk_id;
    route.gateway = attempt.gateway;
    route.ring_timeout = attempt.ring_timeout;
    steps.push_back({std::move(route)});
  }
  return steps;
}

Result<call::OutboundSteps, model::Error> NodeOutboundRouter::by_uri(const call::OutboundAim& aim) {
  const std::string& uri = *aim.target.uri;
  const std::string host = uri_host(uri);
  if (host.empty()) return Err(error_of(ErrorCode::invalid_params, "uri: has no host", "uri"));
  if (!trunk::destination_allowed(aim.account, uri))
    return Err(
        error_of(ErrorCode::forbidden_destination, "uri: the account may not call this number", "uri"));
  // A name is resolved by the SIP side; what it leads to is the operator's DNS's business.
  if (const auto ip = model::IpAddress::parse(host); ip && !parts_.policy.permits(*ip)) {
    return Err(error_of(ErrorCode::forbidden_destination,
                        fmt::format("uri: {} is not allowed ({})", host, parts_.policy.denied_by(*ip)),
                        "uri"));
  }
  call::OutboundRoute route = plain(aim, parts_.host);
  route.call.target_uri = uri;
  return call::OutboundSteps{{std::move(route)}};
}

Result<call::OutboundSteps, model::Error> NodeOutboundRouter::by_endpoint(const call::OutboundAim& aim) {
  const std::string& address = *aim.target.endpoint;
  const std::size_t at = address.find('@');
  const std::string domain = lower_case(address.substr(at + 1));
  const cluster::Endpoint* endpoint = parts_.location.find(address.substr(0, at), domain);
  if (endpoint == nullptr || endpoint->account_id != aim.account.id)
    return Err(error_of(ErrorCode::endpoint_not_found, address + " is not registered", "endpoint"));
  std::vector<call::OutboundRoute> routes;
  for (cluster::ContactTarget& target : cluster::targets_of(*endpoint)) {
    call::OutboundRoute route = plain(aim, domain);
    route.call.target_uri = std::move(target.uri);
    route.call.outbound_proxy = std::move(target.next_hop);
    route.call.route = std::move(target.route);
    route.call.to_uri = "sip:" + address;
    route.call.follow_source = true;
    routes.push_back(std::move(route));
  }
  if (routes.empty())
    return Err(error_of(ErrorCode::endpoint_not_found, address + " is not registered", "endpoint"));
  return call::OutboundSteps{std::move(routes)};
}

Result<std::unique_ptr<call::TrunkPlace>, model::Error> NodeOutboundRouter::admit(
    const call::OutboundRoute& route) {
  if (route.trunk.empty()) return std::unique_ptr<call::TrunkPlace>();
  trunk::Admission admission = parts_.trunks.admit(attempt_of(route));
  switch (admission.verdict) {
    case trunk::Admission::Verdict::admitted:
      return std::unique_ptr<call::TrunkPlace>(std::make_unique<Place>(std::move(admission.slot)));
    case trunk::Admission::Verdict::too_fast: {
      model::Error error = error_of(ErrorCode::cps_exceeded, "the trunk's calls per second are used up");
      error.retry_after_ms =
          std::chrono::duration_cast<std::chrono::milliseconds>(admission.retry_after).count();
      return Err(std::move(error));
    }
    case trunk::Admission::Verdict::too_many:
      return Err(error_of(ErrorCode::concurrency_exceeded, "the trunk carries its most calls"));
    case trunk::Admission::Verdict::down:
      break;
  }
  return Err(error_of(ErrorCode::trunk_down, "the gateway is down"));
}

void NodeOutboundRouter::heard_from(const call::OutboundRoute& route) {
  if (!route.trunk.empty()) parts_.trunks.heard_from(attempt_of(route));
}

call::NextRoute NodeOutboundRouter::report(const call::OutboundRoute& route, const sip::Ended* ended) {
  if (ended == nullptr) {
    heard_from(route);
    return call::NextRoute::stop;
  }
  const trunk::Judgement judgement = trunk::judge(*ended);
  if (!route.trunk.empty()) parts_.trunks.report(attempt_of(route), judgement);
  switch (judgement.next) {
    case trunk::Next::stop:
      return call::NextRoute::stop;
    case trunk::Next::gateway:
      return call::NextRoute::next;
    case trunk::Next::trunk:
      return call::NextRoute::other_trunk;
  }
  return call::NextRoute::stop;
}

}  // namespace tandem::server
