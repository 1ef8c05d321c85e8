#include "rest/idempotency.h"

#include <algorithm>
#include <utility>

namespace tandem::rest {
namespace {

constexpr std::size_t kStalePlaces = 64;

}  // namespace

Idempotency::Entry* Idempotency::find(const model::AccountId& account, const std::string& key) {
  const auto tenant = tenants_.find(account);
  if (tenant == tenants_.end()) return nullptr;
  const auto entry = tenant->second.entries.find(key);
  return entry == tenant->second.entries.end() ? nullptr : &entry->second;
}

Idempotency::Found Idempotency::begin(const model::AccountId& account, const std::string& key,
                                      const std::string& print, ExchangePtr& exchange, TimePoint now) {
  if (const auto tenant = tenants_.find(account); tenant != tenants_.end())
    forget_expired(tenant->second, now);
  if (Entry* entry = find(account, key)) {
    if (entry->print != print) return Conflict{};
    if (const auto* made = std::get_if<Made>(&entry->state)) return Known{*made};
    auto& waiting = std::get<Pending>(entry->state).waiting;
    if (waiting.size() >= limits_.max_waiting) return Crowded{};
    waiting.push_back(std::move(exchange));
    return Waiting{};
  }
  if (size_ >= limits_.max_entries) make_room(now);
  Tenant& tenant = tenants_[account];
  const std::uint64_t serial = next_serial_++;
  tenant.entries.emplace(key, Entry{print, serial, Pending{}});
  tenant.order.push_back({key, serial, now});
  ++size_;
  return Fresh{};
}

std::vector<ExchangePtr> Idempotency::succeeded(const model::AccountId& account, const std::string& key,
                                                Made made) {
  Entry* entry = find(account, key);
  if (entry == nullptr || !std::holds_alternative<Pending>(entry->state)) return {};
  auto waiting = std::move(std::get<Pending>(entry->state).waiting);
  if (auto* intent = std::get_if<model::Intent>(&made)) intent->data.reset();
  entry->state = std::move(made);
  return waiting;
}

std::vector<ExchangePtr> Idempotency::failed(const model::AccountId& account, const std::string& key) {
  const auto tenant = tenants_.find(account);
  if (tenant == tenants_.end()) return {};
  const auto entry = tenant->second.entries.find(key);
  if (entry == tenant->second.entries.end() || !std::holds_alternative<Pending>(entry->second.state))
    return {};
  auto waiting = std::move(std::get<Pending>(entry->second.state).waiting);
  tenant->second.entries.erase(entry);
  --size_;
  // Its place in `order` is dropped with others, so that failing again and again neither costs nor fills.
  Tenant& t = tenant->second;
  if (t.order.size() > 2 * t.entries.size() + kStalePlaces) {
    std::erase_if(t.order, [&](const Order& place) { return is_stale(t, place); });
  }
  return waiting;
}

bool Idempotency::is_stale(const Tenant& tenant, const Order& place) {
  const auto entry = tenant.entries.find(place.key);
  return entry == tenant.entries.end() || entry->second.serial != place.serial;
}

void Idempotency::forget_expired(Tenant& tenant, TimePoint now) {
  while (!tenant.order.empty() && now - tenant.order.front().at >= limits_.keep && forget_oldest(tenant)) {
  }
}

/// The oldest, or a place whose entry was forgotten. False when the oldest is still under way: it stays.
bool Idempotency::forget_oldest(Tenant& tenant) {
  const Order& oldest = tenant.order.front();
  if (!is_stale(tenant, oldest)) {
    const auto entry = tenant.entries.find(oldest.key);
    if (std::holds_alternative<Pending>(entry->second.state)) return false;
    tenant.entries.erase(entry);
    --size_;
  }
  tenant.order.pop_front();
  return true;
}

void Idempotency::make_room(TimePoint now) {
  for (auto& [account, tenant] : tenants_) forget_expired(tenant, now);
  std::erase_if(tenants_, [](const auto& t) { return t.second.order.empty(); });
  if (size_ < limits_.max_entries || tenants_.empty()) return;
  const auto largest = std::max_element(tenants_.begin(), tenants_.end(), [](const auto& a, const auto& b) {
    return a.second.entries.size() < b.second.entries.size();
  });
  while (size_ >= limits_.max_entries && !largest->second.order.empty() && forget_oldest(largest->second)) {
  }
}

}  // namespace tandem::rest
