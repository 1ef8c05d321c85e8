#include <gtest/gtest.h>
#include <sys/socket.h>
#include <unistd.h>

#include "net/tests/support.h"
#include "net/ws_deflate.h"
#include "net/ws_frame.h"

namespace tandem::net::test {
namespace {

using std::chrono::milliseconds;

class WebSocketTest : public testing::Test {
 protected:
  void SetUp() override { make_server({}, {}); }

  void make_server(ServerOptions options, WebSocketOptions socket_options, const std::string& ca = {}) {
    options.listen = *model::SocketAddress::parse("127.0.0.1:0");
    server_ = pool_->make_server(std::move(options));
    HttpServer::Upgrade upgrade;
    upgrade.subprotocol = "tandem.v1";
    upgrade.options = socket_options;
    upgrade.opened = [this](HttpRequest, std::unique_ptr<WebSocket> socket) {
      Peer peer;
      peer.socket = std::move(socket);
      peer.start();
      accepted_.push(std::move(peer));
    };
    server_->handle_upgrade("/", std::move(upgrade));
    ASSERT_TRUE(server_->start());
    client_ = pool_->make_client({.policy = loopback_allowed(), .ca_file = ca});
  }
  ConnectRequest request(const std::string& scheme = "ws", WebSocketOptions options = {}) {
    return {.url = scheme + "://127.0.0.1:" + std::to_string(server_->address().port) + "/voice",
            .subprotocol = "tandem.v1",
            .options = options};
  }
  /// A raw client and the server's end of it.
  std::pair<int, Peer> raw(const std::string& headers = {}) {
    const int fd =
        open_websocket_raw(server_->address(), "/", "Sec-WebSocket-Protocol: tandem.v1\r\n" + headers);
    return {fd, accepted_.pop()};
  }
  static std::string frame(WsOpcode opcode, std::string_view payload, bool compressed = false) {
    std::string out;
    append_frame(out, WsRole::client, opcode, payload, 0x01020304, compressed);
    return out;
  }
  /// The close code that the server sends to a raw client that sends `bytes`.
  std::uint16_t close_code_for(const std::string& bytes) {
    auto [fd, peer] = raw();
    write_all(fd, bytes);
    const std::uint16_t told = peer.closes->pop().code;
    WsReader reader(WsRole::client, 1 << 20, nullptr);
    const std::string answer = read_to_end(fd);
    ::close(fd);
    std::string_view rest = answer;
    const ws::Event event = reader.next(rest);
    const auto* close = std::get_if<ws::Close>(&event);
    EXPECT_TRUE(close != nullptr);
    EXPECT_EQ(close == nullptr ? 0 : close->code, told);
    return told;
  }

