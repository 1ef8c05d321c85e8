// All queues that are in use on this node, and the calls in them. Control thread.
#pragma once

#include <map>
#include <memory>
#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

#include "base/result.h"
#include "call/resource/queue.h"
#include "model/error.h"

namespace tandem::call {

/// The settings of a queue as they are shown; without statistics.
[[nodiscard]] model::QueueInfo queue_info(const store::Queue& rules, bool provisioned);

class QueueBook {
 public:
  explicit QueueBook(Environment& env) : env_(env) {}
  QueueBook(const QueueBook&) = delete;
  QueueBook& operator=(const QueueBook&) = delete;

  /// The queue of this name or id, with its present rules; made when it is provisioned, or when the account
  /// wants that. Errors: queue_not_found (`queue`, `queue_id`), no_capacity (too many are in use).
  Result<Queue*, model::Error> open(const model::AccountId& account, const std::optional<std::string>& name,
                                    const std::optional<model::QueueId>& id);
  /// Whether open() would find or make it.
  [[nodiscard]] std::optional<model::Error> check(const model::AccountId& account,
                                                  const std::optional<std::string>& name,
                                                  const std::optional<model::QueueId>& id) const;
  [[nodiscard]] Queue* find(const cluster::QueueKey& key);

  /// A call that waits, or is about to. `call` has none yet.
  QueueEntry& add(const model::QueueEntryId& id, const model::CallId& call);
  void erase(const model::QueueEntryId& id);
  [[nodiscard]] QueueEntry* entry(const model::QueueEntryId& id) const;
  [[nodiscard]] QueueEntry* entry_of(const model::CallId& call) const;
  /// The one that waits in a queue of this account, or in this one; null for others.
  [[nodiscard]] QueueEntry* waiting(const model::AccountId& account,
                                    const std::optional<model::QueueEntryId>& id,
                                    const std::optional<model::CallId>& call,
                                    const std::optional<model::QueueId>& queue = {}) const;

  // Views.
  /// Provisioned and live ones of the account, by name.
  [[nodiscard]] std::vector<model::QueueInfo> infos(const model::AccountId& account);
  [[nodiscard]] std::optional<model::QueueInfo> info(const model::AccountId& account,
                                                     const model::QueueId& id);
  [[nodiscard]] std::vector<model::QueueEntry> entries(const model::AccountId& account,
                                                       const model::QueueId& id, std::size_t first_position,
                                                       std::size_t limit);

 private:
  struct Named {
    std::string name;
    std::optional<store::Queue> provisioned;
    bool may_make = true;
  };
  /// Errors: queue_not_found.
  [[nodiscard]] Result<Named, model::Error> resolve(const model::AccountId& account,
                                                    const std::optional<std::string>& name,
                                                    const std::optional<model::QueueId>& id) const;
  [[nodiscard]] const Queue* live(const model::AccountId& account, const model::QueueId& id) const;
  /// Forgets idle queues of the account when it has many; false when that makes no room.
  bool make_room(const model::AccountId& account);

  Environment& env_;
  std::map<cluster::QueueKey, std::unique_ptr<Queue>> queues_;
  std::unordered_map<model::QueueEntryId, std::unique_ptr<QueueEntry>> entries_;
  std::unordered_map<model::CallId, model::QueueEntryId> by_call_;
};

}  // namespace tandem::call
