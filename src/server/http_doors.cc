#include "server/http_doors.h"

#include <fmt/format.h>

namespace tandem::server {
namespace {

constexpr std::chrono::milliseconds kProbeTimeout{2'000};

net::HttpResponse method_not_allowed() {
  net::HttpResponse response;
  response.status = 405;
  response.headers.emplace_back("Allow", "GET");
  response.body = "GET only\n";
  return response;
}

net::HttpResponse health_response(const MediaProbe::Outcome& outcome) {
  net::HttpResponse response;
  response.status = outcome.ok ? 200 : 503;
  response.content_type = "application/json";
  response.headers.emplace_back("Cache-Control", "no-store");
  response.body = fmt::format(R"({{"status":"{}","media":{{"ok":{},"detail":"{}"}}}})",
                              outcome.ok ? "ok" : "failing", outcome.ok, outcome.detail) +
                  "\n";
  return response;
}

}  // namespace

void add_operator_doors(net::HttpServer& http, Metrics& metrics, runtime::TimerExecutor& control,
                        MediaProbe& probe) {
  http.handle("/metrics", [&metrics](const net::HttpRequest& request, net::HttpServer::Reply reply) {
    if (request.method != "GET") {
      reply(method_not_allowed());
      return;
    }
    net::HttpResponse response;
    response.content_type = "text/plain; version=0.0.4; charset=utf-8";
    response.body = metrics.text();
    reply(std::move(response));
  });
  http.handle("/health", [&control, &probe](const net::HttpRequest& request, net::HttpServer::Reply reply) {
    if (request.method != "GET") {
      reply(method_not_allowed());
      return;
    }
    control.post([&probe, r = std::move(reply)]() mutable {
      probe.run(kProbeTimeout, [done = std::move(r)](const MediaProbe::Outcome& outcome) mutable {
        done(health_response(outcome));
      });
    });
  });
}

}  // namespace tandem::server
