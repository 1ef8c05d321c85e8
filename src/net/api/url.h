// A customer's URL, read strictly: what is accepted here means the same to every later reader of it.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/result.h"
#include "model/socket_address.h"

namespace tandem::net {

struct Url {
  std::string scheme;          ///< "http", "https", "ws" or "wss".
  std::string host;            ///< Lower case; IPv6 addresses without brackets; no trailing dot.
  std::uint16_t port = 0;      ///< Always set: 80 or 443 when the text has none.
  std::string path_and_query;  ///< Begins with "/"; as sent in the request line.
  std::string user_info;       ///< "user:password", decoded; empty when there is none.

  /// At most 2,048 characters. The error says in plain words what is wrong. Refused: other schemes, hosts
  /// that look like a number but are not a dotted quad ("2130706433", "0x7f.1", "0177.0.0.1"), escapes and
  /// zones in the host, port 0, a fragment in a WebSocket URL (RFC 6455 section 3). Does not check addresses:
  /// AddressPolicy does, each time the name is resolved. Any thread.
  [[nodiscard]] static Result<Url, std::string> parse(std::string_view text);
  /// The target of a redirect: `location` absolute or relative to this URL (RFC 3986 section 5). User info in
  /// it is dropped: a peer does not choose credentials.
  [[nodiscard]] Result<Url, std::string> resolve(std::string_view location) const;

  [[nodiscard]] bool is_secure() const { return scheme == "https" || scheme == "wss"; }
  [[nodiscard]] bool is_websocket() const { return scheme == "ws" || scheme == "wss"; }
  /// The address, if the host is one.
  [[nodiscard]] std::optional<model::IpAddress> literal() const { return model::IpAddress::parse(host); }
  /// As in the Host header: the port only if it is not the scheme's own.
  [[nodiscard]] std::string authority() const;
  [[nodiscard]] std::string str() const;       ///< Without user info.
  [[nodiscard]] std::string redacted() const;  ///< Without user info and query, for logs and people.
  /// Same security, host and port; ws counts as http, wss as https.
  [[nodiscard]] bool same_origin(const Url& other) const;
};

}  // namespace tandem::net
