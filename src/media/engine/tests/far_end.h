// Far ends with a voice of their own, for tests in which streams hear each other.
#pragma once

#include "media/engine/tests/engine_fixture.h"

namespace tandem::media::test {

using model::Codec;

struct FarEnd {
  StreamId id = StreamId::make();
  Peer peer;
  LocalAddresses local;
  model::AgreedMedia media;
  std::unique_ptr<Encoder> encoder;
  std::uint64_t sample = 0;  ///< Of its tone, so that frames follow each other without a step.

  [[nodiscard]] std::uint32_t rate() const { return model::traits(media.codec).sample_rate_hz; }
  /// The next 20 ms of a tone, encoded.
  std::vector<std::uint8_t> frame(double hz, double amplitude) {
    std::array<std::int16_t, 320> pcm{};
    const auto out = std::span(pcm).first(rate() / 50);
    for (std::int16_t& s : out) {
      const double angle = 2 * std::numbers::pi * hz * static_cast<double>(sample++) / rate();
      s = static_cast<std::int16_t>(std::lround(amplitude * std::sin(angle)));
    }
    std::vector<std::uint8_t> payload(160);
    encoder->encode(out, payload);
    return payload;
  }
  void say(double hz, double amplitude = 8000) {
    peer.send(local.rtp, media.payload_type, frame(hz, amplitude));
  }
};

class FarEndTest : public EngineTest {
 protected:
  void open_end(FarEnd& end, Codec codec = Codec::pcmu, bool events = true) {
    const auto opened = engine->open(end.id, loopback());
    ASSERT_TRUE(opened);
    end.local = *opened;
    end.media.remote_rtp = end.peer.rtp();
    end.media.remote_rtcp = end.peer.rtcp();
    if (events) end.media.telephone_event_payload_type = 101;
    set_codec(end, codec);
  }
  void set_codec(FarEnd& end, Codec codec) {
    end.media.codec = codec;
    end.media.payload_type = model::traits(codec).static_payload_type;
    end.encoder = make_encoder(codec);
    engine->configure(end.id, end.media);
  }
  void press(FarEnd& from, char digit, std::uint16_t duration) {
    EventSender s;
    s.start(*digit_event(digit), 0, duration);
    while (s.active()) {
      const auto out = s.tick(160);
      from.peer.send_event(from.local.rtp, out.payload, out.marker);
      run(std::chrono::milliseconds(20));
    }
    from.peer.timestamp += duration;
  }
  static void expect_in_order(const std::vector<Got>& got) {
    for (std::size_t i = 1; i < got.size(); ++i) {
      EXPECT_EQ(sequence_distance(got[i].packet.sequence, got[i - 1].packet.sequence), 1) << i;
      EXPECT_EQ(got[i].packet.ssrc, got[0].packet.ssrc);
    }
  }
};

}  // namespace tandem::media::test