  Inbox<Peer> accepted_;
  std::unique_ptr<Pool> pool_ = make_pool(2, {});
  std::unique_ptr<HttpServer> server_;
  std::unique_ptr<Client> client_;
};

void exchange(Peer& a, Peer& b) {
  for (int i = 0; i < 100; ++i) a.socket->send("a" + std::to_string(i));
  a.socket->send_made([] { return std::string("made"); });
  for (int i = 0; i < 100; ++i) EXPECT_EQ(b.texts->pop(), "a" + std::to_string(i));
  EXPECT_EQ(b.texts->pop(), "made");
  b.socket->send(std::string(60'000, 'b'));
  EXPECT_EQ(a.texts->pop(), std::string(60'000, 'b'));
  a.socket->close(4001, "done");
  const Closed at_b = b.closes->pop();
  EXPECT_EQ(at_b.code, 4001);
  EXPECT_EQ(at_b.reason, "done");
  EXPECT_EQ(a.closes->pop().code, 4001);
}

TEST_F(WebSocketTest, TalksAndCloses) {
  Peer client = connect_peer(*client_, request());
  Peer server = accepted_.pop();
  EXPECT_EQ(client.socket->subprotocol(), "tandem.v1");
  EXPECT_EQ(client.socket->peer(), server_->address());
  exchange(client, server);
  client = connect_peer(*client_, request());
  server = accepted_.pop();
  exchange(server, client);
}

TEST_F(WebSocketTest, TalksCompressed) {
  make_server({}, {.permessage_deflate = true});
  Peer client = connect_peer(*client_, request("ws", {.permessage_deflate = true}));
  Peer server = accepted_.pop();
  exchange(client, server);
}

TEST_F(WebSocketTest, TalksOverTls) {
  const Certificates certificates;
  make_server({.tls_certificate_file = certificates.certificate(), .tls_key_file = certificates.key()}, {},
              certificates.ca());
  Peer client = connect_peer(*client_, request("wss"));
  Peer server = accepted_.pop();
  exchange(client, server);
  auto by_name = request("wss");
  by_name.url = "wss://localhost:" + std::to_string(server_->address().port) + "/";
  auto named = connect(*client_, std::move(by_name));
  EXPECT_TRUE(named) << named.error().detail;
}

TEST_F(WebSocketTest, RefusesWrongCertificates) {
  const Certificates other("DNS:other.example");
  make_server({.tls_certificate_file = other.certificate(), .tls_key_file = other.key()}, {}, other.ca());
  auto wrong_name = connect(*client_, request("wss"));
  ASSERT_FALSE(wrong_name);
  EXPECT_EQ(wrong_name.error().error, NetError::tls_failed);
  EXPECT_NE(wrong_name.error().detail.find("mismatch"), std::string::npos) << wrong_name.error().detail;
  client_ = pool_->make_client({.policy = loopback_allowed()});
  auto unknown_ca = connect(*client_, request("wss"));
  ASSERT_FALSE(unknown_ca);
  EXPECT_EQ(unknown_ca.error().error, NetError::tls_failed);
  client_ = pool_->make_client({.policy = loopback_allowed(), .ca_file = "/nonexistent/ca.pem"});
  EXPECT_NE(connect(*client_, request("wss")).error().detail.find("/nonexistent/ca.pem"), std::string::npos);
}

TEST_F(WebSocketTest, RefusesToLeaveTls) {
  const Certificates certificates;
  const RawServer plain(answering("HTTP/1.1 200 OK\r\n\r\n"));
  auto secure = pool_->make_server({.listen = *model::SocketAddress::parse("127.0.0.1:0"),
                                    .tls_certificate_file = certificates.certificate(),
                                    .tls_key_file = certificates.key()});
  secure->handle("/", [&](HttpRequest, HttpServer::Reply reply) {
    reply({.status = 302, .headers = {{"Location", plain.url("http")}}});
  });
  ASSERT_TRUE(secure->start());
  client_ = pool_->make_client({.policy = loopback_allowed(), .ca_file = certificates.ca()});
  auto got = fetch(*client_, {.url = "https://" + secure->address().str() + "/"});
  ASSERT_FALSE(got);
  EXPECT_EQ(got.error().error, NetError::bad_response);
  EXPECT_NE(got.error().detail.find("TLS"), std::string::npos);
}

TEST_F(WebSocketTest, BadFramesCloseWithTheirCode) {
  EXPECT_EQ(close_code_for(frame(WsOpcode::binary, "x")), 1003);
  EXPECT_EQ(close_code_for(frame(WsOpcode::text, "\xff")), 1007);
  EXPECT_EQ(close_code_for(frame(WsOpcode::text, std::string(1 << 20, 'x'))), 1009);
  EXPECT_EQ(close_code_for("\x81\x01x"), 1002);
  std::string tiny = frame(WsOpcode::text, "");
  tiny[0] = 1;
  for (int i = 0; i < 5'000; ++i) tiny += std::string("\x00\x80\0\0\0\0", 6);
  EXPECT_EQ(close_code_for(tiny), 1008);
}

TEST_F(WebSocketTest, ADeflateBombIsRefused) {
  make_server({}, {.permessage_deflate = true});
  auto [fd, peer] = raw("Sec-WebSocket-Extensions: permessage-deflate; client_max_window_bits\r\n");
  WsDeflate deflate;
  const std::string bomb = deflate.deflate(std::string(20'000'000, 'x'), 15);
  write_all(fd, frame(WsOpcode::text, bomb, true));
  EXPECT_EQ(peer.closes->pop().code, 1009);
  ::close(fd);
}

TEST_F(WebSocketTest, PingFloodsAreAnsweredWithinBounds) {
  auto [fd, peer] = raw();
  std::string pings;
  for (int i = 0; i < 1'000; ++i) pings += frame(WsOpcode::ping, std::string(100, 'p'));
  for (int i = 0; i < 20; ++i) write_all(fd, pings);
  write_all(fd, frame(WsOpcode::text, "after") + frame(WsOpcode::close, close_payload(1000, "")));
  EXPECT_EQ(peer.texts->pop(), "after");
  const std::string answers = read_to_end(fd);
  EXPECT_TRUE(answers.starts_with("\x8a\x64" + std::string(100, 'p')));
  EXPECT_EQ(peer.closes->pop().code, 1000);
  ::close(fd);
}

TEST_F(WebSocketTest, ASlowReaderIsNoticedAndCatchesUp) {
  make_server({}, {.send_queue_bytes = 200'000});
  auto [fd, peer] = raw();
  int sent = 0;
  while (peer.socket->send(std::string(50'000, 'x'))) ++sent;
  EXPECT_GE(sent, 3);
  EXPECT_GT(peer.socket->queued_bytes(), 200'000U);
  EXPECT_TRUE(peer.writable->empty());
  std::string drain(1 << 20, '\0');
  while (peer.writable->empty() && ::recv(fd, drain.data(), drain.size(), 0) > 0) {
  }
  EXPECT_EQ(peer.writable->pop(), 1);
  EXPECT_LE(peer.socket->queued_bytes(), 100'000U);
  ::close(fd);
}

TEST_F(WebSocketTest, AUserWhoNeverStopsSendingLosesTheConnection) {
  make_server({}, {.send_queue_bytes = 100'000});
  auto [fd, peer] = raw();
  for (int i = 0; i < 2'000 && peer.closes->empty(); ++i) peer.socket->send(std::string(50'000, 'x'));
  EXPECT_EQ(peer.closes->pop().code, 1006);
  EXPECT_LT(peer.socket->queued_bytes(), 600'000U);
  ::close(fd);
}

TEST_F(WebSocketTest, AHalfOpenPeerIsFoundByPings) {
  make_server({}, {.ping_interval = milliseconds(30)});
  auto [fd, peer] = raw();
  const Closed closed = peer.closes->pop();
  EXPECT_EQ(closed.code, 1006);
  EXPECT_NE(closed.reason.find("silent"), std::string::npos) << closed.reason;
  EXPECT_TRUE(read_to_end(fd).starts_with(std::string("\x89\x00", 2)));
  ::close(fd);
}

TEST_F(WebSocketTest, PeersThatAnswerPingsStay) {
  make_server({}, {.ping_interval = milliseconds(10)});
  Peer client = connect_peer(*client_, request("ws", {.ping_interval = milliseconds(0)}));
  Peer server = accepted_.pop();
  Inbox<int> later;
  // Eight intervals pass on a connection that is closed for another reason: the other server's silence.
  auto [fd, silent] = raw();
  EXPECT_EQ(silent.closes->pop().code, 1006);
  EXPECT_TRUE(server.closes->empty());
  client.socket->send("alive");
  EXPECT_EQ(server.texts->pop(), "alive");
  ::close(fd);
}

TEST_F(WebSocketTest, ABrokenConnectionIs1006) {
  auto [fd, peer] = raw();
  ::close(fd);
  EXPECT_EQ(peer.closes->pop().code, 1006);
}

TEST_F(WebSocketTest, FramesBehindTheHandshakeAreNotLost) {
  std::string early;
  append_frame(early, WsRole::server, WsOpcode::text, "early", 0);
  const RawServer eager([&](int fd) {
    accept_websocket(fd, "Sec-WebSocket-Protocol: tandem.v1\r\n");
    write_all(fd, early);
    read_to_end(fd);
  });
  Peer client = connect_peer(*client_, {.url = eager.url("ws"), .subprotocol = "tandem.v1"});
  EXPECT_EQ(client.texts->pop(), "early");
  client.socket.reset();
}

TEST_F(WebSocketTest, ClosingAndLettingGoStillSaysGoodbye) {
  Peer client = connect_peer(*client_, request());
  Peer server = accepted_.pop();
  client.socket->send("last");
  client.socket->close(1000, "bye");
  client.socket.reset();
  EXPECT_EQ(server.texts->pop(), "last");
  EXPECT_EQ(server.closes->pop().code, 1000);
}

TEST_F(WebSocketTest, DestroyedInItsOwnCallback) {
  Peer client = connect_peer(*client_, request());
  Peer server = accepted_.pop();
  auto owned = std::make_shared<Inbox<std::unique_ptr<WebSocket>>>();
  Inbox<int> done;
  auto connected = connect(*client_, request());
  Peer other = accepted_.pop();
  auto holder = std::make_shared<std::unique_ptr<WebSocket>>(std::move(*connected));
  WebSocket::Handlers handlers;
  handlers.on_text = [holder, &done](const std::string&) {
    holder->reset();
    done.push(1);
  };
  (*holder)->start(std::move(handlers));
  other.socket->send("one");
  other.socket->send("two");
  done.pop();
  EXPECT_EQ(other.closes->pop().code, 1006);
  EXPECT_TRUE(done.empty());
}

TEST_F(WebSocketTest, HandlesOutliveServerClientAndPool) {
  Peer client = connect_peer(*client_, request());
  Peer server = accepted_.pop();
  server_.reset();
  client_.reset();
  client.socket->send("still here");
  EXPECT_EQ(server.texts->pop(), "still here");
  pool_.reset();
  EXPECT_EQ(server.closes->pop().code, 1006);
  EXPECT_EQ(client.closes->pop().code, 1006);
  client.socket->send("nobody hears");
  client.socket->close(1000, "");
}

TEST_F(WebSocketTest, TheServerGoesInTheMiddleOfHandshakes) {
  Inbox<int> done;
  std::vector<std::unique_ptr<WebSocket>> kept;
  for (int i = 0; i < 100; ++i) client_->connect(request(), {}, [&](const Connected&) { done.push(1); });
  server_.reset();
  for (int i = 0; i < 100; ++i) done.pop();
}

TEST_F(WebSocketTest, FiveHundredAtOnce) {
  constexpr int kCount = 500;
  Inbox<Peer> clients;
  for (int i = 0; i < kCount; ++i) {
    client_->connect(request(), {}, [&clients](Connected c) {
      Peer peer;
      if (c) peer.socket = std::move(*c);
      if (c) peer.start();
      clients.push(std::move(peer));
    });
  }
  std::vector<Peer> all;
  for (int i = 0; i < kCount; ++i) {
    all.push_back(clients.pop());
    ASSERT_TRUE(all.back().socket);
    all.push_back(accepted_.pop());
  }
  for (Peer& peer : all) peer.socket->send("hello");
  for (Peer& peer : all) EXPECT_EQ(peer.texts->pop(), "hello");
  for (std::size_t i = 0; i < all.size(); i += 2) all[i].socket->close(1000, "");
  for (Peer& peer : all) EXPECT_EQ(peer.closes->pop().code, 1000);
}

}  // namespace
}  // namespace tandem::net::test
