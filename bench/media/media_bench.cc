// CPU and memory of a leg in the media engine, beside a bare UDP echo of the same packet rate in the same
// run.
//
// Usage: media_bench [seconds a measurement] [legs...]. Ratios compare CPU per packet received and sent.
#include <sys/resource.h>
#include <unistd.h>

#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <functional>
#include <future>
#include <numbers>

#include "echo_server.h"
#include "media/codec/g711.h"
#include "media/engine/engine_factory.h"
#include "runtime/loop.h"
#include "udp_load.h"

namespace {

using namespace tandem;
using Clock = std::chrono::steady_clock;

class Counting final : public media::Observer {
 public:
  void on_digit(const media::StreamId&, media::Digit) override { ++digits; }
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
    sent += q.packets_sent;
  }
  std::uint64_t digits = 0;
  std::uint64_t received = 0;
  std::uint64_t sent = 0;
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

struct Measured {
  double us_per_packet = 0;  // Received and sent.
  double cpu_percent = 0;    // Of one core.
  double kb_per_leg = 0;
  double packets_per_leg_s = 0;
  std::uint64_t digits = 0;
};

std::vector<std::uint8_t> voice() {
  std::vector<std::uint8_t> out(160);
  for (std::size_t i = 0; i < out.size(); ++i) {
    const double x = 6000 * std::sin(2 * std::numbers::pi * 450 * static_cast<double>(i) / 8000);
    out[i] = media::mu_law().encode(static_cast<std::int16_t>(x));
  }
  return out;
}

double measure_cpu(double seconds) {
  const double before = cpu_seconds();
  ::usleep(static_cast<useconds_t>(seconds * 1e6));
  return cpu_seconds() - before;
}

Measured measure_echo(std::size_t legs, double seconds) {
  bench::UdpLoad load(legs);
  bench::EchoServer echo(legs);
  bench::LoadOptions o;
  o.targets = echo.ports();
  o.payload = voice();
  load.start(std::move(o));
  ::usleep(1'000'000);
  const auto packets = echo.packets();
  const auto from = Clock::now();
  const double cpu = measure_cpu(seconds);
  const double time = std::chrono::duration<double>(Clock::now() - from).count();
  const auto done = static_cast<double>(echo.packets() - packets);
  return {cpu / done * 1e6, cpu / time * 100, 0, done / time / static_cast<double>(legs), 0};
}

enum class Work { idle, play, events, inband, relay, laws, rates };

bool bridged(Work w) {
  return w == Work::relay || w == Work::laws || w == Work::rates;
}

model::Codec odd_codec(Work w) {
  if (w == Work::laws) return model::Codec::pcma;
  return w == Work::rates ? model::Codec::g722 : model::Codec::pcmu;
}

class EngineRun {
 public:
  EngineRun(std::size_t legs, Work work) : load_(legs), work_(work) {
    media::EngineOptions o;
    o.port_max = 0;
    o.addresses = {*model::IpAddress::parse("127.0.0.1")};
    engine_ = media::make_engine(o, seen_, loop_, pool_, clock_, Log(), metrics_);
    prompt_ = std::make_shared<media::Prompt>(8000);
    prompt_->append(std::vector<std::int16_t>(8000 * 10, 1000));
    prompt_->finish();
  }
  ~EngineRun() {
    on_loop([this] { engine_.reset(); });
  }
  EngineRun(const EngineRun&) = delete;
  EngineRun& operator=(const EngineRun&) = delete;

