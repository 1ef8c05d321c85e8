#include "bench_engine.h"

#include <sys/resource.h>
#include <unistd.h>

#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <future>
#include <numbers>

#include "media/codec/g711.h"

namespace tandem::bench {

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

std::vector<std::uint8_t> tone_payload(double amplitude) {
  std::vector<std::uint8_t> out(160);
  for (std::size_t i = 0; i < out.size(); ++i) {
    const double x = amplitude * std::sin(2 * std::numbers::pi * 450 * static_cast<double>(i) / 8000);
    out[i] = media::mu_law().encode(static_cast<std::int16_t>(x));
  }
  return out;
}

void raise_file_limit() {
  rlimit l{};
  ::getrlimit(RLIMIT_NOFILE, &l);
  l.rlim_cur = l.rlim_max;
  ::setrlimit(RLIMIT_NOFILE, &l);
}

EngineUnderLoad::EngineUnderLoad(std::size_t legs) : load_(legs) {
  media::EngineOptions o;
  o.port_max = 0;
  o.addresses = {*model::IpAddress::parse("127.0.0.1")};
  engine_ = media::make_engine(o, seen_, loop_, pool_, clock_, Log(), metrics_);
}

EngineUnderLoad::~EngineUnderLoad() {
  on_loop([this] { engine_.reset(); });
}

void EngineUnderLoad::on_loop(const std::function<void()>& f) {
  std::promise<void> done;
  loop_.post([&] {
    f();
    done.set_value();
  });
  done.get_future().wait();
}

std::uint16_t EngineUnderLoad::add(std::uint16_t peer, model::AgreedMedia media) {
  const auto id = media::StreamId::make();
  const auto opened = engine_->open(id, *model::IpAddress::parse("127.0.0.1"));
  if (!opened) {
    std::fputs("open failed: too few file descriptors?\n", stderr);
    std::exit(1);
  }
  media.remote_rtp = {*model::IpAddress::parse("127.0.0.1"), peer};
  engine_->configure(id, media);
  ids_.push_back(id);
  return opened->rtp.port;
}

double EngineUnderLoad::metric(const std::string& name) {
  const std::string text = metrics_.text();
  const auto at = text.find("\n" + name);
  return at == std::string::npos ? 0 : std::atof(text.c_str() + at + 1 + name.size());
}

}  // namespace tandem::bench
