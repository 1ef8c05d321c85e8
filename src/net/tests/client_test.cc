#include <gtest/gtest.h>

#include "base/clock.h"
#include "net/resolver.h"
#include "net/tests/support.h"

namespace tandem::net::test {
namespace {

using std::chrono::milliseconds;

class ClientTest : public testing::Test {
 protected:
  std::unique_ptr<Client> client_allowing_loopback(std::string ca = {}) {
    ClientOptions options;
    options.policy = loopback_allowed();
    options.ca_file = std::move(ca);
    return pool_->make_client(std::move(options));
  }
  Fetched get(const std::string& url, std::size_t max = 1'000) {
    FetchRequest request;
    request.url = url;
    request.max_body_bytes = max;
    return fetch(*client_, std::move(request));
  }
  NetError error_of(const std::string& url) {
    auto got = get(url);
    EXPECT_FALSE(got) << url;
    return got ? NetError::closed : got.error().error;
  }

  std::unique_ptr<Pool> pool_ = make_pool(2, {});
  std::unique_ptr<Client> client_ = client_allowing_loopback();
};

std::string ok(const std::string& body) {
  return "HTTP/1.1 200 OK\r\nContent-Length: " + std::to_string(body.size()) + "\r\n\r\n" + body;
}
std::string redirect(const std::string& to, int status = 302) {
  return "HTTP/1.1 " + std::to_string(status) + " Found\r\nLocation: " + to +
         "\r\nContent-Length: 99999999\r\n\r\nx";
}

TEST_F(ClientTest, Fetches) {
  const RawServer plain(answering(ok("hello")));
  auto got = get(plain.url("http"));
  ASSERT_TRUE(got) << got.error().detail;
  EXPECT_EQ(got->status, 200);
  EXPECT_EQ(got->body, "hello");
  const RawServer chunked(
      answering("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n2\r\nde\r\n0\r\n\r\n"));
  EXPECT_EQ(get(chunked.url("http"))->body, "abcde");
  const RawServer to_the_end(answering("HTTP/1.1 404 No\r\n\r\nabc"));
  EXPECT_EQ(get(to_the_end.url("http"))->status, 404);
  const RawServer interim(answering("HTTP/1.1 103 Early\r\nX: y\r\n\r\nHTTP/1.1 204 None\r\n\r\n"));
  EXPECT_EQ(get(interim.url("http"))->status, 204);
}

TEST_F(ClientTest, AddressesAreForbiddenByDefault) {
  client_ = pool_->make_client({});
  for (const auto* host : {"127.0.0.1", "[::1]", "0.0.0.0", "[::ffff:127.0.0.1]", "[::]", "169.254.169.254",
                           "10.0.0.1", "localhost", "[64:ff9b::7f00:1]"}) {
    EXPECT_EQ(error_of(std::string("http://") + host + ":1/"), NetError::forbidden_address) << host;
  }
  for (const auto* host : {"2130706433", "0x7f000001", "0177.0.0.1", "127.1"}) {
    EXPECT_EQ(error_of(std::string("http://") + host + ":1/"), NetError::bad_url) << host;
  }
  auto connected = connect(*client_, {.url = "ws://127.0.0.1:1/voice?token=secret"});
  ASSERT_FALSE(connected);
  EXPECT_EQ(connected.error().error, NetError::forbidden_address);
  EXPECT_EQ(connected.error().detail.find("secret"), std::string::npos);
}

TEST_F(ClientTest, RedirectsAreCheckedAgain) {
  const RawServer to_loopback(answering(redirect("http://127.0.0.1:1/")));
  // Only this server's own address form is allowed: the redirect leads to another one.
  const RawServer to_private(answering(redirect("http://10.0.0.1/")));
  EXPECT_EQ(error_of(to_private.url("http")), NetError::forbidden_address);
  const RawServer to_number(answering(redirect("http://2130706433/")));
  EXPECT_EQ(error_of(to_number.url("http")), NetError::bad_response);
  EXPECT_EQ(error_of(to_loopback.url("http")),
            NetError::connect_failed);  // Allowed here, but nobody listens.
  ClientOptions options;
  options.policy = AddressPolicy({*model::IpBlock::parse("127.0.0.1")});
  client_ = pool_->make_client(std::move(options));
  const RawServer to_sibling(answering(redirect("ws://127.0.0.2:1/")));
  auto connected = connect(*client_, {.url = to_sibling.url("ws")});
  ASSERT_FALSE(connected);
  EXPECT_EQ(connected.error().error, NetError::forbidden_address);
}

TEST_F(ClientTest, RedirectsAreCounted) {
  const RawServer loop(answering(redirect("/again")));
  EXPECT_EQ(error_of(loop.url("http")), NetError::too_many_redirects);
  auto connected = connect(*client_, {.url = loop.url("ws"), .max_redirects = 0});
  EXPECT_EQ(connected.error().error, NetError::too_many_redirects);
  const RawServer end(answering(ok("end")));
  const RawServer one(answering(redirect(end.url("http"))));
  EXPECT_EQ(get(one.url("http"))->body, "end");
}

TEST_F(ClientTest, CredentialsStayWithTheirOrigin) {
  Inbox<std::string> heads;
  const RawServer end([&](int fd) {
    heads.push(read_until(fd, "\r\n\r\n"));
    write_all(fd, ok(""));
  });
  const RawServer start([&](int fd) {
    heads.push(read_until(fd, "\r\n\r\n"));
    write_all(fd, redirect(end.url("http"), 307));
  });
  FetchRequest request;
  request.url = "http://user:pass@" + start.url("http").substr(7);
  request.headers = {{"X-Other", "kept"}, {"Cookie", "c=1"}};
  ASSERT_TRUE(fetch(*client_, std::move(request)));
  const std::string first = heads.pop();
  EXPECT_NE(first.find("Authorization: Basic dXNlcjpwYXNz"), std::string::npos) << first;
  EXPECT_NE(first.find("Accept-Encoding: identity"), std::string::npos);
  const std::string second = heads.pop();
  EXPECT_EQ(second.find("Authorization"), std::string::npos) << second;
  EXPECT_EQ(second.find("Cookie"), std::string::npos);
  EXPECT_NE(second.find("X-Other: kept"), std::string::npos);
}

TEST_F(ClientTest, PostBecomesGetAsTheRfcSays) {
  Inbox<std::string> heads;
  const RawServer end([&](int fd) {
    heads.push(read_until(fd, "\r\n\r\n"));
    write_all(fd, ok(""));
  });
  for (const int status : {303, 307}) {
    const RawServer start(answering(redirect(end.url("http"), status)));
    FetchRequest request;
    request.method = "POST";
    request.url = start.url("http");
    request.body = "data";
    ASSERT_TRUE(fetch(*client_, std::move(request)));
    const std::string head = heads.pop();
    EXPECT_TRUE(head.starts_with(status == 303 ? "GET " : "POST ")) << head;
    EXPECT_EQ(head.find("Content-Length: 4") != std::string::npos, status == 307) << head;
  }
}

TEST_F(ClientTest, SizesAreBounded) {
  const RawServer announced(answering("HTTP/1.1 200 OK\r\nContent-Length: 50000000000\r\n\r\n"));
  EXPECT_EQ(error_of(announced.url("http")), NetError::too_large);
  const RawServer endless([](int fd) {
    read_until(fd, "\r\n\r\n");
    write_all(fd, "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n");
    for (int i = 0; i < 10'000; ++i) write_all(fd, "40\r\n" + std::string(64, 'x') + "\r\n");
  });
  EXPECT_EQ(error_of(endless.url("http")), NetError::too_large);
  const RawServer huge_header(answering("HTTP/1.1 200 OK\r\nX: " + std::string(20'000, 'x') + "\r\n\r\n"));
  EXPECT_EQ(error_of(huge_header.url("http")), NetError::too_large);
  const RawServer chunk_extension(
      answering("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n1;" + std::string(100'000, 'x')));
  EXPECT_EQ(error_of(chunk_extension.url("http")), NetError::too_large);
  const RawServer coded(answering("HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: 1\r\n\r\nx"));
  EXPECT_EQ(error_of(coded.url("http")), NetError::bad_response);
}

TEST_F(ClientTest, WrongAnswersAreNamed) {
  const RawServer nonsense(answering("220 smtp.example ESMTP\r\n\r\n"));
  EXPECT_EQ(error_of(nonsense.url("http")), NetError::bad_response);
  const RawServer cut(answering("HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nabc"));
  EXPECT_EQ(error_of(cut.url("http")), NetError::bad_response);
  const RawServer silent([](int fd) { read_until(fd, "\r\n\r\n"); });
  EXPECT_EQ(error_of(silent.url("http")), NetError::closed);
  EXPECT_EQ(error_of("http://nowhere.invalid/"), NetError::dns_failed);
  EXPECT_EQ(error_of("gopher://a.example/"), NetError::bad_url);
}

TEST_F(ClientTest, TricklesAndSilenceTimeOut) {
  const RawServer trickle([](int fd) {
    read_until(fd, "\r\n\r\n");
    write_all(fd, "HTTP/1.1 200 OK\r\n\r\nx");
    read_to_end(fd);
  });
  const auto timed_out = [&](const std::string& scheme) {
    if (scheme == "http") {
      return fetch(*client_, {.url = trickle.url("http"), .timeout = milliseconds(50)}).error().error;
    }
    return connect(*client_, {.url = trickle.url("wss"), .timeout = milliseconds(50)}).error().error;
  };
  EXPECT_EQ(timed_out("http"), NetError::timeout);
  const RawServer mute([](int fd) { read_to_end(fd); });
  EXPECT_EQ(connect(*client_, {.url = mute.url("ws"), .timeout = milliseconds(50)}).error().error,
            NetError::timeout);
  EXPECT_EQ(connect(*client_, {.url = mute.url("wss"), .timeout = milliseconds(50)}).error().error,
            NetError::timeout);
}

TEST_F(ClientTest, HeadersThatWouldInjectAreRefused) {
  FetchRequest request;
  request.url = "http://127.0.0.1:1/";
  request.headers = {{"X-Name", "a\r\nHost: evil"}};
  auto got = fetch(*client_, std::move(request));
  ASSERT_FALSE(got);
  EXPECT_EQ(got.error().error, NetError::bad_request);
  EXPECT_NE(got.error().detail.find("X-Name"), std::string::npos);
  ConnectRequest own{.url = "ws://127.0.0.1:1/", .headers = {{"Sec-WebSocket-Key", "x"}}};
  EXPECT_EQ(connect(*client_, std::move(own)).error().error, NetError::bad_request);
}

TEST_F(ClientTest, HandshakeAnswersAreChecked) {
  const RawServer refuses(answering("HTTP/1.1 403 Forbidden\r\nContent-Length: 999999\r\n\r\n"));
  auto refused = connect(*client_, {.url = refuses.url("ws")});
  EXPECT_EQ(refused.error().error, NetError::http_status);
  EXPECT_EQ(refused.error().http_status, 403);
  const RawServer wrong_key(
      answering("HTTP/1.1 101 S\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n"
                "Sec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=\r\n\r\n"));
  EXPECT_EQ(connect(*client_, {.url = wrong_key.url("ws")}).error().error, NetError::bad_response);
  const RawServer other([](int fd) { accept_websocket(fd, "Sec-WebSocket-Protocol: other\r\n"); });
  EXPECT_EQ(connect(*client_, {.url = other.url("ws"), .subprotocol = "tandem.v1"}).error().error,
            NetError::wrong_subprotocol);
  const RawServer extension(
      [](int fd) { accept_websocket(fd, "Sec-WebSocket-Extensions: permessage-deflate\r\n"); });
  EXPECT_EQ(connect(*client_, {.url = extension.url("ws")}).error().error, NetError::bad_response);
}

TEST_F(ClientTest, SignatureHeadersAreMadeForEachUrl) {
  Inbox<std::string> heads;
  const RawServer end([&](int fd) {
    heads.push(read_until(fd, "\r\n\r\n"));
    write_all(fd, "HTTP/1.1 500 No\r\n\r\n");
  });
  const RawServer start([&](int fd) {
    heads.push(read_until(fd, "\r\n\r\n"));
    write_all(fd, redirect(end.url("ws", "/b?x=1")));
  });
  (void)connect(*client_, {.url = start.url("ws", "/a")}, [](const std::string& url) {
    return HeaderList{{"X-Signed", url}};
  });
  EXPECT_NE(heads.pop().find("X-Signed: " + start.url("ws", "/a") + "\r\n"), std::string::npos);
  EXPECT_NE(heads.pop().find("X-Signed: " + end.url("ws", "/b?x=1") + "\r\n"), std::string::npos);
}

TEST_F(ClientTest, NoCallbackAfterTheClientIsGone) {
  const RawServer mute([](int fd) { read_to_end(fd); });
  std::atomic<int> calls{0};
  for (int i = 0; i < 20; ++i) {
    client_->fetch({.url = mute.url("http")}, [&](const Fetched&) { ++calls; });
    client_->connect({.url = mute.url("ws")}, {}, [&](const Connected&) { ++calls; });
  }
  client_.reset();
  pool_.reset();
  EXPECT_EQ(calls, 0);
}

TEST_F(ClientTest, ThePoolEndsWhatIsUnderWay) {
  const RawServer mute([](int fd) { read_to_end(fd); });
  Inbox<NetError> errors;
  client_->fetch({.url = mute.url("http")}, [&](const Fetched& f) { errors.push(f.error().error); });
  client_->connect({.url = mute.url("ws")}, {}, [&](const Connected& c) { errors.push(c.error().error); });
  pool_.reset();
  EXPECT_EQ(errors.pop(), NetError::shutting_down);
  EXPECT_EQ(errors.pop(), NetError::shutting_down);
}

TEST(Resolver, SharesLookUpsAndForgets) {
  ManualClock clock;
  std::atomic<int> lookups{0};
  std::promise<void> go;
  auto gate = go.get_future().share();
  Inbox<std::string> answers;
  Resolver resolver(clock, [&](const std::string& name) -> Resolver::Addresses {
    ++lookups;
    gate.wait();
    if (name == "bad") return Err<std::string>("no such name");
    return std::vector{*model::IpAddress::parse("192.0.2.7")};
  });
  const auto ask = [&](const std::string& name) {
    resolver.resolve(name,
                     [&](const Resolver::Addresses& a) { answers.push(a ? a.value()[0].str() : a.error()); });
  };
  for (int i = 0; i < 5; ++i) ask("name");
  go.set_value();
  for (int i = 0; i < 5; ++i) EXPECT_EQ(answers.pop(), "192.0.2.7");
  EXPECT_EQ(lookups, 1);
  clock.advance(std::chrono::seconds(29));
  ask("name");
  EXPECT_EQ(answers.pop(), "192.0.2.7");
  EXPECT_EQ(lookups, 1);
  clock.advance(std::chrono::seconds(2));
  ask("name");
  EXPECT_EQ(answers.pop(), "192.0.2.7");
  EXPECT_EQ(lookups, 2);
  ask("bad");
  EXPECT_EQ(answers.pop(), "no such name");
  ask("127.0.0.1");
  EXPECT_EQ(answers.pop(), "127.0.0.1");
  EXPECT_EQ(lookups, 3);
}

}  // namespace
}  // namespace tandem::net::test
