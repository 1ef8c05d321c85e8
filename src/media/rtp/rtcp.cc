#include "media/rtp/rtcp.h"

#include <algorithm>

#include "media/rtp/bytes.h"

namespace tandem::media {
namespace {

constexpr std::uint8_t kSenderReport = 200;
constexpr std::uint8_t kReceiverReport = 201;
constexpr std::uint8_t kSourceDescription = 202;
constexpr std::uint8_t kBye = 203;
constexpr std::size_t kBlockBytes = 24;
constexpr std::size_t kSenderInfoBytes = 20;

ReportBlock read_block(std::span<const std::uint8_t> b) {
  ReportBlock r;
  r.ssrc = get32(b, 0);
  r.fraction_lost = b[4];
  const std::uint32_t lost = get32(b, 4) & 0xff'ffffU;
  r.cumulative_lost = static_cast<std::int32_t>(lost << 8) >> 8;
  r.highest_sequence = get32(b, 8);
  r.jitter = get32(b, 12);
  r.last_sr = get32(b, 16);
  r.delay_since_last_sr = get32(b, 20);
  return r;
}

// `p` is one SR or RR with its header.
bool read_report(std::span<const std::uint8_t> p, bool first, RtcpSummary& out) {
  const bool sender = p[1] == kSenderReport;
  const std::size_t blocks = p[0] & 0x1fU;
  std::size_t at = 8;
  if (p.size() < at + (sender ? kSenderInfoBytes : 0) + blocks * kBlockBytes) return false;
  const std::uint32_t ssrc = get32(p, 4);
  if (first) out.ssrc = ssrc;
  if (sender) {
    if (first) {
      out.sender = SenderInfo{(static_cast<std::uint64_t>(get32(p, 8)) << 32) | get32(p, 12), get32(p, 16),
                              get32(p, 20), get32(p, 24)};
    }
    at += kSenderInfoBytes;
  }
  for (std::size_t i = 0; i < blocks && out.block_count < out.blocks.size(); ++i, at += kBlockBytes) {
    out.blocks[out.block_count++] = read_block(p.subspan(at, kBlockBytes));
  }
  return true;
}

void write_block(const ReportBlock& r, std::span<std::uint8_t> b) {
  put32(b, 0, r.ssrc);
  put32(b, 4, static_cast<std::uint32_t>(r.cumulative_lost) & 0xff'ffffU);
  b[4] = r.fraction_lost;
  put32(b, 8, r.highest_sequence);
  put32(b, 12, r.jitter);
  put32(b, 16, r.last_sr);
  put32(b, 20, r.delay_since_last_sr);
}

void write_header(std::span<std::uint8_t> b, std::uint8_t count, std::uint8_t type, std::size_t bytes) {
  b[0] = static_cast<std::uint8_t>(0x80U | count);
  b[1] = type;
  put16(b, 2, static_cast<std::uint32_t>(bytes / 4 - 1));
}

std::size_t write_sdes(std::uint32_t ssrc, std::string_view cname, std::span<std::uint8_t> b) {
  cname = cname.substr(0, 255);
  const std::size_t item = 2 + cname.size();
  const std::size_t bytes = 8 + (item / 4 + 1) * 4;  // At least one zero ends the list.
  std::fill_n(b.begin(), bytes, std::uint8_t{0});
  write_header(b, 1, kSourceDescription, bytes);
  put32(b, 4, ssrc);
  b[8] = 1;  // CNAME
  b[9] = static_cast<std::uint8_t>(cname.size());
  std::copy(cname.begin(), cname.end(), b.begin() + 10);
  return bytes;
}

}  // namespace

Result<RtcpSummary, RtcpError> parse_rtcp(std::span<const std::uint8_t> d) {
  if (d.size() < 8) return Err(RtcpError::too_short);
  if (d.size() > kRtcpMaxBytes) return Err(RtcpError::too_long);
  RtcpSummary out;
  for (std::size_t at = 0; at < d.size();) {
    if (d.size() - at < 4) return Err(RtcpError::bad_length);
    auto p = d.subspan(at);
    if ((p[0] >> 6) != 2) return Err(RtcpError::bad_version);
    const std::size_t bytes = 4U * (get16(p, 2) + 1U);
    if (bytes > p.size()) return Err(RtcpError::bad_length);
    const bool last = bytes == p.size();
    p = p.first(bytes);
    const bool report = p[1] == kSenderReport || p[1] == kReceiverReport;
    if (at == 0 && (!report || bytes < 8)) return Err(RtcpError::bad_first_packet);
    if ((p[0] & 0x20U) != 0) {
      const std::size_t padding = p[bytes - 1];
      if (!last || at == 0 || padding == 0 || padding % 4 != 0 || padding > bytes - 4)
        return Err(RtcpError::bad_padding);
      p = p.first(bytes - padding);
    }
    if (report && (p.size() < 8 || !read_report(p, at == 0, out))) return Err(RtcpError::bad_report);
    if (p[1] == kBye) out.bye = true;
    at += bytes;
  }
  return out;
}

std::size_t write_rtcp(const RtcpReport& r, std::span<std::uint8_t> out) {
  std::size_t bytes = 8 + (r.sender ? kSenderInfoBytes : 0) + (r.block ? kBlockBytes : 0);
  write_header(out, r.block ? 1 : 0, r.sender ? kSenderReport : kReceiverReport, bytes);
  put32(out, 4, r.ssrc);
  std::size_t at = 8;
  if (r.sender) {
    put32(out, 8, static_cast<std::uint32_t>(r.sender->ntp >> 32));
    put32(out, 12, static_cast<std::uint32_t>(r.sender->ntp));
    put32(out, 16, r.sender->rtp_timestamp);
    put32(out, 20, r.sender->packets);
    put32(out, 24, r.sender->octets);
    at += kSenderInfoBytes;
  }
  if (r.block) write_block(*r.block, out.subspan(at));
  bytes += write_sdes(r.ssrc, r.cname, out.subspan(bytes));
  if (r.bye) {
    write_header(out.subspan(bytes), 1, kBye, 8);
    put32(out, bytes + 4, r.ssrc);
    bytes += 8;
  }
  return bytes;
}

std::uint64_t to_ntp(WallTime t) {
  constexpr std::int64_t kSecondsFrom1900 = 2'208'988'800;
  const std::int64_t ms = t.time_since_epoch().count();
  const auto seconds = static_cast<std::uint64_t>(ms / 1000 + kSecondsFrom1900);
  const auto fraction = (static_cast<std::uint64_t>(ms % 1000) << 32) / 1000;
  return (seconds << 32) | (fraction & 0xffff'ffffU);
}

Duration rtcp_interval(Duration base, std::uint32_t random) {
  constexpr double kCompensation = 1.21828;  // e - 1.5
  const double factor = (0.5 + static_cast<double>(random) / 4'294'967'296.0) / kCompensation;
  return Duration(static_cast<std::int64_t>(static_cast<double>(base.count()) * factor));
}

}  // namespace tandem::media
