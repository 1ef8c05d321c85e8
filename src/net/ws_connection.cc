#include "net/ws_connection.h"

#include <algorithm>
#include <chrono>
#include <utility>

#include "base/random.h"

namespace tandem::net {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

constexpr std::size_t kFirstRead = 1 << 10;  // Most requests fit, and every session holds one.
constexpr std::size_t kMaxRead = 16 << 10;
constexpr std::size_t kWriteBatch = 64 << 10;
constexpr std::size_t kNominalMade = 256;  // What a message counts that is not made yet.
constexpr std::size_t kOverflow = 4;       // Times the limit: a user who never stops sending.
constexpr std::size_t kWorthDeflating = 256;
constexpr auto kCloseTimeout = seconds(5);

TimePoint now() {
  return std::chrono::steady_clock::now();
}

class Handle final : public WebSocket {
 public:
  explicit Handle(std::shared_ptr<WsConnection> connection) : connection_(std::move(connection)) {}
  ~Handle() override { connection_->abandon(); }
  void start(Handlers handlers) override { connection_->start(std::move(handlers)); }
  bool send(std::string text) override { return connection_->send(std::move(text)); }
  bool send_made(Function<std::string()> make) override { return connection_->send_made(std::move(make)); }
  void close(std::uint16_t code, std::string reason) override { connection_->close(code, std::move(reason)); }
  [[nodiscard]] std::size_t queued_bytes() const override { return connection_->queued_bytes(); }
  [[nodiscard]] std::string subprotocol() const override { return connection_->setup().subprotocol; }
  [[nodiscard]] model::SocketAddress peer() const override { return connection_->setup().peer; }

 private:
  std::shared_ptr<WsConnection> connection_;  // Shared with the operations under way, see WsConnection.
};

}  // namespace

std::unique_ptr<WebSocket> open_websocket(std::shared_ptr<Context> context, std::shared_ptr<Stream> stream,
                                          WsSetup setup) {
  Context& home = *context;
  auto connection = std::make_shared<WsConnection>(std::move(context), std::move(stream), std::move(setup));
  home.join(connection);
  return std::make_unique<Handle>(std::move(connection));
}

WsConnection::WsConnection(std::shared_ptr<Context> context, std::shared_ptr<Stream> stream, WsSetup setup)
    : Member(nullptr),
      context_(std::move(context)),
      stream_(std::move(stream)),
      setup_(std::move(setup)),
      timer_(*context_),
      reader_(setup_.role, setup_.options.max_message_bytes, setup_.deflate ? &context_->deflate() : nullptr),
      last_heard_(now()) {}

void WsConnection::start(WebSocket::Handlers handlers) {
  context_->post([self = shared_from_this(), h = std::move(handlers)]() mutable {
    if (self->phase_ == Phase::gone) {
      // It was shut before it began.
      if (h.on_close) self->gate_.pass([&] { h.on_close(1006, "connection lost"); });
      return;
    }
    self->handlers_ = std::move(h);
    self->begin();
  });
}

bool WsConnection::send(std::string text) {
  const std::size_t bytes = text.size();
  return enqueue(std::move(text), bytes);
}

bool WsConnection::send_made(Function<std::string()> make) {
  return enqueue(std::move(make), kNominalMade);
}

bool WsConnection::enqueue(Item item, std::size_t bytes) {
  const std::lock_guard lock(outbox_mutex_);
  if (closed_ || close_ordered_) return true;  // on_close tells; there is nothing to wait for.
  const std::size_t total = queued_.fetch_add(bytes, std::memory_order_relaxed) + bytes;
  const std::size_t limit = setup_.options.send_queue_bytes;
  if (total / kOverflow > limit) {
    closed_ = true;
    outbox_.clear();
    context_->post(
        [self = shared_from_this()] { self->fail(1006, "send queue overflow: the peer does not read"); });
    return false;
  }
  outbox_.push_back(std::move(item));
  schedule_flush();
  if (total <= limit) return true;
  over_limit_.store(true, std::memory_order_relaxed);
  return false;
}

void WsConnection::close(std::uint16_t code, std::string reason) {
  const std::lock_guard lock(outbox_mutex_);
  if (closed_ || std::exchange(close_ordered_, true)) return;
  outbox_.emplace_back(
      CloseOrder{is_sendable_close_code(code) ? code : std::uint16_t{1000}, std::move(reason)});
  schedule_flush();
}

void WsConnection::schedule_flush() {
  if (std::exchange(flush_scheduled_, true)) return;
  // Even on the net thread: sends of one turn leave in one write.
  context_->post([self = shared_from_this()] { self->flush(); });
}

