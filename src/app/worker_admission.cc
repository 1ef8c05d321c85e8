#include "app/worker_admission.h"

namespace tandem::app {

void WorkerAdmission::add(const model::SessionId& session) {
  const TokenBucket bucket(limits_.requests_per_second, limits_.request_burst, clock_.now());
  const std::lock_guard lock(mutex_);
  entries_.insert_or_assign(session, Entry{bucket, 0});
}

void WorkerAdmission::remove(const model::SessionId& session) {
  const std::lock_guard lock(mutex_);
  entries_.erase(session);
}

WorkerAdmission::Ruling WorkerAdmission::take(const model::SessionId& session) {
  const std::lock_guard lock(mutex_);
  const auto found = entries_.find(session);
  if (found == entries_.end()) return {Verdict::unknown, 0};
  Entry& entry = found->second;
  if (entry.bucket.take(clock_.now())) {
    entry.refused = 0;
    return {Verdict::pass, 0};
  }
  const bool last = ++entry.refused >= limits_.refusals_before_close;
  const Ruling ruling{last ? Verdict::overrun : Verdict::limited, entry.bucket.wait_ms()};
  if (last) entries_.erase(found);
  return ruling;
}

}  // namespace tandem::app
