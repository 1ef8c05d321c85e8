// A member as its room's mix keeps it.
#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <vector>

#include "media/mixer/room_mix.h"

namespace tandem::media {

struct RoomMix::Member {
  Member(const StreamId& stream, MemberAudio wanted) : id(stream), audio(std::move(wanted)) {}

  const StreamId id;
  MemberAudio audio;
  model::Codec codec = model::Codec::pcmu;
  Band band = kNarrow;
  bool heard_by_all = true;
  bool hears_all = true;
  bool audible = false;
  bool said = false;   // Is in said_.
  bool fresh = false;  // The same, and not left out.
  bool tone = false;
  std::uint64_t mixed_tick = 0;
  std::uint64_t chosen_tick = 0;  // Among the loudest.
  std::uint64_t own_tick = 0;
  bool own_talk = false;          // own_pcm holds somebody's voice.
  std::vector<Member*> hears;     // Sorted; with `only`.
  std::vector<Member*> heard_by;  // Sorted; with `only`.
  SpeechDetector detector;
  Limiter limiter;
  std::unique_ptr<Encoder> encoder;
  std::unique_ptr<FrameConverter> converter;  // From the other band; only for who is not like all.
  Frame frame{};
  Frame own_pcm{};
  std::array<std::uint8_t, 160> payload{};

  /// Whether its heard_by covers `listener`.
  [[nodiscard]] bool covered_by(const Member& listener) const;
};

}  // namespace tandem::media
