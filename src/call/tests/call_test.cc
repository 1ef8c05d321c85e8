// Whole calls: arrival, sessions, limits, ends.
#include "call/tests/fakes/world.h"

namespace tandem::call::testing {
namespace {

using Words = std::vector<std::string>;
using sip::LegEnd;

template <class E>
const E* last(const World& w) {
  for (auto it = w.gateway.events.rbegin(); it != w.gateway.events.rend(); ++it) {
    if (const auto* e = std::get_if<E>(&it->data)) return e;
  }
  return nullptr;
}

model::CallAnswer answer(const World& w, const std::string& name = "answer",
                         std::vector<model::Codec> codecs = {}) {
  return {.call_id = w.call,
          .codecs = std::move(codecs),
          .headers = {},
          .op_id = World::op(name),
          .deadline_ms = {}};
}
model::CallRing ring(const World& w, bool early, const std::string& name = "ring") {
  return {.call_id = w.call,
          .sip_code = 180,
          .early_media = early,
          .headers = {},
          .op_id = World::op(name),
          .deadline_ms = {}};
}

TEST(Call, FromInviteToCdr) {
  World w;
  w.arrive();
  ASSERT_EQ(w.gateway.opened.size(), 1U);
  EXPECT_EQ(w.gateway.opened[0].reason, "inbound-call");
  EXPECT_EQ(w.gateway.opened[0].call_id, w.call);
  EXPECT_EQ(w.news(), Words{"call.created"});
  const auto* created = last<model::CallCreatedEvent>(w);
  EXPECT_EQ(created->from, "+15550100");
  EXPECT_EQ(created->to, "+15550199");
  EXPECT_EQ(created->from_display_name, "Ann");
  EXPECT_EQ(created->state, model::CallState::incoming);
  EXPECT_EQ(created->sip.headers, (model::HeaderList{{"User-Agent", "Phone/1.0"}, {"X-A", "1, 2"}}));
  EXPECT_EQ(w.core->live_calls(), 1U);

  const auto view = w.ask(answer(w));
  EXPECT_EQ(view.state, model::OpState::running);
  EXPECT_EQ(view.lane, model::Lane::signalling);
  EXPECT_TRUE(w.agent.log.empty());  // The reply comes before any effect.
  w.run();
  EXPECT_EQ(w.agent.log, Words{"answer"});
  EXPECT_EQ(w.news(), (Words{"call.answered", "ivr.created", "op.completed(answer succeeded/answered)"}));
  EXPECT_EQ(last<model::CallAnsweredEvent>(w)->codec, model::Codec::pcmu);
  EXPECT_EQ(std::get<model::CallAnswerResult>(*w.completion("answer")->result).codec, model::Codec::pcmu);
  EXPECT_EQ(w.directory.records.at(w.call).state, "answered");

  w.advance(6000);
  w.peer(LegEnd::peer_bye);
  w.run();
  EXPECT_EQ(w.news(), (Words{"ivr.ended", "call.ended", "cdr.ready"}));
  const auto* ended = last<model::CallEndedEvent>(w);
  EXPECT_EQ(ended->verdict.reason, model::EndReason::hangup);
  EXPECT_EQ(ended->verdict.party, model::Party::caller);
  EXPECT_EQ(ended->billable_ms, 6000);
  EXPECT_EQ(ended->quality->packets_received, 500U);
  ASSERT_EQ(w.store.cdrs.size(), 1U);
  EXPECT_EQ(w.store.cdrs[0].codec, "PCMU");
  EXPECT_EQ(w.store.cdrs[0].id.str(), "CDtest");
  EXPECT_EQ(last<model::CdrReadyEvent>(w)->cdr.user_agent, "Phone/1.0");
  EXPECT_EQ(w.gateway.idle_sessions, std::vector{w.session});
  EXPECT_TRUE(w.directory.records.empty());
  EXPECT_EQ(w.core->live_calls(), 0U);
  EXPECT_EQ(w.engine.streams(), 0U);
  EXPECT_EQ(w.refused(w.say("late")), "call_ended call_id");
  // Its operations can be asked for, for a minute.
  EXPECT_EQ(w.ask(World::control<model::OpGet>("answer")).state, model::OpState::completed);
  w.advance(61'000);
  EXPECT_EQ(w.refused(World::control<model::OpGet>("answer")), "op_not_found op_id");
  EXPECT_EQ(w.refused(w.say("later")), "call_not_found call_id");
}

TEST(Call, CdrReadyWaitsForTheStore) {
  World w;
  w.store.durable = false;
  w.answered();
  w.peer(LegEnd::peer_bye);
  w.run();
  EXPECT_EQ(w.gateway.events.size() - 4, 2U);  // ivr.ended and call.ended.
  EXPECT_TRUE(w.gateway.idle_sessions.empty());
  EXPECT_EQ(w.directory.records.size(), 1U);
  w.store.release();
  w.run();
  EXPECT_EQ(World::describe(w.gateway.events.back()), "cdr.ready");
  EXPECT_EQ(w.gateway.idle_sessions.size(), 1U);
  EXPECT_TRUE(w.directory.records.empty());
}

TEST(Call, NoRouteIs404WithACdr) {
  World w;
  w.arrive(w.invite("+4912345"));
  EXPECT_EQ(w.agent.log, Words{"reject 404 Not Found q1 r0"});
  EXPECT_TRUE(w.gateway.opened.empty());
  w.peer(LegEnd::local_reject, 404);
  w.run();
  ASSERT_EQ(w.store.cdrs.size(), 1U);
  EXPECT_EQ(w.store.cdrs[0].verdict.reason, model::EndReason::not_found);
  EXPECT_TRUE(w.store.cdrs[0].account_id.empty());
  EXPECT_EQ(w.core->live_calls(), 0U);
}

TEST(Call, TheCallerGivesUpAtEachStep) {
  {
    World w;  // While the route is looked up.
    w.core->on_incoming(w.invite());
    w.peer(LegEnd::peer_cancel, 487);
    w.run();
    EXPECT_TRUE(w.gateway.opened.empty());
    ASSERT_EQ(w.store.cdrs.size(), 1U);
    EXPECT_EQ(w.store.cdrs[0].verdict.reason, model::EndReason::cancelled);
  }
  {
    World w;  // While the application is called.
    w.core->on_incoming(w.invite());
    w.run();
    w.session = w.gateway.opened.at(0).id;
    w.peer(LegEnd::peer_cancel, 487);
    w.run();
    w.core->session_opened(w.session);
    w.run();
    EXPECT_EQ(w.news(), (Words{"call.created", "call.ended", "cdr.ready"}));
    EXPECT_EQ(w.refused(answer(w)), "call_ended call_id");
    w.advance(60'000);
    EXPECT_TRUE(w.agent.log.empty());
  }
  {
    World w;  // Between the answer's acceptance and its turn.
    w.arrive();
    w.ask(answer(w));
    w.peer(LegEnd::peer_cancel, 487);
    w.run();
    EXPECT_EQ(w.outcome("answer"), "cancelled/call_ended call_ended");
    EXPECT_TRUE(w.agent.log.empty());
  }
  {
    World w;  // Our 200 was on its way, but the CANCEL was first.
    w.answered();
    w.peer(LegEnd::peer_cancel, 487);
    w.run();
    EXPECT_EQ(w.store.cdrs.at(0).verdict.reason, model::EndReason::cancelled);
    EXPECT_EQ(w.store.cdrs.at(0).verdict.sip_code, 487);
    EXPECT_EQ(w.store.cdrs.at(0).billable_ms, 0);
    EXPECT_FALSE(w.store.cdrs.at(0).answered.has_value());
  }
}

TEST(Call, LimitsOfTheAccount) {
  World w;
  w.store.route->account.max_concurrent_calls = 1;
  w.arrive();
  auto second = w.invite();
  second.id = model::CallId("CAsecond");
  w.core->on_incoming(second);
  w.run();
  EXPECT_EQ(w.agent.log, Words{"reject 486 Busy Here q17 r0"});
  w.core->on_ended(second.id, {LegEnd::local_reject, 486, "", {}, {}});
  w.run();
  EXPECT_EQ(w.store.cdrs.at(0).verdict.reason, model::EndReason::limit_exceeded);
  w.peer(LegEnd::peer_cancel, 487);
  w.run();
  second.id = model::CallId("CAthird");
  w.arrive(second);
  EXPECT_EQ(w.gateway.opened.size(), 2U);  // The place was given back.

  World fast;
  fast.store.route->account.max_calls_per_second = 1;
  fast.arrive();
  auto next = fast.invite();
  next.id = model::CallId("CAnext");
  fast.core->on_incoming(next);
  fast.run();
  EXPECT_EQ(fast.agent.log, Words{"reject 503 Service Unavailable q41 r5"});
  fast.advance(1100);
  next.id = model::CallId("CAafter");
  fast.core->on_incoming(next);
  fast.run();
  EXPECT_EQ(fast.gateway.opened.size(), 2U);
}

TEST(Call, TheApplicationCannotBeReached) {
  World w;
  w.core->on_incoming(w.invite());
  w.run();
  const auto session = w.gateway.opened.at(0).id;
  w.core->session_failed(session, SessionFailure::unreachable);
  w.run();
  EXPECT_EQ(w.agent.log, Words{"reject 480 Temporarily Unavailable q18 r0"});
  w.peer(LegEnd::local_reject, 480);
  w.run();
  EXPECT_EQ(w.store.cdrs.at(0).verdict.reason, model::EndReason::app_unreachable);
  EXPECT_EQ(w.news(), Words{"call.created"});  // Nobody is there to be told the rest.

  World busy;
  busy.core->on_incoming(busy.invite());
  busy.run();
  busy.core->session_failed(busy.gateway.opened.at(0).id, SessionFailure::overloaded);
  EXPECT_EQ(busy.agent.log, Words{"reject 503 Service Unavailable q42 r5"});

  World silent;  // A gateway that says nothing at all.
  silent.core->on_incoming(silent.invite());
  silent.run();
  silent.advance(30'000);
  EXPECT_EQ(silent.agent.log, Words{"reject 480 Temporarily Unavailable q18 r0"});
}

TEST(Call, TheApplicationNeverActs) {
  World w;
  w.arrive();
  model::CallUpdate update;
  update.call_id = w.call;
  update.inband_digits = true;
  w.ask(update);  // Does not count as taking care of the caller.
  w.advance(9'999);
  EXPECT_TRUE(w.agent.log.empty());
  w.advance(1);
  EXPECT_EQ(w.agent.log, Words{"reject 480 Temporarily Unavailable q18 r0"});
  w.peer(LegEnd::local_reject, 480);
  w.run();
  EXPECT_EQ(last<model::CallEndedEvent>(w)->verdict.reason, model::EndReason::app_timeout);

  World rings;
  rings.arrive();
  rings.ask(ring(rings, false));
  rings.advance(299'000);
  EXPECT_EQ(rings.agent.log, Words{"ring 180"});
  rings.advance(1'000);
  EXPECT_EQ(rings.agent.log.back(), "reject 480 Temporarily Unavailable q18 r0");
}

TEST(Call, EndsThatThePlatformChooses) {
  World silent;
  silent.answered();
  silent.core->on_rtp_timeout(silent.call);
  EXPECT_EQ(silent.agent.log.back(), "hangup q41 media_timeout");
  EXPECT_EQ(World::describe(silent.gateway.events.back()), "call.media_changed");

  World longest;
  longest.store.route->account.max_call_duration_ms = 60'000;
  longest.answered();
  model::CallUpdate update;
  update.call_id = longest.call;
  update.max_duration_ms = 20'000;
  longest.advance(5'000);
  longest.ask(update);
  longest.advance(14'999);
  EXPECT_EQ(longest.agent.log, Words{"answer"});
  longest.advance(1);
  EXPECT_EQ(longest.agent.log.back(), "hangup q102 max_duration");
  longest.peer(LegEnd::local_hangup);
  longest.run();
  EXPECT_EQ(longest.store.cdrs.at(0).verdict.reason, model::EndReason::max_duration);
  EXPECT_EQ(longest.store.cdrs.at(0).billable_ms, 20'000);
}

TEST(Call, DrainingRefusesTheNewAndEndsTheOldAtTheDeadline) {
  World w;
  w.answered();
  w.core->set_draining(true);
  EXPECT_TRUE(w.agent.draining);
  auto next = w.invite();
  next.id = model::CallId("CAnext");
  w.core->on_incoming(next);
  w.run();
  EXPECT_EQ(w.agent.log.back(), "reject 503 Service Unavailable q42 r5");
  w.advance(1'799'000);
  EXPECT_EQ(w.agent.log.size(), 2U);
  w.advance(1'000);
  EXPECT_EQ(w.agent.log.back(), "hangup q42 node_draining");
}

TEST(Call, SessionLost) {
  World keep;
  keep.store.route->account.orphan_max_duration_ms = 100'000;
  keep.answered();
  keep.ask(keep.play("p1"));
  keep.run();
  const auto told = keep.gateway.events.size();
  keep.core->session_lost(keep.session);
  keep.advance(50'000);
  EXPECT_NE(keep.engine.current(keep.call), nullptr);  // Goes on to its end.
  EXPECT_EQ(keep.refused(keep.hangup()), "call_not_found");
  keep.advance(50'000);
  EXPECT_EQ(keep.agent.log.back(), "hangup q102 orphan_expired");
  keep.peer(LegEnd::local_hangup);
  keep.run();
  EXPECT_EQ(keep.store.cdrs.size(), 1U);
  EXPECT_EQ(keep.store.cdrs[0].session_id, keep.session);
  EXPECT_EQ(keep.gateway.events.size(), told);  // Nobody listens any more.

  World hang;
  hang.answered();
  model::CallUpdate update;
  update.call_id = hang.call;
  update.on_disconnect = model::OnDisconnect{model::DisconnectAction::hangup, std::nullopt};
  hang.ask(update);
  hang.run();
  hang.core->session_lost(hang.session);
  EXPECT_EQ(hang.agent.log.back(), "hangup q41 app_disconnected");

  World unanswered;
  unanswered.arrive();
  unanswered.core->session_lost(unanswered.session);
  EXPECT_EQ(unanswered.agent.log, Words{"reject 480 Temporarily Unavailable q41 r0"});
}

TEST(Call, SessionLostPlaysAFarewell) {
  World w;
  w.answered();
  model::CallUpdate update;
  update.call_id = w.call;
  update.on_disconnect =
      model::OnDisconnect{model::DisconnectAction::play_then_hangup, w.play("x", {"http://bye"}).play};
  w.ask(update);
  w.ask(w.say("s1"));
  w.ask(w.say("s2"));
  w.run();
  w.core->session_lost(w.session);
  w.run();
  EXPECT_EQ(w.prompts.asked.back(), "http://bye 0");
  EXPECT_EQ(w.engine.streams_map.at(w.call).plays.size(), 1U);
  EXPECT_EQ(w.agent.log, Words{"answer"});
  w.engine.end_current(w.call);
  w.run();
  EXPECT_EQ(w.agent.log.back(), "hangup q41 app_disconnected");
  w.peer(LegEnd::local_hangup);
  w.run();
  EXPECT_EQ(w.store.cdrs.at(0).verdict.reason, model::EndReason::app_disconnected);
}

TEST(Call, SessionClosedByTheApplication) {
  World w;
  w.answered();
  w.core->session_closed(w.session);
  w.advance(14'399'000);
  EXPECT_EQ(w.agent.log, Words{"answer"});
  w.peer(LegEnd::peer_bye);
  w.run();
  EXPECT_EQ(w.store.cdrs.at(0).verdict.reason, model::EndReason::hangup);

  World early;
  early.arrive();
  early.core->session_closed(early.session);
  EXPECT_EQ(early.agent.log, Words{"reject 480 Temporarily Unavailable q41 r0"});
}

TEST(Call, MediaThatNeverConfirmsItsEnd) {
  World w;
  w.engine.confirm_close = false;
  w.answered();
  w.ask(w.collect("c1", 1, 4));
  w.run();
  w.peer(LegEnd::peer_bye);
  w.run();
  EXPECT_TRUE(w.store.cdrs.empty());
  w.advance(2'000);
  EXPECT_EQ(w.store.cdrs.size(), 1U);
  EXPECT_EQ(w.outcome("c1"), "failed/call_ended call_ended");
  w.core->on_closed(w.call, {});  // Late: nothing.
  w.run();
  EXPECT_EQ(w.store.cdrs.size(), 1U);
}

TEST(Call, OrphansOfAnEarlierLife) {
  World w;
  cluster::CallRecord r;
  r.call_id = model::CallId("CAold");
  r.account_id = model::AccountId("ACtest");
  r.direction = "inbound";
  r.from = "1";
  r.to = "2";
  r.started_unix_ms = 1'000'000;
  r.answered_unix_ms = 1'002'000;
  r.updated_unix_ms = 1'010'000;
  w.directory.orphans.push_back(r);
  w.directory.records[r.call_id] = r;
  EXPECT_EQ(w.core->close_orphans(), 1U);
  w.run();
  const store::Cdr& cdr = w.store.cdrs.at(0);
  EXPECT_EQ(cdr.id.str(), "CDold");
  EXPECT_EQ(cdr.verdict.reason, model::EndReason::node_lost);
  EXPECT_EQ(cdr.duration_ms, 10'000);
  EXPECT_EQ(cdr.billable_ms, 8'000);
  EXPECT_TRUE(w.directory.records.empty());
}

TEST(Call, SnapshotAndTag) {
  World w;
  w.answered();
  model::CallUpdate update;
  update.call_id = w.call;
  update.tag = model::RawJson{R"({"order":42})"};
  w.ask(update);
  w.ask(w.say("s1"));
  w.run();
  const auto snapshot = w.core->snapshot(w.session);
  ASSERT_EQ(snapshot.calls.size(), 1U);
  EXPECT_EQ(snapshot.calls[0].state, model::CallState::answered);
  EXPECT_EQ(snapshot.calls[0].tag->text, R"({"order":42})");
  EXPECT_TRUE(snapshot.calls[0].ivr_id.has_value());
  ASSERT_EQ(snapshot.operations.size(), 3U);
  EXPECT_EQ(snapshot.operations[2].state, model::OpState::running);
  w.peer(LegEnd::peer_bye);
  w.run();
  EXPECT_EQ(w.store.cdrs.at(0).tag_json, R"({"order":42})");
  EXPECT_EQ(w.core->snapshot(w.session).operations.size(), 3U);
  EXPECT_EQ(w.core->snapshot(w.session).calls.at(0).state, model::CallState::ended);
}

TEST(Call, LateCallbacksAfterTheCoreIsGone) {
  auto w = std::make_unique<World>();
  w->answered();
  w->ask(w->play("p1", {"http://slow"}));
  w->ask(w->say("s1", model::WhenBusy::interrupt));
  w->store.durable = false;
  w->core->on_incoming([&] {
    auto next = w->invite();
    next.id = model::CallId("CAnext");
    return next;
  }());
  w->prompts.release();
  w->core.reset();
  w->run();
  w->store.release();
  w->run();
}

}  // namespace
}  // namespace tandem::call::testing
