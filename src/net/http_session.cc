#include "net/http_session.h"

#include <algorithm>
#include <utility>

#include "base/text.h"
#include "net/http_text.h"
#include "net/ws_connection.h"

namespace tandem::net {
namespace {

constexpr std::size_t kReadBytes = 8 << 10;

const std::string kContinue = "HTTP/1.1 100 Continue\r\n\r\n";

model::SocketAddress address_of(const Tcp::endpoint& endpoint) {
  const auto ip = model::IpAddress::parse(endpoint.address().to_string());
  return {ip.value_or(model::IpAddress{}), endpoint.port()};
}

/// The longest registered prefix of `path`, or null. The map's order puts longer ones of a kind first.
template <class Map>
typename Map::mapped_type* find_route(Map& routes, std::string_view path) {
  for (auto& [prefix, route] : routes) {
    if (path.starts_with(prefix)) return &route;
  }
  return nullptr;
}

/// What the handler got as its Reply: answers once from any thread; dropped unused it answers 500.
class ReplyOnce {
 public:
  ReplyOnce(const std::shared_ptr<HttpSession>& session, std::uint64_t serial)
      : context_(session->context()), session_(session), serial_(serial) {}
  ReplyOnce(ReplyOnce&& other) noexcept = default;
  ReplyOnce& operator=(ReplyOnce&&) = delete;
  ReplyOnce(const ReplyOnce&) = delete;
  ReplyOnce& operator=(const ReplyOnce&) = delete;
  ~ReplyOnce() {
    if (!context_) return;
    HttpResponse response;
    response.status = 500;
    response.body = "No answer was given.\n";
    send(std::move(response));
  }

  void operator()(HttpResponse response) {
    if (context_) send(std::move(response));
  }

 private:
  void send(HttpResponse response) {
    const auto context = std::exchange(context_, nullptr);
    context->post([weak = std::move(session_), serial = serial_, r = std::move(response)] {
      if (const auto session = weak.lock()) session->respond(serial, r);
    });
  }

