// The CallStore over any Store: a thread of its own for what blocks.
#pragma once

#include <chrono>
#include <memory>
#include <string>

#include "base/log.h"
#include "base/metrics.h"
#include "runtime/executor.h"
#include "store/api/store.h"

namespace tandem::store {

struct CallStoreOptions {
  std::string spool_file;  ///< JSON lines; empty: CDRs that the store refuses wait in memory only.
  Duration rules_poll_interval = std::chrono::milliseconds{500};
  std::size_t cdr_batch = 200;
  Duration cdr_batch_wait = std::chrono::milliseconds{50};
  Duration retry_interval = std::chrono::seconds{1};  ///< Of a failing store; doubles up to 30 times this.
  Duration miss_timeout = std::chrono::seconds{2};    ///< A miss that the store keeps waiting stays a miss.
  std::size_t max_held_cdrs =
      100'000;  ///< Held in memory when store and spool both fail; more go to the log.
};

/// Reads the rules once on the calling thread (a failure is logged and retried later), then starts the thread
/// "store". find_route() belongs to `control`'s thread, write_cdr() to any; callbacks come on `control`,
/// which must outlive the object, as must `metrics`. Destroy it on `control`'s thread or after that has
/// stopped; destruction writes what is queued to the store or the spool, and waits. A `done` of write_cdr
/// comes when the CDR survives the death of the process (in the database's log, or synced in the spool file).
[[nodiscard]] std::unique_ptr<CallStore> make_call_store(std::unique_ptr<Store> store,
                                                         runtime::TimerExecutor& control,
                                                         CallStoreOptions options, Log log, Metrics& metrics);

}  // namespace tandem::store