void WsConnection::abandon() {
  gate_.close();
  context_->post([self = shared_from_this()] {
    self->told_closed_ = true;
    self->handlers_ = {};
    bool closing = false;
    {
      const std::lock_guard lock(self->outbox_mutex_);
      closing = self->close_ordered_;
    }
    closing = closing || self->phase_ == Phase::close_sent || self->phase_ == Phase::lingering;
    if (!closing) return self->drop();
    if (self->phase_ == Phase::fresh)
      self->begin();  // The close was ordered before start(): it needs the reader.
  });
}

void WsConnection::shut() {
  fail(1006, "shutting down");
}

void WsConnection::begin() {
  if (phase_ != Phase::fresh) return;
  phase_ = Phase::open;
  last_heard_ = now();
  if (setup_.options.ping_interval > milliseconds(0)) arm_ping(setup_.options.ping_interval);
  in_.resize(kFirstRead);
  const std::string early = std::move(setup_.early_bytes);
  if (!early.empty()) take(early);
  flush();
  if (phase_ != Phase::gone) read_more();
}

void WsConnection::read_more() {
  stream_->read_some(asio::buffer(in_), [self = shared_from_this()](const error_code& error, std::size_t n) {
    self->on_read(error, n);
  });
}

void WsConnection::on_read(const error_code& error, std::size_t n) {
  if (phase_ == Phase::gone) return;
  if (error) {
    if (phase_ == Phase::lingering) return drop();
    return fail(1006, "connection lost: " + error.message());
  }
  last_heard_ = now();
  take(std::string_view(in_.data(), n));
  if (phase_ == Phase::gone) return;
  if (n == in_.size() && n < kMaxRead) in_.resize(kMaxRead);
  read_more();
}

void WsConnection::take(std::string_view bytes) {
  while (phase_ == Phase::open || phase_ == Phase::close_sent) {
    ws::Event event = reader_.next(bytes);
    if (std::holds_alternative<ws::NeedMore>(event)) break;
    if (auto* message = std::get_if<ws::Message>(&event)) {
      gate_.pass([&] {
        if (handlers_.on_text) handlers_.on_text(std::move(message->text));
      });
    } else if (auto* ping = std::get_if<ws::Ping>(&event)) {
      pong_ = std::move(ping->payload);
      pong_due_ = true;
    } else if (auto* close = std::get_if<ws::Close>(&event)) {
      on_close_frame(*close);
    } else if (const auto* broken = std::get_if<ws::Broken>(&event)) {
      on_broken(*broken);
    }
  }
  if (pong_due_ && phase_ == Phase::open) flush();
}

void WsConnection::on_close_frame(const ws::Close& close) {
  peer_closed_ = true;
  if (phase_ == Phase::open) begin_closing(close.code, {});
  tell_closed(close.code, close.reason);
  linger();
}

void WsConnection::on_broken(const ws::Broken& broken) {
  if (phase_ == Phase::open) begin_closing(broken.code, std::string(broken.reason));
  tell_closed(broken.code, std::string(broken.reason));
  linger();
}

/// Puts our close behind what `out_` already has; messages still in the outbox are dropped.
void WsConnection::begin_closing(std::uint16_t code, const std::string& reason) {
  {
    const std::lock_guard lock(outbox_mutex_);
    closed_ = true;
    outbox_.clear();
    outbox_.emplace_back(CloseOrder{code, reason});
  }
  phase_ = Phase::close_sent;
  flush();
}

void WsConnection::linger() {
  if (phase_ == Phase::gone) return;
  phase_ = Phase::lingering;
  arm_end(kCloseTimeout);
  if (!is_writing_) write_all();
}

void WsConnection::flush() {
  bool close_ordered = false;
  {
    const std::lock_guard lock(outbox_mutex_);
    flush_scheduled_ = false;
    close_ordered = close_ordered_;
  }
  // From the order, not from the writing of the frame: the peer may not be reading.
  if (close_ordered && phase_ == Phase::open && !is_ending_) arm_end(kCloseTimeout);
  if (is_writing_ || phase_ == Phase::fresh || phase_ == Phase::gone) return;
  write_all();
}

/// Fills and writes until the system takes no more or all is said.
void WsConnection::write_all() {
  for (;;) {
    if (out_.empty()) out_ = context_->take_buffer();
    fill();
    if (out_.empty()) {
      give_back_buffer();
      return all_said();
    }
    if (!write()) return;
    on_written();
    if (phase_ == Phase::gone) return;
  }
}

void WsConnection::all_said() {
  if (phase_ != Phase::lingering) return;
  // The server ends TCP first (RFC 6455 section 7.1.1), so that TIME_WAIT is not the client's.
  if (setup_.role == WsRole::server && peer_closed_) return drop();
  if (!peer_closed_) stream_->shutdown_send();
}

