// Outbound calls: dial with its groups, failover, screening, races; the intents that lead to them.
#include <gtest/gtest.h>

#include "call/tests/fakes/world.h"

namespace tandem::call::testing {
namespace {

using ::testing::Test;

model::DialTarget number(const std::string& n) {
  model::DialTarget t;
  t.number = n;
  return t;
}
model::DialTarget uri(const std::string& u) {
  model::DialTarget t;
  t.uri = u;
  return t;
}

class Dial : public Test {
 protected:
  Dial() { w.answered(); }

  model::CallDial dial(const std::string& name, std::vector<std::vector<model::DialTarget>> groups) {
    model::CallDial p;
    p.op_id = World::op(name);
    for (auto& g : groups) p.plan.endpoints.push_back({std::move(g)});
    p.plan.from = "+15550199";
    return p;
  }
  model::CallId leg(std::size_t i) { return w.agent.invites.at(i).id; }
  void rings(std::size_t i, int code = 180) {
    w.core->on_progress(leg(i), {code, "Ringing", {}, {}, {}});
    w.run();
  }
  void answers(std::size_t i) {
    w.core->on_answered(leg(i), {offer_of({0}), false, {}, {}});
    w.run();
  }
  void ends(std::size_t i, sip::LegEnd how, int code) {
    sip::Ended e;
    e.how = how;
    e.sip_code = code;
    w.core->on_ended(leg(i), e);
    w.run();
  }
  const model::CallDialResult& result(const std::string& name) {
    return std::get<model::CallDialResult>(*w.completion(name)->result);
  }
  std::vector<std::string> outcomes(const std::string& name) {
    std::vector<std::string> out;
    for (const auto& a : result(name).attempts)
      out.push_back(std::string(to_string(a.outcome)) + " " + std::to_string(a.sip_code));
    return out;
  }
  World w;
};

TEST_F(Dial, AnswerGivesTheCallAnIvr) {
  w.ask(dial("d", {{number("+15550123")}}));
  w.run();
  ASSERT_EQ(w.agent.invites.size(), 1U);
  EXPECT_EQ(w.agent.invites[0].target_uri, "sip:+15550123@a.example");
  EXPECT_FALSE(w.agent.invites[0].sip_call_id.empty());
  rings(0);
  answers(0);
  EXPECT_EQ(w.outcome("d"), "succeeded/answered");
  EXPECT_EQ(result("d").call_id, leg(0));
  EXPECT_EQ(outcomes("d"), (std::vector<std::string>{"answered 200"}));
  w.call = leg(0);
  w.ask(w.say("s"));
  w.run();
  ASSERT_TRUE(w.engine.end_current(leg(0)));
  w.run();
  EXPECT_EQ(w.outcome("s"), "succeeded/finished");
  w.ask(w.hangup());
  w.run();
  ends(0, sip::LegEnd::local_hangup, 200);
  ASSERT_EQ(w.store.cdrs.size(), 1U);
  EXPECT_EQ(w.store.cdrs[0].direction, "outbound");
  EXPECT_EQ(w.store.cdrs[0].attempt, 1);
  EXPECT_EQ(w.store.cdrs[0].trunk_id.str(), "TKa");
  EXPECT_EQ(w.store.cdrs[0].verdict.reason, model::EndReason::hangup);
  EXPECT_EQ(w.router.places, 0);
}

TEST_F(Dial, EventsOfALegAreInOrder) {
  w.news();
  w.ask(dial("d", {{uri("sip:a@x.example")}}));
  w.run();
  rings(0);
  answers(0);
  EXPECT_EQ(w.news(),
            (std::vector<std::string>{"call.created", "call.dialing", "call.ringing", "call.answered",
                                      "ivr.created", "op.completed(d succeeded/answered)"}));
}

TEST_F(Dial, ServerErrorGoesOnToTheNextGatewayBusyDoesNot) {
  w.ask(dial("d", {{number("+15550123")}}));
  w.run();
  ends(0, sip::LegEnd::peer_reject, 503);
  ASSERT_EQ(w.agent.invites.size(), 2U);
  EXPECT_EQ(w.agent.invites[1].target_uri, "sip:+15550123@b.example");
  ends(1, sip::LegEnd::peer_reject, 486);
  EXPECT_EQ(w.outcome("d"), "failed/error busy");
  EXPECT_EQ(outcomes("d"), (std::vector<std::string>{"unreachable 503", "busy 486"}));
  EXPECT_EQ(w.completion("d")->error->sip_code, 486);
}

TEST_F(Dial, BusyFirstGroupThenTheSecond) {
  w.ask(dial("d", {{number("+15550123")}, {uri("sip:b@x.example")}}));
  w.run();
  ends(0, sip::LegEnd::peer_reject, 486);
  ASSERT_EQ(w.agent.invites.size(), 2U);
  EXPECT_EQ(w.agent.invites[1].target_uri, "sip:b@x.example");
  answers(1);
  EXPECT_EQ(w.outcome("d"), "succeeded/answered");
}

TEST_F(Dial, FirstAnswerWinsAndLosersAreCancelled) {
  w.ask(dial("d", {{uri("sip:a@x.example"), uri("sip:b@x.example"), uri("sip:c@x.example")}}));
  w.run();
  ASSERT_EQ(w.agent.invites.size(), 3U);
  rings(0);
  answers(1);
  EXPECT_EQ(w.outcome("d"), "succeeded/answered");
  EXPECT_EQ(result("d").call_id, leg(1));
  EXPECT_EQ(w.agent.hung_up, (std::vector<model::CallId>{leg(0), leg(2)}));
  // The SIP side acknowledges and ends a 200 that crosses our CANCEL, and says that it was cancelled.
  ends(0, sip::LegEnd::local_hangup, 487);
  ends(2, sip::LegEnd::local_hangup, 487);
  ASSERT_EQ(w.store.cdrs.size(), 2U);
  EXPECT_EQ(w.store.cdrs[0].verdict.reason, model::EndReason::answered_elsewhere);
}

TEST_F(Dial, EndpointRingsOnAllContacts) {
  model::DialTarget t;
  t.endpoint = "alice@acme.example";
  w.ask(dial("d", {{t}}));
  w.run();
  ASSERT_EQ(w.agent.invites.size(), 2U);
  ends(0, sip::LegEnd::peer_reject, 486);
  EXPECT_EQ(w.outcome("d"), "open");
  answers(1);
  EXPECT_EQ(w.outcome("d"), "succeeded/answered");
}

TEST_F(Dial, RingTimeoutOfATargetThenNextGroup) {
  auto p = dial("d", {{uri("sip:a@x.example")}, {uri("sip:b@x.example")}});
  p.plan.ring_timeout_ms = 5000;
  w.ask(p);
  w.run();
  rings(0);
  w.advance(5000);
  EXPECT_EQ(w.agent.hung_up, (std::vector<model::CallId>{leg(0)}));
  ends(0, sip::LegEnd::local_hangup, 487);
  ASSERT_EQ(w.agent.invites.size(), 2U);
  w.advance(5000);
  ends(1, sip::LegEnd::local_hangup, 487);
  EXPECT_EQ(w.outcome("d"), "failed/error no_answer");
}

TEST_F(Dial, TotalTimeoutEndsEverything) {
  auto p = dial("d", {{uri("sip:a@x.example")}, {uri("sip:b@x.example")}});
  p.plan.total_timeout_ms = 3000;
  w.ask(p);
  w.run();
  w.advance(3000);
  EXPECT_EQ(w.outcome("d"), "failed/error no_answer");
  EXPECT_EQ(w.agent.hung_up.size(), 1U);
}

TEST_F(Dial, NothingCanBeTried) {
  w.ask(dial("d", {{number("+9990")}}));
  w.run();
  EXPECT_EQ(w.outcome("d"), "failed/error no_trunk");
  EXPECT_EQ(result("d").attempts.at(0).reason, "no trunk serves this number");
}

TEST_F(Dial, FullTrunkIsAnOutcome) {
  w.router.admit_error =
      FakeRouter::make_error_of(model::ErrorCode::concurrency_exceeded, "the trunk is full");
  w.ask(dial("d", {{number("+15550123")}}));
  w.run();
  EXPECT_TRUE(w.agent.invites.empty());
  EXPECT_EQ(w.outcome("d"), "failed/error concurrency_exceeded");
  EXPECT_EQ(outcomes("d"), (std::vector<std::string>{"not_allowed 0", "not_allowed 0"}));
}

TEST_F(Dial, ATrunkThatIsTooFastIsWaitedForABit) {
  w.router.admit_error = FakeRouter::make_error_of(model::ErrorCode::cps_exceeded, "too fast");
  w.router.admit_error->retry_after_ms = 1000;
  w.router.admit_once = true;
  w.ask(dial("d", {{number("+15550123")}}));
  w.run();
  EXPECT_TRUE(w.agent.invites.empty());
  w.advance(1000);
  ASSERT_EQ(w.agent.invites.size(), 1U);
  answers(0);
  EXPECT_EQ(w.outcome("d"), "succeeded/answered");
  EXPECT_EQ(outcomes("d"), (std::vector<std::string>{"answered 200"}));
}

TEST_F(Dial, ScreeningLetsThroughWhoPressesTheDigit) {
  auto p = dial("d", {{uri("sip:a@x.example"), uri("sip:b@x.example")}});
  p.plan.screen.emplace();
  p.plan.screen->play = w.play("x").play;
  w.ask(p);
  w.run();
  answers(0);
  EXPECT_EQ(w.outcome("d"), "open");
  answers(1);
  // The first hangs up in its screening: the second goes on.
  ends(0, sip::LegEnd::peer_bye, 200);
  EXPECT_EQ(w.outcome("d"), "open");
  w.core->on_digit(leg(1), {'1', 100, media::DigitSource::rfc4733});
  w.run();
  EXPECT_EQ(w.outcome("d"), "succeeded/answered");
  EXPECT_EQ(result("d").call_id, leg(1));
  EXPECT_EQ(outcomes("d"), (std::vector<std::string>{"screened_out 200", "answered 200"}));
}

TEST_F(Dial, ScreeningSendsAwayWhoDoesNot) {
  auto p = dial("d", {{uri("sip:a@x.example")}});
  p.plan.screen.emplace();
  p.plan.screen->play = w.play("x").play;
  p.plan.screen->timeout_ms = 2000;
  w.ask(p);
  w.run();
  answers(0);
  w.engine.end_current(leg(0));
  w.run();
  w.advance(2000);
  ends(0, sip::LegEnd::local_hangup, 200);
  EXPECT_EQ(w.outcome("d"), "failed/error rejected");
  EXPECT_EQ(w.store.cdrs.at(0).verdict.reason, model::EndReason::screened_out);
}

TEST_F(Dial, DigitsAreSentBeforeItCountsAsAnswered) {
  auto p = dial("d", {{uri("sip:a@x.example")}});
  p.plan.send_digits = "ww12#";
  w.ask(p);
  w.run();
  answers(0);
  EXPECT_EQ(w.engine.last_digits, "ww12#");
  EXPECT_EQ(w.outcome("d"), "open");
  w.engine.end_current(leg(0));
  w.run();
  EXPECT_EQ(w.outcome("d"), "succeeded/answered");
}

TEST_F(Dial, ARingingPhoneIsPickedUpByAnother) {
  w.ask(dial("d", {{uri("sip:a@x.example"), uri("sip:b@x.example")}}));
  w.run();
  rings(0);
  auto incoming = w.invite();
  incoming.id = model::CallId("CApicker");
  incoming.replaces = leg(0);
  w.core->on_incoming(incoming);
  w.run();
  EXPECT_EQ(w.outcome("d"), "succeeded/answered");
  EXPECT_EQ(result("d").call_id, model::CallId("CApicker"));
  EXPECT_EQ(w.agent.hung_up, (std::vector<model::CallId>{leg(0), leg(1)}));
}

TEST_F(Dial, StopCancelsAndTellsTheAttempts) {
  w.ask(dial("d", {{uri("sip:a@x.example")}}));
  w.run();
  ASSERT_TRUE(w.submit(World::control<model::OpStop>("d")));
  w.run();
  EXPECT_EQ(w.outcome("d"), "succeeded/stopped");
  EXPECT_EQ(w.agent.hung_up.size(), 1U);
  EXPECT_EQ(outcomes("d"), (std::vector<std::string>{"cancelled 0"}));
}

TEST_F(Dial, SameOpIdIsTheSameOperation) {
  w.ask(dial("d", {{uri("sip:a@x.example")}}));
  w.ask(dial("d", {{uri("sip:a@x.example")}}));
  w.run();
  EXPECT_EQ(w.agent.invites.size(), 1U);
  EXPECT_EQ(w.refused(dial("d", {{uri("sip:b@x.example")}})), "idempotency_conflict op_id");
}

TEST_F(Dial, AnswerWithNoCommonCodecEndsTheLeg) {
  w.ask(dial("d", {{uri("sip:a@x.example")}}));
  w.run();
  w.core->on_answered(leg(0), {offer_of({3}), false, {}, {}});
  w.run();
  EXPECT_EQ(w.agent.hung_up.size(), 1U);
  ends(0, sip::LegEnd::local_hangup, 200);
  EXPECT_EQ(w.outcome("d"), "failed/error sip_error");
}

TEST_F(Dial, EarlyMediaIsKeptWhenAskedFor) {
  auto p = dial("d", {{uri("sip:a@x.example")}});
  p.plan.early_media = model::EarlyMedia::keep;
  w.ask(p);
  w.run();
  w.news();
  w.core->on_progress(leg(0), {183, "Progress", offer_of({0}), {}, {}});
  w.run();
  EXPECT_EQ(w.news(), (std::vector<std::string>{"call.early_media", "ivr.created"}));
  answers(0);
  EXPECT_EQ(w.news(), (std::vector<std::string>{"call.answered", "op.completed(d succeeded/answered)"}));
}

TEST_F(Dial, BadHeaderNamesItsPlace) {
  auto p = dial("d", {{uri("sip:a@x.example")}});
  p.plan.endpoints[0].targets[0].headers = {{"Via", "x"}};
  EXPECT_EQ(w.refused(p), "invalid_params endpoints[0].targets[0].headers.Via");
}

TEST_F(Dial, SessionClosedCancelsWhatItDials) {
  w.ask(dial("d", {{uri("sip:a@x.example")}}));
  w.run();
  w.core->session_closed(w.session);
  w.run();
  EXPECT_EQ(w.agent.hung_up.size(), 1U);
}

// ---- intents

class Intents : public Test {
 protected:
  Intents() {
    store::Account a;
    a.id = model::AccountId("ACtest");
    a.outbound_application_id = model::ApplicationId("APout");
    a.max_outbound_calls_per_second = 1;
    a.intent_queue_size = 3;
    a.intent_expiry_ms = 2500;
    store::Application app;
    app.id = model::ApplicationId("APout");
    app.account_id = a.id;
    w.store.rules.accounts.push_back(a);
    w.store.rules.applications.push_back(app);
  }
  model::IntentId ask() {
    auto made = w.core->request_outbound({model::AccountId("ACtest"), {}, "{\"order\":42}"});
    EXPECT_TRUE(made.has_value());
    return made ? made->id : model::IntentId();
  }
  model::Intent get(const model::IntentId& id) { return *w.core->intent(model::AccountId("ACtest"), id); }
  World w;
};

TEST_F(Intents, OpenASessionAndDialNothing) {
  const auto id = ask();
  EXPECT_EQ(get(id).state, model::IntentState::queued);
  w.run();
  EXPECT_EQ(get(id).state, model::IntentState::opening);
  ASSERT_EQ(w.gateway.opened.size(), 1U);
  EXPECT_EQ(w.gateway.opened[0].reason, "outbound-call");
  EXPECT_EQ(w.gateway.opened[0].data_json, "{\"order\":42}");
  EXPECT_EQ(w.news(), (std::vector<std::string>{"call.requested"}));
  EXPECT_TRUE(w.agent.invites.empty());
  w.session = w.gateway.opened[0].id;
  w.core->session_opened(w.session);
  EXPECT_EQ(get(id).state, model::IntentState::delivered);
  model::CallDial p;
  p.op_id = World::op("d");
  p.plan.to = uri("sip:a@x.example");
  w.ask(p);
  w.run();
  EXPECT_EQ(get(id).state, model::IntentState::dialing);
  ASSERT_EQ(get(id).call_ids.size(), 1U);
  w.core->on_answered(w.agent.invites[0].id, {offer_of({0}), false, {}, {}});
  w.run();
  EXPECT_EQ(get(id).state, model::IntentState::answered);
  w.core->session_closed(w.session);
  EXPECT_EQ(get(id).state, model::IntentState::completed);
}

TEST_F(Intents, ArePacedThenExpireThenRefused) {
  const auto first = ask();
  const auto second = ask();
  const auto third = ask();
  EXPECT_FALSE(w.core->request_outbound({model::AccountId("ACtest"), {}, ""}));
  w.run();
  EXPECT_EQ(get(first).state, model::IntentState::opening);
  EXPECT_EQ(get(second).position, 1);
  EXPECT_EQ(get(third).position, 2);
  w.advance(1000);
  EXPECT_EQ(get(second).state, model::IntentState::opening);
  EXPECT_EQ(get(third).position, 1);
  const auto fourth = ask();
  const auto fifth = ask();
  w.advance(1000);
  EXPECT_EQ(get(third).state, model::IntentState::opening);
  w.advance(1000);
  EXPECT_EQ(get(fourth).state, model::IntentState::opening);
  w.advance(2000);
  EXPECT_EQ(get(fifth).state, model::IntentState::expired);
  EXPECT_EQ(get(fifth).error->code, model::ErrorCode::cps_exceeded);
  EXPECT_EQ(w.gateway.opened.size(), 4U);
}

TEST_F(Intents, UnreachableApplicationIsAClearOutcome) {
  const auto id = ask();
  w.run();
  w.core->session_failed(w.gateway.opened.at(0).id, SessionFailure::unreachable);
  EXPECT_EQ(get(id).state, model::IntentState::failed);
  EXPECT_EQ(get(id).error->code, model::ErrorCode::unreachable);
}

TEST_F(Intents, BelongToTheirAccount) {
  const auto id = ask();
  EXPECT_FALSE(w.core->intent(model::AccountId("ACother"), id));
  EXPECT_TRUE(w.core->intents(model::AccountId("ACother")).empty());
  auto made = w.core->request_outbound({model::AccountId("ACtest"), model::ApplicationId("APnone"), ""});
  ASSERT_FALSE(made);
  EXPECT_EQ(made.error().field, "application_id");
}

}  // namespace
}  // namespace tandem::call::testing
