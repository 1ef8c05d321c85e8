// A sequence of datagrams through all that keeps state on RTP headers: parser, source lock, statistics,
// jitter buffer.
#include <algorithm>
#include <cstdlib>

#include "media/jitter/jitter_buffer.h"
#include "media/rtp/packet.h"
#include "media/rtp/reception_stats.h"
#include "media/rtp/source_lock.h"

using namespace tandem;
using namespace tandem::media;

namespace {

void require(bool condition) {
  if (!condition) std::abort();
}

// Frames of playing time must come out whatever came in.
void play_frame(JitterBuffer& jitter) {
  std::uint32_t units = 0;
  for (int steps = 0; units < 160; ++steps) {
    require(steps < 200);
    const auto s = jitter.next();
    require(s.skip <= s.units);
    require(s.payload.size() <= JitterBuffer::kMaxPayload);
    if (s.kind != JitterBuffer::Step::Kind::drop) units += s.units - s.skip;
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  std::span<const std::uint8_t> in(data, size);
  SourceLock lock;
  ReceptionStats stats;
  JitterBuffer jitter;
  TimePoint now{std::chrono::seconds(1000)};
  // Each datagram: one byte of length, one that picks source, time and whether a frame is played.
  while (in.size() >= 2) {
    const std::uint8_t control = in[1];
    const std::size_t n = std::min<std::size_t>(in[0], in.size() - 2);
    const auto datagram = in.subspan(2, n);
    in = in.subspan(2 + n);
    now += std::chrono::milliseconds(control & 0x3f) * 20;
    model::SocketAddress from;
    from.port = control >> 6;
    if (control == 0xff) lock.configure(from);
    if (const auto p = parse_rtp(datagram)) {
      require(p->payload.empty() ||
              (p->payload.data() >= datagram.data() &&
               p->payload.data() + p->payload.size() <= datagram.data() + datagram.size()));
      lock.on_packet(from, p->ssrc, p->sequence, now);
      stats.on_packet(p->ssrc, p->sequence, p->timestamp, now, (control & 1) != 0);
      jitter.push(p->sequence, p->timestamp, static_cast<std::uint32_t>(p->payload.size()), p->payload);
    }
    if ((control & 2) != 0) play_frame(jitter);
    require(stats.lost() <= stats.expected());
    (void)stats.report_block();
  }
  return 0;
}
