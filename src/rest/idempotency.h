// Idempotency-Key: what a key has made, so that a repeated request makes no second one. Bounded: the
// intent is kept without its data, which a repeated request brings along again. One thread: the door's loop.
#pragma once

#include <cstdint>
#include <deque>
#include <string>
#include <unordered_map>
#include <variant>
#include <vector>

#include "base/clock.h"
#include "model/generated/protocol.h"
#include "rest/exchange.h"

namespace tandem::rest {

struct IdempotencyLimits {
  Duration keep = std::chrono::hours(24);
  std::size_t max_entries = 100'000;  ///< Of all accounts; then the account that holds most loses its oldest.
  std::size_t max_waiting = 16;       ///< Requests that wait for the answer to the first of their key.
};

class Idempotency {
 public:
  explicit Idempotency(IdempotencyLimits limits) : limits_(limits) {}

  struct Fresh {};     ///< Carry it out, then call succeeded() or failed().
  struct Conflict {};  ///< The key came with another body before.
  struct Waiting {};   ///< The first one is under way; succeeded() or failed() hands `exchange` back.
  struct Crowded {};   ///< Too many wait for it.
  /// What was made: an intent, without its data, or the id of a provisioned record.
  using Made = std::variant<model::Intent, std::string>;
  struct Known {  ///< Answer with this again.
    Made made;
  };
  using Found = std::variant<Fresh, Conflict, Waiting, Crowded, Known>;

  /// `print`: a hash of what was asked for. `exchange` is taken with Waiting only.
  [[nodiscard]] Found begin(const model::AccountId& account, const std::string& key, const std::string& print,
                            ExchangePtr& exchange, TimePoint now);
  /// Those that waited for it.
  [[nodiscard]] std::vector<ExchangePtr> succeeded(const model::AccountId& account, const std::string& key,
                                                   Made made);
  /// Forgets the key: the next request tries again.
  [[nodiscard]] std::vector<ExchangePtr> failed(const model::AccountId& account, const std::string& key);

  [[nodiscard]] std::size_t size() const { return size_; }

 private:
  struct Pending {
    std::vector<ExchangePtr> waiting;
  };
  struct Entry {
    std::string print;
    std::uint64_t serial = 0;
    std::variant<Pending, Made> state;
  };
  struct Order {
    std::string key;
    std::uint64_t serial;  ///< An entry that was forgotten and made again has another one.
    TimePoint at;
  };
  struct Tenant {
    std::unordered_map<std::string, Entry> entries;
    std::deque<Order> order;  ///< Oldest first.
  };
  [[nodiscard]] static bool is_stale(const Tenant& tenant, const Order& place);
  void forget_expired(Tenant& tenant, TimePoint now);
  bool forget_oldest(Tenant& tenant);
  void make_room(TimePoint now);
  Entry* find(const model::AccountId& account, const std::string& key);

  const IdempotencyLimits limits_;
  std::unordered_map<model::AccountId, Tenant> tenants_;
  std::size_t size_ = 0;
  std::uint64_t next_serial_ = 1;
};

}  // namespace tandem::rest
