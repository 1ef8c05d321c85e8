// Which engine and voice speaks a piece of text.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "base/result.h"
#include "speech/engine.h"

namespace tandem::speech {

struct VoiceChoice {
  Engine* engine = nullptr;  ///< Of the list given at construction.
  Voice voice;
};

/// Constant after construction. Any thread.
class VoiceCatalogue {
 public:
  /// Engines in order of preference; borrowed.
  explicit VoiceCatalogue(const std::vector<std::unique_ptr<Engine>>& engines);

  /// `voice` if named (with `engine`, if given, as its owner); else the best for `language` ("en-US" when
  /// empty): the exact tag first, then the same language of another region. The error's field is "voice",
  /// "language" or "engine".
  [[nodiscard]] Result<VoiceChoice, SpeakError> choose(const std::string& engine, const std::string& voice,
                                                       const std::string& language) const;
  [[nodiscard]] std::vector<Voice> voices() const;

 private:
  std::vector<VoiceChoice> all_;  // In order of preference.
};

}  // namespace tandem::speech
