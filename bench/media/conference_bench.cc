// CPU, memory and lateness of rooms in the media engine. All members send; some of them speak.
//
// Usage: conference_bench [seconds a measurement] [members of one room...]; without numbers the whole table.
#include <sys/resource.h>
#include <unistd.h>

#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <functional>
#include <future>
#include <numbers>

#include "media/codec/g711.h"
#include "media/engine/engine_factory.h"
#include "runtime/loop.h"
#include "udp_load.h"

namespace {

using namespace tandem;
using Clock = std::chrono::steady_clock;

class Counting final : public media::Observer {
 public:
  void on_digit(const media::StreamId&, media::Digit) override {}
  void on_play_started(const media::StreamId&, media::PlayId) override {}
  void on_play_ended(const media::StreamId&, media::PlayId, media::PlayResult) override {}
  void on_digits_sent(const media::StreamId&, media::PlayId, bool) override {}
  void on_media_started(const media::StreamId&) override {}
  void on_rtp_timeout(const media::StreamId&) override {}
  void on_rtp_resumed(const media::StreamId&) override {}
  void on_source_changed(const media::StreamId&, const model::SocketAddress&) override {}
  void on_mark(const media::StreamId&, media::PlayId, const std::string&, std::int64_t) override {}
  void on_quality(const media::StreamId&, model::StreamQuality) override {}
  void on_closed(const media::StreamId&, model::StreamQuality q) override {
    received += q.packets_received;
    lost += q.packets_lost;
    ++closed;
  }
  std::uint64_t received = 0;
  std::uint64_t lost = 0;
  std::size_t closed = 0;
};

double cpu_seconds() {
  rusage u{};
  ::getrusage(RUSAGE_SELF, &u);
  return static_cast<double>(u.ru_utime.tv_sec + u.ru_stime.tv_sec) +
         static_cast<double>(u.ru_utime.tv_usec + u.ru_stime.tv_usec) / 1e6;
}

double resident_kb() {
  std::ifstream statm("/proc/self/statm");
  double total = 0;
  double resident = 0;
  statm >> total >> resident;
  return resident * static_cast<double>(::sysconf(_SC_PAGESIZE)) / 1024;
}

std::vector<std::uint8_t> sound(double amplitude) {
  std::vector<std::uint8_t> out(160);
  for (std::size_t i = 0; i < out.size(); ++i) {
    const double x = amplitude * std::sin(2 * std::numbers::pi * 450 * static_cast<double>(i) / 8000);
    out[i] = media::mu_law().encode(static_cast<std::int16_t>(x));
  }
  return out;
}

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
  explicit RoomsRun(const Setup& setup) : setup_(setup), load_(setup.rooms * setup.members) {
    media::EngineOptions o;
    o.port_max = 0;
    o.addresses = {*model::IpAddress::parse("127.0.0.1")};
    engine_ = media::make_engine(o, seen_, loop_, pool_, clock_, Log(), metrics_);
  }
  ~RoomsRun() {
    on_loop([this] { engine_.reset(); });
  }
  RoomsRun(const RoomsRun&) = delete;
  RoomsRun& operator=(const RoomsRun&) = delete;

