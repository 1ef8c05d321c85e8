// What can be told about speech without recognising it: length, loudness, pitch, bursts.
#pragma once

#include <cmath>
#include <cstdint>
#include <span>
#include <vector>

namespace tandem::speech::checks {

struct Audio {
  std::vector<std::int16_t> pcm;
  std::uint32_t rate = 0;
  [[nodiscard]] double seconds() const { return rate == 0 ? 0 : static_cast<double>(pcm.size()) / rate; }
};

inline double rms(std::span<const std::int16_t> pcm) {
  double sum = 0;
  for (const auto s : pcm) sum += static_cast<double>(s) * s;
  return pcm.empty() ? 0 : std::sqrt(sum / static_cast<double>(pcm.size()));
}

/// Stretches of sound with at least `gap_s` of near silence between them.
inline int bursts(const Audio& audio, double gap_s) {
  const std::size_t frame = audio.rate / 50;
  int count = 0;
  double quiet = gap_s;
  for (std::size_t i = 0; i + frame <= audio.pcm.size(); i += frame) {
    if (rms(std::span(audio.pcm).subspan(i, frame)) < 300) {
      quiet += 0.02;
      continue;
    }
    if (quiet >= gap_s) ++count;
    quiet = 0;
  }
  return count;
}

/// Mean pitch of what is loud, by autocorrelation; Hz.
inline double pitch(const Audio& audio) {
  const std::size_t frame = audio.rate / 25;
  double sum = 0;
  int frames = 0;
  for (std::size_t i = 0; i + 2 * frame < audio.pcm.size(); i += frame) {
    const auto now = std::span(audio.pcm).subspan(i, 2 * frame);
    if (rms(now) < 1000) continue;
    double best = 0;
    std::size_t best_lag = 0;
    double energy = 0;
    for (std::size_t k = 0; k < frame; ++k) energy += static_cast<double>(now[k]) * now[k];
    for (std::size_t lag = audio.rate / 300; lag < audio.rate / 60; ++lag) {
      double c = 0;
      for (std::size_t k = 0; k < frame; ++k) c += static_cast<double>(now[k]) * now[k + lag];
      if (c > best) {
        best = c;
        best_lag = lag;
      }
    }
    if (best_lag == 0 || best < energy / 2) continue;
    sum += static_cast<double>(audio.rate) / static_cast<double>(best_lag);
    ++frames;
  }
  return frames == 0 ? 0 : sum / frames;
}

}  // namespace tandem::speech::checks
