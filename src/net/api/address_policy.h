// Which addresses a customer's URL may lead to (SSRF guard). The address that was checked is the address that
// is connected to; every redirect is checked again.
#pragma once

#include <string>
#include <vector>

#include "model/socket_address.h"

namespace tandem::net {

class AddressPolicy {
 public:
  /// Denies loopback, private, link-local, shared (100.64/10), multicast, unspecified, reserved,
  /// NAT64/6to4/Teredo wrappings of these, except what `allowed` blocks contain.
  AddressPolicy() = default;
  explicit AddressPolicy(std::vector<model::IpBlock> allowed);
  [[nodiscard]] bool permits(const model::IpAddress& ip) const;
  /// The name of the rule that denies `ip` ("loopback", "private", ...), empty if permitted.
  [[nodiscard]] std::string denied_by(const model::IpAddress& ip) const;

 private:
  std::vector<model::IpBlock> allowed_;
};

}  // namespace tandem::net
