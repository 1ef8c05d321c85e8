// Audio files made for tests.
#pragma once

#include <sndfile.h>

#include <cmath>
#include <cstdio>
#include <cstring>
#include <numbers>
#include <string>
#include <vector>

namespace tandem::media::samples {

inline std::vector<std::int16_t> sine(double hz, int rate, int channels, double seconds) {
  std::vector<std::int16_t> out;
  for (int i = 0; i < static_cast<int>(seconds * rate); ++i) {
    const double v = 9000 * std::sin(2 * std::numbers::pi * hz * i / rate);
    for (int c = 0; c < channels; ++c) out.push_back(static_cast<std::int16_t>(v));
  }
  return out;
}

struct MemoryFile {
  std::string bytes;
  sf_count_t position = 0;
};

/// A file of libsndfile's `format` with a tone of `hz`; empty if this build of it cannot write that.
inline std::string encoded(int format, int rate, int channels, double hz, double seconds) {
  MemoryFile memory;
  SF_VIRTUAL_IO io{[](void* m) { return static_cast<sf_count_t>(static_cast<MemoryFile*>(m)->bytes.size()); },
                   [](sf_count_t offset, int whence, void* m) {
                     auto& f = *static_cast<MemoryFile*>(m);
                     const auto size = static_cast<sf_count_t>(f.bytes.size());
                     f.position = offset + (whence == SEEK_CUR ? f.position : whence == SEEK_END ? size : 0);
                     return f.position;
                   },
                   [](void* to, sf_count_t n, void* m) {
                     auto& f = *static_cast<MemoryFile*>(m);
                     n = std::min<sf_count_t>(n, static_cast<sf_count_t>(f.bytes.size()) - f.position);
                     std::memcpy(to, f.bytes.data() + f.position, static_cast<std::size_t>(n));
                     f.position += n;
                     return n;
                   },
                   [](const void* from, sf_count_t n, void* m) {
                     auto& f = *static_cast<MemoryFile*>(m);
                     if (f.position + n > static_cast<sf_count_t>(f.bytes.size())) {
                       f.bytes.resize(static_cast<std::size_t>(f.position + n));
                     }
                     std::memcpy(f.bytes.data() + f.position, from, static_cast<std::size_t>(n));
                     f.position += n;
                     return n;
                   },
                   [](void* m) { return static_cast<MemoryFile*>(m)->position; }};
  SF_INFO info{};
  info.format = format;
  info.samplerate = rate;
  info.channels = channels;
  SNDFILE* file = sf_open_virtual(&io, SFM_WRITE, &info, &memory);
  if (file == nullptr) return {};
  const auto pcm = sine(hz, rate, channels, seconds);
  // As float: this library spoils MP3 that is written as integers.
  std::vector<float> scaled(pcm.size());
  for (std::size_t i = 0; i < pcm.size(); ++i) scaled[i] = static_cast<float>(pcm[i]) / 32768;
  sf_writef_float(file, scaled.data(), static_cast<sf_count_t>(pcm.size()) / channels);
  sf_close(file);
  return memory.bytes;
}

inline std::string wav(int rate, double hz, double seconds, int subtype = SF_FORMAT_PCM_16,
                       int channels = 1) {
  return encoded(SF_FORMAT_WAV | subtype, rate, channels, hz, seconds);
}

}  // namespace tandem::media::samples
