// Client: WebSocket connects and fetches, with redirects, over Dial.
#pragma once

#include <atomic>
#include <memory>
#include <vector>

#include "net/dial.h"
#include "net/http_reader.h"

namespace tandem::net {

// Shared by the client's handle and its exchanges: these end on their net threads after the handle was
// destroyed.
struct ClientCore {
  std::shared_ptr<const DialSettings> settings;
  std::vector<std::shared_ptr<Context>> contexts;  // Shared: see Context.
  Resolver* resolver = nullptr;
  std::vector<std::unique_ptr<Gate>> gates;  // One a context.
  std::size_t max_concurrent = 0;
  std::atomic<std::size_t> concurrent{0};
  std::atomic<std::size_t> next_context{0};
};

[[nodiscard]] std::unique_ptr<Client> make_client(std::vector<std::shared_ptr<Context>> contexts,
                                                  Resolver& resolver, ClientOptions options, const Log& log);

}  // namespace tandem::net
