#include "server/serve.h"

#include <fmt/format.h>
#include <poll.h>
#include <signal.h>
#include <sys/signalfd.h>
#include <systemd/sd-daemon.h>
#include <unistd.h>

#include <CLI/CLI.hpp>
#include <cstdio>

#include "server/node.h"

namespace tandem::server {
namespace {

/// Signals as readable events; blocked before any thread exists, so that none is delivered elsewhere.
class Signals {
 public:
  Signals() {
    sigset_t set;
    sigemptyset(&set);
    sigaddset(&set, SIGINT);
    sigaddset(&set, SIGTERM);
    pthread_sigmask(SIG_BLOCK, &set, nullptr);
    signal(SIGPIPE, SIG_IGN);
    fd_ = signalfd(-1, &set, SFD_CLOEXEC);
  }
  Signals(const Signals&) = delete;
  Signals& operator=(const Signals&) = delete;
  ~Signals() { close(fd_); }

  /// The next signal, or 0 after `timeout_ms` (-1: never).
  int wait(int timeout_ms) const {
    pollfd poll_fd{fd_, POLLIN, 0};
    if (poll(&poll_fd, 1, timeout_ms) <= 0) return 0;
    signalfd_siginfo info{};
    if (read(fd_, &info, sizeof info) != static_cast<ssize_t>(sizeof info)) return 0;
    return static_cast<int>(info.ssi_signo);
  }

 private:
  int fd_;
};

void print_ready(const Node& node) {
  std::string sip;
  for (const auto& listening : node.sip_addresses()) {
    if (!sip.empty()) sip += ",";
    sip += fmt::format(R"({{"transport":"{}","address":"{}"}})", sip::to_string(listening.transport),
                       listening.address.str());
  }
  fmt::print(R"({{"ready":true,"sip":[{}],"http":"{}"}})"
             "\n",
             sip, node.http_address().str());
  std::fflush(stdout);
  sd_notify(0, "READY=1");
}

/// After SIGTERM: refuses new calls and waits for those that are up.
void drain(Node& node, const Signals& signals, std::chrono::milliseconds deadline, const Log& log) {
  static constexpr int kLookMs = 100;
  log.info("draining: {} calls are up", node.live_calls());
  sd_notify(0, "STOPPING=1");
  node.drain();
  for (std::chrono::milliseconds waited{0}; waited < deadline && node.live_calls() > 0;
       waited += std::chrono::milliseconds(kLookMs)) {
    if (signals.wait(kLookMs) != 0) break;
  }
}

int serve(Settings settings, const Signals& signals) {
  Log log;
  try {
    log = make_log({settings.log.level, settings.log.file, settings.log.json});
  } catch (const std::exception& e) {
    fmt::print(stderr, "tandem serve: log.file: {}\n", e.what());
    return 1;
  }
  const std::chrono::milliseconds drain_deadline{settings.call.drain_deadline_ms};
  Node node(std::move(settings), log);
  if (const auto started = node.start(); !started) {
    fmt::print(stderr, "tandem serve: {}\n", started.error());
    log.error("could not start: {}", started.error());
    return 1;
  }
  print_ready(node);
  const int signal = signals.wait(-1);
  if (signal == SIGTERM) drain(node, signals, drain_deadline, log);
  log.info("stopping");
  return 0;
}

}  // namespace

int run_serve(int argc, char** argv) {
  CLI::App cli("Runs a Tandem node.", "tandem serve");
  std::string config;
  cli.add_option("--config,-c", config, "Settings file (TOML); without it the defaults");
  try {
    cli.parse(argc, argv);
  } catch (const CLI::ParseError& e) {
    const int code = cli.exit(e);
    return code == 0 ? 0 : 3;
  }
  const Signals signals;
  auto settings = load_settings(config, process_environment());
  if (!settings) {
    for (const SettingError& error : settings.error()) fmt::print(stderr, "tandem serve: {}\n", error.str());
    return 1;
  }
  return serve(std::move(*settings), signals);
}

}  // namespace tandem::server
