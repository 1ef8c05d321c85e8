// Builds a stream's outgoing RTP packets: sequence, time stamps, marker, packet time; rewrites relayed ones.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <span>
#include <utility>

#include "media/rtp/packet.h"
#include "media/rtp/telephone_event.h"
#include "model/media_description.h"

namespace tandem::media {

/// Time runs with tick(), also while nothing is sent. `Send` is called as send(std::span<const std::uint8_t>)
/// with whole packets. One thread.
class RtpSender {
 public:
  /// Random SSRC, sequence and time stamp.
  RtpSender();
  /// Codec and packet time of what follows. Audio that waits for its packet to fill is dropped if the codec
  /// changed.
  void configure(const model::AgreedMedia& media);
  /// 20 ms have passed. Where relayed packets pushed our time ahead, it falls back as soon as nothing of ours
  /// is sent.
  void tick() {
    const bool own = std::exchange(sent_own_, false);
    if (!own && lead_ >= frame_units_) {
      lead_ -= frame_units_;
    } else {
      timestamp_ += frame_units_;
    }
  }

  /// One frame of audio of this tick; a packet leaves when it is full.
  template <class Send>
  void audio(std::span<const std::uint8_t> frame, Send&& send) {
    own_packet();
    if (filled_ == 0) packet_timestamp_ = timestamp_;
    while (!frame.empty()) {
      const auto n = append(frame);
      frame = frame.subspan(n);
      if (filled_ == packet_bytes_) send(finish_audio());
    }
  }
  /// No audio in this tick: what waits leaves as a shorter packet, and the next audio starts a talk spurt.
  template <class Send>
  void pause(Send&& send) {
    if (filled_ > 0) send(finish_audio());
    marker_ = true;
  }
  /// A packet of another stream with the same codec: our header is written in place, before the payload of
  /// `in`, which lies in `datagram`. Gaps in its sequence and time stamps are kept (RFC 3550 section 7.1).
  /// What comes from before the last packet of our own is left out: empty then.
  [[nodiscard]] std::span<const std::uint8_t> relayed(const RtpPacket& in, std::span<std::uint8_t> datagram);
  /// A telephone-event packet of payload type `type`.
  [[nodiscard]] std::span<const std::uint8_t> event(std::uint8_t type, const EventSender::Out& out);

  [[nodiscard]] std::uint32_t ssrc() const { return ssrc_; }
  /// The time stamp of a packet of our own in this tick: behind what was relayed, which may have run ahead.
  [[nodiscard]] std::uint32_t own_timestamp() {
    own_packet();
    return timestamp_;
  }
  [[nodiscard]] std::uint32_t timestamp() const { return timestamp_; }
  [[nodiscard]] std::uint32_t frame_units() const { return frame_units_; }
  [[nodiscard]] std::uint64_t packets() const { return packets_; }
  [[nodiscard]] std::uint64_t octets() const { return octets_; }

 private:
  static constexpr std::size_t kMaxPayload = 480;  // 60 ms of 64 kbit/s.
  std::size_t append(std::span<const std::uint8_t> bytes);
  std::span<const std::uint8_t> finish_audio();
  /// How another stream's numbers become ours; until a packet of our own goes between.
  struct Relay {
    std::uint32_t ssrc = 0;
    std::uint16_t first = 0;    // Sequence number that it began with.
    std::uint16_t highest = 0;  // Received.
    std::uint16_t sequence_offset = 0;
    std::uint32_t timestamp_offset = 0;
    std::uint32_t end = 0;  // Time stamp behind the newest packet, ours.
  };
  [[nodiscard]] bool continues(const RtpPacket& in) const;
  void begin_relay(const RtpPacket& in);
  void leave_relay();
  void own_packet() {
    sent_own_ = true;
    if (relay_) leave_relay();
  }

  const std::uint32_t ssrc_;
  std::uint16_t sequence_;
  std::uint32_t timestamp_;
  std::uint32_t packet_timestamp_ = 0;
  std::uint32_t frame_units_ = 160;
  std::uint32_t frame_bytes_ = 160;
  std::uint32_t lead_ = 0;  // Units that our time is ahead.
  bool sent_own_ = false;
  std::size_t packet_bytes_ = 160;
  std::size_t filled_ = 0;
  model::Codec codec_ = model::Codec::pcmu;
  std::uint8_t payload_type_ = 0;
  bool marker_ = true;
  std::optional<Relay> relay_;
  std::uint64_t packets_ = 0;
  std::uint64_t octets_ = 0;
  std::array<std::uint8_t, kRtpHeaderBytes + kMaxPayload> packet_{};
  std::array<std::uint8_t, kRtpHeaderBytes + kEventPayloadBytes> event_packet_{};
};

}  // namespace tandem::media
