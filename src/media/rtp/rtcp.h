// RTCP (RFC 3550 section 6): strict, bounded reading of compound packets and writing of our own reports.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <span>
#include <string_view>

#include "base/clock.h"
#include "base/result.h"

namespace tandem::media {

struct ReportBlock {
  std::uint32_t ssrc = 0;            ///< Whose packets are reported on.
  std::uint8_t fraction_lost = 0;    ///< In 256ths, since the last report.
  std::int32_t cumulative_lost = 0;  ///< 24 bits, signed.
  std::uint32_t highest_sequence = 0;
  std::uint32_t jitter = 0;               ///< In RTP clock units.
  std::uint32_t last_sr = 0;              ///< Middle 32 bits of the NTP time of the last SR; 0: none.
  std::uint32_t delay_since_last_sr = 0;  ///< In 1/65536 s.
};
struct SenderInfo {
  std::uint64_t ntp = 0;  ///< 32.32 fixed point, seconds since 1900.
  std::uint32_t rtp_timestamp = 0;
  std::uint32_t packets = 0;
  std::uint32_t octets = 0;
};

/// What one compound packet says that we use.
struct RtcpSummary {
  std::uint32_t ssrc = 0;  ///< Sender of the first report.
  std::optional<SenderInfo> sender;
  std::array<ReportBlock, 31> blocks{};
  std::size_t block_count = 0;
  bool bye = false;
};

enum class RtcpError : std::uint8_t {
  too_short,
  too_long,
  bad_version,
  bad_length,
  bad_first_packet,
  bad_padding,
  bad_report
};

inline constexpr std::size_t kRtcpMaxBytes = 1500;

/// Checks as RFC 3550 A.2 and more: every packet's length must fit, the first is SR or RR, padding only on
/// the last. Unknown packet types are skipped.
[[nodiscard]] Result<RtcpSummary, RtcpError> parse_rtcp(std::span<const std::uint8_t> datagram);

struct RtcpReport {
  std::uint32_t ssrc = 0;
  std::optional<SenderInfo> sender;  ///< SR with it, RR without.
  std::optional<ReportBlock> block;
  std::string_view cname;  ///< At most 255 bytes.
  bool bye = false;
};
/// Writes SR or RR, SDES with the CNAME and, if wanted, BYE. Returns the bytes written; `out` holds at least
/// 400.
[[nodiscard]] std::size_t write_rtcp(const RtcpReport& report, std::span<std::uint8_t> out);

/// NTP time of a wall clock's time.
[[nodiscard]] std::uint64_t to_ntp(WallTime t);

/// RFC 3550 6.3.1: `base` times a random factor of 0.5 to 1.5, divided by e - 1.5. `random` is any 32 random
/// bits.
[[nodiscard]] Duration rtcp_interval(Duration base, std::uint32_t random);

}  // namespace tandem::media