  std::shared_ptr<Context> context_;  // Shared: see Context. Null: used or moved from.
  std::weak_ptr<HttpSession> session_;
  std::uint64_t serial_;
};

}  // namespace

HttpSession::HttpSession(std::shared_ptr<ServerCore> core, std::shared_ptr<Context> context, Socket socket)
    : Member(core.get()),
      core_(std::move(core)),
      context_(std::move(context)),
      stream_(std::make_shared<Stream>(std::move(socket), *context_)),
      deadline_(context_->executor()) {}

HttpSession::~HttpSession() {
  core_->connections.fetch_sub(1);
}

void HttpSession::start() {
  context_->join(shared_from_this());
  error_code error;
  stream_->socket().set_option(Tcp::no_delay(true), error);
  const Tcp::endpoint remote = stream_->socket().remote_endpoint(error);
  if (error) return close();
  peer_ = address_of(remote);
  in_.resize(kReadBytes);
  if (!core_->tls) return read_request();
  arm_deadline();
  stream_->use_tls(*core_->tls);
  stream_->handshake(Stream::Side::server, [self = shared_from_this()](const error_code& e, std::size_t) {
    if (self->phase_ == Phase::closed) return;
    return e ? self->close() : self->read_request();
  });
}

/// One deadline for the whole request, idle time before it included, so that a trickle of bytes does not
/// extend it.
void HttpSession::arm_deadline() {
  deadline_.expires_after(core_->options.idle_timeout);
  deadline_.async_wait([self = shared_from_this()](const error_code& error) {
    if (error || self->phase_ == Phase::closed || self->phase_ == Phase::handling) return;
    if (self->deadline_.expiry() > std::chrono::steady_clock::now()) return;  // It was set again meanwhile.
    if (self->phase_ == Phase::reading && self->reader_ && self->reader_->has_begun()) {
      return self->refuse(408, "The request did not come in time.");
    }
    self->close();
  });
}

void HttpSession::read_request() {
  std::string rest = reader_ ? reader_->take_rest() : std::string();
  reader_ = std::make_unique<HttpReader>(
      HttpReader::Kind::request, HttpLimits{core_->options.max_header_bytes, core_->options.max_body_bytes});
  phase_ = Phase::reading;
  continued_ = false;
  ++serial_;
  arm_deadline();
  if (rest.empty()) return read_more();
  on_progress(reader_->feed(rest));
}

void HttpSession::read_more() {
  stream_->read_some(asio::buffer(in_), [self = shared_from_this()](const error_code& error, std::size_t n) {
    if (self->phase_ == Phase::reading) self->on_read(error, n);
  });
}

void HttpSession::on_read(const error_code& error, std::size_t n) {
  if (error) return close();
  on_progress(reader_->feed(std::string_view(in_).substr(0, n)));
}

void HttpSession::on_progress(HttpReader::Progress progress) {
  switch (progress) {
    case HttpReader::Progress::done:
      return on_request();
    case HttpReader::Progress::header_too_large:
      return refuse(431, "The headers are too large.");
    case HttpReader::Progress::body_too_large:
      return refuse(413, "The body is too large.");
    case HttpReader::Progress::bad:
      return refuse(400, "The request is not valid HTTP/1.1: " + reader_->fault());
    case HttpReader::Progress::more:
      break;
  }
  if (!reader_->is_head_done() || std::exchange(continued_, true)) return read_more();
  if (!equal_no_case(find_header(reader_->head().headers, "Expect"), "100-continue")) return read_more();
  stream_->write(asio::buffer(kContinue), [self = shared_from_this()](const error_code& error, std::size_t) {
    if (self->phase_ != Phase::reading) return;
    return error ? self->close() : self->read_more();
  });
}

void HttpSession::on_request() {
  HttpHead head = reader_->head();
  keep_alive_ = head.keep_alive;
  head_only_ = head.method == "HEAD";
  if (head.http_1_1 && find_header(head.headers, "Host").empty())
    return refuse(400, "The Host header is missing.");
  if (!head.target.starts_with('/')) return refuse(400, "The request target is not a path.");
  HttpRequest request{std::move(head.method), std::move(head.target), std::move(head.headers),
                      reader_->take_body(), peer_};
  dispatch(std::move(request));
}

void HttpSession::dispatch(HttpRequest request) {
  phase_ = Phase::handling;
  deadline_.cancel();
  const std::string path = request.target.substr(0, request.target.find('?'));
  auto* upgrade_route = find_route(core_->upgrades, path);
  if (upgrade_route != nullptr && has_token(request.headers, "Upgrade", "websocket")) {
    return upgrade(*upgrade_route, std::move(request));
  }
  auto* handler = find_route(core_->handlers, path);
  if (handler == nullptr) {
    return upgrade_route != nullptr ? refuse(426, "This is a WebSocket address.")
                                    : refuse(404, "Nothing is here.");
  }
  core_->gates[context_->index()]->pass(
      [&] { (*handler)(std::move(request), ReplyOnce(shared_from_this(), serial_)); });
}

void HttpSession::upgrade(HttpServer::Upgrade& route, HttpRequest request) {
  if (request.method != "GET" || !has_token(request.headers, "Connection", "upgrade")) {
    return refuse(400, "A WebSocket upgrade is a GET with Connection: Upgrade.");
  }
  if (request.header("Sec-WebSocket-Version") != "13")
    return refuse(426, "Only WebSocket version 13 is spoken.");
  if (!is_ws_key(request.header("Sec-WebSocket-Key"))) return refuse(400, "Sec-WebSocket-Key is not valid.");
  if (!route.subprotocol.empty() &&
      !has_token(request.headers, "Sec-WebSocket-Protocol", route.subprotocol)) {
    return refuse(400, "The subprotocol " + route.subprotocol + " must be offered.");
  }
  std::optional<HttpResponse> refusal;
  core_->gates[context_->index()]->pass([&] {
    if (route.accept) refusal = route.accept(request);
  });
  if (phase_ == Phase::closed) return;
  if (refusal) return respond(serial_, *refusal);
  switch_protocol(route, std::move(request));
}

void HttpSession::switch_protocol(HttpServer::Upgrade& route, HttpRequest request) {
  WsSetup setup{WsRole::server, route.options, route.subprotocol, peer_, reader_->take_rest(), {}};
  out_ = "HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n";
  append_header(out_, "Sec-WebSocket-Accept", ws_accept(request.header("Sec-WebSocket-Key")));
  if (!route.subprotocol.empty()) append_header(out_, "Sec-WebSocket-Protocol", route.subprotocol);
  if (route.options.permessage_deflate) {
    if (const auto answer = answer_deflate(request.headers)) {
      setup.deflate = answer->agreement;
      append_header(out_, "Sec-WebSocket-Extensions", answer->header);
    }
  }
  out_ += "\r\n";
  phase_ = Phase::writing;
  arm_deadline();
  stream_->write(asio::buffer(out_), [self = shared_from_this(), &route, r = std::move(request),
                                      s = std::move(setup)](const error_code& error, std::size_t) mutable {
    if (self->phase_ == Phase::closed) return;
    if (error) return self->close();
    auto stream = std::move(self->stream_);
    self->close();
    self->core_->gates[self->context_->index()]->pass([&] {
      if (route.opened)
        route.opened(std::move(r), open_websocket(self->context_, std::move(stream), std::move(s)));
    });
    if (stream) stream->close();  // The server is gone, or nobody takes the socket.
  });
}

void HttpSession::respond(std::uint64_t serial, const HttpResponse& response) {
  if (phase_ != Phase::handling || serial != serial_) return;
  write(response_text(response, keep_alive_, head_only_));
}

/// Our own error answers; what is wrong with the request may be wrong with the rest of the stream, so that
/// ends.
void HttpSession::refuse(int status, std::string_view why) {
  const bool framed = phase_ == Phase::handling;
  keep_alive_ = keep_alive_ && framed;
  HttpResponse response;
  response.status = status;
  response.body = std::string(why) + "\n";
  if (status == 426) response.headers = {{"Upgrade", "websocket"}, {"Sec-WebSocket-Version", "13"}};
  write(response_text(response, keep_alive_, head_only_ && framed));
}

void HttpSession::write(std::string text) {
  phase_ = Phase::writing;
  out_ = std::move(text);
  arm_deadline();
  stream_->write(asio::buffer(out_), [self = shared_from_this()](const error_code& error, std::size_t) {
    if (self->phase_ != Phase::writing) return;
    return error ? self->close() : self->on_written();
  });
}

void HttpSession::on_written() {
  if (keep_alive_) return read_request();
  // Half close and read to the end: closing with unread input would reset the connection and the answer with
  // it.
  stream_->shutdown_send();
  stream_->read_some(asio::buffer(in_), [self = shared_from_this()](const error_code& error, std::size_t) {
    if (self->phase_ != Phase::writing) return;
    return error ? self->close() : self->on_written();
  });
}

void HttpSession::close() {
  if (phase_ == Phase::closed) return;
  const auto keep = shared_from_this();
  phase_ = Phase::closed;
  deadline_.cancel();
  if (stream_) stream_->close();
  context_->leave(*this);
}

}  // namespace tandem::net
