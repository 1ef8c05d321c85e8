#include "media/engine/peer_audio.h"

#include <algorithm>

#include "media/engine/listener.h"

namespace tandem::media {

PeerAudio::Coders::Coders(const Route& route)
    : resampler(model::traits(route.from).sample_rate_hz, model::traits(route.to).sample_rate_hz),
      encoder(make_encoder(route.to)),
      play_decoder(make_decoder(route.to)) {}

void PeerAudio::set_route(const Route& route) {
  if (route == route_) return;
  route_ = route;
  relayed_.reset();
  filled_ = 0;
  under_play_ = {};
  coders_ = route.path == Path::pcm ? std::make_unique<Coders>(route) : nullptr;
}

void PeerAudio::hear(std::span<const std::int16_t> pcm) {
  if (coders_ == nullptr) return;
  std::array<std::int16_t, kMaxFrame + 16> converted{};
  if (coders_->resampler.capacity_for(pcm.size()) > converted.size()) return;
  const std::size_t n = coders_->resampler.convert(pcm, converted);
  // Old audio is worth less than delay.
  if (filled_ + n > waiting_.size()) filled_ = 0;
  std::copy_n(converted.begin(), n, waiting_.begin() + static_cast<std::ptrdiff_t>(filled_));
  filled_ += n;
}

std::optional<std::span<const std::uint8_t>> PeerAudio::next(
    std::optional<std::span<const std::uint8_t>> play, double gain_db) {
  if (coders_ == nullptr) return std::nullopt;
  const auto& traits = model::traits(route_.to);
  const std::size_t frame = traits.sample_rate_hz / 50;
  const bool heard = filled_ >= frame;
  if (!heard && !play) return std::nullopt;
  std::array<std::int16_t, kMaxFrame> pcm{};
  const auto out = std::span(pcm).first(frame);
  if (heard) {
    std::copy_n(waiting_.begin(), frame, pcm.begin());
    std::copy(waiting_.begin() + static_cast<std::ptrdiff_t>(frame),
              waiting_.begin() + static_cast<std::ptrdiff_t>(filled_), waiting_.begin());
    filled_ -= frame;
  }
  std::array<std::int16_t, kMaxFrame> over{};
  std::size_t decoded = 0;
  if (play) decoded = coders_->play_decoder->decode(*play, std::span(over).first(frame));
  if (play || !under_play_.at_rest()) under_play_.mix(out, std::span(over).first(decoded));
  if (gain_db != 0) apply_gain(out, gain_db);
  const auto payload = std::span(payload_).first(traits.bytes_per_frame);
  coders_->encoder->encode(out, payload);
  return payload;
}

}  // namespace tandem::media
