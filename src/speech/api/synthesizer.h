// Text to speech as the call core wants it: text in, a prompt that begins to play before it is complete out.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "base/function.h"
#include "base/result.h"
#include "media/api/prompt.h"

namespace tandem::speech {

struct SpeakRequest {
  std::string text;  ///< Plain text, UTF-8; or SSML when `ssml`.
  bool ssml = false;
  std::string language;  ///< BCP 47 ("en-US"); empty: of the voice, else "en-US".
  std::string voice;     ///< Empty: the default voice of the language.
  std::string engine;    ///< Empty: chosen by language.
  double gain_db = 0;
};

enum class SpeakErrorCode : std::uint8_t {
  bad_ssml,
  unknown_voice,
  unknown_language,
  unknown_engine,
  engine_failed,
  overloaded
};
struct SpeakError {
  SpeakErrorCode code = SpeakErrorCode::engine_failed;
  std::string field;  ///< "ssml", "voice", "language", "engine" or empty.
  std::string message;
};

struct Voice {
  std::string name;
  std::string language;
  std::string engine;
};

/// Chooses the engine, caches results, bounds the work. Any thread.
class Synthesizer {
 public:
  Synthesizer() = default;
  Synthesizer(const Synthesizer&) = delete;
  Synthesizer& operator=(const Synthesizer&) = delete;
  virtual ~Synthesizer() = default;

  /// Checks what can be checked without synthesising (SSML syntax, voice, language, engine). Any thread,
  /// microseconds.
  [[nodiscard]] virtual Status<SpeakError> check(const SpeakRequest& request) const = 0;
  /// `done` comes once on the executor given at construction, as soon as the first audio is there (with a
  /// track for `codec`), or the cached prompt; errors after that end the prompt with Prompt::fail().
  virtual void speak(const SpeakRequest& request, model::Codec codec,
                     Function<void(Result<std::shared_ptr<media::Prompt>, SpeakError>)> done) = 0;
  [[nodiscard]] virtual std::vector<Voice> voices() const = 0;
};

}  // namespace tandem::speech
