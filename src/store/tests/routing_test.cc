#include <gtest/gtest.h>

#include "store/api/digits.h"
#include "store/api/number_format.h"
#include "store/api/routing.h"

namespace tandem::store {
namespace {

using model::AccountId;
using model::ApplicationId;

model::IpAddress ip(const char* text) {
  return *model::IpAddress::parse(text);
}

/// Two tenants, "A" and "B", each with one application of the same letter; rules are numbered in order of
/// age.
class RoutingTest : public ::testing::Test {
 protected:
  RoutingTest() {
    for (const char* name : {"A", "B"}) {
      Account account;
      account.id = AccountId(std::string("AC") + name);
      rules_.accounts.push_back(account);
      Application application;
      application.id = ApplicationId(std::string("AP") + name);
      application.account_id = account.id;
      rules_.applications.push_back(application);
    }
  }
  WallTime next_age() { return WallTime{std::chrono::milliseconds{++age_}}; }
  template <class Record>
  void own(Record& r, const char* who) {
    r.account_id = AccountId(std::string("AC") + who);
    r.application_id = ApplicationId(std::string("AP") + who);
    r.created = next_age();
  }
  void number(const char* who, const char* did, const char* ani = "", bool prefix = false) {
    Number n;
    own(n, who);
    n.id = model::NumberId("PN" + std::to_string(age_));
    n.did = did, n.ani = ani, n.prefix = prefix;
    rules_.numbers.push_back(n);
  }
  void prefix(const char* who, const char* did, const char* ani = "") { number(who, did, ani, true); }
  void domain(const char* who, const char* name) {
    Domain d;
    own(d, who);
    d.name = name;
    rules_.domains.push_back(d);
  }
  void trunk(const char* who, const char* id, std::vector<const char*> blocks, bool with_application = true) {
    Trunk t;
    own(t, who);
    t.id = model::TrunkId(id);
    if (!with_application) t.application_id = {};
    for (const char* b : blocks) t.addresses.push_back(*model::IpBlock::parse(b));
    rules_.trunks.push_back(t);
  }
  /// "application / rule" of the winner, or "-".
  std::string find(const char* called, const char* caller = "", const char* domain = "",
                   const char* source = "192.0.2.1") {
    const auto route = RoutingTable(rules_).find({called, caller, domain, ip(source)});
    trunk_ = route ? route->trunk_id.str() : "";
    return route ? route->application.id.str() + " / " + route->rule : "-";
  }

