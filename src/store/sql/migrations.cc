#include "store/sql/migrations.h"

#include <chrono>

namespace tandem::store {
namespace {

std::string_view without_comment_lines_start(std::string_view sql) {
  while (!sql.empty() && (sql[0] == '\n' || sql[0] == ' ' || sql.starts_with("--"))) {
    const auto end = sql.starts_with("--") ? sql.find('\n') : 0;
    sql = end == std::string_view::npos ? std::string_view{} : sql.substr(end + 1);
  }
  return sql;
}

/// SOCI prepares one statement at a time.
void run_script(soci::session& sql, std::string_view script) {
  while (!(script = without_comment_lines_start(script)).empty()) {
    auto end = script.find(";\n");
    if (end == std::string_view::npos) end = script.size();
    sql << std::string(script.substr(0, end));
    script = end >= script.size() ? std::string_view{} : script.substr(end + 1);
  }
}

void run_steps(soci::session& sql, const std::vector<Migration>& steps, int from) {
  const auto now = std::chrono::system_clock::now().time_since_epoch();
  const long long now_ms = std::chrono::duration_cast<std::chrono::milliseconds>(now).count();
  for (int version = from + 1; version <= static_cast<int>(steps.size()); ++version) {
    const Migration& step = steps[static_cast<std::size_t>(version - 1)];
    run_script(sql, step.sql);
    const std::string name(step.name);
    sql << "INSERT INTO tandem_schema (version, name, applied_ms) VALUES (:version, :name, :now)",
        bind(version), bind(name), bind(now_ms);
  }
}

}  // namespace

StoreResult<Unit> migrate(Connection& connection, const std::vector<Migration>& steps, bool may_be_empty) {
  return guarded([&]() -> StoreResult<Unit> {
    auto& sql = connection.sql();
    const int latest = static_cast<int>(steps.size());
    const auto current = [&] {
      int version = 0;
      sql << "SELECT COALESCE(MAX(version), 0) FROM tandem_schema", soci::into(version);
      return version;
    };
    const bool ours = connection.has_table("tandem_schema");
    if (!ours && (!may_be_empty || connection.has_any_table())) {
      return Err(StoreFailure{
          StoreError::corrupt, {}, "this is not a Tandem database (it has no table tandem_schema)"});
    }
    if (ours) {
      const int version = current();
      if (version > latest) {
        return Err(StoreFailure{StoreError::newer_schema,
                                {},
                                "the database has schema version " + std::to_string(version) +
                                    ", this program knows up to " + std::to_string(latest) +
                                    ": it was used by a newer Tandem"});
      }
      if (version == 0) return Err(StoreFailure{StoreError::corrupt, {}, "the table tandem_schema is empty"});
      if (version == latest) return Unit{};
    }
    WriteTransaction transaction(connection);
    // Two that start at the same time: SQLite's lock is taken already.
    if (connection.dialect() == Dialect::postgresql) sql << "SELECT pg_advisory_xact_lock(724165)";
    sql << "CREATE TABLE IF NOT EXISTS tandem_schema (version BIGINT PRIMARY KEY, name VARCHAR(200) NOT "
           "NULL, "
           "applied_ms BIGINT NOT NULL)";
    run_steps(sql, steps, current());  // Read again: another process may have been faster.
    transaction.commit();
    return Unit{};
  });
}

}  // namespace tandem::store
