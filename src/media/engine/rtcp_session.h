// RTCP of one stream: our reports at random intervals, and what the peer's reports tell.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <span>
#include <string>

#include "base/clock.h"
#include "media/engine/rtp_sender.h"
#include "media/rtp/reception_stats.h"
#include "media/rtp/rtcp.h"

namespace tandem::media {

/// One thread.
class RtcpSession {
 public:
  RtcpSession(Duration interval, std::string cname) : interval_(interval), cname_(std::move(cname)) {}

  /// False if it was refused as malformed. `now` and `wall` are those of its arrival. A BYE is no reason to
  /// end a call (anyone can send one): it is only counted as seen.
  bool on_packet(std::span<const std::uint8_t> datagram, std::uint32_t our_ssrc, TimePoint now,
                 WallTime wall);

  /// The first report comes half an interval after this.
  void start(TimePoint now);
  [[nodiscard]] bool due(TimePoint now) const { return running_ && now >= next_; }
  /// The report to be sent now; sets the time of the next. Valid until the next call.
  std::span<const std::uint8_t> report(const RtpSender& sender, ReceptionStats& received, TimePoint now,
                                       WallTime wall, bool bye);

  [[nodiscard]] double round_trip_ms() const { return round_trip_ms_; }
  /// Packets that the peer reports lost, of ours.
  [[nodiscard]] std::int64_t remote_lost() const { return remote_lost_; }

 private:
  const Duration interval_;
  const std::string cname_;
  bool running_ = false;
  TimePoint next_{};
  std::uint32_t peer_ssrc_ = 0;
  std::uint32_t last_sr_ = 0;
  TimePoint last_sr_at_{};
  std::uint64_t packets_reported_ = 0;
  double round_trip_ms_ = 0;
  std::int64_t remote_lost_ = 0;
  std::array<std::uint8_t, 400> out_{};
};

}  // namespace tandem::media
