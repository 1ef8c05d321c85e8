// permessage-deflate (RFC 7692) without context takeover in either direction: every message stands alone, so
// one pair of compressors serves all connections of a thread and an idle connection holds no 300 KB window.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

namespace tandem::net {

class WsDeflate {
 public:
  WsDeflate();
  WsDeflate(const WsDeflate&) = delete;
  WsDeflate& operator=(const WsDeflate&) = delete;
  ~WsDeflate();

  enum class Inflated : std::uint8_t { ok, too_large, corrupt };
  /// Inflates a whole message into `out`, never beyond `limit` bytes.
  [[nodiscard]] Inflated inflate(std::string_view message, std::size_t limit, std::string& out);
  /// The compressed form of a whole message. `window_bits` 9 to 15.
  [[nodiscard]] std::string deflate(std::string_view message, int window_bits);

 private:
  struct Streams;
  std::unique_ptr<Streams> streams_;  // Made at first use: most installations never negotiate it.
};

}  // namespace tandem::net
