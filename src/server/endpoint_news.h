// Registered endpoints as applications and the REST door see them. Control thread.
#pragma once

#include "call/core.h"
#include "model/generated/protocol.h"
#include "registrar/events.h"

namespace tandem::server {

[[nodiscard]] model::EndpointInfo endpoint_info(const cluster::Endpoint& endpoint);

/// Hands what the registrar tells to the sessions that subscribed.
class EndpointNews final : public registrar::EndpointObserver {
 public:
  explicit EndpointNews(call::CoreHandle& core) : core_(core) {}
  void on_endpoint(registrar::EndpointEvent event) override;

 private:
  call::CoreHandle& core_;
};

}  // namespace tandem::server
