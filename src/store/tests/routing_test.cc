#include <gtest/gtest.h>

#include "store/api/digits.h"
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

TEST(Digits, LimitsAndServiceCodes) {
  EXPECT_EQ(digits_of("*98#"), "*98#");
  EXPECT_EQ(digits_of("1+2"), std::nullopt);
  EXPECT_EQ(digits_of(std::string(32, '1')), std::string(32, '1'));
  EXPECT_EQ(digits_of(std::string(33, '1')), std::nullopt);
  EXPECT_EQ(digits_of("+;ext=1"), std::nullopt);
}

}  // namespace
}  // namespace tandem::store
