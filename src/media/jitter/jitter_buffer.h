// Adaptive jitter buffer: puts packets in order and says, frame by frame, what to play next.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <span>

#include "base/clock.h"

namespace tandem::media {

struct JitterOptions {
  std::uint32_t clock_hz = 8000;
  std::uint32_t frame_units = 160;  ///< One frame of 20 ms in RTP clock units.
  std::chrono::milliseconds max_delay{200};
};

/// A fixed number of slots inside the object (about 16 KB): allocates nothing. Time is that of the RTP time
/// stamps and of the calls to next(), so it needs no clock. One thread.
///
/// The delay grows when packets come too late to be played, and shrinks, one frame at a time, when for two
/// seconds more was waiting than needed.
class JitterBuffer {
 public:
  static constexpr std::size_t kSlots = 32;
  static constexpr std::size_t kMaxPayload = 488;

  enum class Pushed : std::uint8_t {
    queued,
    duplicate,
    late,    ///< Its time to be played has passed.
    refused  ///< Empty, too large, or no room.
  };
  struct Step {
    enum class Kind : std::uint8_t {
      play,     ///< Decode `payload` of `units`, leave out the first `skip` units.
      drop,     ///< Decode `payload` for the decoder's state only: the buffer is shortened by it.
      conceal,  ///< Make up `units`: lost.
      silence   ///< `units` of nothing: not started yet, or the peer pauses.
    };
    Kind kind = Kind::silence;
    std::span<const std::uint8_t> payload;  ///< Valid until the next push().
    std::uint32_t units = 0;
    std::uint32_t skip = 0;
  };

  explicit JitterBuffer(JitterOptions options = {});
  /// The next packet is of another source, whose time stamps begin anywhere: it is played after what waits.
  void new_source() { new_source_ = started_; }
  /// `units`: what `payload` lasts in RTP clock units.
  Pushed push(std::uint16_t sequence, std::uint32_t timestamp, std::uint32_t units,
              std::span<const std::uint8_t> payload);
  /// The next piece of audio; call until a frame is full. Pieces add up to playing time, except `drop`.
  Step next();

  /// Delay that playing starts with and aims at, in milliseconds.
  [[nodiscard]] std::uint32_t target_ms() const { return target_ * 1000 / options_.clock_hz; }
  /// Audio waiting now, in milliseconds, gaps included.
  [[nodiscard]] std::uint32_t depth_ms() const;
  [[nodiscard]] std::uint64_t concealed_frames() const { return concealed_; }

 private:
  void reset();
  void append_after_jump(std::uint32_t timestamp);
  struct Slot {
    bool used = false;
    std::uint16_t sequence = 0;
    std::uint32_t timestamp = 0;
    std::uint32_t units = 0;
    std::uint16_t bytes = 0;
  };
  [[nodiscard]] std::optional<std::size_t> oldest() const;
  void start_at(std::uint32_t timestamp);
  Pushed on_late(std::uint32_t by);
  void watch_depth();
  Step missing(std::uint32_t units);

  const JitterOptions options_;
  const std::uint32_t max_target_;
  std::array<Slot, kSlots> slots_;  // Apart from the payloads: searched for each packet.
  std::array<std::array<std::uint8_t, kMaxPayload>, kSlots> payloads_;
  std::size_t used_ = 0;
  bool started_ = false;
  std::uint32_t play_at_ = 0;      // Time stamp of the next unit to be played.
  std::uint32_t highest_end_ = 0;  // Where the newest packet ends.
  std::uint32_t target_ = 0;
  std::uint32_t grow_ = 0;         // Units to be inserted to reach the target.
  std::uint32_t grow_hold_ = 0;    // Frames until it may grow again.
  std::uint32_t late_frames_ = 0;  // Frames in a row in which only late packets came.
  bool late_ = false;
  bool new_source_ = false;
  std::uint32_t offset_ = 0;   // Added to the peer's time stamps, which may jump; ours go on.
  std::uint32_t preroll_ = 0;  // Units of silence before the first packet.
  std::uint32_t frames_watched_ = 0;
  std::uint32_t least_depth_ = 0;
  std::uint32_t missing_in_row_ = 0;
  bool shrink_ = false;
  std::uint64_t concealed_ = 0;
};

}  // namespace tandem::media
