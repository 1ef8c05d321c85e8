#include "trunk/router.h"

#include <gtest/gtest.h>

#include <deque>

#include "runtime/manual_loop.h"

namespace tandem::trunk {
namespace {

using namespace std::chrono_literals;
using Verdict = Admission::Verdict;

class FakeOutside final : public sip::OutsideRequests {
 public:
  struct Sent {
    sip::OutsideRequest request;
    Done done;
  };
  std::deque<Sent> sent;
  void send(sip::OutsideRequest request, Done done) override {
    sent.push_back({std::move(request), std::move(done)});
  }
  /// Answers the oldest request.
  void answer(int code, std::optional<std::uint32_t> retry_after = {}) {
    ASSERT_FALSE(sent.empty());
    Sent s = std::move(sent.front());
    sent.pop_front();
    sip::OutsideResult result;
    result.sip_code = code, result.timed_out = code == 408, result.retry_after_s = retry_after;
    if (code == 200) result.expires_s = s.request.expires_s;
    s.done(std::move(result));
  }
};

class FakeStore final : public store::CallStore {
 public:
  store::RoutingTable::Rules rules;
  std::shared_ptr<const store::RoutingTable> snapshot() override {
    return std::make_shared<const store::RoutingTable>(rules);
  }
  void on_rules_changed(Function<void()> /*changed*/) override {}
  void find_route(store::RouteQuery /*query*/,
                  Function<void(std::optional<store::Route>)> /*done*/) override {}
  void write_cdr(store::Cdr /*cdr*/, Function<void()> /*done*/) override {}
  void list_cdrs(store::CdrQuery /*query*/,
                 Function<void(store::StoreResult<store::CdrPage>)> /*done*/) override {}
  void find_cdr(model::AccountId /*account*/, model::CallId /*call*/,
                Function<void(store::StoreResult<store::Cdr>)> /*done*/) override {}
  void change(Function<store::StoreResult<Unit>(store::Store&)> /*work*/,
              Function<void(store::StoreResult<Unit>)> /*done*/) override {}
  void touch(const model::ApiKeyId& /*key*/) override {}
};

class RouterTest : public ::testing::Test {
 protected:
  RouterTest() {
    store::Account account;
    account.id = model::AccountId("AC1");
    store_.rules.accounts.push_back(account);
    account.id = model::AccountId("AC2");
    store_.rules.accounts.push_back(account);
    start({});
  }
  void start(RouterOptions options) {
    router_ = make_trunk_router(store_, outside_, loop_, Log(), options, [] { return 0.5; });
    router_->on_event([this](const TrunkEvent& e) {
      events_ += std::string(to_string(e.kind)) + (e.gateway.empty() ? "" : " " + e.gateway) + "; ";
    });
  }
  /// A trunk with gateways "<id>-1", "<id>-2", ... in this order.
  store::Trunk& trunk(const std::string& id, int gateways, bool probe = false) {
    store::Trunk t;
    t.id = model::TrunkId(id), t.account_id = model::AccountId("AC1"), t.name = id;
    t.created = WallTime{std::chrono::milliseconds{static_cast<int>(store_.rules.trunks.size())}};
    for (int i = 1; i <= gateways; ++i) {
      store::Gateway g;
      g.host = id + "-" + std::to_string(i), g.priority = static_cast<std::uint32_t>(i), g.probe = probe;
      t.gateways.push_back(g);
    }
    store_.rules.trunks.push_back(t);
    return store_.rules.trunks.back();
  }
  Result<std::vector<Attempt>, SelectFailure> select(const std::string& to = "+4930",
                                                     const std::string& trunk_id = "") {
    DialRequest request;
    request.account_id = model::AccountId("AC1"), request.trunk_id = model::TrunkId(trunk_id);
    request.destination = to;
    return router_->select(request);
  }
  std::string ways() {
    const auto list = select();
    if (!list) return std::string(to_string(list.error().error));
    std::string text;
    for (const auto& a : *list) text += a.gateway + " ";
    return text;
  }
  Attempt first() { return select()->at(0); }
  std::string events() { return std::exchange(events_, {}); }
  void fail(const Attempt& a, int times) {
    for (int i = 0; i < times; ++i) router_->report(a, {Next::gateway, Health::failing, {}});
  }

