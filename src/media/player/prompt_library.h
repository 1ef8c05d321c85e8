// The prompt library: files and URLs, tones and silence, decoded on a blocking pool and cached as prompts.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>

#include "base/clock.h"
#include "base/log.h"
#include "base/metrics.h"
#include "media/api/prompt_source.h"
#include "runtime/blocking_pool.h"

namespace tandem::media {

struct PromptLibraryOptions {
  std::size_t cache_bytes = 256UL << 20;
  std::string prompt_folder;  ///< For file:// URLs; empty: they are refused.
  std::size_t max_file_bytes = 64UL << 20;
  std::int64_t max_duration_ms = 3'600'000;
  std::size_t max_loads = 256;  ///< At a time; more fail with `overloaded`.
};

/// `pool`, `fetcher`, `done_executor`, `clock` and `metrics` outlive the library and what still runs on the
/// pool. The library's methods may be called on any thread; after its destruction nothing calls back any
/// more.
[[nodiscard]] std::unique_ptr<PromptLibrary> make_prompt_library(
    PromptLibraryOptions options, runtime::BlockingPool& pool, Fetcher& fetcher,
    runtime::Executor& done_executor, const Clock& clock, Log log, Metrics& metrics);

}  // namespace tandem::media
