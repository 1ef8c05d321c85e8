// One WebSocket of a session: turns text into typed requests on the net thread before the control thread sees
// them, and typed events into text there again. Owned by its session on the control thread.
#pragma once

#include <memory>
#include <string>

#include "app/link.h"
#include "app/token_bucket.h"
#include "base/clock.h"
#include "base/function.h"
#include "model/request.h"
#include "net/api/http.h"

namespace tandem::app {

struct ChannelLimits {
  double requests_per_second = 100;
  double request_burst = 200;
  /// Requests refused in a row for their rate before the socket is closed with 1008.
  std::size_t refusals_before_close = 1000;
  std::size_t max_frame_bytes = 65'536;
  /// Bytes that may wait for an application that does not read; beyond, its socket is closed with the state
  /// kept.
  std::size_t send_queue_bytes = 1 << 20;
};

class Channel final : public Link {
 public:
  /// Called on the net thread; they hand over to the control thread, where a session that is gone is their
  /// business.
  struct Handlers {
    Function<void(model::Request)> on_request;
    Function<void(std::uint16_t code)> on_close;
  };

  /// Net thread (or the thread that got the socket): starts reading at once. `clock` outlives it.
  static std::unique_ptr<Channel> start(std::unique_ptr<net::WebSocket> socket, const ChannelLimits& limits,
                                        const Clock& clock, Handlers handlers);

  bool send_event(EventPtr event) override;
  bool send_operation(std::string rpc_id, model::OperationView view) override;
  bool send_snapshot(std::string rpc_id, model::SessionSnapshot snapshot) override;
  bool send_done(std::string rpc_id) override;
  bool send_error(std::string rpc_id, model::Error error) override;
  void close(std::uint16_t code, std::string reason) override { socket_->close(code, std::move(reason)); }

 private:
  explicit Channel(std::unique_ptr<net::WebSocket> socket) : socket_(std::move(socket)) {}
  std::unique_ptr<net::WebSocket> socket_;
};

}  // namespace tandem::app
