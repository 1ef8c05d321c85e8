// A room on its media worker: its mix, what is played to it, and who is told of it.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <vector>

#include "base/clock.h"
#include "base/function.h"
#include "media/api/stream_tap.h"
#include "media/engine/play_queue.h"
#include "media/engine/reporter.h"
#include "media/mixer/room_mix.h"

namespace tandem::media {

/// A room's name inside the engine: never used twice.
using RoomKey = std::uint64_t;
class RoomSeat;

/// On the media worker, except the constructor. Members' seats let go of it when either ends.
class Room {
 public:
  /// `prepare` has the tracks of a play made for the codec.
  using Prepare = Function<void(const Play&, model::Codec)>;
  Room(const RoomId& id, RoomOptions options, Reporter reporter, Prepare prepare);
  Room(const Room&) = delete;
  Room& operator=(const Room&) = delete;
  ~Room();

  void play(PlayId play, PlaySpec spec);
  [[nodiscard]] PlayQueue& plays() { return plays_; }
  /// Ends the plays; members hear silence from now on. The room is to be destroyed after it.
  void close();
  /// As Mixer::add_room_tap().
  void add_tap(std::optional<StreamId> member, std::shared_ptr<StreamTap> tap);
  void remove_tap(const StreamTap& tap);
  /// Every 20 ms: the next mix. `at`: when it was due.
  void tick(TimePoint at);
  [[nodiscard]] std::size_t size() const { return mix_.size(); }

  // For RoomSeat.
  RoomMix::Member& enter(RoomSeat& seat, const StreamId& id, MemberAudio audio, model::Codec codec);
  void leave(RoomSeat& seat, const StreamId& id, RoomMix::Member& member);
  /// The mix's matrix or codecs changed.
  void refresh();
  void report(const StreamId& member, Speech change) const;
  [[nodiscard]] RoomMix& mix() { return mix_; }

 private:
  struct Tap {
    std::shared_ptr<StreamTap> tap;     // Shared with the recorder's thread, which takes the frames out.
    std::optional<StreamId> who;        // Nothing: the mix.
    RoomMix::Member* member = nullptr;  // While it is there.
  };
  std::optional<RoomPlayFrame> next_play();
  void tap_voices(TimePoint at);
  void tap_mix(TimePoint at);

  const RoomId id_;
  const RoomOptions options_;
  const Reporter reporter_;
  Prepare prepare_;
  RoomMix mix_;
  PlayQueue plays_;
  model::Codec codec_ = model::Codec::pcmu;  // Of the plays.
  std::unique_ptr<Decoder> decoder_;
  std::array<std::int16_t, RoomMix::kMaxFrame> play_pcm_{};
  std::optional<PlayId> untold_;  // Began, but nobody heard it yet.
  std::vector<RoomSeat*> seats_;
  std::vector<Tap> taps_;
};

}  // namespace tandem::media
