// Who hears whom in a room, worked out whenever members or matrix change.
#include <algorithm>
#include <utility>

#include "media/mixer/room_member.h"

namespace tandem::media {

void RoomMix::resolve(const Audience& audience, std::vector<Member*>& out) const {
  out.clear();
  if (audience.kind != Audience::Kind::only) return;
  for (const StreamId& id : audience.members) {
    if (const auto at = by_id_.find(id); at != by_id_.end()) out.push_back(at->second);
  }
  std::sort(out.begin(), out.end());
  out.erase(std::unique(out.begin(), out.end()), out.end());
}

bool RoomMix::Member::covered_by(const Member& listener) const {
  return heard_by_all || std::binary_search(heard_by.begin(), heard_by.end(), const_cast<Member*>(&listener));
}

void RoomMix::find_audible() {
  const auto hear_all = members_.size() - custom_.size();
  for (const auto& m : members_) {
    const std::size_t others = hear_all - (m->hears_all ? 1 : 0);
    m->audible = m->heard_by_all ? recorded_ || others > 0
                                 : std::any_of(m->heard_by.begin(), m->heard_by.end(),
                                               [&](const Member* l) { return l != m.get() && l->hears_all; });
  }
  for (Member* listener : custom_) {
    for (Member* m : listener->hears) {
      if (m != listener && m->covered_by(*listener)) m->audible = true;
    }
  }
}

void RoomMix::set_recorded(bool recorded) {
  if (std::exchange(recorded_, recorded) != recorded) find_audible();
}

void RoomMix::matrix_changed() {
  custom_.clear();
  in_band_ = {};
  play_listeners_ = 0;
  bool all_a_law = !members_.empty();
  for (const auto& m : members_) {
    m->heard_by_all = m->audio.heard_by.kind == Audience::Kind::everyone;
    m->hears_all = m->audio.hears.kind == Audience::Kind::everyone;
    resolve(m->audio.heard_by, m->heard_by);
    resolve(m->audio.hears, m->hears);
    if (!m->hears_all) custom_.push_back(m.get());
    ++in_band_[m->band];
    if (m->audio.hears_plays) ++play_listeners_;
    all_a_law = all_a_law && m->codec == model::Codec::pcma;
  }
  find_audible();
  play_codec_ = all_a_law ? model::Codec::pcma : model::Codec::pcmu;
  if (in_band_[kWide] > 0) play_codec_ = model::Codec::g722;

  const bool both = in_band_[kNarrow] > 0 && in_band_[kWide] > 0;
  if (!both) to_other_ = {};
  if (!both) play_to_other_.reset();
  if (both && to_other_[kNarrow] == nullptr) {
    to_other_[kNarrow] = std::make_unique<FrameConverter>(8000, 16'000);
    to_other_[kWide] = std::make_unique<FrameConverter>(16'000, 8000);
    play_to_other_ = std::make_unique<FrameConverter>(16'000, 8000);  // The play is of the better band.
    cross_tail_ = {};
  }
  const auto needs_converter = [&](Member* m) {
    if (!both || m->converter != nullptr) return;
    const bool wide = m->band == kWide;
    m->converter = std::make_unique<FrameConverter>(wide ? 8000 : 16'000, wide ? 16'000 : 8000);
  };
  for (const auto& m : members_) {
    for (Member* l : m->heard_by) needs_converter(l);
  }
  for (Member* m : custom_) needs_converter(m);
  said_.reserve(members_.size());
  extras_.reserve(members_.size());
  candidates_.reserve(members_.size());
}

}  // namespace tandem::media
