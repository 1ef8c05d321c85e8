// Door: the REST API. Takes requests of the HTTP server, asks the call core, answers in JSON.
#pragma once

#include <functional>
#include <memory>
#include <string>

#include "artifact/api/recordings.h"
#include "base/log.h"
#include "base/metrics.h"
#include "call/api/core.h"
#include "cluster/api/location.h"
#include "net/api/http.h"
#include "rest/access.h"
#include "rest/history.h"
#include "rest/idempotency.h"
#include "rest/provisioning.h"
#include "rest/rate_limiter.h"
#include "runtime/executor.h"
#include "store/api/store.h"

namespace tandem::rest {

struct DoorOptions {
  std::size_t max_body_bytes = 128 << 10;
  std::size_t max_data_bytes = 64 << 10;  ///< Of an outbound call's `data`, as JSON without spaces.
  std::size_t max_under_way = 4'000;      ///< More requests are answered with 503.
  std::size_t max_waiting = 2'000;        ///< More operations are answered with 202 at once.
  std::size_t max_waiting_per_account = 500;
  RateLimit rate_limit{};
  IdempotencyLimits idempotency{};
};

/// What proves a SIP password (RFC 7616), from user name, realm and password.
struct PasswordHashes {
  std::string md5, sha256;
};
using HashPassword = std::function<PasswordHashes(const std::string& user, const std::string& realm,
                                                  const std::string& password)>;

/// All of it outlives the door.
struct DoorPorts {
  call::Core& core;  ///< Used on `control` only.
  runtime::Executor& control;
  runtime::TimerExecutor& loop;  ///< Of the door alone: bodies, pages and JSON text cost its thread's time.
  Access& access;
  CallHistory& history;
  cluster::LocationService* locations;  ///< Used on `control` only; null: nobody can register.
  Metrics& metrics;
  QueueProvisioner& queues;
  artifact::Recordings* recordings = nullptr;  ///< Used on `control` only; null: there are none.
  store::CallStore* store = nullptr;           ///< Null: nothing can be provisioned.
  HashPassword hash_password{};                ///< Any thread.
};

class Desk;
class Traffic;

class Door {
 public:
  Door(DoorOptions options, DoorPorts ports);
  Door(const Door&) = delete;
  Door& operator=(const Door&) = delete;
  /// After the HTTP server is gone, after close(), and after the loop's thread has ended (or on it).
  ~Door();

  /// A handler of net::HttpServer for the prefix "/v1/". Any thread, several at once; returns at once.
  void handle(net::HttpRequest request, net::HttpServer::Reply reply);
  /// Callbacks that come from now on die quietly, and the loop is not touched any more. Any thread.
  void close();

 private:
  struct Patterns;
  void admit(std::unique_ptr<class Exchange> exchange);

  const DoorOptions options_;
  Access& access_;
  const std::unique_ptr<const Patterns> patterns_;
  // Shared with the exchanges, which may be answered after the door is gone.
  const std::shared_ptr<Traffic> traffic_;
  const std::unique_ptr<Desk> desk_;
};

}  // namespace tandem::rest
