#include "registrar/watch_list.h"

#include <algorithm>

namespace tandem::registrar {

using model::EndpointId;

std::string contact_key(const cluster::EndpointContact& contact) {
  return contact.uri + '\n' + std::to_string(contact.reg_id);
}

void WatchList::unlink(const EndpointId& id, Entry& entry) {
  expiries_.erase({entry.expiry, id});
  for (Flow& f : entry.flows) flows_.erase({std::move(f), id});
  entry.flows.clear();
  const auto account = accounts_.find(entry.account);
  if (account != accounts_.end() && --account->second == 0) accounts_.erase(account);
}

void WatchList::update(const cluster::Endpoint& endpoint) {
  const auto [found, is_new] = entries_.try_emplace(endpoint.id);
  Entry& entry = found->second;
  if (!is_new) unlink(endpoint.id, entry);
  entry.account = endpoint.account_id;
  ++accounts_[entry.account];
  entry.expiry = WallTime::max();
  std::map<std::string, unsigned> failures;
  for (const auto& c : endpoint.contacts) {
    entry.expiry = std::min(entry.expiry, c.expires);
    if (c.transport != "udp") entry.flows.emplace_back(c.transport, c.source);
    if (const auto known = entry.failures.find(contact_key(c)); known != entry.failures.end())
      failures.insert(*known);
  }
  entry.failures = std::move(failures);
  expiries_.emplace(entry.expiry, endpoint.id);
  for (const Flow& f : entry.flows) flows_.emplace(f, endpoint.id);
}

void WatchList::remove(const EndpointId& id) {
  const auto found = entries_.find(id);
  if (found == entries_.end()) return;
  unlink(id, found->second);
  if (found->second.probe) probes_.erase({*found->second.probe, id});
  entries_.erase(found);
}

std::vector<EndpointId> WatchList::ids() const {
  std::vector<EndpointId> out;
  out.reserve(entries_.size());
  for (const auto& [id, entry] : entries_) out.push_back(id);
  return out;
}

std::size_t WatchList::count(const model::AccountId& account) const {
  const auto found = accounts_.find(account);
  return found == accounts_.end() ? 0 : found->second;
}

std::optional<WallTime> WatchList::next_expiry() const {
  return expiries_.empty() ? std::nullopt : std::optional(expiries_.begin()->first);
}

std::optional<EndpointId> WatchList::expired(WallTime now) const {
  if (expiries_.empty() || expiries_.begin()->first > now) return std::nullopt;
  return expiries_.begin()->second;
}

void WatchList::probe_at(const EndpointId& id, TimePoint when) {
  const auto found = entries_.find(id);
  if (found == entries_.end()) return;
  Entry& entry = found->second;
  if (entry.probe) probes_.erase({*entry.probe, id});
  entry.probe = when;
  probes_.emplace(when, id);
}

std::optional<TimePoint> WatchList::next_probe() const {
  return probes_.empty() ? std::nullopt : std::optional(probes_.begin()->first);
}

std::optional<EndpointId> WatchList::take_probe(TimePoint now) {
  if (probes_.empty() || probes_.begin()->first > now) return std::nullopt;
  const EndpointId id = probes_.begin()->second;
  probes_.erase(probes_.begin());
  entries_.at(id).probe.reset();
  return id;
}

std::vector<EndpointId> WatchList::on_flow(const std::string& transport,
                                           const model::SocketAddress& source) const {
  std::vector<EndpointId> out;
  const Flow flow(transport, source);
  for (auto it = flows_.lower_bound({flow, EndpointId()}); it != flows_.end() && it->first == flow; ++it)
    out.push_back(it->second);
  return out;
}

unsigned WatchList::failed(const EndpointId& id, const std::string& contact) {
  const auto found = entries_.find(id);
  return found == entries_.end() ? 0 : ++found->second.failures[contact];
}

void WatchList::succeeded(const EndpointId& id, const std::string& contact) {
  const auto found = entries_.find(id);
  if (found != entries_.end()) found->second.failures.erase(contact);
}

}  // namespace tandem::registrar
