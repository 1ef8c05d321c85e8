#include "cluster/single/single_directory.h"

#include <future>
#include <utility>

#include "cluster/single/journal.h"
#include "cluster/single/record_codec.h"
#include "runtime/loop.h"

namespace tandem::cluster {
namespace {

class SingleDirectory final : public CallDirectory {
 public:
  SingleDirectory(std::unique_ptr<Journal> journal, Log log)
      : journal_(std::move(journal)), log_(std::move(log)) {
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
    loop_->post([&] { written.set_value(); });
    written.get_future().wait();
  }

  void put(CallRecord record) override {
    loop_->post([this, r = std::move(record)] { report(journal_->put(r.call_id.str(), encode(r))); });
  }

  void remove(const model::CallId& id) override {
    loop_->post([this, id] { report(journal_->remove(id.str())); });
  }

  std::vector<CallRecord> take_orphans() override { return std::exchange(orphans_, {}); }

 private:
  void report(const Status<std::string>& done) {
    if (!done && !std::exchange(failing_, true)) log_.error("calls are not journalled: {}", done.error());
    if (done && std::exchange(failing_, false)) log_.info("calls are journalled again");
  }

  SystemClock clock_;
  std::unique_ptr<Journal> journal_;  ///< Of the loop's thread once that runs.
  Log log_;
  bool failing_ = false;  ///< Only for saying it once in the log.
  std::vector<CallRecord> orphans_;
  std::unique_ptr<runtime::Loop> loop_;
};

}  // namespace

Result<std::unique_ptr<CallDirectory>, std::string> make_single_directory(
    const std::string& path, Log log, const SingleDirectoryOptions& options) {
  auto opened = Journal::open(path, options.compact_at_bytes);
  if (!opened) return Err(std::move(opened).error());
  if (!opened->warning.empty()) log.error("{}", opened->warning);
  return std::unique_ptr<CallDirectory>(
      std::make_unique<SingleDirectory>(std::move(opened->journal), std::move(log)));
}

}  // namespace tandem::cluster
