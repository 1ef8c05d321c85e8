// call.record: how it begins, is paused and ends, and what the session hears of it.
#include "call/tests/fakes/world.h"

namespace tandem::call::testing {
namespace {

using artifact::RecordingEnd;
using media::RecordEnd;
using Words = std::vector<std::string>;

class RecordTest : public ::testing::Test, public World {
 protected:
  RecordTest() {
    answered();
    news();
  }
  [[nodiscard]] model::CallRecord record(const std::string& name = "rec") const {
    model::CallRecord p;
    p.call_id = call;
    p.op_id = op(name);
    return p;
  }
  void begin(model::CallRecord p) {
    ask(std::move(p));
    run();
  }
  FakeRecordings::One& one() { return recordings.all.at(model::RecordingId("RE1")); }
  void ends(RecordEnd how) {
    recordings.end("RE1", RecordingEnd{how, 1200, 4000, 0, std::nullopt});
    run();
  }
  const model::CallRecordResult& result() {
    return std::get<model::CallRecordResult>(*completion("rec")->result);
  }
};

TEST_F(RecordTest, IsStoppedAndReadyAfterwards) {
  auto p = record();
  p.channels = model::RecordChannels::dual;
  p.format = model::RecordFormat::mp3;
  p.pause_mode = model::PauseMode::skip;
  begin(p);
  EXPECT_EQ(one().order.channels, model::RecordChannels::dual);
  EXPECT_EQ(one().order.sample_rate_hz, 8000U);
  EXPECT_EQ(one().order.account, model::AccountId("ACtest"));
  EXPECT_EQ(one().order.session, session);
  EXPECT_TRUE(one().order.skip_pauses);
  ask(control<model::OpStop>("rec"));
  run();
  EXPECT_TRUE(one().stopped);
  EXPECT_EQ(outcome("rec"), "open") << "until the file is closed";
  ends(RecordEnd::stopped);
  recordings.settle("RE1");
  EXPECT_EQ(news(),
            (Words{"recording.started(rec)", "op.completed(rec succeeded/stopped)", "recording.ready(rec)"}));
  EXPECT_EQ(result().duration_ms, 1200);
  EXPECT_EQ(result().size_bytes, 4000);
}

TEST_F(RecordTest, RunsBesideTheLanes) {
  begin(record());
  begin(record("second"));
  ask(play("music"));
  ask(collect("digits", 1, 1));
  run();
  EXPECT_EQ(recordings.all.size(), 2U);
  press('5');
  run();
  EXPECT_EQ(outcome("digits"), "succeeded/match");
  EXPECT_EQ(outcome("rec"), "open");
}

TEST_F(RecordTest, PauseAndResumeReachTheRecorder) {
  begin(record());
  ask(control<model::OpPause>("rec"));
  run();
  EXPECT_TRUE(one().paused);
  ask(control<model::OpPause>("rec"));
  ask(control<model::OpResume>("rec"));
  run();
  EXPECT_FALSE(one().paused);
  EXPECT_EQ(news(), (Words{"recording.started(rec)", "recording.paused(rec)", "op.paused(rec)",
                           "recording.resumed(rec)", "op.resumed(rec)"}));
  ask(control<model::OpPause>("rec"));
  run();
  ask(control<model::OpStop>("rec"));
  run();
  EXPECT_TRUE(one().stopped);
}

TEST_F(RecordTest, EachEndHasItsReason) {
  const std::pair<RecordEnd, const char*> rows[] = {{RecordEnd::max_duration, "succeeded/max_duration"},
                                                    {RecordEnd::end_silence, "succeeded/end_silence"},
                                                    {RecordEnd::no_input, "succeeded/no_input"},
                                                    {RecordEnd::stream_closed, "succeeded/finished"}};
  int n = 0;
  for (const auto& [how, expected] : rows) {
    const std::string name = "r" + std::to_string(++n);
    begin(record(name));
    recordings.end("RE" + std::to_string(n), RecordingEnd{how, 100, 100, 0, std::nullopt});
    run();
    EXPECT_EQ(outcome(name), expected);
  }
}

TEST_F(RecordTest, ATerminatorEndsItAndOtherDigitsDoNot) {
  auto p = record();
  p.terminators = "#*";
  begin(p);
  press('1');
  run();
  EXPECT_FALSE(one().stopped);
  press('*');
  press('#');
  run();
  EXPECT_TRUE(one().stopped);
  ends(RecordEnd::stopped);
  EXPECT_EQ(outcome("rec"), "succeeded/terminator");
  EXPECT_EQ(result().terminator, "*");
}

TEST_F(RecordTest, CancelDeletes) {
  begin(record());
  ask(control<model::OpCancel>("rec"));
  run();
  EXPECT_TRUE(one().discarded);
  ends(RecordEnd::stopped);
  EXPECT_EQ(outcome("rec"), "cancelled/cancelled");
}

TEST_F(RecordTest, AFullDiskFailsTheOperationAndNotTheCall) {
  begin(record());
  model::Error full;
  full.code = model::ErrorCode::record_failed;
  recordings.end("RE1", RecordingEnd{RecordEnd::failed, 500, 500, 0, full});
  run();
  EXPECT_EQ(outcome("rec"), "failed/error record_failed");
  EXPECT_EQ(result().duration_ms, 500);
  recordings.refuse = full;
  begin(record("again"));
  EXPECT_EQ(outcome("again"), "failed/error record_failed");
  ask(play("music"));
  run();
  EXPECT_EQ(outcome("music"), "open");
}

TEST_F(RecordTest, TheCallsEndFinishesItAndTheSessionWaitsForTheFile) {
  begin(record());
  peer(sip::LegEnd::peer_bye);
  run();
  EXPECT_EQ(outcome("rec"), "succeeded/finished");
  EXPECT_EQ(result().recording_id, model::RecordingId("RE1"));
  EXPECT_FALSE(result().duration_ms);
  EXPECT_TRUE(gateway.idle_sessions.empty());
  ends(RecordEnd::stream_closed);
  recordings.settle("RE1");
  EXPECT_EQ(gateway.idle_sessions.size(), 1U);
}

TEST_F(RecordTest, TheSessionsEndIsPassedOn) {
  begin(record());
  core->session_closed(session);
  run();
  EXPECT_EQ(recordings.closed, std::vector{session});
  EXPECT_FALSE(one().stopped) << "the call goes on, and its recording";
}

TEST_F(RecordTest, BeepsAtTheBeginningAndAgain) {
  auto p = record();
  p.beep = true;
  p.beep_interval_ms = 5000;
  begin(p);
  EXPECT_EQ(engine.played.size(), 1U);
  advance(5000);
  run();
  EXPECT_EQ(engine.played.size(), 2U);
  ask(control<model::OpStop>("rec"));
  run();
  ends(RecordEnd::stopped);
  advance(20'000);
  run();
  EXPECT_EQ(engine.played.size(), 2U);
}

TEST_F(RecordTest, OwnReadyRecordingsCanBePlayed) {
  model::CallPlay p = play("back", {});
  p.play.sources.emplace_back();
  p.play.sources[0].recording_id = model::RecordingId("RE1");
  EXPECT_EQ(refused(p), "invalid_params sources[0].recording_id");
  begin(record());
  EXPECT_EQ(refused(p), "invalid_params sources[0].recording_id");
  ends(RecordEnd::stopped);
  recordings.settle("RE1");
  ask(p);
  run();
  EXPECT_EQ(prompts_asked().back(), "file /spool/RE1.wav");
}

TEST(RecordBeforeAnswer, IsRefused) {
  World w;
  w.arrive();
  model::CallRecord p;
  p.call_id = w.call;
  EXPECT_EQ(w.refused(p), "wrong_state");
}

}  // namespace
}  // namespace tandem::call::testing
