// Audio codecs of RTP (RFC 3551): 20 ms of 16-bit mono PCM to a payload and back, with concealment of what is
// lost.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>

#include "model/media_description.h"

namespace tandem::media {

/// Turns PCM frames of one stream into payloads, in order (G.722 keeps state). One thread; allocates only
/// when made.
class Encoder {
 public:
  Encoder() = default;
  Encoder(const Encoder&) = delete;
  Encoder& operator=(const Encoder&) = delete;
  virtual ~Encoder() = default;

  /// `pcm`: 20 ms at traits(codec).sample_rate_hz; `out`: traits(codec).bytes_per_frame bytes, all written.
  /// What is missing of `pcm` counts as silence, what is too much is ignored.
  virtual void encode(std::span<const std::int16_t> pcm, std::span<std::uint8_t> out) = 0;
};

/// Turns payloads of one stream into PCM, in order. One thread; allocates only when made.
class Decoder {
 public:
  Decoder() = default;
  Decoder(const Decoder&) = delete;
  Decoder& operator=(const Decoder&) = delete;
  virtual ~Decoder() = default;

  /// Any payload of up to 120 ms; returns the samples written to `pcm`. Never writes past `pcm`: what does
  /// not fit is dropped.
  virtual std::size_t decode(std::span<const std::uint8_t> payload, std::span<std::int16_t> pcm) = 0;
  /// Makes up all of `pcm` in place of a lost packet: the last pitch period repeated, fading out within 60
  /// ms.
  virtual void conceal(std::span<std::int16_t> pcm) = 0;
};

[[nodiscard]] std::unique_ptr<Encoder> make_encoder(model::Codec codec);
[[nodiscard]] std::unique_ptr<Decoder> make_decoder(model::Codec codec);

}  // namespace tandem::media
