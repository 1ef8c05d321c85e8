// Sample rate conversion of mono 16-bit PCM. StreamResampler for live audio (little delay, no allocation
// while running), PromptResampler for audio that is converted ahead of playing (better and cheaper, but it
// buffers).
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <vector>

namespace tandem::media {

/// speexdsp, quality 3: a few milliseconds of delay. One thread.
class StreamResampler {
 public:
  /// Rates of 8000 to 48000 Hz.
  StreamResampler(std::uint32_t from_hz, std::uint32_t to_hz);
  StreamResampler(const StreamResampler&) = delete;
  StreamResampler& operator=(const StreamResampler&) = delete;
  ~StreamResampler();

  /// Samples that convert() may write for `in` samples.
  [[nodiscard]] std::size_t capacity_for(std::size_t in) const;
  /// Takes all of `in`; returns how many samples of `out` (at least capacity_for(in.size()) long) were
  /// written.
  std::size_t convert(std::span<const std::int16_t> in, std::span<std::int16_t> out);

 private:
  struct State;
  std::unique_ptr<State> state_;
};

/// soxr: the output as a whole is as long as the input. One thread.
class PromptResampler {
 public:
  PromptResampler(std::uint32_t from_hz, std::uint32_t to_hz);
  PromptResampler(const PromptResampler&) = delete;
  PromptResampler& operator=(const PromptResampler&) = delete;
  ~PromptResampler();

  /// Appends what is ready to `out`.
  void convert(std::span<const std::int16_t> in, std::vector<std::int16_t>& out);
  /// The end of the input: appends the rest. Nothing may be converted after.
  void flush(std::vector<std::int16_t>& out);

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace tandem::media
