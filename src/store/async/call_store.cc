#include "store/async/call_store.h"

#include <algorithm>
#include <atomic>
#include <future>
#include <mutex>
#include <utility>

#include "runtime/doorbell.h"
#include "runtime/loop.h"
#include "store/async/cdr_writer.h"
#include "store/async/key_use.h"

namespace tandem::store {
namespace {

/// Shared: doors and calls read a table while the next one takes its place.
using Table = std::shared_ptr<const RoutingTable>;

/// More queries of doors wait for the store's thread than is good for the CDRs: refuse.
constexpr int kMaxWaitingQueries = 256;

/// The newest table, for all threads. Takes the old ones apart on the store's thread, as that takes a while
/// with many rules.
class Published {
 public:
  [[nodiscard]] Table get() const {
    const std::lock_guard lock(mutex_);
    return table_;
  }
  /// Store's thread.
  void set(Table table) {
    const std::lock_guard lock(mutex_);
    if (table_) old_.push_back(std::move(table_));
    table_ = std::move(table);
  }
  /// Store's thread: destroys the tables that nobody reads any more.
  void sweep() {
    std::erase_if(old_, [](const Table& table) { return table.use_count() == 1; });
  }

 private:
  mutable std::mutex mutex_;
  Table table_;             // under mutex_
  std::vector<Table> old_;  ///< Of the store's thread alone.
};

/// What the store's thread owns once it runs.
class Worker {
 public:
  Worker(std::unique_ptr<Store> store, Log log, Metrics& metrics)
      : store_(std::move(store)),
        log_(std::move(log)),
        reloads_(metrics.counter("tandem_rules_reloads_total", "Times that the routing rules were read")),
        numbers_(metrics.gauge("tandem_rules_numbers", "Numbers in the routing table")) {}

  [[nodiscard]] Store& store() { return *store_; }

  /// True when there is a new table; false when the rules have not changed or cannot be read.
  bool refresh(Published& published) {
    published.sweep();
    const auto version = store_->rules_version();
    if (!version) return failed(version.error());
    if (version_ && *version_ == *version) return recovered(false);
    const auto begin = std::chrono::steady_clock::now();
    auto rules = store_->rules();
    if (!rules) return failed(rules.error());
    // A change between the two reads moves the version on, and the next refresh sees it.
    version_ = *version;
    reloads_.add();
    numbers_.set(static_cast<double>(rules->numbers.size()));
    published.set(std::make_shared<const RoutingTable>(std::move(*rules)));
    quick_ = std::chrono::steady_clock::now() - begin < std::chrono::milliseconds{100};
    return recovered(true);
  }
  /// Whether reading the rules took so little last time that somebody may wait for it.
  [[nodiscard]] bool is_quick() const { return quick_; }

  std::unique_ptr<CdrWriter> writer;
  std::unique_ptr<KeyUse> touched;
  std::unique_ptr<runtime::Timer> poll;
  std::unique_ptr<runtime::Timer> batch;  ///< Of CDRs.

 private:
  bool failed(const StoreFailure& why) {
    if (!std::exchange(failing_, true)) {
      log_.error("the rules cannot be read, the last known ones stay: {}: {}", to_string(why.error),
                 why.detail);
    }
    return false;
  }
  bool recovered(bool changed) {
    if (std::exchange(failing_, false)) log_.info("the rules can be read again");
    return changed;
  }

  std::unique_ptr<Store> store_;
  Log log_;
  std::optional<std::int64_t> version_;
  bool quick_ = true;
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
    published_.set(std::make_shared<const RoutingTable>(RoutingTable::Rules{}));
    worker_->refresh(published_);
    loop_ = std::make_unique<runtime::Loop>("store", clock_);
    loop_->post([this, log = std::move(log), &metrics] {
      worker_->writer =
          std::make_unique<CdrWriter>(worker_->store(), *loop_, control_, options_, log, metrics);
      worker_->writer->start();
      worker_->poll = std::make_unique<runtime::Timer>(*loop_);
      worker_->touched = std::make_unique<KeyUse>(worker_->store(), *loop_);
      worker_->batch = std::make_unique<runtime::Timer>(*loop_);
      poll_later();
    });
  }

  ~AsyncCallStore() override {
    std::promise<void> finished;
    loop_->post([&] {
      add_waiting();
      worker_->writer->finish();
      worker_->touched->flush();
      worker_.reset();
      finished.set_value();
    });
    runtime::Turn::wake_others();
    finished.get_future().wait();
  }

  std::shared_ptr<const RoutingTable> snapshot() override { return published_.get(); }

  void on_rules_changed(Function<void()> changed) override {
    runtime::assert_on(control_);
    state_->changed = std::move(changed);
  }

  void find_route(RouteQuery query, Function<void(std::optional<Route>)> done) override {
    runtime::assert_on(control_);
    if (auto route = published_.get()->find(query)) {
      control_.post([r = std::move(route), d = std::move(done)]() mutable { d(std::move(r)); });
      return;
    }
    state_->waiting.push_back({std::move(query), std::move(done)});
    ask();
  }

