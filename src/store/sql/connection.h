// A SOCI session with what SQLite and PostgreSQL do differently: opening, transactions, error codes.
#pragma once

#include <soci/soci.h>

#include <chrono>
#include <string>
#include <utility>

#include "store/api/store.h"

namespace tandem::store {

enum class Dialect : std::uint8_t { sqlite, postgresql };

class Connection {
 public:
  /// SQLite. Throws soci::soci_error. `path` may be ":memory:".
  explicit Connection(const std::string& path);
  /// PostgreSQL. `address` is a URL or keywords as libpq reads them.
  struct Server {
    std::string address;
  };
  explicit Connection(const Server& server);

  [[nodiscard]] soci::session& sql() { return session_; }
  [[nodiscard]] Dialect dialect() const { return dialect_; }
  [[nodiscard]] bool has_table(const std::string& name);
  [[nodiscard]] bool has_any_table();
  /// What the database's own check says of `table`: "ok", or the damage.
  [[nodiscard]] std::string check_table(const std::string& table);

  /// Connects anew where the server has gone, at most as often as the back-off allows; throws when it cannot.
  /// No statement of this connection may be alive.
  void revive();
  /// Whether `error` means that the connection is of no use any more; revive() then makes a new one.
  [[nodiscard]] bool lost_by(const soci::soci_error& error);

 private:
  void silence();

  soci::session session_;
  Dialect dialect_;
  bool lost_ = false;
  std::chrono::milliseconds pause_{0};
  std::chrono::steady_clock::time_point next_try_{};
};

/// A transaction that takes the write lock at once: one that upgraded later could fail without waiting. Rolls
/// back unless committed.
class WriteTransaction {
 public:
  explicit WriteTransaction(Connection& connection);
  ~WriteTransaction();
  WriteTransaction(const WriteTransaction&) = delete;
  WriteTransaction& operator=(const WriteTransaction&) = delete;
  void commit();

 private:
  soci::session& sql_;
  bool open_ = true;
};

/// One consistent view over several queries.
class ReadTransaction {
 public:
  explicit ReadTransaction(Connection& connection);
  ~ReadTransaction();
  ReadTransaction(const ReadTransaction&) = delete;
  ReadTransaction& operator=(const ReadTransaction&) = delete;

 private:
  soci::session& sql_;
};

/// What soci::use() returns refers to the name that it was given, so the name must outlive the statement.
inline const std::string kUnnamed;

/// soci::use() for named variables only. SOCI executes after temporaries of the same expression are gone, so
/// binding one would read freed memory.
template <class T>
auto bind(T& value) {
  return soci::use(value, kUnnamed);
}
template <class T>
auto bind(T& value, soci::indicator& set) {
  return soci::use(value, set, kUnnamed);
}

/// What a database error means. The text holds no values of the statement, which may be secrets.
[[nodiscard]] StoreFailure failure_of(const soci::soci_error& error);

/// Runs `work`, which returns a StoreResult, and turns a database exception into a failure.
template <class Work>
auto guarded(Work work) -> decltype(work()) {
  try {
    return work();
  } catch (const soci::soci_error& e) {
    return Err(failure_of(e));
  }
}

/// As guarded(). Where the connection broke and `may_repeat()` then says that nothing is done twice by it,
/// runs `work` once more on a new one.
template <class MayRepeat, class Work>
auto attempt(Connection& connection, MayRepeat may_repeat, Work work) -> decltype(work()) {
  for (int tries = 1;; ++tries) {
    try {
      connection.revive();
      return work();
    } catch (const soci::soci_error& e) {
      const bool lost = connection.lost_by(e);
      if (!lost || tries == 2 || !may_repeat()) return Err(failure_of(e));
    }
  }
}

}  // namespace tandem::store
