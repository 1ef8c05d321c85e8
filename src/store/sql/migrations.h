// Schema changes, forward only. Each file of store/migrations/ is one step; its number is its place in the
// table.
#pragma once

#include <string_view>
#include <vector>

#include "store/api/store.h"
#include "store/sql/connection.h"

namespace tandem::store {

struct Migration {
  std::string_view name;
  std::string_view sql;  ///< Statements that end where a line ends with a semicolon.
};

/// Embedded at build time, in order; the first brings schema version 1.
[[nodiscard]] const std::vector<Migration>& migrations();

/// Runs the steps that `connection` lacks, all in one transaction. A database without any table gets them
/// all; one whose tables are not ours is refused as `corrupt`, one with a higher version as `newer_schema`.
[[nodiscard]] StoreResult<Unit> migrate(Connection& connection, const std::vector<Migration>& steps,
                                        bool may_be_empty);

}  // namespace tandem::store
