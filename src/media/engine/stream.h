// One call's RTP stream on its media worker.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>

#include "media/engine/digit_sender.h"
#include "media/engine/peer_audio.h"
#include "media/engine/play_queue.h"
#include "media/engine/port_pair.h"
#include "media/engine/receiver.h"
#include "media/engine/reporter.h"
#include "media/engine/room_seat.h"
#include "media/engine/rtcp_session.h"
#include "media/engine/rtp_sender.h"
#include "media/engine/stream_taps.h"
#include "media/rtp/rtcp.h"

namespace tandem::media {

/// A stream's name inside the engine: never used twice.
using StreamKey = std::uint64_t;

/// Sums of one worker; plain numbers, read by the worker alone.
struct PacketCounters {
  std::uint64_t sent = 0;
  std::uint64_t send_failed = 0;
  std::uint64_t received = 0;
};

/// All methods on the media worker, except the constructor.
class Stream {
 public:
  Stream(StreamId id, std::unique_ptr<PortPair> ports, const EngineOptions& options, Reporter reporter,
         const Clock& clock);
  Stream(const Stream&) = delete;
  Stream& operator=(const Stream&) = delete;
  ~Stream() { disconnect(); }

  /// Both on this worker. Each lets go of another peer; for a connected pair it changes the directions.
  static void connect(Stream& a, Stream& b, Connection what);
  void disconnect();
  [[nodiscard]] const Stream* peer() const { return peer_; }
  /// Both on this worker; it lets go of a peer or another room.
  void join(Room& room, MemberAudio audio);
  /// If it is a member of `room`.
  void set_member(const Room& room, MemberAudio audio);
  void leave_room();
  /// Null if it is in none, or in one that was closed.
  [[nodiscard]] const Room* room() const { return seat_ ? seat_->room() : nullptr; }

  /// Drops what came to the sockets while they waited in stock: nobody had been told of them.
  void drop_strangers(ReceiveBuffers& buffers);
  void configure(const model::AgreedMedia& media);
  /// Ends plays and digits, says goodbye and reports on_closed. The stream is to be destroyed after it.
  void close();
  [[nodiscard]] bool configured() const { return media_.has_value(); }
  [[nodiscard]] model::Codec codec() const { return media_ ? media_->codec : model::Codec::pcmu; }

  [[nodiscard]] PlayQueue& plays() { return plays_; }
  void add_play(PlayId play, PlaySpec spec);
  [[nodiscard]] DigitSender& digits() { return digits_; }
  [[nodiscard]] Receiver& receiver() { return receiver_; }
  [[nodiscard]] const Reporter& reporter() const { return reporter_; }
  void set_audio(const AudioControl& audio);
  void add_tap(std::shared_ptr<StreamTap> tap);
  void remove_tap(const StreamTap& tap);

  /// Every 20 ms: receives, plays, sends, and reports what is due.
  void tick(TimePoint now, ReceiveBuffers& buffers, PacketCounters& counters) {
    take(now, buffers, counters);
    give(now, buffers, counters);
  }
  /// The two halves of a tick: what is said goes into the room's mix before what is heard comes out of it.
  void take(TimePoint now, ReceiveBuffers& buffers, PacketCounters& counters);
  void give(TimePoint now, ReceiveBuffers& buffers, PacketCounters& counters);
  [[nodiscard]] model::StreamQuality quality() const;

 private:
  void receive(TimePoint now, ReceiveBuffers& buffers, PacketCounters& counters);
  void receive_rtcp(TimePoint now, ReceiveBuffers& buffers);
  void send(TimePoint now, PacketCounters& counters);
  void send_audio(TimePoint now, PacketCounters& counters);
  std::optional<std::span<const std::uint8_t>> next_audio();
  /// 20 ms of our own audio.
  void send_frame(std::span<const std::uint8_t> payload, PacketCounters& counters);
  void send_packet(std::span<const std::uint8_t> packet, PacketCounters& counters);
  std::span<const std::uint8_t> processed(std::span<const std::uint8_t> payload);
  void keep_house(TimePoint now, ReceiveBuffers& buffers);
  void check_timeout(TimePoint now);
  void check_quality(TimePoint now);
  void send_report(TimePoint now, bool bye);
  void update_destination();
  void on_new_source();

  // Connected streams, stream_link.cc.
  [[nodiscard]] PeerAudio::Route wanted_route() const;
  void refresh_route();
  /// The peer got `packet`, which lies in `datagram`: on to ours.
  void relay(const RtpPacket& packet, std::span<std::uint8_t> datagram, TimePoint now,
             PacketCounters& counters);
  void pass_on(std::span<const std::int16_t> pcm, TimePoint now);
  void say_to_room(std::span<const std::int16_t> pcm, TimePoint now);
  [[nodiscard]] bool takes_digits() const;
  void on_pressed(char digit);
  void on_let_go(std::uint32_t duration_ms);

  const StreamId id_;
  const EngineOptions& options_;
  const Clock& clock_;
  Reporter reporter_;
  std::unique_ptr<PortPair> ports_;
  std::optional<model::AgreedMedia> media_;
  Endpoint rtp_to_;
  Endpoint rtcp_to_;
  std::optional<model::SocketAddress> rtcp_source_;  // A peer's valid RTCP came from there.
  RtpSender sender_;
  Receiver receiver_;
  PlayQueue plays_;
  DigitSender digits_;
  RtcpSession rtcp_;
  Stream* peer_ = nullptr;  // Lives on the same worker; each of the two lets go of the other in disconnect().
  std::unique_ptr<PeerAudio> heard_;  // While there is a peer.
  bool hears_peer_ = false;
  std::unique_ptr<RoomSeat> seat_;      // In a room; never with a peer.
  std::span<const std::int16_t> said_;  // Of this tick, from take() to give(); lies in the receiver.
  std::unique_ptr<StreamTaps> taps_;    // While somebody records.
  std::optional<model::SocketAddress> last_source_;
  AudioControl audio_;
  struct Transcoder {
    std::unique_ptr<Decoder> decoder;
    std::unique_ptr<Encoder> encoder;
  };
  std::optional<Transcoder> gain_;
  std::array<std::uint8_t, 160> silence_{};
  std::array<std::uint8_t, 160> processed_{};
  TimePoint next_house_keeping_{};
  TimePoint timeout_from_{};
  bool timed_out_ = false;
  std::optional<TimePoint> timeout_told_;  // Until packets come again.
  TimePoint next_quality_{};
  std::uint64_t received_at_quality_ = 0;
};

}  // namespace tandem::media
