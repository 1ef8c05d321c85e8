#include "store/sql/connection.h"

#include <soci/postgresql/soci-postgresql.h>
#include <soci/sqlite3/soci-sqlite3.h>

#include <algorithm>

namespace tandem::store {
namespace {

constexpr int kBusyTimeoutMs = 5000;

/// "numbers.did_digits, numbers.is_prefix" -> "did". The account is a part of many keys and never what the
/// user got wrong.
std::string field_in(std::string list) {
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

/// "UNIQUE constraint failed: numbers.did_digits, numbers.is_prefix"
std::string field_of(const std::string& message) {
  const auto colon = message.rfind("failed: ");
  return colon == std::string::npos ? "" : field_in(message.substr(colon + 8));
}

StoreFailure taken(const std::string& field) {
  return {StoreError::conflict, field,
          "another one with the same " + (field.empty() ? "key" : field) + " exists"};
}
StoreFailure referred_to() {
  return {StoreError::in_use, {}, "something refers to it, or it refers to something that does not exist"};
}

StoreFailure constraint_failure(const std::string& message) {
  if (message.find("UNIQUE") != std::string::npos || message.find("PRIMARY KEY") != std::string::npos) {
    return taken(field_of(message));
  }
  if (message.find("FOREIGN KEY") != std::string::npos) return referred_to();
  return {StoreError::invalid, field_of(message), "a value is missing or out of range"};
}

/// Columns of PostgreSQL's "DETAIL:  Key (account_id, name)=(AC1, secret) already exists." Nothing else of
/// the message may go on: it shows values.
std::string key_of(const std::string& message) {
  const auto open = message.find("Key (");
  const auto close = open == std::string::npos ? open : message.find(")=", open);
  if (close == std::string::npos) return {};
  return field_in(message.substr(open + 5, close - open - 5));
}

bool has_state(const std::string& state) {
  return state.find_first_not_of(std::string_view(" \0", 2)) != std::string::npos;
}

StoreFailure server_failure(const std::string& state, const std::string& message) {
  if (state == "23505") return taken(key_of(message));
  if (state == "23503") return referred_to();
  if (state.starts_with("22") || state.starts_with("23")) {
    return {StoreError::invalid, {}, "a value is missing or out of range (SQLSTATE " + state + ")"};
  }
  if (state.starts_with("XX"))
    return {StoreError::corrupt, {}, "the database is damaged (SQLSTATE " + state + ")"};
  return {StoreError::unavailable, {}, "PostgreSQL cannot do it now (SQLSTATE " + state + ")"};
}

/// What libpq knows of `address`, with what is ours where it does not say: a server that is gone must not
/// hold up the store's thread, and a lock that somebody forgot must not hold up everyone.
std::string with_our_options(const std::string& address) {
  static constexpr std::pair<std::string_view, const char*> kOurs[] = {
      {"connect_timeout", "3"},
      {"keepalives_idle", "5"},
      {"keepalives_interval", "2"},
      {"keepalives_count", "3"},
      {"tcp_user_timeout", "8000"},
      {"fallback_application_name", "tandem"},
      {"client_encoding", "UTF8"},
      {"options", "-c lock_timeout=5000 -c idle_in_transaction_session_timeout=60000"}};
  char* why = nullptr;
  PQconninfoOption* parsed = PQconninfoParse(address.c_str(), &why);
  if (parsed == nullptr) {
    // The message may quote the address, and with it the password.
    PQfreemem(why);
    throw soci::soci_error("the address of the PostgreSQL server is malformed");
  }
  std::string out;
  for (const PQconninfoOption* o = parsed; o->keyword != nullptr; ++o) {
    const char* value = o->val;
    for (const auto& [name, ours] : kOurs) {
      if (value == nullptr && name == o->keyword) value = ours;
    }
    if (value == nullptr) continue;
    out += (out.empty() ? "" : " ") + std::string(o->keyword) + "='";
    for (const char* c = value; *c != '\0'; ++c) {
      if (*c == '\'' || *c == '\\') out += '\\';
      out += *c;
    }
    out += "'";
  }
  PQconninfoFree(parsed);
  return out;
}

constexpr std::chrono::milliseconds kFirstPause{100};
constexpr std::chrono::milliseconds kLongestPause{2000};

}  // namespace

Connection::Connection(const Server& server) : dialect_(Dialect::postgresql) {
  session_.open(*soci::factory_postgresql(), with_our_options(server.address));
  silence();
}

void Connection::silence() {
  // Without it libpq writes what the server remarks to standard error.
  PQsetNoticeProcessor(
      static_cast<soci::postgresql_session_backend*>(session_.get_backend())->conn_,
      [](void*, const char*) {}, nullptr);
}

void Connection::revive() {
  if (!lost_) return;
  const auto now = std::chrono::steady_clock::now();
  if (now < next_try_) throw soci::soci_error("the database server is away");
  try {
    session_.reconnect();
    silence();
  } catch (const soci::soci_error&) {
    pause_ = std::clamp(pause_ * 2, kFirstPause, kLongestPause);
    next_try_ = std::chrono::steady_clock::now() + pause_;
    throw;
  }
  lost_ = false;
  pause_ = std::chrono::milliseconds{0};
}

bool Connection::lost_by(const soci::soci_error& error) {
  if (dialect_ == Dialect::sqlite) return false;
  if (lost_) return true;
  const auto* postgres = dynamic_cast<const soci::postgresql_soci_error*>(&error);
  const std::string state = postgres == nullptr ? std::string() : postgres->sqlstate();
  // Without a state the error is the library's own: the connection broke, or SOCI has tried to mend it and
  // failed.
  const bool own = postgres != nullptr && !has_state(state);
  // 25006: a server that was the first and became a stand-by.
  lost_ = own || state.starts_with("08") || state.starts_with("57P") || state == "25006" || state == "25P03";
  if (!lost_) {
    const auto* backend = static_cast<const soci::postgresql_session_backend*>(session_.get_backend());
    lost_ = backend == nullptr || PQstatus(backend->conn_) != CONNECTION_OK;
  }
  return lost_;
}

Connection::Connection(const std::string& path) : dialect_(Dialect::sqlite) {
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
  session_ << (dialect_ == Dialect::sqlite
                   ? "SELECT COUNT(*) FROM sqlite_master WHERE type = 'table' AND name = :name"
                   : "SELECT COUNT(*) FROM pg_catalog.pg_tables WHERE schemaname = current_schema() AND "
                     "tablename = :name"),
      bind(name), soci::into(count);
  return count != 0;
}

bool Connection::has_any_table() {
  int count = 0;
  session_ << (dialect_ == Dialect::sqlite
                   ? "SELECT COUNT(*) FROM sqlite_master"
                   : "SELECT COUNT(*) FROM pg_catalog.pg_tables WHERE schemaname = current_schema()"),
      soci::into(count);
  return count != 0;
}

std::string Connection::check_table(const std::string& table) {
  if (dialect_ == Dialect::postgresql) return "ok";  // It checks its pages itself.
  std::string verdict;
  session_ << "PRAGMA quick_check('" << table << "')", soci::into(verdict);
  return verdict;
}

WriteTransaction::WriteTransaction(Connection& connection) : sql_(connection.sql()) {
  sql_ << (connection.dialect() == Dialect::sqlite ? "BEGIN IMMEDIATE" : "BEGIN");
}

WriteTransaction::~WriteTransaction() {
  if (!open_) return;
  try {
    sql_ << "ROLLBACK";
  } catch (const soci::soci_error&) {
    // The database has rolled back by itself (full disk, I/O error, lost connection).
  }
}

void WriteTransaction::commit() {
  sql_ << "COMMIT";
  open_ = false;
}

ReadTransaction::ReadTransaction(Connection& connection) : sql_(connection.sql()) {
  sql_ << (connection.dialect() == Dialect::sqlite ? "BEGIN"
                                                   : "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY");
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
  if (sqlite == nullptr) {
    const auto* postgres = dynamic_cast<const soci::postgresql_soci_error*>(&error);
    if (postgres != nullptr && has_state(postgres->sqlstate()))
      return server_failure(postgres->sqlstate(), message);
    return {StoreError::unavailable, {}, message};
  }
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
