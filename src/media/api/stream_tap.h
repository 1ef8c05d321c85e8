// Both sides of a stream, or what is said in a room, frame by frame, for who records it.
#pragma once

#include <cstdint>
#include <span>

#include "base/clock.h"

namespace tandem::media {

/// 20 ms of audio; empty: silence.
struct TapAudio {
  std::span<const std::int16_t> pcm;
  std::uint32_t sample_rate_hz = 8000;
};

/// Told on the media worker of the stream or the room, never by two threads at once. Must not block, allocate
/// or log.
class StreamTap {
 public:
  StreamTap() = default;
  StreamTap(const StreamTap&) = delete;
  StreamTap& operator=(const StreamTap&) = delete;
  virtual ~StreamTap() = default;

  /// Once each 20 ms from when media is agreed. `said`: what the call said, behind the jitter buffer, silence
  /// where nothing came. `heard`: what was sent to it; where packets are relayed, what the other stream said.
  /// In a room: see Mixer::add_room_tap().
  virtual void frame(TimePoint at, TapAudio said, TapAudio heard) = 0;
  /// The stream or the room is closed; nothing follows.
  virtual void closed() = 0;
};

}  // namespace tandem::media
