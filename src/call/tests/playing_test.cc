// Say, play, and the lanes they run in.
#include "call/tests/fakes/world.h"

namespace tandem::call::testing {
namespace {

using Words = std::vector<std::string>;
using model::WhenBusy;

template <class R>
R result(const World& w, const std::string& name) {
  return std::get<R>(*w.completion(name)->result);
}
TEST(Say, SpeaksAndSaysHowMuchWasHeard) {
  World w;
  w.answered();
  auto p = w.say("s1");
  p.gain_db = -6;
  p.loop = 2;
  p.speech.language = "en-GB";
  EXPECT_EQ(w.ask(p).state, model::OpState::running);
  EXPECT_TRUE(w.speech.asked.empty());
  w.run();
  ASSERT_EQ(w.speech.asked.size(), 1U);
  EXPECT_EQ(w.speech.asked[0].language, "en-GB");
  EXPECT_EQ(w.speech.asked[0].gain_db, -6);
  EXPECT_EQ(w.engine.current(w.call)->spec.loop, 2U);
  w.advance(2000);
  w.engine.end_current(w.call);
  w.run();
  EXPECT_EQ(w.outcome("s1"), "succeeded/finished");
  EXPECT_EQ(result<model::CallSayResult>(w, "s1").heard_ms, 2000);
}

TEST(Say, BadTextIsRefusedAtOnce) {
  World w;
  w.answered();
  auto p = w.say("s1");
  p.speech.text.reset();
  p.speech.ssml = "<speak>open";
  EXPECT_EQ(w.refused(p), "invalid_params ssml");
  p = w.say("s2");
  p.speech.voice = "nobody";
  EXPECT_EQ(w.refused(p), "invalid_params voice");
  p = w.say("s3");
  p.speech.language = "xx";
  EXPECT_EQ(w.refused(p), "invalid_params language");
  auto list = w.play("p1");
  list.play.sources.emplace_back().say = p.speech;
  EXPECT_EQ(w.refused(list), "invalid_params sources[1].say.language");
  p = w.say("s4");
  p.speech.text = "explode";
  w.ask(p);
  w.run();
  EXPECT_EQ(w.outcome("s4"), "failed/error tts_failed");
}

TEST(Play, AllSourcesInOrder) {
  World w;
  w.answered();
  auto p = w.play("p1", {"http://a/1.wav", "http://slow/2.wav"});
  p.play.sources.emplace_back().silence_ms = 500;
  p.play.sources.emplace_back().tone = model::Tone{};
  p.play.sources.back().tone->frequencies_hz = {440};
  p.play.offset_ms = 100;
  p.max_duration_ms = 9000;
  w.ask(p);
  w.run();
  EXPECT_EQ(w.prompts.asked, (Words{"http://a/1.wav 0", "http://slow/2.wav 0", "silence 500", "tone 1000"}));
  EXPECT_EQ(w.engine.current(w.call), nullptr);
  w.prompts.release();
  w.run();
  ASSERT_NE(w.engine.current(w.call), nullptr);
  EXPECT_EQ(w.engine.current(w.call)->spec.prompts.size(), 4U);
  EXPECT_EQ(w.engine.current(w.call)->spec.offset_ms, 100);
  EXPECT_EQ(w.engine.current(w.call)->spec.max_duration_ms, 9000);
  w.engine.end_current(w.call, media::PlayEnd::max_duration);
  w.run();
  EXPECT_EQ(w.outcome("p1"), "succeeded/max_duration");
}

TEST(Play, Failures) {
  World w;
  w.answered();
  w.ask(w.play("p1", {"http://slow", "http://fail"}));
  w.ask(w.play("p2", {"http://odd"}));
  w.run();
  EXPECT_EQ(w.outcome("p1"), "failed/error fetch_failed");
  EXPECT_EQ(w.completion("p1")->error->field, "sources[1].url");
  EXPECT_EQ(w.outcome("p2"), "failed/error unsupported_format");
  w.prompts.release();  // The other source comes late.
  w.run();
  EXPECT_TRUE(w.engine.played.empty());
  w.prompts.growing = true;
  w.speech.growing = true;
  w.ask(w.play("p3"));
  w.run();
  w.engine.current(w.call)->spec.prompts.at(0)->fail("the file lies about its size");
  w.engine.end_current(w.call, media::PlayEnd::failed, "the file lies about its size");
  w.run();
  EXPECT_EQ(w.outcome("p3"), "failed/error unsupported_format");
  EXPECT_EQ(w.completion("p3")->error->field, "sources[0].url");
  w.ask(w.say("s1"));
  w.run();
  w.engine.current(w.call)->spec.prompts.at(0)->fail("engine died half way");
  w.engine.end_current(w.call, media::PlayEnd::failed);
  w.run();
  EXPECT_EQ(w.outcome("s1"), "failed/error tts_failed");
}

TEST(Play, StopCancelPauseResume) {
  World w;
  w.answered();
  w.ask(w.play("p1"));
  w.run();
  w.advance(1000);
  w.news();
  auto reply = w.ask(World::control<model::OpPause>("p1"));
  EXPECT_FALSE(reply.no_op);
  w.run();
  EXPECT_EQ(w.news(), Words{"op.paused(p1)"});
  EXPECT_EQ(std::get<model::OpPausedEvent>(w.gateway.events.back().data).heard_ms, 1000);
  EXPECT_EQ(w.ask(World::control<model::OpGet>("p1")).state, model::OpState::paused);
  EXPECT_TRUE(w.ask(World::control<model::OpPause>("p1")).no_op);
  w.advance(5000);
  EXPECT_FALSE(w.ask(World::control<model::OpResume>("p1")).no_op);
  w.run();
  EXPECT_EQ(w.news(), Words{"op.resumed(p1)"});
  EXPECT_TRUE(w.ask(World::control<model::OpResume>("p1")).no_op);
  w.advance(500);
  reply = w.ask(World::control<model::OpStop>("p1"));
  EXPECT_FALSE(reply.no_op);
  EXPECT_EQ(reply.state, model::OpState::running);
  w.run();
  EXPECT_EQ(w.outcome("p1"), "succeeded/stopped");
  EXPECT_EQ(result<model::CallPlayResult>(w, "p1").heard_ms, 1500);
  reply = w.ask(World::control<model::OpStop>("p1"));
  EXPECT_TRUE(reply.no_op);
  EXPECT_EQ(reply.outcome, model::OpOutcome::succeeded);
  EXPECT_TRUE(w.ask(World::control<model::OpPause>("p1")).no_op);

  w.ask(w.play("p2"));
  w.run();
  w.advance(300);
  w.ask(World::control<model::OpCancel>("p2"));
  w.ask(World::control<model::OpStop>("p2"));  // The first wish stands.
  w.run();
  EXPECT_EQ(w.outcome("p2"), "cancelled/cancelled");
  EXPECT_EQ(result<model::CallPlayResult>(w, "p2").heard_ms, 300);
}

TEST(Play, PausedTellsWhatWasHeardAlsoBeforeAndAfterTheEngineHasIt) {
  World w;
  w.answered();
  w.ask(w.play("p1", {"http://slow"}));
  w.run();
  w.news();
  w.ask(World::control<model::OpPause>("p1"));  // While it is prepared.
  w.run();
  EXPECT_EQ(w.news(), Words{"op.paused(p1)"});
  EXPECT_EQ(std::get<model::OpPausedEvent>(w.gateway.events.back().data).heard_ms, 0);
  w.prompts.release();
  w.run();
  w.ask(World::control<model::OpResume>("p1"));
  w.run();
  w.advance(400);
  w.news();
  w.ask(World::control<model::OpPause>("p1"));
  w.ask(World::control<model::OpResume>("p1"));  // Before the engine can answer.
  w.run();
  EXPECT_EQ(w.news(), (Words{"op.paused(p1)", "op.resumed(p1)"})) << "each once, in order";
  w.advance(100);
  w.ask(World::control<model::OpPause>("p1"));
  w.run();
  EXPECT_EQ(w.news(), Words{"op.paused(p1)"});
  EXPECT_EQ(std::get<model::OpPausedEvent>(w.gateway.events.back().data).heard_ms, 500);
}

TEST(Play, MarksAreToldWithWhatWasHeardBefore) {
  World w;
  w.answered();
  w.ask(w.say("s1"));
  w.run();
  w.news();
  w.advance(240);
  w.engine.mark_current(w.call, "price");
  EXPECT_EQ(w.news(), Words{"op.mark(s1)"});
  const auto mark = std::get<model::OpMarkEvent>(w.gateway.events.back().data);
  EXPECT_EQ(mark.method, "call.say");
  EXPECT_EQ(mark.name, "price");
  EXPECT_EQ(mark.heard_ms, 240);
  w.core->on_mark(w.call, 999, "of no play", 0);
  w.engine.end_current(w.call);
  w.run();
  EXPECT_EQ(w.outcome("s1"), "succeeded/finished");
  w.core->on_mark(model::CallId::make(), 1, "of no call", 0);
}

TEST(Play, RacesWithinOneTurn) {
  World w;
  w.answered();
  w.ask(w.play("p1"));
  w.ask(World::control<model::OpCancel>("p1"));  // Before it began.
  w.run();
  EXPECT_EQ(w.outcome("p1"), "cancelled/cancelled");
  w.ask(w.play("p2", {"http://slow"}));
  w.run();
  w.ask(World::control<model::OpStop>("p2"));  // While it is prepared.
  w.run();
  EXPECT_EQ(w.outcome("p2"), "succeeded/stopped");
  EXPECT_EQ(result<model::CallPlayResult>(w, "p2").heard_ms, 0);
  w.prompts.growing = true;
  w.speech.growing = true;
  w.ask(w.play("p3"));
  w.run();
  w.ask(World::control<model::OpPause>("p3"));
  w.ask(World::control<model::OpResume>("p3"));  // In order, also in one turn.
  w.run();
  EXPECT_EQ(w.ask(World::control<model::OpGet>("p3")).state, model::OpState::running);
  EXPECT_FALSE(w.engine.current(w.call)->paused);
  w.ask(World::control<model::OpStop>("p3"));
  w.engine.end_current(w.call);  // Ends by itself in the same moment.
  w.run();
  EXPECT_EQ(w.outcome("p3"), "succeeded/stopped");
  w.ask(w.play("p4"));
  EXPECT_EQ(w.refused(World::control<model::OpPause>("p4")), "wrong_state");
  w.run();
  w.engine.end_current(w.call);
  w.run();
}

TEST(Play, PausedWhileItIsPrepared) {
  World w;
  w.answered();
  w.ask(w.play("p1", {"http://slow"}));
  w.run();
  w.ask(World::control<model::OpPause>("p1"));
  w.run();
  w.prompts.release();
  w.run();
  ASSERT_NE(w.engine.current(w.call), nullptr);
  EXPECT_TRUE(w.engine.current(w.call)->paused);
  w.ask(World::control<model::OpResume>("p1"));
  w.run();
  EXPECT_FALSE(w.engine.current(w.call)->paused);
}

TEST(Play, UpdateGainLoopProgressDeadline) {
  World w;
  w.answered();
  auto p = w.play("p1");
  p.play.loop = 0;
  p.progress_interval_ms = 250;
  w.ask(p);
  w.run();
  w.news();
  w.advance(550);
  EXPECT_EQ(w.news(), (Words{"op.progress(p1)", "op.progress(p1)"}));
  const auto& progress = std::get<model::OpProgressEvent>(w.gateway.events.back().data);
  EXPECT_EQ(progress.heard_ms, 500);
  EXPECT_EQ(progress.elapsed_ms, 500);
  w.advance(1650);  // 2.2 s: in the third round of one second.
  model::OpUpdate update;
  update.op_id = *World::op("p1");
  update.gain_db = 3;
  update.loop = 4;
  w.ask(update);
  w.run();
  EXPECT_EQ(w.engine.streams_map.at(w.call).audio.gain_out_db, 3);
  ASSERT_EQ(w.engine.played.size(), 2U);
  EXPECT_EQ(w.engine.played[1].offset_ms, 200);
  EXPECT_EQ(w.engine.played[1].loop, 2U);  // This one and one more.
  w.advance(1800);
  w.engine.end_current(w.call);
  w.run();
  EXPECT_EQ(w.outcome("p1"), "succeeded/finished");
  EXPECT_EQ(result<model::CallPlayResult>(w, "p1").heard_ms, 4000);
  EXPECT_EQ(w.engine.streams_map.at(w.call).audio.gain_out_db, 0);
  EXPECT_TRUE(w.ask(update).no_op);

  w.ask(w.collect("c1", 1, 4));
  w.run();
  update.op_id = *World::op("c1");
  EXPECT_EQ(w.refused(update), "wrong_state");
  update = {};
  update.op_id = *World::op("c1");
  update.deadline_ms = 100;
  w.ask(update);
  w.run();
  w.advance(100);
  EXPECT_EQ(w.outcome("c1"), "failed/deadline timeout");
}

TEST(Lanes, QueueInterruptReject) {
  World w;
  w.answered();
  w.ask(w.say("s1"));
  EXPECT_EQ(w.ask(w.say("s2")).state, model::OpState::queued);
  EXPECT_EQ(w.refused(w.say("s3", WhenBusy::reject)), "lane_busy when_busy");
  w.run();
  w.news();
  w.engine.end_current(w.call);
  w.run();
  EXPECT_EQ(w.news(), (Words{"op.completed(s1 succeeded/finished)", "op.started(s2)"}));
  w.ask(w.say("s4"));
  w.ask(w.collect("c1", 1, 1));  // Another lane: not touched.
  w.advance(700);
  EXPECT_EQ(w.ask(w.say("s5", WhenBusy::interrupt)).state, model::OpState::queued);
  w.ask(w.say("s6", WhenBusy::interrupt));  // Takes the place of s5 at once.
  w.run();
  EXPECT_EQ(w.outcome("s2"), "cancelled/interrupted");
  EXPECT_EQ(result<model::CallSayResult>(w, "s2").heard_ms, 700);
  EXPECT_EQ(w.outcome("s4"), "cancelled/flushed");
  EXPECT_EQ(w.outcome("s5"), "cancelled/flushed");
  EXPECT_EQ(w.outcome("s6"), "open");
  EXPECT_EQ(w.outcome("c1"), "open");
  EXPECT_NE(w.engine.current(w.call), nullptr);
}

TEST(Lanes, TwoHundredWaitAndNoMore) {
  World w;
  w.answered();
  w.ask(w.say("s0"));
  for (int i = 1; i <= 200; ++i) w.ask(w.say("s" + std::to_string(i)));
  EXPECT_EQ(w.refused(w.say("s201")), "queue_full");
  w.run();
  for (int i = 0; i <= 200; ++i) {
    ASSERT_TRUE(w.engine.end_current(w.call)) << i;
    w.run();
    ASSERT_EQ(w.outcome("s" + std::to_string(i)), "succeeded/finished");
  }
  w.ask(w.say("more"));
}

TEST(Lanes, PromptTakesBoth) {
  World w;
  w.answered();
  w.ask(w.collect("c1", 4, 4));
  EXPECT_EQ(w.ask(w.prompt("q1", 4, 4)).state, model::OpState::queued);
  EXPECT_EQ(w.ask(w.say("s1")).state, model::OpState::queued);  // Not past the prompt.
  w.run();
  for (const char c : std::string("1234")) w.press(c);
  w.run();
  EXPECT_EQ(w.outcome("c1"), "succeeded/match");
  EXPECT_NE(w.engine.current(w.call), nullptr);
  EXPECT_EQ(w.ask(World::control<model::OpGet>("s1")).state, model::OpState::queued);
}

}  // namespace
}  // namespace tandem::call::testing
