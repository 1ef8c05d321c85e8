// The table of call detail records.
#pragma once

#include <soci/soci.h>

#include <vector>

#include "store/api/store.h"

namespace tandem::store {

/// Inside the caller's transaction; a CDR that is there already is left as it is. Throws soci::soci_error.
void insert_cdrs(soci::session& sql, const std::vector<Cdr>& cdrs);
/// Newest first. Throws soci::soci_error.
[[nodiscard]] std::vector<Cdr> select_cdrs(soci::session& sql, const Store::CdrQuery& query);

}  // namespace tandem::store
