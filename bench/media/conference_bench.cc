// CPU, memory and lateness of rooms in the media engine. All members send; some of them speak.
//
// Usage: conference_bench [seconds a measurement] [members of one room...]; without numbers the whole table.
#include <unistd.h>

#include <algorithm>
#include <cstdio>
#include <cstdlib>

#include "bench_engine.h"

namespace {

using namespace tandem;
using bench::Clock;
using bench::cpu_seconds;
using bench::resident_kb;

struct Measured {
  double cpu_percent = 0;  // Of one core, for a member.
  double kb = 0;           // A member, beyond the stream that is in no room.
  double latest_ms = 0;
  double late_ticks = 0;
  double received_s = 0;  // A member and second.
  double sent_s = 0;
  double failed = 0;
  std::uint64_t lost = 0;
};

struct Setup {
  std::size_t rooms = 1;
  std::size_t members = 20;  // Of each.
  std::size_t talkers = 32;  // In all.
};

class RoomsRun {
 public:
  explicit RoomsRun(const Setup& setup) : setup_(setup), under_(setup.rooms * setup.members) {}

  Measured run(double seconds) {
    bench::LoadOptions o;
    o.payload = bench::tone_payload(6000);
    o.quiet = bench::tone_payload(40);
    o.talkers = setup_.talkers;
    under_.on_loop([&] {
      for (const std::uint16_t port : under_.load().ports()) o.targets.push_back(under_.add(port, {}));
    });
    under_.load().start(std::move(o));
    ::usleep(1'000'000);
    const double memory = resident_kb();
    under_.on_loop([this] { join_all(); });
    ::usleep(2'000'000);
    Measured m;
    const auto legs = static_cast<double>(under_.ids().size());
    m.kb = (resident_kb() - memory) / legs;
    const double received = under_.metric("tandem_media_packets_received_total ");
    const double sent = under_.metric("tandem_media_packets_sent_total ");
    const double late = under_.metric("tandem_media_late_ticks_total ");
    const double failed = under_.metric("tandem_media_send_failures_total ");
    const auto from = Clock::now();
    const double cpu = cpu_seconds();
    const auto until = from + std::chrono::duration<double>(seconds);
    while (Clock::now() < until) {
      ::usleep(500'000);
      for (const char* worker : {"0", "1", "2", "3"})
        m.latest_ms =
            std::max(m.latest_ms, 1000 * under_.metric("tandem_media_latest_tick_seconds{worker=\"" +
                                                       std::string(worker) + "\"} "));
    }
    const double time = std::chrono::duration<double>(Clock::now() - from).count();
    m.cpu_percent = (cpu_seconds() - cpu) / time * 100 / legs;
    m.received_s = (under_.metric("tandem_media_packets_received_total ") - received) / time / legs;
    m.sent_s = (under_.metric("tandem_media_packets_sent_total ") - sent) / time / legs;
    m.late_ticks = under_.metric("tandem_media_late_ticks_total ") - late;
    m.failed = under_.metric("tandem_media_send_failures_total ") - failed;
    under_.on_loop([this] {
      for (const auto& id : under_.ids()) under_.engine().close(id);
    });
    for (int i = 0; i < 100 && under_.seen().closed < under_.ids().size(); ++i) ::usleep(20'000);
    under_.load().stop();
    under_.on_loop([&] { m.lost = under_.seen().lost; });
    return m;
  }

 private:
  // Talkers, the first of all, come into all rooms in turn.
  void join_all() {
    std::vector<media::RoomId> rooms;
    for (std::size_t i = 0; i < setup_.rooms; ++i) {
      rooms.push_back(media::RoomId::make());
      under_.engine().open_room(rooms.back(), {});
    }
    for (std::size_t i = 0; i < under_.ids().size(); ++i)
      under_.engine().join_room(rooms[i % rooms.size()], under_.ids()[i], {});
  }

  const Setup setup_;
  bench::EngineUnderLoad under_;
};

void print(const Setup& s, const Measured& m) {
  std::printf("%5zu %8zu %8zu %10.4f %% %8.1f us %8.1f KB %9.2f ms %6.0f %9.1f /s %8.1f /s %7llu %7.0f\n",
              s.rooms, s.members, s.talkers, m.cpu_percent, m.cpu_percent * 200, m.kb, m.latest_ms,
              m.late_ticks, m.received_s, m.sent_s, static_cast<unsigned long long>(m.lost), m.failed);
  std::fflush(stdout);
}

}  // namespace

int main(int argc, char** argv) {
  bench::raise_file_limit();
  const double seconds = argc > 1 ? std::atof(argv[1]) : 5;
  std::vector<Setup> setups;
  for (int i = 2; i < argc; ++i) setups.push_back({1, static_cast<std::size_t>(std::atoi(argv[i])), 32});
  if (setups.empty())
    setups = {{1, 20, 20}, {1, 50, 32}, {1, 100, 32}, {1, 500, 32}, {1, 1000, 32}, {100, 10, 200}};
  std::puts(
      "rooms  members  talkers    CPU of a member   its 20 ms    memory   latest tick  >5 ms   received      "
      "  sent    lost unsent");
  for (const Setup& s : setups) {
    RoomsRun run(s);
    print(s, run.run(seconds));
  }
  return 0;
}
