// Dial: from a URL to a connected (and for TLS verified) stream. The one place where our program connects to
// a customer's address: resolve, check every address against the policy, connect to the very address that was
// checked.
#pragma once

#include <memory>
#include <vector>

#include "net/api/http.h"
#include "net/api/url.h"
#include "net/resolver.h"
#include "net/stream.h"
#include "net/tls.h"

namespace tandem::net {

/// What all dials of one client use. Any thread; constant.
struct DialSettings {
  AddressPolicy policy;
  TlsContext tls;  ///< Null: tls_fault says why.
  std::string tls_fault;
};

// Shared with its operations under way, which end after cancel().
class Dial : public std::enable_shared_from_this<Dial> {
 public:
  using Done = Function<void(Result<std::shared_ptr<Stream>, NetFailure>)>;

  Dial(std::shared_ptr<Context> context, Resolver& resolver, std::shared_ptr<const DialSettings> settings,
       Url url);
  /// `done` comes once, on the net thread, perhaps within start(); never after cancel(). Net thread.
  void start(Done done);
  void cancel();
  /// The address connected to; after success.
  [[nodiscard]] const model::SocketAddress& peer() const { return peer_; }

 private:
  void on_addresses(const Resolver::Addresses& addresses);
  void try_next();
  void on_connected(const error_code& error);
  void secure();
  void finish(Result<std::shared_ptr<Stream>, NetFailure> result);
  void fail(NetError error, std::string_view what);

  const std::shared_ptr<Context> context_;  // Shared: see Context.
  Resolver& resolver_;
  const std::shared_ptr<const DialSettings> settings_;  // Shared by the client and its dials under way.
  const Url url_;
  Done done_;  // Empty: finished or cancelled.
  std::vector<model::IpAddress> candidates_;
  std::size_t next_ = 0;
  std::shared_ptr<Stream> stream_;  // Shared: see Stream.
  SteadyTimer attempt_timer_;
  model::SocketAddress peer_;
};

}  // namespace tandem::net
