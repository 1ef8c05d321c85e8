// When API keys were last used: gathered and written together, each key at most once a minute. Lives on the
// store's thread.
#pragma once

#include <unordered_map>

#include "runtime/executor.h"
#include "store/api/store.h"

namespace tandem::store {

class KeyUse {
 public:
  KeyUse(Store& store, runtime::TimerExecutor& loop) : store_(store), timer_(loop) {}

  void add(const model::ApiKeyId& key, WallTime now);
  /// Writes what is gathered. A failure loses it: the next use comes.
  void flush();

 private:
  struct Use {
    WallTime last;
    WallTime written;
  };
  Store& store_;
  runtime::Timer timer_;
  std::unordered_map<model::ApiKeyId, Use> keys_;
};

}  // namespace tandem::store
