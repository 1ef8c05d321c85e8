// From a request to what the engines are told, sentence by sentence.
#pragma once

#include <cstdint>
#include <string>
#include <variant>
#include <vector>

#include "base/result.h"
#include "speech/voice_choice.h"

namespace tandem::speech {

struct SpeakStep {
  Engine* engine = nullptr;
  Utterance utterance;
  double gain_db = 0;
};
struct PauseStep {
  std::int64_t ms = 0;
};
/// A named place, reported when playback passes it.
struct MarkStep {
  std::string name;
};
using Step = std::variant<SpeakStep, PauseStep, MarkStep>;

/// Everything that can be found wrong without synthesising is found here.
[[nodiscard]] Result<std::vector<Step>, SpeakError> plan_speech(const SpeakRequest& request,
                                                                const VoiceCatalogue& catalogue);

}  // namespace tandem::speech
