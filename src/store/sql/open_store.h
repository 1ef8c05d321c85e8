// The door to the SQL store.
#pragma once

#include <memory>
#include <string>

#include "store/api/store.h"

namespace tandem::store {

struct StoreOptions {
  /// "sqlite:///absolute/path.db", "sqlite://relative.db" or "sqlite::memory:".
  std::string url;
  /// Without it a missing database is an error.
  bool create_if_missing = true;
};

/// Opens the database and brings its schema up to date. Blocking; waits up to 5 s for another process's lock.
/// The Store may be used from another thread than this one, from one at a time. Errors: `invalid` (the URL),
/// `unavailable` (cannot be opened), `corrupt` (damaged, empty, or of another program: never replaced by an
/// empty one), `newer_schema` (written by a newer Tandem).
///
/// Durability: a write that returned survives the death of the process. SQLite runs in WAL mode with
/// synchronous=NORMAL, so a power failure may take the last moments with it, but leaves no torn database.
[[nodiscard]] StoreResult<std::unique_ptr<Store>> open_store(const StoreOptions& options);

}  // namespace tandem::store
