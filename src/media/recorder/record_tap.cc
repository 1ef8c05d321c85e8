#include "media/recorder/record_tap.h"

#include <algorithm>

namespace tandem::media {

void TapFrame::Side::set(TapAudio audio) {
  sample_rate_hz = audio.sample_rate_hz;
  samples = static_cast<std::uint32_t>(std::min(audio.pcm.size(), room.size()));
  std::copy_n(audio.pcm.begin(), samples, room.begin());
}

FrameQueue::FrameQueue(FrameSizes sizes) : samples_(kFrames * (sizes.said + sizes.heard)), frames_(kFrames) {
  std::span<std::int16_t> left = samples_;
  for (TapFrame& f : frames_) {
    f.said.room = left.first(sizes.said);
    f.heard.room = left.subspan(sizes.said, sizes.heard);
    left = left.subspan(sizes.said + sizes.heard);
  }
}

void RecordTap::frame(TimePoint at, TapAudio said, TapAudio heard) {
  if (is_ended()) return;
  if (!timed_ || !said.pcm.empty() || !heard.pcm.empty()) {
    if (TapFrame* place = queue_.back()) {
      place->at = at;
      place->said.set(said);
      place->heard.set(heard);
      queue_.push();
    } else {
      // The writer sees the gap by the time of the next frame.
      dropped_.fetch_add(1, std::memory_order_relaxed);
    }
  }
  passed_.store(at.time_since_epoch().count(), std::memory_order_release);
}

void RecordTap::pause(bool paused, TimePoint at) {
  const std::lock_guard lock(mutex_);
  pauses_.push_back({at, paused});
}

std::vector<PauseChange> RecordTap::pauses() const {
  const std::lock_guard lock(mutex_);
  return pauses_;
}

}  // namespace tandem::media
