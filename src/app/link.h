// Link: one connection of one session to its application, as long as it is up. What differs between ways to
// reach an application (a socket of the session's own, a share in a worker's) ends here.
#pragma once

#include <cstdint>
#include <string>

#include "app/event_stream.h"
#include "model/error.h"
#include "model/event.h"
#include "model/request.h"

namespace tandem::app {

/// Owned by its session; control thread.
class Link {
 public:
  Link() = default;
  Link(const Link&) = delete;
  Link& operator=(const Link&) = delete;
  virtual ~Link() = default;

  // In order. False: the peer does not read; the queue is over its limit.
  virtual bool send_event(EventPtr event) = 0;
  virtual bool send_operation(std::string rpc_id, model::OperationView view) = 0;
  virtual bool send_snapshot(std::string rpc_id, model::SessionSnapshot snapshot) = 0;
  virtual bool send_done(std::string rpc_id) = 0;
  virtual bool send_error(std::string rpc_id, model::Error error) = 0;
  /// `code` as on a WebSocket: 1000 the session is over, 1008 cut off with the state kept, 1001 it goes on
  /// elsewhere. Nothing is sent after it.
  virtual void close(std::uint16_t code, std::string reason) = 0;
};

}  // namespace tandem::app
