// A provisioned queue of calls.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.h"
#include "model/generated/protocol.h"
#include "model/ids.h"

namespace tandem::store {

struct Queue {
  model::QueueId id;
  model::AccountId account_id;
  std::string name;              ///< Unique in the account.
  std::uint32_t max_size = 0;    ///< Most calls that wait; 0: no limit.
  std::int64_t max_wait_ms = 0;  ///< Longest wait; 0: none.
  model::QueueOverflow overflow_action = model::QueueOverflow::ivr;
  std::string overflow_queue;          ///< Name; with the action `queue` only.
  std::vector<std::string> wait_urls;  ///< What those hear that bring nothing of their own.
  model::QueueOrdering order = model::QueueOrdering::priority;
  WallTime created;
};

[[nodiscard]] std::optional<model::QueueOverflow> queue_overflow_of(std::string_view text);
[[nodiscard]] std::optional<model::QueueOrdering> queue_ordering_of(std::string_view text);

}  // namespace tandem::store
