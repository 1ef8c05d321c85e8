// The plays of one stream: which 20 ms payload comes next, from shared tracks that may still grow.
#pragma once

#include <cstdint>
#include <deque>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "base/function.h"
#include "media/api/engine.h"

namespace tandem::media {

/// One accepted play. Its tracks come later, one by one, from the encode pool.
struct Play {
  PlayId id = 0;
  PlaySpec spec;
  /// Of the current codec, as far as prepared; shared with the prompts' cache and other calls.
  std::vector<std::shared_ptr<const EncodedTrack>> tracks;
  bool paused = false;
  bool started = false;
  std::size_t item = 0;
  std::size_t frame = 0;
  std::size_t mark = 0;  // The next of the item.
  std::uint32_t loops_done = 0;
  std::size_t skip_frames = 0;  // Of the offset, still to be skipped.
  std::int64_t played = 0;      // Frames.
  std::int64_t played_this_loop = 0;
};

/// Runs on the media worker; tells of starts and ends through `Events`, which post to the control thread.
class PlayQueue {
 public:
  struct Events {
    Function<void(PlayId)> started;
    /// With the milliseconds that were played before it.
    Function<void(PlayId, const std::string&, std::int64_t)> mark;
    /// Owns the play, so that its tracks are let go of on the thread that takes the event.
    Function<void(std::unique_ptr<Play>, PlayResult)> ended;
  };
  explicit PlayQueue(Events events) : events_(std::move(events)) {}

  void add(PlayId id, PlaySpec spec);
  void stop(PlayId id);
  void pause(PlayId id, bool paused);
  void fail(PlayId id, std::string error);
  /// A track for item `index`; ignored if it is of another codec than the current one.
  void set_track(PlayId id, std::size_t index, std::shared_ptr<const EncodedTrack> track);
  /// Plays go on in `codec` as soon as its tracks come.
  void set_codec(model::Codec codec);
  void close();
  /// Milliseconds played; -1 if unknown.
  [[nodiscard]] std::int64_t position_ms(PlayId id) const;
  [[nodiscard]] const std::deque<std::unique_ptr<Play>>& plays() const { return plays_; }

  /// The payload for this tick; nothing when nothing is played, paused or ready.
  std::optional<std::span<const std::uint8_t>> next();

 private:
  enum class Step : std::uint8_t { again, wait, finished, failed, max_duration };
  Step advance(Play& play, std::span<const std::uint8_t>& out, std::string& error);
  Step next_item(Play& play, std::string& error);
  void pass_marks(Play& play, std::size_t frame, std::int64_t played);
  void end(std::size_t index, PlayEnd how, std::string error);
  [[nodiscard]] std::size_t find(PlayId id) const;

  Events events_;
  model::Codec codec_ = model::Codec::pcmu;
  std::deque<std::unique_ptr<Play>> plays_;
};

}  // namespace tandem::media
