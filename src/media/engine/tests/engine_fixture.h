// An engine whose one worker the test drives, a recording observer, and a peer with raw UDP sockets.
#pragma once

#include <gtest/gtest.h>

#include <cmath>
#include <map>
#include <numbers>
#include <set>
#include <string>
#include <vector>

#include "media/codec/codec.h"
#include "media/engine/engine_impl.h"
#include "media/engine/udp_socket.h"
#include "media/rtp/packet.h"
#include "media/rtp/rtcp.h"
#include "media/rtp/telephone_event.h"
#include "runtime/manual_loop.h"

namespace tandem::media::test {

struct Recorded final : Observer {
  void on_digit(const StreamId& id, Digit d) override {
    digits.push_back(d);
    typed_by[id] += d.digit;
  }
  void on_play_started(const StreamId&, PlayId p) override { started.push_back(p); }
  void on_play_ended(const StreamId&, PlayId p, PlayResult r) override {
    EXPECT_FALSE(ended.contains(p)) << "a play ends once";
    ended.emplace(p, std::move(r));
  }
  void on_digits_sent(const StreamId&, PlayId tag, bool complete) override {
    sent.emplace_back(tag, complete);
  }
  void on_media_started(const StreamId&) override { ++media_started; }
  void on_rtp_timeout(const StreamId&) override { ++timeouts; }
  void on_rtp_resumed(const StreamId&) override { ++resumed; }
  void on_source_changed(const StreamId&, const model::SocketAddress& from) override {
    sources.push_back(from);
  }
  void on_mark(const StreamId&, PlayId p, const std::string& name, std::int64_t played_ms) override {
    marks.emplace_back(p, name);
    marked_at.push_back(played_ms);
  }
  void on_quality(const StreamId&, model::StreamQuality q) override { qualities.push_back(q); }
  void on_closed(const StreamId&, model::StreamQuality q) override { closed.push_back(q); }

  [[nodiscard]] std::string typed() const {
    std::string out;
    for (const Digit& d : digits) out += d.digit;
    return out;
  }

  std::vector<Digit> digits;
  std::vector<PlayId> started;
  std::map<PlayId, PlayResult> ended;
  std::vector<std::pair<PlayId, bool>> sent;
  int media_started = 0;
  int timeouts = 0;
  int resumed = 0;
  std::vector<model::SocketAddress> sources;
  std::vector<std::pair<PlayId, std::string>> marks;
  std::vector<std::int64_t> marked_at;
  std::map<StreamId, std::string> typed_by;
  std::vector<model::StreamQuality> qualities;
  std::vector<model::StreamQuality> closed;
};

struct RecordedRooms final : MixerObserver {
  void on_speaking(const RoomId&, const StreamId& member, bool speaking) override {
    EXPECT_NE(now_speaking[member], speaking) << "told once";
    now_speaking[member] = speaking;
    changes.emplace_back(member, speaking);
  }
  void on_room_play_started(const RoomId&, PlayId p) override { started.push_back(p); }
  void on_room_play_ended(const RoomId&, PlayId p, PlayResult r) override {
    EXPECT_FALSE(ended.contains(p)) << "a play ends once";
    ended.emplace(p, std::move(r));
  }
  std::map<StreamId, bool> now_speaking;
  std::vector<std::pair<StreamId, bool>> changes;
  std::vector<PlayId> started;
  std::map<PlayId, PlayResult> ended;
};

/// A packet that the peer got, with its bytes kept.
struct Got {
  std::vector<std::uint8_t> bytes;
  RtpPacket packet;
  model::SocketAddress from;
};

inline model::IpAddress loopback() {
  return *model::IpAddress::parse("127.0.0.1");
}

/// The far end: sends and receives single packets.
class Peer {
 public:
  Peer() : socket_(*UdpSocket::bind({loopback(), 0})), rtcp_(*UdpSocket::bind({loopback(), 0})) {}

  [[nodiscard]] model::SocketAddress rtp() const { return {loopback(), socket_.port()}; }
  [[nodiscard]] model::SocketAddress rtcp() const { return {loopback(), rtcp_.port()}; }

  void send(const model::SocketAddress& to, std::uint8_t type, std::span<const std::uint8_t> payload,
            bool marker = false, std::uint32_t timestamp_step = 160) {
    std::vector<std::uint8_t> bytes(kRtpHeaderBytes);
    write_rtp_header({type, marker, sequence++, timestamp, ssrc, {}}, bytes);
    bytes.insert(bytes.end(), payload.begin(), payload.end());
    timestamp += timestamp_step;
    socket_.send(Endpoint(to), bytes);
  }
  void send_event(const model::SocketAddress& to, const EventPayload& e, bool marker) {
    std::array<std::uint8_t, 4> payload{};
    write_event(e, payload);
    send(to, 101, payload, marker, 0);
  }
  void send_rtcp(const model::SocketAddress& to, std::span<const std::uint8_t> bytes) {
    rtcp_.send(Endpoint(to), bytes);
  }

  std::vector<Got> take() { return take_from(socket_); }
  std::vector<Got> take_rtcp() { return take_from(rtcp_); }

  std::uint16_t sequence = 65'530;  // Wraps soon.
  std::uint32_t timestamp = 0xffff'ff00;
  std::uint32_t ssrc = 0x1234'5678;

