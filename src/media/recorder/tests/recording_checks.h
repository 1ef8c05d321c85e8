// Files of recordings as tests look at them: decoded by libsndfile, judged by tone.
#pragma once

#include <gtest/gtest.h>
#include <sndfile.h>
#include <unistd.h>

#include <array>
#include <cmath>
#include <cstdint>
#include <filesystem>
#include <numbers>
#include <span>
#include <string>
#include <vector>

namespace tandem::media::test {

class TemporaryFolder {
 public:
  TemporaryFolder() {
    std::string name = (std::filesystem::temp_directory_path() / "tandem-record-XXXXXX").string();
    path_ = ::mkdtemp(name.data());
  }
  TemporaryFolder(const TemporaryFolder&) = delete;
  TemporaryFolder& operator=(const TemporaryFolder&) = delete;
  ~TemporaryFolder() { std::filesystem::remove_all(path_); }
  [[nodiscard]] std::string file(const std::string& name) const { return path_ + "/" + name; }

 private:
  std::string path_;
};

struct Decoded {
  int rate = 0;
  std::vector<std::vector<std::int16_t>> channels;
  [[nodiscard]] std::int64_t ms() const {
    return channels.empty() ? 0 : static_cast<std::int64_t>(channels[0].size()) * 1000 / rate;
  }
  [[nodiscard]] std::span<const std::int16_t> part(std::size_t channel, std::int64_t from_ms,
                                                   std::int64_t to_ms) const {
    const auto at = [&](std::int64_t ms) {
      return std::min(channels[channel].size(), static_cast<std::size_t>(ms * rate / 1000));
    };
    return std::span(channels[channel]).subspan(at(from_ms), at(to_ms) - at(from_ms));
  }
  /// Share of the energy at `hz` between two times; 0 for silence.
  [[nodiscard]] double tone(std::size_t channel, double hz, std::int64_t from_ms, std::int64_t to_ms) const {
    double s1 = 0, s2 = 0, energy = 0;
    const auto pcm = part(channel, from_ms, to_ms);
    const double c = 2 * std::cos(2 * std::numbers::pi * hz / rate);
    for (const std::int16_t x : pcm) {
      const double s = x + c * s1 - s2;
      s2 = s1;
      s1 = s;
      energy += static_cast<double>(x) * x;
    }
    if (energy < 1000.0 * static_cast<double>(pcm.size())) return 0;
    return 2 * (s1 * s1 + s2 * s2 - c * s1 * s2) / (energy * static_cast<double>(pcm.size()));
  }
  [[nodiscard]] bool silent(std::size_t channel, std::int64_t from_ms, std::int64_t to_ms) const {
    double energy = 0;
    const auto pcm = part(channel, from_ms, to_ms);
    for (const std::int16_t x : pcm) energy += static_cast<double>(x) * x;
    return energy < 1000.0 * static_cast<double>(pcm.size());
  }
  /// When the channel first gets loud.
  [[nodiscard]] std::int64_t begins_ms(std::size_t channel) const {
    for (std::size_t i = 0; i < channels[channel].size(); ++i) {
      if (std::abs(channels[channel][i]) > 1500) return static_cast<std::int64_t>(i) * 1000 / rate;
    }
    return -1;
  }
};

inline Decoded decode_file(const std::string& path) {
  Decoded out;
  SF_INFO info{};
  SNDFILE* sound = sf_open(path.c_str(), SFM_READ, &info);
  if (sound == nullptr) {
    ADD_FAILURE() << path << ": " << sf_strerror(nullptr);
    return out;
  }
  out.rate = info.samplerate;
  out.channels.resize(static_cast<std::size_t>(info.channels));
  std::vector<short> frame(static_cast<std::size_t>(info.channels));
  while (sf_readf_short(sound, frame.data(), 1) == 1) {
    for (std::size_t c = 0; c < frame.size(); ++c) out.channels[c].push_back(frame[c]);
  }
  sf_close(sound);
  return out;
}

/// A sine, frame by frame.
class Speaker {
 public:
  explicit Speaker(double hz, std::uint32_t rate = 8000, double amplitude = 8000)
      : hz_(hz), rate_(rate), amplitude_(amplitude) {}
  std::span<const std::int16_t> frame() {
    for (std::size_t i = 0; i < rate_ / 50; ++i) {
      const double angle = 2 * std::numbers::pi * hz_ * static_cast<double>(sample_++) / rate_;
      pcm_[i] = static_cast<std::int16_t>(amplitude_ * std::sin(angle));
    }
    return std::span(pcm_).first(rate_ / 50);
  }

 private:
  double hz_;
  std::uint32_t rate_;
  double amplitude_;
  std::uint64_t sample_ = 0;
  std::array<std::int16_t, 960> pcm_{};
};

}  // namespace tandem::media::test
