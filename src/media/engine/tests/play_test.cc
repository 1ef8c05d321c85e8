// Plays as a peer hears them.
#include "media/engine/tests/engine_fixture.h"

namespace tandem::media::test {
namespace {

using namespace std::chrono_literals;

TEST_F(EngineTest, PlaysATonePrompt) {
  open();
  engine->play(id, 1, spec({tone(1000, 400)}));
  deliver();
  run(600ms);
  const auto got = peer.take();
  ASSERT_GE(got.size(), 29U);
  ASSERT_LE(got.size(), 31U);
  EXPECT_TRUE(got[0].packet.marker);
  EXPECT_EQ(got[0].from, local.rtp);
  for (std::size_t i = 1; i < got.size(); ++i) {
    EXPECT_EQ(sequence_distance(got[i].packet.sequence, got[i - 1].packet.sequence), 1);
    EXPECT_EQ(got[i].packet.timestamp - got[i - 1].packet.timestamp, 160U);
    EXPECT_EQ(got[i].packet.ssrc, got[0].packet.ssrc);
    EXPECT_FALSE(got[i].packet.marker);
    EXPECT_EQ(got[i].packet.payload.size(), 160U);
  }
  const auto pcm = heard(got);
  EXPECT_GT(share(std::span(pcm).first(3200), 1000), 0.98);
  EXPECT_LT(share(std::span(pcm).first(3200), 1300), 0.01);
  for (const std::int16_t s : std::span(pcm).subspan(3200)) EXPECT_LT(std::abs(s), 16);
  EXPECT_EQ(seen.started, std::vector<PlayId>{1});
  EXPECT_EQ(seen.ended.at(1).how, PlayEnd::finished);
  EXPECT_EQ(seen.ended.at(1).played_ms, 400);
}

TEST_F(EngineTest, ListLoopsOffsetAndLimit) {
  open();
  PlaySpec s = spec({tone(600, 100), tone(1500, 100)});
  s.loop = 0;
  s.offset_ms = 60;
  s.max_duration_ms = 300;
  engine->play(id, 1, std::move(s));
  deliver();
  run(500ms);
  const auto pcm = heard(peer.take());
  // 40 ms of the first, then 100 of each.
  EXPECT_GT(share(std::span(pcm).subspan(0, 320), 600), 0.9);
  EXPECT_GT(share(std::span(pcm).subspan(320, 800), 1500), 0.9);
  EXPECT_GT(share(std::span(pcm).subspan(1120, 800), 600), 0.9);
  EXPECT_EQ(seen.ended.at(1).how, PlayEnd::max_duration);
  EXPECT_EQ(seen.ended.at(1).played_ms, 300);
}

TEST_F(EngineTest, OffsetBeyondTheEndFinishesWithoutAudio) {
  open();
  PlaySpec s = spec({tone(600, 100), tone(1500, 100)});
  s.offset_ms = 1000;
  engine->play(id, 1, std::move(s));
  deliver();
  run(40ms);
  EXPECT_EQ(seen.ended.at(1).how, PlayEnd::finished);
  EXPECT_EQ(seen.ended.at(1).played_ms, 0);
}

TEST_F(EngineTest, StopTellsHowMuchWasHeard) {
  open();
  engine->play(id, 1, spec({tone(1000, 5000)}));
  engine->play(id, 2, spec({tone(500, 100)}));
  deliver();
  run(200ms);
  std::int64_t position = -2;
  std::int64_t unknown = -2;
  engine->play_position(id, 1, [&](std::int64_t ms) { position = ms; });
  engine->play_position(id, 9, [&](std::int64_t ms) { unknown = ms; });
  engine->stop_play(id, 1);
  run(300ms);
  EXPECT_EQ(unknown, -1);
  EXPECT_EQ(seen.ended.at(1).how, PlayEnd::stopped);
  EXPECT_EQ(seen.ended.at(1).played_ms, position);
  EXPECT_GE(position, 180);
  EXPECT_LE(position, 220);
  EXPECT_EQ(seen.ended.at(2).played_ms, 100) << "the second was queued behind the first";
  const auto pcm = heard(peer.take());
  EXPECT_GT(share(std::span(pcm).subspan(static_cast<std::size_t>(position) * 8, 800), 500), 0.9);
}

TEST_F(EngineTest, PauseSendsSilenceAndResumeGoesOn) {
  open();
  engine->play(id, 1, spec({tone(1000, 400)}));
  deliver();
  run(100ms);
  const auto before = peer.take();
  engine->pause_play(id, 1, true);
  run(1000ms);
  const auto paused = peer.take();
  EXPECT_EQ(paused.size(), 50U);
  for (const std::int16_t s : decode(paused)) EXPECT_LT(std::abs(s), 16);
  EXPECT_TRUE(seen.ended.empty());
  engine->pause_play(id, 1, false);
  run(400ms);
  EXPECT_EQ(seen.ended.at(1).played_ms, 400);
  const auto after = heard(peer.take());
  EXPECT_GT(share(std::span(after).first(3200 - before.size() * 160), 1000), 0.98);
}

TEST_F(EngineTest, PausedPositionIsWhatWasHeard) {
  open();
  engine->play(id, 1, spec({tone(1000, 1000)}));
  deliver();
  run(213ms);
  engine->pause_play(id, 1, true);
  std::int64_t position = -2;
  engine->play_position(id, 1, [&](std::int64_t ms) { position = ms; });
  run(500ms);
  std::size_t loud = 0;
  for (const std::int16_t s : heard(peer.take())) loud += std::abs(s) > 100 ? 1U : 0U;
  EXPECT_GE(position, 200);
  // Two of the eight samples of each period of the tone are zero.
  EXPECT_EQ(loud, static_cast<std::size_t>(position) * 6);
  std::int64_t later = -2;
  engine->play_position(id, 1, [&](std::int64_t ms) { later = ms; });
  run(20ms);
  EXPECT_EQ(later, position);
}

TEST_F(EngineTest, MarksAreReportedAsTheyArePassed) {
  open();
  auto prompt = std::make_shared<Prompt>(22'050);
  const std::vector<std::int16_t> second(22'050, 4000);
  prompt->add_mark("begin");
  prompt->append(second);
  prompt->add_mark("one");
  prompt->append(second);
  prompt->add_mark("end");
  prompt->finish();
  engine->play(id, 1, spec({prompt}));
  deliver();
  run(40ms);
  using Marks = std::vector<std::pair<PlayId, std::string>>;
  EXPECT_EQ(seen.marks, (Marks{{1, "begin"}}));
  run(900ms);
  EXPECT_EQ(seen.marks.size(), 1U);
  run(120ms);
  EXPECT_EQ(seen.marks, (Marks{{1, "begin"}, {1, "one"}}));
  run(1200ms);
  EXPECT_EQ(seen.marks, (Marks{{1, "begin"}, {1, "one"}, {1, "end"}}));
  EXPECT_EQ(seen.marked_at, (std::vector<std::int64_t>{0, 1000, 2000}));
  seen.marks.clear();
  PlaySpec s = spec({prompt});
  s.offset_ms = 1500;
  engine->play(id, 2, std::move(s));
  deliver();
  run(700ms);
  EXPECT_EQ(seen.marks, (Marks{{2, "end"}})) << "what was skipped was not passed";
}

TEST_F(EngineTest, StalledProducerIsSilenceThatDoesNotCount) {
  open();
  auto growing = std::make_shared<Prompt>(8000);
  const std::vector<std::int16_t> loud(800, 5000);
  growing->append(loud);
  engine->play(id, 1, spec({growing}));
  deliver();
  run(500ms);
  EXPECT_TRUE(seen.ended.empty());
  growing->append(loud);
  growing->finish();
  run(200ms);
  EXPECT_EQ(seen.ended.at(1).how, PlayEnd::finished);
  EXPECT_EQ(seen.ended.at(1).played_ms, 200);
}

TEST_F(EngineTest, FailedPromptFailsThePlayUnlessItGaveAudio) {
  open();
  auto nothing = std::make_shared<Prompt>(8000);
  nothing->fail("fetch failed: 404");
  auto something = std::make_shared<Prompt>(8000);
  something->append(std::vector<std::int16_t>(1600, 3000));
  something->fail("broke off");
  engine->play(id, 1, spec({something}));
  engine->play(id, 2, spec({nothing}));
  deliver();
  run(400ms);
  EXPECT_EQ(seen.ended.at(1).how, PlayEnd::finished);
  EXPECT_EQ(seen.ended.at(1).played_ms, 200);
  EXPECT_EQ(seen.ended.at(2).how, PlayEnd::failed);
  EXPECT_EQ(seen.ended.at(2).error, "fetch failed: 404");
}

TEST_F(EngineTest, CodecChangeGoesOnAtTheSamePlace) {
  open();
  engine->play(id, 1, spec({tone(700, 200), tone(1900, 200)}));
  deliver();
  run(200ms);
  const auto before = peer.take();
  media.codec = model::Codec::g722;
  media.payload_type = 9;
  engine->configure(id, media);
  deliver();
  run(400ms);
  const auto after = peer.take();
  EXPECT_TRUE(after[0].packet.marker);
  EXPECT_EQ(after[0].packet.payload_type, 9);
  EXPECT_EQ(sequence_distance(after[0].packet.sequence, before.back().packet.sequence), 1);
  EXPECT_EQ(seen.ended.at(1).played_ms, 400);
  const auto pcm = heard(after, model::Codec::g722);
  EXPECT_GT(share(std::span(pcm).subspan(640, 1920), 1900, 16'000), 0.9);
}

TEST_F(EngineTest, PacketTimesOfThePeer) {
  for (const auto& [ptime, count, bytes] :
       {std::tuple{10U, 60U, 80U}, {30U, 20U, 240U}, {40U, 15U, 320U}, {60U, 10U, 480U}}) {
    id = StreamId::make();
    media.ptime_ms = ptime;
    open();
    run(600ms);
    const auto got = peer.take();
    EXPECT_NEAR(static_cast<double>(got.size()), count, 2) << ptime;
    for (std::size_t i = 1; i < got.size(); ++i) {
      EXPECT_EQ(got[i].packet.payload.size(), bytes);
      EXPECT_EQ(got[i].packet.timestamp - got[i - 1].packet.timestamp, bytes);
    }
    engine->close(id);
    run(20ms);
    peer.take();
  }
}

TEST_F(EngineTest, MuteAndGain) {
  open();
  AudioControl audio;
  audio.gain_out_db = -20;
  engine->set_audio(id, audio);
  engine->play(id, 1, spec({tone(1000, 1000)}));
  deliver();
  run(200ms);
  const auto quiet = heard(peer.take());
  EXPECT_GT(share(quiet, 1000), 0.9);
  EXPECT_NEAR(*std::max_element(quiet.begin(), quiet.end()), 800, 60);
  audio.mute_out = true;
  engine->set_audio(id, audio);
  run(200ms);
  for (const std::int16_t s : decode(peer.take())) EXPECT_LT(std::abs(s), 16);
}

TEST_F(EngineTest, CloseEndsEverything) {
  open();
  engine->play(id, 1, spec({tone(1000, 1000)}));
  engine->send_digits(id, 5, "123", 100, 100);
  deliver();
  run(40ms);
  EXPECT_EQ(engine->streams(), 1U);
  engine->close(id);
  engine->play(id, 2, spec({tone(1000, 1000)}));
  run(40ms);
  EXPECT_EQ(engine->streams(), 0U);
  EXPECT_EQ(seen.ended.at(1).how, PlayEnd::stream_closed);
  EXPECT_FALSE(seen.ended.contains(2)) << "a command for a closed stream does nothing";
  EXPECT_EQ(seen.sent, (std::vector<std::pair<PlayId, bool>>{{5, false}}));
  ASSERT_EQ(seen.closed.size(), 1U);
  const auto bye = peer.take_rtcp();
  ASSERT_FALSE(bye.empty());
  EXPECT_TRUE(parse_rtcp(bye.back().bytes)->bye);
}

TEST_F(EngineTest, NothingIsSentOnHold) {
  media.direction = model::Direction::inactive;
  open();
  engine->play(id, 1, spec({tone(1000, 100)}));
  deliver();
  run(200ms);
  EXPECT_TRUE(peer.take().empty());
  media.direction = model::Direction::send_recv;
  engine->configure(id, media);
  deliver();
  run(200ms);
  EXPECT_EQ(seen.ended.at(1).played_ms, 100);
}

}  // namespace
}  // namespace tandem::media::test
