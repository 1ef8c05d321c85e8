// A file of PCM audio that grows: playable at any moment, also when nobody closes it.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>

#include "base/result.h"
#include "media/api/recorder.h"

namespace tandem::media {

struct AudioShape {
  std::uint32_t sample_rate_hz = 8000;
  std::uint32_t channels = 1;
};

/// One thread, which may block. After an error nothing more may be written; what was written stays.
class AudioWriter {
 public:
  AudioWriter() = default;
  AudioWriter(const AudioWriter&) = delete;
  AudioWriter& operator=(const AudioWriter&) = delete;
  virtual ~AudioWriter() = default;

  /// Interleaved samples. The error is for people.
  [[nodiscard]] virtual Status<std::string> write(std::span<const std::int16_t> samples) = 0;
  /// Hands over to the system what was written so far, with a header that fits.
  [[nodiscard]] virtual Status<std::string> flush() = 0;
  /// Closes the file and waits until it is on disk; its size.
  [[nodiscard]] virtual Result<std::uint64_t, std::string> finish() = 0;
};

[[nodiscard]] Result<std::unique_ptr<AudioWriter>, std::string> make_wav_writer(const std::string& path,
                                                                                AudioShape shape);
/// Opus in Ogg, or MP3.
[[nodiscard]] Result<std::unique_ptr<AudioWriter>, std::string> make_coded_writer(const std::string& path,
                                                                                  FileFormat format,
                                                                                  AudioShape shape);

}  // namespace tandem::media
