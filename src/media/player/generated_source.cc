#include "media/player/generated_source.h"

#include <algorithm>

#include "media/tone/generator.h"

namespace tandem::media {
namespace {

constexpr std::uint32_t kRate = 8000;  // Nothing here lies above 4 kHz.

class ToneSource final : public PcmSource {
 public:
  explicit ToneSource(const ToneSpec& tone) : generator_(tone, kRate) {}
  [[nodiscard]] std::uint32_t sample_rate_hz() const override { return kRate; }
  std::size_t read(std::span<std::int16_t> pcm) override { return generator_.fill(pcm); }

 private:
  ToneGenerator generator_;
};

class SilenceSource final : public PcmSource {
 public:
  explicit SilenceSource(std::int64_t duration_ms)
      : left_(static_cast<std::size_t>(duration_ms) * kRate / 1000) {}
  [[nodiscard]] std::uint32_t sample_rate_hz() const override { return kRate; }
  std::size_t read(std::span<std::int16_t> pcm) override {
    const std::size_t n = std::min(left_, pcm.size());
    std::fill_n(pcm.begin(), n, std::int16_t{0});
    left_ -= n;
    return n;
  }

 private:
  std::size_t left_;
};

}  // namespace

std::unique_ptr<PcmSource> make_tone_source(const ToneSpec& tone) {
  return std::make_unique<ToneSource>(tone);
}

std::unique_ptr<PcmSource> make_silence_source(std::int64_t duration_ms) {
  return std::make_unique<SilenceSource>(duration_ms);
}

}  // namespace tandem::media
