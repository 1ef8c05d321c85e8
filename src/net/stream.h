// Stream: a TCP connection, plain or TLS, behind one type, so that everything above it is compiled once.
// Lives on its context's thread.
#pragma once

#include <boost/asio/buffer.hpp>
#include <memory>

#include "net/context.h"

typedef struct ssl_st SSL;

namespace boost::asio::ssl {
class context;
}

namespace tandem::net {

// Shared with its operations under way: TLS goes on using the stream until they have ended, whoever let go of
// it. The buffers must live that long too: let the handler own them or their owner.
class Stream : public std::enable_shared_from_this<Stream> {
 public:
  enum class Side : std::uint8_t { client, server };
  using Handler = Function<void(const error_code&, std::size_t)>;

  /// `context` is the one of the socket; used in completions only.
  Stream(Socket socket, Context& context);
  Stream(const Stream&) = delete;
  Stream& operator=(const Stream&) = delete;
  ~Stream();

  [[nodiscard]] Socket& socket() { return socket_; }
  /// Turns to TLS; returns the handle for SNI and host checks before the handshake. `tls` must outlive the
  /// stream's creation of the handle only (OpenSSL counts references).
  SSL* use_tls(asio::ssl::context& tls);
  void handshake(Side side, Handler handler);
  void read_some(asio::mutable_buffer buffer, Handler handler);
  /// As much of `buffer` as the system takes at once, which spares a completion; none on TLS or with an
  /// error, which the next operation tells. Not while a write is under way.
  [[nodiscard]] std::size_t write_now(asio::const_buffer buffer);
  /// All of `buffer`.
  void write(asio::const_buffer buffer, Handler handler);
  /// Half close, TCP only: the peer sees the end of our data.
  void shutdown_send();
  /// Operations under way end with operation_aborted.
  void close();

 private:
  struct Tls;
  struct Op;
  Context& context_;
  Socket socket_;
  std::unique_ptr<Tls> tls_;
};

}  // namespace tandem::net
