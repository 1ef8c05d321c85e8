// Bound socket pairs in stock: opening a stream's two sockets takes a dozen system calls, which are made
// ahead of time and not on the control thread.
#pragma once

#include <memory>
#include <mutex>
#include <vector>

#include "base/clock.h"
#include "base/log.h"
#include "base/result.h"
#include "media/api/engine.h"
#include "media/engine/port_pair.h"
#include "runtime/blocking_pool.h"

namespace tandem::media {

/// Shared with the jobs that fill it, which may outlive the engine.
class PortStock : public std::enable_shared_from_this<PortStock> {
 public:
  /// `filler` outlives it.
  PortStock(const EngineOptions& options, runtime::BlockingPool& filler, const Clock& clock, Log log);
  PortStock(const PortStock&) = delete;
  PortStock& operator=(const PortStock&) = delete;

  /// Begins to fill; before that, and without stock, take() binds.
  void start();
  /// A pair on `local`, one of the options' addresses: from the stock, or bound now. Control thread.
  Result<std::unique_ptr<PortPair>, MediaError> take(const model::IpAddress& local);
  /// Pairs that wait on `local`. Any thread.
  [[nodiscard]] std::size_t waiting(const model::IpAddress& local);

 private:
  struct Shelf {
    model::IpAddress local;
    std::vector<std::unique_ptr<PortPair>> pairs;  // under mutex_
    bool filling = false;                          // under mutex_
  };
  Shelf* find(const model::IpAddress& local);
  Result<std::unique_ptr<PortPair>, MediaError> bind(const model::IpAddress& local);
  std::unique_ptr<PortPair> from_stock(Shelf& shelf);
  void ask_for_more(Shelf& shelf);
  void fill(Shelf& shelf);

  const bool pooled_;
  runtime::BlockingPool& filler_;
  const Log log_;
  PortPool ports_;
  const std::size_t goal_;  // Of each address.
  bool started_ = false;    // Control thread.
  std::mutex mutex_;
  std::vector<Shelf> shelves_;  // One an address, fixed; after ports_, to which its pairs go back.
};

}  // namespace tandem::media
