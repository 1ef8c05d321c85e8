// WebSocket framing (RFC 6455 section 5) without input or output: bytes in, events out, frames appended to a
// string. One thread. Everything read is bounded: message size, fragments a message, control payloads.
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <string_view>
#include <variant>

namespace tandem::net {

class WsDeflate;

enum class WsRole : std::uint8_t { client, server };
enum class WsOpcode : std::uint8_t { continuation = 0, text = 1, binary = 2, close = 8, ping = 9, pong = 10 };

namespace ws {
struct NeedMore {};
struct Message {
  std::string text;  ///< Whole, inflated, valid UTF-8.
};
struct Ping {
  std::string payload;
};
struct Pong {};
struct Close {
  std::uint16_t code = 1005;
  std::string reason;
};
/// The peer broke a rule or a limit: close with this code. The reader must not be used after it.
struct Broken {
  std::uint16_t code = 1002;
  std::string_view reason;
};
using Event = std::variant<NeedMore, Message, Ping, Pong, Close, Broken>;
}  // namespace ws

class WsReader {
 public:
  /// `role` is ours: a server demands masked frames. `deflate` is null unless permessage-deflate was agreed;
  /// borrowed.
  WsReader(WsRole role, std::size_t max_message_bytes, WsDeflate* deflate);
  /// Takes bytes off the front of `bytes` up to the end of the next event; NeedMore when all are taken.
  [[nodiscard]] ws::Event next(std::string_view& bytes);

 private:
  struct Header {
    bool fin = false;
    bool compressed = false;
    WsOpcode opcode = WsOpcode::text;
    std::uint64_t length = 0;
    std::array<char, 4> mask{};
    bool masked = false;
  };
  [[nodiscard]] bool take_header(std::string_view& bytes);
  void read_header();
  [[nodiscard]] std::string_view header_fault(std::uint16_t& code) const;
  [[nodiscard]] std::string_view data_fault(std::uint16_t& code);
  [[nodiscard]] ws::Event finish_frame();
  [[nodiscard]] ws::Event finish_message();
  [[nodiscard]] ws::Event finish_close();

  const WsRole role_;
  const std::size_t max_message_bytes_;
  const std::size_t max_fragments_;
  WsDeflate* deflate_;
  std::array<unsigned char, 14> raw_{};  // Header bytes so far.
  std::size_t raw_size_ = 0;
  bool in_payload_ = false;
  std::uint64_t taken_ = 0;  // Payload bytes of this frame.
  Header header_;
  std::string control_;
  std::string message_;
  bool in_message_ = false;
  bool message_compressed_ = false;
  std::size_t fragments_ = 0;
};

/// Appends one whole frame. `mask` is used (and must be unpredictable) when `role` is client.
void append_frame(std::string& out, WsRole role, WsOpcode opcode, std::string_view payload,
                  std::uint32_t mask, bool compressed = false);
/// The payload of a close frame; the reason is cut to 123 bytes at a character boundary. Code 1005: empty.
[[nodiscard]] std::string close_payload(std::uint16_t code, std::string_view reason);
/// True if a close frame may carry `code` (RFC 6455 section 7.4).
[[nodiscard]] bool is_sendable_close_code(std::uint16_t code);
[[nodiscard]] bool is_utf8(std::string_view text);

}  // namespace tandem::net
