// The tables of trunks and their gateways.
#pragma once

#include <soci/soci.h>

#include <vector>

#include "store/api/records.h"

namespace tandem::store {

/// Inside the caller's transaction. Throws soci::soci_error.
void insert_trunk(soci::session& sql, const Trunk& trunk);
/// Of one account, or all when `account` is empty; oldest first. Throws soci::soci_error.
[[nodiscard]] std::vector<Trunk> select_trunks(soci::session& sql, const model::AccountId& account);

}  // namespace tandem::store