  Measured run(double seconds) {
    const double memory = resident_kb();
    bench::LoadOptions o;
    o.payload = voice();
    o.odd_payload_type = model::traits(odd_codec(work_)).static_payload_type;
    o.events = work_ == Work::events || work_ == Work::inband;
    on_loop([&] {
      for (const std::uint16_t port : load_.ports()) o.targets.push_back(add(port));
    });
    load_.start(std::move(o));
    ::usleep(1'000'000);
    const double kb = (resident_kb() - memory) / static_cast<double>(ids_.size());
    const auto before = counts();
    const auto from = Clock::now();
    const double cpu = measure_cpu(seconds);
    const double time = std::chrono::duration<double>(Clock::now() - from).count();
    const auto packets = counts() - before;
    Measured m{cpu / packets * 1e6, cpu / time * 100, kb, packets / time / static_cast<double>(ids_.size()),
               seen_.digits};
    load_.stop();
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
    m.telephone_event_payload_type = 101;
    if (ids_.size() % 2 == 1) {
      m.codec = odd_codec(work_);
      m.payload_type = model::traits(m.codec).static_payload_type;
    }
    engine_->configure(id, m);
    if (work_ == Work::inband) engine_->set_inband_digits(id, true);
    if (work_ == Work::play) {
      media::PlaySpec s;
      s.prompts = {prompt_};
      s.loop = 0;
      engine_->play(id, 1, std::move(s));
    }
    ids_.push_back(id);
    if (bridged(work_) && ids_.size() % 2 == 0) engine_->connect(ids_[ids_.size() - 2], id, {});
    return opened->rtp.port;
  }

  // The mean of packets received and sent, from the engine's own metrics.
  double counts() {
    ::usleep(20'000);
    double sum = 0;
    const std::string text = metrics_.text();
    for (const char* name :
         {"\ntandem_media_packets_sent_total ", "\ntandem_media_packets_received_total "}) {
      const auto at = text.find(name);
      if (at != std::string::npos) sum += std::atof(text.c_str() + at + std::char_traits<char>::length(name));
    }
    return sum / 2;
  }

  SystemClock clock_;
  Metrics metrics_;
  Counting seen_;
  bench::UdpLoad load_;
  const Work work_;
  runtime::BlockingPool pool_{"encode", 1, 10'000};
  runtime::Loop loop_{"control", clock_};
  std::unique_ptr<media::Engine> engine_;
  std::shared_ptr<media::Prompt> prompt_;
  std::vector<media::StreamId> ids_;
};

void print(const char* name, std::size_t legs, const Measured& m, const Measured& echo) {
  std::printf("%5zu  %-26s %7.1f %% %9.2f us %8.2f us %6.2f x %8.1f KB %7.1f /s %8llu\n", legs, name,
              m.cpu_percent, m.cpu_percent * 1e4 / static_cast<double>(legs) / 50, m.us_per_packet,
              m.us_per_packet / echo.us_per_packet, m.kb_per_leg, m.packets_per_leg_s,
              static_cast<unsigned long long>(m.digits));
  std::fflush(stdout);
}

void raise_file_limit() {
  rlimit l{};
  ::getrlimit(RLIMIT_NOFILE, &l);
  l.rlim_cur = l.rlim_max;
  ::setrlimit(RLIMIT_NOFILE, &l);
}

}  // namespace

int main(int argc, char** argv) {
  raise_file_limit();
  const double seconds = argc > 1 ? std::atof(argv[1]) : 5;
  std::vector<std::size_t> sizes;
  for (int i = 2; i < argc; ++i) sizes.push_back(static_cast<std::size_t>(std::atoi(argv[i])));
  if (sizes.empty()) sizes = {100, 500, 1000, 2000};
  std::puts(
      " legs  what                            CPU  leg's 20 ms   per packet  ratio   per leg  packets   "
      "digits");
  for (const std::size_t legs : sizes) {
    const Measured echo = measure_echo(legs, seconds);
    print("bare UDP echo", legs, echo, echo);
    for (const auto& [name, work] : {std::pair{"answered, nothing to do", Work::idle},
                                     {"play", Work::play},
                                     {"digits, RFC 4733", Work::events},
                                     {"digits, RFC 4733 + in-band", Work::inband},
                                     {"bridged, relay", Work::relay},
                                     {"bridged, PCMU-PCMA", Work::laws},
                                     {"bridged, PCMU-G.722", Work::rates}}) {
      EngineRun run(legs, work);
      print(name, legs, run.run(seconds), echo);
    }
  }
  return 0;
}
