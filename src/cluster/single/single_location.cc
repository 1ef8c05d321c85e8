#include "cluster/single/single_location.h"

namespace tandem::cluster {

void SingleLocation::put(Endpoint endpoint) {
  const auto found = by_id_.find(endpoint.id);
  if (found != by_id_.end() && found->second.account_id == endpoint.account_id) {
    found->second = std::move(endpoint);
    return;
  }
  if (found != by_id_.end()) remove(model::EndpointId(endpoint.id));
  by_account_[endpoint.account_id].insert(endpoint.id.str());
  const model::EndpointId id = endpoint.id;
  by_id_.emplace(id, std::move(endpoint));
}

void SingleLocation::remove(const model::EndpointId& id) {
  const auto found = by_id_.find(id);
  if (found == by_id_.end()) return;
  const auto account = by_account_.find(found->second.account_id);
  if (account != by_account_.end()) {
    account->second.erase(found->second.id.str());
    if (account->second.empty()) by_account_.erase(account);
  }
  by_id_.erase(found);
}

const Endpoint* SingleLocation::find(const model::EndpointId& id) const {
  const auto found = by_id_.find(id);
  return found == by_id_.end() ? nullptr : &found->second;
}

const Endpoint* SingleLocation::find(std::string_view user, std::string_view domain) const {
  return find(endpoint_id(user, domain));
}

EndpointPage SingleLocation::list(const model::AccountId& account, std::string_view cursor,
                                  std::size_t limit) const {
  EndpointPage out;
  const auto mine = by_account_.find(account);
  if (mine == by_account_.end() || limit == 0) return out;
  for (auto it = mine->second.upper_bound(std::string(cursor)); it != mine->second.end(); ++it) {
    if (out.endpoints.size() == limit) {
      out.next_cursor = out.endpoints.back().id.str();
      break;
    }
    out.endpoints.push_back(by_id_.at(model::EndpointId(*it)));
  }
  return out;
}

}  // namespace tandem::cluster
