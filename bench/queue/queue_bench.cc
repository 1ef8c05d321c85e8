// Queues in the call core, without SIP and media: calls enqueued and taken a second, and what it costs when
// the first of a thousand goes and all others are told of their new place. Prints a Markdown table.
#include <fmt/core.h>

#include <ctime>

#include "call/tests/fakes/queues.h"

namespace {

using tandem::call::testing::Queues;

double cpu_seconds() {
  timespec t{};
  clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
  return static_cast<double>(t.tv_sec) + static_cast<double>(t.tv_nsec) * 1e-9;
}

class Bench final : public Queues {
 public:
  void TestBody() override {}

  void turnover(int calls) {
    std::vector<Party> callers, agents;
    for (int i = 0; i < calls; ++i) {
      callers.push_back(arrive("c" + std::to_string(i)));
      agents.push_back(arrive("a" + std::to_string(i)));
    }
    const double before = cpu_seconds();
    for (int i = 0; i < calls; ++i) ask(callers[i], enqueue(callers[i], "q" + std::to_string(i), i % 5));
    const double waiting = cpu_seconds();
    for (int i = 0; i < calls; ++i) ask(agents[i], take(agents[i], "t" + std::to_string(i)));
    const double after = cpu_seconds();
    row(fmt::format("enqueue, up to {} in the queue", calls), calls, waiting - before);
    row(fmt::format("take, {} to none in the queue", calls), calls, after - waiting);
  }
  void pairs(int calls) {
    double took = 0;
    for (int i = 0; i < calls; ++i) {
      const Party caller = arrive("pc" + std::to_string(i)), agent = arrive("pa" + std::to_string(i));
      const double before = cpu_seconds();
      ask(caller, enqueue(caller, "pq" + std::to_string(i)));
      ask(agent, take(agent, "pt" + std::to_string(i)));
      took += cpu_seconds() - before;
    }
    row("enqueue and take, nobody else waits", calls, took);
  }
  void positions(int size, int heads) {
    std::vector<Party> agents;
    for (int i = 0; i < size; ++i) waiting("w" + std::to_string(i));
    for (int i = 0; i < heads; ++i) agents.push_back(arrive("ha" + std::to_string(i)));
    w.advance(10'000);
    double took = 0;
    const std::size_t before = told();
    for (int i = 0; i < heads; ++i) {
      const double start = cpu_seconds();
      ask(agents[i], take(agents[i], "ht" + std::to_string(i)));
      w.advance(10'000);  // So that all are told.
      took += cpu_seconds() - start;
    }
    const std::size_t events = told() - before;
    row(fmt::format("the first of {} goes, all are told", size), heads, took);
    row("one position event", static_cast<int>(events), took);
  }

 private:
  std::size_t told() const {
    std::size_t n = 0;
    for (const auto& e : w.gateway.events)
      n += std::holds_alternative<tandem::model::QueuePositionEvent>(e.data) ? 1 : 0;
    return n;
  }
  static void row(const std::string& what, int times, double seconds) {
    fmt::print("| {} | {} | {:.1f} | {:.0f} |\n", what, times, seconds * 1e6 / times, times / seconds);
  }
};

}  // namespace

int main() {
  fmt::print("\n| queue | times | CPU each, us | a second of one core |\n|---|---|---|---|\n");
  {
    Bench bench;
    bench.pairs(2'000);
  }
  {
    Bench bench;
    bench.turnover(1'000);
  }
  Bench bench;
  bench.positions(1'000, 50);
  return 0;
}
