// What a peer sends: who is heard, digits, audio, time-outs and RTCP.
#include "media/dtmf/generator.h"
#include "media/engine/tests/engine_fixture.h"

namespace tandem::media::test {
namespace {

using namespace std::chrono_literals;

class ReceiveTest : public EngineTest {
 protected:
  ReceiveTest() : silence_(160, 0xff) {}

  /// One frame of PCM from `from`, then 20 ms.
  void say(Peer& from, std::span<const std::int16_t> pcm) {
    std::array<std::uint8_t, 160> payload{};
    encoder_->encode(pcm, payload);
    from.send(local.rtp, 0, payload);
    run(20ms);
  }
  void say_tone(Peer& from, double hz, int frames) {
    for (int f = 0; f < frames; ++f) {
      std::array<std::int16_t, 160> pcm{};
      for (std::size_t i = 0; i < pcm.size(); ++i, ++sample_) {
        pcm[i] = static_cast<std::int16_t>(9000 * std::sin(2 * std::numbers::pi * hz * sample_ / 8000));
      }
      say(from, pcm);
    }
  }
  void say_nothing(Peer& from, int packets) {
    for (int n = 0; n < packets; ++n) {
      from.send(local.rtp, 0, silence_);
      run(20ms);
    }
  }
  void press(Peer& from, char digit, std::uint16_t duration = 800) {
    EventSender s;
    s.start(*digit_event(digit), 0, duration);
    from.timestamp += 160;
    while (s.active()) {
      const auto out = s.tick(160);
      from.send_event(local.rtp, out.payload, out.marker);
      run(20ms);
    }
    from.timestamp += duration;
  }
  void tap() {
    engine->set_tap(id, [this](std::span<const std::int16_t> pcm, std::uint32_t rate) {
      EXPECT_EQ(pcm.size(), rate / 50);
      heard_.insert(heard_.end(), pcm.begin(), pcm.end());
    });
  }

