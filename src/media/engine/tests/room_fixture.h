// Members of a room, each with a tone of its own, and what each of them hears by spectrum.
#pragma once

#include <deque>

#include "media/dtmf/detector.h"
#include "media/engine/tests/far_end.h"

namespace tandem::media::test {

using namespace std::chrono_literals;

/// A far end in a room. Frequencies of 10 Hz steps are told apart in 100 ms.
struct Voice : FarEnd {
  double hz = 500;
  double amplitude = 3000;
  bool talks = true;

  void say() { FarEnd::say(hz, talks ? amplitude : 0); }
};

class RoomTest : public FarEndTest {
 protected:
  RoomTest() { engine->open_room(room, {}); }

  Voice& add(double hz, Codec codec = Codec::pcmu) {
    Voice& v = voices.emplace_back();
    v.hz = hz;
    v.peer.ssrc = static_cast<std::uint32_t>(hz);
    open_end(v, codec);
    return v;
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
