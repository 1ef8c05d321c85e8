// The verbs, their lanes and their control.
#include "call/tests/fakes/world.h"

namespace tandem::call::testing {
namespace {

using Words = std::vector<std::string>;
using model::WhenBusy;
using sip::LegEnd;

template <class R>
R result(const World& w, const std::string& name) {
  return std::get<R>(*w.completion(name)->result);
}
std::string position(const Words& words, const std::string& word) {
  return std::find(words.begin(), words.end(), word) != words.end() ? "there" : "missing";
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
  w.ask(w.play("p3"));
  w.run();
  w.engine.end_current(w.call, media::PlayEnd::failed, "the file lies about its size");
  w.run();
  EXPECT_EQ(w.outcome("p3"), "failed/error unsupported_format");
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

TEST(Collect, MatchNoInputNoMatchStopped) {
  World w;
  w.answered();
  w.press('9');  // Before anything listens: an event and no more.
  w.ask(w.collect("c1", 4, 4));
  w.run();
  for (const char c : std::string("4711")) w.press(c);
  w.run();
  EXPECT_EQ(w.outcome("c1"), "succeeded/match");
  EXPECT_EQ(result<model::CallCollectResult>(w, "c1").value, "4711");
  w.ask(w.collect("c2", 1, 8));
  w.run();
  w.advance(4'999);
  EXPECT_EQ(w.outcome("c2"), "open");
  w.advance(1);
  EXPECT_EQ(w.outcome("c2"), "succeeded/no_input");
  w.ask(w.collect("c3", 3, 8));
  w.run();
  w.press('1');
  w.advance(2'900);
  w.press('2');
  w.advance(2'900);
  EXPECT_EQ(w.outcome("c3"), "open");
  w.advance(100);
  EXPECT_EQ(w.outcome("c3"), "succeeded/no_match");
  EXPECT_EQ(result<model::CallCollectResult>(w, "c3").value, "12");
  w.ask(w.collect("c4", 1, 8));
  w.run();
  w.press('7');
  w.ask(World::control<model::OpStop>("c4"));
  w.run();
  EXPECT_EQ(w.outcome("c4"), "succeeded/stopped");
  EXPECT_EQ(result<model::CallCollectResult>(w, "c4").value, "7");
  w.ask(w.collect("c5", 1, 8));
  w.run();
  w.press('8');
  w.press('#');
  w.run();
  EXPECT_EQ(w.outcome("c5"), "succeeded/match");
  EXPECT_EQ(result<model::CallCollectResult>(w, "c5").terminator, "#");
  EXPECT_EQ(w.refused(w.collect("c6", 5, 4)), "invalid_params digits.min");
  auto p = w.collect("c7", 1, 4);
  p.input.digits->pattern = "[3-1]";
  EXPECT_EQ(w.refused(p), "invalid_params digits.pattern");
}

TEST(Prompt, BargeIn) {
  World w;
  w.answered();
  w.ask(w.prompt("q1", 4, 4));
  w.run();
  w.advance(860);
  w.press('4');
  w.run();
  EXPECT_EQ(w.engine.current(w.call), nullptr);  // Silent at the first digit.
  for (const char c : std::string("711")) w.press(c);
  w.run();
  EXPECT_EQ(w.outcome("q1"), "succeeded/match");
  const auto r = result<model::CallPromptResult>(w, "q1");
  EXPECT_EQ(r.value, "4711");
  EXPECT_EQ(r.heard_ms, 860);
  EXPECT_EQ(r.tries, 1);
}

TEST(Prompt, OneDigitIsCompleteBeforeThePromptIsSilent) {
  World w;
  w.answered();
  w.ask(w.prompt("q1", 1, 1));
  w.run();
  w.advance(100);
  w.press('4');
  EXPECT_EQ(w.outcome("q1"), "open");
  w.run();
  EXPECT_EQ(w.outcome("q1"), "succeeded/match");
  EXPECT_EQ(result<model::CallPromptResult>(w, "q1").heard_ms, 100);
}

TEST(Prompt, WithoutBargeInDigitsDuringThePromptDoNotCount) {
  World w;
  w.answered();
  auto p = w.prompt("q1", 1, 1);
  p.barge_in = model::BargeIn{};
  p.barge_in->digits = false;
  w.ask(p);
  w.run();
  w.press('1');
  w.run();
  EXPECT_NE(w.engine.current(w.call), nullptr);
  w.engine.end_current(w.call);
  w.run();
  w.press('2');
  w.run();
  EXPECT_EQ(result<model::CallPromptResult>(w, "q1").value, "2");
}

TEST(Prompt, TriesAndTheTimeRunsFromTheEndOfThePrompt) {
  World w;
  w.answered();
  auto p = w.prompt("q1", 2, 2);
  p.max_tries = 3;
  p.retry_play = w.play("x", {"http://again"}).play;
  w.ask(p);
  w.run();
  w.advance(20'000);  // A long prompt is not silence of the caller.
  EXPECT_EQ(w.outcome("q1"), "open");
  w.engine.end_current(w.call);
  w.run();
  w.advance(5'000);
  EXPECT_EQ(w.prompts.asked.back(), "http://again 0");
  w.press('1');
  w.run();
  w.advance(3'000);  // One digit of two: no match, third try.
  EXPECT_EQ(w.prompts.asked.size(), 3U);
  w.engine.end_current(w.call);
  w.run();
  w.advance(5'000);
  EXPECT_EQ(w.outcome("q1"), "succeeded/no_input");
  EXPECT_EQ(result<model::CallPromptResult>(w, "q1").tries, 3);
}

TEST(Prompt, StopCancelFailAndInterrupt) {
  World w;
  w.answered();
  w.ask(w.prompt("q1", 4, 4));
  w.run();
  w.advance(400);
  w.ask(World::control<model::OpStop>("q1"));
  w.run();
  EXPECT_EQ(w.outcome("q1"), "succeeded/stopped");
  EXPECT_EQ(result<model::CallPromptResult>(w, "q1").heard_ms, 400);
  w.ask(w.prompt("q2", 4, 4));
  w.run();
  w.engine.end_current(w.call);
  w.run();
  w.press('1');
  w.ask(World::control<model::OpCancel>("q2"));
  w.run();
  EXPECT_EQ(w.outcome("q2"), "cancelled/cancelled");
  EXPECT_EQ(result<model::CallPromptResult>(w, "q2").value, "1");
  auto p = w.prompt("q3", 4, 4);
  p.play = w.play("x", {"http://fail"}).play;
  w.ask(p);
  w.run();
  EXPECT_EQ(w.outcome("q3"), "failed/error fetch_failed");
  EXPECT_EQ(w.completion("q3")->error->field, "play.sources[0].url");
  w.ask(w.prompt("q4", 4, 4));
  w.run();
  auto c = w.collect("c1", 1, 1);
  c.when_busy = WhenBusy::interrupt;
  w.ask(c);
  w.run();
  EXPECT_EQ(w.outcome("q4"), "cancelled/interrupted");
  EXPECT_EQ(w.outcome("c1"), "open");
}

TEST(Prompt, PauseAndProgress) {
  World w;
  w.answered();
  auto p = w.prompt("q1", 4, 4);
  p.progress_interval_ms = 250;
  w.ask(p);
  w.run();
  w.ask(World::control<model::OpPause>("q1"));
  w.run();
  EXPECT_TRUE(w.engine.current(w.call)->paused);
  w.ask(World::control<model::OpResume>("q1"));
  w.run();
  w.press('1');
  w.run();
  w.news();
  w.advance(250);
  EXPECT_EQ(w.news(), Words{"op.progress(q1)"});
  EXPECT_EQ(std::get<model::OpProgressEvent>(w.gateway.events.back().data).digits, "1");
  EXPECT_EQ(w.refused(World::control<model::OpPause>("q1")), "wrong_state");  // It listens now.
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
