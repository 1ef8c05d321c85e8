// Access control over the provisioned data: domains, trunks and credentials of the store's snapshot.
#pragma once

#include <atomic>
#include <memory>

#include "cluster/api/location.h"
#include "sip/api/registrar.h"
#include "store/api/routing.h"

namespace tandem::registrar {

/// Shared with the store and with whoever still looks something up in an older snapshot.
using Rules = std::shared_ptr<const store::RoutingTable>;

class StoreDirectory final : public sip::AccessDirectory {
 public:
  /// Nothing is known before the first update().
  void update(Rules rules) { rules_.store(std::move(rules)); }

  [[nodiscard]] bool is_realm(std::string_view host) const override;
  [[nodiscard]] std::optional<sip::Secrets> find(std::string_view realm,
                                                 std::string_view username) const override;
  [[nodiscard]] bool is_trusted(const model::IpAddress& source) const override;
  /// Whether the endpoint's credential is still there, of the same account: for Registrar::keep_only().
  [[nodiscard]] bool may_stay(const cluster::Endpoint& endpoint) const;

 private:
  std::atomic<Rules> rules_;
};

}  // namespace tandem::registrar