void WsConnection::fill() {
  if (std::exchange(pong_due_, false) && phase_ == Phase::open) append(WsOpcode::pong, pong_);
  while (out_.size() < kWriteBatch) {
    Item item;
    {
      const std::lock_guard lock(outbox_mutex_);
      if (outbox_.empty()) return;
      item = std::move(outbox_.front());
      outbox_.pop_front();
    }
    encode(std::move(item));
  }
}

void WsConnection::encode(Item item) {
  if (const auto* text = std::get_if<std::string>(&item)) {
    out_payload_ += text->size();
    return append_text(*text);
  }
  if (auto* make = std::get_if<Function<std::string()>>(&item)) {
    std::string text;
    gate_.pass([&] { text = (*make)(); });
    out_payload_ += kNominalMade;
    if (!text.empty()) append_text(text);
    return;
  }
  const auto& order = std::get<CloseOrder>(item);
  append(WsOpcode::close, close_payload(order.code, order.reason));
  if (phase_ == Phase::open) phase_ = Phase::close_sent;
}

void WsConnection::append_text(const std::string& text) {
  if (setup_.deflate && text.size() >= kWorthDeflating) {
    append(WsOpcode::text, context_->deflate().deflate(text, setup_.deflate->our_window_bits), true);
  } else {
    append(WsOpcode::text, text);
  }
}

void WsConnection::append(WsOpcode opcode, std::string_view payload, bool compressed) {
  append_frame(out_, setup_.role, opcode, payload, setup_.role == WsRole::client ? random_u32() : 0,
               compressed);
}

/// True: `out_` has been written. False: that is under way and goes on with write_all().
bool WsConnection::write() {
  const std::size_t gone = stream_->write_now(asio::buffer(out_));
  if (gone == out_.size()) return true;
  is_writing_ = true;
  stream_->write(asio::buffer(out_) + gone,
                 [self = shared_from_this()](const error_code& error, std::size_t) {
                   self->is_writing_ = false;
                   if (self->phase_ == Phase::gone) return;
                   if (error) return self->fail(1006, "connection lost: " + error.message());
                   self->on_written();
                   if (self->phase_ != Phase::gone) self->write_all();
                 });
  return false;
}

void WsConnection::on_written() {
  give_back_buffer();
  queued_.fetch_sub(std::exchange(out_payload_, 0), std::memory_order_relaxed);
  tell_writable();
}

void WsConnection::give_back_buffer() {
  if (out_.capacity() <= 2 * kWriteBatch) context_->give_back(std::move(out_));
  out_ = {};
}

void WsConnection::tell_writable() {
  if (queued_bytes() > setup_.options.send_queue_bytes / 2 || !over_limit_.exchange(false)) return;
  gate_.pass([&] {
    if (handlers_.on_writable && !told_closed_) handlers_.on_writable();
  });
}

void WsConnection::arm_ping(Duration in) {
  timer_.set(in, [self = shared_from_this()] {
    if (self->phase_ == Phase::open && !self->is_ending_) self->on_ping_timer();
  });
}

void WsConnection::on_ping_timer() {
  const Duration interval = setup_.options.ping_interval;
  const Duration silent = now() - last_heard_;
  if (silent >= 2 * interval) return fail(1006, "the peer has been silent for two ping intervals");
  if (silent < interval) return arm_ping(interval - silent);
  if (!is_writing_) {
    append(WsOpcode::ping, {});
    write_all();
    if (phase_ == Phase::gone) return;
  }
  arm_ping(2 * interval - silent);
}

void WsConnection::arm_end(Duration in) {
  is_ending_ = true;
  timer_.set(in, [self = shared_from_this()] { self->fail(1006, "the peer did not answer the close"); });
}

void WsConnection::tell_closed(std::uint16_t code, const std::string& reason) {
  {
    const std::lock_guard lock(outbox_mutex_);
    closed_ = true;
  }
  if (std::exchange(told_closed_, true)) return;
  gate_.pass([&] {
    if (handlers_.on_close) handlers_.on_close(code, reason);
  });
}

void WsConnection::fail(std::uint16_t code, const std::string& reason) {
  if (phase_ == Phase::gone) return;
  const bool started = phase_ != Phase::fresh;
  drop();
  if (started) tell_closed(code, reason);
}

void WsConnection::drop() {
  if (phase_ == Phase::gone) return;
  const auto keep = shared_from_this();
  phase_ = Phase::gone;
  timer_.cancel();
  stream_->close();
  {
    const std::lock_guard lock(outbox_mutex_);
    closed_ = true;
    outbox_.clear();
  }
  context_->leave(*this);
}

}  // namespace tandem::net
