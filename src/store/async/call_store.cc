#include "store/async/call_store.h"

#include <future>
#include <utility>

#include "runtime/loop.h"
#include "store/async/cdr_writer.h"

namespace tandem::store {
namespace {

using Table = std::unique_ptr<const RoutingTable>;

/// What the store's thread owns once it runs.
class Worker {
 public:
  Worker(std::unique_ptr<Store> store, Log log, Metrics& metrics)
      : store_(std::move(store)),
        log_(std::move(log)),
        reloads_(metrics.counter("tandem_rules_reloads_total", "Times that the routing rules were read")),
        numbers_(metrics.gauge("tandem_rules_numbers", "Numbers in the routing table")) {}

  [[nodiscard]] Store& store() { return *store_; }

  /// A new table, or nothing when the rules have not changed or cannot be read.
  Table refresh() {
    const auto version = store_->rules_version();
    if (!version) return failed(version.error());
    if (version_ && *version_ == *version) return recovered(nullptr);
    auto rules = store_->rules();
    if (!rules) return failed(rules.error());
    // A change between the two reads moves the version on, and the next refresh sees it.
    version_ = *version;
    reloads_.add();
    numbers_.set(static_cast<double>(rules->numbers.size()));
    return recovered(std::make_unique<const RoutingTable>(std::move(*rules)));
  }

  std::unique_ptr<CdrWriter> writer;
  std::unique_ptr<runtime::Timer> poll;

 private:
  Table failed(const StoreFailure& why) {
    if (!std::exchange(failing_, true)) {
      log_.error("the rules cannot be read, the last known ones stay: {}: {}", to_string(why.error),
                 why.detail);
    }
    return nullptr;
  }
  Table recovered(Table table) {
    if (std::exchange(failing_, false)) log_.info("the rules can be read again");
    return table;
  }

  std::unique_ptr<Store> store_;
  Log log_;
  std::optional<std::int64_t> version_;
  bool failing_ = false;  ///< Only for saying it once in the log.
  Counter reloads_;
  Gauge numbers_;
};

class AsyncCallStore final : public CallStore {
 public:
  AsyncCallStore(std::unique_ptr<Store> store, runtime::TimerExecutor& control, CallStoreOptions options,
                 Log log, Metrics& metrics)
      : control_(control), options_(std::move(options)), state_(std::make_shared<ControlState>(control)) {
    worker_ = std::make_unique<Worker>(std::move(store), log, metrics);
    state_->table = worker_->refresh();
    if (!state_->table) state_->table = std::make_unique<const RoutingTable>(RoutingTable::Rules{});
    loop_ = std::make_unique<runtime::Loop>("store", clock_);
    loop_->post([this, log = std::move(log), &metrics] {
      worker_->writer =
          std::make_unique<CdrWriter>(worker_->store(), *loop_, control_, options_, log, metrics);
      worker_->writer->start();
      worker_->poll = std::make_unique<runtime::Timer>(*loop_);
      poll_later();
    });
  }

  ~AsyncCallStore() override {
    std::promise<void> finished;
    loop_->post([&] {
      worker_->writer->finish();
      worker_.reset();
      finished.set_value();
    });
    finished.get_future().wait();
  }

  void find_route(RouteQuery query, Function<void(std::optional<Route>)> done) override {
    runtime::assert_on(control_);
    if (auto route = state_->table->find(query)) {
      control_.post([r = std::move(route), d = std::move(done)]() mutable { d(std::move(r)); });
      return;
    }
    state_->waiting.push_back({std::move(query), std::move(done)});
    ask();
  }

  void write_cdr(Cdr cdr, Function<void()> done) override {
    loop_->post([this, c = std::move(cdr), d = std::move(done)]() mutable {
      worker_->writer->add(std::move(c), std::move(d));
    });
  }

 private:
  struct Miss {
    RouteQuery query;
    Function<void(std::optional<Route>)> done;
  };
  /// What the control thread owns. Shared, so that an answer of the store's thread that comes after the end
  /// finds nothing (weak pointers there).
  struct ControlState {
    explicit ControlState(runtime::TimerExecutor& control) : patience(control) {}
    Table table;
    std::vector<Miss> waiting;  ///< For the next look at the rules: the running one may have begun too early.
    std::vector<Miss> asked;    ///< For the running look.
    bool asking = false;
    runtime::Timer patience;
  };

  void ask() {
    if (state_->asking || state_->waiting.empty()) return;
    state_->asking = true;
    state_->asked = std::exchange(state_->waiting, {});
    state_->patience.set(options_.miss_timeout, [this] {
      auto misses = std::exchange(state_->asked, {});
      for (auto& miss : std::exchange(state_->waiting, {})) misses.push_back(std::move(miss));
      answer(state_, std::move(misses));
    });
    loop_->post([this] { deliver(worker_->refresh(), true); });
  }

  /// Store's thread: hands a table (or the news that there is none) to the control thread.
  void deliver(Table table, bool was_asked) {
    if (!table && !was_asked) return;
    control_.post(
        [this, alive = std::weak_ptr<ControlState>(state_), t = std::move(table), was_asked]() mutable {
          if (!alive.expired()) adopt(std::move(t), was_asked);
        });
  }

  void adopt(Table table, bool was_asked) {
    if (table) {
      std::swap(table, state_->table);
      // A large table takes a while to take apart: not on this thread.
      loop_->post([old = std::move(table)]() mutable { old.reset(); });
    }
    if (!was_asked) return;
    state_->asking = false;
    state_->patience.cancel();
    const std::weak_ptr<ControlState> alive = state_;
    answer(alive, std::exchange(state_->asked, {}));
    if (!alive.expired()) ask();
  }

  /// The callbacks may destroy this object.
  static void answer(const std::weak_ptr<ControlState>& alive, std::vector<Miss> misses) {
    for (auto& miss : misses) {
      const auto state = alive.lock();
      if (!state) return;
      miss.done(state->table->find(miss.query));
    }
  }

  void poll_later() {
    worker_->poll->set(options_.rules_poll_interval, [this] {
      deliver(worker_->refresh(), false);
      poll_later();
    });
  }

  SystemClock clock_;
  runtime::TimerExecutor& control_;
  CallStoreOptions options_;
  std::shared_ptr<ControlState> state_;
  std::unique_ptr<Worker> worker_;  ///< Of the store's thread from the constructor's end to the destructor.
  std::unique_ptr<runtime::Loop> loop_;
};

}  // namespace

std::unique_ptr<CallStore> make_call_store(std::unique_ptr<Store> store, runtime::TimerExecutor& control,
                                           CallStoreOptions options, Log log, Metrics& metrics) {
  return std::make_unique<AsyncCallStore>(std::move(store), control, std::move(options), std::move(log),
                                          metrics);
}

}  // namespace tandem::store
