// What a call costs on this layer: WebSocket connect, one message each way, close. Prints the client's CPU
// time; the server is a process of its own. Usage: net_connect_bench [count] [tls]
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <map>

#include "net/tests/support.h"

namespace {

using namespace tandem;             // NOLINT(google-build-using-namespace)
using namespace tandem::net;        // NOLINT(google-build-using-namespace)
using namespace tandem::net::test;  // NOLINT(google-build-using-namespace)

double cpu_us() {
  rusage usage{};
  getrusage(RUSAGE_SELF, &usage);
  const auto us = [](const timeval& t) {
    return static_cast<double>(t.tv_sec) * 1e6 + static_cast<double>(t.tv_usec);
  };
  return us(usage.ru_utime) + us(usage.ru_stime);
}

/// Answers each text; runs until standard input (the pipe from the parent) ends.
void serve(const Certificates* certificates, int port_pipe, int end_pipe) {
  auto pool = make_pool(1, {});
  ServerOptions options{.listen = *model::SocketAddress::parse("127.0.0.1:0")};
  if (certificates != nullptr) {
    options.tls_certificate_file = certificates->certificate();
    options.tls_key_file = certificates->key();
  }
  auto server = pool->make_server(options);
  std::map<WebSocket*, std::unique_ptr<WebSocket>> open;  // On the one net thread only.
  HttpServer::Upgrade upgrade;
  upgrade.opened = [&open](HttpRequest, std::unique_ptr<WebSocket> socket) {
    WebSocket* raw = socket.get();
    open[raw] = std::move(socket);
    WebSocket::Handlers handlers;
    handlers.on_text = [raw](std::string text) { raw->send(std::move(text)); };
    handlers.on_close = [raw, &open](std::uint16_t, const std::string&) { open.erase(raw); };
    raw->start(std::move(handlers));
  };
  server->handle_upgrade("/", std::move(upgrade));
  (void)server->start();
  const std::uint16_t port = server->address().port;
  (void)!write(port_pipe, &port, sizeof port);
  char c = 0;
  while (read(end_pipe, &c, 1) > 0) {
  }
  pool.reset();
}

struct Run {
  Client& client;
  std::string url;
  int left;
  Inbox<int> done{};
  std::map<int, std::unique_ptr<WebSocket>> open{};
  int failed = 0;

  void next() {
    if (left-- <= 0) return done.push(1);
    client.connect({.url = url}, {}, [this, id = left](Connected c) {
      if (!c) {
        ++failed;
        return next();
      }
      open[id] = std::move(*c);
      WebSocket::Handlers handlers;
      handlers.on_text = [this, id](const std::string&) { open[id]->close(1000, ""); };
      handlers.on_close = [this, id](std::uint16_t, const std::string&) {
        open[id].reset();
        next();
      };
      open[id]->start(std::move(handlers));
      open[id]->send(std::string(300, 'x'));
    });
  }
};

}  // namespace

int main(int argc, char** argv) {
  const int count = argc > 1 ? std::atoi(argv[1]) : 5'000;
  const bool tls = argc > 2 && std::strcmp(argv[2], "tls") == 0;
  const Certificates certificates;
  int ports[2];
  int ends[2];
  if (pipe(ports) != 0 || pipe(ends) != 0) return 1;
  const pid_t child = fork();
  if (child == 0) {
    close(ends[1]);
    serve(tls ? &certificates : nullptr, ports[1], ends[0]);
    _exit(0);
  }
  close(ends[0]);
  std::uint16_t port = 0;
  (void)!read(ports[0], &port, sizeof port);
  auto pool = make_pool(1, {});
  auto client =
      pool->make_client({.policy = loopback_allowed(), .ca_file = tls ? certificates.ca() : std::string()});
  const auto start = std::chrono::steady_clock::now();
  Run run{*client, (tls ? "wss://127.0.0.1:" : "ws://127.0.0.1:") + std::to_string(port) + "/", count};
  const double before = cpu_us();
  constexpr int kParallel = 16;
  client->fetch({.url = "none"}, [&](const Fetched&) {  // On the net thread, as all else here.
    for (int i = 0; i < kParallel; ++i) run.next();
  });
  for (int i = 0; i < kParallel; ++i) run.done.pop();
  const double cpu = cpu_us() - before;
  const std::chrono::duration<double> wall = std::chrono::steady_clock::now() - start;
  std::printf("%s: %d connects, %d failed, client CPU %.1f us each, %.0f connects/s\n", tls ? "wss" : "ws",
              count, run.failed, cpu / count, count / wall.count());
  client.reset();
  pool.reset();
  close(ends[1]);
  waitpid(child, nullptr, 0);
  return run.failed == 0 ? 0 : 1;
}
