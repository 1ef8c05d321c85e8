// Digits as RTP events (RFC 4733).
#pragma once

#include <algorithm>
#include <cstdint>
#include <optional>
#include <span>

#include "base/result.h"
#include "media/rtp/packet.h"

namespace tandem::media {

inline constexpr std::size_t kEventPayloadBytes = 4;
inline constexpr std::uint8_t kEventVolume = 10;  ///< -10 dBm0.

struct EventPayload {
  std::uint8_t event = 0;
  bool end = false;
  std::uint8_t volume = 0;
  std::uint16_t duration = 0;  ///< In RTP clock units.
};
enum class EventError : std::uint8_t { too_short, bad_length };
/// Takes the first event of a payload of one or more.
[[nodiscard]] Result<EventPayload, EventError> parse_event(std::span<const std::uint8_t> payload);
void write_event(const EventPayload& event, std::span<std::uint8_t> out);
/// 0-15 as 0-9 * # A-D, and back.
[[nodiscard]] std::optional<char> event_digit(std::uint8_t event);
[[nodiscard]] std::optional<std::uint8_t> digit_event(char digit);

/// Reports each key press once, whatever is lost, repeated or reordered. One thread.
class EventReceiver {
 public:
  struct Seen {
    char digit = '0';
    bool start = false;  ///< A new key press; otherwise an update of the last one.
    bool end = false;
    std::uint32_t duration_ms = 0;  ///< So far.
  };
  explicit EventReceiver(std::uint32_t clock_hz = 8000) : clock_hz_(clock_hz) {}
  /// Nothing: malformed, not a digit, or a late packet of an older press.
  std::optional<Seen> on_packet(const RtpPacket& packet);

 private:
  struct Press {
    std::uint32_t ssrc = 0;
    std::uint32_t timestamp = 0;  // Of the latest segment.
    std::uint8_t event = 0;
    std::uint16_t duration = 0;
    std::uint32_t earlier_segments = 0;
    bool ended = false;
  };
  [[nodiscard]] bool continues(const Press& p, const RtpPacket& packet, const EventPayload& e) const;

  const std::uint32_t clock_hz_;
  std::optional<Press> press_;
};

/// Sends one digit: a packet each 20 ms while it lasts, then three packets with the end bit. One thread.
class EventSender {
 public:
  struct Out {
    EventPayload payload;
    std::uint32_t timestamp = 0;
    bool marker = false;
  };
  /// `duration` in RTP clock units, at most 65535.
  void start(std::uint8_t event, std::uint32_t timestamp, std::uint16_t duration);
  [[nodiscard]] bool active() const { return end_packets_left_ > 0; }
  /// Ends the digit with the next packet.
  void cut() { total_ = done_ > 0 ? done_ : 1; }
  /// Sets how long the digit lasts in all, at least what was sent already.
  void end_at(std::uint32_t duration) { total_ = std::max({done_, std::min(total_, duration), 1U}); }
  /// The packet of this tick, `elapsed` clock units after the last one. Only while active().
  Out tick(std::uint32_t elapsed);

 private:
  static constexpr int kEndPackets = 3;
  std::uint8_t event_ = 0;
  std::uint32_t timestamp_ = 0;
  std::uint32_t total_ = 0;
  std::uint32_t done_ = 0;
  bool first_ = false;
  int end_packets_left_ = 0;
};

}  // namespace tandem::media
