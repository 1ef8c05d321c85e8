#include "call/resource/environment.h"

namespace tandem::call {

CoreMetrics::CoreMetrics(Metrics& metrics)
    : metrics_(metrics),
      live_(metrics.gauge("tandem_calls_live", "Calls that have not ended.")),
      started_(metrics.counter("tandem_calls_started_total", "Calls that came or went.")),
      accepted_(metrics.counter("tandem_operations_accepted_total", "Operations that were accepted.")),
      play_start_(metrics.histogram(
          "tandem_play_start_seconds", "From the start of a playing operation to its first packet.",
          {0.005, 0.01, 0.015, 0.018, 0.02, 0.022, 0.025, 0.03, 0.04, 0.06, 0.1, 0.25, 0.5, 1, 2.5, 5})),
      duration_(metrics.histogram("tandem_call_duration_seconds", "From INVITE to end.",
                                  {0.1, 1, 5, 15, 30, 60, 180, 600, 1800, 3600, 14400})) {}

void CoreMetrics::call_ended(const model::Verdict& verdict, std::int64_t duration_ms) {
  auto found = ended_.find(verdict.reason);
  if (found == ended_.end()) {
    const Labels labels{{"reason", std::string(to_string(verdict.reason))},
                        {"class", std::string(to_string(verdict.verdict_class))}};
    found = ended_
                .emplace(verdict.reason, metrics_.counter("tandem_calls_ended_total",
                                                          "Calls that ended, by verdict.", labels))
                .first;
  }
  found->second.add();
  duration_.observe(static_cast<double>(duration_ms) / 1000.0);
}

void CoreMetrics::op_completed(const char* method, std::string_view outcome) {
  const std::pair<const char*, std::string_view> key{method, outcome};
  auto found = completed_.find(key);
  if (found == completed_.end()) {
    const Labels labels{{"method", method}, {"outcome", std::string(outcome)}};
    found = completed_
                .emplace(key, metrics_.counter("tandem_operations_completed_total",
                                               "Operations that completed, by method and outcome.", labels))
                .first;
  }
  found->second.add();
}

}  // namespace tandem::call
