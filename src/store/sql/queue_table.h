// The table of queues.
#pragma once

#include <soci/soci.h>

#include <vector>

#include "store/api/records.h"
#include "store/sql/columns.h"

namespace tandem::store {

/// Inside the caller's transaction. Throws soci::soci_error.
void insert_queue(soci::session& sql, const Queue& queue);
/// All fields but id, account and creation time. False: there is none. Throws soci::soci_error.
bool update_queue(soci::session& sql, const Queue& queue);
/// Throws soci::soci_error.
[[nodiscard]] std::vector<Queue> select_queues(soci::session& sql, const Tail& tail);

}  // namespace tandem::store
