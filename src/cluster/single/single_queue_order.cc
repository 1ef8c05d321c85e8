#include "cluster/single/single_queue_order.h"

#include <ext/pb_ds/assoc_container.hpp>
#include <ext/pb_ds/tree_policy.hpp>
#include <set>
#include <unordered_map>

namespace tandem::cluster {
namespace {

struct Rank {
  std::int64_t priority = 0;
  std::uint64_t arrival = 0;
};
struct Before {
  bool operator()(const Rank& a, const Rank& b) const {
    return a.priority != b.priority ? a.priority > b.priority : a.arrival < b.arrival;
  }
};
/// A tree that also knows each element's rank.
using RankedTree = __gnu_pbds::tree<Rank, model::QueueEntryId, Before, __gnu_pbds::rb_tree_tag,
                                    __gnu_pbds::tree_order_statistics_node_update>;

}  // namespace

/// One queue.
class SingleQueueOrder::Line {
 public:
  struct Entry {
    Rank rank;
    bool claimed = false;
  };

  [[nodiscard]] bool empty() const { return entries_.empty(); }
  [[nodiscard]] std::size_t size() const { return entries_.size(); }

  void add(const model::QueueEntryId& id, Rank rank) {
    entries_.emplace(id, Entry{rank, false});
    insert(id, rank);
    free_.insert(rank);
    free_by_arrival_.emplace(rank.arrival, id);
  }

  std::optional<model::QueueEntryId> claim(const QueuePick& pick) {
    model::QueueEntryId id;
    if (pick.by == QueuePick::By::entry) {
      const auto found = entries_.find(pick.entry);
      if (found == entries_.end() || found->second.claimed) return std::nullopt;
      id = pick.entry;
    } else {
      if (free_.empty()) return std::nullopt;
      id = pick.by == QueuePick::By::arrival ? free_by_arrival_.begin()->second
                                             : ranked_.find(*free_.begin())->second;
    }
    Entry& entry = entries_.at(id);
    entry.claimed = true;
    free_.erase(entry.rank);
    free_by_arrival_.erase(entry.rank.arrival);
    return id;
  }

  bool give_back(const model::QueueEntryId& id) {
    const auto found = entries_.find(id);
    if (found == entries_.end() || !found->second.claimed) return false;
    found->second.claimed = false;
    free_.insert(found->second.rank);
    free_by_arrival_.emplace(found->second.rank.arrival, id);
    return true;
  }

  bool remove(const model::QueueEntryId& id) {
    const auto found = entries_.find(id);
    if (found == entries_.end()) return false;
    const Rank rank = found->second.rank;
    ranked_.erase(rank);
    arrivals_.erase(rank.arrival);
    free_.erase(rank);
    free_by_arrival_.erase(rank.arrival);
    entries_.erase(found);
    return true;
  }

  bool reorder(const model::QueueEntryId& id, std::int64_t priority) {
    const auto found = entries_.find(id);
    if (found == entries_.end()) return false;
    Rank& rank = found->second.rank;
    ranked_.erase(rank);
    const bool was_free = free_.erase(rank) != 0;
    rank.priority = priority;
    ranked_.insert({rank, id});
    if (was_free) free_.insert(rank);
    return true;
  }

  [[nodiscard]] std::optional<QueuePlace> place(const model::QueueEntryId& id) const {
    const auto found = entries_.find(id);
    if (found == entries_.end()) return std::nullopt;
    const auto& [rank, claimed] = found->second;
    return QueuePlace{id, rank.priority, rank.arrival, claimed, ranked_.order_of_key(rank) + 1};
  }

  [[nodiscard]] std::vector<QueuePlace> places(std::size_t first, std::size_t limit) const {
    std::vector<QueuePlace> out;
    if (first == 0 || first > entries_.size()) return out;
    auto at = ranked_.find_by_order(first - 1);
    for (std::size_t position = first; at != ranked_.end() && out.size() < limit; ++at, ++position) {
      out.push_back(
          {at->second, at->first.priority, at->first.arrival, entries_.at(at->second).claimed, position});
    }
    return out;
  }

  [[nodiscard]] std::optional<QueuePlace> oldest() const {
    return arrivals_.empty() ? std::nullopt : place(arrivals_.begin()->second);
  }

 private:
  void insert(const model::QueueEntryId& id, Rank rank) {
    ranked_.insert({rank, id});
    arrivals_.emplace(rank.arrival, id);
  }

  std::unordered_map<model::QueueEntryId, Entry> entries_;
  RankedTree ranked_;                                      ///< All, in the queue's order.
  std::map<std::uint64_t, model::QueueEntryId> arrivals_;  ///< All, by arrival.
  std::set<Rank, Before> free_;                            ///< Those that nobody has claimed.
  std::map<std::uint64_t, model::QueueEntryId> free_by_arrival_;
};

SingleQueueOrder::SingleQueueOrder() = default;
SingleQueueOrder::~SingleQueueOrder() = default;

SingleQueueOrder::Line* SingleQueueOrder::find(const QueueKey& queue) const {
  const auto found = lines_.find(queue);
  return found == lines_.end() ? nullptr : found->second.get();
}

void SingleQueueOrder::join(const QueueKey& queue, const model::QueueEntryId& entry, std::int64_t priority,
                            std::size_t max_size, Function<void(bool)> done) {
  Line* line = find(queue);
  const bool room = max_size == 0 || line == nullptr || line->size() < max_size;
  if (!room || (line != nullptr && line->place(entry))) return done(false);
  if (line == nullptr) line = lines_.emplace(queue, std::make_unique<Line>()).first->second.get();
  line->add(entry, {priority, ++arrivals_});
  done(true);
}

void SingleQueueOrder::claim(const QueueKey& queue, const QueuePick& pick,
                             Function<void(std::optional<model::QueueEntryId>)> done) {
  Line* line = find(queue);
  done(line == nullptr ? std::nullopt : line->claim(pick));
}

bool SingleQueueOrder::give_back(const QueueKey& queue, const model::QueueEntryId& entry) {
  Line* line = find(queue);
  return line != nullptr && line->give_back(entry);
}

bool SingleQueueOrder::leave(const QueueKey& queue, const model::QueueEntryId& entry) {
  Line* line = find(queue);
  if (line == nullptr || !line->remove(entry)) return false;
  if (line->empty()) lines_.erase(queue);
  return true;
}

bool SingleQueueOrder::reorder(const QueueKey& queue, const model::QueueEntryId& entry,
                               std::int64_t priority) {
  Line* line = find(queue);
  return line != nullptr && line->reorder(entry, priority);
}

std::size_t SingleQueueOrder::size(const QueueKey& queue) const {
  const Line* line = find(queue);
  return line == nullptr ? 0 : line->size();
}

std::optional<QueuePlace> SingleQueueOrder::place(const QueueKey& queue,
                                                  const model::QueueEntryId& entry) const {
  const Line* line = find(queue);
  return line == nullptr ? std::nullopt : line->place(entry);
}

std::vector<QueuePlace> SingleQueueOrder::places(const QueueKey& queue, std::size_t first_position,
                                                 std::size_t limit) const {
  const Line* line = find(queue);
  return line == nullptr ? std::vector<QueuePlace>() : line->places(first_position, limit);
}

std::optional<QueuePlace> SingleQueueOrder::oldest(const QueueKey& queue) const {
  const Line* line = find(queue);
  return line == nullptr ? std::nullopt : line->oldest();
}

}  // namespace tandem::cluster
