// The table of call detail records.
#pragma once

#include <soci/soci.h>

#include <memory>
#include <optional>
#include <vector>

#include "store/api/store.h"
#include "store/sql/connection.h"

namespace tandem::store {

/// Writes CDRs over one connection, before which it is destroyed. With SQLite its statement is prepared once:
/// the parser takes longer than the insert. With a server it is prepared for each batch, since no statement
/// may be alive when a lost connection is made anew.
class CdrInsert {
 public:
  CdrInsert();
  CdrInsert(const CdrInsert&) = delete;
  CdrInsert& operator=(const CdrInsert&) = delete;
  ~CdrInsert();
  /// Inside the caller's transaction; a CDR that is there already is left as it is. Throws soci::soci_error.
  void run(Connection& connection, const std::vector<Cdr>& cdrs);

 private:
  struct Prepared;
  std::unique_ptr<Prepared> prepared_;
};
/// Newest first; nothing when the cursor is none of ours. Throws soci::soci_error.
[[nodiscard]] std::optional<CdrPage> select_cdrs(soci::session& sql, const CdrQuery& query);
[[nodiscard]] std::optional<Cdr> select_cdr(soci::session& sql, const model::AccountId& account,
                                            const model::CallId& call);

}  // namespace tandem::store
