#include "media/rtp/reception_stats.h"

#include <algorithm>
#include <cmath>

#include "media/rtp/packet.h"

namespace tandem::media {
namespace {
constexpr std::int32_t kMaxDropout = 3000;
constexpr std::int32_t kMaxMisorder = 100;
}  // namespace

void ReceptionStats::restart(std::uint32_t ssrc, std::uint16_t sequence) {
  if (started_) {
    expected_before_ += expected_of_source();
    if (expected_of_source() > received_of_source_)
      lost_before_ += expected_of_source() - received_of_source_;
  }
  started_ = true;
  ssrc_ = ssrc;
  base_ = extended_max_ = sequence;
  received_of_source_ = 0;
  reported_expected_ = reported_received_ = 0;
  after_jump_.reset();
  last_timestamp_.reset();
}

void ReceptionStats::on_packet(std::uint32_t ssrc, std::uint16_t sequence, std::uint32_t timestamp,
                               TimePoint arrival, bool timed) {
  if (!started_ || ssrc != ssrc_) {
    restart(ssrc, sequence);
  } else {
    const std::int32_t d = sequence_distance(sequence, static_cast<std::uint16_t>(extended_max_));
    if (d > kMaxDropout || d < -kMaxMisorder) {
      // RFC 3550 A.1: two packets in a row after a large jump mean that the source restarted.
      const bool second = after_jump_ && sequence == *after_jump_;
      after_jump_ = static_cast<std::uint16_t>(sequence + 1);
      ++received_;
      if (!second) return;
      restart(ssrc, sequence);
      --received_;
    } else if (d > 0) {
      extended_max_ += static_cast<std::uint64_t>(d);
    }
  }
  ++received_;
  ++received_of_source_;
  if (!timed) return;
  if (last_timestamp_) {
    const double units = std::chrono::duration<double>(arrival - last_arrival_).count() * clock_hz_ -
                         timestamp_distance(timestamp, *last_timestamp_);
    // Beyond ten seconds it is a jump of the peer's time stamps, which says nothing about the network.
    if (std::abs(units) < 10.0 * clock_hz_) jitter_ += (std::abs(units) - jitter_) / 16.0;
  }
  last_timestamp_ = timestamp;
  last_arrival_ = arrival;
}

std::uint64_t ReceptionStats::expected() const {
  return expected_before_ + expected_of_source();
}

std::uint64_t ReceptionStats::lost() const {
  const std::uint64_t now = expected_of_source();
  return lost_before_ + (now > received_of_source_ ? now - received_of_source_ : 0) + late_;
}

ReportBlock ReceptionStats::report_block() {
  ReportBlock b;
  b.ssrc = ssrc_;
  const std::uint64_t expected = expected_of_source();
  const auto all_lost = static_cast<std::int64_t>(expected) - static_cast<std::int64_t>(received_of_source_);
  b.cumulative_lost = static_cast<std::int32_t>(std::clamp<std::int64_t>(all_lost, -0x80'0000, 0x7f'ffff));
  const std::uint64_t new_expected = expected - reported_expected_;
  const std::uint64_t new_received = received_of_source_ - reported_received_;
  if (new_expected > new_received) {
    b.fraction_lost = static_cast<std::uint8_t>(
        std::min<std::uint64_t>(255, ((new_expected - new_received) << 8) / new_expected));
  }
  reported_expected_ = expected;
  reported_received_ = received_of_source_;
  b.highest_sequence = static_cast<std::uint32_t>(extended_max_);
  b.jitter = static_cast<std::uint32_t>(jitter_);
  return b;
}

}  // namespace tandem::media
