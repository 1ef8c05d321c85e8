#include "app/dialler.h"

#include <algorithm>
#include <array>

namespace tandem::app {

using std::chrono::milliseconds;

Dialler::Dialler(Session& session, const call::SessionOpening& opening, Environment environment,
                 Session::MakeDeliver deliver)
    : session_(session),
      env_(std::move(environment)),
      make_deliver_(std::move(deliver)),
      handshake_{opening.id, opening.account.id, opening.reason, opening.account.webhook_secret,
                 make_trace_parent()},
      urls_{opening.application.url},
      retry_(env_.control) {
  if (!opening.application.fallback_url.empty()) urls_.push_back(opening.application.fallback_url);
}

void Dialler::open(std::uint64_t attempt) {
  attempt_ = attempt;
  resuming_ = false;
  dial(handshake_.reason, 0);
}

void Dialler::recover(std::uint64_t attempt, bool) {
  attempt_ = attempt;
  resuming_ = true;
  tries_ = 0;
  dial_again();
}

void Dialler::stop() {
  attempt_ = 0;
  retry_.cancel();
}

void Dialler::dial_again() {
  static constexpr std::array<milliseconds, 4> kBackOff{milliseconds{0}, milliseconds{250}, milliseconds{500},
                                                        milliseconds{1000}};
  const unsigned before = tries_++;
  retry_.set(kBackOff[std::min<std::size_t>(before, kBackOff.size() - 1)],
             [this, before] { dial("resume", before % urls_.size()); });
}

void Dialler::dial(const std::string& reason, std::size_t url_index) {
  net::ConnectRequest request;
  request.url = urls_[url_index];
  request.subprotocol = "tandem.v1";
  request.timeout = env_.limits.connect_timeout;
  request.options.max_message_bytes = env_.limits.channel.max_frame_bytes;
  request.options.send_queue_bytes = env_.limits.channel.send_queue_bytes;
  Handshake handshake = handshake_;
  handshake.reason = reason;
  const Clock& clock = env_.control.clock();
  net::HeaderMaker headers = [h = std::move(handshake), &clock](const std::string& url) {
    return handshake_headers(h, url, clock.wall());
  };
  // On the net thread: the channel begins to read there, and everything it has to say goes through the
  // control thread, to the session if that exists still; its connector does then, too.
  auto done = [this, deliver = make_deliver_(), on_request = make_deliver_(), on_close = make_deliver_(),
               attempt = attempt_, url_index, &clock, limits = env_.limits.channel](
                  Result<std::unique_ptr<net::WebSocket>, net::NetFailure> socket) mutable {
    if (!socket) {
      deliver([this, attempt, url_index, failure = std::move(socket.error())](Session&) mutable {
        on_dialled(attempt, url_index, Dialled(Err(std::move(failure))));
      });
      return;
    }
    Channel::Handlers handlers;
    handlers.on_request = [d = std::move(on_request), attempt](model::Request r) mutable {
      d([attempt, request = std::move(r)](Session& self) mutable {
        self.on_request(attempt, std::move(request));
      });
    };
    handlers.on_close = [d = std::move(on_close), attempt](std::uint16_t code) mutable {
      d([attempt, code](Session& self) { self.on_closed(attempt, code); });
    };
    auto channel = Channel::start(std::move(*socket), limits, clock, std::move(handlers));
    deliver([this, attempt, url_index, c = std::move(channel)](Session&) mutable {
      on_dialled(attempt, url_index, Dialled(std::move(c)));
    });
  };
  env_.client.connect(std::move(request), std::move(headers), std::move(done));
}

void Dialler::on_dialled(std::uint64_t attempt, std::size_t url_index, Dialled result) {
  if (attempt != attempt_) return;
  if (result) {
    session_.on_linked(attempt, std::move(*result),
                       resuming_ ? Session::Peer::says_where_it_is : Session::Peer::knows_nothing);
    return;
  }
  const net::NetFailure& failure = result.error();
  env_.log.warn("session {}: {}: {}", handshake_.session.str(), net::to_string(failure.error),
                failure.detail);
  if (resuming_) {
    dial_again();
  } else if (url_index + 1 < urls_.size()) {
    dial(handshake_.reason, url_index + 1);
  } else {
    session_.on_unreachable(attempt);
  }
}

}  // namespace tandem::app
