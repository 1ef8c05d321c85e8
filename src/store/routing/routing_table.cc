#include <algorithm>
#include <cstdint>
#include <set>
#include <tuple>
#include <unordered_map>

#include "store/api/routing.h"
#include "store/routing/digits.h"

namespace tandem::store {
namespace {

struct TextHash {
  using is_transparent = void;
  std::size_t operator()(std::string_view s) const { return std::hash<std::string_view>{}(s); }
};
template <class T>
using TextMap = std::unordered_map<std::string, T, TextHash, std::equal_to<>>;

/// A number's rule, ready for comparison. Account and application outlive it in the same index.
struct NumberRule {
  const Account* account = nullptr;
  const Application* application = nullptr;
  model::NumberId id;
  std::string text;  ///< "number +15550199 from 1212*", for people.
  std::string ani;   ///< Digits; empty: any caller.
  bool ani_prefix = false;
  WallTime created;
};

struct TrunkRule {
  const Account* account = nullptr;
  const Application* application = nullptr;  ///< May be null.
  model::TrunkId id;
  WallTime created;
};

std::string block_key(const model::IpAddress& ip, unsigned bits) {
  const std::size_t size = ip.family == model::IpAddress::Family::v4 ? 4 : 16;
  std::string key(size + 1, '\0');
  key[size] = static_cast<char>(bits);
  for (std::size_t i = 0; i < size && i * 8 < bits; ++i) {
    const unsigned left = bits - static_cast<unsigned>(i) * 8;
    const unsigned mask = left >= 8 ? 0xffU : 0xffU & (0xffU << (8 - left));
    key[i] = static_cast<char>(ip.bytes[i] & mask);
  }
  return key;
}

std::string host_key(std::string_view host) {
  if (host.ends_with('.')) host.remove_suffix(1);
  std::string key(host);
  std::ranges::transform(key, key.begin(),
                         [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; });
  return key;
}

/// How well a rule's caller fits: -1 not at all, 0 any caller, else more for a more specific one.
int ani_score(const NumberRule& rule, const std::optional<std::string>& caller) {
  if (rule.ani.empty()) return 0;
  if (!caller) return -1;
  if (rule.ani_prefix) return caller->starts_with(rule.ani) ? static_cast<int>(rule.ani.size()) : -1;
  return *caller == rule.ani ? static_cast<int>(kMaxDigits) + 1 : -1;
}

}  // namespace

struct RoutingTable::Index {
  std::unordered_map<model::AccountId, Account> accounts;
  std::unordered_map<model::ApplicationId, Application> applications;
  TextMap<std::vector<NumberRule>> exact;
  TextMap<std::vector<NumberRule>> prefixes;
  std::set<std::size_t, std::greater<>> prefix_lengths;
  TextMap<Domain> domains;
  TextMap<std::vector<TrunkRule>> blocks_v4;  ///< By block_key().
  TextMap<std::vector<TrunkRule>> blocks_v6;
  std::set<unsigned, std::greater<>> bits_v4;
  std::set<unsigned, std::greater<>> bits_v6;

