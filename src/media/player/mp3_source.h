// MP3 (MPEG audio layers 1 to 3) through libmpg123, from memory.
#pragma once

#include <memory>
#include <string>

#include "base/result.h"
#include "media/player/audio_file.h"

namespace tandem::media {

[[nodiscard]] Result<std::unique_ptr<PcmSource>, PromptError> open_mp3(std::string bytes);

}  // namespace tandem::media
