// Members of a room, each with a tone of its own, and what each of them hears by spectrum.
#pragma once

#include <deque>

#include "media/dtmf/detector.h"
#include "media/engine/tests/engine_fixture.h"

namespace tandem::media::test {

using namespace std::chrono_literals;
using model::Codec;

/// A far end in a room. Frequencies of 10 Hz steps are told apart in 100 ms.
struct Voice {
  double hz = 500;
  double amplitude = 3000;
  bool talks = true;
  StreamId id = StreamId::make();
  Peer peer;
  LocalAddresses local;
  model::AgreedMedia media;
  std::unique_ptr<Encoder> encoder;
  std::uint64_t sample = 0;

  [[nodiscard]] std::uint32_t rate() const { return model::traits(media.codec).sample_rate_hz; }
  std::vector<std::uint8_t> frame(double of) {
    std::array<std::int16_t, 320> pcm{};
    const auto out = std::span(pcm).first(rate() / 50);
    for (std::int16_t& s : out) {
      const double angle = 2 * std::numbers::pi * hz * static_cast<double>(sample++) / rate();
      s = static_cast<std::int16_t>(std::lround(of * std::sin(angle)));
    }
    std::vector<std::uint8_t> payload(160);
    encoder->encode(out, payload);
    return payload;
  }
  void say() { peer.send(local.rtp, media.payload_type, frame(talks ? amplitude : 0)); }
};

class RoomTest : public EngineTest {
 protected:
  RoomTest() { engine->open_room(room, {}); }

  Voice& add(double hz, Codec codec = Codec::pcmu) {
    Voice& v = voices.emplace_back();
    v.hz = hz;
    v.peer.ssrc = static_cast<std::uint32_t>(hz);
    const auto opened = engine->open(v.id, loopback());
    EXPECT_TRUE(opened);
    v.local = *opened;
    v.media.remote_rtp = v.peer.rtp();
    v.media.remote_rtcp = v.peer.rtcp();
    v.media.telephone_event_payload_type = 101;
    set_codec(v, codec);
    return v;
  }
  void set_codec(Voice& v, Codec codec) {
    v.media.codec = codec;
    v.media.payload_type = model::traits(codec).static_payload_type;
    v.encoder = make_encoder(codec);
    engine->configure(v.id, v.media);
  }
  Voice& join(double hz, MemberAudio audio = {}, Codec codec = Codec::pcmu) {
    Voice& v = add(hz, codec);
    engine->join_room(room, v.id, std::move(audio));
    return v;
  }
  void talk(int frames) {
    for (int i = 0; i < frames; ++i) {
      for (Voice& v : voices) v.say();
      run(20ms);
    }
  }
  void drain() {
    for (Voice& v : voices) v.peer.take();
  }
  /// Talks until all is settled, then a while in which everybody is listened to.
  void talk_and_listen(int frames = 10) {
    talk(15);
    drain();
    talk(frames);
  }
  static double amplitude_at(std::span<const std::int16_t> pcm, double hz, double rate) {
    double re = 0;
    double im = 0;
    for (std::size_t i = 0; i < pcm.size(); ++i) {
      const double angle = 2 * std::numbers::pi * hz * static_cast<double>(i) / rate;
      re += pcm[i] * std::cos(angle);
      im += pcm[i] * std::sin(angle);
    }
    return pcm.empty() ? 0 : 2 * std::sqrt(re * re + im * im) / static_cast<double>(pcm.size());
  }
  /// The last 100 ms that `v` got.
  static std::vector<std::int16_t> last(Voice& v) {
    auto pcm = decode(v.peer.take(), v.media.codec);
    const std::size_t n = v.rate() / 10;
    EXPECT_GE(pcm.size(), n);
    if (pcm.size() > n) pcm.erase(pcm.begin(), pcm.end() - static_cast<std::ptrdiff_t>(n));
    return pcm;
  }
  /// The tones among all voices' and `others` that `v` hears.
  std::set<double> hears(Voice& v, std::vector<double> others = {}) {
    const auto pcm = last(v);
    std::set<double> out;
    for (const Voice& w : voices) others.push_back(w.hz);
    for (const double hz : others) {
      if (amplitude_at(pcm, hz, v.rate()) > 350) out.insert(hz);
    }
    return out;
  }
  using Tones = std::set<double>;
  static MemberAudio only_heard_by(std::vector<StreamId> who) {
    MemberAudio a;
    a.heard_by = {Audience::Kind::only, std::move(who)};
    return a;
  }
  static MemberAudio heard_by_nobody() {
    MemberAudio a;
    a.heard_by.kind = Audience::Kind::nobody;
    return a;
  }
  static MemberAudio hears_nobody() {
    MemberAudio a;
    a.hears.kind = Audience::Kind::nobody;
    return a;
  }
  void press(Voice& from, char digit, std::uint16_t duration) {
    EventSender s;
    s.start(*digit_event(digit), 0, duration);
    while (s.active()) {
      const auto out = s.tick(160);
      from.peer.send_event(from.local.rtp, out.payload, out.marker);
      run(20ms);
    }
    from.peer.timestamp += duration;
  }
  static void expect_in_order(const std::vector<Got>& got) {
    for (std::size_t i = 1; i < got.size(); ++i) {
      EXPECT_EQ(sequence_distance(got[i].packet.sequence, got[i - 1].packet.sequence), 1) << i;
      EXPECT_EQ(got[i].packet.ssrc, got[0].packet.ssrc);
    }
  }
  static std::string digits_in(const std::vector<Got>& got) {
    DtmfDetector d(8000);
    std::string out;
    DtmfDetector::Sink sink = [&](DtmfEvent e) {
      if (e.start) out += e.digit;
    };
    d.feed(decode(got), sink);
    return out;
  }

  const RoomId room = RoomId::make();
  std::deque<Voice> voices;
};

}  // namespace tandem::media::test
