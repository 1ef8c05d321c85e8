// WorkerHub: the workers of all applications, and the sessions that wait for one (docs: protocol, section 8).
// A session is offered to the worker of its application with the most free credit.
#pragma once

#include <atomic>
#include <deque>
#include <memory>
#include <unordered_map>
#include <vector>

#include "app/worker.h"
#include "base/log.h"
#include "base/metrics.h"

namespace tandem::wire {
struct WorkerFrame;
}

namespace tandem::app {

struct WorkerOptions {
  /// How long a session without a word from its worker stays with it after the worker's socket broke.
  std::chrono::milliseconds reoffer{2'000};
  /// How long a session waits for a worker where the application has no URL.
  std::chrono::milliseconds wait{5'000};
  /// How long a worker may take to say worker.ready.
  std::chrono::milliseconds ready_timeout{10'000};
  /// How often the keys of open sockets are looked at again.
  std::chrono::milliseconds key_check{15'000};
  std::size_t max_per_application = 100;
  std::size_t max_sessions = 10'000;  ///< What worker.ready may say at most.
  WorkerOutbox::Limits outbox;
};

/// A session that waits for a worker. Withdrawn before it goes.
class WorkerOffer {
 public:
  WorkerOffer() = default;
  WorkerOffer(const WorkerOffer&) = delete;
  WorkerOffer& operator=(const WorkerOffer&) = delete;
  virtual ~WorkerOffer() = default;
  [[nodiscard]] virtual const model::ApplicationId& application() const = 0;
  /// It is its turn: there is credit, and the offer waits no longer.
  virtual void on_credit() = 0;
};

class WorkerHub {
 public:
  using Find = Function<Session*(const model::SessionId&)>;
  /// All borrowed outlive the hub. `find`: a session that exists, or null.
  WorkerHub(WorkerOptions options, const ChannelLimits& limits, runtime::TimerExecutor& control, Log log,
            Metrics& metrics, Find find);
  ~WorkerHub();
  WorkerHub(const WorkerHub&) = delete;
  WorkerHub& operator=(const WorkerHub&) = delete;

  /// Keys of open sockets are looked at again from now on. Before the first attach(); outlives the hub.
  void bind(const WorkerAuthority& authority);

  /// A socket whose identity was admitted: starts reading. Net thread.
  void attach(WorkerIdentity identity, std::unique_ptr<net::WebSocket> socket);

  // Control thread.
  /// A place with the best worker, or null when none has credit.
  [[nodiscard]] std::unique_ptr<WorkerLink> take(const model::ApplicationId& application,
                                                 const model::SessionId& session);
  void wait(WorkerOffer& offer);
  void withdraw(WorkerOffer& offer);
  [[nodiscard]] std::size_t workers() const { return workers_.size(); }
  [[nodiscard]] const WorkerOptions& options() const { return options_; }

 private:
  struct Place {
    std::unique_ptr<Worker> worker;
    std::unique_ptr<runtime::Timer> ready_timer;
  };
  void add(std::uint64_t number, WorkerIdentity identity, std::unique_ptr<net::WebSocket> socket,
           std::shared_ptr<WorkerAdmission> admission);
  void remove(std::uint64_t number);
  void close(std::uint64_t number, std::uint16_t code, const std::string& reason);
  void on_frame(std::uint64_t number, wire::WorkerFrame frame);
  void on_own(Worker& worker, const model::SessionId& session, std::string rpc_id,
              model::WorkerParams params);
  void on_ready(Worker& worker, std::string rpc_id, const model::WorkerReady& ready);
  void on_resume(Worker& worker, const model::SessionId& session, std::string rpc_id,
                 const model::SessionResume& resume);
  void on_overrun(std::uint64_t number, const model::SessionId& session);
  void serve_later(const model::ApplicationId& application);
  void serve(const model::ApplicationId& application);
  void check_keys();
  [[nodiscard]] Worker* best(const model::ApplicationId& application);
  [[nodiscard]] Worker* find_worker(std::uint64_t number);
  /// Runs a task on the control thread if the hub still exists then. Any thread.
  void post(Function<void()> task);

  const WorkerOptions options_;
  const ChannelLimits limits_;
  runtime::TimerExecutor& control_;
  Log log_;
  Find find_;
  const WorkerAuthority* authority_ = nullptr;
  Gauge live_;
  Gauge waiting_gauge_;
  Counter offered_;
  Counter resumed_;
  std::atomic<std::uint64_t> next_number_{1};
  std::uint64_t offers_ = 0;
  std::unordered_map<std::uint64_t, Place> workers_;
  std::unordered_map<model::ApplicationId, std::vector<Worker*>> by_application_;
  std::unordered_map<model::ApplicationId, std::deque<WorkerOffer*>> waiting_;
  std::size_t waiting_count_ = 0;
  runtime::Timer key_check_;
  // Shared with tasks in flight: false once the hub is gone. Control thread only.
  std::shared_ptr<bool> alive_ = std::make_shared<bool>(true);
};

}  // namespace tandem::app
