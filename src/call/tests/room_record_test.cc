// conference.record: which files there are, what they are called by, and who hears of them.
#include "call/operation/operation.h"
#include "call/tests/fakes/rooms.h"

namespace tandem::call::testing {
namespace {

using artifact::RecordingEnd;
using media::RecordEnd;

class RoomRecordTest : public Rooms {
 protected:
  model::ConferenceRecord record(model::ConferenceTracks tracks) {
    model::ConferenceRecord p;
    p.conference_id = w.mixer.only_id();
    p.how.tracks = tracks;
    return p;
  }
  FakeRecordings::One& one(const std::string& id) { return w.recordings.all.at(model::RecordingId(id)); }
  void closed(const std::string& id) {
    w.recordings.end(id, RecordingEnd{RecordEnd::stopped, 1200, 4000, 0, std::nullopt});
    w.run();
  }
  model::ConferenceRecordResult result(const std::string& op) {
    return std::get<model::ConferenceRecordResult>(*w.completion(op)->result);
  }
  template <class P>
  std::string control(const model::CallId& by, const std::string& op) {
    P p;
    p.op_id = *World::op(op);
    auto reply = w.core->submit(sessions[by], p);
    w.run();
    return reply ? "" : reply.error().message;
  }
};

TEST_F(RoomRecordTest, AFileForTheMixAndOneForEachWhoSpeaks) {
  const auto a = member("a");
  member("b", ConferenceRole::listener);
  member("c", ConferenceRole::supervisor);
  EXPECT_EQ(ask(a, record(model::ConferenceTracks::all), "rec"), "open");
  ASSERT_EQ(w.recordings.all.size(), 2U);
  EXPECT_TRUE(one("RE1").order.call.empty());
  EXPECT_EQ(one("RE1").order.conference->id, w.mixer.only_id());
  EXPECT_EQ(one("RE1").order.session, sessions[a]);
  EXPECT_EQ(one("RE1").order.sample_rate_hz, 16'000U);
  EXPECT_EQ(one("RE2").order.call, a);
  EXPECT_EQ(one("RE2").order.tracks, model::RecordTracks::said);
  w.advance(3'010);
  const auto d = member("d");
  ASSERT_EQ(w.recordings.all.size(), 3U);
  EXPECT_EQ(one("RE3").order.call, d);
  EXPECT_EQ(one("RE3").order.conference->offset_ms, 3'000);
  EXPECT_EQ(one("RE3").order.conference->origin - one("RE1").order.conference->origin,
            std::chrono::milliseconds(3'000));
  ends(d);
  EXPECT_TRUE(one("RE3").stopped);
  EXPECT_FALSE(one("RE1").stopped || one("RE2").stopped);
  closed("RE3");
  EXPECT_EQ(count("recording.started"), 3U);
  EXPECT_EQ(control<model::OpStop>(a, "rec"), "");
  EXPECT_TRUE(one("RE1").stopped && one("RE2").stopped);
  closed("RE1");
  EXPECT_EQ(w.outcome("rec"), "open") << "until all are closed";
  closed("RE2");
  EXPECT_EQ(w.outcome("rec"), "succeeded/stopped");
  const auto r = result("rec");
  EXPECT_EQ(r.duration_ms, 1200);
  ASSERT_EQ(r.recordings.size(), 3U);
  EXPECT_FALSE(r.recordings[0].call_id);
  EXPECT_EQ(r.recordings[2].call_id, d);
  EXPECT_EQ(r.recordings[2].offset_ms, 3'000);
}

TEST_F(RoomRecordTest, ASupervisorWhoBargesHasATrackFromThen) {
  const auto a = member("a");
  const auto s = caller("s");
  auto p = join_of(s);
  p.terms.role = ConferenceRole::supervisor;
  joined(p);
  ask(a, record(model::ConferenceTracks::participants), "rec");
  EXPECT_EQ(w.recordings.all.size(), 1U);
  auto barges = change(s);
  barges.supervise = model::Supervision{model::SuperviseMode::barge, {}};
  ask(a, barges, "barge");
  ASSERT_EQ(w.recordings.all.size(), 2U);
  EXPECT_EQ(one("RE2").order.call, s);
}

TEST_F(RoomRecordTest, APauseIsTheSameForAllAndForWhoComesIn) {
  const auto a = member("a");
  auto p = record(model::ConferenceTracks::all);
  p.how.pause_mode = model::PauseMode::skip;
  ask(a, p, "rec");
  w.advance(1'000);
  EXPECT_EQ(control<model::OpPause>(a, "rec"), "");
  ASSERT_EQ(one("RE1").pauses.size(), 1U);
  EXPECT_EQ(one("RE1").pauses, one("RE2").pauses);
  w.advance(2'000);
  member("b");
  EXPECT_TRUE(one("RE3").paused);
  EXPECT_EQ(one("RE3").order.conference->offset_ms, 1'040) << "where the pause begins";
  EXPECT_EQ(control<model::OpResume>(a, "rec"), "");
  w.advance(1'000);
  member("c");
  EXPECT_EQ(one("RE4").order.conference->offset_ms, 2'000);
  EXPECT_FALSE(one("RE1").paused || one("RE3").paused);
}

TEST_F(RoomRecordTest, EndsAfterItsLongest) {
  const auto a = member("a");
  auto p = record(model::ConferenceTracks::mix);
  p.how.max_duration_ms = 5'000;
  ask(a, p, "rec");
  w.advance(4'990);
  EXPECT_FALSE(one("RE1").stopped);
  w.advance(10);
  EXPECT_TRUE(one("RE1").stopped);
  closed("RE1");
  EXPECT_EQ(w.outcome("rec"), "succeeded/max_duration");
}

TEST_F(RoomRecordTest, CancelDeletesAllAlsoWhatIsReady) {
  const auto a = member("a"), b = member("b");
  ask(a, record(model::ConferenceTracks::all), "rec");
  ends(b);
  closed("RE3");
  control<model::OpCancel>(a, "rec");
  for (const char* id : {"RE1", "RE2", "RE3"}) EXPECT_TRUE(one(id).discarded) << id;
  closed("RE1");
  closed("RE2");
  EXPECT_EQ(w.outcome("rec").substr(0, 9), "cancelled");
}

TEST_F(RoomRecordTest, TheEndOfTheConferenceFinishesIt) {
  const auto a = member("a");
  ask(a, record(model::ConferenceTracks::all), "rec");
  w.advance(2'000);
  ends(a);
  EXPECT_EQ(w.outcome("rec"), "succeeded/finished");
  EXPECT_EQ(result("rec").duration_ms, 2'000);
  EXPECT_EQ(result("rec").recordings.size(), 2U);
  closed("RE1");
  closed("RE2");
}

TEST_F(RoomRecordTest, ADiskThatIsFullCostsTheRecordingNotTheConference) {
  const auto a = member("a");
  ask(a, record(model::ConferenceTracks::all), "rec");
  RecordingEnd broken{RecordEnd::failed, 100, 10, 0, make_error(model::ErrorCode::record_failed, "full")};
  w.recordings.end("RE1", broken);
  w.run();
  EXPECT_TRUE(one("RE2").stopped);
  closed("RE2");
  EXPECT_EQ(w.outcome("rec"), "failed/error record_failed");
  w.recordings.refuse = make_error(model::ErrorCode::record_failed, "full");
  EXPECT_EQ(ask(a, record(model::ConferenceTracks::all), "again"), "failed/error record_failed");
  EXPECT_EQ(count("conference.ended"), 0U);
}

TEST_F(RoomRecordTest, AsTheConferenceWasMade) {
  const auto a = caller("a");
  auto p = join_of(a);
  p.create->record.emplace();
  p.create->start = model::ConferenceStart::two_participants;
  joined(p);
  EXPECT_TRUE(w.recordings.all.empty()) << "not before its start";
  member("b");
  ASSERT_EQ(w.recordings.all.size(), 1U);
  EXPECT_EQ(one("RE1").order.session, sessions[a]);
  EXPECT_EQ(count("recording.started"), 1U);
}

}  // namespace
}  // namespace tandem::call::testing
