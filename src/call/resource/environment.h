// What every call works with: the core's options, the other modules' interfaces, its counters, and a way for
// late callbacks to find the call again, or nobody.
#pragma once

#include <array>
#include <map>
#include <memory>
#include <string>
#include <utility>

#include "base/metrics.h"
#include "call/core.h"
#include "model/verdict.h"

namespace tandem::call {

class Call;
class Exchange;
class Operation;

/// Finds calls by id. Callbacks keep it (shared: they may outlive the core, which then clears it) together
/// with ids, never with pointers: what has gone is not found, and the callback dies quietly.
class CallFinder {
 public:
  explicit CallFinder(Function<Call*(const model::CallId&)> find) : find_(std::move(find)) {}
  [[nodiscard]] Call* call(const model::CallId& id) { return find_ ? find_(id) : nullptr; }
  /// The operation if it has begun and not completed.
  [[nodiscard]] Operation* operation(const model::CallId& id, const model::OpId& op);
  [[nodiscard]] bool alive() const { return static_cast<bool>(find_); }
  void clear() { find_ = nullptr; }

 private:
  Function<Call*(const model::CallId&)> find_;
};

class CoreMetrics {
 public:
  explicit CoreMetrics(Metrics& metrics);
  void call_started() { started_.add(); }
  void set_live(std::size_t n) { live_.set(static_cast<double>(n)); }
  void call_ended(const model::Verdict& verdict, std::int64_t duration_ms);
  void op_accepted() { accepted_.add(); }
  void op_completed(const char* method, std::string_view outcome);
  /// From when the operation begins, on the control thread, to the engine's word there that the first packet
  /// left. An operation whose lane is free begins in the turn after the one that accepted it; what came
  /// before, from the frame's arrival at the socket to the control thread, is not in it.
  void play_started(double seconds) { play_start_.observe(seconds); }

 private:
  Metrics& metrics_;
  Gauge live_;
  Counter started_;
  Counter accepted_;
  Histogram play_start_;
  Histogram duration_;
  // Looked up once for each pair of labels: the registry's own look-up takes a lock.
  std::map<std::pair<const char*, std::string_view>, Counter> completed_;
  std::map<model::EndReason, Counter> ended_;
};

/// Told by a call about its end.
class CallOwner {
 public:
  CallOwner() = default;
  CallOwner(const CallOwner&) = delete;
  CallOwner& operator=(const CallOwner&) = delete;
  virtual ~CallOwner() = default;
  /// After call.ended: limits and gauges are given back.
  virtual void call_finished(Call& call) = 0;
  /// The CDR is durable.
  virtual void cdr_stored(const model::CallId& id) = 0;
};

struct Environment {
  const CoreOptions options;
  Dependencies deps;
  CoreMetrics metrics;
  std::shared_ptr<CallFinder> finder;
  CallOwner& owner;
  Exchange& exchange;

  [[nodiscard]] TimePoint now() const { return deps.loop.clock().now(); }
  [[nodiscard]] WallTime wall() const { return deps.loop.clock().wall(); }
};

}  // namespace tandem::call
