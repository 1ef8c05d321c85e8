// The door behind the real HTTP server, with threads of their own for door and core.
#include <gtest/gtest.h>
#include <unistd.h>

#include <latch>
#include <thread>

#include "net/tests/support.h"
#include "rest/tests/fakes.h"
#include "runtime/loop.h"

namespace tandem::rest::test {
namespace {

class ServerTest : public testing::Test {
 protected:
  void SetUp() override {
    net::ServerOptions options;
    options.listen = *model::SocketAddress::parse("127.0.0.1:0");
    server_ = pool_->make_server(std::move(options));
    server_->handle("/v1/", [this](net::HttpRequest request, net::HttpServer::Reply reply) {
      door_->handle(std::move(request), std::move(reply));
    });
    ASSERT_TRUE(server_->start());
  }
  /// As the server does it: no more requests, no more callbacks, no more tasks, then the door.
  void TearDown() override {
    server_.reset();
    door_->close();
    loop_.reset();
    control_.reset();
    door_.reset();
  }
  static std::string head(const std::string& method, const std::string& target,
                          const std::string& more = {}) {
    return method + " " + target + " HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer AK1.all\r\n" + more;
  }
  static std::string post(const std::string& target, const std::string& body, const std::string& more = {}) {
    return head("POST", target,
                more + "Content-Type: application/json\r\nContent-Length: " + std::to_string(body.size()) +
                    "\r\n\r\n") +
           body;
  }
  std::string ask(const std::string& text) {
    const int fd = net::test::connect_raw(server_->address());
    net::test::write_all(fd, text);
    std::string answer = net::test::read_to_end(fd);
    ::close(fd);
    return answer;
  }
  /// Runs `task` on the core's thread and waits.
  void on_control(Function<void()> task) {
    std::latch done(1);
    control_->post([t = std::move(task), &done]() mutable {
      t();
      done.count_down();
    });
    done.wait();
  }

  SystemClock clock_;
  Metrics metrics_;
  FakeCore core_;
  FakeHistory history_;
  FakeQueues queues_;
  FakeAccess access_;
  std::unique_ptr<net::Pool> pool_ = net::make_pool(2, {});
  std::unique_ptr<runtime::Loop> control_ = std::make_unique<runtime::Loop>("control", clock_);
  std::unique_ptr<runtime::Loop> loop_ = std::make_unique<runtime::Loop>("rest", clock_);
  std::unique_ptr<net::HttpServer> server_;
  std::unique_ptr<Door> door_ = std::make_unique<Door>(
      DoorOptions{}, DoorPorts{core_, *control_, *loop_, access_, history_, nullptr, metrics_, queues_});
};

const std::string kClose = "Connection: close\r\n";

TEST_F(ServerTest, AnswersOverTheWire) {
  const std::string made = ask(post("/v1/Accounts/AC1/Calls", R"({"data":1})", kClose));
  EXPECT_TRUE(made.starts_with("HTTP/1.1 201 Created\r\n")) << made;
  EXPECT_NE(made.find("\r\nLocation: /v1/Accounts/AC1/Intents/IN1\r\n"), std::string::npos);
  EXPECT_NE(made.find("\r\nRateLimit-Remaining: "), std::string::npos);
  const std::string listed = ask(head("GET", "/v1/Accounts/AC1/Endpoints", kClose + "\r\n"));
  EXPECT_TRUE(listed.ends_with(R"({"items":[],"next_cursor":null})")) << listed;
  const std::string only_head = ask(head("HEAD", "/v1/openapi.json", kClose + "\r\n"));
  EXPECT_TRUE(only_head.ends_with("\r\n\r\n")) << only_head;
  EXPECT_NE(only_head.find("Content-Type: application/json"), std::string::npos);
  const std::string ended = ask(head("GET", "/v1/Accounts/AC1/Calls/CA1", kClose + "\r\n"));
  EXPECT_NE(ended.find("Content-Type: application/problem+json"), std::string::npos) << ended;
}

TEST_F(ServerTest, OnePeerThatWaitsHoldsNobodyUp) {
  const int waiting = net::test::connect_raw(server_->address());
  net::test::write_all(waiting,
                       post("/v1/Accounts/AC1/Calls/CA1/Operations", R"({"method":"call.hangup"})", kClose));
  const int trickling = net::test::connect_raw(server_->address());
  net::test::write_all(trickling, post("/v1/Accounts/AC1/Calls", "{}").substr(0, 60));
  for (int i = 0; i < 20; ++i) {
    EXPECT_TRUE(ask(head("GET", "/v1/Accounts/AC1/Calls", kClose + "\r\n")).starts_with("HTTP/1.1 200"));
  }
  bool known = false;
  while (!known) on_control([&] { known = core_.dones.contains(kOp); });
  on_control([&] { core_.complete(kOp, model::OpOutcome::succeeded, model::OpReason::hung_up); });
  EXPECT_NE(net::test::read_to_end(waiting).find("\"outcome\":\"succeeded\""), std::string::npos);
  ::close(waiting);
  ::close(trickling);
}

TEST_F(ServerTest, ManyAtOnceAndAPeerThatLeaves) {
  const int gone = net::test::connect_raw(server_->address());
  net::test::write_all(gone, post("/v1/Accounts/AC1/Calls/CA1/Operations", R"({"method":"call.hangup"})"));
  ::close(gone);
  std::vector<std::thread> clients;
  for (int c = 0; c < 4; ++c) {
    clients.emplace_back([&] {
      for (int i = 0; i < 10; ++i) {
        const std::string answer =
            ask(post("/v1/Accounts/AC1/Calls", R"({"data":7})", kClose + "Idempotency-Key: same\r\n"));
        EXPECT_TRUE(answer.starts_with("HTTP/1.1 201")) << answer;
      }
    });
  }
  for (auto& client : clients) client.join();
  on_control([&] { EXPECT_EQ(core_.requested.size(), 1U); });
}

TEST_F(ServerTest, GoesWhileOthersWait) {
  const int waiting = net::test::connect_raw(server_->address());
  net::test::write_all(waiting, post("/v1/Accounts/AC1/Calls/CA1/Operations", R"({"method":"call.hangup"})"));
  bool known = false;
  while (!known) on_control([&] { known = core_.dones.contains(kOp); });
  server_.reset();
  EXPECT_EQ(net::test::read_to_end(waiting), "");
  ::close(waiting);
}

}  // namespace
}  // namespace tandem::rest::test
