// HTTP and WebSocket, client and server, as values and callbacks; Boost.Beast stays in net/*.cc.
//
// Threads: handlers run on the net pool's thread of that connection, one at a time for one connection.
// Methods marked "any thread" hand over to that thread. A callback is never called after its object was
// destroyed.
#pragma once

#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/function.h"
#include "base/log.h"
#include "base/result.h"
#include "model/socket_address.h"
#include "net/api/address_policy.h"

namespace tandem::net {

using HeaderList = std::vector<std::pair<std::string, std::string>>;

enum class NetError : std::uint8_t {
  bad_url,
  forbidden_address,
  dns_failed,
  connect_failed,
  tls_failed,
  timeout,
  bad_response,
  http_status,
  too_many_redirects,
  too_large,
  wrong_subprotocol,
  closed,
  shutting_down,
  bad_request
};
[[nodiscard]] std::string_view to_string(NetError e);
struct NetFailure {
  NetError error = NetError::closed;
  int http_status = 0;   ///< With http_status.
  std::string detail{};  ///< For people: what happened to which URL (without query and user info).
};

/// An open WebSocket with text frames. Owned by one user; destroying it drops the connection.
class WebSocket {
 public:
  WebSocket() = default;
  WebSocket(const WebSocket&) = delete;
  WebSocket& operator=(const WebSocket&) = delete;
  virtual ~WebSocket() = default;

  struct Handlers {
    Function<void(std::string)> on_text;  ///< One whole message, within the size limit.
    /// Once; `code` is the close code (1006: the connection broke, 1009: message too large, ...).
    Function<void(std::uint16_t code, std::string reason)> on_close;
    /// Queue drained below half of the limit after send() had returned false.
    Function<void()> on_writable;
  };
  /// Starts reading. Call once, at once. Net thread or the thread that got the socket.
  virtual void start(Handlers handlers) = 0;
  /// Queues a text frame. False when the queue is over its limit (the frame is queued all the same, once).
  /// Any thread.
  virtual bool send(std::string text) = 0;
  /// As send(), with the text made on the connection's net thread just before it is queued, in order with all
  /// other sends: the caller's thread does not pay for encoding. Any thread.
  virtual bool send_made(Function<std::string()> make) = 0;
  /// Close handshake; drops the connection after 5 s without the peer's close. Any thread.
  virtual void close(std::uint16_t code, std::string reason) = 0;
  [[nodiscard]] virtual std::size_t queued_bytes() const = 0;  ///< Any thread.
  [[nodiscard]] virtual std::string subprotocol() const = 0;
  [[nodiscard]] virtual model::SocketAddress peer() const = 0;
};

struct WebSocketOptions {
  std::size_t max_message_bytes = 65'536;  ///< After inflating; more closes with 1009.
  std::size_t send_queue_bytes = 4 << 20;
  bool permessage_deflate = false;
  std::chrono::milliseconds ping_interval{
      10'000};  ///< A peer silent for two intervals is gone (1006). 0: never.
};

struct ConnectRequest {
  std::string url{};  ///< ws, wss, http or https.
  HeaderList headers{};
  std::string subprotocol{};                 ///< Required of the answer when not empty.
  std::chrono::milliseconds timeout{5'000};  ///< For the whole way to 101, redirects included.
  int max_redirects = 3;
  WebSocketOptions options{};
};

struct FetchRequest {
  std::string method = "GET";
  std::string url{};
  HeaderList headers{};
  std::string body{};
  std::chrono::milliseconds timeout{10'000};  ///< For the whole exchange.
  std::size_t max_body_bytes = 50 << 20;
  int max_redirects = 3;
};
struct FetchResponse {
  int status = 0;
  HeaderList headers{};
  std::string body{};
};

/// Called again for each redirect, since signatures cover the URL. Net thread.
using HeaderMaker = Function<HeaderList(const std::string& url)>;

class Client {
 public:
  Client() = default;
  Client(const Client&) = delete;
  Client& operator=(const Client&) = delete;
  virtual ~Client() = default;
  /// `done` comes once on a net thread. Any thread.
  virtual void connect(ConnectRequest request, HeaderMaker extra_headers,
                       Function<void(Result<std::unique_ptr<WebSocket>, NetFailure>)> done) = 0;
  virtual void fetch(FetchRequest request, Function<void(Result<FetchResponse, NetFailure>)> done) = 0;
};

struct HttpRequest {
  std::string method{};
  std::string target{};  ///< Path and query as sent.
  HeaderList headers{};
  std::string body{};
  model::SocketAddress peer{};
  /// First header of that name (no case), or empty.
  [[nodiscard]] std::string_view header(std::string_view name) const;
};
/// The token of the one "Authorization: Bearer" (RFC 6750 section 2.1); empty if there is none, or several
/// Authorization headers.
[[nodiscard]] std::string_view bearer_token(const HttpRequest& request);
struct HttpResponse {
  int status = 200;
  std::string content_type = "text/plain; charset=utf-8";
  std::string body{};
  HeaderList headers{};
};

class HttpServer {
 public:
  HttpServer() = default;
  HttpServer(const HttpServer&) = delete;
  HttpServer& operator=(const HttpServer&) = delete;
  virtual ~HttpServer() = default;

  using Reply = Function<void(HttpResponse)>;  ///< Once, any thread; dropped unused: 500.
  using Handler = Function<void(HttpRequest, Reply)>;
  /// Requests whose path begins with `prefix`; the longest prefix wins. Before start().
  virtual void handle(std::string prefix, Handler handler) = 0;
  /// WebSocket upgrades. `accept` returns nullopt to accept or an HTTP response to refuse; `opened` gets the
  /// socket.
  struct Upgrade {
    std::string subprotocol{};
    WebSocketOptions options{};
    Function<std::optional<HttpResponse>(const HttpRequest&)> accept{};
    Function<void(HttpRequest, std::unique_ptr<WebSocket>)> opened{};
  };
  virtual void handle_upgrade(std::string prefix, Upgrade upgrade) = 0;
  [[nodiscard]] virtual Status<std::string> start() = 0;  ///< The error names the address.
  [[nodiscard]] virtual model::SocketAddress address() const = 0;
};

struct ServerOptions {
  model::SocketAddress listen{};
  std::size_t max_body_bytes = 256 << 10;
  std::size_t max_header_bytes = 16 << 10;
  std::size_t max_connections = 10'000;
  std::chrono::milliseconds idle_timeout{30'000};
  std::string tls_certificate_file{};  ///< Empty: plain HTTP.
  std::string tls_key_file{};
};

struct ClientOptions {
  AddressPolicy policy{};
  std::string ca_file{};  ///< Empty: the system's roots.
  std::size_t max_concurrent_connects = 4'096;
};

/// The net pool: threads and the resolver. Destroying it closes all connections and joins.
class Pool {
 public:
  Pool() = default;
  Pool(const Pool&) = delete;
  Pool& operator=(const Pool&) = delete;
  virtual ~Pool() = default;
  [[nodiscard]] virtual std::unique_ptr<Client> make_client(ClientOptions options) = 0;
  [[nodiscard]] virtual std::unique_ptr<HttpServer> make_server(ServerOptions options) = 0;
};
[[nodiscard]] std::unique_ptr<Pool> make_pool(std::size_t threads, Log log);

}  // namespace tandem::net
