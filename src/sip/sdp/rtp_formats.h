// The static payload types of RFC 3551 section 6, and what counts as an RTP profile.
#pragma once

#include <cstdint>
#include <string_view>

namespace tandem::sip {

struct StaticFormat {
  std::uint8_t payload_type;
  std::string_view encoding_name;
  std::uint32_t clock_hz;
  std::uint32_t channels;
};
/// Null for dynamic and unassigned types.
[[nodiscard]] const StaticFormat* static_format(std::uint8_t payload_type);

/// True when one component of the m= line's protocol is RTP ("RTP/AVP", "UDP/TLS/RTP/SAVPF"): its formats are
/// payload types then.
[[nodiscard]] bool is_rtp_protocol(std::string_view protocol);

}  // namespace tandem::sip
