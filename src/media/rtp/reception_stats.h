// What RFC 3550 appendix A keeps of one source: validity, loss (A.3) and jitter (A.8).
#pragma once

#include <cstdint>
#include <optional>

#include "base/clock.h"
#include "media/rtp/rtcp.h"

namespace tandem::media {

/// One received stream; sums go on when the peer changes its SSRC or restarts its sequence. One thread.
class ReceptionStats {
 public:
  explicit ReceptionStats(std::uint32_t rtp_clock_hz = 8000) : clock_hz_(rtp_clock_hz) {}

  /// Each valid packet of the stream, in order of arrival. `timed`: takes part in the jitter
  /// (telephone-events, whose time stamps stand still, do not).
  void on_packet(std::uint32_t ssrc, std::uint16_t sequence, std::uint32_t timestamp, TimePoint arrival,
                 bool timed);
  /// Arrived, but too late to be played.
  void on_late() { ++late_; }

  [[nodiscard]] std::uint64_t received() const { return received_; }
  [[nodiscard]] std::uint64_t expected() const;
  /// Never below zero, even with duplicates; late packets count.
  [[nodiscard]] std::uint64_t lost() const;
  [[nodiscard]] double jitter_ms() const { return jitter_ * 1000.0 / clock_hz_; }
  [[nodiscard]] std::uint32_t ssrc() const { return ssrc_; }
  [[nodiscard]] bool started() const { return started_; }

  /// The block for our next report: its fraction covers the time since the last call.
  [[nodiscard]] ReportBlock report_block();

 private:
  void restart(std::uint32_t ssrc, std::uint16_t sequence);
  [[nodiscard]] std::uint64_t expected_of_source() const { return started_ ? extended_max_ - base_ + 1 : 0; }

  const std::uint32_t clock_hz_;
  bool started_ = false;
  std::uint32_t ssrc_ = 0;
  std::uint64_t base_ = 0;  // Extended sequence numbers: cycles in the upper bits.
  std::uint64_t extended_max_ = 0;
  std::uint64_t received_of_source_ = 0;
  std::optional<std::uint16_t> after_jump_;
  std::uint64_t received_ = 0;
  std::uint64_t late_ = 0;
  std::uint64_t expected_before_ = 0;  // Of sources that ended.
  std::uint64_t lost_before_ = 0;
  double jitter_ = 0;
  std::optional<std::uint32_t> last_timestamp_;
  TimePoint last_arrival_{};
  std::uint64_t reported_expected_ = 0;
  std::uint64_t reported_received_ = 0;
};

}  // namespace tandem::media
