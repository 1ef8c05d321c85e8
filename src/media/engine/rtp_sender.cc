#include "media/engine/rtp_sender.h"

#include <algorithm>

#include "base/random.h"

namespace tandem::media {

RtpSender::RtpSender()
    : ssrc_(random_u32()), sequence_(static_cast<std::uint16_t>(random_u32())), timestamp_(random_u32()) {}

void RtpSender::configure(const model::AgreedMedia& media) {
  const auto& t = model::traits(media.codec);
  const std::uint32_t ptime = std::clamp<std::uint32_t>(media.ptime_ms / 10 * 10, 10, 60);
  const std::size_t packet_bytes = std::min(kMaxPayload, t.bytes_per_frame * ptime / 20);
  if (media.codec != codec_ || media.payload_type != payload_type_ || packet_bytes != packet_bytes_) {
    filled_ = 0;
    marker_ = true;
  }
  codec_ = media.codec;
  payload_type_ = media.payload_type;
  packet_bytes_ = packet_bytes;
  frame_units_ = t.rtp_clock_hz / 50;
  frame_bytes_ = static_cast<std::uint32_t>(t.bytes_per_frame);
}

std::size_t RtpSender::append(std::span<const std::uint8_t> bytes) {
  const std::size_t n = std::min(bytes.size(), packet_bytes_ - filled_);
  std::copy_n(bytes.begin(), n, packet_.begin() + static_cast<std::ptrdiff_t>(kRtpHeaderBytes + filled_));
  filled_ += n;
  return n;
}

std::span<const std::uint8_t> RtpSender::finish_audio() {
  write_rtp_header({payload_type_, marker_, sequence_++, packet_timestamp_, ssrc_, {}}, packet_);
  packet_timestamp_ += static_cast<std::uint32_t>(filled_) * frame_units_ / frame_bytes_;
  ++packets_;
  octets_ += filled_;
  const std::size_t bytes = kRtpHeaderBytes + filled_;
  filled_ = 0;
  marker_ = false;
  return {packet_.data(), bytes};
}

std::span<const std::uint8_t> RtpSender::event(std::uint8_t type, const EventSender::Out& out) {
  write_rtp_header({type, out.marker, sequence_++, out.timestamp, ssrc_, {}}, event_packet_);
  write_event(out.payload, std::span(event_packet_).subspan(kRtpHeaderBytes));
  ++packets_;
  octets_ += kEventPayloadBytes;
  return event_packet_;
}

}  // namespace tandem::media