 private:
  static std::vector<Got> take_from(const UdpSocket& socket) {
    ReceiveBuffers buffers;
    std::vector<Got> out;
    while (const std::size_t n = buffers.receive(socket)) {
      for (std::size_t i = 0; i < n; ++i) {
        const auto d = buffers.datagram(i);
        Got g{{d->bytes.begin(), d->bytes.end()}, {}, d->from};
        out.push_back(std::move(g));
      }
    }
    for (Got& g : out) {
      if (const auto p = parse_rtp(g.bytes)) g.packet = *p;
    }
    return out;
  }
  UdpSocket socket_;
  UdpSocket rtcp_;
};

class EngineTest : public ::testing::Test {
 protected:
  EngineTest() { make({}); }
  ~EngineTest() override {
    engine.reset();
    loop.run_until_idle();
  }

  void make(EngineOptions options) {
    engine.reset();
    options.workers = std::max<std::size_t>(options.workers, 1);
    workers = options.workers;
    options.port_max = 0;
    options.addresses = {loopback()};
    engine = std::make_unique<EngineImpl>(options, seen, loop, pool, loop.clock(), Log(), metrics, &rooms);
  }

  void open(bool events = true) {
    const auto opened = engine->open(id, loopback());
    ASSERT_TRUE(opened);
    local = *opened;
    media.remote_rtp = peer.rtp();
    media.remote_rtcp = peer.rtcp();
    media.telephone_event_payload_type.reset();
    if (events) media.telephone_event_payload_type = 101;
    engine->configure(id, media);
  }

  /// Lets jobs of the encode pool finish.
  void settle() {
    while (pool.backlog() > 0) std::this_thread::yield();
    // A pool of one thread: when this job has run, so have those before.
    std::atomic<bool> done{false};
    ASSERT_TRUE(pool.try_post([&done] { done.store(true); }));
    while (!done.load()) std::this_thread::yield();
  }

  void run(std::chrono::milliseconds time) {
    for (auto t = std::chrono::milliseconds(0); t < time; t += std::chrono::milliseconds(1)) {
      loop.advance(std::chrono::milliseconds(1));
      run_workers();
    }
    loop.run_until_idle();
  }
  /// Commands reach the worker, and the jobs they start end.
  void deliver() {
    run_workers();
    settle();
    run_workers();
    loop.run_until_idle();
  }
  void run_workers() {
    for (std::size_t i = 0; i < workers; ++i) engine->worker(i).run_due(loop.clock().now());
  }

  static std::shared_ptr<Prompt> tone(double hz, int ms) {
    auto p = std::make_shared<Prompt>(8000);
    std::vector<std::int16_t> pcm(static_cast<std::size_t>(ms) * 8);
    for (std::size_t i = 0; i < pcm.size(); ++i) {
      pcm[i] = static_cast<std::int16_t>(8000 *
                                         std::sin(2 * std::numbers::pi * hz * static_cast<double>(i) / 8000));
    }
    p->append(pcm);
    p->finish();
    return p;
  }
  static PlaySpec spec(std::vector<std::shared_ptr<Prompt>> prompts) {
    PlaySpec s;
    s.prompts = std::move(prompts);
    return s;
  }

  /// What the peer heard, decoded.
  static std::vector<std::int16_t> decode(const std::vector<Got>& got,
                                          model::Codec codec = model::Codec::pcmu) {
    std::vector<std::int16_t> out;
    const auto decoder = make_decoder(codec);
    std::array<std::int16_t, 2000> pcm{};
    for (const Got& g : got) {
      if (g.packet.payload_type != model::traits(codec).static_payload_type) continue;
      const auto n = decoder->decode(g.packet.payload, pcm);
      out.insert(out.end(), pcm.begin(), pcm.begin() + static_cast<std::ptrdiff_t>(n));
    }
    return out;
  }
  /// decode() from the first frame that is not silence.
  static std::vector<std::int16_t> heard(const std::vector<Got>& got,
                                         model::Codec codec = model::Codec::pcmu) {
    auto pcm = decode(got, codec);
    const std::size_t frame = model::traits(codec).sample_rate_hz / 50;
    std::size_t at = 0;
    const auto loud = [](std::int16_t s) { return std::abs(s) > 100; };
    while (at < pcm.size() && std::none_of(pcm.begin() + static_cast<std::ptrdiff_t>(at),
                                           pcm.begin() + static_cast<std::ptrdiff_t>(at + frame), loud))
      at += frame;
    pcm.erase(pcm.begin(), pcm.begin() + static_cast<std::ptrdiff_t>(at));
    return pcm;
  }
  /// Share of the energy that lies at `hz` (Goertzel), 0 to 1.
  static double share(std::span<const std::int16_t> pcm, double hz, double rate = 8000) {
    double s1 = 0, s2 = 0, energy = 0;
    const double c = 2 * std::cos(2 * std::numbers::pi * hz / rate);
    for (const std::int16_t x : pcm) {
      const double s = x + c * s1 - s2;
      s2 = s1;
      s1 = s;
      energy += static_cast<double>(x) * x;
    }
    if (energy == 0) return 0;
    return 2 * (s1 * s1 + s2 * s2 - c * s1 * s2) / (energy * static_cast<double>(pcm.size()));
  }

  runtime::ManualLoop loop;
  runtime::BlockingPool pool{"encode", 1, 100};
  Metrics metrics;
  std::size_t workers = 1;
  Recorded seen;
  RecordedRooms rooms;
  Peer peer;
  std::unique_ptr<EngineImpl> engine;
  StreamId id = StreamId::make();
  LocalAddresses local;
  model::AgreedMedia media;
};

}  // namespace tandem::media::test
