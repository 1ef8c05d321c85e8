#include "media/engine/stream_taps.h"

#include <algorithm>
#include <utility>

namespace tandem::media {

void StreamTaps::close() {
  for (const auto& tap : taps_) tap->closed();
  taps_.clear();
}

void StreamTaps::set_codec(model::Codec codec) {
  if (decoder_ != nullptr && codec == codec_) return;
  codec_ = codec;
  decoder_ = make_decoder(codec);
}

void StreamTaps::sent(std::span<const std::uint8_t> payload) {
  sent_samples_ = decoder_->decode(payload, sent_);
  relayed_samples_ = 0;
}

void StreamTaps::relayed(TapAudio audio) {
  if (audio.pcm.size() > kMaxFrame) return;
  // Old audio is worth less than being in time.
  const bool full = relayed_samples_ + audio.pcm.size() > std::min(kMaxRelayed, 3 * audio.pcm.size());
  if (audio.sample_rate_hz != relayed_hz_ || full) relayed_samples_ = 0;
  relayed_hz_ = audio.sample_rate_hz;
  std::copy(audio.pcm.begin(), audio.pcm.end(),
            relayed_.begin() + static_cast<std::ptrdiff_t>(relayed_samples_));
  relayed_samples_ += audio.pcm.size();
}

TapAudio StreamTaps::take_heard() {
  if (const std::size_t n = std::exchange(sent_samples_, 0); n > 0)
    return {std::span(sent_).first(n), model::traits(codec_).sample_rate_hz};
  const std::size_t frame = relayed_hz_ / 50;
  if (relayed_samples_ < frame) return {};
  const auto first = relayed_.begin();
  const auto rest = first + static_cast<std::ptrdiff_t>(frame);
  std::copy(first, rest, heard_.begin());
  std::copy(rest, first + static_cast<std::ptrdiff_t>(relayed_samples_), first);
  relayed_samples_ -= frame;
  return {std::span(heard_).first(frame), relayed_hz_};
}

void StreamTaps::tick(TimePoint now, TapAudio said) {
  const TapAudio heard = take_heard();
  for (const auto& tap : taps_) tap->frame(now, said, heard);
}

}  // namespace tandem::media
