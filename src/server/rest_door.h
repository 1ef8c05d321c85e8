// Wires the REST door: API keys and records from the store, a loop of its own, the HTTP server's requests.
#pragma once

#include <memory>

#include "net/api/http.h"
#include "rest/door.h"
#include "runtime/loop.h"
#include "store/api/store.h"

namespace tandem::server {

/// All of it outlives the object.
struct RestPorts {
  call::Core& core;
  runtime::Executor& control;
  store::CallStore& store;
  cluster::LocationService* locations;  ///< Null: nobody can register.
  const Clock& clock;
  Metrics& metrics;
  artifact::Recordings* recordings = nullptr;  ///< Null: there are none.
};

class RestDoor {
 public:
  RestDoor(rest::DoorOptions options, RestPorts ports);
  RestDoor(const RestDoor&) = delete;
  RestDoor& operator=(const RestDoor&) = delete;
  /// After the HTTP server is gone, before the core and the store, on another thread than `control`'s. Tasks
  /// that the door has posted to `control` may still come and touch the core: destroy that there, as a later
  /// task.
  ~RestDoor();

  /// Takes "/v1/". Before http.start().
  void attach(net::HttpServer& http);

 private:
  const std::unique_ptr<rest::Access> access_;
  const std::unique_ptr<rest::CallHistory> history_;
  const std::unique_ptr<rest::QueueProvisioner> queues_;
  std::unique_ptr<runtime::Loop> loop_;
  std::unique_ptr<rest::Door> door_;
};

}  // namespace tandem::server
