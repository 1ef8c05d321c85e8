#include "net/stream.h"

#include <sys/socket.h>

#include <boost/asio/ssl/context.hpp>
#include <boost/asio/ssl/stream.hpp>
#include <boost/asio/write.hpp>
#include <utility>

namespace tandem::net {

struct Stream::Tls {
  Tls(Socket& socket, asio::ssl::context& context) : stream(socket, context) {}
  asio::ssl::stream<Socket&> stream;
};

struct Stream::Op {
  std::shared_ptr<Stream> stream;  // Shared: see Stream.
  Handler handler;
  void operator()(const error_code& error, std::size_t n) {
    stream->context_.rise();  // Awake: what others post from here on needs no wake-up.
    handler(error, n);
  }
};

Stream::Stream(Socket socket, Context& context) : context_(context), socket_(std::move(socket)) {}
Stream::~Stream() = default;

SSL* Stream::use_tls(asio::ssl::context& tls) {
  tls_ = std::make_unique<Tls>(socket_, tls);
  return tls_->stream.native_handle();
}

void Stream::handshake(Side side, Handler handler) {
  const auto type = side == Side::client ? asio::ssl::stream_base::client : asio::ssl::stream_base::server;
  tls_->stream.async_handshake(type, [self = shared_from_this(), h = std::move(handler)](
                                         const error_code& error) mutable { h(error, 0); });
}

void Stream::read_some(asio::mutable_buffer buffer, Handler handler) {
  Op op{shared_from_this(), std::move(handler)};
  if (tls_) {
    tls_->stream.async_read_some(buffer, std::move(op));
  } else {
    socket_.async_read_some(buffer, std::move(op));
  }
}

std::size_t Stream::write_now(asio::const_buffer buffer) {
  if (tls_) return 0;
  const ssize_t n =
      ::send(socket_.native_handle(), buffer.data(), buffer.size(), MSG_DONTWAIT | MSG_NOSIGNAL);
  return n > 0 ? static_cast<std::size_t>(n) : 0;
}

void Stream::write(asio::const_buffer buffer, Handler handler) {
  Op op{shared_from_this(), std::move(handler)};
  if (tls_) {
    asio::async_write(tls_->stream, buffer, std::move(op));
  } else {
    asio::async_write(socket_, buffer, std::move(op));
  }
}

void Stream::shutdown_send() {
  error_code ignored;
  socket_.shutdown(Tcp::socket::shutdown_send, ignored);
}

void Stream::close() {
  error_code ignored;
  socket_.close(ignored);
}

}  // namespace tandem::net
