#include "media/mixer/room_mix.h"

#include <algorithm>

#include "media/mixer/room_member.h"

namespace tandem::media {
namespace {
constexpr float kUnderPlay = 0.25F;  // -12 dB, as for a play over a connected peer.
constexpr std::uint32_t kCrossTail = 2;
constexpr float kToneLoudness = 1e12F;  // A key is pressed for somebody to hear it.

void fade(std::span<std::int16_t> frame, float from, float to) {
  const float step = (to - from) / static_cast<float>(frame.size());
  float gain = from;
  for (std::int16_t& s : frame) {
    gain += step;
    s = static_cast<std::int16_t>(static_cast<float>(s) * gain);
  }
}
}  // namespace

RoomMix::RoomMix(std::uint32_t max_mixed, const Kernels& kernels) : max_mixed_(max_mixed), kernels_(kernels) {
  for (auto& of_class : encoded_) {
    for (std::size_t c = 0; c < of_class.size(); ++c)
      of_class[c].encoder = make_encoder(static_cast<model::Codec>(c));
  }
}

RoomMix::~RoomMix() = default;

RoomMix::Member& RoomMix::add(const StreamId& id, MemberAudio audio, model::Codec codec) {
  Member& m = *members_.emplace_back(std::make_unique<Member>(id, std::move(audio)));
  by_id_.emplace(id, &m);
  m.codec = codec;
  m.band = codec == model::Codec::g722 ? kWide : kNarrow;
  m.encoder = make_encoder(codec);
  matrix_changed();
  return m;
}

bool RoomMix::remove(Member& member) {
  const bool spoke = member.detector.speaking();
  leave_out(member);
  std::erase(said_, &member);
  by_id_.erase(member.id);
  std::erase_if(members_, [&](const auto& m) { return m.get() == &member; });
  matrix_changed();
  return spoke;
}

void RoomMix::set_audio(Member& member, MemberAudio audio) {
  member.audio = std::move(audio);
  matrix_changed();
}

void RoomMix::set_codec(Member& member, model::Codec codec) {
  if (member.codec == codec) return;
  member.codec = codec;
  member.band = codec == model::Codec::g722 ? kWide : kNarrow;
  member.encoder = make_encoder(codec);
  member.converter.reset();
  member.own_tick = 0;
  leave_out(member);
  matrix_changed();
}

RoomMix::Member* RoomMix::find(const StreamId& id) const {
  const auto at = by_id_.find(id);
  return at == by_id_.end() ? nullptr : at->second;
}

bool RoomMix::audible(const Member& member) {
  return member.audible;
}
const MemberAudio& RoomMix::audio(const Member& member) {
  return member.audio;
}

// Its frame is not to be mixed, though it is in said_.
void RoomMix::leave_out(Member& m) {
  m.fresh = false;
  m.mixed_tick = 0;
}

void RoomMix::take_frame(Member& m, std::span<const std::int16_t> pcm) {
  std::copy_n(pcm.begin(), samples(m.band), m.frame.begin());
  m.fresh = true;
  m.tone = false;
  if (!std::exchange(m.said, true)) said_.push_back(&m);
}

Speech RoomMix::say(Member& m, std::span<const std::int16_t> pcm) {
  m.fresh = false;
  if (!m.audible) return m.detector.reset();
  if (pcm.size() != samples(m.band)) return m.detector.feed(0);
  const std::uint64_t energy = kernels_.energy(pcm.data(), pcm.size());
  if (energy > 0) take_frame(m, pcm);
  return m.detector.feed(static_cast<float>(energy) / static_cast<float>(pcm.size()));
}

Speech RoomMix::say_tone(Member& m, std::span<const std::int16_t> pcm) {
  m.fresh = false;
  if (!m.audible) return m.detector.reset();
  if (pcm.size() == samples(m.band)) take_frame(m, pcm);
  m.tone = true;
  return m.detector.feed(0);
}

Speech RoomMix::silence(Member& m) {
  m.fresh = false;
  return m.detector.reset();
}

TapAudio RoomMix::said_to_all(const Member& m) {
  if (!m.said || !m.fresh || !m.heard_by_all) return {};
  return {std::span(m.frame).first(samples(m.band)), rate(m.band)};
}

// Leaves in said_ those who are mixed: all, or the loudest.
void RoomMix::choose() {
  std::erase_if(said_, [](Member* m) {
    m->said = false;
    return !m->fresh;
  });
  const std::uint64_t before = tick_ - 1;
  if (max_mixed_ > 0 && said_.size() > max_mixed_) {
    candidates_.clear();
    for (std::size_t i = 0; i < said_.size(); ++i)
      candidates_.push_back({said_[i]->tone ? kToneLoudness : said_[i]->detector.loudness(),
                             said_[i]->chosen_tick == before, i});
    loudest_first(candidates_, max_mixed_);
    for (std::size_t i = 0; i < candidates_.size(); ++i) {
      Member& m = *said_[candidates_[i].index];
      const auto frame = std::span(m.frame).first(samples(m.band));
      if (i < max_mixed_) {
        m.chosen_tick = tick_;
        if (!candidates_[i].was_in) fade(frame, 0, 1);
      } else if (candidates_[i].was_in) {
        fade(frame, 1, 0);
      } else {
        m.said = true;  // Marks it for the erasing below.
      }
    }
    std::erase_if(said_, [](Member* m) { return std::exchange(m->said, false); });
  } else {
    for (Member* m : said_) m->chosen_tick = tick_;
  }
  for (Member* m : said_) m->mixed_tick = tick_;
}

void RoomMix::sum_base() {
  extras_.clear();
  base_speakers_ = {};
  for (const Band band : {kNarrow, kWide}) base_[band].fill(0);
  for (Member* m : said_) {
    if (m->heard_by_all) {
      ++base_speakers_[m->band];
      kernels_.accumulate(base_[m->band].data(), m->frame.data(), samples(m->band));
    } else {
      extras_.push_back(m);
    }
  }
  common_ = base_;
  cross(kNarrow);
  cross(kWide);
}

// Adds what is said in band `from` to what the other band hears.
void RoomMix::cross(Band from) {
  if (to_other_[from] == nullptr) return;
  if (base_speakers_[from] > 0) cross_tail_[from] = kCrossTail;
  if (cross_tail_[from] == 0) return;
  --cross_tail_[from];
  const Band to = from == kWide ? kNarrow : kWide;
  Frame in;
  Frame out;
  kernels_.saturate(base_[from].data(), in.data(), samples(from));
  to_other_[from]->convert(std::span(in).first(samples(from)), std::span(out).first(samples(to)));
  kernels_.accumulate(common_[to].data(), out.data(), samples(to));
}

void RoomMix::set_play(const std::optional<RoomPlayFrame>& play) {
  const bool wide = play && play->pcm.size() == samples(kWide);
  // Right after the room's codec changed, a frame may not fit it.
  playing_ = play && (wide ? in_band_[kWide] > 0 : play->pcm.size() == samples(kNarrow));
  duck_from_ = duck_to_;
  duck_to_ = playing_ ? kUnderPlay : 1;
  play_payload_ = playing_ ? play->payload : std::span<const std::uint8_t>();
  if (!playing_) return;
  std::copy(play->pcm.begin(), play->pcm.end(), play_[wide ? kWide : kNarrow].begin());
  if (wide && play_to_other_ != nullptr) {
    play_to_other_->convert(play->pcm, std::span(play_[kNarrow]).first(samples(kNarrow)));
  } else if (!wide) {
    play_[kWide].fill(0);
  }
}

void RoomMix::mix(const std::optional<RoomPlayFrame>& play) {
  ++tick_;
  choose();
  sum_base();
  set_play(play);
  for (Member* m : said_) mix_for(*m);
  for (Member* m : extras_) {
    for (Member* l : m->heard_by) mix_for(*l);
  }
  for (Member* m : custom_) mix_for(*m);
  said_.clear();
}

void RoomMix::mix_for(Member& m) {
  if (m.own_tick == tick_) return;
  m.own_tick = tick_;
  mix_own(m);
}

void RoomMix::add_to(Member& m, const Member& speaker, Sum& sum, Sum& other, bool& crossed) {
  if (speaker.band == m.band) {
    kernels_.accumulate(sum.data(), speaker.frame.data(), samples(m.band));
    return;
  }
  if (!std::exchange(crossed, true)) other.fill(0);
  kernels_.accumulate(other.data(), speaker.frame.data(), samples(speaker.band));
}

bool RoomMix::add_extras(Member& m, Sum& sum) {
  Sum other;
  bool crossed = false;
  bool any = false;
  const auto consider = [&](const Member* s) {
    if (s == &m || s->mixed_tick != tick_ || !s->covered_by(m)) return;
    any = true;
    add_to(m, *s, sum, other, crossed);
  };
  if (m.hears_all) {
    for (const Member* s : extras_) consider(s);
  } else {
    for (const Member* s : m.hears) consider(s);
  }
  if (crossed && m.converter != nullptr) {
    const Band from = m.band == kWide ? kNarrow : kWide;
    Frame in;
    Frame out;
    kernels_.saturate(other.data(), in.data(), samples(from));
    m.converter->convert(std::span(in).first(samples(from)), std::span(out).first(samples(m.band)));
    kernels_.accumulate(sum.data(), out.data(), samples(m.band));
  }
  return any;
}

void RoomMix::mix_own(Member& m) {
  Sum sum;
  m.own_talk = false;
  if (m.hears_all) {
    sum = common_[m.band];
    std::size_t others = base_speakers_[kNarrow] + base_speakers_[kWide];
    if (m.mixed_tick == tick_ && m.heard_by_all) {
      kernels_.subtract(sum.data(), m.frame.data(), samples(m.band));
      --others;
    }
    m.own_talk = others > 0;
  } else {
    sum.fill(0);
  }
  if (add_extras(m, sum)) m.own_talk = true;
  if (!m.own_talk) return;
  if (m.audio.hears_plays) put_play_over(sum, m.band);
  const std::size_t n = samples(m.band);
  m.limiter.apply(std::span(sum).first(n), std::span(m.own_pcm).first(n), kernels_);
}

void RoomMix::put_play_over(Sum& sum, Band band) const {
  if (duck_from_ != 1 || duck_to_ != 1) kernels_.scale(sum.data(), duck_from_, duck_to_, samples(band));
  if (playing_) kernels_.accumulate(sum.data(), play_[band].data(), samples(band));
}

RoomMix::Heard RoomMix::heard(const Member& m) const {
  const bool own = m.own_tick == tick_;
  if (own && m.own_talk) return {Heard::Kind::own, kTalk};
  const bool talk = !own && m.hears_all && base_speakers_[kNarrow] + base_speakers_[kWide] > 0;
  const bool play = m.audio.hears_plays && playing_;
  // The talk comes back up after a play: for those who heard it.
  if (talk && m.audio.hears_plays && (play || duck_from_ != 1)) return {Heard::Kind::shared, kTalkAndPlay};
  if (talk) return {Heard::Kind::shared, kTalk};
  if (play) return {Heard::Kind::shared, kPlay};
  return {};
}

RoomMix::Shared& RoomMix::shared(Class what, Band band) {
  Shared& s = shared_[what][band];
  if (std::exchange(s.tick, tick_) == tick_) return s;
  const std::size_t n = samples(band);
  if (what == kPlay) {
    s.pcm = play_[band];
    return s;
  }
  Sum sum = common_[band];
  if (what == kTalkAndPlay) put_play_over(sum, band);
  s.limiter.apply(std::span(sum).first(n), std::span(s.pcm).first(n), kernels_);
  return s;
}

TapAudio RoomMix::common() {
  const Band band = in_band_[kWide] > 0 ? kWide : kNarrow;
  const bool talk = base_speakers_[kNarrow] + base_speakers_[kWide] > 0;
  const bool ducked = playing_ || duck_from_ != 1;
  if (!talk && !playing_) return {};
  const Class what = !talk ? kPlay : (ducked ? kTalkAndPlay : kTalk);
  return {std::span(shared(what, band).pcm).first(samples(band)), rate(band)};
}

std::span<const std::int16_t> RoomMix::hear(Member& m) {
  const Heard h = heard(m);
  if (h.kind == Heard::Kind::nothing) return {};
  const Frame& pcm = h.kind == Heard::Kind::own ? m.own_pcm : shared(h.what, m.band).pcm;
  return std::span(pcm).first(samples(m.band));
}

std::span<const std::uint8_t> RoomMix::hear_encoded(Member& m) {
  const Heard h = heard(m);
  if (h.kind == Heard::Kind::nothing) return {};
  if (h.kind == Heard::Kind::own) return encode(m, std::span(m.own_pcm).first(samples(m.band)));
  // Nobody speaks: what was encoded when the prompt was made serves all. Not so G.722, whose decoders go on
  // from what they had before.
  if (h.what == kPlay && m.codec == play_codec_ && m.band == kNarrow && !play_payload_.empty()) {
    return play_payload_;
  }
  Encoded& e = encoded_[h.what][static_cast<std::size_t>(m.codec)];
  const auto out = std::span(e.payload).first(model::traits(m.codec).bytes_per_frame);
  if (std::exchange(e.tick, tick_) != tick_)
    e.encoder->encode(std::span(shared(h.what, m.band).pcm).first(samples(m.band)), out);
  return out;
}

std::span<const std::uint8_t> RoomMix::encode(Member& m, std::span<const std::int16_t> pcm) {
  const auto out = std::span(m.payload).first(model::traits(m.codec).bytes_per_frame);
  m.encoder->encode(pcm, out);
  return out;
}

}  // namespace tandem::media
