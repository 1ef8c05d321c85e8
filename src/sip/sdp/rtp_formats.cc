#include "sip/sdp/rtp_formats.h"

#include <algorithm>
#include <array>

namespace tandem::sip {

const StaticFormat* static_format(std::uint8_t payload_type) {
  static constexpr std::array<StaticFormat, 24> kFormats{{
      {0, "PCMU", 8000, 1},   {3, "GSM", 8000, 1},    {4, "G723", 8000, 1},   {5, "DVI4", 8000, 1},
      {6, "DVI4", 16000, 1},  {7, "LPC", 8000, 1},    {8, "PCMA", 8000, 1},   {9, "G722", 8000, 1},
      {10, "L16", 44100, 2},  {11, "L16", 44100, 1},  {12, "QCELP", 8000, 1}, {13, "CN", 8000, 1},
      {14, "MPA", 90000, 1},  {15, "G728", 8000, 1},  {16, "DVI4", 11025, 1}, {17, "DVI4", 22050, 1},
      {18, "G729", 8000, 1},  {25, "CelB", 90000, 1}, {26, "JPEG", 90000, 1}, {28, "nv", 90000, 1},
      {31, "H261", 90000, 1}, {32, "MPV", 90000, 1},  {33, "MP2T", 90000, 1}, {34, "H263", 90000, 1},
  }};
  const auto* found = std::find_if(kFormats.begin(), kFormats.end(),
                                   [&](const StaticFormat& f) { return f.payload_type == payload_type; });
  return found == kFormats.end() ? nullptr : found;
}

bool is_rtp_protocol(std::string_view protocol) {
  while (true) {
    const std::size_t slash = protocol.find('/');
    const std::string_view part = protocol.substr(0, slash);
    if (part.size() == 3 && (part[0] | 0x20) == 'r' && (part[1] | 0x20) == 't' && (part[2] | 0x20) == 'p')
      return true;
    if (slash == std::string_view::npos) return false;
    protocol.remove_prefix(slash + 1);
  }
}

}  // namespace tandem::sip
