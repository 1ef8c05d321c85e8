// A PostgreSQL server of the tests' own: in a temporary folder, on a unix socket only.
#pragma once

#include <sys/types.h>

#include <memory>
#include <string>

namespace tandem::store {

class PostgresServer {
 public:
  /// Makes a cluster and starts it. Throws std::runtime_error with the reason when it cannot. The server
  /// refuses root, so a root's tests run it as the user postgres, or nobody.
  PostgresServer();
  ~PostgresServer();
  PostgresServer(const PostgresServer&) = delete;
  PostgresServer& operator=(const PostgresServer&) = delete;

  /// The address of a new, empty database.
  [[nodiscard]] std::string make_database();
  /// As when the machine fails; returns once the process is gone.
  void kill();
  /// Returns once it takes connections.
  void start();

  /// One for the whole test program, made when it is first asked for.
  static PostgresServer& shared();

 private:
  [[nodiscard]] std::string tool(const std::string& name) const { return bin_ + "/" + name; }
  [[nodiscard]] bool answers() const;

  std::string bin_;
  std::string folder_;
  std::string user_;  ///< Of the system; empty: our own.
  pid_t server_ = -1;
  int databases_ = 0;
};

}  // namespace tandem::store
