// The worker door over real sockets on the loopback: who comes in, and that frames pass both ways.

#include "server/worker_door.h"

#include <gtest/gtest.h>

#include <future>

#include "runtime/loop.h"

namespace tandem::server {
namespace {

class OneKey final : public app::WorkerAuthority {
 public:
  [[nodiscard]] Result<app::WorkerIdentity, Refusal> admit(const model::AccountId& account,
                                                           const model::ApplicationId& application,
                                                           std::string_view token) const override {
    if (token != "AK1.secret") return Err(Refusal::unauthenticated);
    if (account != model::AccountId("AC1")) return Err(Refusal::forbidden);
    if (application != model::ApplicationId("AP1")) return Err(Refusal::not_found);
    return app::WorkerIdentity{account, application, model::ApiKeyId("AK1")};
  }
  [[nodiscard]] bool still_holds(const app::WorkerIdentity&) const override { return true; }
};

class WorkerDoorTest : public testing::Test {
 protected:
  using Dialled = Result<std::unique_ptr<net::WebSocket>, net::NetFailure>;

  WorkerDoorTest() {
    net::ServerOptions server;
    server.listen = {*model::IpAddress::parse("127.0.0.1"), 0};
    http_ = pool_->make_server(server);
    add_worker_door(*http_, *hub_, authority_, {});
    EXPECT_TRUE(http_->start());
    net::ClientOptions client;
    client.policy = net::AddressPolicy({*model::IpBlock::parse("127.0.0.0/8")});
    client_ = pool_->make_client(client);
  }
  ~WorkerDoorTest() override {
    http_.reset();
    client_.reset();
    std::promise<void> done;
    control_.post([&] {
      hub_.reset();
      done.set_value();
    });
    done.get_future().wait();
  }

  Dialled dial(const std::string& path, const std::string& authorization,
               const std::string& subprotocol = "tandem.v1") {
    net::ConnectRequest request;
    request.url = "ws://" + http_->address().str() + path;
    request.subprotocol = subprotocol;
    if (!authorization.empty()) request.headers = {{"Authorization", authorization}};
    std::promise<Dialled> done;
    auto answer = done.get_future();
    client_->connect(
        std::move(request), [](const std::string&) { return net::HeaderList{}; },
        [&done](Dialled d) { done.set_value(std::move(d)); });
    return answer.get();
  }
  int status(const std::string& path, const std::string& authorization) {
    const auto dialled = dial(path, authorization);
    return dialled ? 101 : dialled.error().http_status;
  }

  SystemClock clock_;
  Metrics metrics_;
  runtime::Loop control_{"control", clock_};
  std::unique_ptr<net::Pool> pool_ = net::make_pool(1, Log());
  OneKey authority_;
  // Goes on the control thread, where it lives.
  std::unique_ptr<app::WorkerHub> hub_ =
      std::make_unique<app::WorkerHub>(app::WorkerOptions{}, app::ChannelLimits{}, control_, Log(), metrics_,
                                       [](const model::SessionId&) -> app::Session* { return nullptr; });
  std::unique_ptr<net::HttpServer> http_;
  std::unique_ptr<net::Client> client_;
};

constexpr const char* kPath = "/v1/Accounts/AC1/Applications/AP1/Connect";

TEST_F(WorkerDoorTest, OnlyAKeyOfTheAccountComesIn) {
  EXPECT_EQ(status(kPath, ""), 401);
  EXPECT_EQ(status(kPath, "Bearer AK1.wrong"), 401);
  EXPECT_EQ(status(kPath, "Basic AK1.secret"), 401);
  EXPECT_EQ(status("/v1/Accounts/AC2/Applications/AP1/Connect", "Bearer AK1.secret"), 403);
  EXPECT_EQ(status("/v1/Accounts/AC1/Applications/AP2/Connect", "Bearer AK1.secret"), 404);
  EXPECT_EQ(status("/v1/Accounts/AC1/Applications/AP1/Elsewhere", "Bearer AK1.secret"), 404);
  EXPECT_EQ(status("/v1/Accounts/AC1/Applications/AP1/x/Connect", "Bearer AK1.secret"), 404);
  EXPECT_EQ(status("/v1/Accounts/%41C1/Applications/AP1/Connect", "Bearer AK1.secret"), 404);
  EXPECT_EQ(status(kPath, "bearer AK1.secret"), 101);
  EXPECT_FALSE(dial(kPath, "Bearer AK1.secret", "tandem.v2"));
}

TEST_F(WorkerDoorTest, AWorkerIsHeardAndAnswered) {
  auto socket = dial(std::string(kPath) + "?a=b", "Bearer AK1.secret");
  ASSERT_TRUE(socket) << socket.error().detail;
  std::promise<std::string> heard;
  auto answer = heard.get_future();
  net::WebSocket::Handlers handlers;
  handlers.on_text = [&heard](std::string text) { heard.set_value(std::move(text)); };
  (*socket)->start(std::move(handlers));
  (*socket)->send(R"({"jsonrpc":"2.0","id":1,"method":"worker.ready","params":{"max_sessions":5}})");
  EXPECT_EQ(answer.get(), R"({"jsonrpc":"2.0","id":1,"result":{}})");
}

}  // namespace
}  // namespace tandem::server
