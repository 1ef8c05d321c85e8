// The audio of one room: what each member hears, from what each member says. Knows no sockets and no clock.
#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <unordered_map>
#include <vector>

#include "media/api/mixer.h"
#include "media/api/stream_tap.h"
#include "media/codec/codec.h"
#include "media/mixer/frame_converter.h"
#include "media/mixer/kernels.h"
#include "media/mixer/limiter.h"
#include "media/mixer/loudest.h"
#include "media/mixer/speech_detector.h"

namespace tandem::media {

/// One frame of what is played to the room.
struct RoomPlayFrame {
  std::span<const std::uint8_t> payload;  ///< Of play_codec().
  std::span<const std::int16_t> pcm;      ///< The same, decoded.
};

/// Members say() something, then mix(), then they hear. Whom many hear is summed once, for 8 and for 16 kHz;
/// what many hear is encoded once for each codec. One thread. Allocates when members and matrix change, not
/// in say(), mix() and what follows it.
class RoomMix {
 public:
  struct Member;  ///< Opaque: room_member.h is for this folder.
  static constexpr std::size_t kMaxFrame = 320;
  using Frame = std::array<std::int16_t, kMaxFrame>;

  /// `max_mixed` as in RoomOptions.
  explicit RoomMix(std::uint32_t max_mixed, const Kernels& kernels = best_kernels());
  ~RoomMix();
  RoomMix(const RoomMix&) = delete;
  RoomMix& operator=(const RoomMix&) = delete;

  /// `id` must not be a member. Valid until remove().
  Member& add(const StreamId& id, MemberAudio audio, model::Codec codec);
  /// True if it spoke.
  bool remove(Member& member);
  void set_audio(Member& member, MemberAudio audio);
  void set_codec(Member& member, model::Codec codec);
  [[nodiscard]] std::size_t size() const { return members_.size(); }
  /// Null if it is none.
  [[nodiscard]] Member* find(const StreamId& id) const;
  /// One who hears all listens, who is no member: common() and said_to_all() are asked for.
  void set_recorded(bool recorded);
  /// Whether anybody could hear it, a recording included.
  [[nodiscard]] static bool audible(const Member& member);
  [[nodiscard]] static const MemberAudio& audio(const Member& member);
  /// Members that hear what is played to the room.
  [[nodiscard]] std::size_t play_listeners() const { return play_listeners_; }
  /// The codec whose tracks the room's plays need: the best that a member has.
  [[nodiscard]] model::Codec play_codec() const { return play_codec_; }

  /// The member's frame for the next mix, at its codec's rate; empty: nothing. Whether it now speaks.
  Speech say(Member& member, std::span<const std::int16_t> pcm);
  /// A tone in its name, in place of its voice: mixed, but no speech.
  Speech say_tone(Member& member, std::span<const std::int16_t> pcm);
  /// The same as a long pause: `ceased` if it spoke.
  static Speech silence(Member& member);
  /// What the member says into the next mix, if everybody may hear it; valid until then.
  [[nodiscard]] static TapAudio said_to_all(const Member& member);
  /// Once each 20 ms.
  void mix(const std::optional<RoomPlayFrame>& play);

  // What is heard, until the next mix().
  /// By one who hears all and the plays, and says nothing: in the best band that a member has; empty:
  /// nothing.
  [[nodiscard]] TapAudio common();
  /// At its codec's rate; empty: nothing.
  [[nodiscard]] std::span<const std::int16_t> hear(Member& member);
  /// The same, encoded. Each member's at most once a mix.
  [[nodiscard]] std::span<const std::uint8_t> hear_encoded(Member& member);
  /// `pcm` in place of what hear() gave, for this member alone.
  [[nodiscard]] std::span<const std::uint8_t> encode(Member& member, std::span<const std::int16_t> pcm);

 private:
  using Sum = std::array<std::int32_t, kMaxFrame>;
  using Band = std::size_t;
  static constexpr Band kNarrow = 0;
  static constexpr Band kWide = 1;
  static constexpr std::size_t kBands = 2;
  using Class = std::size_t;  // Of what is heard.
  static constexpr Class kTalk = 0;
  static constexpr Class kTalkAndPlay = 1;
  static constexpr Class kPlay = 2;
  static constexpr std::size_t kClasses = 3;
  /// What many hear.
  struct Shared {
    std::uint64_t tick = 0;  // That it was made for.
    Frame pcm{};
    Limiter limiter;
  };
  struct Encoded {
    std::uint64_t tick = 0;
    std::unique_ptr<Encoder> encoder;
    std::array<std::uint8_t, 160> payload{};
  };
  struct Heard {
    enum class Kind : std::uint8_t { nothing, own, shared };
    Kind kind = Kind::nothing;
    Class what = kTalk;
  };

  // Matrix, room_matrix.cc.
  void matrix_changed();
  void resolve(const Audience& audience, std::vector<Member*>& out) const;
  void find_audible();

  void take_frame(Member& m, std::span<const std::int16_t> pcm);
  void choose();
  void leave_out(Member& m);
  void sum_base();
  void cross(Band from);
  void set_play(const std::optional<RoomPlayFrame>& play);
  void mix_for(Member& m);
  void mix_own(Member& m);
  /// Adds who is heard by `m`, apart from the base; true if there is anybody.
  bool add_extras(Member& m, Sum& sum);
  void add_to(Member& m, const Member& speaker, Sum& sum, Sum& other, bool& crossed);
  void put_play_over(Sum& sum, Band band) const;
  [[nodiscard]] Heard heard(const Member& m) const;
  Shared& shared(Class what, Band band);
  [[nodiscard]] static std::size_t samples(Band b) { return b == kWide ? 320 : 160; }
  [[nodiscard]] static std::uint32_t rate(Band b) { return b == kWide ? 16'000 : 8000; }

  const std::size_t max_mixed_;
  const Kernels& kernels_;
  std::vector<std::unique_ptr<Member>> members_;
  std::unordered_map<StreamId, Member*> by_id_;
  std::vector<Member*> custom_;  // Those who do not hear everyone.
  std::array<std::size_t, kBands> in_band_{};
  std::size_t play_listeners_ = 0;
  bool recorded_ = false;
  model::Codec play_codec_ = model::Codec::pcmu;

  std::uint64_t tick_ = 1;
  std::vector<Member*> said_;  // Since the last mix. All three have room for all members.
  std::vector<Member*> extras_;
  std::vector<Candidate> candidates_;
  std::array<Sum, kBands> base_{};    // Of those who are heard by everyone, by their band.
  std::array<Sum, kBands> common_{};  // The same for listeners of a band.
  std::array<std::size_t, kBands> base_speakers_{};
  std::array<std::uint32_t, kBands> cross_tail_{};  // Frames that the converter is still to be fed.
  std::array<std::unique_ptr<FrameConverter>, kBands> to_other_;  // From each band; while there are both.
  std::unique_ptr<FrameConverter> play_to_other_;
  std::array<Frame, kBands> play_{};
  std::span<const std::uint8_t> play_payload_;
  bool playing_ = false;
  float duck_from_ = 1;  // Level of the talk under a play, over this tick.
  float duck_to_ = 1;
  std::array<std::array<Shared, kBands>, kClasses> shared_;
  std::array<std::array<Encoded, 3>, kClasses> encoded_;
};

}  // namespace tandem::media
