// Conferences as the call core wants them of the media engine: rooms in which streams hear each other.
//
// Threads as for Engine: commands from the control thread return at once and are carried out in order on the
// room's media worker, to which its members' streams are brought; observer methods come on the executor of
// the engine's observer. A command for a room, member or play that is gone does nothing.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "media/api/engine.h"
#include "model/ids.h"

namespace tandem::media {

using RoomId = model::ConferenceId;

struct RoomOptions {
  /// Most members whose audio is mixed at once: the loudest, with hysteresis. 0: all who speak.
  std::uint32_t max_mixed = 0;
  /// Reports on_speaking() for members; off saves the work of telling.
  bool report_speakers = true;
};

/// Who of the room an audio direction concerns.
struct Audience {
  enum class Kind : std::uint8_t {
    everyone,  ///< All members but oneself, also those that come later.
    nobody,
    only  ///< The members listed, as far as they are there.
  };
  Kind kind = Kind::everyone;
  std::vector<StreamId> members;  ///< With `only`.
  friend bool operator==(const Audience&, const Audience&) = default;
};

/// One row and one column of the room's matrix: `speaker` is heard by `listener` if and only if
/// speaker.heard_by covers the listener and listener.hears covers the speaker, and the two are not the same.
struct MemberAudio {
  Audience heard_by;
  Audience hears;
  bool hears_plays = true;  ///< What is played to the whole room.
  /// Digits that the member presses (RFC 4733, INFO) are heard by the room as tones (by those that hear the
  /// member; muted or not); otherwise they are only reported. Either way no member hears them twice:
  /// meanwhile its voice is left out. In-band tones pass as they are, or, where they are detected
  /// (set_inband_digits), but for their first 40 ms or so not at all.
  bool passes_digits = false;
  friend bool operator==(const MemberAudio&, const MemberAudio&) = default;
};

class MixerObserver {
 public:
  MixerObserver() = default;
  MixerObserver(const MixerObserver&) = delete;
  MixerObserver& operator=(const MixerObserver&) = delete;
  virtual ~MixerObserver() = default;

  /// A member whom somebody may hear (or a recording) begins or ceases to speak (hysteresis: neither for a
  /// cough nor for a breath). A member that leaves or may not be heard any more while speaking ceases first.
  virtual void on_speaking(const RoomId& room, const StreamId& member, bool speaking) = 0;
  /// The first packet with the play goes to a member; not called for a play that no member heard.
  virtual void on_room_play_started(const RoomId& room, PlayId play) = 0;
  /// Exactly once for each play_to_room(); with stream_closed when the room closed first. An empty room plays
  /// on in its own time.
  virtual void on_room_play_ended(const RoomId& room, PlayId play, PlayResult result) = 0;
};

class Mixer {
 public:
  Mixer() = default;
  Mixer(const Mixer&) = delete;
  Mixer& operator=(const Mixer&) = delete;
  virtual ~Mixer() = default;

  virtual void open_room(const RoomId& room, RoomOptions options) = 0;
  /// Members stay open and hear silence; pending plays end.
  virtual void close_room(const RoomId& room) = 0;

  /// The stream hears the room instead of silence; ends a connection or another membership of it. For a
  /// member of the room it is set_member(). Its own
  /// plays (Engine::play) are heard by itself only, over the room, as in a connection. Engine::set_audio
  /// holds: gain_in_db is how loud the member is for others, mute_in makes it unheard, gain_out_db and
  /// mute_out are for what it hears. Engine::disconnect() takes it out of the room; closing the stream does
  /// too.
  virtual void join_room(const RoomId& room, const StreamId& member, MemberAudio audio) = 0;
  virtual void set_member(const RoomId& room, const StreamId& member, MemberAudio audio) = 0;

  /// Plays to all members with `hears_plays`, mixed over the talk, which is 12 dB quieter meanwhile. Plays of
  /// a room follow one another.
  virtual void play_to_room(const RoomId& room, PlayId play, PlaySpec spec) = 0;
  virtual void stop_room_play(const RoomId& room, PlayId play) = 0;

  /// For a recording. Without `member`: the mix, as one would hear it who hears all and says nothing, plays
  /// included. With `member`: what this one says, where everybody may hear it; silence while it is away, now
  /// or later. As `said` of StreamTap::frame(), each 20 ms, with the exact time at which the tick was due,
  /// which is one for all taps of the room. Several may be there at once; shared as in Engine::add_tap(). A
  /// room that closes says so to its taps and lets go of them.
  virtual void add_room_tap(const RoomId& room, std::optional<StreamId> member,
                            std::shared_ptr<StreamTap> tap) = 0;
  virtual void remove_room_tap(const RoomId& room, const std::shared_ptr<StreamTap>& tap) = 0;
};

}  // namespace tandem::media
