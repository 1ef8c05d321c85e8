// What a phone hears: recording, loudness, and tones by Goertzel's algorithm. One thread.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "base/clock.h"
#include "server/phone/script.h"

namespace tandem::phone {

class Ear {
 public:
  Ear(const std::vector<ToneExpectation>& tones, bool record);

  /// A frame of 20 ms, heard at `now`. Times without frames count as silence.
  void hear(std::span<const std::int16_t> pcm, std::uint32_t sample_rate_hz, TimePoint now);

  /// True from the third loud frame in a row on.
  [[nodiscard]] bool heard_something() const { return heard_something_; }
  /// The last frame that was not silent.
  [[nodiscard]] std::optional<TimePoint> last_loud() const { return last_loud_; }
  /// How long the expected tone `index` sounded without a break, at best.
  [[nodiscard]] Millis longest(std::size_t index) const { return tones_[index].longest; }

  [[nodiscard]] const std::vector<std::int16_t>& recording() const { return recording_; }
  [[nodiscard]] std::uint32_t recording_rate() const { return recording_rate_ == 0 ? 8000 : recording_rate_; }

 private:
  struct Tone {
    double hz;
    Millis run{0};
    Millis longest{0};
    int misses = 0;
  };
  void listen_for(Tone& tone, std::span<const std::int16_t> pcm, std::uint32_t rate, double energy);
  void store(std::span<const std::int16_t> pcm, std::uint32_t rate, TimePoint now);

  std::vector<Tone> tones_;
  const bool record_;
  int loud_frames_ = 0;
  bool heard_something_ = false;
  std::optional<TimePoint> last_loud_;
  std::vector<std::int16_t> recording_;
  std::uint32_t recording_rate_ = 0;
  std::optional<TimePoint> last_frame_;
};

/// The share of `pcm`'s energy that lies at `hz`, 0 to 1, for a window of 20 ms about 50 Hz wide.
[[nodiscard]] double tone_share(std::span<const std::int16_t> pcm, std::uint32_t sample_rate_hz, double hz);

}  // namespace tandem::phone
