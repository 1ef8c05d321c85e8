#include "app/handshake.h"

#include "base/hmac.h"
#include "base/random.h"

namespace tandem::app {

std::string signed_text(std::int64_t unix_seconds, const std::string& method, const std::string& url) {
  return std::to_string(unix_seconds) + "." + method + "." + url;
}

std::string signature(const std::string& secret, std::int64_t unix_seconds, const std::string& method,
                      const std::string& url) {
  return "v1=" + hmac_sha256_hex(secret, signed_text(unix_seconds, method, url));
}

HeaderList handshake_headers(const Handshake& handshake, const std::string& url, WallTime now) {
  const auto seconds = std::chrono::duration_cast<std::chrono::seconds>(now.time_since_epoch()).count();
  return {{"Tandem-Session", handshake.session.str()},
          {"Tandem-Account", handshake.account.str()},
          {"Tandem-Reason", handshake.reason},
          {"Tandem-Timestamp", std::to_string(seconds)},
          {"Tandem-Signature", signature(handshake.secret, seconds, "GET", url)},
          {"traceparent", handshake.trace_parent}};
}

std::string make_trace_parent() {
  return "00-" + random_hex(16) + "-" + random_hex(8) + "-01";
}

}  // namespace tandem::app
