#include "net/http_server.h"

#include <algorithm>
#include <utility>

namespace tandem::net {
namespace {

constexpr auto kBackOff = std::chrono::milliseconds(100);

Tcp::endpoint endpoint_of(const model::SocketAddress& address) {
  error_code ignored;
  return {asio::ip::make_address(address.ip.str(), ignored), address.port};
}

// Shared by its context (Member) and its operations under way.
class Listener final : public Member, public std::enable_shared_from_this<Listener> {
 public:
  Listener(std::shared_ptr<ServerCore> core, std::shared_ptr<Context> context)
      : Member(core.get()),
        core_(std::move(core)),
        context_(std::move(context)),
        acceptor_(context_->executor()),
        back_off_(context_->executor()) {}

  /// Before begin(), any thread.
  Status<std::string> open() {
    const auto& address = core_->options.listen;
    error_code error;
    const Tcp::endpoint endpoint = endpoint_of(address);
    acceptor_.open(endpoint.protocol(), error);
    if (!error) acceptor_.set_option(Tcp::acceptor::reuse_address(true), error);
    if (!error) acceptor_.bind(endpoint, error);
    if (!error) acceptor_.listen(asio::socket_base::max_listen_connections, error);
    if (error) return Err(fmt::format("cannot listen on {}: {}", address.str(), error.message()));
    bound_ = {address.ip, acceptor_.local_endpoint(error).port()};
    return Unit{};
  }
  [[nodiscard]] const model::SocketAddress& bound() const { return bound_; }

  void begin() {
    context_->join(shared_from_this());
    accept();
  }

  void shut() override {
    error_code ignored;
    is_shut_ = true;
    acceptor_.close(ignored);
    back_off_.cancel();
    context_->leave(*this);
  }

 private:
  void accept() {
    const auto home = core_->contexts[next_++ % core_->contexts.size()];
    acceptor_.async_accept(home->executor(),
                           [self = shared_from_this(), home](const error_code& error, Socket s) {
                             self->on_accepted(error, home, std::move(s));
                           });
  }

  void on_accepted(const error_code& error, const std::shared_ptr<Context>& home, Socket socket) {
    if (is_shut_) return;
    if (error) {
      // Out of file descriptors or memory: at once again would spin, since the connection stays in the
      // backlog.
      context_->log().warn("accepting on {}: {}", bound_.str(), error.message());
      back_off_.expires_after(kBackOff);
      back_off_.async_wait([self = shared_from_this()](const error_code& e) {
        if (!e && !self->is_shut_) self->accept();
      });
      return;
    }
    const std::size_t open = core_->connections.fetch_add(1);
    auto session = std::make_shared<HttpSession>(core_, home, std::move(socket));
    if (open < core_->options.max_connections) {
      home->post([session = std::move(session)] { session->start(); });
    }
    accept();
  }

  const std::shared_ptr<ServerCore> core_;
  const std::shared_ptr<Context> context_;
  Acceptor acceptor_;
  SteadyTimer back_off_;
  model::SocketAddress bound_;
  std::size_t next_ = 0;
  bool is_shut_ = false;
};

class ServerHandle final : public HttpServer {
 public:
  explicit ServerHandle(std::shared_ptr<ServerCore> core) : core_(std::move(core)) {}
  ~ServerHandle() override {
    for (const auto& gate : core_->gates) gate->close();
    for (const auto& context : core_->contexts) {
      context->post([context = context.get(), core = core_] { context->shut_owned_by(core.get()); });
    }
  }

  void handle(std::string prefix, Handler handler) override {
    core_->handlers.insert_or_assign(std::move(prefix), std::move(handler));
  }
  void handle_upgrade(std::string prefix, Upgrade upgrade) override {
    core_->upgrades.insert_or_assign(std::move(prefix), std::move(upgrade));
  }

  Status<std::string> start() override {
    const ServerOptions& options = core_->options;
    if (!options.tls_certificate_file.empty()) {
      auto tls = make_server_tls(options.tls_certificate_file, options.tls_key_file);
      if (!tls) return Err(fmt::format("TLS on {}: {}", options.listen.str(), tls.error()));
      core_->tls = *std::move(tls);
    }
    const auto& home = core_->contexts.front();
    auto listener = std::make_shared<Listener>(core_, home);
    if (auto opened = listener->open(); !opened) return opened;
    address_ = listener->bound();
    home->post([listener = std::move(listener)] { listener->begin(); });
    return Unit{};
  }

  [[nodiscard]] model::SocketAddress address() const override { return address_; }

 private:
  std::shared_ptr<ServerCore> core_;  // Shared with the sessions, see ServerCore.
  model::SocketAddress address_;
};

}  // namespace

std::unique_ptr<HttpServer> make_server(std::vector<std::shared_ptr<Context>> contexts,
                                        ServerOptions options) {
  auto core = std::make_shared<ServerCore>();
  core->options = std::move(options);
  for (std::size_t i = 0; i < contexts.size(); ++i) core->gates.push_back(std::make_unique<Gate>());
  core->contexts = std::move(contexts);
  return std::make_unique<ServerHandle>(std::move(core));
}

}  // namespace tandem::net
