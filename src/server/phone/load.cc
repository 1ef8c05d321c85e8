#include "server/phone/load.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <iterator>

namespace tandem::phone {

Load::Load(LoadPlan plan, Switchboard& switchboard, runtime::TimerExecutor& loop,
           Function<void(const LoadReport&)> finished)
    : plan_(std::move(plan)),
      switchboard_(switchboard),
      loop_(loop),
      finished_(std::move(finished)),
      timer_(loop) {
  plan_.calls_per_second = std::max(plan_.calls_per_second, 0.001);
  plan_.concurrent = std::max<std::size_t>(plan_.concurrent, 1);
}

void Load::start() {
  begin_ = loop_.clock().now();
  start_due();
}

/// Starts what the rate has made due; calls that the limit held back are due at once when there is room
/// again.
void Load::start_due() {
  const auto due_time = [this](std::size_t n) {
    return begin_ + std::chrono::duration_cast<Duration>(
                        std::chrono::duration<double>(static_cast<double>(n) / plan_.calls_per_second));
  };
  while (report_.started < plan_.calls && running_ < plan_.concurrent &&
         due_time(report_.started) <= loop_.clock().now()) {
    ++report_.started;
    ++running_;
    report_.most_at_once = std::max(report_.most_at_once, running_);
    switchboard_.call(plan_.script, plan_.towards, timeline_, [this](const Phone& phone) { ended(phone); });
  }
  if (report_.started < plan_.calls && running_ < plan_.concurrent) {
    timer_.set(due_time(report_.started) - loop_.clock().now(), [this] { start_due(); });
  }
}

void Load::stop(const std::string& why) {
  plan_.calls = report_.started;
  timer_.cancel();
  switchboard_.give_up_all(why);
  if (running_ == 0) finished_(report_);
}

void Load::ended(const Phone& phone) {
  const Outcome& o = phone.outcome();
  --running_;
  if (o.verdict == Verdict::as_expected) {
    ++report_.as_expected;
  } else if (o.verdict == Verdict::unmet && !o.unmet.empty()) {
    ++report_.failures[o.unmet.front()];
  } else {
    ++report_.failures[o.how];
  }
  if (o.setup) report_.setup_ms.push_back(o.setup->count());
  report_.packets_received += o.quality.packets_received;
  report_.packets_lost += o.quality.packets_lost;
  if (o.quality.mos > 0) {
    report_.mos_sum += o.quality.mos;
    ++report_.mos_calls;
  }
  if (running_ == 0 && report_.started >= plan_.calls) {
    report_.took = loop_.clock().now() - begin_;
    std::sort(report_.setup_ms.begin(), report_.setup_ms.end());
    finished_(report_);
    return;
  }
  // Not from within another phone's method: a call that fails at once would nest without end.
  if (!timer_.pending()) timer_.set(Duration{0}, [this] { start_due(); });
}

std::int64_t percentile(const std::vector<std::int64_t>& values, double percent) {
  if (values.empty()) return 0;
  const auto rank = static_cast<std::size_t>(std::ceil(percent / 100 * static_cast<double>(values.size())));
  return values[std::clamp<std::size_t>(rank, 1, values.size()) - 1];
}

std::string summary(const LoadReport& r) {
  const double seconds = std::chrono::duration<double>(r.took).count();
  std::string out = fmt::format(
      "calls        {} started, {} as expected, at most {} at once, {:.1f} s, {:.1f} calls/s\n", r.started,
      r.as_expected, r.most_at_once, seconds, seconds > 0 ? static_cast<double>(r.started) / seconds : 0);
  out += fmt::format("set-up ms    p50 {}  p90 {}  p99 {}  max {}\n", percentile(r.setup_ms, 50),
                     percentile(r.setup_ms, 90), percentile(r.setup_ms, 99), percentile(r.setup_ms, 100));
  const std::uint64_t expected = r.packets_received + r.packets_lost;
  out += fmt::format(
      "audio        {} packets heard, {:.2f} % lost, MOS {:.2f}\n", r.packets_received,
      expected > 0 ? 100 * static_cast<double>(r.packets_lost) / static_cast<double>(expected) : 0,
      r.mos_calls > 0 ? r.mos_sum / static_cast<double>(r.mos_calls) : 0);
  for (const auto& [what, count] : r.failures)
    fmt::format_to(std::back_inserter(out), "failed       {} x {}\n", count, what);
  return out;
}

}  // namespace tandem::phone
