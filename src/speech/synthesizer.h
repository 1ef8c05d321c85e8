// The synthesizer: speech engines behind one cache, on the speech pool.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "base/clock.h"
#include "base/log.h"
#include "base/metrics.h"
#include "runtime/blocking_pool.h"
#include "speech/api/synthesizer.h"
#include "speech/engine.h"
#include "speech/espeak/espeak_engine.h"

namespace tandem::speech {

struct SynthesizerOptions {
  std::size_t cache_bytes = 128UL << 20;
  std::int64_t max_duration_ms = 1'800'000;  ///< Of one request's audio; longer ends with an error.
  std::size_t max_waiting = 256;  ///< Different texts in work or waiting; more fail with `overloaded`.
  std::string
      default_voice;  ///< For requests that name neither voice, language nor engine; empty: the engines' own.
  EspeakOptions espeak;
};

/// flite first, then espeak-ng. Takes some 50 ms (espeak-ng is asked for its voices). What is borrowed
/// outlives the synthesizer and what still runs on the pool; after its destruction nothing calls back any
/// more.
[[nodiscard]] std::unique_ptr<Synthesizer> make_synthesizer(SynthesizerOptions options,
                                                            runtime::BlockingPool& speech_pool,
                                                            runtime::Executor& done_executor,
                                                            const Clock& clock, Log log, Metrics& metrics);
/// The same over other engines, in order of preference (tests, engines of a vendor).
[[nodiscard]] std::unique_ptr<Synthesizer> make_synthesizer(SynthesizerOptions options,
                                                            std::vector<std::unique_ptr<Engine>> engines,
                                                            runtime::BlockingPool& speech_pool,
                                                            runtime::Executor& done_executor,
                                                            const Clock& clock, Log log, Metrics& metrics);

}  // namespace tandem::speech
