// Recordings of real streams, compared with what their far ends sent, through bridge, hold and change of
// codec.
#include "media/recorder/recorder.h"

#include "media/engine/tests/far_end.h"
#include "media/recorder/record_job.h"
#include "media/recorder/tests/recording_checks.h"

namespace tandem::media::test {
namespace {

using namespace std::chrono_literals;

struct Side : FarEnd {
  double hz = 0;

  void say() { FarEnd::say(hz); }
};

class RecorderTest : public FarEndTest {
 protected:
  void add(Side& s, double hz, Codec codec) {
    s.hz = hz;
    open_end(s, codec, false);
  }
  void start(Codec of_a, Codec of_b, std::uint32_t rate = 8000) {
    a.peer.ssrc = 0xaaaa;
    b.peer.ssrc = 0xbbbb;
    add(a, 500, of_a);
    add(b, 1700, of_b);
    // Sources are believed and jitter buffers filled before the recording begins.
    talk(20, true, true);
    RecordSpec spec;
    spec.path = folder.file("a");
    spec.dual = true;
    spec.sample_rate_hz = rate;
    tap = std::make_shared<RecordTap>();
    job.emplace(spec, tap);
    engine->add_tap(a.id, tap);
  }
  void talk(int frames, bool a_talks, bool b_talks) {
    for (int i = 0; i < frames; ++i) {
      if (a_talks) a.say();
      if (b_talks) b.say();
      run(20ms);
      if (job && i % 50 == 49) {
        EXPECT_FALSE(job->run());
      }
    }
    if (job) {
      EXPECT_FALSE(job->run());
    }
    a.peer.take();
    b.peer.take();
  }
  Decoded stop() {
    tap->end();
    result = job->run();
    EXPECT_TRUE(result);
    engine->remove_tap(a.id, tap);
    run(20ms);
    return decode_file(folder.file("a"));
  }

