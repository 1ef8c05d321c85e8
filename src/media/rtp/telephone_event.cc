#include "media/rtp/telephone_event.h"

#include <algorithm>
#include <string_view>
#include <utility>

#include "media/rtp/bytes.h"

namespace tandem::media {
namespace {
constexpr std::string_view kDigits = "0123456789*#ABCD";
}

Result<EventPayload, EventError> parse_event(std::span<const std::uint8_t> p) {
  if (p.size() < kEventPayloadBytes) return Err(EventError::too_short);
  if (p.size() % kEventPayloadBytes != 0) return Err(EventError::bad_length);
  EventPayload e;
  e.event = p[0];
  e.end = (p[1] & 0x80U) != 0;
  e.volume = p[1] & 0x3fU;
  e.duration = get16(p, 2);
  return e;
}

void write_event(const EventPayload& e, std::span<std::uint8_t> out) {
  out[0] = e.event;
  out[1] = static_cast<std::uint8_t>((e.end ? 0x80U : 0U) | (e.volume & 0x3fU));
  put16(out, 2, e.duration);
}

std::optional<char> event_digit(std::uint8_t event) {
  if (event >= kDigits.size()) return std::nullopt;
  return kDigits[event];
}

std::optional<std::uint8_t> digit_event(char digit) {
  if (digit >= 'a' && digit <= 'd') digit = static_cast<char>(digit - 'a' + 'A');
  const std::size_t at = kDigits.find(digit);
  if (at == std::string_view::npos) return std::nullopt;
  return static_cast<std::uint8_t>(at);
}

bool EventReceiver::continues(const Press& p, const RtpPacket& packet, const EventPayload& e) const {
  if (p.ssrc != packet.ssrc || p.event != e.event || p.ended || packet.marker) return false;
  const std::int32_t moved = timestamp_distance(packet.timestamp, p.timestamp);
  // A new segment of a long press (RFC 4733 2.5.1.3) starts where the last one was full.
  if (p.duration >= 0xff00U && moved > 0 && moved <= 0x1'0000) return true;
  // Senders that wrongly move the time stamp with each update still let the duration grow.
  return moved > 0 && moved <= static_cast<std::int32_t>(clock_hz_) && e.duration > p.duration;
}

std::optional<EventReceiver::Seen> EventReceiver::on_packet(const RtpPacket& packet) {
  const auto parsed = parse_event(packet.payload);
  if (!parsed) return std::nullopt;
  const EventPayload& e = *parsed;
  const auto digit = event_digit(e.event);
  if (!digit) return std::nullopt;
  const auto ms = [this](std::uint64_t units) {
    return static_cast<std::uint32_t>(units * 1000 / clock_hz_);
  };
  if (press_ && press_->ssrc == packet.ssrc) {
    Press& p = *press_;
    const std::int32_t moved = timestamp_distance(packet.timestamp, p.timestamp);
    if (moved < 0) {
      // Late packets of an earlier press or segment; a restart of the peer's clock is further away.
      if (moved > -10 * static_cast<std::int32_t>(clock_hz_)) return std::nullopt;
    } else if (moved == 0) {
      if (p.ended || e.event != p.event) return std::nullopt;
      p.duration = std::max(p.duration, e.duration);
      p.ended = e.end;
      return Seen{*digit, false, e.end, ms(std::uint64_t{p.earlier_segments} + p.duration)};
    } else if (continues(p, packet, e)) {
      if (p.duration >= 0xff00U) p.earlier_segments += p.duration;
      p.timestamp = packet.timestamp;
      p.duration = e.duration;
      p.ended = e.end;
      return Seen{*digit, false, e.end, ms(std::uint64_t{p.earlier_segments} + p.duration)};
    }
  }
  press_ = Press{packet.ssrc, packet.timestamp, e.event, e.duration, 0, e.end};
  return Seen{*digit, true, e.end, ms(e.duration)};
}

void EventSender::start(std::uint8_t event, std::uint32_t timestamp, std::uint16_t duration) {
  event_ = event;
  timestamp_ = timestamp;
  total_ = std::max<std::uint32_t>(duration, 1);
  done_ = 0;
  first_ = true;
  end_packets_left_ = kEndPackets;
}

EventSender::Out EventSender::tick(std::uint32_t elapsed) {
  done_ = std::min(done_ + elapsed, total_);
  const bool end = done_ == total_;
  if (end) --end_packets_left_;
  return Out{{event_, end, kEventVolume, static_cast<std::uint16_t>(done_)},
             timestamp_,
             std::exchange(first_, false)};
}

}  // namespace tandem::media
