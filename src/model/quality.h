// Quality of one leg's audio, as RTCP and our own counters saw it.
#pragma once

#include <cstdint>

namespace tandem::model {

struct StreamQuality {
  std::uint64_t packets_received = 0;
  std::uint64_t packets_sent = 0;
  std::uint64_t packets_lost = 0;       ///< Expected but never received (RFC 3550 A.3), or too late to play.
  std::uint64_t packets_discarded = 0;  ///< From strangers, malformed, or unknown payload types.
  double loss_percent = 0;
  double jitter_ms = 0;            ///< Interarrival jitter, RFC 3550 A.8.
  double remote_loss_percent = 0;  ///< As the peer reported in RTCP.
  double round_trip_ms = 0;        ///< From RTCP; 0 if unknown.
  double mos = 0;  ///< Estimate after ITU-T G.107 (E-model), 1.0 to 4.5; 0 if nothing was received.
  friend bool operator==(const StreamQuality&, const StreamQuality&) = default;
};

}  // namespace tandem::model
