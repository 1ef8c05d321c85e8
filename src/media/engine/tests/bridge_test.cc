// Two connected streams, proven by what each far end hears.
#include "media/dtmf/detector.h"
#include "media/engine/tests/far_end.h"

namespace tandem::media::test {
namespace {

using namespace std::chrono_literals;

constexpr double kLow = 500;    // A's voice.
constexpr double kHigh = 1700;  // B's voice.

class BridgeTest : public FarEndTest {
 protected:
  void connect(Connection what = {}) { engine->connect(a.id, b.id, what); }
  void start(Codec of_a = Codec::pcmu, Codec of_b = Codec::pcmu) {
    a.peer.ssrc = 0xaaaa;
    b.peer.ssrc = 0xbbbb;
    open_end(a, of_a);
    open_end(b, of_b);
    connect();
    run(40ms);
    drain();
  }
  /// Both talk for `frames` of 20 ms.
  void talk(int frames, bool a_talks = true, bool b_talks = true) {
    for (int i = 0; i < frames; ++i) {
      if (a_talks) a.say(kLow);
      if (b_talks) b.say(kHigh);
      run(20ms);
    }
  }
  void drain() {
    a.peer.take();
    b.peer.take();
  }
  /// The second half of what `s` got: how much of it is at `hz`; 0 if it is silent.
  static double at(FarEnd& s, double hz) { return at(s, s.peer.take(), hz); }
  static double at(const FarEnd& s, const std::vector<Got>& got, double hz) {
    const auto pcm = decode(got, s.media.codec);
    const auto later = std::span(pcm).subspan(pcm.size() / 2);
    if (later.empty() || *std::max_element(later.begin(), later.end()) < 100) return 0;
    return share(later, hz, s.rate());
  }
  FarEnd a;
  FarEnd b;
};

TEST_F(BridgeTest, RelayIsTransparentAndUnderOurOwnName) {
  start();
  talk(50);
  const auto at_b = b.peer.take();
  const auto at_a = a.peer.take();
  EXPECT_GT(at(b, at_b, kLow), 0.98);
  EXPECT_LT(at(b, at_b, kHigh), 0.01);
  EXPECT_GT(at(a, at_a, kHigh), 0.98);
  ASSERT_GE(at_b.size(), 49U);
  expect_in_order(at_b);
  expect_in_order(at_a);
  EXPECT_TRUE(at_b[0].packet.marker || at_b[1].packet.marker);
  EXPECT_NE(at_b[0].packet.ssrc, 0xaaaaU);
  for (std::size_t i = at_b.size() - 40; i < at_b.size(); ++i) {
    EXPECT_EQ(at_b[i].packet.timestamp - at_b[i - 1].packet.timestamp, 160U);
    EXPECT_FALSE(at_b[i].packet.marker);
    EXPECT_EQ(at_b[i].from, b.local.rtp);
  }
}

TEST_F(BridgeTest, RelayKeepsGapsOfThePeer) {
  EngineOptions o;
  o.idle_packets = false;
  make(o);
  start();
  talk(5, true, false);
  drain();
  a.say(kLow);
  run(20ms);
  a.peer.sequence = static_cast<std::uint16_t>(a.peer.sequence + 2);  // Two were lost.
  a.peer.timestamp += 320;
  run(40ms);
  a.say(kLow);
  a.peer.timestamp += 800;  // A pause of 100 ms.
  run(120ms);
  a.say(kLow);
  run(20ms);
  const auto got = b.peer.take();
  ASSERT_EQ(got.size(), 3U);
  EXPECT_EQ(sequence_distance(got[1].packet.sequence, got[0].packet.sequence), 3);
  EXPECT_EQ(got[1].packet.timestamp - got[0].packet.timestamp, 480U);
  EXPECT_EQ(sequence_distance(got[2].packet.sequence, got[1].packet.sequence), 1);
  EXPECT_EQ(got[2].packet.timestamp - got[1].packet.timestamp, 960U);
}

TEST_F(BridgeTest, RelayFollowsANewSourceAndAJumpOfItsNumbers) {
  start();
  talk(10, true, false);
  a.peer.ssrc = 77;
  a.peer.sequence = 9;
  a.peer.timestamp = 12;
  talk(10, true, false);
  a.peer.timestamp += 900'000;
  a.peer.sequence = 40'000;
  talk(10, true, false);
  const auto got = b.peer.take();
  ASSERT_GE(got.size(), 30U);
  expect_in_order(got);
  for (std::size_t i = 1; i < got.size(); ++i) {
    const auto moved = timestamp_distance(got[i].packet.timestamp, got[i - 1].packet.timestamp);
    EXPECT_GT(moved, 0);
    EXPECT_LE(moved, 480);
  }
}

TEST_F(BridgeTest, SilentPeerIsIdleSilenceAndThenHeardAgain) {
  start();
  talk(20);
  drain();
  talk(50, false, true);
  const auto idle = b.peer.take();
  EXPECT_GE(idle.size(), 38U);
  EXPECT_LE(idle.size(), 45U);
  EXPECT_EQ(at(b, idle, kLow), 0);
  talk(20);
  const auto again = b.peer.take();
  EXPECT_TRUE(again[0].packet.marker || again[1].packet.marker);
  EXPECT_GT(at(b, again, kLow), 0.98);
  auto all = idle;
  std::move(again.begin(), again.end(), std::back_inserter(all));
  expect_in_order(all);
  for (std::size_t i = 1; i < all.size(); ++i) {
    EXPECT_GT(timestamp_distance(all[i].packet.timestamp, all[i - 1].packet.timestamp), 0);
  }
  const auto span = timestamp_distance(all.back().packet.timestamp, all.front().packet.timestamp);
  EXPECT_NEAR(span, 160 * 60, 320) << "our time is real time";
}

TEST_F(BridgeTest, TranscodesBetweenRates) {
  start(Codec::pcmu, Codec::g722);
  talk(50);
  const auto at_b = b.peer.take();
  const auto at_a = a.peer.take();
  EXPECT_GT(at(b, at_b, kLow), 0.95);
  EXPECT_LT(at(b, at_b, kHigh), 0.02);
  EXPECT_GT(at(a, at_a, kHigh), 0.95);
  EXPECT_NEAR(static_cast<double>(at_b.size()), 50, 2);
  expect_in_order(at_a);
  expect_in_order(at_b);
  for (const Got& g : at_b) EXPECT_EQ(g.packet.payload_type, 9);
}

TEST_F(BridgeTest, TranscodesBetweenLaws) {
  start(Codec::pcma, Codec::pcmu);
  talk(50);
  EXPECT_GT(at(b, kLow), 0.98);
  EXPECT_GT(at(a, kHigh), 0.98);
}

TEST_F(BridgeTest, TranscodingAPeerThatPausesIsIdleSilence) {
  start(Codec::pcma, Codec::pcmu);
  talk(20);
  talk(20, false, true);
  drain();
  talk(50, false, true);
  const auto idle = b.peer.take();
  EXPECT_NEAR(static_cast<double>(idle.size()), 50, 1);
  EXPECT_EQ(at(b, idle, kLow), 0);
  talk(30);
  EXPECT_GT(at(b, kLow), 0.98);
}

TEST_F(BridgeTest, WhisperIsHeardByOneSideOverThePeer) {
  start();
  talk(20);
  engine->play(b.id, 1, spec({tone(2600, 1000)}));
  deliver();
  drain();
  talk(50);
  const auto to_b = b.peer.take();
  const double whisper = at(b, to_b, 2600);
  const double talker = at(b, to_b, kLow);
  EXPECT_GT(whisper, 0.8);
  EXPECT_NEAR(talker / whisper, 1.0 / 16, 0.02) << "12 dB below, at equal levels";
  const auto to_a = a.peer.take();
  EXPECT_GT(at(a, to_a, kHigh), 0.98);
  EXPECT_LT(at(a, to_a, 2600), 0.01);
  expect_in_order(to_b);
  talk(30);
  EXPECT_EQ(seen.ended.at(1).how, PlayEnd::finished);
  EXPECT_EQ(seen.ended.at(1).played_ms, 1000);
  EXPECT_GT(at(b, kLow), 0.98) << "relayed again";
}

TEST_F(BridgeTest, MuteOfEachSide) {
  start();
  AudioControl mute;
  mute.mute_in = true;
  engine->set_audio(a.id, mute);
  talk(20);
  EXPECT_EQ(at(b, kLow), 0) << "what A says reaches nobody";
  EXPECT_GT(at(a, kHigh), 0.98);
  engine->set_audio(a.id, {});
  mute = {};
  mute.mute_out = true;
  engine->set_audio(a.id, mute);
  talk(20);
  EXPECT_GT(at(b, kLow), 0.98);
  EXPECT_EQ(at(a, kHigh), 0) << "A hears silence";
  engine->set_audio(a.id, {});
  talk(20);
  EXPECT_GT(at(a, kHigh), 0.98);
}

TEST_F(BridgeTest, GainsOfBothSidesCount) {
  start();
  AudioControl in;
  in.gain_in_db = -6;
  AudioControl out;
  out.gain_out_db = -6;
  engine->set_audio(a.id, in);
  engine->set_audio(b.id, out);
  talk(50);
  const auto pcm = decode(b.peer.take());
  const auto later = std::span(pcm).subspan(pcm.size() / 2);
  EXPECT_NEAR(*std::max_element(later.begin(), later.end()), 8000 / 4, 150);
  EXPECT_GT(share(later, kLow), 0.98);
}

TEST_F(BridgeTest, OneWayAndTheOther) {
  start();
  connect({.a_to_b = true, .b_to_a = false});
  talk(20);
  EXPECT_GT(at(b, kLow), 0.98);
  EXPECT_EQ(at(a, kHigh), 0);
  press(b, '3', 800);
  engine->connect(b.id, a.id, {.a_to_b = true, .b_to_a = false});
  talk(20);
  EXPECT_EQ(at(b, kLow), 0);
  const auto to_a = a.peer.take();
  EXPECT_GT(at(a, to_a, kHigh), 0.98);
  for (const Got& g : to_a) EXPECT_NE(g.packet.payload_type, 101) << "no digits against the direction";
  EXPECT_EQ(seen.typed_by[b.id], "3");
}

TEST_F(BridgeTest, HeldSideHearsNothingAndTheOtherSilence) {
  start();
  talk(20);
  b.media.direction = model::Direction::inactive;
  engine->configure(b.id, b.media);
  run(20ms);
  drain();
  talk(20);
  EXPECT_TRUE(b.peer.take().empty());
  EXPECT_EQ(at(a, kHigh), 0);
  b.media.direction = model::Direction::send_recv;
  engine->configure(b.id, b.media);
  talk(20);
  EXPECT_GT(at(b, kLow), 0.98);
  EXPECT_GT(at(a, kHigh), 0.98);
}

TEST_F(BridgeTest, CodecChangeDuringTheBridge) {
  start();
  talk(20);
  drain();
  set_codec(b, Codec::g722);
  talk(40);
  const auto wide = b.peer.take();
  for (const Got& g : wide) EXPECT_EQ(g.packet.payload_type, 9);
  EXPECT_GT(at(b, wide, kLow), 0.95);
  EXPECT_GT(at(a, kHigh), 0.95);
  set_codec(a, Codec::g722);
  talk(40);
  EXPECT_GT(at(b, kLow), 0.95);
  const auto relayed = a.peer.take();
  EXPECT_GT(at(a, relayed, kHigh), 0.95);
  for (std::size_t i = 20; i < relayed.size(); ++i) EXPECT_EQ(relayed[i].packet.payload_type, 9);
}

TEST_F(BridgeTest, DigitsGoAcrossAsEvents) {
  start(Codec::pcmu, Codec::pcma);
  b.media.telephone_event_payload_type = 97;
  engine->configure(b.id, b.media);
  talk(10);
  drain();
  press(a, '5', 800);
  talk(5);
  press(a, '#', 1600);
  talk(15);
  EventReceiver events;
  std::string got;
  std::vector<std::uint32_t> lengths;
  for (const Got& g : b.peer.take()) {
    if (g.packet.payload_type != 97) continue;
    const auto e = events.on_packet(g.packet);
    if (!e) continue;
    if (e->start) got += e->digit;
    if (e->end) lengths.push_back(e->duration_ms);
  }
  EXPECT_EQ(got, "5#");
  EXPECT_EQ(lengths, (std::vector<std::uint32_t>{100, 200}));
  EXPECT_EQ(seen.typed_by[a.id], "5#");
  EXPECT_EQ(seen.typed_by.count(b.id), 0U);
  EXPECT_TRUE(seen.sent.empty());
}

TEST_F(BridgeTest, DigitsGoAcrossARelayAndAudioAfterThem) {
  start();
  talk(10);
  press(a, '7', 800);
  talk(30);
  const auto got = b.peer.take();
  expect_in_order(got);
  EventReceiver events;
  std::string typed;
  for (const Got& g : got) {
    if (g.packet.payload_type != 101) continue;
    if (const auto e = events.on_packet(g.packet); e && e->start) typed += e->digit;
  }
  EXPECT_EQ(typed, "7");
  EXPECT_GT(at(b, got, kLow), 0.98);
}

TEST_F(BridgeTest, DigitsGoAcrossAsTonesWithoutEvents) {
  start();
  b.media.telephone_event_payload_type.reset();
  engine->configure(b.id, b.media);
  talk(10, true, true);
  drain();
  for (const char c : std::string("19*")) {
    press(a, c, 800);
    talk(5, false, true);
  }
  engine->info_digit(a.id, '4', 100);
  talk(15, false, true);
  DtmfDetector detector(8000);
  std::string got;
  DtmfDetector::Sink sink = [&](DtmfEvent e) {
    if (e.start) got += e.digit;
  };
  detector.feed(decode(b.peer.take()), sink);
  EXPECT_EQ(got, "19*4");
  EXPECT_EQ(seen.typed_by[a.id], "19*4");
}

TEST_F(BridgeTest, LostEndOfADigitEndsItAcross) {
  start();
  talk(10);
  drain();
  for (std::uint16_t d = 160; d <= 480; d = static_cast<std::uint16_t>(d + 160)) {
    a.peer.send_event(a.local.rtp, {5, false, 10, d}, d == 160);
    run(20ms);
  }
  a.peer.timestamp += 1000;
  talk(40);
  const auto got = b.peer.take();
  int ends = 0;
  for (const Got& g : got) {
    if (g.packet.payload_type == 101 && parse_event(g.packet.payload)->end) ++ends;
  }
  EXPECT_EQ(ends, 3);
  EXPECT_GT(at(b, got, kLow), 0.98);
}

TEST_F(BridgeTest, CloseOfOneSideLeavesTheOther) {
  start();
  talk(20);
  engine->close(a.id);
  run(20ms);
  EXPECT_EQ(seen.closed.size(), 1U);
  drain();
  for (int i = 0; i < 20; ++i) {
    b.say(kHigh);
    run(20ms);
  }
  const auto got = b.peer.take();
  EXPECT_EQ(got.size(), 20U);
  EXPECT_EQ(at(b, got, kLow), 0);
  engine->connect(a.id, b.id, {});
  engine->disconnect(a.id);
  run(20ms);
}

TEST_F(BridgeTest, DisconnectGivesSilenceAndReconnectAudio) {
  start();
  talk(20);
  engine->disconnect(b.id);
  run(20ms);
  drain();
  talk(20);
  EXPECT_EQ(at(b, kLow), 0);
  const auto to_a = a.peer.take();
  EXPECT_EQ(to_a.size(), 20U);
  EXPECT_EQ(at(a, to_a, kHigh), 0);
  connect();
  talk(20);
  EXPECT_GT(at(b, kLow), 0.98);
  EXPECT_GT(at(a, kHigh), 0.98);
}

TEST_F(BridgeTest, AThirdStreamTakesThePlaceOfAPeer) {
  start();
  talk(20);
  FarEnd c;
  c.peer.ssrc = 0xcccc;
  open_end(c);
  engine->connect(c.id, b.id, {});
  run(20ms);
  drain();
  for (int i = 0; i < 20; ++i) {
    c.say(900);
    talk(1);
  }
  const auto to_b = b.peer.take();
  EXPECT_GT(at(b, to_b, 900), 0.98);
  EXPECT_LT(at(b, to_b, kLow), 0.01);
  EXPECT_GT(at(c, kHigh), 0.98);
  EXPECT_EQ(at(a, kHigh), 0);
}

TEST_F(BridgeTest, ConnectBeforeMediaIsAgreed) {
  open_end(a);
  const auto opened = engine->open(b.id, loopback());
  ASSERT_TRUE(opened);
  connect();
  run(40ms);
  b.local = *opened;
  b.media.remote_rtp = b.peer.rtp();
  b.media.remote_rtcp = b.peer.rtcp();
  set_codec(b, Codec::pcma);
  talk(40);
  EXPECT_GT(at(b, kLow), 0.98);
  EXPECT_GT(at(a, kHigh), 0.98);
}

TEST_F(BridgeTest, TapHearsARelayedCall) {
  start();
  std::vector<std::int16_t> tapped;
  engine->set_tap(a.id, [&](std::span<const std::int16_t> pcm, std::uint32_t) {
    tapped.insert(tapped.end(), pcm.begin(), pcm.end());
  });
  talk(50);
  EXPECT_GT(share(std::span(tapped).subspan(tapped.size() / 2), kLow), 0.97);
  EXPECT_GT(at(b, kLow), 0.98);
}

TEST_F(BridgeTest, QualityCountsBothLegs) {
  start();
  talk(50);
  engine->close(a.id);
  engine->close(b.id);
  run(20ms);
  ASSERT_EQ(seen.closed.size(), 2U);
  for (const auto& q : seen.closed) {
    EXPECT_EQ(q.packets_received, 50U);
    EXPECT_GE(q.packets_sent, 50U);
    EXPECT_EQ(q.packets_lost, 0U);
  }
}

class MoveTest : public BridgeTest {
 protected:
  MoveTest() {
    EngineOptions o;
    o.workers = 2;
    make(o);
  }
};

TEST_F(MoveTest, StreamsMeetOnOneWorkerWithoutLoss) {
  open_end(a);
  open_end(b, Codec::pcma);
  EXPECT_EQ(engine->worker(0).load(), 1U);
  EXPECT_EQ(engine->worker(1).load(), 1U);
  engine->play(a.id, 1, spec({tone(900, 600)}));
  engine->play(b.id, 2, spec({tone(900, 600)}));
  deliver();
  talk(10);
  drain();
  connect();
  // The stream that moves is under way: what comes now waits for it.
  engine->send_digits(a.id, 8, "1", 100, 100);
  engine->send_digits(b.id, 9, "2", 100, 100);
  std::int64_t at_a = -2, at_b = -2;
  engine->play_position(a.id, 1, [&](std::int64_t ms) { at_a = ms; });
  engine->play_position(b.id, 2, [&](std::int64_t ms) { at_b = ms; });
  talk(60);
  EXPECT_EQ(engine->worker(0).load() + engine->worker(1).load(), 2U);
  EXPECT_EQ(engine->worker(0).load() % 2, 0U);
  EXPECT_NEAR(static_cast<double>(at_a), 200, 40);
  EXPECT_NEAR(static_cast<double>(at_b), 200, 40);
  EXPECT_EQ(seen.ended.at(1).played_ms, 600);
  EXPECT_EQ(seen.ended.at(2).played_ms, 600);
  EXPECT_EQ(seen.sent.size(), 2U);
  const auto to_a = a.peer.take();
  const auto to_b = b.peer.take();
  expect_in_order(to_a);
  expect_in_order(to_b);
  talk(20);
  EXPECT_GT(at(b, kLow), 0.98);
  EXPECT_GT(at(a, kHigh), 0.98);
  engine->close(a.id);
  engine->close(b.id);
  run(20ms);
  ASSERT_EQ(seen.closed.size(), 2U);
  for (const auto& q : seen.closed) EXPECT_EQ(q.packets_received, 90U);
  EXPECT_EQ(engine->worker(0).load() + engine->worker(1).load(), 0U);
}

TEST_F(MoveTest, QuickChangesOfPartnersEndInTheLastOne) {
  FarEnd c, d;
  c.peer.ssrc = 0xcc;
  d.peer.ssrc = 0xdd;
  for (FarEnd* s : {&a, &b, &c, &d}) open_end(*s);
  connect();
  engine->connect(c.id, d.id, {});
  engine->connect(a.id, d.id, {});
  engine->connect(b.id, c.id, {});
  engine->disconnect(b.id);
  engine->connect(c.id, a.id, {});
  engine->connect(b.id, a.id, {});
  for (int i = 0; i < 30; ++i) {
    c.say(900);
    d.say(2300);
    talk(1);
  }
  EXPECT_GT(at(b, kLow), 0.98);
  EXPECT_GT(at(a, kHigh), 0.98);
  EXPECT_EQ(at(c, kLow), 0);
  EXPECT_EQ(at(d, kLow), 0);
  for (FarEnd* s : {&a, &b, &c, &d}) engine->close(s->id);
  run(20ms);
  EXPECT_EQ(seen.closed.size(), 4U);
}

TEST_F(MoveTest, PromptsReadyAfterTheMoveArePlayed) {
  open_end(a);
  open_end(b);
  run(20ms);
  engine->play(a.id, 1, spec({tone(900, 200)}));
  engine->play(b.id, 2, spec({tone(900, 200)}));
  run_workers();  // The jobs of the encode pool know the old workers.
  connect();
  run_workers();
  run_workers();
  deliver();
  run(400ms);
  EXPECT_EQ(seen.ended.at(1).played_ms, 200);
  EXPECT_EQ(seen.ended.at(2).played_ms, 200);
}

}  // namespace
}  // namespace tandem::media::test
