// RTCP: reading never leaves the datagram, and what we write is read back.
#include <cstdlib>
#include <vector>

#include "media/rtp/rtcp.h"

using namespace tandem::media;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::vector<std::uint8_t> exact(data, data + size);  // Its end is guarded by the sanitizer.
  const auto parsed = parse_rtcp(exact);
  if (!parsed) return 0;
  if (parsed->block_count > parsed->blocks.size()) std::abort();
  RtcpReport report;
  report.ssrc = parsed->ssrc;
  report.sender = parsed->sender;
  if (parsed->block_count > 0) report.block = parsed->blocks[0];
  report.cname = {reinterpret_cast<const char*>(data), size};
  report.bye = parsed->bye;
  std::vector<std::uint8_t> out(400);
  out.resize(write_rtcp(report, out));
  const auto again = parse_rtcp(out);
  if (!again || again->ssrc != report.ssrc || again->bye != report.bye) std::abort();
  if (report.block && again->blocks[0].cumulative_lost != report.block->cumulative_lost) std::abort();
  return 0;
}
