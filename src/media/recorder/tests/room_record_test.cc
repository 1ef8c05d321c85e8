// Recordings of rooms: each voice in its own track, all in the mix, and all in step.
#include "media/engine/tests/room_fixture.h"
#include "media/recorder/record_job.h"
#include "media/recorder/tests/recording_checks.h"

namespace tandem::media::test {
namespace {

class RoomRecordTest : public RoomTest {
 protected:
  struct Track {
    std::shared_ptr<RecordTap> tap;
    std::unique_ptr<RecordJob> job;
    std::string path;
    std::int64_t offset_ms = 0;
    std::optional<RecordResult> result;
  };
  using Tracks = std::vector<Track*>;

  /// Of the mix, or of a member; begins at a whole frame of the first one.
  Track& record(std::optional<StreamId> member, bool skip_pauses = false,
                FileFormat format = FileFormat::wav) {
    Track& t = tracks.emplace_back();
    t.path = folder.file(std::to_string(tracks.size()));
    if (tracks.size() == 1) origin = clock().now();
    const auto frames = (clock().now() - origin) / 20ms;
    RecordSpec spec;
    spec.path = t.path;
    spec.format = format;
    spec.side = RecordSide::said;
    spec.sample_rate_hz = 16'000;
    spec.skip_pauses = skip_pauses;
    spec.origin = origin + 20ms * frames;
    t.offset_ms = frames * 20;
    t.tap = std::make_shared<RecordTap>(FrameSizes{320, 0}, true);
    t.job = std::make_unique<RecordJob>(spec, t.tap);
    engine->add_room_tap(room, std::move(member), t.tap);
    return t;
  }
  const Clock& clock() { return loop.clock(); }
  void say(int frames) {
    for (int i = 0; i < frames; i += 50) {
      talk(std::min(50, frames - i));
      write();
    }
  }
  void write() {
    for (Track& t : tracks) {
      if (!t.result) t.result = t.job->run();
    }
  }
  void pause(bool on) {
    const TimePoint at = origin + 20ms * ((clock().now() - origin) / 20ms + 2);
    for (Track& t : tracks) t.tap->pause(on, at);
  }
  Decoded file(Track& t) {
    t.tap->end();
    if (!t.result) t.result = t.job->run();
    EXPECT_TRUE(t.result);
    return decode_file(t.path);
  }
  /// Whether `hz` is there, in time of the whole recording.
  static bool has(const Decoded& d, const Track& t, double hz, std::int64_t from_ms, std::int64_t to_ms) {
    const auto pcm = d.part(0, from_ms - t.offset_ms, to_ms - t.offset_ms);
    return amplitude_at(pcm, hz, d.rate) > 350;
  }

