// The location service: which phones are registered, and where they are reached. Every node holds all of it
// in memory (another implementation would replicate it), so that looking up never waits.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.h"
#include "model/ids.h"
#include "model/socket_address.h"

namespace tandem::cluster {

/// One binding of an address of record (RFC 3261 section 10).
struct EndpointContact {
  std::string uri;
  std::uint16_t q_milli = 1'000;  ///< Preference, 0 to 1000.
  WallTime expires;
  WallTime registered;  ///< First seen.
  WallTime refreshed;
  model::SocketAddress source;  ///< Where the REGISTER came from.
  std::string transport;        ///< "udp", "tcp" or "tls".
  std::string user_agent;
  std::string instance;  ///< +sip.instance, or empty.
  std::uint32_t reg_id = 0;
  std::string sip_call_id;
  std::uint32_t cseq = 0;
  std::vector<std::string> path;
  bool reachable = true;
};

/// An address of record with its contacts, most preferred first.
struct Endpoint {
  model::EndpointId id;  ///< The same for an address of record for ever (endpoint_id()).
  model::AccountId account_id;
  model::DomainId domain_id;
  model::TrunkId trunk_id;  ///< Set when a trunk registered.
  std::string user;
  std::string domain;  ///< Lower case.
  std::vector<EndpointContact> contacts;
};

/// Of a user and a domain in lower case.
[[nodiscard]] model::EndpointId endpoint_id(std::string_view user, std::string_view domain);

/// How to send a request to a contact: to `uri`, by way of `next_hop` and `route` (sip::OutboundCall's
/// target_uri, outbound_proxy and route).
struct ContactTarget {
  std::string uri;
  std::string next_hop;  ///< "sip:192.0.2.7:40123;transport=tcp", or empty: `uri` or `route` decides.
  std::vector<std::string> route;
  std::uint16_t q_milli = 1'000;
  bool reachable = true;
};
/// A phone is reached where it registered from, whatever its Contact or Path says: that is where its NAT or
/// its connection is, and nobody can point us at a third party. Over UDP a Contact of the same address keeps
/// its own port.
[[nodiscard]] ContactTarget target_of(const EndpointContact& contact);
/// The contacts to try, highest q first, most recent first among equals; one for each instance (RFC 5626).
/// Those known to be unreachable are left out unless there is no other.
[[nodiscard]] std::vector<ContactTarget> targets_of(const Endpoint& endpoint);

struct EndpointPage {
  std::vector<Endpoint> endpoints;  ///< By id.
  std::string next_cursor;          ///< Empty: that was all.
};

/// Control thread.
class LocationService {
 public:
  LocationService() = default;
  LocationService(const LocationService&) = delete;
  LocationService& operator=(const LocationService&) = delete;
  virtual ~LocationService() = default;

  /// Adds or replaces the record of this id.
  virtual void put(Endpoint endpoint) = 0;
  virtual void remove(const model::EndpointId& id) = 0;
  /// Null when nothing is bound. Valid until the next put() or remove().
  [[nodiscard]] virtual const Endpoint* find(const model::EndpointId& id) const = 0;
  [[nodiscard]] virtual const Endpoint* find(std::string_view user, std::string_view domain) const = 0;
  /// Of one account, after `cursor` (empty: from the start; else next_cursor of the page before).
  [[nodiscard]] virtual EndpointPage list(const model::AccountId& account, std::string_view cursor,
                                          std::size_t limit) const = 0;
  [[nodiscard]] virtual std::size_t size() const = 0;
};

}  // namespace tandem::cluster
