// When each endpoint is to be looked at next, and by which connection it is reached: indexes with one head
// each, so that one timer serves all. Pure; one thread.
#pragma once

#include <map>
#include <optional>
#include <set>
#include <string>
#include <unordered_map>
#include <utility>
#include <vector>

#include "base/clock.h"
#include "cluster/api/location.h"

namespace tandem::registrar {

/// What tells the contacts of one endpoint apart.
[[nodiscard]] std::string contact_key(const cluster::EndpointContact& contact);

class WatchList {
 public:
  /// Takes over the endpoint's expiry and connections; keeps what is known of its probes.
  void update(const cluster::Endpoint& endpoint);
  void remove(const model::EndpointId& id);
  [[nodiscard]] std::size_t size() const { return entries_.size(); }
  [[nodiscard]] std::vector<model::EndpointId> ids() const;
  /// Endpoints of the account.
  [[nodiscard]] std::size_t count(const model::AccountId& account) const;

  [[nodiscard]] std::optional<WallTime> next_expiry() const;
  /// The first endpoint of which a contact is due at `now`; asks for update() or remove() before the next.
  [[nodiscard]] std::optional<model::EndpointId> expired(WallTime now) const;

  void probe_at(const model::EndpointId& id, TimePoint when);
  [[nodiscard]] std::optional<TimePoint> next_probe() const;
  /// Takes the first endpoint whose probe is due.
  [[nodiscard]] std::optional<model::EndpointId> take_probe(TimePoint now);

  /// Endpoints with a contact behind this connection ("tcp" or "tls").
  [[nodiscard]] std::vector<model::EndpointId> on_flow(const std::string& transport,
                                                       const model::SocketAddress& source) const;

  /// Probes of a contact (by contact_key()) in a row that failed, after this one.
  unsigned failed(const model::EndpointId& id, const std::string& contact);
  void succeeded(const model::EndpointId& id, const std::string& contact);

 private:
  using Flow = std::pair<std::string, model::SocketAddress>;
  struct Entry {
    model::AccountId account;
    WallTime expiry{};
    std::optional<TimePoint> probe;
    std::vector<Flow> flows;
    std::map<std::string, unsigned> failures;  // By contact_key().
  };
  void unlink(const model::EndpointId& id, Entry& entry);

  std::unordered_map<model::EndpointId, Entry> entries_;
  std::set<std::pair<WallTime, model::EndpointId>> expiries_;
  std::set<std::pair<TimePoint, model::EndpointId>> probes_;
  std::set<std::pair<Flow, model::EndpointId>> flows_;
  std::unordered_map<model::AccountId, std::size_t> accounts_;
};

}  // namespace tandem::registrar
