// Batches CDRs into the store and takes detours when it fails. Lives on the store's thread.
#pragma once

#include <memory>
#include <vector>

#include "store/async/call_store.h"
#include "store/spool/cdr_spool.h"

namespace tandem::store {

class CdrWriter {
 public:
  /// `loop` is the thread that all methods and the destructor run on; `control` gets the callbacks.
  CdrWriter(Store& store, runtime::TimerExecutor& loop, runtime::Executor& control,
            const CallStoreOptions& options, Log log, Metrics& metrics);

  struct Item {
    Cdr cdr;
    Function<void()> done;
  };
  /// Writes them, unless those before them wait for the store to come back.
  void add(std::vector<Item> items);
  /// Starts on what a former life left in the spool.
  void start() { schedule(Duration::zero()); }
  /// Writes what is queued now; at the end of life what fits nowhere goes to the log.
  void finish();

 private:
  void flush();
  void replay();
  bool replay_one_batch();
  void schedule(Duration delay);
  void back_off();
  void to_spool();
  void notify();
  /// Writes the list, singling out CDRs that the database refuses for what they hold. False: the store is
  /// failing.
  bool write(const std::vector<Cdr>& cdrs);
  void reject(const Cdr& cdr, const StoreFailure& why);
  void store_failed(const StoreFailure& why);

  Store& store_;
  runtime::Executor& control_;
  CallStoreOptions options_;
  Log log_;
  CdrSpool spool_;
  runtime::Timer retry_timer_;
  std::vector<Item> queue_;
  Duration backoff_;
  bool holding_ = false;  ///< The queue waits for the retry timer: neither store nor spool took it.
  bool failing_ = false;  ///< Only for saying it once in the log.
  Counter written_;
  Counter spooled_;
  Counter rejected_;
  Counter failures_;
  Gauge spool_bytes_;
};

}  // namespace tandem::store
