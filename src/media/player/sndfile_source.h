// WAV, FLAC and Ogg through libsndfile, from memory.
#pragma once

#include <memory>
#include <string>

#include "base/result.h"
#include "media/player/audio_file.h"

namespace tandem::media {

[[nodiscard]] Result<std::unique_ptr<PcmSource>, PromptError> open_sndfile(std::string bytes,
                                                                           const char* kind,
                                                                           const AudioFileLimits& limits);

}  // namespace tandem::media
