// Makes the media engine: the only header of this folder that others include.
#pragma once

#include <memory>

#include "base/clock.h"
#include "base/log.h"
#include "base/metrics.h"
#include "media/api/engine.h"
#include "runtime/blocking_pool.h"
#include "runtime/executor.h"

namespace tandem::media {

/// Starts the media workers. `observer` is called on `observer_executor`, never after the engine was
/// destroyed; commands and destruction come from that executor's thread. `encode_pool` makes the tracks of
/// prompts. All references must outlive the engine.
[[nodiscard]] std::unique_ptr<Engine> make_engine(EngineOptions options, Observer& observer,
                                                  runtime::Executor& observer_executor,
                                                  runtime::BlockingPool& encode_pool, const Clock& clock,
                                                  Log log, Metrics& metrics);

}  // namespace tandem::media
