#include <algorithm>
#include <cstdint>
#include <map>
#include <set>
#include <tuple>
#include <unordered_map>

#include "base/text.h"
#include "store/api/digits.h"
#include "store/api/number_format.h"
#include "store/api/routing.h"

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
  const Trunk* trunk = nullptr;
};
using TrunkRules = std::vector<const TrunkRule*>;

/// One way to understand what was called.
struct Reading {
  std::string called;
  std::string caller;
  const TrunkRule* of = nullptr;  ///< Only its account's numbers count; null: all.
};

Reading reading_of(const TrunkRule& rule, std::string_view called, std::string_view caller) {
  const NumberFormat& format = rule.trunk->inbound_format;
  return {from_wire(format, called), from_wire(format, caller), &rule};
}

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

std::string credential_key(std::string_view realm, std::string_view username) {
  return host_key(realm) + '\n' + std::string(username);
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
  std::vector<Domain> domains;  ///< Oldest first, as all these lists; the maps point into them.
  TextMap<const Domain*> domains_by_name;
  std::vector<Trunk> trunks;
  std::vector<TrunkRule> trunk_rules;
  TextMap<const TrunkRule*> trunks_by_id;
  TextMap<const TrunkRule*> trunks_by_realm;
  TextMap<const TrunkRule*> trunks_by_contact;
  TextMap<TrunkRules> blocks_v4;  ///< By block_key().
  TextMap<TrunkRules> blocks_v6;
  std::set<unsigned, std::greater<>> bits_v4;
  std::set<unsigned, std::greater<>> bits_v6;
  TextMap<Credential> credentials;
  TextMap<ApiKey> api_keys;
  std::map<std::pair<model::AccountId, std::string>, Queue> queues;  ///< By account and name.
  std::unordered_map<model::QueueId, const Queue*> queues_by_id;

  void add(const Number& number);
  void add_trunks(std::vector<Trunk> list);
  void add_blocks(const TrunkRule& rule);
  /// The trunks that `source` belongs to, most specific block first, then the oldest.
  [[nodiscard]] TrunkRules trunks_of(const model::IpAddress& source) const;
  /// `source_trunks` decide between rules that are equally specific.
  [[nodiscard]] const NumberRule* find_number(const Reading& reading, const TrunkRules& source_trunks) const;
  [[nodiscard]] std::optional<Route> route_of_number(const Reading& reading,
                                                     const TrunkRules& source_trunks) const;
  [[nodiscard]] std::optional<Route> route_of_trunk(const TrunkRule& rule, const RouteQuery& query,
                                                    std::string_view called) const;
  [[nodiscard]] std::optional<Route> route_of_domain(const Domain& domain, std::string rule) const;
  /// Those of one account, fit or not, in the order of find_number().
  void add_number_candidates(const Reading& reading, const model::AccountId& of,
                             std::vector<Candidate>& out) const;
  [[nodiscard]] std::optional<Route> find_authenticated(const RouteQuery& query) const;
  [[nodiscard]] std::optional<Route> find_by_source(const RouteQuery& query) const;
  [[nodiscard]] const Account* account(const model::AccountId& id) const {
    const auto it = accounts.find(id);
    return it == accounts.end() ? nullptr : &it->second;
  }
  [[nodiscard]] const Application* application(const model::ApplicationId& id) const {
    const auto it = applications.find(id);
    return it == applications.end() ? nullptr : &it->second;
  }
};

namespace {

template <class T>
const T* at(const TextMap<const T*>& map, std::string_view key) {
  const auto it = map.find(key);
  return it == map.end() ? nullptr : it->second;
}

}  // namespace

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

void RoutingTable::Index::add_trunks(std::vector<Trunk> list) {
  trunks = std::move(list);
  trunk_rules.reserve(trunks.size());  // Nothing moves from here on: the maps point into it.
  for (const Trunk& trunk : trunks) {
    const Account* owner = account(trunk.account_id);
    if (owner == nullptr) continue;
    const TrunkRule& rule =
        trunk_rules.emplace_back(TrunkRule{owner, application(trunk.application_id), &trunk});
    trunks_by_id.emplace(trunk.id.str(), &rule);
    if (!trunk.realm.empty()) trunks_by_realm.emplace(host_key(trunk.realm), &rule);
    if (trunk.registration.enabled) {
      const auto& user = trunk.registration.contact_user;
      trunks_by_contact.emplace(user.empty() ? trunk.id.str() : user, &rule);
    }
    add_blocks(rule);
  }
}

