// The tables of trunks and their gateways.
#pragma once

#include <soci/soci.h>

#include <vector>

#include "store/api/records.h"
#include "store/sql/columns.h"

namespace tandem::store {

// All inside the caller's transaction or view; they throw soci::soci_error.

void insert_trunk(soci::session& sql, const Trunk& trunk);
/// All but id, account and creation time.
void update_trunk(soci::session& sql, const Trunk& trunk);
[[nodiscard]] std::vector<Trunk> select_trunks(soci::session& sql, const Tail& tail);

}  // namespace tandem::store
