// The door to the SQL store.
#pragma once

#include <memory>
#include <string>

#include "store/api/store.h"

namespace tandem::store {

struct StoreOptions {
  /// "sqlite:///absolute/path.db", "sqlite://relative.db", "sqlite::memory:", or a PostgreSQL server's as
  /// libpq reads it: "postgresql://user@host/database", "postgresql:///database?host=/run/postgresql".
  std::string url;
  /// Without it a missing SQLite file is an error. A PostgreSQL database must exist; it may be empty.
  bool create_if_missing = true;
};

/// Opens the database and brings its schema up to date. Blocking; waits up to 5 s for another process's lock.
/// The Store may be used from another thread than this one, from one at a time. Errors: `invalid` (the URL),
/// `unavailable` (cannot be opened), `corrupt` (damaged, empty, or of another program: never replaced by an
/// empty one), `newer_schema` (written by a newer Tandem).
///
/// Durability: a write that returned survives the death of the process. SQLite runs in WAL mode with
/// synchronous=NORMAL, so a power failure may take the last moments with it, but leaves no torn database.
/// PostgreSQL does as it is configured. When its server goes, every method fails with `unavailable` at once
/// or within seconds, and a later call connects anew.
[[nodiscard]] StoreResult<std::unique_ptr<Store>> open_store(const StoreOptions& options);

/// `url` without user name, password and options.
[[nodiscard]] std::string shown_url(const std::string& url);

/// A consistent copy of a SQLite database, made while others go on reading and writing. `file` must not
/// exist; it holds secrets and is for its owner alone. Blocking.
[[nodiscard]] StoreResult<Unit> backup_store(const std::string& url, const std::string& file);

}  // namespace tandem::store
