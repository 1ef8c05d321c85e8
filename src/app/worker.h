// Worker: one socket that an application has opened to take sessions, as the control thread sees it: what it
// has said of itself, which sessions it carries, how many more it takes.
#pragma once

#include <memory>
#include <string>
#include <unordered_map>

#include "app/worker_admission.h"
#include "app/worker_authority.h"
#include "app/worker_link.h"
#include "app/worker_outbox.h"
#include "net/api/http.h"
#include "runtime/executor.h"

namespace tandem::app {

/// Control thread.
class Worker {
 public:
  // Shared with the net thread, see WorkerAdmission.
  Worker(WorkerIdentity identity, std::unique_ptr<net::WebSocket> socket,
         std::shared_ptr<WorkerAdmission> admission, runtime::TimerExecutor& control,
         WorkerOutbox::Limits limits, Function<void()> on_credit, Function<void()> on_stall);
  ~Worker();
  Worker(const Worker&) = delete;
  Worker& operator=(const Worker&) = delete;

  enum class Stage : std::uint8_t {
    fresh,     ///< worker.ready is awaited.
    ready,     ///< Takes sessions.
    draining,  ///< Takes no more; those it has go on.
    gone       ///< The socket is closed.
  };
  [[nodiscard]] Stage stage() const { return stage_; }
  /// False: not in this stage.
  [[nodiscard]] bool ready(std::size_t max_sessions);
  [[nodiscard]] bool drain();
  [[nodiscard]] const WorkerIdentity& identity() const { return identity_; }
  /// How many sessions it may be offered now.
  [[nodiscard]] std::size_t credit() const;
  [[nodiscard]] std::size_t sessions() const { return links_.size(); }
  /// When it was offered a session last, as a count of offers.
  [[nodiscard]] std::uint64_t last_offer() const { return last_offer_; }
  void set_last_offer(std::uint64_t n) { last_offer_ = n; }

  /// A place for the session, which has none here.
  [[nodiscard]] std::unique_ptr<WorkerLink> attach(const model::SessionId& session);
  [[nodiscard]] WorkerLink* find(const model::SessionId& session);
  /// Frees the link's place; nothing comes in for it any more. What waits to be sent is.
  void detach(WorkerLink& link);

  /// False: too much waits for this session.
  bool send(const model::SessionId& session, WorkerOutbox::Make make) {
    return stage_ == Stage::gone || outbox_.send(session, std::move(make));
  }
  /// Drops what waits to be sent for the session.
  void drop(const model::SessionId& session) { outbox_.clear(session); }

  /// Closes the socket if it is not; its sessions are told that they have lost their link.
  void close(std::uint16_t code, std::string reason);
  void on_socket_closed();

 private:
  void lose_links();

  const WorkerIdentity identity_;
  std::unique_ptr<net::WebSocket> socket_;
  std::shared_ptr<WorkerAdmission> admission_;
  Function<void()> on_credit_;
  Stage stage_ = Stage::fresh;
  std::size_t max_sessions_ = 0;
  std::uint64_t last_offer_ = 0;
  std::unordered_map<model::SessionId, WorkerLink*> links_;  ///< Owned by their sessions.
  WorkerOutbox outbox_;
};

}  // namespace tandem::app
