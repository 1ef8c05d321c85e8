// The core's OutboundRouter over the trunks, the location service and the rules. Control thread.
#pragma once

#include <string>

#include "call/api/outbound.h"
#include "cluster/api/location.h"
#include "net/api/address_policy.h"
#include "store/api/records.h"
#include "trunk/api/trunk_router.h"

namespace tandem::server {

class NodeOutboundRouter final : public call::OutboundRouter {
 public:
  struct Parts {
    trunk::TrunkRouter& trunks;
    cluster::LocationService& location;
    net::AddressPolicy policy;  ///< SIP URIs of applications lead to addresses that it permits only.
    std::string host;           ///< In From, where neither trunk nor domain has one.
  };
  explicit NodeOutboundRouter(Parts parts) : parts_(std::move(parts)) {}

  [[nodiscard]] Result<call::OutboundSteps, model::Error> routes(const call::OutboundAim& aim) override;
  [[nodiscard]] Result<std::unique_ptr<call::TrunkPlace>, model::Error> admit(
      const call::OutboundRoute& route) override;
  void heard_from(const call::OutboundRoute& route) override;
  call::NextRoute report(const call::OutboundRoute& route, const sip::Ended* ended) override;

 private:
  [[nodiscard]] Result<call::OutboundSteps, model::Error> by_trunk(const call::OutboundAim& aim);
  [[nodiscard]] Result<call::OutboundSteps, model::Error> by_uri(const call::OutboundAim& aim);
  [[nodiscard]] Result<call::OutboundSteps, model::Error> by_endpoint(const call::OutboundAim& aim);
  [[nodiscard]] call::OutboundRoute plain(const call::OutboundAim& aim, const std::string& host) const;
  Parts parts_;
};

/// The host of a SIP URI, without brackets; empty when there is none. Pure.
[[nodiscard]] std::string uri_host(std::string_view uri);

}  // namespace tandem::server
