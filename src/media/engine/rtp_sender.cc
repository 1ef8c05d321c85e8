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
  if (media.codec != codec_) own_packet();
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

namespace {
constexpr std::int32_t kMaxMisorder = 100;
constexpr std::int32_t kMaxGap = 3000;
constexpr std::int32_t kMaxDriftUnits = 2 * 8000;  // From our own time; beyond it the source jumped.
}  // namespace

bool RtpSender::continues(const RtpPacket& in) const {
  if (!relay_ || relay_->ssrc != in.ssrc) return false;
  const std::int32_t moved = sequence_distance(in.sequence, relay_->highest);
  if (moved < -kMaxMisorder || moved > kMaxGap) return false;
  const std::int32_t drift = timestamp_distance(in.timestamp + relay_->timestamp_offset, timestamp_);
  return drift > -kMaxDriftUnits && drift < kMaxDriftUnits;
}

void RtpSender::begin_relay(const RtpPacket& in) {
  leave_relay();
  filled_ = 0;
  marker_ = true;
  relay_ = Relay{in.ssrc,
                 in.sequence,
                 in.sequence,
                 static_cast<std::uint16_t>(sequence_ - in.sequence),
                 timestamp_ - in.timestamp,
                 timestamp_};
}

void RtpSender::leave_relay() {
  if (!relay_) return;
  // Ours go on behind what was relayed, whichever clock is ahead.
  if (const std::int32_t ahead = timestamp_distance(relay_->end, timestamp_); ahead > 0) {
    timestamp_ += static_cast<std::uint32_t>(ahead);
    lead_ += static_cast<std::uint32_t>(ahead);
  }
  sequence_ = static_cast<std::uint16_t>(relay_->highest + relay_->sequence_offset + 1);
  marker_ = true;
  relay_.reset();
}

std::span<const std::uint8_t> RtpSender::relayed(const RtpPacket& in, std::span<std::uint8_t> datagram) {
  const auto at = static_cast<std::size_t>(in.payload.data() - datagram.data());
  if (at < kRtpHeaderBytes || at + in.payload.size() > datagram.size() || in.payload.empty()) return {};
  if (!continues(in)) begin_relay(in);
  Relay& r = *relay_;
  if (sequence_distance(in.sequence, r.first) < 0) return {};
  if (sequence_distance(in.sequence, r.highest) > 0) {
    r.highest = in.sequence;
    // Kept near, so that it does not wrap around.
    if (sequence_distance(r.highest, r.first) > kMaxMisorder) {
      r.first = static_cast<std::uint16_t>(r.highest - kMaxMisorder);
    }
  }
  const auto units = static_cast<std::uint32_t>(in.payload.size()) * frame_units_ / frame_bytes_;
  const std::uint32_t timestamp = in.timestamp + r.timestamp_offset;
  if (timestamp_distance(timestamp + units, r.end) > 0) r.end = timestamp + units;
  const auto packet = datagram.subspan(at - kRtpHeaderBytes, kRtpHeaderBytes + in.payload.size());
  write_rtp_header({payload_type_,
                    in.marker || marker_,
                    static_cast<std::uint16_t>(in.sequence + r.sequence_offset),
                    timestamp,
                    ssrc_,
                    {}},
                   packet);
  marker_ = false;
  ++packets_;
  octets_ += in.payload.size();
  return packet;
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
  own_packet();
  write_rtp_header({type, out.marker, sequence_++, out.timestamp, ssrc_, {}}, event_packet_);
  write_event(out.payload, std::span(event_packet_).subspan(kRtpHeaderBytes));
  ++packets_;
  octets_ += kEventPayloadBytes;
  return event_packet_;
}

}  // namespace tandem::media
