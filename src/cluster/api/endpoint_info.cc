#include "cluster/api/endpoint_info.h"

#include <algorithm>

#include "model/sip_transport.h"

namespace tandem::cluster {

model::EndpointInfo endpoint_info(const Endpoint& endpoint) {
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
  for (const EndpointContact& c : contacts) {
    model::EndpointContact out;
    out.uri = c.uri;
    out.q = static_cast<double>(c.q_milli) / 1000;
    out.expires_at = c.expires;
    out.source = c.source.str();
    out.transport = model::sip_transport_named(c.transport);
    if (!c.user_agent.empty()) out.user_agent = c.user_agent;
    out.reachable = c.reachable;
    info.contacts.push_back(std::move(out));
  }
  return info;
}

}  // namespace tandem::cluster