  std::vector<std::uint8_t> silence_;
  std::unique_ptr<Encoder> encoder_ = make_encoder(model::Codec::pcmu);
  std::vector<std::int16_t> heard_;
  double sample_ = 0;
};

TEST_F(ReceiveTest, TapHearsThePeerAndNotAStranger) {
  open();
  tap();
  Peer stranger;
  stranger.ssrc = 99;
  for (int f = 0; f < 50; ++f) {
    stranger.send(local.rtp, 0, std::vector<std::uint8_t>(160, 0x80));  // Loud.
    say_tone(peer, 1100, 1);
  }
  EXPECT_EQ(seen.media_started, 1);
  EXPECT_GT(share(std::span(heard_).subspan(1600, 4800), 1100), 0.97);
  engine->close(id);
  run(20ms);
  EXPECT_EQ(seen.closed.at(0).packets_received, 50U);
  EXPECT_GE(seen.closed.at(0).packets_discarded, 48U);
}

TEST_F(ReceiveTest, LockedSourceGetsOurPackets) {
  open();
  Peer behind_nat;
  run(100ms);
  EXPECT_FALSE(peer.take().empty());
  say_nothing(behind_nat, 5);
  peer.take();
  behind_nat.take();
  run(100ms);
  EXPECT_EQ(behind_nat.take().size(), 5U);
  EXPECT_TRUE(peer.take().empty());
  EXPECT_EQ(seen.media_started, 1);
}

TEST_F(ReceiveTest, WithoutSymmetryTheDescriptionCounts) {
  EngineOptions o;
  o.symmetric = false;
  make(o);
  open();
  Peer elsewhere;
  say_nothing(elsewhere, 5);
  EXPECT_TRUE(elsewhere.take().empty());
  EXPECT_FALSE(peer.take().empty());
}

TEST_F(ReceiveTest, MutedCallsDigitsCountAndItsAudioDoesNot) {
  open();
  tap();
  AudioControl audio;
  audio.mute_in = true;
  engine->set_audio(id, audio);
  say_tone(peer, 900, 20);
  press(peer, '5');
  for (const std::int16_t s : heard_) ASSERT_EQ(s, 0);
  EXPECT_EQ(seen.typed(), "5");
  EXPECT_EQ(seen.digits[0].source, DigitSource::rfc4733);
}

TEST_F(ReceiveTest, EventsAreDigitsOnce) {
  open();
  for (const char c : std::string("159*0#D11")) press(peer, c);
  EXPECT_EQ(seen.typed(), "159*0#D11");
}

TEST_F(ReceiveTest, InbandTonesAreDigits) {
  open(false);
  engine->set_inband_digits(id, true);
  DtmfGenerator tones(8000);
  tones.add("4711#", 80, 80);
  std::array<std::int16_t, 160> pcm{};
  while (tones.fill(pcm) > 0) {
    say(peer, pcm);
    pcm.fill(0);
  }
  say_nothing(peer, 10);
  EXPECT_EQ(seen.typed(), "4711#");
  for (const Digit& d : seen.digits) EXPECT_EQ(d.source, DigitSource::inband);
}

TEST_F(ReceiveTest, OneKeySeenThreeWaysIsOneDigit) {
  open();
  engine->set_inband_digits(id, true);
  DtmfGenerator tones(8000);
  tones.add("8", 100, 60);
  EventSender event;
  event.start(8, 0, 800);
  std::array<std::int16_t, 160> pcm{};
  const auto event_timestamp = peer.timestamp;
  while (tones.fill(pcm) > 0) {
    if (event.active()) {
      const auto audio_timestamp = std::exchange(peer.timestamp, event_timestamp);
      peer.send_event(local.rtp, event.tick(160).payload, false);
      peer.timestamp = audio_timestamp;
    }
    say(peer, pcm);
    pcm.fill(0);
  }
  engine->info_digit(id, '8', 100);
  run(100ms);
  EXPECT_EQ(seen.typed(), "8");
  run(500ms);
  engine->info_digit(id, '8', 100);
  run(20ms);
  EXPECT_EQ(seen.typed(), "88");
  EXPECT_EQ(seen.digits[1].source, DigitSource::info);
}

TEST_F(ReceiveTest, SentDigitsArriveAsEvents) {
  open();
  engine->send_digits(id, 3, "1w9#", 100, 100);
  run(1500ms);
  EventReceiver events;
  std::string got;
  int ends = 0;
  std::vector<std::uint32_t> starts;
  for (const Got& g : peer.take()) {
    if (g.packet.payload_type != 101) continue;
    const auto e = events.on_packet(g.packet);
    if (e && e->start) {
      EXPECT_TRUE(g.packet.marker);
      got += e->digit;
      starts.push_back(g.packet.timestamp);
    }
    ends += parse_event(g.packet.payload)->end;
  }
  EXPECT_EQ(got, "19#");
  EXPECT_EQ(ends, 9);
  ASSERT_EQ(starts.size(), 3U);
  EXPECT_NEAR((starts[1] - starts[0]) / 8.0, 700, 45) << "digit, gap and pause";
  EXPECT_NEAR((starts[2] - starts[1]) / 8.0, 200, 25);
  EXPECT_EQ(seen.sent, (std::vector<std::pair<PlayId, bool>>{{3, true}}));
}

TEST_F(ReceiveTest, SentDigitsAreTonesWithoutEvents) {
  open(false);
  engine->send_digits(id, 3, "27", 100, 100);
  run(600ms);
  DtmfDetector detector(8000);
  std::string got;
  DtmfDetector::Sink sink = [&](DtmfEvent e) {
    if (e.start) got += e.digit;
  };
  detector.feed(decode(peer.take()), sink);
  EXPECT_EQ(got, "27");
  EXPECT_EQ(seen.sent, (std::vector<std::pair<PlayId, bool>>{{3, true}}));
}

TEST_F(ReceiveTest, StoppedDigitsEndProperly) {
  open();
  engine->send_digits(id, 3, "123456", 500, 100);
  run(100ms);
  engine->stop_digits(id, 3);
  run(200ms);
  int ends = 0;
  for (const Got& g : peer.take()) {
    if (g.packet.payload_type == 101) ends += parse_event(g.packet.payload)->end;
  }
  EXPECT_EQ(ends, 3);
  EXPECT_EQ(seen.sent, (std::vector<std::pair<PlayId, bool>>{{3, false}}));
}

TEST_F(ReceiveTest, SilenceOfThePeerIsToldOnce) {
  EngineOptions o;
  o.rtp_timeout = 1000ms;
  make(o);
  open();
  say_nothing(peer, 25);
  EXPECT_EQ(seen.timeouts, 0);
  run(900ms);
  EXPECT_EQ(seen.timeouts, 0);
  run(2000ms);
  EXPECT_EQ(seen.timeouts, 1);
  EXPECT_EQ(seen.resumed, 0);
  say_nothing(peer, 20);
  EXPECT_EQ(seen.resumed, 1);
  run(1300ms);
  EXPECT_EQ(seen.timeouts, 2);
  EXPECT_EQ(seen.resumed, 1);
}

TEST_F(ReceiveTest, SourceThatMovesIsReported) {
  open();
  say_nothing(peer, 10);
  run(600ms);
  EXPECT_TRUE(seen.sources.empty());
  Peer rebound;  // The same phone behind a NAT that gave it a new port.
  say_nothing(rebound, 10);
  EXPECT_EQ(seen.sources, std::vector<model::SocketAddress>{rebound.rtp()});
}

TEST_F(ReceiveTest, PeerThatNeverSendsTimesOutButNotOnHold) {
  EngineOptions o;
  o.rtp_timeout = 1000ms;
  make(o);
  open();
  run(1200ms);
  EXPECT_EQ(seen.timeouts, 1);
  media.direction = model::Direction::send_only;
  engine->configure(id, media);
  run(3000ms);
  EXPECT_EQ(seen.timeouts, 1);
}

TEST_F(ReceiveTest, QualityAndReports) {
  EngineOptions o;
  o.rtcp_interval = 200ms;
  o.quality_interval = 1000ms;
  make(o);
  open();
  for (int n = 0; n < 100; ++n) {
    if (n % 10 == 3) {
      ++peer.sequence;
      peer.timestamp += 160;
      run(20ms);
    } else {
      say_nothing(peer, 1);
    }
  }
  ASSERT_GE(seen.qualities.size(), 1U);
  const auto q = seen.qualities.back();
  EXPECT_NEAR(q.loss_percent, 10, 1);
  EXPECT_GT(q.mos, 1.5);
  EXPECT_LT(q.mos, 4.0);
  const auto reports = peer.take_rtcp();
  ASSERT_GE(reports.size(), 5U);
  const auto last = parse_rtcp(reports.back().bytes);
  ASSERT_TRUE(last);
  ASSERT_TRUE(last->sender);
  EXPECT_GT(last->sender->packets, 50U);
  ASSERT_EQ(last->block_count, 1U);
  EXPECT_EQ(last->blocks[0].ssrc, peer.ssrc);
  EXPECT_NEAR(last->blocks[0].cumulative_lost, 10, 1);
}

TEST_F(ReceiveTest, RoundTripFromThePeersReport) {
  open();
  say_nothing(peer, 10);
  const std::uint32_t ours = peer.take().at(0).packet.ssrc;
  RtcpReport r;
  r.ssrc = peer.ssrc;
  r.cname = "peer";
  r.block = ReportBlock{};
  r.block->ssrc = ours;
  r.block->cumulative_lost = 2;
  // 300 ms ago in NTP's middle bits, of which the peer held it 100 ms: the trip took 200.
  r.block->last_sr = static_cast<std::uint32_t>(to_ntp(loop.clock().wall()) >> 16) - 65'536U * 3 / 10;
  r.block->delay_since_last_sr = 65'536 / 10;
  std::vector<std::uint8_t> bytes(400);
  bytes.resize(write_rtcp(r, bytes));
  Peer stranger;
  peer.send_rtcp(local.rtcp, bytes);
  peer.send_rtcp(local.rtcp, std::vector<std::uint8_t>(40, 0x80));
  run(100ms);
  engine->close(id);
  run(20ms);
  // The report waited up to 100 ms of the test's time, though no real time passed.
  EXPECT_NEAR(seen.closed.at(0).round_trip_ms, 250, 55);
  EXPECT_NEAR(seen.closed.at(0).remote_loss_percent,
              2 * 100.0 / static_cast<double>(seen.closed.at(0).packets_sent), 0.1);
  EXPECT_EQ(seen.closed.at(0).packets_discarded, 1U);
}

TEST_F(ReceiveTest, RubbishIsCountedAndHarmsNothing) {
  open();
  tap();
  Peer rubbish;
  std::uint32_t x = 1;
  for (int n = 0; n < 200; ++n) {
    std::vector<std::uint8_t> bytes(static_cast<std::size_t>(n % 60));
    for (auto& b : bytes) b = static_cast<std::uint8_t>((x = x * 1'664'525 + 1'013'904'223) >> 24);
    rubbish.send_rtcp(local.rtp, bytes);
    rubbish.send_rtcp(local.rtcp, bytes);
    if (n % 8 == 0) say_tone(peer, 700, 1);
  }
  say_tone(peer, 700, 40);
  EXPECT_GT(share(std::span(heard_).last(3200), 700), 0.97);
}

TEST_F(ReceiveTest, SsrcAndTimestampJumpsAreHeardOn) {
  open();
  tap();
  say_tone(peer, 700, 20);
  peer.ssrc = 0xabcdef01;
  peer.sequence = 100;
  peer.timestamp = 5;
  say_tone(peer, 700, 20);
  peer.timestamp += 1'000'000;
  say_tone(peer, 700, 20);
  // 60 frames were said, of which 3 wait still; each change costs next to nothing.
  std::size_t loud = 0;
  for (const std::int16_t s : heard_) loud += std::abs(s) > 200;
  EXPECT_GT(loud, (60U - 3U - 2U) * 150U);
}

TEST_F(ReceiveTest, AddressesAndErrorsOfOpen) {
  EXPECT_EQ(engine->open(id, *model::IpAddress::parse("::1")).error(), MediaError::no_address);
  EngineOptions o;
  o.advertised_v4 = model::IpAddress::parse("203.0.113.5");
  make(o);
  const auto opened = engine->open(id, loopback());
  ASSERT_TRUE(opened);
  EXPECT_EQ(opened->rtp.ip.str(), "203.0.113.5");
  EXPECT_NE(opened->rtp.port, 0);
  EXPECT_NE(opened->rtp.port, opened->rtcp.port);
}

TEST_F(ReceiveTest, NothingIsReadBeforeConfigure) {
  const auto opened = engine->open(id, loopback());
  ASSERT_TRUE(opened);
  local = *opened;
  run(100ms);
  EXPECT_TRUE(peer.take().empty());
  engine->close(id);
  run(20ms);
  EXPECT_EQ(seen.closed.size(), 1U);
}

}  // namespace
}  // namespace tandem::media::test
