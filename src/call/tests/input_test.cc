// Collect and prompt.
#include "call/tests/fakes/world.h"

namespace tandem::call::testing {
namespace {

using Words = std::vector<std::string>;
using model::WhenBusy;

template <class R>
R result(const World& w, const std::string& name) {
  return std::get<R>(*w.completion(name)->result);
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

}  // namespace
}  // namespace tandem::call::testing
