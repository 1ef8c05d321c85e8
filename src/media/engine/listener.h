// Somebody listens to a stream: jitter buffer, decoder, in-band digits and the tap. Exists only while needed.
#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>

#include "base/function.h"
#include "media/api/engine.h"
#include "media/codec/codec.h"
#include "media/dtmf/detector.h"
#include "media/jitter/jitter_buffer.h"
#include "media/rtp/packet.h"

namespace tandem::media {

using Tap = Function<void(std::span<const std::int16_t>, std::uint32_t)>;

/// Runs on the media worker; allocates only when made.
class Listener {
 public:
  Listener(model::Codec codec, std::chrono::milliseconds max_delay);

  /// False if the packet came too late to be played.
  bool on_packet(const RtpPacket& packet);
  /// Whether tick() decodes. If not, time goes on all the same, and tick() gives silence.
  void set_decoding(bool decoding) { decoding_ = decoding; }
  /// Plays the next 20 ms: into `detector` and `tap` if there are any. The audio as others hear it; valid
  /// until the next call.
  std::span<const std::int16_t> tick(DtmfDetector* detector, DtmfDetector::Sink& digits, Tap& tap,
                                     const AudioControl& audio);
  [[nodiscard]] std::uint32_t sample_rate_hz() const { return model::traits(codec_).sample_rate_hz; }
  [[nodiscard]] std::uint32_t delay_ms() const { return jitter_.target_ms(); }
  [[nodiscard]] model::Codec codec() const { return codec_; }

 private:
  static constexpr std::size_t kMaxPcm = 2400;
  /// False if all of the frame had to be made up.
  bool fill(std::size_t frame);
  void skip(const JitterBuffer::Step& step, std::size_t samples);

  const model::Codec codec_;
  const std::size_t samples_per_unit_;
  std::unique_ptr<Decoder> decoder_;
  JitterBuffer jitter_;
  bool decoding_ = true;
  std::optional<std::uint32_t> ssrc_;
  std::array<std::int16_t, kMaxPcm> pcm_{};  // Decoded, not yet played.
  std::size_t filled_ = 0;
  std::size_t played_ = 0;  // At the front of pcm_.
};

/// Applies `gain_db` in place, clipping.
void apply_gain(std::span<std::int16_t> pcm, double gain_db);

}  // namespace tandem::media
