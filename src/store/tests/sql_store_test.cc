#include <gtest/gtest.h>

#include "store/sql/open_store.h"
#include "store/tests/sample.h"
#include "store/tests/temporary_folder.h"

namespace tandem::store {
namespace {

class SqlStoreTest : public ::testing::Test {
 protected:
  SqlStoreTest() : url_("sqlite://" + folder_.file("a b=c.db")), store_(open()) {}
  std::unique_ptr<Store> open() {
    auto opened = open_store({url_, true});
    EXPECT_TRUE(opened) << (opened ? "" : opened.error().detail);
    return std::move(opened).value();
  }
  Account account(const std::string& name) {
    Account a;
    a.name = name;
    return store_->create(a).value();
  }
  Application application(const Account& owner, const std::string& name = "main") {
    Application a;
    a.account_id = owner.id, a.name = name, a.url = "ws://127.0.0.1:3000/";
    return store_->create(a).value();
  }
  Number number(const Application& app, const std::string& did) {
    Number n;
    n.account_id = app.account_id, n.application_id = app.id, n.did = did;
    return n;
  }

  TemporaryFolder folder_;
  std::string url_;
  std::unique_ptr<Store> store_;
};

TEST_F(SqlStoreTest, AccountsRoundTrip) {
  Account a;
  a.name = "Acme 'quoted' \"x\"; DROP TABLE accounts";
  a.max_concurrent_calls = 4'000'00, a.max_calls_per_second = 2.5, a.orphan_max_duration_ms = 1,
  a.max_call_duration_ms = 2000;
  const auto made = store_->create(a);
  ASSERT_TRUE(made) << made.error().detail;
  EXPECT_TRUE(model::AccountId::valid(made->id.str()));
  EXPECT_EQ(made->webhook_secret.size(), 64U);
  const auto list = store_->accounts().value();
  ASSERT_EQ(list.size(), 1U);
  EXPECT_EQ(list[0].name, a.name);
  EXPECT_EQ(list[0].webhook_secret, made->webhook_secret);
  EXPECT_EQ(list[0].max_concurrent_calls, 400'000U);
  EXPECT_DOUBLE_EQ(list[0].max_calls_per_second, 2.5);
  EXPECT_EQ(list[0].orphan_max_duration_ms, 1);
  EXPECT_EQ(list[0].max_call_duration_ms, 2000);
  EXPECT_EQ(list[0].created, made->created);
}

TEST_F(SqlStoreTest, AllKindsRoundTripAndFilterByAccount) {
  const auto a = account("A");
  const auto b = account("B");
  const auto app = application(a);
  const auto other = application(b);
  auto n = number(app, "+1 555");
  n.prefix = true, n.ani = "+1212*";
  const auto made = store_->create(n).value();
  ASSERT_TRUE(store_->create(number(other, "42")));
  Domain d;
  d.account_id = a.id, d.application_id = app.id, d.name = "ACME.example.";
  EXPECT_EQ(store_->create(d)->name, "acme.example");
  Trunk t;
  t.account_id = a.id, t.name = "carrier";
  t.addresses = {*model::IpBlock::parse("192.0.2.0/24"), *model::IpBlock::parse("2001:db8::/32")};
  ASSERT_TRUE(store_->create(t));

  const auto numbers = store_->numbers(a.id).value();
  ASSERT_EQ(numbers.size(), 1U);
  EXPECT_EQ(numbers[0].id, made.id);
  EXPECT_EQ(numbers[0].did, "+1 555");
  EXPECT_TRUE(numbers[0].prefix);
  EXPECT_EQ(numbers[0].ani, "+1212*");
  EXPECT_EQ(numbers[0].application_id, app.id);
  EXPECT_EQ(store_->numbers({})->size(), 2U);
  EXPECT_EQ(store_->applications(b.id)->at(0).id, other.id);
  EXPECT_EQ(store_->domains(a.id)->at(0).name, "acme.example");
  EXPECT_TRUE(store_->domains(b.id)->empty());
  const auto trunks = store_->trunks(a.id).value();
  ASSERT_EQ(trunks.size(), 1U);
  EXPECT_EQ(trunks[0].addresses, t.addresses);
  EXPECT_TRUE(trunks[0].application_id.empty());

  const auto rules = store_->rules().value();
  EXPECT_EQ(rules.accounts.size() + rules.applications.size() + rules.numbers.size() + rules.domains.size() +
                rules.trunks.size(),
            8U);
}

TEST_F(SqlStoreTest, ConflictsNameTheField) {
  const auto a = account("A");
  const auto b = account("B");
  Account twin;
  twin.name = "A";
  EXPECT_EQ(store_->create(twin).error().error, StoreError::conflict);
  EXPECT_EQ(store_->create(twin).error().field, "name");
  const auto app = application(a);
  const auto other = application(b);  // The same name under another account is fine.
  ASSERT_TRUE(store_->create(number(app, "+15550199")));
  const auto again = store_->create(number(app, "1-555-0199"));
  ASSERT_FALSE(again);
  EXPECT_EQ(again.error().error, StoreError::conflict);
  EXPECT_EQ(again.error().field, "did");
  EXPECT_TRUE(store_->create(number(other, "+15550199")));  // Two tenants may share a DID.
  auto by_caller = number(app, "+15550199");
  by_caller.ani = "+1212*";
  EXPECT_TRUE(store_->create(by_caller));
  Domain d;
  d.account_id = a.id, d.application_id = app.id, d.name = "acme.example";
  const auto first = store_->create(d).value();
  d.name = "Acme.Example";
  EXPECT_EQ(store_->create(d).error().field, "name");
  d.name = "b.example", d.id = first.id;
  EXPECT_EQ(store_->create(d).error().field, "id");
}

TEST_F(SqlStoreTest, OwnersMustExistAndMatch) {
  const auto a = account("A");
  const auto b = account("B");
  const auto app = application(a);
  auto n = number(app, "1");
  n.account_id = b.id;
  EXPECT_EQ(store_->create(n).error().error, StoreError::not_found);
  EXPECT_EQ(store_->create(n).error().field, "application_id");
  n.account_id = model::AccountId("ACnone");
  EXPECT_EQ(store_->create(n).error().field, "account_id");
  n = number(app, "not a number");
  EXPECT_EQ(store_->create(n).error().error, StoreError::invalid);
  EXPECT_TRUE(store_->numbers({})->empty());
}

TEST_F(SqlStoreTest, RemoveRefusesWhatIsInUse) {
  const auto a = account("A");
  const auto app = application(a);
  const auto n = store_->create(number(app, "1")).value();
  EXPECT_EQ(store_->remove(a.id).error().error, StoreError::in_use);
  const auto blocked = store_->remove(app.id);
  EXPECT_EQ(blocked.error().error, StoreError::in_use);
  EXPECT_EQ(blocked.error().detail, "1 of the numbers still refer to it");
  EXPECT_TRUE(store_->remove(n.id));
  EXPECT_EQ(store_->remove(n.id).error().error, StoreError::not_found);
  EXPECT_TRUE(store_->remove(app.id));
  EXPECT_TRUE(store_->remove(a.id));
  EXPECT_TRUE(store_->accounts()->empty());
}

TEST_F(SqlStoreTest, RulesVersionMovesWithEveryChangeSeenByOthers) {
  const auto other = open();
  const auto v0 = other->rules_version().value();
  const auto a = account("A");
  const auto v1 = other->rules_version().value();
  EXPECT_NE(v0, v1);
  Account twin;
  twin.name = "A";
  EXPECT_FALSE(store_->create(twin));
  EXPECT_EQ(other->rules_version().value(), v1);
  ASSERT_TRUE(store_->write_cdrs({sample_cdr("1")}));
  EXPECT_EQ(other->rules_version().value(), v1);
  ASSERT_TRUE(store_->remove(a.id));
  EXPECT_NE(other->rules_version().value(), v1);
}

TEST_F(SqlStoreTest, CdrsRoundTripNewestFirstAndOnce) {
  auto second = sample_cdr("2");
  second.started += std::chrono::seconds{1};
  second.account_id = model::AccountId("AC2");
  second.ringing.reset(), second.answered.reset();
  ASSERT_TRUE(store_->write_cdrs({sample_cdr("1"), second}));
  auto changed = sample_cdr("1");
  changed.from = "changed";
  ASSERT_TRUE(store_->write_cdrs({changed, sample_cdr("3")}));
  const auto all = store_->cdrs({})->cdrs;
  ASSERT_EQ(all.size(), 3U);
  expect_same(all[0], second);
  expect_same(all[1], sample_cdr("3"));
  expect_same(all[2], sample_cdr("1"));
  EXPECT_EQ(store_->cdrs({model::AccountId("AC2"), 50})->cdrs.size(), 1U);
  EXPECT_EQ(store_->cdrs({{}, 2})->cdrs.size(), 2U);
  EXPECT_TRUE(store_->cdrs({{}, 0})->cdrs.empty());
}

TEST_F(SqlStoreTest, TextFromThePeerIsMadeUtf8) {
  auto c = sample_cdr("1");
  c.from = "a\xff" + std::string(1, '\0') + "b";
  ASSERT_TRUE(store_->write_cdrs({c}));
  EXPECT_EQ(store_->cdrs({})->cdrs.at(0).from,
            "a\xef\xbf\xbd\xef\xbf\xbd"
            "b");
}

}  // namespace
}  // namespace tandem::store
