// espeak-ng as a process of its own (its licence and its one global state): all languages that flite does not
// speak.
#pragma once

#include <chrono>
#include <cstddef>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "speech/engine.h"

namespace tandem::speech {

struct EspeakOptions {
  std::string program = "espeak-ng";
  std::size_t max_processes = 4;
  std::chrono::milliseconds silence_timeout{5'000};  ///< Without a byte from it: it is killed.
};

/// Asks the program for its voices once; without the program there are none.
[[nodiscard]] std::unique_ptr<Engine> make_espeak_engine(EspeakOptions options);

/// A voice of the program: how we and how it call it.
struct EspeakVoice {
  Voice voice;
  std::string file;
};
/// What `espeak-ng --voices` printed. Lines that do not look like a voice are skipped.
[[nodiscard]] std::vector<EspeakVoice> parse_espeak_voices(std::string_view table);

}  // namespace tandem::speech
