#include "media/engine/room.h"

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
}

RoomMix::Member& Room::enter(RoomSeat& seat, const StreamId& id, MemberAudio audio, model::Codec codec) {
  seats_.push_back(&seat);
  RoomMix::Member& member = mix_.add(id, std::move(audio), codec);
  refresh();
  return member;
}

void Room::leave(RoomSeat& seat, const StreamId& id, RoomMix::Member& member) {
  std::erase(seats_, &seat);
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

void Room::tick() {
  mix_.mix(next_play());
}

}  // namespace tandem::media
