// Tells sessions of registered endpoints. Control thread.
#pragma once

#include "call/core.h"
#include "registrar/events.h"

namespace tandem::server {

/// Hands what the registrar tells to the sessions that subscribed.
class EndpointNews final : public registrar::EndpointObserver {
 public:
  explicit EndpointNews(call::CoreHandle& core) : core_(core) {}
  void on_endpoint(registrar::EndpointEvent event) override;

 private:
  call::CoreHandle& core_;
};

}  // namespace tandem::server
