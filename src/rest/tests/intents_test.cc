// Outbound calls and idempotency.
#include "rest/tests/fixture.h"

namespace tandem::rest::test {
namespace {

class IntentsTest : public DoorTest {
 protected:
  Answer create(const std::string& body, const std::string& key = {}) { return *create_later(body, key); }
  AnswerPtr create_later(const std::string& body, const std::string& key) {
    net::HeaderList headers;
    if (!key.empty()) headers.emplace_back("Idempotency-Key", key);
    return send("POST", kCalls, body, std::move(headers));
  }
};

TEST_F(IntentsTest, AreCreatedAndFoundAgain) {
  const Answer made = create(R"({"data": {"lead" : [1, null]}, "application_id":"AP7"})");
  EXPECT_EQ(made.status(), 201);
  EXPECT_EQ(made.header("Location"), "/v1/Accounts/AC1/Intents/IN1");
  EXPECT_EQ(made.text("application_id"), "AP7");
  EXPECT_EQ(made.text("data"), R"({"lead":[1,null]})");
  EXPECT_EQ(core_.requested.at(0).data_json, R"({"lead":[1,null]})");
  EXPECT_EQ(core_.requested.at(0).account, kAccount);
  EXPECT_EQ(get(made.header("Location")).text("id"), "IN1");
  EXPECT_EQ(get("/v1/Accounts/AC1/Intents/IN9").problem(), "404 not_found");
  EXPECT_EQ(create("").status(), 201);
  EXPECT_EQ(core_.requested.at(1).data_json, "null");
}

TEST_F(IntentsTest, DataMayBeLarge) {
  EXPECT_EQ(create(R"({"data":")" + std::string(65'534, 'x') + "\"}").status(), 201);
}

TEST_F(IntentsTest, WhatTheCoreRefusesIsSaid) {
  const struct {
    model::ErrorCode code;
    const char* problem;
  } cases[] = {{model::ErrorCode::forbidden, "403 forbidden"},
               {model::ErrorCode::not_found, "404 not_found"},
               {model::ErrorCode::rate_limited, "429 rate_limited"},
               {model::ErrorCode::queue_full, "429 queue_full"},
               {model::ErrorCode::node_draining, "503 node_draining"}};
  for (const auto& c : cases) {
    core_.refusal.emplace();
    core_.refusal->code = c.code;
    core_.refusal->retry_after_ms = 2'500;
    const Answer refused = create("{}", "k");
    EXPECT_EQ(refused.problem(), c.problem);
    EXPECT_EQ(refused.header("Retry-After"), "3");
    EXPECT_EQ(refused.text("retry_after_ms"), "2500");
  }
  core_.refusal.reset();
  EXPECT_EQ(create("{}", "k").status(), 201);  // A refusal does not use the key up.
}

TEST_F(IntentsTest, TheSameKeyMakesOneIntent) {
  const Answer first = create(R"({"data":{"a":1}})", "key-1");
  core_.all_intents.at(0).state = model::IntentState::failed;
  const Answer again = create(R"({ "data" : { "a" : 1 } })", "key-1");
  EXPECT_EQ(again.status(), 201);
  EXPECT_EQ(again.response.body, first.response.body);
  EXPECT_EQ(again.header("Location"), first.header("Location"));
  EXPECT_EQ(core_.requested.size(), 1U);
  EXPECT_EQ(create(R"({"data":{"a":2}})", "key-1").problem(), "409 idempotency_conflict Idempotency-Key");
  EXPECT_EQ(create(R"({"data":{"a":1},"application_id":"AP2"})", "key-1").status(), 409);
  EXPECT_EQ(create(R"({"data":{"a":1}})", "key-2").status(), 201);
  EXPECT_EQ(core_.requested.size(), 2U);
}

TEST_F(IntentsTest, AKeyIsTheAccountsOwn) {
  EXPECT_EQ(create("{}", "k").status(), 201);
  token_ = "AK5.operator";
  EXPECT_EQ(ask("POST", "/v1/Accounts/AC2/Calls", "{}", {{"Idempotency-Key", "k"}}).text("account_id"),
            "AC2");
  EXPECT_EQ(core_.requested.size(), 2U);
}

TEST_F(IntentsTest, AKeyIsForgottenAfterADay) {
  EXPECT_EQ(create("{}", "k").status(), 201);
  loop_.advance(std::chrono::hours(24) - std::chrono::seconds(1));
  EXPECT_EQ(create("{}", "k").text("id"), "IN1");
  loop_.advance(std::chrono::seconds(2));
  EXPECT_EQ(create(R"({"data":5})", "k").text("id"), "IN2");
}

TEST_F(IntentsTest, KeysThatAreNone) {
  EXPECT_EQ(create("{}", std::string(256, 'k')).problem(), "400 invalid_params Idempotency-Key");
  EXPECT_EQ(create("{}", "a b").problem(), "400 invalid_params Idempotency-Key");
  EXPECT_EQ(create("{}", "\xc3\xa4").problem(), "400 invalid_params Idempotency-Key");
}

TEST_F(IntentsTest, ListsAreNewestFirst) {
  for (int i = 0; i < 3; ++i) create("{}");
  core_.all_intents.at(1).state = model::IntentState::completed;
  using Ids = std::vector<std::string>;
  EXPECT_EQ(ids(get("/v1/Accounts/AC1/Intents")), (Ids{"IN3", "IN2", "IN1"}));
  EXPECT_EQ(ids(get("/v1/Accounts/AC1/Intents?state=completed")), (Ids{"IN2"}));
  EXPECT_EQ(get("/v1/Accounts/AC1/Intents?state=lost").problem(), "400 invalid_params state");
  const Answer page = get("/v1/Accounts/AC1/Intents?limit=2");
  EXPECT_EQ(ids(get("/v1/Accounts/AC1/Intents?limit=2&cursor=" + page.text("next_cursor"))), (Ids{"IN1"}));
}

/// The loop stands still between begin and end, as it does while the control thread works.
TEST(IdempotencyTest, OthersWaitForTheFirst) {
  Metrics metrics;
  auto traffic = std::make_shared<Traffic>(metrics);
  Idempotency store({std::chrono::hours(1), 10, 1});
  const auto exchange = [&] {
    return std::make_unique<Exchange>(traffic, net::HttpRequest{}, [](const net::HttpResponse&) {});
  };
  const TimePoint now{};
  auto first = exchange();
  EXPECT_TRUE(std::holds_alternative<Idempotency::Fresh>(store.begin(kAccount, "k", "p", first, now)));
  EXPECT_TRUE(first);
  auto second = exchange();
  EXPECT_TRUE(std::holds_alternative<Idempotency::Waiting>(store.begin(kAccount, "k", "p", second, now)));
  EXPECT_FALSE(second);
  auto third = exchange();
  EXPECT_TRUE(std::holds_alternative<Idempotency::Crowded>(store.begin(kAccount, "k", "p", third, now)));
  EXPECT_TRUE(std::holds_alternative<Idempotency::Conflict>(store.begin(kAccount, "k", "q", third, now)));
  EXPECT_EQ(store.succeeded(kAccount, "k", {}).size(), 1U);
  EXPECT_TRUE(std::holds_alternative<Idempotency::Known>(store.begin(kAccount, "k", "p", third, now)));
  EXPECT_TRUE(store.failed(kAccount, "k").empty());  // Too late: it has succeeded.
  EXPECT_EQ(store.size(), 1U);
}

TEST(IdempotencyTest, MemoryIsBoundedAndTheLargestTenantPays) {
  Idempotency store({std::chrono::hours(1), 10, 1});
  ExchangePtr none;
  const model::AccountId small("AC7");
  (void)store.begin(small, "mine", "p", none, {});
  (void)store.succeeded(small, "mine", {});
  for (int i = 0; i < 1'000; ++i) {
    const std::string key = std::to_string(i);
    (void)store.begin(kAccount, key, "p", none, {});
    (void)store.succeeded(kAccount, key, {});
  }
  EXPECT_EQ(store.size(), 10U);
  EXPECT_TRUE(std::holds_alternative<Idempotency::Known>(store.begin(small, "mine", "p", none, {})));
  EXPECT_TRUE(std::holds_alternative<Idempotency::Known>(store.begin(kAccount, "999", "p", none, {})));
  EXPECT_TRUE(std::holds_alternative<Idempotency::Fresh>(store.begin(kAccount, "1", "p", none, {})));
  for (int i = 0; i < 1'000; ++i) {
    (void)store.begin(kAccount, "f" + std::to_string(i), "p", none, {});
    (void)store.failed(kAccount, "f" + std::to_string(i));
  }
  EXPECT_LE(store.size(), 10U);
}

}  // namespace
}  // namespace tandem::rest::test