  Measured run(double seconds) {
    bench::LoadOptions o;
    o.payload = sound(6000);
    o.quiet = sound(40);
    o.talkers = setup_.talkers;
    on_loop([&] {
      for (const std::uint16_t port : load_.ports()) o.targets.push_back(add(port));
    });
    load_.start(std::move(o));
    ::usleep(1'000'000);
    const double memory = resident_kb();
    on_loop([this] { join_all(); });
    ::usleep(2'000'000);
    Measured m;
    const auto legs = static_cast<double>(ids_.size());
    m.kb = (resident_kb() - memory) / legs;
    const double received = metric("\ntandem_media_packets_received_total ");
    const double sent = metric("\ntandem_media_packets_sent_total ");
    const double late = metric("\ntandem_media_late_ticks_total ");
    const double failed = metric("\ntandem_media_send_failures_total ");
    const auto from = Clock::now();
    const double cpu = cpu_seconds();
    const auto until = from + std::chrono::duration<double>(seconds);
    while (Clock::now() < until) {
      ::usleep(500'000);
      for (const char* worker : {"0", "1", "2", "3"})
        m.latest_ms = std::max(m.latest_ms, 1000 * metric("\ntandem_media_latest_tick_seconds{worker=\"" +
                                                          std::string(worker) + "\"} "));
    }
    const double time = std::chrono::duration<double>(Clock::now() - from).count();
    m.cpu_percent = (cpu_seconds() - cpu) / time * 100 / legs;
    m.received_s = (metric("\ntandem_media_packets_received_total ") - received) / time / legs;
    m.sent_s = (metric("\ntandem_media_packets_sent_total ") - sent) / time / legs;
    m.late_ticks = metric("\ntandem_media_late_ticks_total ") - late;
    m.failed = metric("\ntandem_media_send_failures_total ") - failed;
    on_loop([this] {
      for (const auto& id : ids_) engine_->close(id);
    });
    for (int i = 0; i < 100 && seen_.closed < ids_.size(); ++i) ::usleep(20'000);
    load_.stop();
    on_loop([&] { m.lost = seen_.lost; });
    return m;
  }

 private:
  void on_loop(const std::function<void()>& f) {
    std::promise<void> done;
    loop_.post([&] {
      f();
      done.set_value();
    });
    done.get_future().wait();
  }

  std::uint16_t add(std::uint16_t peer) {
    const auto id = media::StreamId::make();
    const auto opened = engine_->open(id, *model::IpAddress::parse("127.0.0.1"));
    if (!opened) {
      std::fputs("open failed: too few file descriptors?\n", stderr);
      std::exit(1);
    }
    model::AgreedMedia m;
    m.remote_rtp = {*model::IpAddress::parse("127.0.0.1"), peer};
    engine_->configure(id, m);
    ids_.push_back(id);
    return opened->rtp.port;
  }

  // Talkers, the first of all, come into all rooms in turn.
  void join_all() {
    std::vector<media::RoomId> rooms;
    for (std::size_t i = 0; i < setup_.rooms; ++i) {
      rooms.push_back(media::RoomId::make());
      engine_->open_room(rooms.back(), {});
    }
    for (std::size_t i = 0; i < ids_.size(); ++i) engine_->join_room(rooms[i % rooms.size()], ids_[i], {});
  }

  double metric(const std::string& name) {
    const std::string text = metrics_.text();
    const auto at = text.find(name);
    return at == std::string::npos ? 0 : std::atof(text.c_str() + at + name.size());
  }

  const Setup setup_;
  SystemClock clock_;
  Metrics metrics_;
  Counting seen_;
  bench::UdpLoad load_;
  runtime::BlockingPool pool_{"encode", 1, 10'000};
  runtime::Loop loop_{"control", clock_};
  std::unique_ptr<media::MixingEngine> engine_;
  std::vector<media::StreamId> ids_;
};

void print(const Setup& s, const Measured& m) {
  std::printf("%5zu %8zu %8zu %10.4f %% %8.1f us %8.1f KB %9.2f ms %6.0f %9.1f /s %8.1f /s %7llu %7.0f\n",
              s.rooms, s.members, s.talkers, m.cpu_percent, m.cpu_percent * 200, m.kb, m.latest_ms,
              m.late_ticks, m.received_s, m.sent_s, static_cast<unsigned long long>(m.lost), m.failed);
  std::fflush(stdout);
}

}  // namespace

int main(int argc, char** argv) {
  rlimit l{};
  ::getrlimit(RLIMIT_NOFILE, &l);
  l.rlim_cur = l.rlim_max;
  ::setrlimit(RLIMIT_NOFILE, &l);
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
