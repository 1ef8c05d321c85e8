#include "server/store_worker_authority.h"

#include <gtest/gtest.h>

#include "store/api/api_key.h"

namespace tandem::server {
namespace {

using Refusal = app::WorkerAuthority::Refusal;

class TableStore final : public store::CallStore {
 public:
  explicit TableStore(store::RoutingTable::Rules rules) { set(std::move(rules)); }
  void set(store::RoutingTable::Rules rules) {
    table_ = std::make_shared<const store::RoutingTable>(std::move(rules));
  }
  std::shared_ptr<const store::RoutingTable> snapshot() override { return table_; }
  void on_rules_changed(Function<void()>) override {}
  void find_route(store::RouteQuery, Function<void(std::optional<store::Route>)>) override {}
  void write_cdr(store::Cdr, Function<void()>) override {}
  void list_cdrs(store::CdrQuery, Function<void(store::StoreResult<store::CdrPage>)>) override {}
  void find_cdr(model::AccountId, model::CallId, Function<void(store::StoreResult<store::Cdr>)>) override {}
  void change(Function<store::StoreResult<Unit>(store::Store&)> /*work*/,
              Function<void(store::StoreResult<Unit>)> /*done*/) override {}
  void touch(const model::ApiKeyId& key) override { touched.push_back(key); }
  std::vector<model::ApiKeyId> touched;

 private:
  std::shared_ptr<const store::RoutingTable> table_;  // Shared: as the interface gives it out.
};

class StoreWorkerAuthorityTest : public testing::Test {
 protected:
  StoreWorkerAuthorityTest() : store_({}) {
    for (const char* id : {"AC1", "AC2"}) {
      store::Account account;
      account.id = model::AccountId(id);
      rules_.accounts.push_back(account);
    }
    store::Application application;
    application.id = model::ApplicationId("AP1");
    application.account_id = model::AccountId("AC1");
    rules_.applications.push_back(application);
  }
  std::string key(const char* account, std::vector<store::Scope> scopes) {
    store::ApiKey wanted;
    wanted.account_id = model::AccountId(account);
    wanted.scopes = std::move(scopes);
    auto made = store::make_api_key(std::move(wanted));
    rules_.api_keys.push_back(std::move(made.key));
    store_.set(rules_);
    return made.token;
  }
  Result<app::WorkerIdentity, Refusal> admit(const std::string& token, const char* account = "AC1",
                                             const char* application = "AP1") {
    return authority_.admit(model::AccountId(account), model::ApplicationId(application), token);
  }

  store::RoutingTable::Rules rules_;
  TableStore store_;
  ManualClock clock_;
  StoreWorkerAuthority authority_{store_, clock_};
};

TEST_F(StoreWorkerAuthorityTest, AdmitsAKeyOfTheAccountWithTheScope) {
  const std::string token = key("AC1", {store::Scope::worker});
  const auto identity = admit(token);
  ASSERT_TRUE(identity);
  EXPECT_EQ(identity->key, rules_.api_keys[0].id);
  EXPECT_EQ(store_.touched, std::vector<model::ApiKeyId>{identity->key});
  EXPECT_TRUE(authority_.still_holds(*identity));
  EXPECT_TRUE(admit(key("AC1", {store::Scope::admin})));
  EXPECT_TRUE(admit(key("", {store::Scope::admin})));
}

TEST_F(StoreWorkerAuthorityTest, RefusesOthers) {
  std::string token = key("AC1", {store::Scope::worker});
  EXPECT_EQ(admit(key("AC2", {store::Scope::admin})).error(), Refusal::forbidden);
  EXPECT_EQ(admit(key("AC1", {store::Scope::calls_write})).error(), Refusal::forbidden);
  EXPECT_EQ(admit(token, "AC1", "AP2").error(), Refusal::not_found);
  EXPECT_EQ(admit(token, "AC2", "AP1").error(), Refusal::forbidden);
  EXPECT_EQ(admit("").error(), Refusal::unauthenticated);
  token.back() = token.back() == '0' ? '1' : '0';
  EXPECT_EQ(admit(token).error(), Refusal::unauthenticated);
}

TEST_F(StoreWorkerAuthorityTest, HoldsNoLongerOnceRevokedExpiredOrWithoutItsApplication) {
  const std::string token = key("AC1", {store::Scope::worker});
  const auto identity = admit(token);
  ASSERT_TRUE(identity);
  rules_.api_keys[0].expires = clock_.wall() + std::chrono::seconds(10);
  store_.set(rules_);
  EXPECT_TRUE(authority_.still_holds(*identity));
  clock_.advance(std::chrono::seconds(10));
  EXPECT_FALSE(authority_.still_holds(*identity));
  EXPECT_EQ(admit(token).error(), Refusal::unauthenticated);
  rules_.api_keys[0].expires.reset();
  rules_.api_keys[0].revoked = clock_.wall();
  store_.set(rules_);
  EXPECT_FALSE(authority_.still_holds(*identity));
  rules_.api_keys[0].revoked.reset();
  rules_.applications.clear();
  store_.set(rules_);
  EXPECT_FALSE(authority_.still_holds(*identity));
}

}  // namespace
}  // namespace tandem::server