  runtime::ManualLoop loop_;
  FakeOutside outside_;
  FakeStore store_;
  std::unique_ptr<TrunkRouter> router_;
  std::string events_;
};

TEST_F(RouterTest, OrdersTrunksAndTheirGateways) {
  trunk("TKa", 2);
  trunk("TKb", 1).prefixes = {"49"};
  router_->refresh();
  EXPECT_EQ(ways(), "TKb-1 TKa-1 TKa-2 ");
  EXPECT_EQ(select("+4930", "TKa")->size(), 2U);
}

TEST_F(RouterTest, SaysWhyThereIsNoWay) {
  const auto why = [this](const std::string& to, const std::string& id = "") {
    const auto r = select(to, id);
    return r ? "" : std::string(to_string(r.error().error));
  };
  EXPECT_EQ(why("+49"), "no_trunk");
  trunk("TKa", 1).prefixes = {"49"};
  trunk("TKin", 0);
  trunk("TKb", 1).account_id = model::AccountId("AC2");
  auto& secure = trunk("TKs", 1);
  secure.srtp = store::SrtpPolicy::require, secure.prefixes = {"44"};
  EXPECT_EQ(why("+1"), "no_trunk");
  EXPECT_EQ(why("alice"), "bad_destination");
  EXPECT_EQ(why("sip:alice@x"), "bad_destination");
  EXPECT_EQ(why("sip:alice@x", "TKa"), "");
  EXPECT_EQ(why("+49", "TKb"), "unknown_trunk");  // Another tenant's.
  EXPECT_EQ(why("+49", "TKnone"), "unknown_trunk");
  EXPECT_EQ(why("+49", "TKin"), "no_trunk");
  EXPECT_EQ(why("+44"), "not_implemented");
  store_.rules.accounts[0].allowed_prefixes = {"43"};
  EXPECT_EQ(why("+49"), "destination_not_allowed");
  DialRequest request;
  request.account_id = model::AccountId("ACnone"), request.destination = "1";
  EXPECT_EQ(router_->select(request).error().error, SelectError::unknown_account);
  store_.rules.accounts[0].allowed_prefixes = {};
  store_.rules.trunks[0].allowed_caller_ids = {"+49301"};
  request.account_id = model::AccountId("AC1"), request.destination = "+49", request.caller_id = "+1";
  EXPECT_EQ(router_->select(request).error().error, SelectError::caller_id_not_allowed);
}

TEST_F(RouterTest, PaceAndConcurrencyAreKept) {
  auto& t = trunk("TKa", 1);
  t.max_concurrent_calls = 2, t.max_calls_per_second = 10;
  router_->refresh();
  const Attempt a = first();
  Admission one = router_->admit(a);
  EXPECT_EQ(one.verdict, Verdict::admitted);
  const Admission fast = router_->admit(a);
  EXPECT_EQ(fast.verdict, Verdict::too_fast);
  EXPECT_EQ(fast.retry_after, 100ms);
  loop_.advance(100ms);
  Admission two = router_->admit(a);
  EXPECT_EQ(two.verdict, Verdict::admitted);
  loop_.advance(1s);
  EXPECT_EQ(router_->admit(a).verdict, Verdict::too_many);
  EXPECT_EQ(router_->status({})[0].calls, 2U);
  one.slot.give_back();
  one.slot.give_back();
  EXPECT_EQ(router_->status({})[0].calls, 1U);
  Admission three = router_->admit(a);
  EXPECT_EQ(three.verdict, Verdict::admitted);
  router_.reset();  // Slots may outlive it.
}

TEST_F(RouterTest, FailuresOfCallsOpenTheBreakerAndOneTrialClosesIt) {
  trunk("TKa", 2);
  router_->refresh();
  const Attempt a = first();
  fail(a, 2);
  router_->heard_from(a);
  fail(a, 2);
  EXPECT_EQ(ways(), "TKa-1 TKa-2 ");
  fail(a, 1);
  EXPECT_EQ(events(), "gateway_down TKa-1; ");
  EXPECT_EQ(ways(), "TKa-2 ");
  EXPECT_EQ(router_->admit(a).verdict, Verdict::down);
  loop_.advance(15s);
  EXPECT_EQ(ways(), "TKa-1 TKa-2 ");
  {
    const Admission trial = router_->admit(a);
    EXPECT_EQ(trial.verdict, Verdict::admitted);
    EXPECT_EQ(router_->admit(a).verdict, Verdict::down);  // One at a time.
    EXPECT_EQ(ways(), "TKa-2 ");
  }
  EXPECT_EQ(ways(), "TKa-1 TKa-2 ");  // The trial's caller hung up: somebody else may try.
  const Admission trial = router_->admit(a);
  router_->heard_from(a);
  EXPECT_EQ(events(), "gateway_up TKa-1; ");
  EXPECT_EQ(router_->admit(a).verdict, Verdict::admitted);
}

TEST_F(RouterTest, AFailedTrialDoublesThePause) {
  trunk("TKa", 1);
  router_->refresh();
  const Attempt a = first();
  fail(a, 3);
  EXPECT_EQ(events(), "gateway_down TKa-1; trunk_down; ");
  EXPECT_EQ(ways(), "all_down");
  loop_.advance(15s);
  const Admission trial = router_->admit(a);
  fail(a, 1);
  loop_.advance(29s);
  EXPECT_EQ(ways(), "all_down");
  loop_.advance(1s);
  EXPECT_EQ(ways(), "TKa-1 ");
  EXPECT_EQ(events(), "");
}

TEST_F(RouterTest, RetryAfterIsKept) {
  trunk("TKa", 2);
  router_->refresh();
  const Attempt a = first();
  router_->report(a, {Next::gateway, Health::failing, 40s});
  EXPECT_EQ(ways(), "TKa-2 ");
  loop_.advance(39s);
  router_->heard_from(a);  // Late news of an older call.
  EXPECT_EQ(ways(), "TKa-2 ");
  loop_.advance(1s);
  EXPECT_EQ(ways(), "TKa-1 TKa-2 ");
}

TEST_F(RouterTest, ProbesTakeAGatewayDownAndUp) {
  trunk("TKa", 1, true);
  router_->refresh();
  loop_.advance(1s);
  ASSERT_EQ(outside_.sent.size(), 1U);
  EXPECT_EQ(outside_.sent[0].request.method, "OPTIONS");
  EXPECT_EQ(outside_.sent[0].request.uri, "sip:TKa-1");
  outside_.answer(404);  // Any answer shows life.
  loop_.advance(29s);
  EXPECT_TRUE(outside_.sent.empty());
  for (int i = 0; i < 3; ++i) {
    loop_.advance(i == 0 ? 1s : 5s);
    outside_.answer(408);
  }
  EXPECT_EQ(events(), "gateway_down TKa-1; trunk_down; ");
  EXPECT_FALSE(router_->status({})[0].up);
  EXPECT_TRUE(outside_.sent.empty());
  loop_.advance(15s);
  EXPECT_EQ(router_->status({})[0].gateways[0].state, "trying");
  outside_.answer(408);
  loop_.advance(29s);
  EXPECT_TRUE(outside_.sent.empty());
  loop_.advance(1s);
  outside_.answer(200);
  EXPECT_EQ(events(), "gateway_up TKa-1; trunk_up; ");
  EXPECT_EQ(ways(), "TKa-1 ");
}

TEST_F(RouterTest, AnsweredProbesDoNotUndoFailuresOfCalls) {
  trunk("TKa", 1, true);
  router_->refresh();
  const Attempt a = first();
  loop_.advance(1s);
  fail(a, 2);
  outside_.answer(200);
  fail(a, 1);
  EXPECT_EQ(events(), "gateway_down TKa-1; trunk_down; ");
  loop_.advance(15s);
  outside_.answer(503, 100);
  loop_.advance(99s);
  EXPECT_TRUE(outside_.sent.empty());
  loop_.advance(1s);
  EXPECT_EQ(outside_.sent.size(), 1U);
}

TEST_F(RouterTest, RulesChangeWhileStatesStay) {
  trunk("TKa", 2);
  router_->refresh();
  fail(first(), 3);
  store_.rules.trunks[0].gateways[0].weight = 7;
  store_.rules.trunks[0].max_concurrent_calls = 1;
  router_->refresh();
  EXPECT_EQ(ways(), "TKa-2 ");
  const Attempt a = first();
  const Admission held = router_->admit(a);
  EXPECT_EQ(router_->admit(a).verdict, Verdict::too_many);
  store_.rules.trunks.clear();
  router_->refresh();
  EXPECT_EQ(router_->admit(a).verdict, Verdict::down);
  EXPECT_TRUE(router_->status({}).empty());
  trunk("TKnew", 1);  // Nobody told the router yet.
  EXPECT_EQ(router_->admit(first()).verdict, Verdict::admitted);
}

TEST_F(RouterTest, RegistersAndFollowsTheRules) {
  auto& t = trunk("TKa", 0);
  t.login = {"acme", "secret", ""};
  t.registration = {true, "sip:reg.example:5070;transport=tcp", "", "", 600};
  router_->refresh();
  loop_.run_until_idle();
  ASSERT_EQ(outside_.sent.size(), 1U);
  const auto request = outside_.sent[0].request;
  EXPECT_EQ(request.method, "REGISTER");
  EXPECT_EQ(request.uri, "sip:reg.example:5070;transport=tcp");
  EXPECT_EQ(request.to_uri.empty() ? request.uri : request.to_uri, "sip:acme@reg.example");
  EXPECT_EQ(request.contact_user, "TKa");
  EXPECT_EQ(request.credentials->password, "secret");
  outside_.answer(403);
  outside_.sent.clear();
  EXPECT_EQ(events(), "registration_failed; ");
  EXPECT_EQ(router_->status(model::AccountId("AC1"))[0].registration, "refused");
  EXPECT_EQ(router_->status(model::AccountId("AC1"))[0].registration_sip_code, 403);
  store_.rules.trunks[0].login.password = "right";
  router_->refresh();
  loop_.run_until_idle();
  ASSERT_EQ(outside_.sent.size(), 1U);
  outside_.answer(200);
  EXPECT_EQ(events(), "registered; ");
  router_->refresh();  // Nothing has changed.
  loop_.run_until_idle();
  EXPECT_TRUE(outside_.sent.empty());
  bool stopped = false;
  router_->stop([&] { stopped = true; });
  loop_.run_until_idle();
  ASSERT_EQ(outside_.sent.size(), 1U);
  EXPECT_EQ(outside_.sent[0].request.expires_s, 0U);
  EXPECT_FALSE(stopped);
  outside_.answer(200);
  loop_.run_until_idle();
  EXPECT_TRUE(stopped);
}

TEST_F(RouterTest, StoppingWaitsOnlySoLong) {
  auto& t = trunk("TKa", 1, true);
  t.login = {"acme", "secret", ""};
  t.registration = {true, "sip:reg.example", "sip:42@acme.example", "line1", 600};
  router_->refresh();
  loop_.run_until_idle();
  ASSERT_FALSE(outside_.sent.empty());
  EXPECT_EQ(outside_.sent[0].request.contact_user, "line1");
  outside_.answer(200);
  int stopped = 0;
  router_->stop([&] { ++stopped; });
  loop_.advance(3s);
  EXPECT_EQ(stopped, 1);
  outside_.sent.clear();
  loop_.advance(60s);
  EXPECT_TRUE(outside_.sent.empty());  // No probes any more.
}

TEST_F(RouterTest, AnswersAfterItsEndDieQuietly) {
  trunk("TKa", 1, true);
  router_->refresh();
  loop_.advance(1s);
  router_.reset();
  outside_.answer(200);
}

}  // namespace
}  // namespace tandem::trunk
