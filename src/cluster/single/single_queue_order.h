// The order of queues of a node on its own: in memory, every operation O(log n) in the length of its queue.
#pragma once

#include <map>
#include <memory>

#include "cluster/api/queue_order.h"

namespace tandem::cluster {

class SingleQueueOrder final : public QueueOrder {
 public:
  SingleQueueOrder();
  ~SingleQueueOrder() override;

  void join(const QueueKey& queue, const model::QueueEntryId& entry, std::int64_t priority,
            std::size_t max_size, Function<void(bool)> done) override;
  void claim(const QueueKey& queue, const QueuePick& pick,
             Function<void(std::optional<model::QueueEntryId>)> done) override;
  bool give_back(const QueueKey& queue, const model::QueueEntryId& entry) override;
  bool leave(const QueueKey& queue, const model::QueueEntryId& entry) override;
  bool reorder(const QueueKey& queue, const model::QueueEntryId& entry, std::int64_t priority) override;

  [[nodiscard]] std::size_t size(const QueueKey& queue) const override;
  [[nodiscard]] std::optional<QueuePlace> place(const QueueKey& queue,
                                                const model::QueueEntryId& entry) const override;
  [[nodiscard]] std::vector<QueuePlace> places(const QueueKey& queue, std::size_t first_position,
                                               std::size_t limit) const override;
  [[nodiscard]] std::optional<QueuePlace> oldest(const QueueKey& queue) const override;

 private:
  class Line;
  [[nodiscard]] Line* find(const QueueKey& queue) const;

  std::map<QueueKey, std::unique_ptr<Line>> lines_;  ///< Those that are not empty.
  std::uint64_t arrivals_ = 0;
};

}  // namespace tandem::cluster
