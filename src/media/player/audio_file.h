// Audio files from memory: WAV (PCM, float, G.711, ADPCM, GSM), FLAC, Ogg (Vorbis, Opus) and MP3, mono or
// stereo, 8 to 48 kHz. What the bytes are is told by their content, never by a name or a content type.
#pragma once

#include <cstdint>
#include <memory>
#include <string>

#include "base/result.h"
#include "media/api/prompt_source.h"
#include "media/player/pcm_source.h"

namespace tandem::media {

struct AudioFileLimits {
  std::int64_t max_duration_ms = 3'600'000;
};

/// Opens `bytes` and checks what the headers say: unsupported_format or too_large with the reason. Blocking
/// pool.
[[nodiscard]] Result<std::unique_ptr<PcmSource>, PromptError> open_audio_file(std::string bytes,
                                                                              const AudioFileLimits& limits);

}  // namespace tandem::media
