// Two streams connected: who hears what, by which path, and digits passed on.
#include "media/engine/stream.h"

namespace tandem::media {
namespace {
// The peer counts as silent after that; its jitter buffer is empty by then.
constexpr Duration kSilentAfter = std::chrono::milliseconds(300);
}  // namespace

void Stream::connect(Stream& a, Stream& b, Connection what) {
  if (&a == &b) return;
  a.leave_room();
  b.leave_room();
  if (a.peer_ != &b) {
    a.disconnect();
    b.disconnect();
    a.peer_ = &b;
    b.peer_ = &a;
    a.heard_ = std::make_unique<PeerAudio>();
    b.heard_ = std::make_unique<PeerAudio>();
  }
  a.hears_peer_ = what.b_to_a;
  b.hears_peer_ = what.a_to_b;
  a.refresh_route();
  b.refresh_route();
}

void Stream::disconnect() {
  leave_room();
  if (peer_ == nullptr) return;
  for (Stream* s : {this, peer_}) {
    s->receiver_.set_wanted(Receiver::Wanted::nothing);
    s->heard_.reset();
    s->digits_.let_go(0);  // Nobody would tell when a key is let go.
  }
  peer_->peer_ = nullptr;
  peer_ = nullptr;
}

PeerAudio::Route Stream::wanted_route() const {
  PeerAudio::Route r;
  if (!hears_peer_ || !media_ || !peer_->media_) return r;
  if (!model::sends(media_->direction) || !model::receives(peer_->media_->direction)) return r;
  if (audio_.mute_out || peer_->audio_.mute_in) return r;
  r.from = peer_->media_->codec;
  r.to = media_->codec;
  const bool untouched = r.from == r.to && audio_.gain_out_db == 0 && peer_->audio_.gain_in_db == 0;
  r.path = untouched && plays_.plays().empty() ? PeerAudio::Path::relay : PeerAudio::Path::pcm;
  return r;
}

void Stream::refresh_route() {
  const PeerAudio::Route r = wanted_route();
  if (r != heard_->route()) heard_->set_route(r);
  // A recording of relayed packets decodes copies of them.
  const bool copied = r.path == PeerAudio::Path::relay && taps_ != nullptr;
  peer_->receiver_.set_wanted(r.path == PeerAudio::Path::pcm || copied ? Receiver::Wanted::all
                                                                       : Receiver::Wanted::nothing);
}

void Stream::relay(const RtpPacket& packet, std::span<std::uint8_t> datagram, TimePoint now,
                   PacketCounters& counters) {
  refresh_route();
  // Digits go before audio, as they do before plays.
  if (heard_->route().path != PeerAudio::Path::relay || !digits_.idle() || !rtp_to_.usable()) return;
  heard_->on_relayed(now);
  const auto out = sender_.relayed(packet, datagram);
  if (!out.empty()) send_packet(out, counters);
}

void Stream::pass_on(std::span<const std::int16_t> pcm, TimePoint now) {
  const auto last = receiver_.last_audio();
  if (!last || now - *last >= kSilentAfter) return;
  peer_->heard_->hear(pcm);
  const bool relays = peer_->heard_->route().path == PeerAudio::Path::relay;
  if (relays && peer_->taps_ != nullptr)
    peer_->taps_->relayed({pcm, model::traits(media_->codec).sample_rate_hz});
}

bool Stream::takes_digits() const {
  return hears_peer_ && media_ && model::sends(media_->direction) && rtp_to_.usable();
}

void Stream::on_pressed(char digit) {
  if (seat_) seat_->press(digit);
  if (peer_ != nullptr && peer_->takes_digits()) peer_->digits_.press(digit);
}

void Stream::on_let_go(std::uint32_t duration_ms) {
  if (seat_) seat_->let_go(duration_ms, clock_.now() + std::chrono::milliseconds(receiver_.delay_ms()));
  if (peer_ != nullptr) peer_->digits_.let_go(duration_ms);
}

void Stream::join(Room& room, MemberAudio audio) {
  disconnect();
  seat_ = std::make_unique<RoomSeat>(room, id_, std::move(audio), codec());
  receiver_.set_wanted(Receiver::Wanted::speech);
  if (!plays_.plays().empty() || audio_.gain_out_db != 0) seat_->prepare_extras();
}

void Stream::leave_room() {
  if (!seat_) return;
  seat_.reset();
  receiver_.set_wanted(Receiver::Wanted::nothing);
}

void Stream::set_member(const Room& room, MemberAudio audio) {
  if (seat_ && seat_->room() == &room) seat_->set_audio(std::move(audio));
}

void Stream::say_to_room(std::span<const std::int16_t> pcm, TimePoint now) {
  const bool unheard = audio_.mute_in || receiver_.in_silence() || !model::receives(media_->direction);
  seat_->say(unheard ? std::span<const std::int16_t>{} : pcm, receiver_.key_in_audio(), now);
}

void Stream::add_play(PlayId play, PlaySpec spec) {
  plays_.add(play, std::move(spec));
  if (seat_) seat_->prepare_extras();
}

}  // namespace tandem::media
