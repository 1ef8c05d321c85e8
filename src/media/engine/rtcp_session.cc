#include "media/engine/rtcp_session.h"

#include <algorithm>

#include "base/random.h"

namespace tandem::media {
namespace {
std::uint32_t middle(std::uint64_t ntp) {
  return static_cast<std::uint32_t>(ntp >> 16);
}
constexpr double kMaxRoundTripMs = 60'000;
}  // namespace

bool RtcpSession::on_packet(std::span<const std::uint8_t> datagram, std::uint32_t our_ssrc, TimePoint now,
                            WallTime wall) {
  const auto parsed = parse_rtcp(datagram);
  if (!parsed) return false;
  if (parsed->sender) {
    peer_ssrc_ = parsed->ssrc;
    last_sr_ = middle(parsed->sender->ntp);
    last_sr_at_ = now;
  }
  for (const ReportBlock& b : std::span(parsed->blocks).first(parsed->block_count)) {
    if (b.ssrc != our_ssrc) continue;
    remote_lost_ = b.cumulative_lost;
    if (b.last_sr == 0) continue;
    const std::uint32_t units = middle(to_ntp(wall)) - b.last_sr - b.delay_since_last_sr;
    const double ms = static_cast<std::int32_t>(units) * 1000.0 / 65536.0;
    // Slightly negative on a fast network, since both clocks round; absurd when the peer makes numbers up.
    if (ms > -50 && ms < kMaxRoundTripMs) round_trip_ms_ = std::max(0.1, ms);
  }
  return true;
}

void RtcpSession::start(TimePoint now) {
  if (running_) return;
  running_ = true;
  next_ = now + rtcp_interval(interval_ / 2, random_u32());
}

std::span<const std::uint8_t> RtcpSession::report(const RtpSender& sender, ReceptionStats& received,
                                                  TimePoint now, WallTime wall, bool bye) {
  next_ = now + rtcp_interval(interval_, random_u32());
  RtcpReport r;
  r.ssrc = sender.ssrc();
  r.cname = cname_;
  r.bye = bye;
  if (sender.packets() > packets_reported_) {
    r.sender = SenderInfo{to_ntp(wall), sender.timestamp(), static_cast<std::uint32_t>(sender.packets()),
                          static_cast<std::uint32_t>(sender.octets())};
    packets_reported_ = sender.packets();
  }
  if (received.started()) {
    r.block = received.report_block();
    if (last_sr_ != 0 && peer_ssrc_ == received.ssrc()) {
      r.block->last_sr = last_sr_;
      const auto delay = std::chrono::duration<double>(now - last_sr_at_).count() * 65536.0;
      r.block->delay_since_last_sr = static_cast<std::uint32_t>(std::clamp(delay, 0.0, 4'294'967'295.0));
    }
  }
  return {out_.data(), write_rtcp(r, out_)};
}

}  // namespace tandem::media
