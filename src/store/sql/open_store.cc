#include "store/sql/open_store.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <optional>

#include "base/random.h"
#include "store/sql/migrations.h"
#include "store/sql/sql_store.h"

namespace tandem::store {
namespace {

StoreFailure at_path(const std::string& path, StoreFailure f) {
  f.detail = path + ": " + f.detail;
  return f;
}

StoreFailure system_failure(const std::string& path, const char* what) {
  return {StoreError::unavailable, {}, path + ": " + what + ": " + std::strerror(errno)};
}

StoreResult<std::string> path_of(const std::string& url) {
  if (url == "sqlite::memory:" || url == "sqlite://:memory:") return std::string(":memory:");
  if (!url.starts_with("sqlite://") || url.size() == std::strlen("sqlite://")) {
    return Err(StoreFailure{
        StoreError::invalid, "url",
        "must be sqlite:// followed by the path of a file, or postgresql:// followed by a server"});
  }
  std::string path = url.substr(std::strlen("sqlite://"));
  if (path.find_first_of(std::string_view("\"\n\r\0", 4)) != std::string::npos) {
    return Err(
        StoreFailure{StoreError::invalid, "url", "must not contain quotes, line breaks or zero bytes"});
  }
  return path;
}

/// `where`: a path, or a Connection::Server.
template <class Where>
StoreResult<std::unique_ptr<Connection>> connect(const Where& where, bool may_be_empty) {
  return guarded([&]() -> StoreResult<std::unique_ptr<Connection>> {
    auto connection = std::make_unique<Connection>(where);
    if (auto done = migrate(*connection, migrations(), may_be_empty); !done)
      return Err(std::move(done).error());
    return connection;
  });
}

/// Makes the file under another name and links it into place when it is complete: whatever happens in
/// between, the path holds a whole database or nothing. The file is for its owner alone, it holds secrets.
StoreResult<Unit> create_file(const std::string& path) {
  const std::string fresh = path + ".new-" + random_hex(4);
  const int fd = ::open(fresh.c_str(), O_CREAT | O_EXCL | O_RDWR | O_CLOEXEC, 0600);
  if (fd < 0) return Err(system_failure(path, "cannot create the database"));
  ::close(fd);
  auto made = connect(fresh, true);
  const bool ok = made.has_value();
  if (ok) made.value().reset();  // Closing folds the write-ahead log into the file.
  int linked = ok ? ::link(fresh.c_str(), path.c_str()) : 0;
  const int error = errno;
  ::unlink(fresh.c_str());
  ::unlink((fresh + "-wal").c_str());
  ::unlink((fresh + "-shm").c_str());
  if (!ok) return Err(at_path(path, std::move(made).error()));
  errno = error;
  if (linked != 0 && error != EEXIST) return Err(system_failure(path, "cannot create the database"));
  return Unit{};  // With EEXIST another process has made it meanwhile.
}

/// Whether the path holds a file worth opening; makes it when it may.
StoreResult<Unit> ensure_file(const std::string& path, bool create) {
  struct stat info {};
  if (::stat(path.c_str(), &info) != 0) {
    if (errno != ENOENT) return Err(system_failure(path, "cannot be read"));
    if (!create) return Err(StoreFailure{StoreError::unavailable, {}, path + ": there is no database"});
    return create_file(path);
  }
  if (!S_ISREG(info.st_mode)) return Err(StoreFailure{StoreError::invalid, "url", path + ": is not a file"});
  if (info.st_size == 0) {
    return Err(StoreFailure{
        StoreError::corrupt,
        {},
        path + ": the file is empty, its contents are lost; restore it, or remove it to start anew"});
  }
  return Unit{};
}

/// The tables that calls are routed by are small, so each start looks them over; a damaged one is refused.
std::optional<StoreFailure> damage(Connection& connection) {
  for (const char* table : {"accounts", "applications", "numbers", "domains", "trunks", "trunk_gateways",
                            "credentials", "api_keys", "store_state"}) {
    const std::string verdict = connection.check_table(table);
    if (verdict != "ok") return StoreFailure{StoreError::corrupt, {}, "the database is damaged: " + verdict};
  }
  return std::nullopt;
}

bool is_server(const std::string& url) {
  return url.starts_with("postgresql://") || url.starts_with("postgres://");
}

StoreResult<std::unique_ptr<Store>> open_server(const std::string& url) {
  auto connection = connect(Connection::Server{url}, true);
  if (!connection) return Err(at_path(shown_url(url), std::move(connection).error()));
  return std::unique_ptr<Store>(std::make_unique<SqlStore>(std::move(*connection)));
}

/// Makes `file` durable under its final name, which must be free.
StoreResult<Unit> settle(const std::string& fresh, const std::string& file) {
  const int fd = ::open(fresh.c_str(), O_RDONLY | O_CLOEXEC);
  const bool synced = fd >= 0 && ::fsync(fd) == 0;
  if (fd >= 0) ::close(fd);
  if (!synced || ::link(fresh.c_str(), file.c_str()) != 0)
    return Err(system_failure(file, "cannot write the copy"));
  return Unit{};
}

}  // namespace

std::string shown_url(const std::string& url) {
  if (!is_server(url)) return url;
  const auto begin = url.find("://") + 3;
  const auto host_end = std::min(url.find_first_of("/?", begin), url.size());
  const auto at = url.rfind('@', host_end);
  const auto query = url.find('?');
  const auto from = at == std::string::npos || at < begin ? begin : at + 1;
  return "postgresql://" + url.substr(from, query == std::string::npos ? query : query - from);
}

StoreResult<Unit> backup_store(const std::string& url, const std::string& file) {
  if (is_server(url)) {
    return Err(StoreFailure{StoreError::invalid, "url", "a PostgreSQL database is backed up with pg_dump"});
  }
  auto path = path_of(url);
  if (!path) return Err(std::move(path).error());
  if (auto ready = ensure_file(*path, false); !ready) return ready;
  const std::string fresh = file + ".new-" + random_hex(4);
  const int fd = ::open(fresh.c_str(), O_CREAT | O_EXCL | O_RDWR | O_CLOEXEC, 0600);
  if (fd < 0) return Err(system_failure(file, "cannot write the copy"));
  ::close(fd);
  auto done = guarded([&]() -> StoreResult<Unit> {
    Connection connection(*path);
    connection.sql() << "VACUUM INTO :file", bind(fresh);
    return settle(fresh, file);
  });
  ::unlink(fresh.c_str());
  return done;
}

StoreResult<std::unique_ptr<Store>> open_store(const StoreOptions& options) {
  if (is_server(options.url)) return open_server(options.url);
  auto path = path_of(options.url);
  if (!path) return Err(std::move(path).error());
  const bool memory = *path == ":memory:";
  if (!memory) {
    if (auto ready = ensure_file(*path, options.create_if_missing); !ready)
      return Err(std::move(ready).error());
  }
  auto connection = connect(*path, memory);
  if (!connection) return Err(at_path(*path, std::move(connection).error()));
  return guarded([&]() -> StoreResult<std::unique_ptr<Store>> {
    if (auto found = damage(**connection)) return Err(at_path(*path, std::move(*found)));
    return std::unique_ptr<Store>(std::make_unique<SqlStore>(std::move(*connection)));
  });
}

}  // namespace tandem::store
