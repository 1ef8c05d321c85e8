#include "media/recorder/record_tap.h"

#include <algorithm>

namespace tandem::media {

void TapFrame::Side::set(TapAudio audio) {
  sample_rate_hz = audio.sample_rate_hz;
  samples = static_cast<std::uint32_t>(std::min(audio.pcm.size(), kMaxSamples));
  std::copy_n(audio.pcm.begin(), samples, pcm.begin());
}

void RecordTap::frame(TimePoint at, TapAudio said, TapAudio heard) {
  if (is_ended()) return;
  TapFrame* place = queue_.back();
  if (place == nullptr) return;  // The writer sees the gap by the time of the next frame.
  place->at = at;
  place->paused = paused_.load(std::memory_order_relaxed);
  place->said.set(said);
  place->heard.set(heard);
  queue_.push();
}

}  // namespace tandem::media
