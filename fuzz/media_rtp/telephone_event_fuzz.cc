// A sequence of telephone-event packets: never more key presses than packets, never a digit that is none.
#include <algorithm>
#include <cstdlib>
#include <string_view>

#include "media/rtp/bytes.h"
#include "media/rtp/telephone_event.h"

using namespace tandem::media;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  std::span<const std::uint8_t> in(data, size);
  EventReceiver receiver;
  constexpr std::string_view kDigits = "0123456789*#ABCD";
  // Each packet: marker and payload length, source, two bytes of time stamp, payload.
  while (in.size() >= 4) {
    RtpPacket p;
    p.marker = (in[0] & 0x80U) != 0;
    p.ssrc = in[1] & 1U;
    p.timestamp = static_cast<std::uint32_t>(get16(in, 2)) * 160U;
    const std::size_t n = std::min<std::size_t>(in[0] & 0x0fU, in.size() - 4);
    p.payload = in.subspan(4, n);
    in = in.subspan(4 + n);
    const auto seen = receiver.on_packet(p);
    if (seen && kDigits.find(seen->digit) == std::string_view::npos) std::abort();
    if (seen && n < kEventPayloadBytes) std::abort();
  }
  return 0;
}
