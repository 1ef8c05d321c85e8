// The TrunkRouter over the store's rules.
#pragma once

#include <memory>

#include "base/log.h"
#include "runtime/executor.h"
#include "sip/api/outside.h"
#include "store/api/store.h"
#include "trunk/api/trunk_router.h"
#include "trunk/breaker.h"

namespace tandem::trunk {

struct RouterOptions {
  BreakerOptions breaker;
  Duration probe_interval = std::chrono::seconds{30};   ///< Of a gateway that is well; a fifth more or less.
  Duration reprobe_interval = std::chrono::seconds{5};  ///< After a failure that did not yet take it down.
  std::chrono::milliseconds probe_timeout{4000};
  Duration logout_patience = std::chrono::seconds{3};  ///< Longest wait of stop().
};

/// `store`, `outside` and `loop` outlive it; `outside` reports on `loop`, the
/// control thread, where all of it belongs. `random` gives numbers from 0 to
/// below 1; empty: the system's. Call refresh() to begin.
[[nodiscard]] std::unique_ptr<TrunkRouter> make_trunk_router(store::CallStore& store,
                                                             sip::OutsideRequests& outside,
                                                             runtime::TimerExecutor& loop, Log log,
                                                             RouterOptions options = {},
                                                             Function<double()> random = {});

}  // namespace tandem::trunk