  /// The thread is woken for the first of a batch, and for a full one; the others lie ready when it looks.
  void write_cdr(Cdr cdr, Function<void()> done) override {
    std::size_t waiting = 0;
    {
      const std::lock_guard lock(mutex_);
      cdrs_.push_back({std::move(cdr), std::move(done)});
      waiting = cdrs_.size();
    }
    if (waiting == options_.cdr_batch) {
      loop_->post([this] { add_waiting(); });
    } else if (waiting == 1) {
      loop_->post([this] { worker_->batch->set(options_.cdr_batch_wait, [this] { add_waiting(); }); });
    }
  }

  void list_cdrs(CdrQuery query, Function<void(StoreResult<CdrPage>)> done) override {
    query.limit = std::min(query.limit, kMaxCdrPage);
    ask_store<CdrPage>([q = std::move(query)](Store& store) { return store.cdrs(q); }, std::move(done));
  }

  void find_cdr(model::AccountId account, model::CallId call,
                Function<void(StoreResult<Cdr>)> done) override {
    ask_store<Cdr>([a = std::move(account), c = std::move(call)](Store& store) { return store.cdr(a, c); },
                   std::move(done));
  }

  bool provision(Work work) override {
    if (waiting_queries_.fetch_add(1) >= kMaxWaitingQueries) {
      waiting_queries_.fetch_sub(1);
      return false;
    }
    loop_->post([this, w = std::move(work)]() mutable {
      waiting_queries_.fetch_sub(1);
      Provisioning* store = worker_->store().provisioning();
      if (store == nullptr) return;
      Answer answer = w(*store);
      // What was provisioned works when its creator hears of it, unless there are so many rules that reading
      // them takes long: then the next poll, or a miss, brings it.
      if (worker_->is_quick()) deliver(worker_->refresh(published_), false);
      answer();
    });
    return true;
  }

  void change(Function<StoreResult<Unit>(Store&)> work, Function<void(StoreResult<Unit>)> done) override {
    ask_store<Unit>(
        [this, w = std::move(work)](Store& store) mutable {
          auto result = w(store);
          // Posted before the answer: the control thread has the new rules when that comes.
          if (result) deliver(worker_->refresh(published_), false);
          return result;
        },
        std::move(done));
  }

  void touch(const model::ApiKeyId& key) override {
    loop_->post([this, key, now = clock_.wall()] { worker_->touched->add(key, now); });
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
    Function<void()> changed;
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
    loop_->post([this] { deliver(worker_->refresh(published_), true); });
  }

  /// Runs `query` on the store's thread and hands its result to the control thread.
  template <class T, class Query>
  void ask_store(Query query, Function<void(StoreResult<T>)> done) {
    const std::weak_ptr<ControlState> alive = state_;
    const auto answer = [this, alive](Function<void(StoreResult<T>)> d, StoreResult<T> result) {
      // On the heap, as g++ 12 at -O2 takes a moved result in the task for one that was never made.
      auto kept = std::make_unique<StoreResult<T>>(std::move(result));
      control_.post([alive, f = std::move(d), r = std::move(kept)]() mutable {
        if (!alive.expired()) f(std::move(*r));
      });
    };
    if (waiting_queries_.fetch_add(1) >= kMaxWaitingQueries) {
      waiting_queries_.fetch_sub(1);
      return answer(std::move(done), Err(StoreFailure{StoreError::unavailable, {}, "the store is busy"}));
    }
    loop_->post([this, answer, q = std::move(query), d = std::move(done)]() mutable {
      waiting_queries_.fetch_sub(1);
      answer(std::move(d), q(worker_->store()));
    });
  }

  /// Store's thread: tells the control thread that there is a new table, or that the asked look is over.
  void deliver(bool changed, bool was_asked) {
    if (!changed && !was_asked) return;
    control_.post([this, alive = std::weak_ptr<ControlState>(state_), changed, was_asked] {
      if (!alive.expired()) adopt(changed, was_asked);
    });
  }

  void adopt(bool changed, bool was_asked) {
    const std::weak_ptr<ControlState> alive = state_;
    if (changed && state_->changed) state_->changed();
    if (alive.expired() || !was_asked) return;
    state_->asking = false;
    state_->patience.cancel();
    answer(alive, std::exchange(state_->asked, {}));
    if (!alive.expired()) ask();
  }

  /// The callbacks may destroy this object.
  void answer(const std::weak_ptr<ControlState>& alive, std::vector<Miss> misses) {
    const Table table = published_.get();
    for (auto& miss : misses) {
      if (alive.expired()) return;
      miss.done(table->find(miss.query));
    }
  }

  /// Store's thread.
  void add_waiting() {
    worker_->batch->cancel();
    std::vector<CdrWriter::Item> cdrs;
    {
      const std::lock_guard lock(mutex_);
      cdrs.swap(cdrs_);
    }
    if (!cdrs.empty()) worker_->writer->add(std::move(cdrs));
  }

  void poll_later() {
    worker_->poll->set(options_.rules_poll_interval, [this] {
      deliver(worker_->refresh(published_), false);
      poll_later();
    });
  }

  SystemClock clock_;
  runtime::TimerExecutor& control_;
  CallStoreOptions options_;
  Published published_;
  std::atomic<int> waiting_queries_{0};
  std::shared_ptr<ControlState> state_;
  std::mutex mutex_;
  std::vector<CdrWriter::Item> cdrs_;  ///< under mutex_
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