  RoutingTable::Rules rules_;
  std::string trunk_;
  int age_ = 0;
};

TEST_F(RoutingTest, NumbersCompareAsDigits) {
  number("A", "+1 (555) 010-0199");
  for (const char* called :
       {"+15550100199", "15550100199", "+1-555-010.0199", "1 555 0100199", "+15550100199;npdi"}) {
    EXPECT_EQ(find(called), "APA / number +1 (555) 010-0199") << called;
  }
  for (const char* called :
       {"", "+", "+1555010019", "+155501001999", "alice", "+1555010o199", "0015550100199"}) {
    EXPECT_EQ(find(called), "-") << called;
  }
}

TEST_F(RoutingTest, PlusMayBeMissingOnEitherSide) {
  number("A", "15550199");
  EXPECT_EQ(find("+15550199"), "APA / number 15550199");
}

TEST_F(RoutingTest, MostSpecificNumberWins) {
  prefix("A", "+1");
  prefix("B", "+1555");
  number("A", "+15550199");
  EXPECT_EQ(find("15550199"), "APA / number +15550199");
  EXPECT_EQ(find("15550198"), "APB / prefix +1555");
  EXPECT_EQ(find("1555"), "APB / prefix +1555");
  EXPECT_EQ(find("1554"), "APA / prefix +1");
  EXPECT_EQ(find("2"), "-");
}

TEST_F(RoutingTest, CallerSharesANumberBetweenTenants) {
  number("A", "+15550199");
  number("B", "+15550199", "+1212*");
  number("A", "+15550199", "+12125550111");
  EXPECT_EQ(find("+15550199", "+13105550100"), "APA / number +15550199");
  EXPECT_EQ(find("+15550199", "12125550100"), "APB / number +15550199 from +1212*");
  EXPECT_EQ(find("+15550199", "+1-212-555-0111"), "APA / number +15550199 from +12125550111");
  EXPECT_EQ(find("+15550199", "anonymous"), "APA / number +15550199");
}

TEST_F(RoutingTest, CallerRulesOnlyMatchTheirCaller) {
  number("A", "+15550199", "+1212*");
  EXPECT_EQ(find("+15550199", "+13105550100"), "-");
  EXPECT_EQ(find("+15550199", ""), "-");
}

TEST_F(RoutingTest, CalledNumberOutranksCaller) {
  prefix("A", "+1555", "+1212*");
  prefix("B", "+15550");
  EXPECT_EQ(find("+15550199", "+12125550100"), "APB / prefix +15550");
  EXPECT_EQ(find("+15551199", "+12125550100"), "APA / prefix +1555 from +1212*");
  number("B", "+15551199");
  EXPECT_EQ(find("+15551199", "+12125550100"), "APB / number +15551199");
}

TEST_F(RoutingTest, PrefixFallsBackToAShorterOneWhoseCallerFits) {
  prefix("A", "+1555", "+1212*");
  prefix("B", "+1");
  EXPECT_EQ(find("+15550199", "+13105550100"), "APB / prefix +1");
}

TEST_F(RoutingTest, SourceTrunkDecidesBetweenEquals) {
  number("A", "+15550199");
  number("B", "+15550199");
  trunk("A", "TKA", {"198.51.100.0/24"});
  trunk("B", "TKB", {"203.0.113.7"});
  EXPECT_EQ(find("+15550199"), "APA / number +15550199");  // The older one.
  EXPECT_EQ(trunk_, "");
  EXPECT_EQ(find("+15550199", "", "", "203.0.113.7"), "APB / number +15550199");
  EXPECT_EQ(trunk_, "TKB");
  EXPECT_EQ(find("+15550199", "", "", "198.51.100.9"), "APA / number +15550199");
  EXPECT_EQ(trunk_, "TKA");
}

TEST_F(RoutingTest, NumberOfAnotherTenantDoesNotLearnOfTheTrunk) {
  number("A", "+15550199");
  trunk("B", "TKB", {"203.0.113.7"});
  EXPECT_EQ(find("+15550199", "", "", "203.0.113.7"), "APA / number +15550199");
  EXPECT_EQ(trunk_, "");
}

TEST_F(RoutingTest, ThenDomainThenTrunk) {
  trunk("B", "TKB", {"203.0.113.0/24", "2001:db8::/32"});
  domain("A", "acme.example");
  number("B", "+15550199");
  EXPECT_EQ(find("+15550199", "", "acme.example", "203.0.113.7"), "APB / number +15550199");
  EXPECT_EQ(find("alice", "", "ACME.Example.", "203.0.113.7"), "APA / domain acme.example");
  EXPECT_EQ(find("alice", "", "other.example", "203.0.113.7"), "APB / trunk TKB");
  EXPECT_EQ(find("alice", "", "other.example", "2001:db8::7"), "APB / trunk TKB");
  EXPECT_EQ(find("alice", "", "other.example", "203.0.112.255"), "-");
  EXPECT_EQ(find("alice", "", "sub.acme.example"), "-");
}

TEST_F(RoutingTest, NarrowestBlockWins) {
  trunk("A", "TKA", {"10.0.0.0/8"});
  trunk("B", "TKB", {"10.1.2.0/25"});
  EXPECT_EQ(find("x", "", "", "10.1.2.127"), "APB / trunk TKB");
  EXPECT_EQ(find("x", "", "", "10.1.2.128"), "APA / trunk TKA");
}

TEST_F(RoutingTest, TrunkWithoutApplicationRoutesNothingByItself) {
  trunk("A", "TKA", {"0.0.0.0/0"}, false);
  EXPECT_EQ(find("x"), "-");
  number("A", "1");
  EXPECT_EQ(find("1"), "APA / number 1");
  EXPECT_EQ(trunk_, "TKA");
}

TEST_F(RoutingTest, RuleWithoutItsApplicationIsIgnored) {
  number("A", "1");
  domain("A", "acme.example");
  rules_.applications.clear();
  EXPECT_EQ(find("1", "", "acme.example"), "-");
}

TEST_F(RoutingTest, AHundredThousandNumbersStayFast) {
  for (int i = 0; i < 100'000; ++i) {
    number("A", ("+1555" + std::to_string(1'000'000 + i)).c_str());
  }
  const RoutingTable table(rules_);
  for (int i = 0; i < 100'000; i += 7) {
    const auto route = table.find({"+1555" + std::to_string(1'000'000 + i), "", "", ip("192.0.2.1")});
    ASSERT_TRUE(route);
    ASSERT_EQ(route->number_id.str(), "PN" + std::to_string(i + 1));
  }
  EXPECT_NE(table.account(AccountId("ACA")), nullptr);
  EXPECT_EQ(table.account(AccountId("ACX")), nullptr);
}

TEST_F(RoutingTest, LooksAreQuickWithManyRules) {
  for (int i = 0; i < 100'000; ++i) {
    number(i % 2 == 0 ? "A" : "B", ("+1555" + std::to_string(1'000'000 + i)).c_str());
  }
  for (int i = 0; i < 200; ++i) {
    trunk("A", ("TK" + std::to_string(i)).c_str(), {("10.0." + std::to_string(i) + ".0/24").c_str()});
  }
  const RoutingTable table(rules_);
  const auto begin = std::chrono::steady_clock::now();
  constexpr int kLooks = 2000;
  for (int i = 0; i < kLooks; ++i) {
    ASSERT_TRUE(table.find({"+1555" + std::to_string(1'000'000 + i * 7), "+1212", "x", ip("10.0.7.1")}));
  }
  EXPECT_LT(std::chrono::steady_clock::now() - begin, std::chrono::milliseconds{1} * kLooks);
}

TEST_F(RoutingTest, RegisteredEndpointsReachTheirOwnTenantOnly) {
  domain("A", "acme.example");
  domain("B", "other.example");
  number("B", "+15550199");
  number("A", "+15550100");
  RouteQuery query{"+15550199", "bob", "other.example", ip("192.0.2.1")};
  query.authenticated_realm = "ACME.example", query.authenticated_username = "bob";
  const RoutingTable table(rules_);
  auto route = table.find(query);
  ASSERT_TRUE(route);
  EXPECT_EQ(route->application.id.str(), "APA");
  EXPECT_EQ(route->rule, "endpoint bob@acme.example");
  EXPECT_EQ(route->called, "+15550199");
  EXPECT_TRUE(route->number_id.empty());
  query.called = "+15550100";  // Its own tenant's number too: the application decides.
  EXPECT_EQ(table.find(query)->rule, "endpoint bob@acme.example");
  query.authenticated_realm = "nobody.example";
  EXPECT_FALSE(table.find(query));
}

TEST_F(RoutingTest, AuthenticatedTrunksReachTheirOwnTenantOnly) {
  number("B", "+15550199");
  number("A", "+15550100");
  trunk("A", "TKA", {});
  rules_.trunks[0].realm = "trunk.example";
  rules_.trunks[0].inbound_format = {NumberStyle::national, "1", "0", "00", 0, ""};
  RouteQuery query{"05550100", "02125550111", "x", ip("192.0.2.1")};
  query.authenticated_realm = "trunk.example";
  const RoutingTable table(rules_);
  auto route = table.find(query);
  ASSERT_TRUE(route);
  EXPECT_EQ(route->rule, "number +15550100");
  EXPECT_EQ(route->trunk_id.str(), "TKA");
  EXPECT_EQ(route->called, "+15550100");
  EXPECT_EQ(route->caller, "+12125550111");
  query.called = "05550199";
  EXPECT_EQ(table.find(query)->rule, "trunk TKA");
}

TEST_F(RoutingTest, TrunksNumbersAreBroughtToE164) {
  number("A", "+4930100");
  trunk("A", "TKA", {"198.51.100.0/24"});
  trunk("B", "TKB", {"203.0.113.0/24"}, false);
  rules_.trunks[0].inbound_format = {NumberStyle::national, "49", "0", "00", 0, ""};
  rules_.trunks[1].inbound_format = rules_.trunks[0].inbound_format;
  EXPECT_EQ(find("030100", "", "", "198.51.100.1"), "APA / number +4930100");
  EXPECT_EQ(find("004930100", "", "", "198.51.100.1"), "APA / number +4930100");
  EXPECT_EQ(find("+4930100", "", "", "198.51.100.1"), "APA / number +4930100");
  EXPECT_EQ(find("030100"), "-");
  EXPECT_EQ(find("030100", "", "", "203.0.113.1"), "-");  // Only the trunk's own account.
  EXPECT_EQ(find("4930100", "", "", "203.0.113.1"), "APA / number +4930100");
}

TEST_F(RoutingTest, RegisteredTrunkIsKnownByItsContact) {
  number("A", "+4930100");
  trunk("A", "TKA", {});
  trunk("B", "TKB", {});
  rules_.trunks[0].registration.enabled = true;
  rules_.trunks[1].registration.enabled = true, rules_.trunks[1].registration.contact_user = "line1";
  RouteQuery query{"TKA", "x", "192.0.2.9", ip("192.0.2.1")};
  query.to_user = "+4930100";
  const RoutingTable table(rules_);
  EXPECT_EQ(table.find(query)->rule, "number +4930100");
  EXPECT_EQ(table.find(query)->trunk_id.str(), "TKA");
  query.to_user = "+4930101";
  EXPECT_EQ(table.find(query)->rule, "trunk TKA");
  EXPECT_EQ(table.find(query)->called, "+4930101");
  query.called = "line1", query.to_user = "+4930100";
  EXPECT_EQ(table.find(query)->rule, "trunk TKB");  // Not the other tenant's number.
  query.called = "line2";
  EXPECT_FALSE(table.find(query));
}

TEST_F(RoutingTest, LookUps) {
  domain("A", "acme.example");
  rules_.domains[0].id = model::DomainId("DO1");
  trunk("A", "TKA", {"10.0.0.0/8"});
  trunk("B", "TKB", {"10.1.0.0/16"});
  rules_.trunks[1].realm = "trunk.example";
  Credential c;
  c.id = model::CredentialId("CR1"), c.realm = "acme.example", c.username = "Bob";
  rules_.credentials.push_back(c);
  ApiKey k;
  k.id = model::ApiKeyId("AK1");
  rules_.api_keys.push_back(k);
  const RoutingTable table(rules_);
  EXPECT_EQ(table.application(ApplicationId("APB"))->account_id.str(), "ACB");
  EXPECT_EQ(table.applications_of(AccountId("ACA")).size(), 1U);
  EXPECT_EQ(table.domain("ACME.example.")->id.str(), "DO1");
  EXPECT_EQ(table.domain(model::DomainId("DO1"))->name, "acme.example");
  EXPECT_EQ(table.domains_of(AccountId("ACB")).size(), 0U);
  EXPECT_EQ(table.credential("Acme.Example", "Bob")->id.str(), "CR1");
  EXPECT_EQ(table.credential("acme.example", "bob"), nullptr);
  EXPECT_EQ(table.trunk(model::TrunkId("TKA"))->name, "");
  EXPECT_EQ(table.trunk(model::TrunkId("TKX")), nullptr);
  EXPECT_EQ(table.trunk_by_source(ip("10.1.2.3"))->id.str(), "TKB");
  EXPECT_EQ(table.trunk_by_source(ip("10.2.2.3"))->id.str(), "TKA");
  EXPECT_EQ(table.trunk_by_source(ip("11.2.2.3")), nullptr);
  EXPECT_EQ(table.trunk_by_realm("TRUNK.example")->id.str(), "TKB");
  EXPECT_EQ(table.trunks_of(AccountId("ACA")).size(), 1U);
  EXPECT_EQ(table.trunks().size(), 2U);
  EXPECT_NE(table.api_key(model::ApiKeyId("AK1")), nullptr);
  EXPECT_EQ(table.api_key(model::ApiKeyId("AK2")), nullptr);
}

TEST(NumberFormat, OutAndIn) {
  const auto out = [](NumberFormat f, const char* n) { return to_wire(f, n); };
  EXPECT_EQ(out({}, "+49 (30) 1"), "+49301");
  EXPECT_EQ(out({NumberStyle::e164_plus, "", "", "", 0, ""}, "4930"), "+4930");
  EXPECT_EQ(out({NumberStyle::e164_bare, "", "", "", 0, ""}, "+49-30"), "4930");
  const NumberFormat german{NumberStyle::national, "49", "0", "00", 0, ""};
  EXPECT_EQ(out(german, "+4930"), "030");
  EXPECT_EQ(out(german, "+4420"), "004420");
  EXPECT_EQ(out(german, "110"), "110");
  EXPECT_EQ(out({NumberStyle::e164_bare, "", "", "", 2, "7#"}, "+4930"), "7#30");
  EXPECT_EQ(out({NumberStyle::e164_bare, "", "", "", 9, ""}, "+4930"), "");
  EXPECT_EQ(out({NumberStyle::e164_plus, "", "", "", 0, ""}, "alice"), "alice");
  EXPECT_EQ(out({NumberStyle::e164_plus, "", "", "", 0, ""}, "*98#"), "*98#");
  const auto in = [](NumberFormat f, const char* n) { return from_wire(f, n); };
  EXPECT_EQ(in(german, "030"), "+4930");
  EXPECT_EQ(in(german, "004420"), "+4420");
  EXPECT_EQ(in(german, "+4420"), "+4420");
  EXPECT_EQ(in(german, "110"), "110");
  EXPECT_EQ(in({NumberStyle::national, "1", "", "011", 0, ""}, "2125550100"), "+12125550100");
  EXPECT_EQ(in({NumberStyle::e164_bare, "", "", "", 0, ""}, "4930"), "+4930");
  EXPECT_EQ(in({NumberStyle::e164_bare, "", "", "", 2, ""}, "994930"), "+4930");
  EXPECT_EQ(in({NumberStyle::as_is, "", "", "", 0, "49"}, "30"), "4930");
  EXPECT_EQ(in(german, "alice"), "alice");
}

TEST(ApiKeys, TokensProveTheirKey) {
  ApiKey wanted;
  wanted.scopes = {Scope::calls_read};
  const auto made = make_api_key(wanted);
  const WallTime now{std::chrono::hours{1}};
  const auto ask = [&](ApiKey key, std::string_view token) {
    RoutingTable::Rules rules;
    rules.api_keys.push_back(std::move(key));
    const RoutingTable table(std::move(rules));
    const auto found = authenticate(table, token, now);
    return found ? std::string("ok") : std::string(to_string(found.error()));
  };
  EXPECT_EQ(ask(made.key, made.token), "ok");
  EXPECT_EQ(made.token.find(made.key.secret_hash), std::string::npos);
  EXPECT_EQ(ask(made.key, made.token + "0"), "malformed");
  EXPECT_EQ(ask(made.key, ""), "malformed");
  EXPECT_EQ(ask(made.key, made.key.id.str()), "malformed");
  EXPECT_EQ(ask(made.key, made.key.id.str() + "." + std::string(64, '0')), "unknown");
  EXPECT_EQ(ask(made.key, "AKother" + made.token.substr(made.token.find('.'))), "unknown");
  ApiKey old = made.key;
  old.expires = now;
  EXPECT_EQ(ask(old, made.token), "expired");
  old.expires = now + std::chrono::milliseconds{1};
  EXPECT_EQ(ask(old, made.token), "ok");
  old.revoked = now;
  EXPECT_EQ(ask(old, made.token), "revoked");
  EXPECT_TRUE(allows(made.key, Scope::calls_read));
  EXPECT_FALSE(allows(made.key, Scope::calls_write));
  ApiKey chief;
  chief.scopes = {Scope::admin};
  EXPECT_TRUE(allows(chief, Scope::worker));
  for (const char* text : {"calls:read", "calls:write", "worker", "endpoints:read", "admin"}) {
    EXPECT_EQ(to_string(*scope_of(text)), text);
  }
  EXPECT_FALSE(scope_of("calls"));
}

TEST(Digits, LimitsAndServiceCodes) {
  EXPECT_EQ(digits_of("*98#"), "*98#");
  EXPECT_EQ(digits_of("1+2"), std::nullopt);
  EXPECT_EQ(digits_of(std::string(32, '1')), std::string(32, '1'));
  EXPECT_EQ(digits_of(std::string(33, '1')), std::nullopt);
  EXPECT_EQ(digits_of("+;ext=1"), std::nullopt);
}

}  // namespace
}  // namespace tandem::store
