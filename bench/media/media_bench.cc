// CPU and memory of a leg in the media engine, beside a bare UDP echo of the same packet rate in the same
// run.
//
// Usage: media_bench [seconds a measurement] [legs...]. Ratios compare CPU per packet received and sent.
#include <unistd.h>

#include <cstdio>
#include <cstdlib>

#include "bench_engine.h"
#include "echo_server.h"

namespace {

using namespace tandem;
using bench::Clock;
using bench::cpu_seconds;
using bench::resident_kb;

struct Measured {
  double us_per_packet = 0;  // Received and sent.
  double cpu_percent = 0;    // Of one core.
  double kb_per_leg = 0;
  double packets_per_leg_s = 0;
  std::uint64_t digits = 0;
};

std::vector<std::uint8_t> voice() {
  return bench::tone_payload(6000);
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
  EngineRun(std::size_t legs, Work work) : under_(legs), work_(work) {
    prompt_ = std::make_shared<media::Prompt>(8000);
    prompt_->append(std::vector<std::int16_t>(8000 * 10, 1000));
    prompt_->finish();
  }

  Measured run(double seconds) {
    const double memory = resident_kb();
    bench::LoadOptions o;
    o.payload = voice();
    o.odd_payload_type = model::traits(odd_codec(work_)).static_payload_type;
    o.events = work_ == Work::events || work_ == Work::inband;
    under_.on_loop([&] {
      for (const std::uint16_t port : under_.load().ports()) o.targets.push_back(add(port));
    });
    under_.load().start(std::move(o));
    ::usleep(1'000'000);
    const double kb = (resident_kb() - memory) / static_cast<double>(under_.ids().size());
    const auto before = counts();
    const auto from = Clock::now();
    const double cpu = measure_cpu(seconds);
    const double time = std::chrono::duration<double>(Clock::now() - from).count();
    const auto packets = counts() - before;
    Measured m{cpu / packets * 1e6, cpu / time * 100, kb,
               packets / time / static_cast<double>(under_.ids().size()), under_.seen().digits};
    under_.load().stop();
    return m;
  }

 private:
  std::uint16_t add(std::uint16_t peer) {
    model::AgreedMedia m;
    m.telephone_event_payload_type = 101;
    if (under_.ids().size() % 2 == 1) {
      m.codec = odd_codec(work_);
      m.payload_type = model::traits(m.codec).static_payload_type;
    }
    const std::uint16_t port = under_.add(peer, m);
    const std::vector<media::StreamId>& ids = under_.ids();
    const media::StreamId& id = ids.back();
    media::Engine& engine = under_.engine();
    if (work_ == Work::inband) engine.set_inband_digits(id, true);
    if (work_ == Work::play) {
      media::PlaySpec s;
      s.prompts = {prompt_};
      s.loop = 0;
      engine.play(id, 1, std::move(s));
    }
    if (bridged(work_) && ids.size() % 2 == 0) engine.connect(ids[ids.size() - 2], id, {});
    return port;
  }

  // The mean of packets received and sent, from the engine's own metrics.
  double counts() {
    ::usleep(20'000);
    return (under_.metric("tandem_media_packets_sent_total ") +
            under_.metric("tandem_media_packets_received_total ")) /
           2;
  }

  bench::EngineUnderLoad under_;
  const Work work_;
  std::shared_ptr<media::Prompt> prompt_;
};

void print(const char* name, std::size_t legs, const Measured& m, const Measured& echo) {
  std::printf("%5zu  %-26s %7.1f %% %9.2f us %8.2f us %6.2f x %8.1f KB %7.1f /s %8llu\n", legs, name,
              m.cpu_percent, m.cpu_percent * 1e4 / static_cast<double>(legs) / 50, m.us_per_packet,
              m.us_per_packet / echo.us_per_packet, m.kb_per_leg, m.packets_per_leg_s,
              static_cast<unsigned long long>(m.digits));
  std::fflush(stdout);
}

}  // namespace

int main(int argc, char** argv) {
  bench::raise_file_limit();
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
