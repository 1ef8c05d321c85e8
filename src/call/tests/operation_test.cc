// The other verbs, and what holds for all of them: idempotency, deadlines, ends.
#include "call/tests/fakes/world.h"

namespace tandem::call::testing {
namespace {

using Words = std::vector<std::string>;
using sip::LegEnd;

template <class R>
R result(const World& w, const std::string& name) {
  return std::get<R>(*w.completion(name)->result);
}
std::string position(const Words& words, const std::string& word) {
  return std::find(words.begin(), words.end(), word) != words.end() ? "there" : "missing";
}

TEST(SendDigits, SentAndStopped) {
  World w;
  w.answered();
  model::CallSendDigits p;
  p.call_id = w.call;
  p.op_id = World::op("d1");
  p.digits = "1w23#";
  w.ask(p);
  w.run();
  EXPECT_EQ(w.engine.last_digits, "1w23#");
  w.engine.end_current(w.call);
  w.run();
  EXPECT_EQ(w.outcome("d1"), "succeeded/sent");
  p.op_id = World::op("d2");
  w.ask(p);
  w.run();
  w.ask(World::control<model::OpStop>("d2"));
  w.run();
  EXPECT_EQ(w.outcome("d2"), "succeeded/stopped");
  p.op_id = World::op("d3");
  p.digits = "1x";
  EXPECT_EQ(w.refused(p), "invalid_params digits");
}

TEST(SendSip, ResultsAndHeaders) {
  World w;
  w.answered();
  model::CallSendSip p;
  p.call_id = w.call;
  p.op_id = World::op("i1");
  p.method = model::SendSipMethod{};
  p.content_type = "text/plain";
  p.body = "hi";
  w.ask(p);
  w.run();
  EXPECT_EQ(w.agent.log.back(), "request INFO hi");
  w.core->on_request_result(w.call, w.agent.last_tag, 200);
  EXPECT_EQ(w.outcome("i1"), "succeeded/sent");
  p.op_id = World::op("i2");
  w.ask(p);
  w.run();
  w.core->on_request_result(w.call, w.agent.last_tag, 488);
  EXPECT_EQ(w.outcome("i2"), "failed/error sip_error");
  EXPECT_EQ(w.completion("i2")->error->sip_code, 488);
  p.op_id = World::op("i3");
  p.headers = {{"Contact", "sip:x"}};
  EXPECT_EQ(w.refused(p), "invalid_params headers.Contact");
  p.headers = {{"X-A", "1\r\nEvil: 2"}};
  EXPECT_EQ(w.refused(p), "invalid_params headers.X-A");
  auto bye = w.hangup();
  bye.headers = {{"Via", "x"}};
  EXPECT_EQ(w.refused(bye), "invalid_params headers.Via");
  bye.headers = {};
  bye.reason = "a\r\nb";
  EXPECT_EQ(w.refused(bye), "invalid_params reason");
}

TEST(SetAudio, KeepsWhatIsAbsent) {
  World w;
  w.arrive();
  model::CallSetAudio p;
  p.call_id = w.call;
  p.op_id = World::op("a1");
  p.mute = model::AudioMute{};
  p.mute->in = true;
  w.ask(p);  // Before media: kept for later.
  w.run();
  EXPECT_EQ(w.outcome("a1"), "succeeded/applied");
  model::CallAnswer answer;
  answer.call_id = w.call;
  w.ask(answer);
  w.run();
  EXPECT_TRUE(w.engine.streams_map.at(w.call).audio.mute_in);
  p.op_id = World::op("a2");
  p.mute.reset();
  p.gain_db = model::AudioGain{};
  p.gain_db->out = -6;
  w.ask(p);
  w.run();
  EXPECT_TRUE(w.engine.streams_map.at(w.call).audio.mute_in);
  EXPECT_EQ(w.engine.streams_map.at(w.call).audio.gain_out_db, -6);
  EXPECT_EQ(w.core->snapshot(w.session).calls.at(0).audio.gain_out_db, -6);
}

TEST(Endings, HangupRejectRedirect) {
  World w;
  w.answered();
  auto p = w.hangup();
  p.q850_cause = 31;
  p.reason = "enough";
  w.ask(p);
  w.run();
  EXPECT_EQ(w.agent.log.back(), "hangup q31 enough");
  EXPECT_EQ(w.outcome("hangup"), "open");
  EXPECT_EQ(w.refused(w.say("s1")), "call_ended call_id");
  w.peer(LegEnd::local_hangup);
  w.run();
  EXPECT_EQ(w.outcome("hangup"), "succeeded/hung_up");
  EXPECT_EQ(w.store.cdrs.at(0).verdict.party, model::Party::application);
  EXPECT_EQ(w.store.cdrs.at(0).verdict.q850_cause, 31);

  World r;
  r.arrive();
  model::CallReject reject;
  reject.call_id = r.call;
  reject.op_id = World::op("r");
  reject.sip_code = 486;
  reject.reason = "Busy Here";
  r.ask(reject);
  r.run();
  EXPECT_EQ(r.agent.log, Words{"reject 486 Busy Here q0 r0"});
  r.peer(LegEnd::local_reject, 486);
  r.run();
  EXPECT_EQ(r.outcome("r"), "succeeded/rejected");
  EXPECT_EQ(r.store.cdrs.at(0).verdict.reason, model::EndReason::busy);

  World d;
  d.arrive();
  model::CallRedirect redirect;
  redirect.call_id = d.call;
  redirect.op_id = World::op("d");
  redirect.contacts = {"sip:desk@example.com"};
  d.ask(redirect);
  d.run();
  EXPECT_EQ(d.agent.log, Words{"redirect 302 sip:desk@example.com"});
  d.peer(LegEnd::peer_cancel, 487);  // The caller was faster.
  d.run();
  EXPECT_EQ(d.outcome("d"), "failed/call_ended call_ended");
  EXPECT_EQ(d.store.cdrs.at(0).verdict.reason, model::EndReason::cancelled);
  // The same id, the same parameters: the same operation, also when the call is over.
  EXPECT_EQ(r.ask(reject).outcome, model::OpOutcome::succeeded);
}

TEST(Endings, HangupDoesNotWaitForTheSignallingLane) {
  World w;
  w.answered();
  model::CallSendSip p;
  p.call_id = w.call;
  p.op_id = World::op("i1");
  p.method = model::SendSipMethod{};
  w.ask(p);
  w.run();
  w.ask(w.hangup());
  w.run();
  EXPECT_EQ(w.agent.log.back(), "hangup q0 ");
  EXPECT_TRUE(w.ask(World::control<model::OpCancel>("hangup")).no_op);
  w.peer(LegEnd::local_hangup);
  w.run();
  EXPECT_EQ(w.outcome("i1"), "failed/call_ended call_ended");
}

TEST(Endings, BothSidesHangUpAtOnce) {
  World w;
  w.answered();
  w.ask(w.say("s1"));
  w.ask(w.hangup("h1"));
  w.ask(w.hangup("h2"));
  w.peer(LegEnd::peer_bye);
  w.run();
  EXPECT_EQ(w.outcome("h1"), "succeeded/hung_up");
  EXPECT_EQ(w.outcome("h2"), "succeeded/hung_up");
  EXPECT_EQ(w.agent.log, Words{"answer"});
  EXPECT_EQ(w.store.cdrs.at(0).verdict.party, model::Party::caller);

  World twice;
  twice.answered();
  twice.ask(twice.hangup("h1"));
  twice.run();
  EXPECT_EQ(twice.refused(twice.hangup("h2")), "call_ended call_id");
}

TEST(Endings, NothingBeginsOnceTheCallIsBeingEnded) {
  World w;
  w.answered();
  w.ask(w.say("s1"));
  w.ask(w.say("s2"));
  w.run();
  w.ask(w.hangup());
  w.run();
  w.engine.end_current(w.call);
  w.run();
  EXPECT_EQ(w.outcome("s1"), "succeeded/finished");
  EXPECT_EQ(w.speech.asked.size(), 1U);
  w.peer(LegEnd::local_hangup);
  w.run();
  EXPECT_EQ(w.outcome("s2"), "cancelled/call_ended call_ended");
}

TEST(Idempotency, TheSameIdIsTheSameOperation) {
  World w;
  w.answered();
  const auto first = w.ask(w.say("s1"));
  const auto again = w.ask(w.say("s1"));
  EXPECT_EQ(first.id, again.id);
  w.run();
  EXPECT_EQ(w.speech.asked.size(), 1U);
  auto other = w.say("s1");
  other.speech.text = "other";
  EXPECT_EQ(w.refused(other), "idempotency_conflict op_id");
  EXPECT_EQ(w.refused(w.play("s1")), "idempotency_conflict op_id");
  EXPECT_EQ(w.refused(World::control<model::OpGet>("nothing")), "op_not_found op_id");
  auto made = w.say("x");
  made.op_id.reset();
  EXPECT_TRUE(model::OpId::valid(w.ask(made).id.str()));
  w.peer(LegEnd::peer_bye);
  w.run();
  EXPECT_EQ(w.ask(w.say("s1")).state, model::OpState::completed);  // Also when the call is over.
}

TEST(Idempotency, OldOperationsAreForgotten) {
  CoreOptions options;
  options.max_remembered_operations = 3;
  World w(options);
  w.answered();
  for (int i = 0; i < 4; ++i) {
    model::CallSetAudio p;
    p.call_id = w.call;
    p.op_id = World::op("a" + std::to_string(i));
    p.mute = model::AudioMute{};
    p.mute->in = true;
    w.ask(p);
    w.run();
  }
  EXPECT_EQ(w.refused(World::control<model::OpGet>("a0")), "op_not_found op_id");
  w.ask(World::control<model::OpGet>("a3"));
  EXPECT_EQ(w.core->snapshot(w.session).operations.size(), 3U);
}

TEST(Operations, OfAnotherSessionAreNotFound) {
  World w;
  w.answered();
  w.ask(w.say("s1"));
  const auto mine = w.session;
  auto next = w.invite();
  next.id = model::CallId("CAother");
  w.arrive(next);
  ASSERT_NE(w.session, mine);
  auto p = w.say("s2");
  p.call_id = model::CallId("CAtest");
  EXPECT_EQ(w.refused(p), "call_not_found call_id");
  EXPECT_EQ(w.refused(World::control<model::OpStop>("s1")), "op_not_found op_id");
  EXPECT_EQ(w.refused(model::SnapshotGet{}), "unknown_method");
}

TEST(Operations, Deadline) {
  World w;
  w.answered();
  auto p = w.play("p1");
  p.deadline_ms = 1500;
  w.ask(p);
  auto q = w.play("p2");
  q.deadline_ms = 1000;
  w.ask(q);
  w.run();
  w.advance(1000);
  EXPECT_EQ(w.outcome("p2"), "failed/deadline timeout");  // It never began.
  w.advance(500);
  EXPECT_EQ(w.outcome("p1"), "failed/deadline timeout");
  EXPECT_EQ(result<model::CallPlayResult>(w, "p1").heard_ms, 1500);
  EXPECT_EQ(w.engine.current(w.call), nullptr);
}

TEST(Operations, TheCallEndsAtEachStepOfEach) {
  // 0: before it begins; 1: under way; 2: being stopped; 3: queued behind another.
  for (int step = 0; step < 4; ++step) {
    for (int verb = 0; verb < 5; ++verb) {
      World w;
      w.answered();
      if (step == 3) w.ask(w.prompt("first", 4, 4));
      model::CallSendDigits digits;
      digits.call_id = w.call;
      digits.op_id = World::op("x");
      digits.digits = "1";
      const model::RequestParams all[] = {w.say("x"), w.play("x", {"http://slow"}), w.collect("x", 1, 4),
                                          w.prompt("x", 1, 4), digits};
      w.ask(all[verb]);
      if (step >= 1) w.run();
      if (step == 2) w.ask(World::control<model::OpStop>("x"));
      w.peer(LegEnd::peer_bye);
      w.run();
      w.prompts.release();
      w.run();
      const auto words = w.news();
      const std::string outcome = w.outcome("x");
      const bool never = step == 0 || step == 3;
      if (step == 2) {
        EXPECT_TRUE(outcome == "succeeded/stopped" || outcome == "failed/call_ended call_ended")
            << verb << outcome;
      } else {
        EXPECT_EQ(outcome, never ? "cancelled/call_ended call_ended" : "failed/call_ended call_ended")
            << step << ' ' << verb;
      }
      EXPECT_EQ(position(words, "call.ended"), "there");
      EXPECT_EQ(words.back(), "cdr.ready");
      EXPECT_EQ(words[words.size() - 2], "call.ended");
      EXPECT_EQ(words[words.size() - 3], "ivr.ended");
    }
  }
}

TEST(Operations, HeardMsIsKeptWhenTheCallerHangsUp) {
  World w;
  w.answered();
  w.ask(w.say("s1"));
  w.run();
  w.advance(1234);
  w.peer(LegEnd::peer_bye);
  w.run();
  EXPECT_EQ(result<model::CallSayResult>(w, "s1").heard_ms, 1234);
}

TEST(Operations, MayWaitForAnAnswerThatIsOnItsWay) {
  World w;
  w.arrive();
  EXPECT_EQ(w.refused(w.collect("c0", 1, 1)), "wrong_state");
  model::CallAnswer answer;
  answer.call_id = w.call;
  answer.op_id = World::op("answer");
  w.ask(answer);
  EXPECT_EQ(w.ask(w.say("s1")).state, model::OpState::queued);
  w.run();
  EXPECT_NE(w.engine.current(w.call), nullptr);
  EXPECT_EQ(w.outcome("s1"), "open");
}

}  // namespace
}  // namespace tandem::call::testing
