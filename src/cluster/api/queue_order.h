// The order of those who wait in queues: by priority, then by arrival; and who takes whom. One answer for all
// nodes that share it, so that nobody is served twice. Control thread; answers may come within the call.
#pragma once

#include <compare>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "base/function.h"
#include "model/ids.h"

namespace tandem::cluster {

/// Which queue: a name of an account.
struct QueueKey {
  model::AccountId account;
  std::string name;
  friend auto operator<=>(const QueueKey&, const QueueKey&) = default;
};

/// One that waits, with its place.
struct QueuePlace {
  model::QueueEntryId entry;
  std::int64_t priority = 0;  ///< Higher goes first.
  std::uint64_t arrival = 0;  ///< Given by join(); later ones have higher numbers.
  bool claimed = false;       ///< Taken, and neither served nor given back yet.
  std::size_t position = 0;   ///< From 1; those that are claimed keep theirs.
};

/// Whom to take.
struct QueuePick {
  enum class By : std::uint8_t {
    order,    ///< The first in the queue's order.
    arrival,  ///< Who came first, whatever the priority.
    entry     ///< `entry`.
  };
  By by = By::order;
  model::QueueEntryId entry{};
};

class QueueOrder {
 public:
  QueueOrder() = default;
  QueueOrder(const QueueOrder&) = delete;
  QueueOrder& operator=(const QueueOrder&) = delete;
  virtual ~QueueOrder() = default;

  /// Adds one behind those of its priority. False: `max_size` (0: no limit) wait already.
  virtual void join(const QueueKey& queue, const model::QueueEntryId& entry, std::int64_t priority,
                    std::size_t max_size, Function<void(bool)> done) = 0;
  /// Takes one that nobody has claimed; it keeps its place. Nothing when there is none.
  virtual void claim(const QueueKey& queue, const QueuePick& pick,
                     Function<void(std::optional<model::QueueEntryId>)> done) = 0;
  /// What was claimed waits again, at its place. False: it is not claimed.
  virtual bool give_back(const QueueKey& queue, const model::QueueEntryId& entry) = 0;
  /// It waits no more, claimed (and served) or not. False: it is not there.
  virtual bool leave(const QueueKey& queue, const model::QueueEntryId& entry) = 0;
  /// Among those of the new priority it keeps its arrival. False: it is not there.
  virtual bool reorder(const QueueKey& queue, const model::QueueEntryId& entry, std::int64_t priority) = 0;

  // What is known here now; with several nodes possibly a moment old.
  [[nodiscard]] virtual std::size_t size(const QueueKey& queue) const = 0;
  [[nodiscard]] virtual std::optional<QueuePlace> place(const QueueKey& queue,
                                                        const model::QueueEntryId& entry) const = 0;
  /// At most `limit` places in order, beginning with `first_position` (from 1).
  [[nodiscard]] virtual std::vector<QueuePlace> places(const QueueKey& queue, std::size_t first_position,
                                                       std::size_t limit) const = 0;
  /// Who came first of all, claimed or not.
  [[nodiscard]] virtual std::optional<QueuePlace> oldest(const QueueKey& queue) const = 0;
};

}  // namespace tandem::cluster
