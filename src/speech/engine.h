// What a speech engine is to the synthesizer. One folder an engine; server/ never sees more than the
// synthesizer.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "base/function.h"
#include "base/result.h"
#include "speech/api/synthesizer.h"

namespace tandem::speech {

/// One sentence to be spoken by one voice.
struct Utterance {
  std::string text;   ///< UTF-8, at most a few hundred bytes.
  std::string voice;  ///< A name out of voices().
  double rate = 1;
  double pitch = 1;
};

/// Takes audio as it comes, at the rate given with it; false: enough, stop.
using PcmSink = Function<bool(std::span<const std::int16_t> pcm, std::uint32_t sample_rate_hz)>;

struct EngineError {
  bool overloaded = false;
  std::string message;
};

class Engine {
 public:
  Engine() = default;
  Engine(const Engine&) = delete;
  Engine& operator=(const Engine&) = delete;
  virtual ~Engine() = default;

  /// In order of preference: the first that fits a language is its default. Constant. Any thread.
  [[nodiscard]] virtual const std::vector<Voice>& voices() const = 0;
  /// Blocks until all was spoken. Any number of threads of the speech pool at a time.
  virtual Status<EngineError> synthesize(const Utterance& utterance, PcmSink& sink) = 0;
};

}  // namespace tandem::speech
