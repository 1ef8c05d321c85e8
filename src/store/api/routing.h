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
};

struct Route {
  Account account;
  Application application;
  model::NumberId number_id;  ///< Of the rule that won, if it was a number's.
  model::TrunkId trunk_id;    ///< The trunk that the call came from, if known.
  std::string rule;           ///< For people: "number +15550199", "domain acme.example", "trunk TK…".
};

/// An immutable snapshot of all rules. Most specific wins: whole number with ANI, whole number, longest
/// prefix with ANI, longest prefix, domain, trunk; among numbers equally specific one of the source trunk's
/// account goes first. Numbers compare as digits with visual separators dropped, with or without a leading +
/// (one of the two may lack it).
class RoutingTable {
 public:
  struct Rules {
    std::vector<Account> accounts;
    std::vector<Application> applications;
    std::vector<Number> numbers;
    std::vector<Domain> domains;
    std::vector<Trunk> trunks;
  };
  explicit RoutingTable(Rules rules);
  ~RoutingTable();
  RoutingTable(const RoutingTable&) = delete;
  RoutingTable& operator=(const RoutingTable&) = delete;

  [[nodiscard]] std::optional<Route> find(const RouteQuery& query) const;
  [[nodiscard]] const Account* account(const model::AccountId& id) const;

 private:
  struct Index;
  std::unique_ptr<Index> index_;
};

}  // namespace tandem::store
