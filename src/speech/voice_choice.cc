#include "speech/voice_choice.h"

#include <algorithm>

#include "speech/language.h"

namespace tandem::speech {
namespace {

SpeakError error(SpeakErrorCode code, std::string field, std::string message) {
  return {code, std::move(field), std::move(message)};
}

}  // namespace

VoiceCatalogue::VoiceCatalogue(const std::vector<std::unique_ptr<Engine>>& engines) {
  for (const auto& engine : engines) {
    for (const Voice& voice : engine->voices()) all_.push_back({engine.get(), voice});
  }
}

Result<VoiceChoice, SpeakError> VoiceCatalogue::choose(const std::string& engine, const std::string& voice,
                                                       const std::string& language) const {
  const auto of_engine = [&](const VoiceChoice& c) { return engine.empty() || c.voice.engine == engine; };
  if (std::none_of(all_.begin(), all_.end(), of_engine)) {
    return Err(
        error(SpeakErrorCode::unknown_engine, "engine", "there is no speech engine \"" + engine + "\""));
  }
  if (!voice.empty()) {
    for (const VoiceChoice& c : all_) {
      if (c.voice.name == voice && of_engine(c)) return c;
    }
    return Err(error(SpeakErrorCode::unknown_voice, "voice", "there is no voice \"" + voice + "\""));
  }
  const std::string wanted = canonical_language(language.empty() ? "en-US" : language);
  for (const VoiceChoice& c : all_) {
    if (of_engine(c) && canonical_language(c.voice.language) == wanted) return c;
  }
  // Else the first engine that speaks the language at all: "de-AT" is served by "de" before another region
  // would be.
  const std::string primary = wanted.substr(0, wanted.find('-'));
  const VoiceChoice* best = nullptr;
  for (const VoiceChoice& c : all_) {
    if (!of_engine(c) || !same_primary_language(c.voice.language, wanted)) continue;
    if (best != nullptr && best->engine != c.engine) break;
    const std::string has = canonical_language(c.voice.language);
    if (has == primary) return c;
    // "fr" alone means French of France rather than the first in the list.
    if (best == nullptr || has == primary + '-' + primary) best = &c;
  }
  if (best != nullptr) return *best;
  return Err(error(SpeakErrorCode::unknown_language, "language",
                   "there is no voice for language \"" + language + "\""));
}

std::vector<Voice> VoiceCatalogue::voices() const {
  std::vector<Voice> out;
  for (const VoiceChoice& c : all_) out.push_back(c.voice);
  return out;
}

}  // namespace tandem::speech
