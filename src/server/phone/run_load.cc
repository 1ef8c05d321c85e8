#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <atomic>

#include "server/phone/load.h"
#include "server/phone/options.h"
#include "server/phone/run_phone.h"
#include "server/phone/station.h"
#include "server/phone/wait_for_end.h"

namespace tandem::phone {
namespace {

struct LoadOptions {
  StationOptions station;
  LoadPlan plan;
};

Result<LoadOptions, Usage> parse_load_options(int argc, const char* const* argv) {
  CLI::App app{
      "Many phones at once: places calls at a steady rate and sums up how they went.\n"
      "Exit code: 0 all calls as expected, 1 some were not, 3 wrong usage.",
      "tandem load"};
  LoadOptions out;
  CommonOptions common;
  common.add_to(app);
  std::int64_t hold_ms = -1;
  app.add_option("--rate", out.plan.calls_per_second, "Calls per second")
      ->capture_default_str()
      ->check(CLI::Range(0.001, 10'000.0));
  app.add_option("--calls", out.plan.calls, "Calls in all")
      ->capture_default_str()
      ->check(CLI::Range(1, 100'000'000));
  app.add_option("--concurrent", out.plan.concurrent, "Calls at a time at most")
      ->capture_default_str()
      ->check(CLI::Range(1, 20'000));
  app.add_option("--hold", hold_ms, "Hang up so many ms after the last step, or after the answer")
      ->check(CLI::Range(0, 86'400'000));
  app.add_option("--workers", out.station.media_workers, "Media threads")
      ->capture_default_str()
      ->check(CLI::Range(1, 64));
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& e) {
    if (e.get_exit_code() == 0) return Err(Usage{app.help(), 0});
    return Err(Usage{std::string("tandem load: ") + e.what() + "\n", 3});
  }
  if (const auto done = common.finish(out.station, out.plan.script, false); !done) {
    return Err(Usage{"tandem load: " + done.error() + "\n", 3});
  }
  if (hold_ms >= 0) out.plan.script.hangup_after = Millis(hold_ms);
  out.plan.towards = out.station.towards;
  return out;
}

}  // namespace

int run_load(int argc, char** argv) {
  auto options = parse_load_options(argc, argv);
  if (!options) {
    std::fputs(options.error().text.c_str(), options.error().exit_code == 0 ? stdout : stderr);
    return options.error().exit_code;
  }
  const SystemClock clock;
  WaitForEnd end;
  auto station = Station::open(options->station, clock);
  if (!station) {
    fmt::print(stderr, "tandem load: {}\n", station.error());
    return 1;
  }
  const std::size_t calls = options->plan.calls;
  std::atomic<std::size_t> as_expected{0};
  std::unique_ptr<Load> load;  // Lives and dies on the loop, like the timer in it.
  (*station)->loop().post([&] {
    load = std::make_unique<Load>(std::move(options->plan), (*station)->switchboard(), (*station)->loop(),
                                  [&](const LoadReport& report) {
                                    fmt::print("{}", summary(report));
                                    as_expected = report.as_expected;
                                    end.done();
                                  });
    load->start();
  });
  const bool finished = end.wait([&] { (*station)->loop().post([&] { load->stop("interrupted"); }); });
  (*station)->run_on_loop([&] {
    (*station)->switchboard().clear();  // Before the load: phones report to it.
    load.reset();
  });
  station->reset();
  return finished && as_expected == calls ? 0 : 1;
}

}  // namespace tandem::phone
