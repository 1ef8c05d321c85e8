// Tones and silence as sources of PCM.
#pragma once

#include <memory>

#include "media/api/prompt_source.h"
#include "media/player/pcm_source.h"

namespace tandem::media {

/// `tone` must have no tone_problem().
[[nodiscard]] std::unique_ptr<PcmSource> make_tone_source(const ToneSpec& tone);
[[nodiscard]] std::unique_ptr<PcmSource> make_silence_source(std::int64_t duration_ms);

}  // namespace tandem::media
