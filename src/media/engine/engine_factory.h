// Makes the media engine: the only header of this folder that others include.
#pragma once

#include <memory>

#include "base/clock.h"
#include "base/log.h"
#include "base/metrics.h"
#include "media/api/engine.h"
#include "media/api/mixer.h"
#include "runtime/blocking_pool.h"
#include "runtime/executor.h"

namespace tandem::media {

/// The engine and the rooms of its streams: one object, used through either interface.
class MixingEngine : public Engine, public Mixer {};

/// Starts the media workers. `observer` and `mixer_observer` (which may be null) are called on
/// `observer_executor`, never after the engine was destroyed; commands and destruction come from that
/// executor's thread. `encode_pool` makes the tracks of prompts. All references must outlive the engine.
[[nodiscard]] std::unique_ptr<MixingEngine> make_engine(EngineOptions options, Observer& observer,
                                                        runtime::Executor& observer_executor,
                                                        runtime::BlockingPool& encode_pool,
                                                        const Clock& clock, Log log, Metrics& metrics,
                                                        MixerObserver* mixer_observer = nullptr);

}  // namespace tandem::media
