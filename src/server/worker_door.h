// Where workers come in: GET /v1/Accounts/{AccountSid}/Applications/{ApplicationSid}/Connect, a WebSocket
// (docs: protocol, section 8).
#pragma once

#include "app/worker_hub.h"
#include "net/api/http.h"

namespace tandem::server {

/// Registers the upgrade; before http.start(). All that is borrowed outlives `http`, whose net threads call
/// it. Refuses with 401, 403 or 404 and a problem document (RFC 9457).
void add_worker_door(net::HttpServer& http, app::WorkerHub& hub, const app::WorkerAuthority& authority,
                     const app::ChannelLimits& limits);

}  // namespace tandem::server
