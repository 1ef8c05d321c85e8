#include "net/dial.h"

#include <algorithm>
#include <cstring>
#include <utility>

namespace tandem::net {
namespace {

/// With further addresses to try, a silent one must not use up all the time.
constexpr auto kAttemptTimeout = std::chrono::milliseconds(1'500);

Tcp::endpoint endpoint_of(const model::SocketAddress& address) {
  if (address.ip.family == model::IpAddress::Family::v4) {
    asio::ip::address_v4::bytes_type bytes;
    std::copy_n(address.ip.bytes.begin(), bytes.size(), bytes.begin());
    return {asio::ip::address_v4(bytes), address.port};
  }
  asio::ip::address_v6::bytes_type bytes;
  std::copy_n(address.ip.bytes.begin(), bytes.size(), bytes.begin());
  return {asio::ip::address_v6(bytes), address.port};
}

}  // namespace

Dial::Dial(std::shared_ptr<Context> context, Resolver& resolver, std::shared_ptr<const DialSettings> settings,
           Url url)
    : context_(std::move(context)),
      resolver_(resolver),
      settings_(std::move(settings)),
      url_(std::move(url)),
      attempt_timer_(context_->executor()) {}

void Dial::start(Done done) {
  done_ = std::move(done);
  if (const auto ip = url_.literal()) return on_addresses(std::vector{*ip});
  resolver_.resolve(url_.host, [self = shared_from_this()](const Resolver::Addresses& addresses) {
    if (self->context_->is_current()) return self->on_addresses(addresses);  // From the cache.
    self->context_->post([self, addresses] { self->on_addresses(addresses); });
  });
}

void Dial::cancel() {
  done_ = nullptr;
  attempt_timer_.cancel();
  if (stream_) stream_->close();
}

void Dial::on_addresses(const Resolver::Addresses& addresses) {
  if (!done_) return;
  if (!addresses) return fail(NetError::dns_failed, addresses.error());
  std::string denied;
  for (const model::IpAddress& ip : addresses.value()) {
    const std::string rule = settings_->policy.denied_by(ip);
    if (rule.empty()) {
      candidates_.push_back(ip);
    } else {
      denied = fmt::format("{} is a {} address", ip.str(), rule);
    }
  }
  if (candidates_.empty()) return fail(NetError::forbidden_address, denied + ", which is not allowed");
  try_next();
}

void Dial::try_next() {
  peer_ = {candidates_[next_++], url_.port};
  const Tcp::endpoint endpoint = endpoint_of(peer_);
  Socket socket(context_->executor());
  error_code error;
  socket.open(endpoint.protocol(), error);
  if (!error) socket.set_option(Tcp::no_delay(true), error);
  stream_ = std::make_shared<Stream>(std::move(socket), *context_);
  if (error) return on_connected(error);
  if (next_ < candidates_.size()) {
    attempt_timer_.expires_after(kAttemptTimeout);
    attempt_timer_.async_wait([self = shared_from_this(), attempt = next_](const error_code& e) {
      if (!e && self->stream_ && self->next_ == attempt) self->stream_->close();
    });
  }
  stream_->socket().async_connect(
      endpoint, [self = shared_from_this()](const error_code& e) { self->on_connected(e); });
}

void Dial::on_connected(const error_code& error) {
  context_->rise();
  if (!done_) return;
  attempt_timer_.cancel();
  if (error || !stream_->socket().is_open()) {
    if (next_ < candidates_.size()) return try_next();
    const std::string why = error ? error.message() : "timed out";
    return fail(NetError::connect_failed, fmt::format("connecting to {}: {}", peer_.str(), why));
  }
  // The attempt's timer may have expired already and wait in the queue: it must not close what is connected
  // now.
  ++next_;
  if (url_.is_secure()) return secure();
  finish(std::move(stream_));
}

void Dial::secure() {
  if (!settings_->tls) return fail(NetError::tls_failed, settings_->tls_fault);
  SSL* ssl = stream_->use_tls(*settings_->tls);
  if (!expect_host(ssl, url_)) return fail(NetError::tls_failed, "out of memory");
  stream_->handshake(Stream::Side::client,
                     [self = shared_from_this(), ssl](const error_code& error, std::size_t) {
                       if (!self->done_) return;
                       if (error) return self->fail(NetError::tls_failed, tls_fault(ssl, error));
                       self->finish(std::move(self->stream_));
                     });
}

void Dial::finish(Result<std::shared_ptr<Stream>, NetFailure> result) {
  Done done = std::move(done_);
  done_ = nullptr;
  done(std::move(result));
}

void Dial::fail(NetError error, std::string_view what) {
  if (stream_) stream_->close();
  finish(Err(NetFailure{error, 0, fmt::format("{}: {}", url_.redacted(), what)}));
}

}  // namespace tandem::net
