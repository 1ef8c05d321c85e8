#include "store/async/cdr_writer.h"

#include <algorithm>

#include "store/spool/cdr_json.h"

namespace tandem::store {

CdrWriter::CdrWriter(Store& store, runtime::TimerExecutor& loop, runtime::Executor& control,
                     const CallStoreOptions& options, Log log, Metrics& metrics)
    : store_(store),
      control_(control),
      options_(options),
      log_(std::move(log)),
      spool_(options.spool_file),
      retry_timer_(loop),
      backoff_(options.retry_interval),
      written_(metrics.counter("tandem_cdrs_written_total", "CDRs written to the store")),
      spooled_(
          metrics.counter("tandem_cdrs_spooled_total", "CDRs put into the spool file as the store failed")),
      rejected_(metrics.counter("tandem_cdrs_rejected_total", "CDRs that could not be kept, see the log")),
      failures_(metrics.counter("tandem_store_failures_total", "Failed writes of CDRs")),
      spool_bytes_(metrics.gauge("tandem_cdr_spool_bytes", "Bytes in the spool file that await the store")) {
  spool_bytes_.set(static_cast<double>(spool_.pending_bytes()));
}

void CdrWriter::add(std::vector<Item> items) {
  for (Item& item : items) {
    if (queue_.size() < options_.max_held_cdrs) {
      queue_.push_back(std::move(item));
      continue;
    }
    rejected_.add();
    log_.error("store and spool fail and {} CDRs are waiting; this one is kept only here: {}", queue_.size(),
               cdr_to_json(item.cdr));
  }
  if (!holding_) flush();
}

void CdrWriter::flush() {
  if (queue_.empty()) return;
  if (!spool_.empty()) return to_spool();  // In order: behind those that wait already.
  std::vector<Cdr> cdrs;
  cdrs.reserve(queue_.size());
  for (auto& item : queue_) cdrs.push_back(item.cdr);
  if (!write(cdrs)) return to_spool();
  written_.add(static_cast<double>(cdrs.size()));
  notify();
}

void CdrWriter::notify() {
  holding_ = false;
  std::vector<Function<void()>> dones;
  for (auto& item : queue_) {
    if (item.done) dones.push_back(std::move(item.done));
  }
  queue_.clear();
  if (dones.empty()) return;
  control_.post([d = std::move(dones)]() mutable {
    for (auto& done : d) done();
  });
}

void CdrWriter::to_spool() {
  std::vector<Cdr> cdrs;
  cdrs.reserve(queue_.size());
  for (auto& item : queue_) cdrs.push_back(item.cdr);
  const auto kept = spool_.append(cdrs);
  spool_bytes_.set(static_cast<double>(spool_.pending_bytes()));
  if (kept) {
    spooled_.add(static_cast<double>(cdrs.size()));
    notify();
  } else if (!std::exchange(holding_, true)) {
    log_.error("{} CDRs wait in memory: {}", cdrs.size(), kept.error());
  }
  if (!retry_timer_.pending()) schedule(backoff_);
}

void CdrWriter::schedule(Duration delay) {
  retry_timer_.set(delay, [this] { replay(); });
}

void CdrWriter::back_off() {
  backoff_ = std::min(backoff_ * 2, options_.retry_interval * 30);
  schedule(backoff_);
}

void CdrWriter::replay() {
  if (spool_.empty()) {
    if (holding_) flush();  // What gathers for a batch has a timer of its own.
    return;
  }
  if (!replay_one_batch()) {
    if (holding_) to_spool();
    return back_off();
  }
  backoff_ = options_.retry_interval;
  // The next batch in a task of its own, so that look-ups of routes get their turn.
  schedule(Duration::zero());
}

bool CdrWriter::replay_one_batch() {
  auto batch = spool_.peek(options_.cdr_batch);
  if (!batch) {
    log_.error("spooled CDRs cannot be read: {}", batch.error());
    return false;
  }
  if (!write(batch->cdrs)) return false;
  for (const auto& line : batch->damaged) {
    rejected_.add();
    const auto kept = spool_.set_aside(line);
    log_.error("a damaged line in the spool of CDRs was set aside{}: {}", kept ? "" : " in this log only",
               line);
  }
  spool_.consume(batch->end);
  written_.add(static_cast<double>(batch->cdrs.size()));
  spool_bytes_.set(static_cast<double>(spool_.pending_bytes()));
  if (spool_.empty()) log_.info("all spooled CDRs are in the store");
  return true;
}

bool CdrWriter::write(const std::vector<Cdr>& cdrs) {
  const auto whole = store_.write_cdrs(cdrs);
  if (whole) {
    if (std::exchange(failing_, false)) log_.info("the store takes CDRs again");
    return true;
  }
  const bool data_at_fault =
      whole.error().error == StoreError::invalid || whole.error().error == StoreError::conflict;
  if (!data_at_fault) {
    store_failed(whole.error());
    return false;
  }
  for (const Cdr& cdr : cdrs) {
    const auto one = store_.write_cdrs({cdr});
    if (one) continue;
    if (one.error().error != StoreError::invalid && one.error().error != StoreError::conflict) {
      store_failed(one.error());
      return false;  // All come again; those already written are left as they are.
    }
    reject(cdr, one.error());
  }
  return true;
}

void CdrWriter::reject(const Cdr& cdr, const StoreFailure& why) {
  rejected_.add();
  const std::string line = cdr_to_json(cdr);
  const auto kept = spool_.set_aside(line);
  log_.error("the store refuses CDR {} ({}); set aside{}: {}", cdr.id.str(), why.detail,
             kept ? "" : " in this log only", line);
}

void CdrWriter::store_failed(const StoreFailure& why) {
  failures_.add();
  if (std::exchange(failing_, true)) return;
  log_.error("the store does not take CDRs, they are spooled: {}: {}", to_string(why.error), why.detail);
}

void CdrWriter::finish() {
  flush();
  for (const auto& item : queue_) {
    rejected_.add();
    log_.error("CDR could neither be written nor spooled, it is kept only here: {}", cdr_to_json(item.cdr));
  }
  queue_.clear();
}

}  // namespace tandem::store
