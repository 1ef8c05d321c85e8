// The WebSocket door's switchboard: opens sessions for the core and finds them again. Control thread.
#pragma once

#include <memory>
#include <string>
#include <unordered_map>
#include <vector>

#include "app/session.h"
#include "app/worker_hub.h"
#include "base/log.h"
#include "base/metrics.h"
#include "call/api/core.h"
#include "net/api/http.h"
#include "runtime/executor.h"

namespace tandem::app {

struct GatewayOptions {
  SessionLimits limits;
  WorkerOptions workers;
  std::size_t max_sessions = 50'000;
  std::vector<std::string> capabilities;  ///< Methods that this build carries out.
};

class Gateway final : public call::SessionGateway {
 public:
  /// All borrowed objects outlive the gateway. bind() comes before the first open().
  Gateway(GatewayOptions options, net::Client& client, runtime::TimerExecutor& control, Log log,
          Metrics& metrics);
  ~Gateway() override;
  void bind(call::Core& core) { core_ = &core; }

  void open(call::SessionOpening opening) override;
  void deliver(const model::SessionId& session, model::Event event) override;
  void idle(const model::SessionId& session) override;

  /// Tells every session that the node stops; calls still there after `deadline` are ended by the core.
  void announce_draining(std::chrono::milliseconds deadline);
  [[nodiscard]] std::size_t sessions() const { return sessions_.size(); }
  [[nodiscard]] WorkerHub& workers() { return workers_; }

 private:
  [[nodiscard]] Session::Deliver make_deliver(const model::SessionId& id);
  [[nodiscard]] std::unique_ptr<Connector> make_connector(Session& session,
                                                          const call::SessionOpening& opening);
  void on_end(const model::SessionId& id, Session::Ending ending);
  void erase_later(const model::SessionId& id);

  const GatewayOptions options_;
  net::Client& client_;
  runtime::TimerExecutor& control_;
  Log log_;
  call::Core* core_ = nullptr;
  Gauge live_;
  Counter opened_;
  Counter unreachable_;
  Counter lost_;
  WorkerHub workers_;
  std::unordered_map<model::SessionId, std::unique_ptr<Session>> sessions_;
  // Shared with tasks in flight: false once the gateway is gone, so that they die quietly. Control thread
  // only.
  std::shared_ptr<bool> alive_ = std::make_shared<bool>(true);
};

}  // namespace tandem::app
