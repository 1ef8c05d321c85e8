// RTP packets (RFC 3550 section 5.1).
#pragma once

#include <cstdint>
#include <span>

#include "base/result.h"

namespace tandem::media {

inline constexpr std::size_t kRtpHeaderBytes = 12;

struct RtpPacket {
  std::uint8_t payload_type = 0;
  bool marker = false;
  std::uint16_t sequence = 0;
  std::uint32_t timestamp = 0;
  std::uint32_t ssrc = 0;
  std::span<const std::uint8_t> payload;  ///< Inside the parsed datagram; without padding.
};

enum class RtpError : std::uint8_t { too_short, bad_version, bad_csrc, bad_extension, bad_padding };

/// Strict: anything that does not add up is refused. Never reads outside `datagram`.
[[nodiscard]] Result<RtpPacket, RtpError> parse_rtp(std::span<const std::uint8_t> datagram);

/// Writes the fixed header (no CSRC, padding or extension) to the first kRtpHeaderBytes of `out`; the payload
/// is the caller's to put behind it.
void write_rtp_header(const RtpPacket& packet, std::span<std::uint8_t> out);

/// How far `a` is ahead of `b` modulo 2^16 or 2^32; negative when behind.
[[nodiscard]] constexpr std::int32_t sequence_distance(std::uint16_t a, std::uint16_t b) {
  return static_cast<std::int16_t>(static_cast<std::uint16_t>(a - b));
}
[[nodiscard]] constexpr std::int32_t timestamp_distance(std::uint32_t a, std::uint32_t b) {
  return static_cast<std::int32_t>(a - b);
}

}  // namespace tandem::media