void RoutingTable::Index::add_blocks(const TrunkRule& rule) {
  for (const auto& block : rule.trunk->addresses) {
    const bool v4 = block.network.family == model::IpAddress::Family::v4;
    (v4 ? bits_v4 : bits_v6).insert(block.prefix_bits);
    (v4 ? blocks_v4 : blocks_v6)[block_key(block.network, block.prefix_bits)].push_back(&rule);
  }
}

TrunkRules RoutingTable::Index::trunks_of(const model::IpAddress& source) const {
  const bool v4 = source.family == model::IpAddress::Family::v4;
  const auto& blocks = v4 ? blocks_v4 : blocks_v6;
  TrunkRules found;
  for (const unsigned bits : v4 ? bits_v4 : bits_v6) {
    const auto it = blocks.find(block_key(source, bits));
    if (it == blocks.end()) continue;
    found.insert(found.end(), it->second.begin(), it->second.end());
  }
  return found;
}

const NumberRule* RoutingTable::Index::find_number(const Reading& reading,
                                                   const TrunkRules& source_trunks) const {
  const auto called = digits_of(reading.called);
  if (!called) return nullptr;
  const auto caller = digits_of(reading.caller);
  const auto best_of = [&](const TextMap<std::vector<NumberRule>>& map, std::string_view key) {
    const NumberRule* best = nullptr;
    std::tuple<int, bool> best_rank{-1, false};
    const auto it = map.find(key);
    if (it == map.end()) return best;
    for (const auto& rule : it->second) {  // Oldest first, so that a tie is the oldest rule's.
      if (reading.of != nullptr && reading.of->account != rule.account) continue;
      const int score = ani_score(rule, caller);
      if (score < 0) continue;
      const bool own_trunk =
          std::ranges::any_of(source_trunks, [&](const auto* t) { return t->account == rule.account; });
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

std::optional<Route> RoutingTable::Index::route_of_number(const Reading& reading,
                                                          const TrunkRules& source_trunks) const {
  const NumberRule* rule = find_number(reading, source_trunks);
  if (rule == nullptr) return std::nullopt;
  Route route{*rule->account, *rule->application, rule->id, {}, rule->text};
  if (reading.of != nullptr) route.trunk_id = reading.of->trunk->id;
  route.called = reading.called, route.caller = reading.caller;
  return route;
}

std::optional<Route> RoutingTable::Index::route_of_trunk(const TrunkRule& rule, const RouteQuery& query,
                                                         std::string_view called) const {
  Reading reading = reading_of(rule, called, query.caller);
  if (auto route = route_of_number(reading, {})) return route;
  if (rule.application == nullptr) return std::nullopt;
  Route route{*rule.account, *rule.application, {}, rule.trunk->id, "trunk " + rule.trunk->id.str()};
  route.called = std::move(reading.called), route.caller = std::move(reading.caller);
  return route;
}

std::optional<Route> RoutingTable::Index::route_of_domain(const Domain& domain, std::string rule) const {
  const Account* owner = account(domain.account_id);
  const Application* target = application(domain.application_id);
  if (owner == nullptr || target == nullptr) return std::nullopt;
  Route route{*owner, *target, {}, {}, std::move(rule)};
  route.domain_id = domain.id;
  return route;
}

std::optional<Route> RoutingTable::Index::find_authenticated(const RouteQuery& query) const {
  const std::string realm = host_key(query.authenticated_realm);
  if (const Domain* domain = at(domains_by_name, realm)) {
    auto route = route_of_domain(*domain, "endpoint " + query.authenticated_username + "@" + domain->name);
    if (route) route->called = query.called, route->caller = query.caller;
    return route;
  }
  const TrunkRule* trunk = at(trunks_by_realm, realm);
  return trunk == nullptr ? std::nullopt : route_of_trunk(*trunk, query, query.called);
}

std::optional<Route> RoutingTable::Index::find_by_source(const RouteQuery& query) const {
  const auto sources = trunks_of(query.source);
  for (const TrunkRule* trunk : sources) {
    if (trunk->trunk->inbound_format == NumberFormat{}) continue;
    if (auto route = route_of_number(reading_of(*trunk, query.called, query.caller), sources)) return route;
  }
  const auto with_source = [&](std::optional<Route> route) {
    // A tenant learns of its own trunks only.
    const auto own =
        std::ranges::find_if(sources, [&](const auto* t) { return t->account->id == route->account.id; });
    if (own != sources.end()) route->trunk_id = (*own)->trunk->id;
    route->called = query.called, route->caller = query.caller;
    return route;
  };
  if (auto route = route_of_number({query.called, query.caller, nullptr}, sources)) return with_source(route);
  if (const TrunkRule* trunk = at(trunks_by_contact, query.called)) {
    const std::string& called = query.to_user.empty() ? query.called : query.to_user;
    if (auto route = route_of_trunk(*trunk, query, called)) return route;
  }
  if (const Domain* domain = at(domains_by_name, host_key(query.domain))) {
    if (auto route = route_of_domain(*domain, "domain " + domain->name)) return with_source(route);
  }
  for (const TrunkRule* trunk : sources) {
    if (trunk->application != nullptr) return route_of_trunk(*trunk, query, query.called);
  }
  return std::nullopt;
}

RoutingTable::RoutingTable(Rules rules) : index_(std::make_unique<Index>()) {
  const auto older = [](const auto& a, const auto& b) {
    return std::tie(a.created, a.id) < std::tie(b.created, b.id);
  };
  std::ranges::sort(rules.numbers, older);
  std::ranges::sort(rules.trunks, older);
  std::ranges::sort(rules.domains, older);
  Index& in = *index_;
  for (auto& a : rules.accounts) in.accounts.emplace(a.id, std::move(a));
  for (auto& a : rules.applications) in.applications.emplace(a.id, std::move(a));
  for (const auto& n : rules.numbers) in.add(n);
  in.add_trunks(std::move(rules.trunks));
  in.domains = std::move(rules.domains);
  for (const auto& d : in.domains) in.domains_by_name.emplace(host_key(d.name), &d);
  for (auto& c : rules.credentials) {
    std::string key = credential_key(c.realm, c.username);
    in.credentials.emplace(std::move(key), std::move(c));
  }
  for (auto& k : rules.api_keys) {
    std::string key = k.id.str();
    in.api_keys.emplace(std::move(key), std::move(k));
  }
  for (auto& q : rules.queues) {
    auto key = std::pair(q.account_id, q.name);
    const auto at = in.queues.emplace(std::move(key), std::move(q)).first;
    in.queues_by_id.emplace(at->second.id, &at->second);
  }
}

RoutingTable::~RoutingTable() = default;

std::optional<Route> RoutingTable::find(const RouteQuery& query) const {
  return query.authenticated_realm.empty() ? index_->find_by_source(query)
                                           : index_->find_authenticated(query);
}

void RoutingTable::Index::add_number_candidates(const Reading& reading, const model::AccountId& of,
                                                std::vector<Candidate>& out) const {
  const auto called = digits_of(reading.called);
  if (!called) return;
  const auto caller = digits_of(reading.caller);
  const auto add_all = [&](const TextMap<std::vector<NumberRule>>& map, std::string_view key) {
    const auto it = map.find(key);
    if (it == map.end()) return;
    std::vector<std::pair<int, Candidate>> ranked;
    for (const auto& rule : it->second) {
      if (rule.account->id != of) continue;
      const int score = ani_score(rule, caller);
      Candidate c{rule.text, rule.id.str(), rule.application->id};
      if (score < 0) c.why = "it is for other callers";
      if (score >= 0) c.outcome = Candidate::Outcome::beaten;
      ranked.emplace_back(score, std::move(c));
    }
    std::ranges::stable_sort(ranked, [](const auto& a, const auto& b) { return a.first > b.first; });
    for (auto& [score, candidate] : ranked) out.push_back(std::move(candidate));
  };
  add_all(exact, *called);
  for (const std::size_t length : prefix_lengths) {
    if (length <= called->size()) add_all(prefixes, std::string_view(*called).substr(0, length));
  }
}

Explanation RoutingTable::explain(const RouteQuery& query, const model::AccountId& of) const {
  const Index& in = *index_;
  Explanation out;
  const auto route = find(query);
  const bool own = route && route->account.id == of;
  const TrunkRule* by_login = at(in.trunks_by_realm, host_key(query.authenticated_realm));
  TrunkRules sources = by_login != nullptr ? TrunkRules{by_login} : in.trunks_of(query.source);
  std::erase_if(sources, [&](const auto* t) { return t->account->id != of; });
  Reading reading{query.called, query.caller, nullptr};
  if (own) reading.called = route->called, reading.caller = route->caller;
  in.add_number_candidates(reading, of, out.candidates);
  const Domain* named = query.authenticated_realm.empty() ? domain(query.domain) : nullptr;
  if (named != nullptr && named->account_id == of) {
    out.candidates.push_back(
        {"domain " + named->name, named->id.str(), named->application_id, Candidate::Outcome::beaten, {}});
  }
  for (const TrunkRule* t : sources) {
    Candidate c{"trunk " + t->trunk->id.str(), t->trunk->id.str(), t->trunk->application_id};
    if (t->application != nullptr) {
      c.outcome = Candidate::Outcome::beaten;
    } else {
      c.why = "it has no application of its own, only numbers route its calls";
    }
    out.candidates.push_back(std::move(c));
  }
  bool taken = false;
  for (Candidate& c : out.candidates) {
    if (c.outcome != Candidate::Outcome::beaten) continue;
    const bool this_one = own && !taken && c.rule == route->rule;
    taken = taken || this_one;
    c.outcome = this_one ? Candidate::Outcome::taken : Candidate::Outcome::beaten;
    c.why = this_one ? "it is the most specific rule that fits"
            : own    ? route->rule + " is more specific, or as specific and tried before"
            : route  ? "a rule of another account is more specific, or as specific and older"
                     : "it does not fit";
  }
  if (own) {
    out.taken = route->rule, out.application_id = route->application.id;
    out.why =
        "whole numbers go before prefixes, longer prefixes before shorter, rules for the caller before those "
        "for "
        "all, then domains, then trunks; at equal rank the oldest";
  } else {
    out.why = route ? "the call goes to another account" : "no rule fits: the call is refused with 404";
  }
  return out;
}

const Account* RoutingTable::account(const model::AccountId& id) const {
  return index_->account(id);
}

const Application* RoutingTable::application(const model::ApplicationId& id) const {
  return index_->application(id);
}

std::vector<const Application*> RoutingTable::applications_of(const model::AccountId& account) const {
  std::vector<const Application*> found;
  for (const auto& [id, application] : index_->applications) {
    if (application.account_id == account) found.push_back(&application);
  }
  std::ranges::sort(found, [](const auto* a, const auto* b) {
    return std::tie(a->created, a->id) < std::tie(b->created, b->id);
  });
  return found;
}

const Domain* RoutingTable::domain(std::string_view name) const {
  return at(index_->domains_by_name, host_key(name));
}

const Domain* RoutingTable::domain(const model::DomainId& id) const {
  const auto it = std::ranges::find_if(index_->domains, [&](const auto& d) { return d.id == id; });
  return it == index_->domains.end() ? nullptr : &*it;
}

std::vector<const Domain*> RoutingTable::domains_of(const model::AccountId& account) const {
  std::vector<const Domain*> found;
  for (const auto& d : index_->domains) {
    if (d.account_id == account) found.push_back(&d);
  }
  return found;
}

const Credential* RoutingTable::credential(std::string_view realm, std::string_view username) const {
  const auto it = index_->credentials.find(credential_key(realm, username));
  return it == index_->credentials.end() ? nullptr : &it->second;
}

const Trunk* RoutingTable::trunk(const model::TrunkId& id) const {
  const TrunkRule* rule = at(index_->trunks_by_id, id.str());
  return rule == nullptr ? nullptr : rule->trunk;
}

const Trunk* RoutingTable::trunk_by_source(const model::IpAddress& source) const {
  const auto found = index_->trunks_of(source);
  return found.empty() ? nullptr : found.front()->trunk;
}

const Trunk* RoutingTable::trunk_by_realm(std::string_view realm) const {
  const TrunkRule* rule = at(index_->trunks_by_realm, host_key(realm));
  return rule == nullptr ? nullptr : rule->trunk;
}

std::vector<const Trunk*> RoutingTable::trunks_of(const model::AccountId& account) const {
  std::vector<const Trunk*> found;
  for (const auto& rule : index_->trunk_rules) {
    if (rule.account->id == account) found.push_back(rule.trunk);
  }
  return found;
}

std::vector<const Trunk*> RoutingTable::trunks() const {
  std::vector<const Trunk*> found;
  for (const auto& rule : index_->trunk_rules) found.push_back(rule.trunk);
  return found;
}

const ApiKey* RoutingTable::api_key(const model::ApiKeyId& id) const {
  const auto it = index_->api_keys.find(id.str());
  return it == index_->api_keys.end() ? nullptr : &it->second;
}

const Queue* RoutingTable::queue(const model::AccountId& account, std::string_view name) const {
  const auto it = index_->queues.find(std::pair(account, std::string(name)));
  return it == index_->queues.end() ? nullptr : &it->second;
}

const Queue* RoutingTable::queue(const model::AccountId& account, const model::QueueId& id) const {
  const auto it = index_->queues_by_id.find(id);
  return it == index_->queues_by_id.end() || it->second->account_id != account ? nullptr : it->second;
}

std::vector<const Queue*> RoutingTable::queues_of(const model::AccountId& account) const {
  std::vector<const Queue*> found;
  auto it = index_->queues.lower_bound(std::pair(account, std::string()));
  for (; it != index_->queues.end() && it->first.first == account; ++it) found.push_back(&it->second);
  return found;
}

}  // namespace tandem::store
