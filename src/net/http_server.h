// HttpServer: the listening socket; connections are dealt out to the contexts in turn.
#pragma once

#include <memory>
#include <vector>

#include "net/http_session.h"

namespace tandem::net {

[[nodiscard]] std::unique_ptr<HttpServer> make_server(std::vector<std::shared_ptr<Context>> contexts,
                                                      ServerOptions options);

}  // namespace tandem::net
