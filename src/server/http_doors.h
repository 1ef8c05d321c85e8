// The operator's HTTP: /health and /metrics.
#pragma once

#include "base/metrics.h"
#include "net/api/http.h"
#include "runtime/executor.h"
#include "server/health/media_probe.h"

namespace tandem::server {

/// Registers the handlers; all that is borrowed outlives `http`.
/// GET /metrics: Prometheus text. GET /health: 200 or 503 with JSON; asks the control thread and plays a
/// digit through the media engine, so it turns red when either is stuck.
void add_operator_doors(net::HttpServer& http, Metrics& metrics, runtime::TimerExecutor& control,
                        MediaProbe& probe);

}  // namespace tandem::server
