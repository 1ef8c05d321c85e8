#include "media/engine/play_queue.h"

#include <algorithm>
#include <limits>

namespace tandem::media {
namespace {
constexpr std::int64_t kFrameMs = 20;
}

std::size_t PlayQueue::find(PlayId id) const {
  const auto at = std::find_if(plays_.begin(), plays_.end(), [id](const auto& p) { return p->id == id; });
  return static_cast<std::size_t>(at - plays_.begin());
}

void PlayQueue::add(PlayId id, PlaySpec spec) {
  auto play = std::make_unique<Play>();
  play->id = id;
  play->spec = std::move(spec);
  play->tracks.resize(play->spec.prompts.size());
  play->skip_frames = static_cast<std::size_t>(std::max<std::int64_t>(0, play->spec.offset_ms) / kFrameMs);
  plays_.push_back(std::move(play));
}

void PlayQueue::end(std::size_t index, PlayEnd how, std::string error) {
  if (index >= plays_.size()) return;
  std::unique_ptr<Play> play = std::move(plays_[index]);
  plays_.erase(plays_.begin() + static_cast<std::ptrdiff_t>(index));
  PlayResult result{how, play->played * kFrameMs, std::move(error)};
  events_.ended(std::move(play), std::move(result));
}

void PlayQueue::stop(PlayId id) {
  end(find(id), PlayEnd::stopped, {});
}
void PlayQueue::fail(PlayId id, std::string error) {
  end(find(id), PlayEnd::failed, std::move(error));
}

void PlayQueue::pause(PlayId id, bool paused) {
  if (const auto i = find(id); i < plays_.size()) plays_[i]->paused = paused;
}

void PlayQueue::set_track(PlayId id, std::size_t index, std::shared_ptr<const EncodedTrack> track) {
  const auto i = find(id);
  if (i >= plays_.size() || index >= plays_[i]->tracks.size() || track->codec() != codec_) return;
  plays_[i]->tracks[index] = std::move(track);
}

void PlayQueue::set_codec(model::Codec codec) {
  if (codec == codec_) return;
  codec_ = codec;
  // The old tracks are kept by the prompts of the play, so letting go of them frees nothing here.
  for (auto& p : plays_) std::fill(p->tracks.begin(), p->tracks.end(), nullptr);
}

void PlayQueue::close() {
  while (!plays_.empty()) end(0, PlayEnd::stream_closed, {});
}

std::int64_t PlayQueue::position_ms(PlayId id) const {
  const auto i = find(id);
  return i < plays_.size() ? plays_[i]->played * kFrameMs : -1;
}

// Reports those that lie at or before `frame` of the item, before which `played` frames were sent.
void PlayQueue::pass_marks(Play& play, std::size_t frame, std::int64_t played) {
  const PromptMarks& marks = play.tracks[play.item]->marks();
  for (const std::size_t n = marks.size(); play.mark < n && marks[play.mark].frame <= frame; ++play.mark) {
    if (play.started) events_.mark(play.id, marks[play.mark].name, played * kFrameMs);
  }
}

PlayQueue::Step PlayQueue::next_item(Play& play, std::string& error) {
  // What a failed producer left is played; only a prompt that gave nothing fails the play.
  if (play.tracks[play.item]->ready() == 0) {
    error = play.spec.prompts[play.item]->error();
    if (!error.empty()) return Step::failed;
  }
  pass_marks(play, std::numeric_limits<std::size_t>::max(), play.played);
  play.frame = play.mark = 0;
  if (++play.item < play.tracks.size()) return Step::again;
  play.item = 0;
  play.skip_frames = 0;
  ++play.loops_done;
  const bool empty = std::exchange(play.played_this_loop, 0) == 0;
  const bool done = play.spec.loop != 0 && play.loops_done >= play.spec.loop;
  return done || empty ? Step::finished : Step::again;
}

PlayQueue::Step PlayQueue::advance(Play& play, std::span<const std::uint8_t>& out, std::string& error) {
  if (play.tracks.empty()) return Step::finished;
  if (play.spec.max_duration_ms > 0 && play.played * kFrameMs >= play.spec.max_duration_ms)
    return Step::max_duration;
  const EncodedTrack* track = play.tracks[play.item].get();
  if (track == nullptr) return Step::wait;
  const bool complete = track->complete();  // Before ready(), see EncodedTrack.
  const std::size_t ready = track->ready();
  if (play.skip_frames > 0 && (complete || ready > play.frame + play.skip_frames)) {
    const std::size_t skip = std::min(play.skip_frames, ready - std::min(ready, play.frame));
    play.frame += skip;
    play.skip_frames -= skip;
    const PromptMarks& marks = track->marks();
    while (play.mark < marks.size() && marks[play.mark].frame < play.frame) ++play.mark;
  }
  if (play.frame < ready && play.skip_frames == 0) {
    out = track->frame(play.frame++);
    return Step::again;
  }
  return complete ? next_item(play, error) : Step::wait;
}

std::optional<std::span<const std::uint8_t>> PlayQueue::next() {
  while (!plays_.empty()) {
    Play& play = *plays_.front();
    if (play.paused) return std::nullopt;
    std::span<const std::uint8_t> payload;
    std::string error;
    switch (advance(play, payload, error)) {
      case Step::again:
        break;
      case Step::wait:
        return std::nullopt;
      case Step::finished:
        end(0, PlayEnd::finished, {});
        continue;
      case Step::max_duration:
        end(0, PlayEnd::max_duration, {});
        continue;
      case Step::failed:
        end(0, PlayEnd::failed, std::move(error));
        continue;
    }
    if (payload.empty()) continue;
    ++play.played;
    ++play.played_this_loop;
    if (!std::exchange(play.started, true)) events_.started(play.id);
    pass_marks(play, play.frame - 1, play.played - 1);
    return payload;
  }
  return std::nullopt;
}

}  // namespace tandem::media
