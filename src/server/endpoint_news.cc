#include "server/endpoint_news.h"

#include <algorithm>

namespace tandem::server {
namespace {

model::SipTransport transport_of(const std::string& name) {
  if (name == "tcp") return model::SipTransport::tcp;
  if (name == "tls") return model::SipTransport::tls;
  return model::SipTransport::udp;
}

model::UnregisterReason reason_of(registrar::UnregisterReason reason) {
  switch (reason) {
    case registrar::UnregisterReason::expired:
      return model::UnregisterReason::expired;
    case registrar::UnregisterReason::replaced:
      return model::UnregisterReason::replaced;
    case registrar::UnregisterReason::removed:
    case registrar::UnregisterReason::none:
      break;
  }
  return model::UnregisterReason::removed;
}

}  // namespace

model::EndpointInfo endpoint_info(const cluster::Endpoint& endpoint) {
  model::EndpointInfo info;
  info.id = endpoint.id;
  if (!endpoint.domain_id.empty()) info.domain_id = endpoint.domain_id;
  info.address = endpoint.user + "@" + endpoint.domain;
  const auto& contacts = endpoint.contacts;
  const bool reachable =
      std::any_of(contacts.begin(), contacts.end(), [](const auto& c) { return c.reachable; });
  info.state = contacts.empty()
                   ? model::EndpointState::gone
                   : (reachable ? model::EndpointState::registered : model::EndpointState::unreachable);
  for (const cluster::EndpointContact& c : contacts) {
    model::EndpointContact out;
    out.uri = c.uri;
    out.q = static_cast<double>(c.q_milli) / 1000;
    out.expires_at = c.expires;
    out.source = c.source.str();
    out.transport = transport_of(c.transport);
    if (!c.user_agent.empty()) out.user_agent = c.user_agent;
    out.reachable = c.reachable;
    info.contacts.push_back(std::move(out));
  }
  return info;
}

void EndpointNews::on_endpoint(registrar::EndpointEvent event) {
  std::optional<model::DomainId> domain;
  if (!event.endpoint.domain_id.empty()) domain = event.endpoint.domain_id;
  const model::AccountId account = event.endpoint.account_id;
  model::EndpointInfo info = endpoint_info(event.endpoint);
  switch (event.change) {
    case registrar::EndpointChange::unregistered:
      // One contact of several: the endpoint is still there, with other contacts.
      if (event.endpoint.contacts.empty()) {
        model::EndpointUnregisteredEvent gone;
        gone.endpoint = std::move(info);
        gone.reason = reason_of(event.reason);
        return core_.on_endpoint(account, gone, domain);
      }
      [[fallthrough]];
    case registrar::EndpointChange::registered:
      return core_.on_endpoint(account, model::EndpointRegisteredEvent{std::move(info)}, domain);
    case registrar::EndpointChange::unreachable:
      return core_.on_endpoint(account, model::EndpointUnreachableEvent{std::move(info)}, domain);
    case registrar::EndpointChange::reachable:
      return core_.on_endpoint(account, model::EndpointReachableEvent{std::move(info)}, domain);
  }
}

}  // namespace tandem::server