  void add(const Number& number);
  void add(const Trunk& trunk);
  /// The trunks that `source` belongs to, most specific block first, then the oldest.
  [[nodiscard]] std::vector<const TrunkRule*> trunks_of(const model::IpAddress& source) const;
  [[nodiscard]] const NumberRule* find_number(const RouteQuery& query,
                                              const std::vector<const TrunkRule*>& trunks) const;
  [[nodiscard]] const Account* account(const model::AccountId& id) const {
    const auto it = accounts.find(id);
    return it == accounts.end() ? nullptr : &it->second;
  }
  [[nodiscard]] const Application* application(const model::ApplicationId& id) const {
    const auto it = applications.find(id);
    return it == applications.end() ? nullptr : &it->second;
  }
};

void RoutingTable::Index::add(const Number& number) {
  NumberRule rule{account(number.account_id),
                  application(number.application_id),
                  number.id,
                  {},
                  {},
                  false,
                  number.created};
  const auto digits = digits_of(number.did);
  if (rule.account == nullptr || rule.application == nullptr || !digits) return;
  rule.text = (number.prefix ? "prefix " : "number ") + number.did;
  if (!number.ani.empty()) {
    std::string_view ani = number.ani;
    rule.ani_prefix = ani.ends_with('*');
    if (rule.ani_prefix) ani.remove_suffix(1);
    const auto ani_digits = digits_of(ani);
    if (!ani_digits) return;
    rule.ani = *ani_digits;
    rule.text += " from " + number.ani;
  }
  if (number.prefix) prefix_lengths.insert(digits->size());
  (number.prefix ? prefixes : exact)[*digits].push_back(std::move(rule));
}

void RoutingTable::Index::add(const Trunk& trunk) {
  const Account* owner = account(trunk.account_id);
  if (owner == nullptr) return;
  for (const auto& block : trunk.addresses) {
    const bool v4 = block.network.family == model::IpAddress::Family::v4;
    (v4 ? bits_v4 : bits_v6).insert(block.prefix_bits);
    (v4 ? blocks_v4 : blocks_v6)[block_key(block.network, block.prefix_bits)].push_back(
        {owner, application(trunk.application_id), trunk.id, trunk.created});
  }
}

std::vector<const TrunkRule*> RoutingTable::Index::trunks_of(const model::IpAddress& source) const {
  const bool v4 = source.family == model::IpAddress::Family::v4;
  const auto& blocks = v4 ? blocks_v4 : blocks_v6;
  std::vector<const TrunkRule*> found;
  for (const unsigned bits : v4 ? bits_v4 : bits_v6) {
    const auto it = blocks.find(block_key(source, bits));
    if (it == blocks.end()) continue;
    for (const auto& rule : it->second) found.push_back(&rule);
  }
  return found;
}

const NumberRule* RoutingTable::Index::find_number(const RouteQuery& query,
                                                   const std::vector<const TrunkRule*>& trunks) const {
  const auto called = digits_of(query.called);
  if (!called) return nullptr;
  const auto caller = digits_of(query.caller);
  const auto best_of = [&](const TextMap<std::vector<NumberRule>>& map, std::string_view key) {
    const NumberRule* best = nullptr;
    std::tuple<int, bool> best_rank{-1, false};
    const auto it = map.find(key);
    if (it == map.end()) return best;
    for (const auto& rule : it->second) {  // Oldest first, so that a tie is the oldest rule's.
      const int score = ani_score(rule, caller);
      if (score < 0) continue;
      const bool own_trunk =
          std::ranges::any_of(trunks, [&](const auto* t) { return t->account == rule.account; });
      const std::tuple rank{score, own_trunk};
      if (rank > best_rank) best = &rule, best_rank = rank;
    }
    return best;
  };
  if (const NumberRule* whole = best_of(exact, *called)) return whole;
  for (const std::size_t length : prefix_lengths) {
    if (length > called->size()) continue;
    if (const NumberRule* rule = best_of(prefixes, std::string_view(*called).substr(0, length))) return rule;
  }
  return nullptr;
}

RoutingTable::RoutingTable(Rules rules) : index_(std::make_unique<Index>()) {
  const auto older = [](const auto& a, const auto& b) {
    return std::tie(a.created, a.id) < std::tie(b.created, b.id);
  };
  std::ranges::sort(rules.numbers, older);
  std::ranges::sort(rules.trunks, older);
  for (auto& a : rules.accounts) index_->accounts.emplace(a.id, std::move(a));
  for (auto& a : rules.applications) index_->applications.emplace(a.id, std::move(a));
  for (const auto& n : rules.numbers) index_->add(n);
  for (const auto& t : rules.trunks) index_->add(t);
  for (auto& d : rules.domains) {
    std::string key = host_key(d.name);
    index_->domains.emplace(std::move(key), std::move(d));
  }
}

RoutingTable::~RoutingTable() = default;

std::optional<Route> RoutingTable::find(const RouteQuery& query) const {
  const auto trunks = index_->trunks_of(query.source);
  const auto with_trunk = [&](Route route) {
    // A tenant learns of its own trunks only.
    const auto own =
        std::ranges::find_if(trunks, [&](const auto* t) { return t->account->id == route.account.id; });
    if (own != trunks.end()) route.trunk_id = (*own)->id;
    return route;
  };
  if (const NumberRule* rule = index_->find_number(query, trunks)) {
    return with_trunk({*rule->account, *rule->application, rule->id, {}, rule->text});
  }
  if (const auto it = index_->domains.find(host_key(query.domain)); it != index_->domains.end()) {
    const Account* owner = index_->account(it->second.account_id);
    const Application* application = index_->application(it->second.application_id);
    if (owner != nullptr && application != nullptr) {
      return with_trunk({*owner, *application, {}, {}, "domain " + it->second.name});
    }
  }
  for (const TrunkRule* trunk : trunks) {
    if (trunk->application == nullptr) continue;
    return Route{*trunk->account, *trunk->application, {}, trunk->id, "trunk " + trunk->id.str()};
  }
  return std::nullopt;
}

const Account* RoutingTable::account(const model::AccountId& id) const {
  return index_->account(id);
}

}  // namespace tandem::store
