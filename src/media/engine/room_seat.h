// A stream's place in a room: its voice into the mix, the mix and its own plays out to it.
#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>

#include "media/dtmf/generator.h"
#include "media/engine/room.h"
#include "media/engine/under_play.h"

namespace tandem::media {

/// On the room's worker; owned by the stream. Leaves the room when destroyed. Allocates in commands, not in
/// ticks, but for a key press now and then.
class RoomSeat {
 public:
  RoomSeat(Room& room, const StreamId& id, MemberAudio audio, model::Codec codec);
  RoomSeat(const RoomSeat&) = delete;
  RoomSeat& operator=(const RoomSeat&) = delete;
  ~RoomSeat();

  /// Null once the room was closed.
  [[nodiscard]] const Room* room() const { return room_; }
  void set_audio(MemberAudio audio);
  void set_codec(model::Codec codec);
  /// Plays of its own or a gain will follow.
  void prepare_extras();

  /// A key goes down and is let go (RFC 4733, INFO): a tone in the mix if the member passes digits, silence
  /// otherwise. Whatever its own audio holds of the key, up to `until`, is left out.
  void press(char digit);
  void let_go(std::uint32_t duration_ms, TimePoint until);
  /// Each tick: what the member says, empty for nothing. `key_in_audio`: it holds a tone that was detected.
  void say(std::span<const std::int16_t> pcm, bool key_in_audio, TimePoint now);
  /// The payload for this tick; nothing when nothing is heard. `play`: one of the member's codec, over what
  /// it hears. Valid until the next call.
  std::optional<std::span<const std::uint8_t>> next(std::optional<std::span<const std::uint8_t>> play,
                                                    const AudioControl& audio);

  // For Room.
  void room_gone() { room_ = nullptr; }
  /// Reports that it does not speak any more.
  void cease();

 private:
  std::span<const std::uint8_t> with_extras(std::optional<std::span<const std::uint8_t>> play,
                                            double gain_db);
  void make_tones();
  [[nodiscard]] std::size_t frame() const { return model::traits(codec_).sample_rate_hz / 50; }

  Room* room_;
  const StreamId id_;
  model::Codec codec_;
  RoomMix::Member* member_;
  std::unique_ptr<Decoder> play_decoder_;  // With plays of its own, or a gain.
  UnderPlay under_play_;
  std::unique_ptr<DtmfGenerator> tones_;  // While it passes digits.
  bool pressed_ = false;
  TimePoint quiet_until_{};
};

}  // namespace tandem::media
