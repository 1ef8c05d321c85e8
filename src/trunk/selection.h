// The parts of choosing a way that need no state. Pure.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/function.h"
#include "store/api/routing.h"
#include "trunk/api/trunk_router.h"

namespace tandem::trunk {

/// What was dialled: a number, or a URI to be sent to a gateway as it is.
struct Destination {
  std::string number;  ///< As given, without "tel:" and parameters.
  std::string uri;     ///< Or a sip: or sips: URI.
  std::string digits;  ///< Of the number, or of the URI's user if that is one;
                       ///< may be empty with a URI.
};
/// Nothing when it is neither.
[[nodiscard]] std::optional<Destination> read_destination(std::string_view text);

/// The account's trunks with gateways for `digits`: longest prefix, then lowest
/// priority, then oldest.
[[nodiscard]] std::vector<const store::Trunk*> trunks_for(const std::vector<const store::Trunk*>& trunks,
                                                          std::string_view digits);

/// The order in which to try `gateways`, as indexes: by priority; among equals
/// at random in proportion to weight (RFC 2782). `random` gives numbers from 0
/// to below 1.
[[nodiscard]] std::vector<std::size_t> gateway_order(const std::vector<store::Gateway>& gateways,
                                                     Function<double()>& random);

/// "host:port;transport=tcp" without what is the default; IPv6 in brackets.
[[nodiscard]] std::string gateway_name(const store::Gateway& gateway);

/// The caller id to show through `trunk`, in the trunk's style; empty:
/// anonymous. Nothing when it is not allowed.
[[nodiscard]] std::optional<std::string> caller_id_for(const store::Trunk& trunk, std::string_view wanted);

[[nodiscard]] Attempt make_attempt(const store::Trunk& trunk, const store::Gateway& gateway,
                                   const Destination& destination, const std::string& caller_id,
                                   const DialRequest& request);

}  // namespace tandem::trunk
