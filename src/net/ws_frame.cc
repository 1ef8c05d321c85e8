#include "net/ws_frame.h"

#include <algorithm>
#include <cstring>

#include "net/ws_deflate.h"

namespace tandem::net {
namespace {

constexpr std::size_t kMaxControl = 125;
constexpr std::size_t kMaxCloseReason = 123;

bool is_control(WsOpcode opcode) {
  return static_cast<unsigned>(opcode) >= 8;
}

void apply_mask(char* data, std::size_t size, const std::array<char, 4>& mask, std::uint64_t offset) {
  std::array<char, 8> wide;
  for (std::size_t i = 0; i < wide.size(); ++i) wide[i] = mask[(offset + i) & 3U];
  std::uint64_t key = 0;
  std::memcpy(&key, wide.data(), sizeof key);
  std::size_t i = 0;
  for (; i + 8 <= size; i += 8) {
    std::uint64_t word = 0;
    std::memcpy(&word, data + i, sizeof word);
    word ^= key;
    std::memcpy(data + i, &word, sizeof word);
  }
  for (; i < size; ++i) data[i] = static_cast<char>(data[i] ^ wide[i & 7U]);
}

/// Bytes of the UTF-8 sequence at the front of `s`, 0 if it is not one (RFC 3629: no surrogates, no overlong
/// forms).
std::size_t utf8_sequence(std::string_view s) {
  const auto at = [s](std::size_t i) { return static_cast<unsigned char>(s[i]); };
  const auto tail = [&](std::size_t i, unsigned low = 0x80, unsigned high = 0xbf) {
    return i < s.size() && at(i) >= low && at(i) <= high;
  };
  const unsigned lead = at(0);
  if (lead < 0x80) return 1;
  if (lead >= 0xc2 && lead <= 0xdf) return tail(1) ? 2 : 0;
  if (lead >= 0xe0 && lead <= 0xef) {
    const bool second = tail(1, lead == 0xe0 ? 0xa0 : 0x80, lead == 0xed ? 0x9f : 0xbf);
    return second && tail(2) ? 3 : 0;
  }
  if (lead >= 0xf0 && lead <= 0xf4) {
    const bool second = tail(1, lead == 0xf0 ? 0x90 : 0x80, lead == 0xf4 ? 0x8f : 0xbf);
    return second && tail(2) && tail(3) ? 4 : 0;
  }
  return 0;
}

std::size_t header_size(unsigned second_byte) {
  const unsigned length = second_byte & 0x7fU;
  return 2U + (length == 126 ? 2U : length == 127 ? 8U : 0U) + ((second_byte & 0x80U) != 0 ? 4U : 0U);
}

}  // namespace

bool is_utf8(std::string_view text) {
  while (!text.empty()) {
    std::uint64_t word = 0;
    if (text.size() >= 8) {
      std::memcpy(&word, text.data(), sizeof word);
      if ((word & 0x8080808080808080ULL) == 0) {
        text.remove_prefix(8);
        continue;
      }
    }
    const std::size_t n = utf8_sequence(text);
    if (n == 0) return false;
    text.remove_prefix(n);
  }
  return true;
}

bool is_sendable_close_code(std::uint16_t code) {
  return (code >= 1000 && code <= 1003) || (code >= 1007 && code <= 1014) || (code >= 3000 && code <= 4999);
}

std::string close_payload(std::uint16_t code, std::string_view reason) {
  if (code == 1005) return {};
  std::string out{static_cast<char>(code >> 8U), static_cast<char>(code & 0xffU)};
  std::size_t size = 0;
  while (size < reason.size()) {
    const std::size_t n = utf8_sequence(reason.substr(size));
    if (n == 0 || size + n > kMaxCloseReason) break;
    size += n;
  }
  out.append(reason.substr(0, size));
  return out;
}

void append_frame(std::string& out, WsRole role, WsOpcode opcode, std::string_view payload,
                  std::uint32_t mask, bool compressed) {
  const unsigned mask_bit = role == WsRole::client ? 0x80U : 0U;
  const auto put = [&out](std::uint64_t byte) { out.push_back(static_cast<char>(byte & 0xffU)); };
  put(0x80U | (compressed ? 0x40U : 0U) | static_cast<unsigned>(opcode));
  if (payload.size() <= kMaxControl) {
    put(mask_bit | payload.size());
  } else if (payload.size() <= 0xffff) {
    put(mask_bit | 126U);
    put(payload.size() >> 8U);
    put(payload.size());
  } else {
    put(mask_bit | 127U);
    for (unsigned shift = 64; shift != 0; shift -= 8) put(payload.size() >> (shift - 8U));
  }
  if (role == WsRole::server) {
    out.append(payload);
    return;
  }
  std::array<char, 4> key;
  std::memcpy(key.data(), &mask, sizeof mask);
  out.append(key.data(), key.size());
  const std::size_t start = out.size();
  out.append(payload);
  apply_mask(out.data() + start, payload.size(), key, 0);
}

WsReader::WsReader(WsRole role, std::size_t max_message_bytes, WsDeflate* deflate)
    : role_(role),
      max_message_bytes_(max_message_bytes),
      // Nobody needs fragments of less than a kilobyte by the thousand; each costs us more than it costs the
      // peer.
      max_fragments_(1'024 + max_message_bytes / 1'024),
      deflate_(deflate) {}

bool WsReader::take_header(std::string_view& bytes) {
  while (!bytes.empty()) {
    raw_[raw_size_++] = static_cast<unsigned char>(bytes.front());
    bytes.remove_prefix(1);
    if (raw_size_ >= 2 && raw_size_ == header_size(raw_[1])) {
      read_header();
      return true;
    }
  }
  return false;
}

void WsReader::read_header() {
  header_ = {};
  header_.fin = (raw_[0] & 0x80U) != 0;
  header_.compressed = (raw_[0] & 0x40U) != 0;
  header_.opcode = static_cast<WsOpcode>(raw_[0] & 0x0fU);
  header_.masked = (raw_[1] & 0x80U) != 0;
  header_.length = raw_[1] & 0x7fU;
  std::size_t at = 2;
  if (header_.length >= 126) {
    const std::size_t end = header_.length == 126 ? 4 : 10;
    header_.length = 0;
    for (; at < end; ++at) header_.length = header_.length << 8U | raw_[at];
  }
  if (header_.masked) std::memcpy(header_.mask.data(), raw_.data() + at, header_.mask.size());
  raw_size_ = 0;
  taken_ = 0;
}

std::string_view WsReader::header_fault(std::uint16_t& code) const {
  code = 1002;
  const unsigned opcode = static_cast<unsigned>(header_.opcode);
  if ((raw_[0] & 0x30U) != 0) return "reserved bit set";
  if (header_.compressed && (deflate_ == nullptr || header_.opcode != WsOpcode::text)) {
    // RSV1 belongs on the first frame of a data message only; a compressed binary one is refused just below.
    if (deflate_ == nullptr || header_.opcode != WsOpcode::binary) return "unexpected compressed frame";
  }
  if ((opcode > 2 && opcode < 8) || opcode > 10) return "unknown opcode";
  if (header_.masked != (role_ == WsRole::server)) return "wrong masking";
  const unsigned short_length = raw_[1] & 0x7fU;
  if (short_length == 126 && header_.length < 126) return "length not in its shortest form";
  if (short_length == 127 && (header_.length <= 0xffff || header_.length >> 63U != 0)) {
    return "length not in its shortest form";
  }
  if (is_control(header_.opcode)) {
    if (!header_.fin || header_.length > kMaxControl) return "control frame fragmented or longer than 125";
    return {};
  }
  if (header_.opcode == WsOpcode::binary) {
    code = 1003;
    return "only text is accepted";
  }
  if ((header_.opcode == WsOpcode::continuation) != in_message_) return "continuation out of place";
  return {};
}

std::string_view WsReader::data_fault(std::uint16_t& code) {
  if (is_control(header_.opcode)) return {};
  if (header_.opcode == WsOpcode::text) {
    in_message_ = true;
    message_compressed_ = header_.compressed;
    fragments_ = 0;
    message_.clear();
  }
  // A compressed message may be a little longer than what it inflates to.
  const std::size_t limit = max_message_bytes_ + (message_compressed_ ? max_message_bytes_ / 1'000 + 64 : 0);
  if (header_.length > limit || message_.size() + header_.length > limit) {
    code = 1009;
    return "message too large";
  }
  if (++fragments_ > max_fragments_) {
    code = 1008;
    return "too many fragments";
  }
  return {};
}

ws::Event WsReader::next(std::string_view& bytes) {
  if (!in_payload_) {
    if (!take_header(bytes)) return ws::NeedMore{};
    std::uint16_t code = 1002;
    std::string_view fault = header_fault(code);
    if (fault.empty()) fault = data_fault(code);
    if (!fault.empty()) return ws::Broken{code, fault};
    in_payload_ = true;
    if (is_control(header_.opcode)) control_.clear();
  }
  std::string& target = is_control(header_.opcode) ? control_ : message_;
  const std::size_t n = std::min<std::uint64_t>(bytes.size(), header_.length - taken_);
  const std::size_t start = target.size();
  target.append(bytes.substr(0, n));
  if (header_.masked) apply_mask(target.data() + start, n, header_.mask, taken_);
  bytes.remove_prefix(n);
  taken_ += n;
  if (taken_ < header_.length) return ws::NeedMore{};
  in_payload_ = false;
  return finish_frame();
}

ws::Event WsReader::finish_frame() {
  switch (header_.opcode) {
    case WsOpcode::ping:
      return ws::Ping{std::move(control_)};
    case WsOpcode::pong:
      return ws::Pong{};
    case WsOpcode::close:
      return finish_close();
    case WsOpcode::continuation:
    case WsOpcode::text:
    case WsOpcode::binary:
      break;
  }
  // A fragment alone is no event; Pong tells the caller the same thing: the peer is alive, nothing to do.
  return header_.fin ? finish_message() : ws::Event{ws::Pong{}};
}

ws::Event WsReader::finish_message() {
  in_message_ = false;
  std::string text = std::move(message_);
  message_.clear();
  if (message_compressed_) {
    std::string inflated;
    switch (deflate_->inflate(text, max_message_bytes_, inflated)) {
      case WsDeflate::Inflated::ok:
        break;
      case WsDeflate::Inflated::too_large:
        return ws::Broken{1009, "message too large when inflated"};
      case WsDeflate::Inflated::corrupt:
        return ws::Broken{1007, "message cannot be inflated"};
    }
    text = std::move(inflated);
  }
  if (!is_utf8(text)) return ws::Broken{1007, "text is not UTF-8"};
  return ws::Message{std::move(text)};
}

ws::Event WsReader::finish_close() {
  if (control_.empty()) return ws::Close{};
  if (control_.size() == 1) return ws::Broken{1002, "close frame of one byte"};
  const auto high = static_cast<unsigned char>(control_[0]);
  const auto low = static_cast<unsigned char>(control_[1]);
  ws::Close out{static_cast<std::uint16_t>(high << 8U | low), control_.substr(2)};
  if (!is_sendable_close_code(out.code)) return ws::Broken{1002, "close code not allowed"};
  if (!is_utf8(out.reason)) return ws::Broken{1007, "close reason is not UTF-8"};
  return out;
}

}  // namespace tandem::net
