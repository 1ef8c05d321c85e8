#include "media/engine/room.h"

#include <algorithm>

#include "media/engine/room_seat.h"

namespace tandem::media {

Room::Room(const RoomId& id, RoomOptions options, Reporter reporter, Prepare prepare)
    : id_(id),
      options_(options),
      reporter_(std::move(reporter)),
      prepare_(std::move(prepare)),
      mix_(options.max_mixed),
      plays_({[this](PlayId play) { untold_ = play; }, [](PlayId, const std::string&, std::int64_t) {},
              [this](std::unique_ptr<Play> play, PlayResult result) {
                if (untold_ == play->id) untold_.reset();
                reporter_.post_of_room(
                    [room = id_, p = std::move(play), r = std::move(result)](MixerObserver& o) mutable {
                      o.on_room_play_ended(room, p->id, std::move(r));
                    });
              }}),
      decoder_(make_decoder(codec_)) {}

Room::~Room() {
  for (RoomSeat* seat : seats_) seat->room_gone();
}

void Room::play(PlayId play, PlaySpec spec) {
  plays_.add(play, std::move(spec));
  prepare_(*plays_.plays().back(), codec_);
}

void Room::close() {
  plays_.close();
  for (RoomSeat* seat : seats_) seat->cease();
  for (const Tap& t : taps_) t.tap->closed();
  taps_.clear();
}

void Room::add_tap(std::optional<StreamId> member, std::shared_ptr<StreamTap> tap) {
  RoomMix::Member* found = member ? mix_.find(*member) : nullptr;
  taps_.push_back({std::move(tap), std::move(member), found});
  mix_.set_recorded(true);
}

void Room::remove_tap(const StreamTap& tap) {
  std::erase_if(taps_, [&tap](const Tap& t) { return t.tap.get() == &tap; });
  mix_.set_recorded(!taps_.empty());
}

RoomMix::Member& Room::enter(RoomSeat& seat, const StreamId& id, MemberAudio audio, model::Codec codec) {
  seats_.push_back(&seat);
  RoomMix::Member& member = mix_.add(id, std::move(audio), codec);
  for (Tap& t : taps_) {
    if (t.who == id) t.member = &member;
  }
  refresh();
  return member;
}

void Room::leave(RoomSeat& seat, const StreamId& id, RoomMix::Member& member) {
  std::erase(seats_, &seat);
  for (Tap& t : taps_) {
    if (t.member == &member) t.member = nullptr;
  }
  if (mix_.remove(member)) report(id, Speech::ceased);
  refresh();
}

void Room::refresh() {
  if (mix_.play_codec() == codec_) return;
  codec_ = mix_.play_codec();
  decoder_ = make_decoder(codec_);
  plays_.set_codec(codec_);
  for (const auto& p : plays_.plays()) prepare_(*p, codec_);
}

void Room::report(const StreamId& member, Speech change) const {
  if (change == Speech::unchanged || !options_.report_speakers) return;
  reporter_.post_of_room([room = id_, member, began = change == Speech::began](MixerObserver& o) {
    o.on_speaking(room, member, began);
  });
}

std::optional<RoomPlayFrame> Room::next_play() {
  const auto payload = plays_.next();
  if (!payload) return std::nullopt;
  const std::size_t n = decoder_->decode(*payload, play_pcm_);
  if (untold_ && mix_.play_listeners() > 0) {
    reporter_.post_of_room(
        [room = id_, play = *untold_](MixerObserver& o) { o.on_room_play_started(room, play); });
    untold_.reset();
  }
  return RoomPlayFrame{*payload, std::span(play_pcm_).first(n)};
}

void Room::tap_voices(TimePoint at) {
  for (const Tap& t : taps_) {
    if (!t.who) continue;
    t.tap->frame(at, t.member == nullptr ? TapAudio{} : RoomMix::said_to_all(*t.member), {});
  }
}

void Room::tap_mix(TimePoint at) {
  std::optional<TapAudio> mix;
  for (const Tap& t : taps_) {
    if (t.who) continue;
    if (!mix) mix = mix_.common();
    t.tap->frame(at, *mix, {});
  }
}

void Room::tick(TimePoint at) {
  if (taps_.empty()) return mix_.mix(next_play());
  tap_voices(at);
  mix_.mix(next_play());
  tap_mix(at);
}

}  // namespace tandem::media
