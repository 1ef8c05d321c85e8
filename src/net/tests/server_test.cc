#include <gtest/gtest.h>
#include <unistd.h>

#include "net/tests/support.h"

namespace tandem::net::test {
namespace {

using std::chrono::milliseconds;

class ServerTest : public testing::Test {
 protected:
  void make_server(ServerOptions options = {}) {
    options.listen = *model::SocketAddress::parse("127.0.0.1:0");
    server_ = pool_->make_server(std::move(options));
    server_->handle("/echo", [](HttpRequest request, HttpServer::Reply reply) {
      HttpResponse response;
      response.body = request.method + " " + request.target + " " + request.body;
      reply(std::move(response));
    });
    server_->handle("/echo/longer", [](HttpRequest, HttpServer::Reply reply) { reply({.body = "longer"}); });
    server_->handle("/dropped", [](HttpRequest, HttpServer::Reply) {});
    server_->handle("/later",
                    [this](HttpRequest, HttpServer::Reply reply) { replies_.push(std::move(reply)); });
    server_->handle("/injects", [](HttpRequest, HttpServer::Reply reply) {
      reply({.headers = {{"X", "a\r\nSet-Cookie: b"}}});
    });
    HttpServer::Upgrade upgrade;
    upgrade.subprotocol = "tandem.v1";
    upgrade.accept = [](const HttpRequest& request) -> std::optional<HttpResponse> {
      if (request.target != "/ws/no") return std::nullopt;
      return HttpResponse{.status = 403, .body = "no"};
    };
    upgrade.opened = [this](HttpRequest, std::unique_ptr<WebSocket> s) { sockets_.push(std::move(s)); };
    server_->handle_upgrade("/ws", std::move(upgrade));
    const auto started = server_->start();
    ASSERT_TRUE(started) << started.error();
  }
  /// One request on a connection of its own, read to the end.
  std::string ask(const std::string& text) {
    const int fd = connect_raw(server_->address());
    write_all(fd, text);
    std::string answer = read_to_end(fd);
    ::close(fd);
    return answer;
  }
  static std::string get(const std::string& target) {
    return "GET " + target + " HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n";
  }
  static std::string upgrade_of(const std::string& target, const std::string& more) {
    return "GET " + target + " HTTP/1.1\r\nHost: x\r\nUpgrade: websocket\r\n" + more + "\r\n";
  }

