// The call core: operations in, events out. Everything here runs on the control thread.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/result.h"
#include "model/error.h"
#include "model/event.h"
#include "model/ids.h"
#include "model/request.h"
#include "store/api/routing.h"

namespace tandem::call {

/// Why the application is called.
struct SessionOpening {
  model::SessionId id;
  std::string reason;  ///< "inbound-call".
  store::Account account;
  store::Application application;
  model::CallId call_id;
};

enum class SessionFailure : std::uint8_t {
  unreachable,  ///< Neither URL nor fallback took the session.
  overloaded    ///< This node cannot open more sessions now.
};

/// The application's side of a session; implemented by app/. The core may deliver from the moment of open():
/// events are kept until the socket is up. The session begins with session.started, made by the
/// implementation.
class SessionGateway {
 public:
  SessionGateway() = default;
  SessionGateway(const SessionGateway&) = delete;
  SessionGateway& operator=(const SessionGateway&) = delete;
  virtual ~SessionGateway() = default;

  /// Answers through Core::session_opened() or session_failed(), never inside open().
  virtual void open(SessionOpening opening) = 0;
  /// Numbers, stamps and sends the event; never blocks. `event.seq` and `session_id` are filled in there.
  virtual void deliver(const model::SessionId& session, model::Event event) = 0;
  /// The session holds no resource any more; artifacts were delivered. The gateway closes it when the
  /// application does, or after its own grace.
  virtual void idle(const model::SessionId& session) = 0;
};

class Core {
 public:
  Core() = default;
  Core(const Core&) = delete;
  Core& operator=(const Core&) = delete;
  virtual ~Core() = default;

  /// Validates and registers the operation. The reply is made before any event of the operation: effects
  /// begin in a later turn of the control loop. Handles every method but session.ack and snapshot.get, which
  /// are the session's.
  virtual Result<model::OperationView, model::Error> submit(const model::SessionId& session,
                                                            const model::RequestParams& params) = 0;
  /// The calls, their state, and the operations of a session: open ones and recently completed ones.
  [[nodiscard]] virtual model::SessionSnapshot snapshot(const model::SessionId& session) = 0;

  virtual void session_opened(const model::SessionId& session) = 0;
  virtual void session_failed(const model::SessionId& session, SessionFailure why) = 0;
  /// The socket broke and was not resumed in time: on_disconnect of each call decides.
  virtual void session_lost(const model::SessionId& session) = 0;
  /// The application closed with 1000: its calls go on as orphans, bounded by the account's
  /// orphan_max_duration.
  virtual void session_closed(const model::SessionId& session) = 0;

  /// New calls are refused; sessions are told.
  virtual void set_draining(bool draining) = 0;
  [[nodiscard]] virtual std::size_t live_calls() const = 0;
};

}  // namespace tandem::call
