// The WAV that a program writes into a pipe, taken apart as it comes.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace tandem::speech {

/// 16-bit mono PCM only. One thread.
class WavStream {
 public:
  /// Takes `bytes` and appends the samples in them to `pcm`. False: this is no such WAV.
  bool feed(std::string_view bytes, std::vector<std::int16_t>& pcm);
  /// 0 until the header was read.
  [[nodiscard]] std::uint32_t sample_rate_hz() const { return rate_; }

 private:
  bool read_header();
  std::string buffer_;  // The header so far, then an odd byte.
  std::uint32_t rate_ = 0;
};

}  // namespace tandem::speech
