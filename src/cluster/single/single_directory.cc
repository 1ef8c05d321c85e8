#include "cluster/single/single_directory.h"

#include <future>
#include <mutex>
#include <utility>
#include <variant>

#include "cluster/single/journal.h"
#include "cluster/single/record_codec.h"
#include "runtime/doorbell.h"
#include "runtime/loop.h"

namespace tandem::cluster {
namespace {

class SingleDirectory final : public CallDirectory {
 public:
  SingleDirectory(std::unique_ptr<Journal> journal, Log log, Duration gather_for)
      : journal_(std::move(journal)), log_(std::move(log)), gather_for_(gather_for) {
    for (const auto& [key, value] : journal_->live()) {
      if (auto record = decode(value)) {
        orphans_.push_back(std::move(*record));
      } else {
        log_.error("the record of call {} cannot be read and is dropped", key);
      }
    }
    loop_ = std::make_unique<runtime::Loop>("calldir", clock_);
  }

  ~SingleDirectory() override {
    std::promise<void> written;
    loop_->post([&] {
      write_gathered();
      written.set_value();
    });
    runtime::Turn::wake_others();
    written.get_future().wait();
  }

  void put(CallRecord record) override { add(std::move(record)); }
  void remove(const model::CallId& id) override { add(id); }

  std::vector<CallRecord> take_orphans() override { return std::exchange(orphans_, {}); }

 private:
  using Change = std::variant<CallRecord, model::CallId>;  ///< Put or remove.

  /// The thread is woken by the first change after a quiet time; those that follow wait for its next look.
  void add(Change change) {
    {
      const std::lock_guard lock(mutex_);
      waiting_.push_back(std::move(change));
      if (std::exchange(looking_, true)) return;
    }
    loop_->post([this] { look_later(); });
  }

  // The loop's thread from here on.
  void look_later() {
    loop_->after(gather_for_, [this] {
      if (write_gathered()) look_later();
    });
  }

  /// False, and looking has ended, if there was nothing.
  bool write_gathered() {
    std::vector<Change> changes;
    {
      const std::lock_guard lock(mutex_);
      looking_ = !waiting_.empty();
      changes.swap(waiting_);
    }
    if (changes.empty()) return false;
    journal_->begin();
    Status<std::string> done = Unit{};
    for (Change& change : changes) {
      const auto* record = std::get_if<CallRecord>(&change);
      auto one = record != nullptr ? journal_->put(record->call_id.str(), encode(*record))
                                   : journal_->remove(std::get<model::CallId>(change).str());
      if (!one) done = std::move(one);
    }
    auto written = journal_->commit();
    report(written ? done : written);
    return true;
  }

  void report(const Status<std::string>& done) {
    if (!done && !std::exchange(failing_, true)) log_.error("calls are not journalled: {}", done.error());
    if (done && std::exchange(failing_, false)) log_.info("calls are journalled again");
  }

  SystemClock clock_;
  std::unique_ptr<Journal> journal_;  ///< Of the loop's thread once that runs.
  Log log_;
  const Duration gather_for_;
  bool failing_ = false;  ///< Only for saying it once in the log.
  std::vector<CallRecord> orphans_;
  std::mutex mutex_;
  std::vector<Change> waiting_;  ///< under mutex_
  bool looking_ = false;         ///< under mutex_: the thread will look without being told.
  std::unique_ptr<runtime::Loop> loop_;
};

}  // namespace

Result<std::unique_ptr<CallDirectory>, std::string> make_single_directory(
    const std::string& path, Log log, const SingleDirectoryOptions& options) {
  auto opened = Journal::open(path, options.compact_at_bytes);
  if (!opened) return Err(std::move(opened).error());
  if (!opened->warning.empty()) log.error("{}", opened->warning);
  return std::unique_ptr<CallDirectory>(
      std::make_unique<SingleDirectory>(std::move(opened->journal), std::move(log), options.gather_for));
}

}  // namespace tandem::cluster
