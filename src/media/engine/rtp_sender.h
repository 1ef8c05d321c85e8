// Builds a stream's outgoing RTP packets: sequence, time stamps, marker, packet time.
#pragma once

#include <array>
#include <cstdint>
#include <span>

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
  /// 20 ms have passed.
  void tick() { timestamp_ += frame_units_; }

  /// One frame of audio of this tick; a packet leaves when it is full.
  template <class Send>
  void audio(std::span<const std::uint8_t> frame, Send&& send) {
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
  /// A telephone-event packet of payload type `type`.
  [[nodiscard]] std::span<const std::uint8_t> event(std::uint8_t type, const EventSender::Out& out);

  [[nodiscard]] std::uint32_t ssrc() const { return ssrc_; }
  [[nodiscard]] std::uint32_t timestamp() const { return timestamp_; }
  [[nodiscard]] std::uint32_t frame_units() const { return frame_units_; }
  [[nodiscard]] std::uint64_t packets() const { return packets_; }
  [[nodiscard]] std::uint64_t octets() const { return octets_; }

 private:
  static constexpr std::size_t kMaxPayload = 480;  // 60 ms of 64 kbit/s.
  std::size_t append(std::span<const std::uint8_t> bytes);
  std::span<const std::uint8_t> finish_audio();

  const std::uint32_t ssrc_;
  std::uint16_t sequence_;
  std::uint32_t timestamp_;
  std::uint32_t packet_timestamp_ = 0;
  std::uint32_t frame_units_ = 160;
  std::uint32_t frame_bytes_ = 160;
  std::size_t packet_bytes_ = 160;
  std::size_t filled_ = 0;
  model::Codec codec_ = model::Codec::pcmu;
  std::uint8_t payload_type_ = 0;
  bool marker_ = true;
  std::uint64_t packets_ = 0;
  std::uint64_t octets_ = 0;
  std::array<std::uint8_t, kRtpHeaderBytes + kMaxPayload> packet_{};
  std::array<std::uint8_t, kRtpHeaderBytes + kEventPayloadBytes> event_packet_{};
};

}  // namespace tandem::media
