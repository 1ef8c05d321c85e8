#include "media/rtp/packet.h"

#include "media/rtp/bytes.h"

namespace tandem::media {

Result<RtpPacket, RtpError> parse_rtp(std::span<const std::uint8_t> d) {
  if (d.size() < kRtpHeaderBytes) return Err(RtpError::too_short);
  if ((d[0] >> 6) != 2) return Err(RtpError::bad_version);
  std::size_t begin = kRtpHeaderBytes + 4U * (d[0] & 0x0fU);
  if (begin > d.size()) return Err(RtpError::bad_csrc);
  if ((d[0] & 0x10U) != 0) {
    if (begin + 4 > d.size()) return Err(RtpError::bad_extension);
    begin += 4 + 4U * get16(d, begin + 2);
    if (begin > d.size()) return Err(RtpError::bad_extension);
  }
  std::size_t end = d.size();
  if ((d[0] & 0x20U) != 0) {
    const std::size_t padding = d[end - 1];
    if (padding == 0 || padding > end - begin) return Err(RtpError::bad_padding);
    end -= padding;
  }
  RtpPacket p;
  p.marker = (d[1] & 0x80U) != 0;
  p.payload_type = d[1] & 0x7fU;
  p.sequence = get16(d, 2);
  p.timestamp = get32(d, 4);
  p.ssrc = get32(d, 8);
  p.payload = d.subspan(begin, end - begin);
  return p;
}

void write_rtp_header(const RtpPacket& p, std::span<std::uint8_t> out) {
  out[0] = 0x80;
  out[1] = static_cast<std::uint8_t>((p.marker ? 0x80U : 0U) | (p.payload_type & 0x7fU));
  put16(out, 2, p.sequence);
  put32(out, 4, p.timestamp);
  put32(out, 8, p.ssrc);
}

}  // namespace tandem::media
