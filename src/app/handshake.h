// What the server says when it dials an application (docs: protocol, "Transport"): headers, signature, trace
// context.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "base/clock.h"
#include "model/ids.h"

namespace tandem::app {

using HeaderList = std::vector<std::pair<std::string, std::string>>;

/// The text under the signature: "<unix seconds>.<method>.<url>"; the URL as dialled, query included.
[[nodiscard]] std::string signed_text(std::int64_t unix_seconds, const std::string& method,
                                      const std::string& url);
/// "v1=" and the HMAC-SHA256 of signed_text() with the account's webhook secret, in hexadecimal.
[[nodiscard]] std::string signature(const std::string& secret, std::int64_t unix_seconds,
                                    const std::string& method, const std::string& url);

struct Handshake {
  model::SessionId session;
  model::AccountId account;
  std::string reason;  ///< "inbound-call", "outbound-call" or "resume".
  std::string secret;
  std::string trace_parent;  ///< W3C trace context, of the session.
};
/// Headers for one dial of `url`; made anew for each redirect, since the signature covers the URL.
[[nodiscard]] HeaderList handshake_headers(const Handshake& handshake, const std::string& url, WallTime now);
/// A new W3C traceparent (version 00, sampled).
[[nodiscard]] std::string make_trace_parent();

}  // namespace tandem::app
