// WorkerLink: a session's share in a worker's socket.
#pragma once

#include <memory>
#include <string>

#include "app/link.h"
#include "app/session.h"

namespace tandem::app {

class Worker;

class WorkerLink final : public Link {
 public:
  /// `worker` clears the link's reference before it goes.
  WorkerLink(Worker& worker, model::SessionId session) : worker_(&worker), session_(std::move(session)) {}
  ~WorkerLink() override;

  /// From now on `owner`, which outlives the link's place on the socket, hears what comes. Once, while up().
  void bind(Session& owner, std::uint64_t attempt);
  /// False once the session has no place on the socket any more.
  [[nodiscard]] bool up() const { return worker_ != nullptr; }
  [[nodiscard]] const model::SessionId& session() const { return session_; }

  bool send_event(EventPtr event) override;
  bool send_operation(std::string rpc_id, model::OperationView view) override;
  bool send_snapshot(std::string rpc_id, model::SessionSnapshot snapshot) override;
  bool send_done(std::string rpc_id) override;
  bool send_error(std::string rpc_id, model::Error error) override;
  /// Tells the worker with session.closed. What a slow worker (1008) has not read yet is dropped before.
  void close(std::uint16_t code, std::string reason) override;

  // From the worker.
  void on_request(model::Request request);
  /// The session's place is gone already.
  void on_gone(std::uint16_t code);
  void forget_worker() { worker_ = nullptr; }

 private:
  Worker* worker_;
  const model::SessionId session_;
  Session* owner_ = nullptr;
  std::uint64_t attempt_ = 0;
};

}  // namespace tandem::app