  Inbox<HttpServer::Reply> replies_;
  Inbox<std::unique_ptr<WebSocket>> sockets_;
  std::unique_ptr<Pool> pool_ = make_pool(2, {});
  std::unique_ptr<HttpServer> server_;
};

bool has_status(const std::string& answer, int status) {
  return answer.starts_with("HTTP/1.1 " + std::to_string(status) + " ");
}

TEST_F(ServerTest, RoutesByTheLongestPrefix) {
  make_server();
  EXPECT_TRUE(ask(get("/echo/x?q=1")).ends_with("\r\n\r\nGET /echo/x?q=1 "));
  EXPECT_TRUE(ask(get("/echo/longer/x")).ends_with("longer"));
  EXPECT_TRUE(has_status(ask(get("/nothing")), 404));
  EXPECT_TRUE(has_status(ask(get("/dropped")), 500));
  const std::string injected = ask(get("/injects"));
  EXPECT_TRUE(has_status(injected, 500));
  EXPECT_EQ(injected.find("Set-Cookie"), std::string::npos);
}

TEST_F(ServerTest, KeepsAliveAndPipelines) {
  make_server();
  const std::string post = "POST /echo HTTP/1.1\r\nHost: x\r\nContent-Length: 3\r\n\r\nabc";
  const std::string answers = ask(post + post + get("/echo"));
  std::size_t count = 0;
  for (std::size_t at = 0; (at = answers.find("HTTP/1.1 200", at)) != std::string::npos; ++at) ++count;
  EXPECT_EQ(count, 3U) << answers;
  EXPECT_NE(answers.find("POST /echo abc"), std::string::npos);
  const std::string head = ask("HEAD /echo HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n");
  EXPECT_TRUE(head.ends_with("\r\n\r\n")) << head;
}

TEST_F(ServerTest, RefusesWhatIsTooLargeOrWrong) {
  make_server();
  EXPECT_TRUE(
      has_status(ask("GET /echo HTTP/1.1\r\nHost: x\r\nX: " + std::string(20'000, 'x') + "\r\n\r\n"), 431));
  EXPECT_TRUE(has_status(ask("POST /echo HTTP/1.1\r\nHost: x\r\nContent-Length: 300000\r\n\r\n"), 413));
  EXPECT_TRUE(has_status(ask("GET /echo HTTP/1.1\r\n\r\n"), 400));
  EXPECT_TRUE(has_status(ask("nonsense\r\n\r\n"), 400));
  EXPECT_TRUE(has_status(ask("GET http://a/ HTTP/1.1\r\nHost: a\r\n\r\n"), 400));
  EXPECT_TRUE(
      has_status(ask("POST /echo HTTP/1.1\r\nHost: x\r\nContent-Length: 3\r\nTransfer-Encoding: chunked\r\n"
                     "\r\n0\r\n\r\n"),
                 400));
}

TEST_F(ServerTest, Continues) {
  make_server();
  const int fd = connect_raw(server_->address());
  write_all(fd,
            "POST /echo HTTP/1.1\r\nHost: x\r\nExpect: 100-continue\r\nContent-Length: 3\r\n"
            "Connection: close\r\n\r\n");
  EXPECT_EQ(read_until(fd, "\r\n\r\n"), "HTTP/1.1 100 Continue\r\n\r\n");
  write_all(fd, "abc");
  EXPECT_TRUE(read_to_end(fd).ends_with("POST /echo abc"));
  ::close(fd);
}

TEST_F(ServerTest, IdleAndTricklingPeersAreSentAway) {
  make_server({.idle_timeout = milliseconds(50)});
  EXPECT_EQ(ask(""), "");
  EXPECT_TRUE(has_status(ask("GET /echo HT"), 408));
}

TEST_F(ServerTest, ConnectionsAreLimited) {
  make_server({.max_connections = 1});
  const int first = connect_raw(server_->address());
  write_all(first, "GET /echo HTTP/1.1\r\nHost: x\r\n\r\n");
  EXPECT_NE(read_until(first, "GET /echo "), "");
  EXPECT_EQ(ask(get("/echo")), "");
  ::close(first);
}

TEST_F(ServerTest, AnswersComeFromAnyThreadAndLateOnesDie) {
  make_server();
  const int fd = connect_raw(server_->address());
  write_all(fd, get("/later"));
  auto reply = replies_.pop();
  reply({.body = "at last"});
  reply({.body = "twice"});
  EXPECT_TRUE(read_to_end(fd).ends_with("at last"));
  ::close(fd);
  const int second = connect_raw(server_->address());
  write_all(second, get("/later"));
  reply = replies_.pop();
  server_.reset();
  EXPECT_EQ(read_to_end(second), "");
  ::close(second);
  pool_.reset();
  reply({.body = "too late"});
}

TEST_F(ServerTest, UpgradesOnlyProperRequests) {
  make_server();
  const std::string version = "Connection: keep-alive, Upgrade\r\nSec-WebSocket-Version: 13\r\n";
  const std::string key = "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n";
  const std::string protocol = "Sec-WebSocket-Protocol: other, tandem.v1\r\n";
  EXPECT_TRUE(has_status(ask(get("/ws")), 426));
  const std::string close = "Connection: close, Upgrade\r\n";
  EXPECT_TRUE(
      has_status(ask(upgrade_of("/ws", close + "Sec-WebSocket-Version: 8\r\n" + key + protocol)), 426));
  EXPECT_TRUE(has_status(ask(upgrade_of("/ws", close + "Sec-WebSocket-Version: 13\r\n" + protocol)), 400));
  EXPECT_TRUE(has_status(ask(upgrade_of("/ws", close + "Sec-WebSocket-Version: 13\r\n" + key)), 400));
  EXPECT_TRUE(
      has_status(ask(upgrade_of("/ws/no", close + "Sec-WebSocket-Version: 13\r\n" + key + protocol)), 403));
  const int fd = open_websocket_raw(server_->address(), "/ws", protocol);
  EXPECT_EQ(sockets_.pop()->subprotocol(), "tandem.v1");
  ::close(fd);
}

TEST_F(ServerTest, ABusyAddressIsNamed) {
  make_server();
  auto second = pool_->make_server({.listen = server_->address()});
  const auto started = second->start();
  ASSERT_FALSE(started);
  EXPECT_NE(started.error().find(server_->address().str()), std::string::npos) << started.error();
  auto tls = pool_->make_server({.listen = *model::SocketAddress::parse("127.0.0.1:0"),
                                 .tls_certificate_file = "/nonexistent/cert.pem"});
  EXPECT_NE(tls->start().error().find("/nonexistent/cert.pem"), std::string::npos);
}

}  // namespace
}  // namespace tandem::net::test
