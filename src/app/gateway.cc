#include "app/gateway.h"

#include "app/dialler.h"
#include "app/worker_connector.h"

namespace tandem::app {

Gateway::Gateway(GatewayOptions options, net::Client& client, runtime::TimerExecutor& control, Log log,
                 Metrics& metrics)
    : options_(std::move(options)),
      client_(client),
      control_(control),
      log_(std::move(log)),
      live_(metrics.gauge("tandem_sessions", "Sessions with applications")),
      opened_(metrics.counter("tandem_sessions_opened_total", "Sessions opened")),
      unreachable_(
          metrics.counter("tandem_sessions_unreachable_total", "Sessions whose application took no call")),
      lost_(metrics.counter("tandem_sessions_lost_total", "Sessions not resumed in time")),
      workers_(options_.workers, options_.limits.channel, control, log_.with("worker"), metrics,
               [this](const model::SessionId& id) -> Session* {
                 const auto found = sessions_.find(id);
                 return found == sessions_.end() ? nullptr : found->second.get();
               }) {}

Gateway::~Gateway() {
  *alive_ = false;
}

void Gateway::open(call::SessionOpening opening) {
  const model::SessionId id = opening.id;
  if (sessions_.size() >= options_.max_sessions) {
    control_.post([this, alive = alive_, id] {
      if (*alive) core_->session_failed(id, call::SessionFailure::overloaded);
    });
    return;
  }
  opened_.add();
  Session::Environment environment{control_, *core_, options_.limits, options_.capabilities, log_};
  sessions_.emplace(
      id, std::make_unique<Session>(
              std::move(opening), std::move(environment),
              [this](Session& session, const call::SessionOpening& o) { return make_connector(session, o); },
              [this, id](Session::Ending ending) { on_end(id, ending); }));
  live_.set(static_cast<double>(sessions_.size()));
}

Session::Deliver Gateway::make_deliver(const model::SessionId& id) {
  return [this, id, alive = alive_, &control = control_](Function<void(Session&)> task) {
    control.post([this, alive, id, t = std::move(task)]() mutable {
      if (!*alive) return;
      const auto found = sessions_.find(id);
      if (found != sessions_.end()) t(*found->second);
    });
  };
}

std::unique_ptr<Connector> Gateway::make_connector(Session& session, const call::SessionOpening& opening) {
  const auto deliver = [this, id = opening.id] { return make_deliver(id); };
  std::unique_ptr<Connector> by_url;
  if (!opening.application.url.empty()) {
    by_url = std::make_unique<Dialler>(
        session, opening, Dialler::Environment{client_, control_, options_.limits, log_}, deliver);
  }
  return std::make_unique<WorkerConnector>(session, opening, workers_, control_, std::move(by_url), deliver);
}

void Gateway::deliver(const model::SessionId& session, model::Event event) {
  const auto found = sessions_.find(session);
  if (found != sessions_.end()) found->second->deliver(std::move(event));
}

void Gateway::idle(const model::SessionId& session) {
  const auto found = sessions_.find(session);
  if (found != sessions_.end()) found->second->idle();
}

void Gateway::announce_draining(std::chrono::milliseconds deadline) {
  for (auto& [id, session] : sessions_) {
    model::SessionDrainingEvent draining;
    draining.deadline_ms = deadline.count();
    session->deliver({.data = draining});
  }
}

void Gateway::on_end(const model::SessionId& id, Session::Ending ending) {
  erase_later(id);
  // In a later turn too: the core may be the one that is calling.
  control_.post([this, alive = alive_, id, ending] {
    if (!*alive) return;
    switch (ending) {
      case Session::Ending::unreachable:
        unreachable_.add();
        core_->session_failed(id, call::SessionFailure::unreachable);
        break;
      case Session::Ending::closed_by_application:
      case Session::Ending::idle:
        core_->session_closed(id);
        break;
      case Session::Ending::not_resumed:
        lost_.add();
        core_->session_lost(id);
        break;
    }
  });
}

void Gateway::erase_later(const model::SessionId& id) {
  control_.post([this, alive = alive_, id] {
    if (!*alive) return;
    sessions_.erase(id);
    live_.set(static_cast<double>(sessions_.size()));
  });
}

}  // namespace tandem::app
