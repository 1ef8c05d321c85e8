// The location service of a node on its own: in memory.
#pragma once

#include <map>
#include <memory>
#include <set>
#include <unordered_map>

#include "cluster/api/location.h"

namespace tandem::cluster {

class SingleLocation final : public LocationService {
 public:
  void put(Endpoint endpoint) override;
  void remove(const model::EndpointId& id) override;
  [[nodiscard]] const Endpoint* find(const model::EndpointId& id) const override;
  [[nodiscard]] const Endpoint* find(std::string_view user, std::string_view domain) const override;
  [[nodiscard]] EndpointPage list(const model::AccountId& account, std::string_view cursor,
                                  std::size_t limit) const override;
  [[nodiscard]] std::size_t size() const override { return by_id_.size(); }

 private:
  std::unordered_map<model::EndpointId, Endpoint> by_id_;
  std::map<model::AccountId, std::set<std::string>> by_account_;  ///< Endpoint ids.
};

}  // namespace tandem::cluster
