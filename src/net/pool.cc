#include <algorithm>
#include <utility>

#include "base/clock.h"
#include "net/client.h"
#include "net/http_server.h"
#include "net/resolver.h"

namespace tandem::net {
namespace {

class NetPool final : public Pool {
 public:
  NetPool(std::size_t threads, Log log) : log_(std::move(log)) {
    for (std::size_t i = 0; i < std::max<std::size_t>(threads, 1); ++i) {
      contexts_.push_back(std::make_shared<Context>(i, log_));
      contexts_.back()->run_thread();
    }
  }
  ~NetPool() override {
    for (const auto& context : contexts_) context->stop();
  }

  std::unique_ptr<Client> make_client(ClientOptions options) override {
    return net::make_client(contexts_, resolver_, std::move(options), log_);
  }
  std::unique_ptr<HttpServer> make_server(ServerOptions options) override {
    return net::make_server(contexts_, std::move(options));
  }

 private:
  const Log log_;
  SystemClock clock_;
  std::vector<std::shared_ptr<Context>> contexts_;  // Shared: see Context.
  Resolver resolver_{clock_};  // Destroyed first: its answers go to the (stopped) contexts.
};

}  // namespace

std::unique_ptr<Pool> make_pool(std::size_t threads, Log log) {
  return std::make_unique<NetPool>(threads, std::move(log));
}

}  // namespace tandem::net
