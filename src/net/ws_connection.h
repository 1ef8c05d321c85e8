// WsConnection: an open WebSocket on its net thread. The user's handle (WebSocket) is a thin owner of it.
#pragma once

#include <atomic>
#include <deque>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <variant>

#include "base/clock.h"
#include "net/api/http.h"
#include "net/context.h"
#include "net/stream.h"
#include "net/ws_frame.h"
#include "net/ws_handshake.h"

namespace tandem::net {

/// What the opening handshake found out.
struct WsSetup {
  WsRole role = WsRole::client;
  WebSocketOptions options;
  std::string subprotocol;
  model::SocketAddress peer;
  std::string early_bytes;  ///< Came behind the handshake in the same read.
  std::optional<DeflateAgreement> deflate;
};

/// Makes the connection and the handle that owns it. Net thread of `context`.
[[nodiscard]] std::unique_ptr<WebSocket> open_websocket(std::shared_ptr<Context> context,
                                                        std::shared_ptr<Stream> stream, WsSetup setup);

// Shared by the handle and the operations under way: these complete after the handle was destroyed.
class WsConnection final : public Member, public std::enable_shared_from_this<WsConnection> {
 public:
  WsConnection(std::shared_ptr<Context> context, std::shared_ptr<Stream> stream, WsSetup setup);

  // Any thread.
  void start(WebSocket::Handlers handlers);
  bool send(std::string text);
  bool send_made(Function<std::string()> make);
  void close(std::uint16_t code, std::string reason);
  /// The handle is gone: no callback from now on. A close handshake that had begun goes on, all else is
  /// dropped.
  void abandon();
  [[nodiscard]] std::size_t queued_bytes() const { return queued_.load(std::memory_order_relaxed); }
  [[nodiscard]] const WsSetup& setup() const { return setup_; }

  void shut() override;

 private:
  struct CloseOrder {
    std::uint16_t code = 1000;
    std::string reason;
  };
  using Item = std::variant<std::string, Function<std::string()>, CloseOrder>;
  enum class Phase : std::uint8_t {
    fresh,       // Not started.
    open,        // Messages both ways.
    close_sent,  // Our close is queued or sent; the peer's is awaited.
    lingering,   // Both closes seen, or the peer broke the rules: what comes is thrown away until TCP ends.
    gone
  };

  bool enqueue(Item item, std::size_t bytes);
  void schedule_flush();

  // Net thread from here on.
  void begin();
  void read_more();
  void on_read(const error_code& error, std::size_t n);
  void take(std::string_view bytes);
  void on_close_frame(const ws::Close& close);
  void on_broken(const ws::Broken& broken);
  void flush();
  void fill();
  void encode(Item item);
  void append_text(const std::string& text);
  void append(WsOpcode opcode, std::string_view payload, bool compressed = false);
  void write_all();
  void all_said();
  bool write();
  void on_written();
  void give_back_buffer();
  void tell_writable();
  void arm_ping(Duration in);
  void on_ping_timer();
  void arm_end(Duration in);
  void begin_closing(std::uint16_t code, const std::string& reason);
  void linger();
  /// The connection is over for the user: on_close, once.
  void tell_closed(std::uint16_t code, const std::string& reason);
  /// The connection is over: socket and timer closed, the context lets go.
  void drop();
  void fail(std::uint16_t code, const std::string& reason);

  const std::shared_ptr<Context> context_;
  const std::shared_ptr<Stream> stream_;  // Shared: see Stream.
  WsSetup setup_;
  Gate gate_;
  WebSocket::Handlers handlers_;
  runtime::Timer timer_;
  WsReader reader_;
  Phase phase_ = Phase::fresh;
  bool told_closed_ = false;
  bool peer_closed_ = false;
  bool is_ending_ = false;       // timer_ bounds the end of the connection, no longer the peer's silence.
  std::string in_;               // Read buffer.
  std::string out_;              // Being written when is_writing_; else empty, without a buffer of its own.
  std::size_t out_payload_ = 0;  // Of queued_, what out_ accounts for.
  bool is_writing_ = false;
  std::string
      pong_;  // The newest unanswered ping's payload (RFC 6455 section 5.5.3: older ones may be skipped).
  bool pong_due_ = false;
  TimePoint last_heard_;

  std::mutex outbox_mutex_;
  std::deque<Item> outbox_;       // under outbox_mutex_
  bool flush_scheduled_ = false;  // under outbox_mutex_
  bool close_ordered_ = false;    // under outbox_mutex_
  bool closed_ = false;           // under outbox_mutex_: nothing is queued any more
  std::atomic<std::size_t> queued_{0};
  std::atomic<bool> over_limit_{false};
};

}  // namespace tandem::net
