#include "app/worker_hub.h"

#include <algorithm>

#include "app/worker_reader.h"
#include "wire/frame.h"

namespace tandem::app {
namespace {

constexpr std::uint16_t kPolicyViolation = 1008;
constexpr std::uint16_t kTryAgainLater = 1013;

model::Error error_of(model::ErrorCode code, std::string message, std::string field = {}) {
  model::Error error;
  error.code = code;
  error.message = std::move(message);
  error.field = std::move(field);
  return error;
}

/// An answer in the session's lane, which may be the worker's own (no session).
void answer_done(Worker& worker, const model::SessionId& session, std::string rpc_id) {
  worker.send(session, [id = std::move(rpc_id), s = session] { return wire::encode_done(id, s.str()); });
}

void answer_error(Worker& worker, const model::SessionId& session, std::string rpc_id, model::Error error) {
  worker.send(session, [id = std::move(rpc_id), e = std::move(error), s = session] {
    return wire::encode_error(id, e, s.str());
  });
}

}  // namespace

WorkerHub::WorkerHub(WorkerOptions options, const ChannelLimits& limits, runtime::TimerExecutor& control,
                     Log log, Metrics& metrics, Find find)
    : options_(options),
      limits_(limits),
      control_(control),
      log_(std::move(log)),
      find_(std::move(find)),
      live_(metrics.gauge("tandem_workers", "Worker sockets that are open")),
      waiting_gauge_(metrics.gauge("tandem_worker_offers_waiting", "Sessions that wait for a worker")),
      offered_(metrics.counter("tandem_worker_offers_total", "Sessions offered to workers")),
      resumed_(metrics.counter("tandem_worker_resumes_total", "Sessions resumed by workers")),
      key_check_(control) {}

WorkerHub::~WorkerHub() {
  *alive_ = false;
}

void WorkerHub::bind(const WorkerAuthority& authority) {
  authority_ = &authority;
}

void WorkerHub::post(Function<void()> task) {
  control_.post([alive = alive_, t = std::move(task)]() mutable {
    if (*alive) t();
  });
}

// ---- sockets

void WorkerHub::attach(WorkerIdentity identity, std::unique_ptr<net::WebSocket> socket) {
  const std::uint64_t number = next_number_.fetch_add(1);
  net::WebSocket& open = *socket;
  auto admission = std::make_shared<WorkerAdmission>(limits_, control_.clock());
  WorkerReader::Handlers handlers;
  handlers.on_frame = [this, number](wire::WorkerFrame frame) {
    post([this, number, f = std::move(frame)]() mutable { on_frame(number, std::move(f)); });
  };
  handlers.on_overrun = [this, number](model::SessionId session) {
    post([this, number, s = std::move(session)] { on_overrun(number, s); });
  };
  WorkerReader reader(open, admission, limits_, control_.clock(), std::move(handlers));
  net::WebSocket::Handlers on_net;
  on_net.on_text = [r = std::move(reader)](const std::string& text) mutable { r.read(text); };
  on_net.on_close = [this, number](std::uint16_t, const std::string&) {
    post([this, number] { remove(number); });
  };
  // Its first frame comes in a later turn of this thread, so behind the task that makes the worker known.
  open.start(std::move(on_net));
  post([this, number, i = std::move(identity), s = std::move(socket), a = std::move(admission)]() mutable {
    add(number, std::move(i), std::move(s), std::move(a));
  });
}

void WorkerHub::add(std::uint64_t number, WorkerIdentity identity, std::unique_ptr<net::WebSocket> socket,
                    std::shared_ptr<WorkerAdmission> admission) {
  auto& of_application = by_application_[identity.application];
  if (of_application.size() >= options_.max_per_application) {
    socket->close(kTryAgainLater, "the application has its most workers");
    log_.warn("application {}: has its most workers", identity.application.str());
    return;
  }
  log_.info("application {}: worker {} with key {}", identity.application.str(), number, identity.key.str());
  const model::ApplicationId application = identity.application;
  Place place;
  place.worker = std::make_unique<Worker>(
      std::move(identity), std::move(socket), std::move(admission), control_, options_.outbox,
      [this, application] { serve_later(application); },
      [this, number] { close(number, kPolicyViolation, "the worker does not read"); });
  place.ready_timer = std::make_unique<runtime::Timer>(control_);
  place.ready_timer->set(options_.ready_timeout,
                         [this, number] { close(number, kPolicyViolation, "worker.ready expected"); });
  of_application.push_back(place.worker.get());
  workers_.emplace(number, std::move(place));
  live_.set(static_cast<double>(workers_.size()));
  if (authority_ != nullptr && !key_check_.pending())
    key_check_.set(options_.key_check, [this] { check_keys(); });
}

void WorkerHub::close(std::uint64_t number, std::uint16_t code, const std::string& reason) {
  Worker* worker = find_worker(number);
  if (worker == nullptr) return;
  log_.warn("application {}: worker {} is cut off: {}", worker->identity().application.str(), number, reason);
  worker->close(code, reason);
  remove(number);
}

void WorkerHub::remove(std::uint64_t number) {
  const auto found = workers_.find(number);
  if (found == workers_.end()) return;
  Place place = std::move(found->second);
  workers_.erase(found);
  live_.set(static_cast<double>(workers_.size()));
  place.ready_timer.reset();
  const model::ApplicationId application = place.worker->identity().application;
  auto& peers = by_application_[application];
  std::erase(peers, place.worker.get());
  if (peers.empty()) by_application_.erase(application);
  log_.info("application {}: worker {} is gone, with {} sessions", application.str(), number,
            place.worker->sessions());
  place.worker->on_socket_closed();
  // In a later turn: this may run below a call of the worker's own.
  control_.post([w = std::move(place.worker)] {});
}

Worker* WorkerHub::find_worker(std::uint64_t number) {
  const auto found = workers_.find(number);
  return found == workers_.end() ? nullptr : found->second.worker.get();
}

void WorkerHub::check_keys() {
  std::vector<std::uint64_t> stale;
  for (const auto& [number, place] : workers_) {
    if (!authority_->still_holds(place.worker->identity())) stale.push_back(number);
  }
  for (const std::uint64_t number : stale)
    close(number, kPolicyViolation, "the key or the application is no longer valid");
  if (!workers_.empty()) key_check_.set(options_.key_check, [this] { check_keys(); });
}

// ---- frames

void WorkerHub::on_frame(std::uint64_t number, wire::WorkerFrame frame) {
  Worker* worker = find_worker(number);
  if (worker == nullptr) return;
  if (auto* own = std::get_if<model::WorkerParams>(&frame.params)) {
    on_own(*worker, frame.session, std::move(frame.rpc_id), std::move(*own));
    if (worker->stage() != Worker::Stage::fresh) workers_.at(number).ready_timer->cancel();
    return;
  }
  if (WorkerLink* link = worker->find(frame.session)) {
    link->on_request({std::move(frame.rpc_id), std::get<model::RequestParams>(std::move(frame.params))});
    return;
  }
  answer_error(*worker, frame.session, std::move(frame.rpc_id),
               error_of(model::ErrorCode::session_not_found, "session_id: no such session on this socket",
                        "session_id"));
}

void WorkerHub::on_own(Worker& worker, const model::SessionId& session, std::string rpc_id,
                       model::WorkerParams params) {
  if (const auto* ready = std::get_if<model::WorkerReady>(&params)) {
    on_ready(worker, std::move(rpc_id), *ready);
  } else if (std::holds_alternative<model::WorkerDrain>(params)) {
    if (worker.drain()) {
      answer_done(worker, {}, std::move(rpc_id));
    } else {
      answer_error(worker, {}, std::move(rpc_id),
                   error_of(model::ErrorCode::wrong_state, "worker.drain comes once, after worker.ready"));
    }
  } else if (const auto* resume = std::get_if<model::SessionResume>(&params)) {
    on_resume(worker, session, std::move(rpc_id), *resume);
  } else if (WorkerLink* link = worker.find(session)) {
    if (!rpc_id.empty()) answer_done(worker, session, std::move(rpc_id));
    worker.detach(*link);
    link->on_gone(1000);
  }
}

void WorkerHub::on_ready(Worker& worker, std::string rpc_id, const model::WorkerReady& ready) {
  const auto wanted = static_cast<std::size_t>(ready.max_sessions);
  if (wanted > options_.max_sessions) {
    answer_error(worker, {}, std::move(rpc_id),
                 error_of(model::ErrorCode::invalid_params,
                          "max_sessions: at most " + std::to_string(options_.max_sessions), "max_sessions"));
    return;
  }
  if (worker.stage() != Worker::Stage::fresh) {
    answer_error(worker, {}, std::move(rpc_id),
                 error_of(model::ErrorCode::wrong_state, "worker.ready comes once on a socket"));
    return;
  }
  answer_done(worker, {}, std::move(rpc_id));
  (void)worker.ready(wanted);
}

void WorkerHub::on_resume(Worker& worker, const model::SessionId& session, std::string rpc_id,
                          const model::SessionResume& resume) {
  if (worker.find(session) != nullptr) {
    answer_error(worker, session, std::move(rpc_id),
                 error_of(model::ErrorCode::wrong_state, "the session is on this socket already"));
    return;
  }
  Session* held = find_(session);
  const WorkerIdentity& who = worker.identity();
  if (held == nullptr || !held->may_resume(who.account, who.application, resume.resume_token)) {
    answer_error(worker, session, std::move(rpc_id),
                 error_of(model::ErrorCode::session_not_found,
                          "no such session of this application, or not with this token", "session_id"));
    return;
  }
  const std::uint64_t attempt = held->release();
  auto link = worker.attach(session);
  link->bind(*held, attempt);
  resumed_.add();
  held->resume(std::move(link), std::move(rpc_id), resume.last_seq);
}

void WorkerHub::on_overrun(std::uint64_t number, const model::SessionId& session) {
  Worker* worker = find_worker(number);
  WorkerLink* link = worker == nullptr ? nullptr : worker->find(session);
  if (link == nullptr) return;
  link->close(kPolicyViolation, "rate limit");
  link->on_gone(kPolicyViolation);
}

// ---- offers

Worker* WorkerHub::best(const model::ApplicationId& application) {
  const auto found = by_application_.find(application);
  if (found == by_application_.end()) return nullptr;
  Worker* best = nullptr;
  for (Worker* worker : found->second) {
    const std::size_t credit = worker->credit();
    if (credit == 0) continue;
    const bool better = best == nullptr || credit > best->credit() ||
                        (credit == best->credit() && worker->last_offer() < best->last_offer());
    if (better) best = worker;
  }
  return best;
}

std::unique_ptr<WorkerLink> WorkerHub::take(const model::ApplicationId& application,
                                            const model::SessionId& session) {
  Worker* worker = best(application);
  if (worker == nullptr) return nullptr;
  worker->set_last_offer(++offers_);
  offered_.add();
  return worker->attach(session);
}

void WorkerHub::wait(WorkerOffer& offer) {
  waiting_[offer.application()].push_back(&offer);
  waiting_gauge_.set(static_cast<double>(++waiting_count_));
}

void WorkerHub::withdraw(WorkerOffer& offer) {
  const auto found = waiting_.find(offer.application());
  if (found == waiting_.end()) return;
  const auto at = std::find(found->second.begin(), found->second.end(), &offer);
  if (at == found->second.end()) return;
  found->second.erase(at);
  if (found->second.empty()) waiting_.erase(found);
  waiting_gauge_.set(static_cast<double>(--waiting_count_));
}

/// In a later turn: credit comes where a session ends, which may be below a call of the core.
void WorkerHub::serve_later(const model::ApplicationId& application) {
  if (waiting_.contains(application)) post([this, application] { serve(application); });
}

void WorkerHub::serve(const model::ApplicationId& application) {
  while (best(application) != nullptr) {
    const auto found = waiting_.find(application);
    if (found == waiting_.end()) return;
    WorkerOffer& offer = *found->second.front();
    withdraw(offer);
    offer.on_credit();
  }
}

}  // namespace tandem::app
