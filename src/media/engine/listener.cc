#include "media/engine/listener.h"

#include <algorithm>
#include <cmath>
#include <utility>

namespace tandem::media {

void apply_gain(std::span<std::int16_t> pcm, double gain_db) {
  const auto factor = static_cast<float>(std::pow(10.0, gain_db / 20.0));
  for (std::int16_t& s : pcm) {
    s = static_cast<std::int16_t>(
        std::lround(std::clamp(static_cast<float>(s) * factor, -32768.0F, 32767.0F)));
  }
}

Listener::Listener(model::Codec codec, std::chrono::milliseconds max_delay)
    : codec_(codec),
      samples_per_unit_(model::traits(codec).sample_rate_hz / model::traits(codec).rtp_clock_hz),
      decoder_(make_decoder(codec)),
      jitter_({model::traits(codec).rtp_clock_hz, model::traits(codec).rtp_clock_hz / 50, max_delay}) {}

bool Listener::on_packet(const RtpPacket& packet) {
  const auto& t = model::traits(codec_);
  if (ssrc_ != packet.ssrc) jitter_.new_source();
  ssrc_ = packet.ssrc;
  const auto units =
      static_cast<std::uint32_t>(packet.payload.size() * (t.rtp_clock_hz / 50) / t.bytes_per_frame);
  return jitter_.push(packet.sequence, packet.timestamp, units, packet.payload) != JitterBuffer::Pushed::late;
}

void Listener::skip(const JitterBuffer::Step& step, std::size_t samples) {
  if (step.kind == JitterBuffer::Step::Kind::drop) return;
  const std::size_t n = samples - std::min<std::size_t>(samples, step.skip * samples_per_unit_);
  std::fill_n(pcm_.begin() + static_cast<std::ptrdiff_t>(filled_), n, std::int16_t{0});
  filled_ += n;
}

bool Listener::fill(std::size_t frame) {
  bool heard = filled_ > 0;
  while (filled_ < frame) {
    const JitterBuffer::Step step = jitter_.next();
    const auto room = std::span(pcm_).subspan(filled_);
    const std::size_t samples = std::min(step.units * samples_per_unit_, room.size());
    if (!decoding_) {
      skip(step, samples);
      continue;
    }
    switch (step.kind) {
      case JitterBuffer::Step::Kind::play: {
        const std::size_t got = decoder_->decode(step.payload, room);
        const std::size_t skip = std::min(got, step.skip * samples_per_unit_);
        if (skip > 0)
          std::copy(room.begin() + static_cast<std::ptrdiff_t>(skip),
                    room.begin() + static_cast<std::ptrdiff_t>(got), room.begin());
        filled_ += got - skip;
        heard = true;
        // A decoder that gives nothing must not hold up the clock.
        if (got == skip) filled_ = std::max(filled_, frame);
        break;
      }
      case JitterBuffer::Step::Kind::drop:
        decoder_->decode(step.payload, room);
        break;
      case JitterBuffer::Step::Kind::conceal:
        decoder_->conceal(room.first(samples));
        filled_ += samples;
        break;
      case JitterBuffer::Step::Kind::silence:
        std::fill_n(room.begin(), samples, std::int16_t{0});
        filled_ += samples;
        heard = true;
        break;
    }
  }
  return heard;
}

std::span<const std::int16_t> Listener::tick(DtmfDetector* detector, DtmfDetector::Sink& digits, Tap& tap,
                                             const AudioControl& audio) {
  std::copy(pcm_.begin() + static_cast<std::ptrdiff_t>(played_),
            pcm_.begin() + static_cast<std::ptrdiff_t>(filled_), pcm_.begin());
  filled_ -= std::exchange(played_, 0);
  const auto rate = model::traits(codec_).sample_rate_hz;
  const std::size_t frame = rate / 50;
  const bool heard = fill(frame);
  const auto out = std::span(pcm_).first(frame);
  if (detector != nullptr) {
    if (heard) {
      detector->feed(out, digits);
    } else {
      detector->lost(frame);
    }
  }
  if (audio.mute_in) {
    std::fill(out.begin(), out.end(), std::int16_t{0});
  } else if (audio.gain_in_db != 0) {
    apply_gain(out, audio.gain_in_db);
  }
  if (tap) tap(out, rate);
  played_ = frame;
  return out;
}

}  // namespace tandem::media
