// The call core: operations in, events out. Everything here runs on the control thread.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/function.h"
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
  std::string reason;  ///< "inbound-call" or "outbound-call".
  store::Account account;
  store::Application application;
  model::CallId call_id;      ///< Empty for an outbound session.
  model::IntentId intent_id;  ///< Of an outbound session.
  std::string data_json;      ///< What an outbound call was requested with; JSON text.
};

enum class SessionFailure : std::uint8_t {
  unreachable,  ///< Neither URL nor fallback took the session.
  overloaded    ///< This node cannot open more sessions now.
};

/// An outbound call as it is asked for by REST. Nothing is dialled for it: the account's outbound application
/// gets a session and dials.
struct OutboundRequest {
  model::AccountId account;
  model::ApplicationId application;  ///< Empty: the account's outbound application.
  std::string data_json;             ///< Any JSON text, at most 64 KiB; empty: null.
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

/// A queue, and some of those who wait in it.
struct QueuePage {
  model::QueueInfo queue;
  std::vector<model::QueueEntry> entries;  ///< In the queue's order.
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

  // The REST door. What belongs to another account is not found.
  /// Queues, paces and expires by the account's limits. Errors: forbidden (the account has no outbound
  /// application), not_found (`application`), rate_limited or queue_full, node_draining.
  virtual Result<model::Intent, model::Error> request_outbound(OutboundRequest request) = 0;
  [[nodiscard]] virtual std::optional<model::Intent> intent(const model::AccountId& account,
                                                            const model::IntentId& id) = 0;
  [[nodiscard]] virtual std::vector<model::Intent> intents(const model::AccountId& account) = 0;
  [[nodiscard]] virtual std::vector<model::LiveCall> calls(const model::AccountId& account) = 0;
  [[nodiscard]] virtual std::optional<model::LiveCall> call(const model::AccountId& account,
                                                            const model::CallId& id) = 0;
  [[nodiscard]] virtual std::vector<model::LiveSession> sessions(const model::AccountId& account) = 0;
  /// As submit() of a session, for any live call of the account: same checks, same events to the session that
  /// holds the call. `done` (may be empty) comes once when the operation has completed, never within the
  /// call.
  virtual Result<model::OperationView, model::Error> submit(
      const model::AccountId& account, const model::RequestParams& params,
      Function<void(const model::OperationView&)> done) = 0;
  [[nodiscard]] virtual std::optional<model::OperationView> operation(const model::AccountId& account,
                                                                      const model::CallId& call,
                                                                      const model::OpId& id) = 0;
  // Conferences. The operations on one are submitted as those of a call.
  [[nodiscard]] virtual std::vector<model::ConferenceSnapshot> conferences(
      const model::AccountId& account) = 0;
  [[nodiscard]] virtual std::optional<model::ConferenceSnapshot> conference(
      const model::AccountId& account, const model::ConferenceId& id) = 0;
  /// conference.create on behalf of no session. Errors: name_taken, concurrency_exceeded, invalid_params.
  virtual Result<model::ConferenceSnapshot, model::Error> create_conference(
      const model::AccountId& account, const model::ConferenceCreate& params) = 0;
  [[nodiscard]] virtual std::optional<model::OperationView> operation(const model::AccountId& account,
                                                                      const model::ConferenceId& conference,
                                                                      const model::OpId& id) = 0;
  /// Queues of the account, provisioned or in use, by name.
  [[nodiscard]] virtual std::vector<model::QueueInfo> queues(const model::AccountId& account) = 0;
  /// With those who wait at `first_position` (from 1) and behind, at most `limit`.
  [[nodiscard]] virtual std::optional<QueuePage> queue(const model::AccountId& account,
                                                       const model::QueueId& id, std::size_t first_position,
                                                       std::size_t limit) = 0;
  /// session.subscribe.
  virtual void subscribe(const model::SessionId& session, const model::SessionSubscribe& what) = 0;

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
