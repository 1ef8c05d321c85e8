// The table of call detail records.
#pragma once

#include <soci/soci.h>

#include <optional>
#include <vector>

#include "store/api/store.h"

namespace tandem::store {

/// Inside the caller's transaction; a CDR that is there already is left as it is. Throws soci::soci_error.
void insert_cdrs(soci::session& sql, const std::vector<Cdr>& cdrs);
/// Newest first; nothing when the cursor is none of ours. Throws soci::soci_error.
[[nodiscard]] std::optional<CdrPage> select_cdrs(soci::session& sql, const CdrQuery& query);
[[nodiscard]] std::optional<Cdr> select_cdr(soci::session& sql, const model::AccountId& account,
                                            const model::CallId& call);

}  // namespace tandem::store
