#include "store/sql/connection.h"

#include <soci/sqlite3/soci-sqlite3.h>

namespace tandem::store {
namespace {

constexpr int kBusyTimeoutMs = 5000;

/// "UNIQUE constraint failed: numbers.did_digits, numbers.is_prefix" -> "did". The account is a part of many
/// keys and never what the user got wrong.
std::string field_of(const std::string& message) {
  const auto colon = message.rfind("failed: ");
  std::string list = colon == std::string::npos ? "" : message.substr(colon + 8);
  while (!list.empty()) {
    const auto comma = list.find(", ");
    std::string column = list.substr(0, comma);
    list = comma == std::string::npos ? "" : list.substr(comma + 2);
    if (const auto dot = column.find('.'); dot != std::string::npos) column.erase(0, dot + 1);
    while (!column.empty() && static_cast<unsigned char>(column.back()) <= ' ') column.pop_back();
    if (column == "did_digits") return "did";
    if (column != "account_id") return column;
  }
  return {};
}

StoreFailure constraint_failure(const std::string& message) {
  if (message.find("UNIQUE") != std::string::npos || message.find("PRIMARY KEY") != std::string::npos) {
    const std::string field = field_of(message);
    return {StoreError::conflict, field,
            "another one with the same " + (field.empty() ? "key" : field) + " exists"};
  }
  if (message.find("FOREIGN KEY") != std::string::npos) {
    return {StoreError::in_use, {}, "something refers to it, or it refers to something that does not exist"};
  }
  return {StoreError::invalid, field_of(message), "a value is missing or out of range"};
}

}  // namespace

Connection::Connection(const std::string& path) {
  // The connection string of SOCI splits at blanks; quotes keep a path with blanks whole.
  session_.open(*soci::factory_sqlite3(),
                "db=\"" + path + "\" timeout=" + std::to_string(kBusyTimeoutMs / 1000));
  std::string mode;
  session_ << "PRAGMA journal_mode=WAL", soci::into(mode);
  session_ << "PRAGMA synchronous=NORMAL";
  session_ << "PRAGMA foreign_keys=ON";
}

bool Connection::has_table(const std::string& name) {
  int count = 0;
  session_ << "SELECT COUNT(*) FROM sqlite_master WHERE type = 'table' AND name = :name", bind(name),
      soci::into(count);
  return count != 0;
}

bool Connection::has_any_table() {
  int count = 0;
  session_ << "SELECT COUNT(*) FROM sqlite_master", soci::into(count);
  return count != 0;
}

std::string Connection::check_table(const std::string& table) {
  std::string verdict;
  session_ << "PRAGMA quick_check('" << table << "')", soci::into(verdict);
  return verdict;
}

WriteTransaction::WriteTransaction(Connection& connection) : sql_(connection.sql()) {
  sql_ << "BEGIN IMMEDIATE";
}

WriteTransaction::~WriteTransaction() {
  if (!open_) return;
  try {
    sql_ << "ROLLBACK";
  } catch (const soci::soci_error&) {
    // The database has rolled back by itself (full disk, I/O error).
  }
}

void WriteTransaction::commit() {
  sql_ << "COMMIT";
  open_ = false;
}

ReadTransaction::ReadTransaction(Connection& connection) : sql_(connection.sql()) {
  sql_ << "BEGIN";
}

ReadTransaction::~ReadTransaction() {
  try {
    sql_ << "COMMIT";
  } catch (const soci::soci_error&) {
    // Nothing was written.
  }
}

StoreFailure failure_of(const soci::soci_error& error) {
  const std::string message = error.get_error_message();
  // SOCI reports every SQLite error as category "unknown": only the result code tells them apart.
  const auto* sqlite = dynamic_cast<const soci::sqlite3_soci_error*>(&error);
  if (sqlite == nullptr) return {StoreError::unavailable, {}, message};
  switch (sqlite->result() & 0xff) {
    case SQLITE_CONSTRAINT:
      return constraint_failure(message);
    case SQLITE_CORRUPT:
    case SQLITE_NOTADB:
      return {StoreError::corrupt, {}, message};
    case SQLITE_BUSY:
    case SQLITE_LOCKED:
      return {StoreError::unavailable, {}, "another process holds the database's lock: " + message};
    case SQLITE_TOOBIG:
    case SQLITE_MISMATCH:
    case SQLITE_RANGE:
      return {StoreError::invalid, {}, message};
    default:
      return {StoreError::unavailable, {}, message};
  }
}

}  // namespace tandem::store
