// Queues: waiting, taking, coming back, overflow, and that nobody is lost or served twice.
#include "call/tests/fakes/queues.h"

namespace tandem::call::testing {
namespace {

TEST_F(Queues, AnAgentTakesTheOneThatWaits) {
  const Party a = arrive("a"), agent = arrive("agent");
  model::CallEnqueue e = enqueue(a, "wait");
  e.data = model::RawJson{R"({"topic":1})"};
  ask(a, e);
  const auto entered = events<model::QueueEnteredEvent>(a.session);
  ASSERT_EQ(entered.size(), 1U);
  EXPECT_EQ(entered[0].position, 1);
  EXPECT_EQ(entered[0].queue, "support");
  EXPECT_EQ(w.core->snapshot(a.session).queue_entries.at(0).state, model::QueueEntryState::waiting);
  w.advance(4'000);
  ask(agent, take(agent, "take"));
  EXPECT_EQ(w.outcome("wait"), "succeeded/connected");
  EXPECT_EQ(w.outcome("take"), "succeeded/taken");
  const auto r = result<model::QueueTakeResult>("take");
  EXPECT_EQ(r.call_id, a.call);
  EXPECT_EQ(r.waited_ms, 4'000);
  EXPECT_EQ(r.data->text, R"({"topic":1})");
  const auto e_result = result<model::CallEnqueueResult>("wait");
  EXPECT_EQ(e_result.by_call_id, agent.call);
  EXPECT_EQ(e_result.bridge_id, r.bridge_id);
  EXPECT_EQ(w.engine.connections, (Lines{agent.call.str() + "<>" + a.call.str()}));
  EXPECT_TRUE(w.core->snapshot(a.session).queue_entries.empty());
  EXPECT_EQ(statistics().served, 1);
  EXPECT_EQ(statistics().average_wait_ms, 4'000);
}

TEST_F(Queues, WithoutAnybodyItIsEmptyUnlessTheAgentWaits) {
  const Party agent = arrive("agent"), second = arrive("second");
  ask(agent, take(agent, "now"));
  EXPECT_EQ(w.outcome("now"), "succeeded/empty");
  model::QueueTake t = take(agent, "patient");
  t.wait_ms = 5'000;
  ask(agent, t);
  model::QueueTake u = take(second, "later");
  u.wait_ms = 60'000;
  ask(second, u);
  w.advance(5'000);
  EXPECT_EQ(w.outcome("patient"), "succeeded/empty");
  t.op_id = World::op("again");
  ask(agent, t);
  const Party a = waiting("a");  // The one that has waited longer gets it.
  EXPECT_EQ(w.outcome("later"), "succeeded/taken");
  EXPECT_EQ(w.outcome("again"), "open");
  const Party b = waiting("b");
  EXPECT_EQ(result<model::QueueTakeResult>("again").call_id, b.call);
}

TEST_F(Queues, PriorityLongestOrASpecificOne) {
  const Party agent = arrive("agent"), a = waiting("a"), b = waiting("b", 9), c = waiting("c");
  model::QueueTake t = take(agent, "t1");
  t.queued_call_id = c.call;
  ask(agent, t);
  EXPECT_EQ(result<model::QueueTakeResult>("t1").call_id, c.call);
  const Party second = arrive("second"), third = arrive("third");
  t = take(second, "t2");
  t.select = model::QueueSelection::longest;
  ask(second, t);
  EXPECT_EQ(result<model::QueueTakeResult>("t2").call_id, a.call);
  ask(third, take(third, "t3"));
  EXPECT_EQ(result<model::QueueTakeResult>("t3").call_id, b.call);
  const Party fourth = arrive("fourth");
  t = take(fourth, "t4");
  t.queued_call_id = a.call;
  ask(fourth, t);
  EXPECT_EQ(w.outcome("t4"), "failed/error queue_entry_not_found");
}

TEST_F(Queues, TheAgentAloneHearsTheWhisper) {
  const Party a = waiting("a"), agent = arrive("agent");
  model::QueueTake t = take(agent, "take");
  t.whisper = list("http://a/whisper.wav");
  ask(agent, t);
  EXPECT_EQ(events<model::QueueOfferedEvent>(a.session).size(), 1U);
  EXPECT_EQ(playing(agent.call), 1U);
  EXPECT_EQ(playing(a.call), 0U);
  EXPECT_TRUE(w.engine.connections.empty());
  EXPECT_EQ(w.outcome("take"), "open");
  w.engine.end_current(agent.call);
  w.run();
  EXPECT_EQ(w.outcome("take"), "succeeded/taken");
  EXPECT_EQ(w.engine.connections.size(), 1U);
}

TEST_F(Queues, TheCallerIsBackAtItsPlaceWhenTheAgentLeaves) {
  const Party a = waiting("a"), b = waiting("b"), agent = arrive("agent"), second = arrive("second");
  model::QueueTake t = take(agent, "take");
  t.whisper = list("http://a/whisper.wav");
  ask(agent, t);
  hangs_up(agent.call);
  EXPECT_EQ(w.outcome("take"), "failed/call_ended call_ended");
  const auto back = events<model::QueueReturnedEvent>(a.session);
  ASSERT_EQ(back.size(), 1U);
  EXPECT_EQ(back[0].position, 1);
  EXPECT_EQ(back[0].reason, model::QueueReturnedReason::agent_left);
  EXPECT_EQ(back[0].by_call_id, agent.call);
  ask(second, take(second, "next"));
  EXPECT_EQ(result<model::QueueTakeResult>("next").call_id, a.call);
  EXPECT_EQ(w.outcome("a"), "succeeded/connected");
  EXPECT_EQ(w.outcome("b"), "open");
}

TEST_F(Queues, AStoppedTakeGivesTheCallerToTheNextAgent) {
  const Party a = waiting("a"), agent = arrive("agent"), second = arrive("second");
  model::QueueTake t = take(agent, "take");
  t.whisper = list("http://a/whisper.wav");
  ask(agent, t);
  model::QueueTake u = take(second, "next");
  u.wait_ms = 10'000;
  ask(second, u);
  model::OpStop stop;
  stop.op_id = *World::op("take");
  ask(agent, stop);
  EXPECT_EQ(w.outcome("take"), "succeeded/stopped");
  EXPECT_EQ(result<model::QueueTakeResult>("next").call_id, a.call);
  EXPECT_EQ(playing(agent.call), 0U);
}

TEST_F(Queues, ACallerThatHangsUpUnderTheWhisperMakesWayForTheNext) {
  const Party a = waiting("a"), b = waiting("b"), agent = arrive("agent");
  model::QueueTake t = take(agent, "take");
  t.whisper = list("http://a/whisper.wav");
  ask(agent, t);
  hangs_up(a.call);
  EXPECT_EQ(w.outcome("a"), "failed/call_ended call_ended");
  EXPECT_EQ(events<model::QueueLeftEvent>(a.session).at(0).reason, model::QueueLeftReason::call_ended);
  EXPECT_EQ(playing(agent.call), 1U);  // The whisper for the next one.
  w.engine.end_current(agent.call);
  w.run();
  EXPECT_EQ(result<model::QueueTakeResult>("take").call_id, b.call);
  EXPECT_EQ(statistics().abandoned, 1);
}

TEST_F(Queues, BothMeetInAConference) {
  const Party a = waiting("a"), agent = arrive("agent");
  model::QueueTake t = take(agent, "take");
  t.then.emplace();
  t.then->join.create.emplace();
  t.then->join.terms.end_on_exit = true;
  t.then->join.caller.emplace();
  t.then->join.caller->end_on_exit = true;
  ask(agent, t);
  EXPECT_EQ(w.outcome("take"), "succeeded/taken");
  EXPECT_EQ(w.outcome("a"), "succeeded/connected");
  const auto room = w.mixer.only_id();
  EXPECT_EQ(result<model::QueueTakeResult>("take").conference_id, room);
  EXPECT_EQ(result<model::CallEnqueueResult>("a").conference_id, room);
  EXPECT_EQ(w.mixer.rooms.at(room).members.size(), 2U);
  hangs_up(a.call);
  EXPECT_TRUE(w.mixer.rooms.empty());
  EXPECT_FALSE(w.core->snapshot(agent.session).calls.at(0).conference_id) << "back in its ivr";
}

TEST_F(Queues, WhoCannotMeetIsBackInTheQueue) {
  const Party a = waiting("a"), agent = arrive("agent"), host = arrive("host");
  model::CallJoin j;
  j.call_id = host.call;
  j.op_id = World::op("host");
  j.name = "desk";
  j.create.emplace();
  j.create->max_participants = 2;
  ask(host, j);
  model::QueueTake t = take(agent, "take");
  t.then.emplace();
  t.then->join.name = "desk";
  ask(agent, t);  // Room for the agent, none for the caller.
  EXPECT_EQ(w.outcome("take"), "failed/error conference_full");
  const auto back = events<model::QueueReturnedEvent>(a.session);
  ASSERT_EQ(back.size(), 1U);
  EXPECT_EQ(back[0].reason, model::QueueReturnedReason::join_failed);
  EXPECT_EQ(w.outcome("a"), "open");
  EXPECT_EQ(w.mixer.rooms.at(w.mixer.only_id()).members.size(), 1U);
  t.op_id = World::op("nowhere");
  t.then->join.name = "elsewhere";
  EXPECT_EQ(refused(agent, t), "conference_not_found then.join.name");
}

TEST_F(Queues, ASpecificCallerThatHangsUpEndsTheTake) {
  const Party a = waiting("a"), agent = arrive("agent");
  waiting("b");
  model::QueueTake t = take(agent, "take");
  t.whisper = list("http://a/whisper.wav");
  t.queued_call_id = a.call;
  ask(agent, t);
  hangs_up(a.call);
  EXPECT_EQ(w.outcome("take"), "failed/error call_ended");
  EXPECT_EQ(w.outcome("b"), "open");
}

TEST_F(Queues, AWhisperThatCannotBePlayedGivesTheCallerBack) {
  const Party a = waiting("a"), agent = arrive("agent");
  model::QueueTake t = take(agent, "take");
  t.whisper = list("http://a/fail.wav");
  ask(agent, t);
  EXPECT_EQ(w.outcome("take"), "failed/error fetch_failed");
  EXPECT_EQ(w.completion("take")->error->field, "whisper.sources[0].url");
  EXPECT_EQ(events<model::QueueReturnedEvent>(a.session).size(), 1U);
  t.whisper->loop = 0;
  t.op_id = World::op("endless");
  EXPECT_EQ(refused(agent, t), "invalid_params whisper.loop");
}

TEST_F(Queues, WaitMediaMakesWayAndGoesOnWhereItWas) {
  const Party a = arrive("a");
  model::CallEnqueue e = enqueue(a, "wait");
  e.wait.emplace();
  for (int i = 0; i < 10; ++i) e.wait->sources.push_back(list("http://a/music.wav").sources[0]);
  e.wait->announce.emplace();
  model::Source say;
  say.say.emplace();
  say.say->text = "You are number {position} of {waiting}.";
  e.wait->announce->sources.push_back(say);
  e.wait->announce->first_after_ms = 2'500;
  e.wait->announce->interval_ms = 30'000;
  ask(a, e);
  EXPECT_EQ(playing(a.call), 1U);
  EXPECT_EQ(w.engine.current(a.call)->spec.loop, 0U);
  w.advance(2'500);
  ASSERT_EQ(w.speech.asked.size(), 1U);
  EXPECT_EQ(w.speech.asked[0].text, "You are number 1 of 1.");
  EXPECT_EQ(playing(a.call), 1U);
  EXPECT_EQ(w.engine.current(a.call)->spec.loop, 1U);
  w.engine.end_current(a.call);
  w.run();
  ASSERT_EQ(playing(a.call), 1U);
  EXPECT_EQ(w.engine.current(a.call)->spec.offset_ms, 2'500);
  // What the application plays goes first too.
  model::CallSay s;
  s.call_id = a.call;
  s.op_id = World::op("say");
  s.speech.text = "hello";
  w.advance(1'000);
  ask(a, s);
  EXPECT_EQ(w.engine.current(a.call)->spec.loop, 1U);
  w.engine.end_current(a.call);
  w.run();
  EXPECT_EQ(w.outcome("say"), "succeeded/finished");
  EXPECT_EQ(w.engine.current(a.call)->spec.offset_ms, 3'500);
  w.advance(30'000);
  EXPECT_EQ(w.speech.asked.back().text, "You are number 1 of 1.");
  const Party agent = arrive("agent");
  ask(agent, take(agent, "take"));
  EXPECT_EQ(w.outcome("wait"), "succeeded/connected");
  EXPECT_EQ(playing(a.call), 0U);
  w.advance(120'000);
  EXPECT_EQ(playing(a.call), 0U);
}

TEST_F(Queues, MaximumWaitAndItsOverflow) {
  provision("support", [](store::Queue& q) {
    q.max_wait_ms = 10'000;
    q.overflow_action = model::QueueOverflow::queue;
    q.overflow_queue = "reserve";
  });
  provision("reserve", [](store::Queue& q) { q.wait_urls = {"http://a/reserve.wav"}; });
  const Party a = waiting("a");
  model::CallEnqueue short_wait = enqueue(a, "x");
  EXPECT_EQ(events<model::QueueEnteredEvent>().at(0).queue_id.str(), "QUsupport");
  w.advance(10'000);
  EXPECT_EQ(w.outcome("a"), "open");
  const auto left = events<model::QueueLeftEvent>(a.session);
  EXPECT_EQ(left.at(0).reason, model::QueueLeftReason::overflow);
  EXPECT_EQ(events<model::QueueEnteredEvent>().at(1).queue, "reserve");
  const Party agent = arrive("agent");
  model::QueueTake t = take(agent, "take");
  t.queue.reset();
  t.queue_id = model::QueueId("QUreserve");
  ask(agent, t);
  EXPECT_EQ(result<model::QueueTakeResult>("take").waited_ms, 10'000);
  EXPECT_EQ(result<model::CallEnqueueResult>("a").queue, "reserve");
}

TEST_F(Queues, FullAndTimedOutCallsStayInTheirIvr) {
  provision("support", [](store::Queue& q) { q.max_size = 1; });
  const Party a = arrive("a");
  model::CallEnqueue e = enqueue(a, "a");
  e.max_wait_ms = 3'000;
  ask(a, e);
  const Party b = waiting("b");
  EXPECT_EQ(w.outcome("b"), "succeeded/overflow");
  EXPECT_FALSE(result<model::CallEnqueueResult>("b").queue_entry_id);
  w.advance(3'000);
  EXPECT_EQ(w.outcome("a"), "succeeded/timeout");
  EXPECT_EQ(result<model::CallEnqueueResult>("a").waited_ms, 3'000);
  EXPECT_EQ(w.core->live_calls(), 2U);
  EXPECT_EQ(statistics().overflowed, 1);
  EXPECT_EQ(statistics().timed_out, 1);
  ask(a, enqueue(a, "again"));
  EXPECT_EQ(w.outcome("again"), "open");
}

TEST_F(Queues, OverflowMayHangUp) {
  provision("support", [](store::Queue& q) {
    q.max_wait_ms = 1'000;
    q.overflow_action = model::QueueOverflow::hangup;
  });
  waiting("a");
  w.advance(1'000);
  EXPECT_EQ(w.outcome("a"), "succeeded/timeout");
  ASSERT_FALSE(w.agent.hung_up.empty());
  EXPECT_EQ(w.agent.hung_up.back(), model::CallId("CAa"));
}

TEST_F(Queues, TheTimeIsNotUpWhileAnAgentIsBeingConnected) {
  const Party a = arrive("a"), agent = arrive("agent"), second = arrive("second");
  model::CallEnqueue e = enqueue(a, "a");
  e.max_wait_ms = 3'000;
  ask(a, e);
  model::QueueTake t = take(agent, "take");
  t.whisper = list("http://a/whisper.wav");
  ask(agent, t);
  w.advance(3'000);
  EXPECT_EQ(w.outcome("a"), "open");
  hangs_up(agent.call);
  EXPECT_EQ(w.outcome("a"), "succeeded/timeout");
  ask(second, take(second, "late"));
  EXPECT_EQ(w.outcome("late"), "succeeded/empty");
}

TEST_F(Queues, RemovalByAnySessionOrByRest) {
  const Party a = waiting("a"), b = waiting("b"), other = arrive("other");
  model::QueueRemove r;
  r.queued_call_id = a.call;
  r.op_id = World::op("remove");
  ask(other, r);
  EXPECT_EQ(w.outcome("remove"), "succeeded/removed");
  EXPECT_EQ(w.outcome("a"), "succeeded/removed");
  model::QueueRemove gone;
  gone.queued_call_id = a.call;
  EXPECT_EQ(refused(other, gone), "queue_entry_not_found queued_call_id");
  std::string told;
  model::QueueRemove rest;
  rest.queue_entry_id = w.core->snapshot(b.session).queue_entries.at(0).id;
  auto view = w.core->submit(model::AccountId("ACtest"), rest,
                             [&](const model::OperationView& v) { told = to_string(*v.reason); });
  ASSERT_TRUE(view);
  w.run();
  EXPECT_EQ(told, "removed");
  EXPECT_EQ(w.outcome("b"), "succeeded/removed");
  auto foreign = w.core->submit(model::AccountId("ACother"), rest, {});
  EXPECT_FALSE(foreign);
}

TEST_F(Queues, ANewPriorityMovesTheCall) {
  const Party a = waiting("a"), b = waiting("b"), agent = arrive("agent");
  model::QueueUpdate u;
  u.queued_call_id = b.call;
  u.priority = 5;
  u.op_id = World::op("update");
  ask(agent, u);
  EXPECT_EQ(w.outcome("update"), "succeeded/applied");
  w.advance(2'000);
  EXPECT_EQ(events<model::QueuePositionEvent>(b.session).back().position, 1);
  EXPECT_EQ(events<model::QueuePositionEvent>(a.session).back().position, 2);
  ask(agent, take(agent, "take"));
  EXPECT_EQ(result<model::QueueTakeResult>("take").call_id, b.call);
}

TEST_F(Queues, ItWaitsOnWhenItsSessionIsLost) {
  const Party a = waiting("a"), b = waiting("b"), agent = arrive("agent");
  for (const Party* p : {&a, &b}) {
    model::CallUpdate u;
    u.call_id = p->call;
    u.on_disconnect.emplace();
    u.on_disconnect->action = model::DisconnectAction::hangup;
    ask(*p, u);
  }
  w.core->session_lost(a.session);
  w.core->session_lost(b.session);
  w.run();
  EXPECT_EQ(w.core->live_calls(), 3U);
  ask(agent, take(agent, "take"));
  EXPECT_EQ(result<model::QueueTakeResult>("take").call_id, a.call);
  EXPECT_EQ(w.engine.connections.size(), 1U);
  // What leaves the queue otherwise is in nobody's hands.
  model::QueueRemove r;
  r.queued_call_id = b.call;
  ask(agent, r);
  ASSERT_FALSE(w.agent.hung_up.empty());
  EXPECT_EQ(w.agent.hung_up.back(), b.call);
  // And the one that was served ends with the agent.
  hangs_up(agent.call);
  EXPECT_EQ(w.agent.hung_up.back(), a.call);
}

TEST_F(Queues, OnlyWhatMayBe) {
  const Party a = waiting("a"), agent = arrive("agent");
  ask(a, enqueue(a, "twice"));
  EXPECT_EQ(w.outcome("twice"), "failed/error wrong_state");
  ask(a, take(a, "itself"));
  EXPECT_EQ(w.outcome("itself"), "failed/error wrong_state");
  model::QueueTake t = take(agent, "t");
  t.queue.reset();
  t.queue_id = model::QueueId("QUnone");
  EXPECT_EQ(refused(agent, t), "queue_not_found queue_id");
  store::Account strict;
  strict.id = model::AccountId("ACtest");
  strict.queues_on_first_use = false;
  w.store.rules.accounts.push_back(strict);
  t = take(agent, "t");
  t.queue = "unknown";
  EXPECT_EQ(refused(agent, t), "queue_not_found queue");
  // Another account's queue of the same id is not there.
  store::Queue foreign;
  foreign.id = model::QueueId("QUforeign");
  foreign.account_id = model::AccountId("ACother");
  foreign.name = "theirs";
  w.store.rules.queues.push_back(foreign);
  t.queue.reset();
  t.queue_id = foreign.id;
  EXPECT_EQ(refused(agent, t), "queue_not_found queue_id");
}

TEST_F(Queues, ACallThatIsConnectedOtherwiseWaitsNoMore) {
  const Party a = waiting("a"), friend_ = arrive("friend"), agent = arrive("agent");
  model::CallBridge b;
  b.call_id = friend_.call;
  b.with_call_id = a.call;
  b.op_id = World::op("bridge");
  ask(friend_, b);
  EXPECT_EQ(w.outcome("bridge"), "open");
  EXPECT_EQ(w.outcome("a"), "succeeded/removed");
  ask(agent, take(agent, "take"));
  EXPECT_EQ(w.outcome("take"), "succeeded/empty");
}

TEST_F(Queues, WhoSubscribedIsToldOnceAndNotTooOften) {
  const Party watcher = arrive("watcher");
  model::SessionSubscribe wish;
  wish.queues = true;
  wish.queue_names = {"support"};
  const Party a = waiting("a");
  w.core->subscribe(watcher.session, wish);
  w.run();
  EXPECT_EQ(events<model::QueueStatsEvent>(watcher.session).size(), 1U);  // How it is now.
  w.advance(1'000);
  std::vector<Party> more;
  for (int i = 0; i < 5; ++i) more.push_back(waiting("m" + std::to_string(i)));
  EXPECT_EQ(events<model::QueueEnteredEvent>(watcher.session).size(), 5U);
  const std::size_t before = events<model::QueueStatsEvent>(watcher.session).size();
  w.advance(1'000);
  const auto stats = events<model::QueueStatsEvent>(watcher.session);
  EXPECT_LE(stats.size(), before + 1);
  EXPECT_EQ(stats.back().statistics.waiting, 6);
  w.advance(60'000);  // Nothing changes but time.
  EXPECT_EQ(events<model::QueueStatsEvent>(watcher.session).size(), stats.size());
  hangs_up(a.call);
  w.advance(1'000);
  EXPECT_EQ(events<model::QueueLeftEvent>(watcher.session).size(), 1U);
  EXPECT_EQ(events<model::QueueLeftEvent>(a.session).size(), 1U);
  EXPECT_EQ(events<model::QueuePositionEvent>(more[0].session).back().position, 1);
  EXPECT_TRUE(events<model::QueuePositionEvent>(watcher.session).empty());
}

}  // namespace
}  // namespace tandem::call::testing
