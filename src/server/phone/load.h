// Many calls of one script, started at a steady rate. On the phones' loop.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "runtime/executor.h"
#include "server/phone/switchboard.h"

namespace tandem::phone {

struct LoadPlan {
  Script script;
  model::IpAddress towards;
  double calls_per_second = 10;
  std::size_t calls = 100;
  std::size_t concurrent = 1000;  ///< At the limit new calls wait.
};

struct LoadReport {
  std::size_t started = 0;
  std::size_t as_expected = 0;
  std::map<std::string, std::size_t> failures;  ///< By final code, or by what was not met.
  std::vector<std::int64_t> setup_ms;           ///< Of answered calls, sorted.
  std::uint64_t packets_received = 0;
  std::uint64_t packets_lost = 0;
  double mos_sum = 0;
  std::size_t mos_calls = 0;
  std::size_t most_at_once = 0;
  Duration took{0};
};
/// Text for people.
[[nodiscard]] std::string summary(const LoadReport& report);
/// `percent` of sorted `values` are not above it; 0 when empty.
[[nodiscard]] std::int64_t percentile(const std::vector<std::int64_t>& values, double percent);

class Load {
 public:
  /// `finished` is called once, when the last call has ended; `this` must stay until then.
  Load(LoadPlan plan, Switchboard& switchboard, runtime::TimerExecutor& loop,
       Function<void(const LoadReport&)> finished);

  void start();
  /// Starts no more calls and hangs up those that run.
  void stop(const std::string& why);
  [[nodiscard]] const LoadReport& report() const { return report_; }
  [[nodiscard]] std::size_t running() const { return running_; }

 private:
  void start_due();
  void ended(const Phone& phone);

  LoadPlan plan_;
  Switchboard& switchboard_;
  runtime::TimerExecutor& loop_;
  Function<void(const LoadReport&)> finished_;
  SilentTimeline timeline_;
  LoadReport report_;
  std::size_t running_ = 0;
  TimePoint begin_;
  runtime::Timer timer_;
};

}  // namespace tandem::phone
