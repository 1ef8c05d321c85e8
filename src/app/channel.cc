#include "app/channel.h"

#include "wire/frame.h"

namespace tandem::app {
namespace {

model::Error rate_error(std::int64_t wait_ms) {
  model::Error error;
  error.code = model::ErrorCode::rate_limited;
  error.message = "too many requests in a second on this session";
  error.retry_after_ms = wait_ms;
  return error;
}

// What one socket's reading needs, on its net thread only. Shared by the two handlers of the socket.
struct Reader {
  TokenBucket bucket;
  std::size_t refused = 0;
  const ChannelLimits limits;
  const Clock& clock;
  net::WebSocket* socket;  // Outlives its own handlers.
  Function<void(model::Request)> on_request;

  void read(std::string_view text) {
    auto request = wire::decode_frame(text, limits.max_frame_bytes);
    const bool allowed = bucket.take(clock.now());
    if (!allowed) {
      if (++refused >= limits.refusals_before_close) {
        socket->close(1008, "rate limit");
        return;
      }
      const std::string& id = request ? request->rpc_id : request.error().rpc_id;
      socket->send(wire::encode_error(id, rate_error(bucket.wait_ms())));
      return;
    }
    refused = 0;
    if (!request) {
      socket->send(wire::encode_error(request.error().rpc_id, request.error().error));
      return;
    }
    on_request(std::move(*request));
  }
};

}  // namespace

std::unique_ptr<Channel> Channel::start(std::unique_ptr<net::WebSocket> socket, const ChannelLimits& limits,
                                        const Clock& clock, Handlers handlers) {
  std::unique_ptr<Channel> channel(new Channel(std::move(socket)));
  const TokenBucket bucket(limits.requests_per_second, limits.request_burst, clock.now());
  Reader reader{bucket, 0, limits, clock, channel->socket_.get(), std::move(handlers.on_request)};
  net::WebSocket::Handlers on_net;
  on_net.on_text = [r = std::move(reader)](const std::string& text) mutable { r.read(text); };
  on_net.on_close = [h = std::move(handlers.on_close)](std::uint16_t code, const std::string&) mutable {
    h(code);
  };
  channel->socket_->start(std::move(on_net));
  return channel;
}

bool Channel::send_event(EventPtr event) {
  return socket_->send_made([e = std::move(event)] { return wire::encode_event(*e); });
}

bool Channel::send_operation(std::string rpc_id, model::OperationView view) {
  return socket_->send_made(
      [id = std::move(rpc_id), v = std::move(view)] { return wire::encode_response(id, v); });
}

bool Channel::send_snapshot(std::string rpc_id, model::SessionSnapshot snapshot) {
  return socket_->send_made(
      [id = std::move(rpc_id), s = std::move(snapshot)] { return wire::encode_snapshot(id, s); });
}

bool Channel::send_done(std::string rpc_id) {
  return socket_->send_made([id = std::move(rpc_id)] { return wire::encode_done(id); });
}

bool Channel::send_error(std::string rpc_id, model::Error error) {
  return socket_->send_made(
      [id = std::move(rpc_id), e = std::move(error)] { return wire::encode_error(id, e); });
}

}  // namespace tandem::app
