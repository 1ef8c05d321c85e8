// Which application a call goes to: a pure function over the provisioned rules, kept in memory by the control
// thread.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "store/api/records.h"

namespace tandem::store {

struct RouteQuery {
  std::string called;  ///< User part of the request URI.
  std::string caller;  ///< User part of From.
  std::string domain;  ///< Host of the request URI.
  model::IpAddress source;
  /// Who the caller proved to be by digest; both empty: nobody. Then only the realm's own account is reached.
  std::string authenticated_realm{};
  std::string authenticated_username{};
  std::string
      to_user{};  ///< User part of To: the number called, where a registered trunk's Contact is called.
};

struct Route {
  Account account;
  Application application;
  model::NumberId number_id;    ///< Of the rule that won, if it was a number's.
  model::TrunkId trunk_id;      ///< The trunk that the call came from, if known.
  std::string rule;             ///< For people: "number +15550199", "domain acme.example", "trunk TK…".
  model::DomainId domain_id{};  ///< Of the rule that won, if it was a domain's or an endpoint's.
  std::string called{};         ///< As in the query, or brought to E.164 by the trunk's inbound format.
  std::string caller{};
};

/// A rule that a call was held against.
struct Candidate {
  enum class Outcome : std::uint8_t { taken, beaten, unfit };
  std::string rule;  ///< For people, as in Route.
  std::string record_id;
  model::ApplicationId application_id;
  Outcome outcome = Outcome::unfit;
  std::string why{};  ///< For people.
};
struct Explanation {
  std::string taken;  ///< The rule; empty: none of the account's.
  model::ApplicationId application_id;
  std::string why;
  std::vector<Candidate> candidates;  ///< Of the account alone, in the order in which they are tried.
};

/// An immutable snapshot of all rules. Most specific wins: whole number with ANI, whole number, longest
/// prefix with ANI, longest prefix, domain, trunk; among numbers equally specific one of the source trunk's
/// account goes first. Numbers compare as digits with visual separators dropped, with or without a leading +
/// (one of the two may lack it). A call of an authenticated endpoint goes to its domain's application,
/// whatever it calls; one of an authenticated trunk to that account's numbers, then to the trunk's
/// application. Any thread.
class RoutingTable {
 public:
  struct Rules {
    std::vector<Account> accounts;
    std::vector<Application> applications;
    std::vector<Number> numbers;
    std::vector<Domain> domains;
    std::vector<Trunk> trunks;
    std::vector<Credential> credentials{};
    std::vector<ApiKey> api_keys{};
    std::vector<Queue> queues{};
  };
  explicit RoutingTable(Rules rules);
  ~RoutingTable();
  RoutingTable(const RoutingTable&) = delete;
  RoutingTable& operator=(const RoutingTable&) = delete;

  [[nodiscard]] std::optional<Route> find(const RouteQuery& query) const;
  /// What find() does, as `account` may know it: of another's rules only that one of them was better.
  [[nodiscard]] Explanation explain(const RouteQuery& query, const model::AccountId& account) const;

  // Look-ups; null when there is none. What is returned lives as long as the table.
  [[nodiscard]] const Account* account(const model::AccountId& id) const;
  [[nodiscard]] const Application* application(const model::ApplicationId& id) const;
  [[nodiscard]] std::vector<const Application*> applications_of(const model::AccountId& account) const;
  [[nodiscard]] const Domain* domain(std::string_view name) const;  ///< Case and a final dot do not matter.
  [[nodiscard]] const Domain* domain(const model::DomainId& id) const;
  [[nodiscard]] std::vector<const Domain*> domains_of(const model::AccountId& account) const;
  /// `realm` without regard to case, `username` exactly.
  [[nodiscard]] const Credential* credential(std::string_view realm, std::string_view username) const;
  [[nodiscard]] const Trunk* trunk(const model::TrunkId& id) const;
  /// The trunk with the narrowest block around `source`, the oldest of several.
  [[nodiscard]] const Trunk* trunk_by_source(const model::IpAddress& source) const;
  [[nodiscard]] const Trunk* trunk_by_realm(std::string_view realm) const;
  [[nodiscard]] std::vector<const Trunk*> trunks_of(
      const model::AccountId& account) const;  ///< Oldest first.
  [[nodiscard]] std::vector<const Trunk*> trunks() const;
  [[nodiscard]] const ApiKey* api_key(const model::ApiKeyId& id) const;
  [[nodiscard]] const Queue* queue(const model::AccountId& account, std::string_view name) const;
  [[nodiscard]] const Queue* queue(const model::AccountId& account, const model::QueueId& id) const;
  [[nodiscard]] std::vector<const Queue*> queues_of(const model::AccountId& account) const;  ///< By name.

 private:
  struct Index;
  std::unique_ptr<Index> index_;
};

}  // namespace tandem::store