  TemporaryFolder folder;
  Side a;
  Side b;
  std::shared_ptr<RecordTap> tap;
  std::optional<RecordJob> job;
  std::optional<RecordResult> result;
};

/// Where `channel` changes at `at_ms` from silence to sound, to within one packet and the jitter buffer's
/// start.
void expect_begin(const Decoded& d, std::size_t channel, std::int64_t at_ms) {
  EXPECT_NEAR(static_cast<double>(d.begins_ms(channel)), static_cast<double>(at_ms), 60)
      << "channel " << channel;
}

TEST_F(RecorderTest, RelayedPacketsAreRecordedAndStillRelayed) {
  start(Codec::pcmu, Codec::pcmu);
  engine->connect(a.id, b.id, {});
  talk(50, true, true);
  a.say();
  const std::uint16_t sequence = a.peer.sequence;
  run(20ms);
  b.peer.take();
  // The very payload arrives: it was not decoded on its way.
  std::vector<std::uint8_t> marked(160, 0x5a);
  a.peer.send(a.local.rtp, 0, marked);
  EXPECT_EQ(a.peer.sequence, static_cast<std::uint16_t>(sequence + 1));
  run(20ms);
  bool arrived = false;
  for (const Got& got : b.peer.take())
    arrived = arrived ||
              std::equal(marked.begin(), marked.end(), got.packet.payload.begin(), got.packet.payload.end());
  EXPECT_TRUE(arrived);
  talk(50, true, true);
  const Decoded d = stop();
  EXPECT_EQ(result->gap_ms, 0);
  for (const std::int64_t from : {200, 1200}) {
    EXPECT_GT(d.tone(0, 500, from, from + 700), 0.95);
    EXPECT_GT(d.tone(1, 1700, from, from + 700), 0.95);
  }
}

TEST_F(RecorderTest, SidesAreInTimeWithEachOther) {
  for (const Codec other : {Codec::pcmu, Codec::g722}) {
    if (job) {
      job.reset();
      make({});
      std::filesystem::remove(folder.file("a"));
      a.id = StreamId::make();
      b.id = StreamId::make();
    }
    start(Codec::pcmu, other);
    engine->connect(a.id, b.id, {});
    talk(5, true, true);
    // A and B begin at the same moment after half a second in which neither says anything.
    talk(25, false, false);
    talk(50, true, true);
    const Decoded d = stop();
    const auto late = [&](std::size_t channel) {
      for (std::int64_t ms = 250; ms < d.ms(); ms += 5) {
        if (!d.silent(channel, ms, ms + 10)) return ms;
      }
      return std::int64_t{-1};
    };
    EXPECT_NEAR(static_cast<double>(late(0)), static_cast<double>(late(1)), 20);
  }
}

TEST_F(RecorderTest, ThroughBridgeHoldAndChangeOfCodec) {
  start(Codec::pcmu, Codec::pcma);
  EXPECT_EQ(a.media.codec, Codec::pcmu);
  talk(50, true, false);  // 0 to 1 s: alone in the ivr.
  engine->connect(a.id, b.id, {});
  talk(50, true, true);  // 1 to 2 s: bridge.
  engine->disconnect(a.id);
  a.media.direction = model::Direction::send_only;  // 2 to 3 s: on hold, with music.
  engine->configure(a.id, a.media);
  engine->play(a.id, 1, spec({tone(1000, 900)}));
  deliver();
  talk(50, false, true);
  a.media.direction = model::Direction::send_recv;  // 3 to 4 s: back in another codec.
  set_codec(a, Codec::g722);
  engine->connect(a.id, b.id, {});
  talk(50, true, true);
  const Decoded d = stop();
  EXPECT_NEAR(static_cast<double>(result->duration_ms), 4000, 40);
  EXPECT_EQ(result->gap_ms, 0);
  EXPECT_GT(d.tone(0, 500, 50, 950), 0.95);
  EXPECT_TRUE(d.silent(1, 50, 950));
  expect_begin(d, 1, 1000);
  EXPECT_GT(d.tone(0, 500, 1100, 1950), 0.95);
  EXPECT_GT(d.tone(1, 1700, 1100, 1950), 0.95);
  EXPECT_TRUE(d.silent(0, 2200, 2950));
  EXPECT_GT(d.tone(1, 1000, 2100, 2850), 0.95);
  EXPECT_GT(d.tone(0, 500, 3200, 3900), 0.9);
  EXPECT_GT(d.tone(1, 1700, 3200, 3900), 0.9);
}

TEST_F(RecorderTest, EverySampleThatWasPlayedIsInTheFile) {
  start(Codec::pcmu, Codec::pcmu);
  // A sweep is like itself at one shift only.
  auto prompt = std::make_shared<Prompt>(8000);
  std::vector<std::int16_t> pcm(8000);
  double phase = 0;
  for (std::size_t i = 0; i < pcm.size(); ++i) {
    phase += 2 * std::numbers::pi * (300 + 0.3 * static_cast<double>(i)) / 8000;
    pcm[i] = static_cast<std::int16_t>(8000 * std::sin(phase));
  }
  prompt->append(pcm);
  prompt->finish();
  engine->play(a.id, 1, spec({prompt}));
  deliver();
  talk(70, false, false);
  const Decoded d = stop();
  std::size_t best = 0;
  double best_value = 0;
  for (std::size_t shift = 0; shift + pcm.size() <= d.channels[1].size(); ++shift) {
    double dot = 0, e1 = 0, e2 = 0;
    for (std::size_t i = 0; i < pcm.size(); ++i) {
      const double x = pcm[i], y = d.channels[1][shift + i];
      dot += x * y;
      e1 += x * x;
      e2 += y * y;
    }
    const double value = e2 > 0 ? dot / std::sqrt(e1 * e2) : 0;
    if (value > best_value) best_value = value, best = shift;
  }
  EXPECT_GT(best_value, 0.99);
  EXPECT_LE(best, 320U) << "played from the second tick on";
}

TEST_F(RecorderTest, TheRecorderWritesWithThreadsOfItsOwn) {
  add(a, 500, Codec::pcmu);
  add(b, 1700, Codec::pcmu);
  auto recorder = make_recorder({.threads = 1, .max_recordings = 1}, *engine, *engine, loop);
  const auto recording = model::RecordingId::make();
  RecordSpec spec;
  spec.path = folder.file("a");
  std::optional<RecordResult> got;
  ASSERT_TRUE(recorder->start(recording, a.id, spec, [&](RecordResult r) { got = std::move(r); }));
  EXPECT_FALSE(recorder->start(model::RecordingId::make(), a.id, spec, [](RecordResult) { FAIL(); }));
  for (int i = 0; i < 60; ++i) {
    a.say();
    run(20ms);
  }
  engine->close(a.id);
  run(40ms);
  while (!got) {
    loop.run_until_idle();
    std::this_thread::yield();
  }
  EXPECT_EQ(got->how, RecordEnd::stream_closed);
  EXPECT_NEAR(static_cast<double>(got->duration_ms), 1200, 20);
  EXPECT_EQ(recorder->running(), 0U);
  EXPECT_GT(decode_file(folder.file("a")).tone(0, 500, 200, 1100), 0.95);
}

}  // namespace
}  // namespace tandem::media::test
