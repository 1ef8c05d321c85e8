#include "server/endpoint_news.h"

#include "cluster/api/endpoint_info.h"

namespace tandem::server {
namespace {

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

void EndpointNews::on_endpoint(registrar::EndpointEvent event) {
  std::optional<model::DomainId> domain;
  if (!event.endpoint.domain_id.empty()) domain = event.endpoint.domain_id;
  const model::AccountId account = event.endpoint.account_id;
  model::EndpointInfo info = cluster::endpoint_info(event.endpoint);
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
