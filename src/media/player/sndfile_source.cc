#include "media/player/sndfile_source.h"

#include <fmt/format.h>
#include <sndfile.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdio>
#include <cstring>

namespace tandem::media {
namespace {

PromptError unsupported(std::string why) {
  return {PromptErrorCode::unsupported_format, std::move(why)};
}

struct Memory {
  std::string bytes;
  sf_count_t position = 0;
};

sf_count_t memory_length(void* user) {
  return static_cast<sf_count_t>(static_cast<const Memory*>(user)->bytes.size());
}

sf_count_t memory_seek(sf_count_t offset, int whence, void* user) {
  auto& m = *static_cast<Memory*>(user);
  const auto size = static_cast<sf_count_t>(m.bytes.size());
  sf_count_t base = 0;
  if (whence == SEEK_CUR) base = m.position;
  if (whence == SEEK_END) base = size;
  // Offsets come out of the file: bounded before they are added.
  m.position = std::clamp<sf_count_t>(base + std::clamp<sf_count_t>(offset, -size, size), 0, size);
  return m.position;
}

sf_count_t memory_read(void* to, sf_count_t count, void* user) {
  auto& m = *static_cast<Memory*>(user);
  const auto left = static_cast<sf_count_t>(m.bytes.size()) - m.position;
  const sf_count_t n = std::clamp<sf_count_t>(count, 0, left);
  std::memcpy(to, m.bytes.data() + m.position, static_cast<std::size_t>(n));
  m.position += n;
  return n;
}

sf_count_t memory_write(const void* /*from*/, sf_count_t /*count*/, void* /*user*/) {
  return 0;
}

sf_count_t memory_tell(void* user) {
  return static_cast<const Memory*>(user)->position;
}

class SndfileSource final : public PcmSource {
 public:
  SndfileSource(std::string bytes, const char* kind) : kind_(kind) {
    memory_.bytes = std::move(bytes);
    SF_VIRTUAL_IO io{memory_length, memory_seek, memory_read, memory_write, memory_tell};
    file_ = sf_open_virtual(&io, SFM_READ, &info_, &memory_);
  }
  ~SndfileSource() override {
    if (file_ != nullptr) sf_close(file_);
  }

  [[nodiscard]] std::optional<PromptError> problem(const AudioFileLimits& limits) const {
    if (file_ == nullptr)
      return unsupported(fmt::format("the {} file cannot be read: {}", kind_, sf_strerror(nullptr)));
    if (info_.channels != 1 && info_.channels != 2) {
      return unsupported(
          fmt::format("the {} file has {} channels; mono or stereo is needed", kind_, info_.channels));
    }
    if (info_.samplerate < 8000 || info_.samplerate > 48'000) {
      return unsupported(
          fmt::format("the {} file has {} Hz; 8000 to 48000 are supported", kind_, info_.samplerate));
    }
    if (info_.frames / info_.samplerate > limits.max_duration_ms / 1000 && info_.frames < SF_COUNT_MAX / 2) {
      return PromptError{PromptErrorCode::too_large,
                         fmt::format("the {} file lasts {} s; at most {} s are allowed", kind_,
                                     info_.frames / info_.samplerate, limits.max_duration_ms / 1000)};
    }
    return std::nullopt;
  }

  [[nodiscard]] std::uint32_t sample_rate_hz() const override {
    return static_cast<std::uint32_t>(info_.samplerate);
  }

  // Read as float: one scale for all that a file may hold.
  std::size_t read(std::span<std::int16_t> pcm) override {
    std::array<float, 4096> samples{};
    const auto channels = static_cast<std::size_t>(info_.channels);
    const std::size_t want = std::min(pcm.size(), samples.size() / channels);
    const sf_count_t frames = sf_readf_float(file_, samples.data(), static_cast<sf_count_t>(want));
    if (frames <= 0) return 0;
    read_ += frames;
    const auto n = static_cast<std::size_t>(frames);
    for (std::size_t i = 0; i < n; ++i) {
      const float v = channels == 1 ? samples[i] : (samples[2 * i] + samples[2 * i + 1]) / 2;
      pcm[i] = std::isfinite(v)
                   ? static_cast<std::int16_t>(std::lround(std::clamp(v * 32768, -32768.0F, 32767.0F)))
                   : std::int16_t{0};
    }
    return n;
  }

  [[nodiscard]] std::string error() const override {
    if (const int code = sf_error(file_); code != SF_ERR_NO_ERROR) {
      return fmt::format("the {} file is damaged: {}", kind_, sf_error_number(code));
    }
    // FLAC and WAV know their length; less than that means that the end is missing.
    if ((info_.format & SF_FORMAT_TYPEMASK) == SF_FORMAT_FLAC && read_ < info_.frames &&
        info_.frames < SF_COUNT_MAX / 2) {
      return fmt::format("the {} file ends after {} of {} samples", kind_, read_, info_.frames);
    }
    return {};
  }

 private:
  const char* kind_;
  Memory memory_;
  SF_INFO info_{};
  SNDFILE* file_ = nullptr;
  sf_count_t read_ = 0;
};

}  // namespace

Result<std::unique_ptr<PcmSource>, PromptError> open_sndfile(std::string bytes, const char* kind,
                                                             const AudioFileLimits& limits) {
  auto source = std::make_unique<SndfileSource>(std::move(bytes), kind);
  if (auto problem = source->problem(limits)) return Err(std::move(*problem));
  return std::unique_ptr<PcmSource>(std::move(source));
}

}  // namespace tandem::media