  TemporaryFolder folder;
  TimePoint origin{};
  std::deque<Track> tracks;
};

TEST_F(RoomRecordTest, EachVoiceHasItsTrackAndTheMixHasAll) {
  Voice& a = join(500);
  Voice& b = join(900, {}, Codec::g722);
  talk(20);
  Track& mix = record({});
  Track& of_a = record(a.id);
  Track& of_b = record(b.id);
  say(50);
  b.talks = false;
  say(50);
  Voice& c = join(1300);
  Track& of_c = record(c.id);
  EXPECT_EQ(of_c.offset_ms, 2000);
  say(50);
  engine->disconnect(a.id);  // Away, and back again.
  say(50);
  engine->join_room(room, a.id, {});
  say(50);
  const Decoded m = file(mix), fa = file(of_a), fb = file(of_b), fc = file(of_c);
  for (const Decoded* d : {&m, &fa, &fb}) {
    EXPECT_EQ(d->rate, 16'000);
    EXPECT_NEAR(static_cast<double>(d->ms()), 5000, 20);
  }
  EXPECT_NEAR(static_cast<double>(fc.ms()), 3000, 20);
  EXPECT_TRUE(has(m, mix, 500, 300, 2900) && has(m, mix, 500, 4300, 4900));
  EXPECT_TRUE(has(m, mix, 900, 300, 900) && has(m, mix, 1300, 2300, 4900));
  EXPECT_FALSE(has(m, mix, 500, 3300, 3900) || has(m, mix, 900, 1300, 4900));
  EXPECT_TRUE(has(fa, of_a, 500, 300, 2900) && has(fa, of_a, 500, 4300, 4900));
  EXPECT_TRUE(fa.silent(0, 3300, 3900));
  EXPECT_GT(fa.tone(0, 500, 300, 2900), 0.95) << "nobody else is in it";
  EXPECT_GT(fb.tone(0, 900, 100, 900), 0.95);
  EXPECT_TRUE(fb.silent(0, 1300, 4900));
  EXPECT_GT(fc.tone(0, 1300, 300, 2900), 0.95);
  EXPECT_EQ(mix.result->gap_ms, 0);
  EXPECT_EQ(of_a.result->gap_ms, 0) << "silence is no gap";
}

TEST_F(RoomRecordTest, OneVoiceLiesAtTheSameSampleInTrackAndMix) {
  Voice& a = join(500);
  Voice& b = join(900);
  b.talks = false;
  a.talks = false;
  talk(20);
  Track& mix = record({});
  say(17);
  Track& of_a = record(a.id);
  say(20);
  a.talks = true;
  say(50);
  const Decoded m = file(mix), fa = file(of_a);
  const auto whole = m.part(0, 1200, 1500), track = fa.part(0, 1200 - of_a.offset_ms, 1500 - of_a.offset_ms);
  ASSERT_EQ(whole.size(), track.size());
  EXPECT_TRUE(std::equal(whole.begin(), whole.end(), track.begin(),
                         [](int x, int y) { return std::abs(x - y) <= 2; }));
  EXPECT_NEAR(static_cast<double>(fa.begins_ms(0) + of_a.offset_ms), static_cast<double>(m.begins_ms(0)), 2);
}

TEST_F(RoomRecordTest, WhatIsNotForAllIsInNoFile) {
  Voice& agent = join(500);
  Voice& customer = join(900);
  Voice& coach = join(1300, only_heard_by({agent.id}));
  Voice& muted = join(1700, heard_by_nobody());
  talk(20);
  Track& mix = record({});
  Track& of_coach = record(coach.id);
  Track& of_muted = record(muted.id);
  say(50);
  engine->set_member(room, coach.id, {});  // Barges in.
  say(50);
  const Decoded m = file(mix), fc = file(of_coach), fm = file(of_muted);
  EXPECT_TRUE(has(m, mix, 500, 100, 1900) && has(m, mix, 900, 100, 1900));
  EXPECT_FALSE(has(m, mix, 1300, 100, 900) || has(m, mix, 1700, 100, 1900));
  EXPECT_TRUE(has(m, mix, 1300, 1200, 1900));
  EXPECT_TRUE(fc.silent(0, 0, 900));
  EXPECT_GT(fc.tone(0, 1300, 1200, 1900), 0.95);
  EXPECT_TRUE(fm.silent(0, 0, 1900));
  EXPECT_NEAR(static_cast<double>(fm.ms()), 2000, 20);
  (void)customer;
}

TEST_F(RoomRecordTest, AnAnnouncementIsInTheMixAlone) {
  Voice& a = join(500);
  a.talks = false;
  talk(20);
  Track& mix = record({});
  Track& of_a = record(a.id);
  say(25);
  engine->play_to_room(room, 1, spec({tone(1100, 400)}));
  say(75);
  const Decoded m = file(mix), fa = file(of_a);
  EXPECT_TRUE(has(m, mix, 1100, 600, 850));
  EXPECT_TRUE(m.silent(0, 1200, 1900));
  EXPECT_TRUE(fa.silent(0, 0, 1900));
}

TEST_F(RoomRecordTest, AllTracksLoseThePauseOrKeepItsLength) {
  for (const bool skip : {false, true}) {
    Voice& a = join(500);
    Voice& b = join(900);
    talk(20);
    Track& mix = record({}, skip);
    Track& of_a = record(a.id, skip);
    say(50);
    pause(true);
    b.talks = false;
    talk(2);
    say(33);
    pause(false);
    say(50);
    const std::int64_t length = skip ? 2000 : 2700;
    const Decoded m = file(mix), fa = file(of_a);
    EXPECT_NEAR(static_cast<double>(m.ms()), static_cast<double>(length), 40);
    EXPECT_EQ(m.ms(), fa.ms());
    EXPECT_EQ(m.silent(0, 1100, 1650), !skip);
    EXPECT_EQ(fa.silent(0, 1100, 1650), !skip);
    // One voice is left: both files hold the same from here on.
    const auto whole = m.part(0, length - 500, length - 100), track = fa.part(0, length - 500, length - 100);
    EXPECT_TRUE(std::equal(whole.begin(), whole.end(), track.begin(), track.end(),
                           [](int x, int y) { return std::abs(x - y) <= 2; }));
    for (Voice* v : {&a, &b}) engine->close(v->id);
    voices.clear();
    tracks.clear();
    run(40ms);
    std::filesystem::remove(folder.file("1"));
    std::filesystem::remove(folder.file("2"));
  }
}

TEST_F(RoomRecordTest, WhoIsAloneIsRecordedToo) {
  Voice& a = join(500);
  talk(20);
  Track& mix = record({});
  Track& of_a = record(a.id);
  say(50);
  EXPECT_GT(file(mix).tone(0, 500, 40, 960), 0.95);
  EXPECT_GT(file(of_a).tone(0, 500, 40, 960), 0.95);
}

TEST_F(RoomRecordTest, ARoomThatClosesEndsItsFiles) {
  Voice& a = join(500);
  talk(20);
  Track& mix = record({});
  Track& of_a = record(a.id);
  say(50);
  engine->close_room(room);
  talk(5);
  write();
  for (Track* t : Tracks{&mix, &of_a}) {
    ASSERT_TRUE(t->result);
    EXPECT_EQ(t->result->how, RecordEnd::stream_closed);
    EXPECT_NEAR(static_cast<double>(t->result->duration_ms), 1000, 20);
  }
}

TEST_F(RoomRecordTest, AnEmptyRoomIsSilenceInTime) {
  Track& mix = record({});
  const Duration before = clock().now() - origin;
  talk(50);
  say(50);
  EXPECT_EQ(before, Duration{});
  const Decoded m = file(mix);
  EXPECT_NEAR(static_cast<double>(m.ms()), 2000, 20);
  EXPECT_TRUE(m.silent(0, 0, 2000));
}

TEST_F(RoomRecordTest, AMemberWhoJoinsLongAfterItsTrackBeganIsInTime) {
  join(900).talks = false;
  Voice& late = add(500);
  talk(20);
  Track& mix = record({});
  Track& of_late = record(late.id);
  say(100);
  engine->join_room(room, late.id, {});
  say(50);
  const Decoded m = file(mix), f = file(of_late);
  EXPECT_TRUE(f.silent(0, 0, 2000));
  EXPECT_TRUE(has(f, of_late, 500, 2200, 2900));
  EXPECT_NEAR(static_cast<double>(f.begins_ms(0)), static_cast<double>(m.begins_ms(0)), 2);
}

}  // namespace
}  // namespace tandem::media::test
