#include "media/engine/room_seat.h"

#include <algorithm>

#include "media/engine/listener.h"

namespace tandem::media {
namespace {
constexpr std::uint32_t kLongestPressMs = 6000;
constexpr std::uint32_t kShortestPressMs = 60;
constexpr std::uint32_t kGapMs = 40;
constexpr Duration kTail = std::chrono::milliseconds(40);
}  // namespace

RoomSeat::RoomSeat(Room& room, const StreamId& id, MemberAudio audio, model::Codec codec)
    : room_(&room), id_(id), codec_(codec), member_(&room.enter(*this, id, std::move(audio), codec)) {
  make_tones();
}

RoomSeat::~RoomSeat() {
  if (room_ != nullptr) room_->leave(*this, id_, *member_);
}

void RoomSeat::make_tones() {
  const bool passes = RoomMix::audio(*member_).passes_digits;
  if (!passes) tones_.reset();
  if (passes && !tones_) tones_ = std::make_unique<DtmfGenerator>(model::traits(codec_).sample_rate_hz);
}

void RoomSeat::set_audio(MemberAudio audio) {
  if (room_ == nullptr) return;
  room_->mix().set_audio(*member_, std::move(audio));
  make_tones();
  room_->refresh();
}

void RoomSeat::set_codec(model::Codec codec) {
  if (room_ == nullptr || codec == codec_) return;
  codec_ = codec;
  room_->mix().set_codec(*member_, codec);
  tones_.reset();
  make_tones();
  if (std::exchange(play_decoder_, nullptr)) prepare_extras();
  room_->refresh();
}

void RoomSeat::prepare_extras() {
  if (!play_decoder_) play_decoder_ = make_decoder(codec_);
}

void RoomSeat::press(char digit) {
  pressed_ = true;
  if (!tones_) return;
  tones_->clear();
  tones_->add(std::string_view(&digit, 1), kLongestPressMs, kGapMs);
}

void RoomSeat::let_go(std::uint32_t duration_ms, TimePoint until) {
  pressed_ = false;
  quiet_until_ = until + kTail;
  if (tones_) tones_->cut(std::clamp(duration_ms, kShortestPressMs, kLongestPressMs));
}

void RoomSeat::cease() {
  if (room_ != nullptr) room_->report(id_, room_->mix().silence(*member_));
}

void RoomSeat::say(std::span<const std::int16_t> pcm, bool key_in_audio, TimePoint now) {
  if (room_ == nullptr) return;
  RoomMix& mix = room_->mix();
  if (tones_ && !tones_->idle()) {
    std::array<std::int16_t, RoomMix::kMaxFrame> tone{};
    const auto out = std::span(tone).first(frame());
    tones_->fill(out);
    room_->report(id_, mix.say_tone(*member_, out));
    return;
  }
  // A tone in the audio passes as it is, or not at all.
  const bool key = pressed_ || now < quiet_until_ || (key_in_audio && !tones_);
  room_->report(id_, mix.say(*member_, key ? std::span<const std::int16_t>{} : pcm));
}

std::optional<std::span<const std::uint8_t>> RoomSeat::next(std::optional<std::span<const std::uint8_t>> play,
                                                            const AudioControl& audio) {
  if (room_ == nullptr || audio.mute_out) return std::nullopt;
  if (play || audio.gain_out_db != 0 || !under_play_.at_rest()) return with_extras(play, audio.gain_out_db);
  const auto payload = room_->mix().hear_encoded(*member_);
  if (payload.empty()) return std::nullopt;
  return payload;
}

std::span<const std::uint8_t> RoomSeat::with_extras(std::optional<std::span<const std::uint8_t>> play,
                                                    double gain_db) {
  std::array<std::int16_t, RoomMix::kMaxFrame> pcm{};
  const auto out = std::span(pcm).first(frame());
  const auto room = room_->mix().hear(*member_);
  std::copy_n(room.begin(), std::min(room.size(), out.size()), out.begin());
  std::array<std::int16_t, RoomMix::kMaxFrame> over{};
  std::size_t decoded = 0;
  if (play) {
    prepare_extras();
    decoded = play_decoder_->decode(*play, std::span(over).first(frame()));
  }
  if (play || !under_play_.at_rest()) under_play_.mix(out, std::span(over).first(decoded));
  if (gain_db != 0) apply_gain(out, gain_db);
  return room_->mix().encode(*member_, out);
}

}  // namespace tandem::media
