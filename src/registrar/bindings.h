// REGISTER by RFC 3261 section 10.3 as a pure function: bindings and a request in, bindings, answer and
// changes out.
#pragma once

#include <optional>
#include <vector>

#include "registrar/events.h"
#include "sip/api/registrar.h"

namespace tandem::registrar {

struct BindingPolicy {
  std::uint32_t default_expires_s = 3'600;
  std::uint32_t min_expires_s = 60;     ///< Below it 423, but 0 always removes.
  std::uint32_t max_expires_s = 7'200;  ///< Longer wishes are cut.
  std::size_t max_contacts = 10;        ///< Of one address of record.
  std::size_t max_uri_bytes = 512;
};

struct Change {
  EndpointChange change = EndpointChange::registered;
  UnregisterReason reason = UnregisterReason::none;
  cluster::EndpointContact contact;
};

struct RegisterOutcome {
  std::vector<cluster::EndpointContact> contacts;  ///< As they are afterwards; unchanged unless 200.
  std::vector<Change> changes;
  sip::RegisterReply reply;
};

/// All or nothing: a REGISTER that cannot be carried out as a whole changes nothing (10.3 step 7).
[[nodiscard]] RegisterOutcome apply_register(const std::vector<cluster::EndpointContact>& bound,
                                             const sip::RegisterRequest& request,
                                             const BindingPolicy& policy);

/// Takes out what has expired by `now`.
[[nodiscard]] std::vector<cluster::EndpointContact> take_expired(
    std::vector<cluster::EndpointContact>& contacts, WallTime now);

/// URIs equal by RFC 3261 19.1.4 as far as it matters here: scheme and host without case, user part with it,
/// parameters in any order.
[[nodiscard]] bool same_uri(std::string_view a, std::string_view b);

}  // namespace tandem::registrar
