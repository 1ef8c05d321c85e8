// PcmSource: something that yields mono PCM piece by piece, on a blocking pool.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>

namespace tandem::media {

/// One thread at a time.
class PcmSource {
 public:
  PcmSource() = default;
  PcmSource(const PcmSource&) = delete;
  PcmSource& operator=(const PcmSource&) = delete;
  virtual ~PcmSource() = default;

  [[nodiscard]] virtual std::uint32_t sample_rate_hz() const = 0;
  /// Writes the next samples; 0 at the end and after a failure.
  virtual std::size_t read(std::span<std::int16_t> pcm) = 0;
  /// Why it ended early; empty at a regular end.
  [[nodiscard]] virtual std::string error() const { return {}; }
};

}  // namespace tandem::media
