#include "net/ws_handshake.h"

#include <openssl/evp.h>

#include <array>
#include <charconv>
#include <vector>

#include "base/random.h"
#include "base/text.h"
#include "net/http_text.h"

namespace tandem::net {
namespace {

std::vector<std::string_view> split(std::string_view text, char separator) {
  std::vector<std::string_view> out;
  while (true) {
    const std::size_t at = text.find(separator);
    std::string_view part = text.substr(0, at);
    while (part.starts_with(' ') || part.starts_with('\t')) part.remove_prefix(1);
    while (part.ends_with(' ') || part.ends_with('\t')) part.remove_suffix(1);
    out.push_back(part);
    if (at == std::string_view::npos) return out;
    text.remove_prefix(at + 1);
  }
}

/// 8 to 15 (RFC 7692 section 7.1.2), bare or in quotes; 0 if it is anything else.
int window_bits(std::string_view value) {
  if (value.size() > 2 && value.starts_with('"') && value.ends_with('"'))
    value = value.substr(1, value.size() - 2);
  int bits = 0;
  const auto [end, error] = std::from_chars(value.data(), value.data() + value.size(), bits);
  const bool whole = error == std::errc() && end == value.data() + value.size();
  return whole && bits >= 8 && bits <= 15 && !value.starts_with('0') ? bits : 0;
}

/// The window that an offer leaves us, 0 if we decline it.
int acceptable_window(std::string_view offer) {
  const auto parts = split(offer, ';');
  if (parts.front() != "permessage-deflate") return 0;
  int bits = 15;
  for (std::size_t i = 1; i < parts.size(); ++i) {
    const std::size_t equals = parts[i].find('=');
    const std::string_view name = parts[i].substr(0, equals);
    const bool bare = equals == std::string_view::npos;
    const int value = bare ? 0 : window_bits(parts[i].substr(equals + 1));
    if (name == "server_max_window_bits") {
      if (value < 9) return 0;  // Eight is beyond this compressor; no value is an error.
      bits = value;
    } else if (name == "client_max_window_bits") {
      if (!bare && value == 0) return 0;
    } else if ((name != "server_no_context_takeover" && name != "client_no_context_takeover") || !bare) {
      return 0;
    }
  }
  return bits;
}

}  // namespace

std::string make_ws_key() {
  const std::array<std::uint64_t, 2> nonce{random_u64(), random_u64()};
  return base64({reinterpret_cast<const char*>(nonce.data()), sizeof nonce});
}

bool is_ws_key(std::string_view key) {
  if (key.size() != 24 || !key.ends_with("==")) return false;
  std::array<unsigned char, 18> bytes;
  return EVP_DecodeBlock(bytes.data(), reinterpret_cast<const unsigned char*>(key.data()), 24) == 18;
}

std::string ws_accept(std::string_view key) {
  static EVP_MD* const sha1 = EVP_MD_fetch(nullptr, "SHA1", nullptr);  // Looked up by name once, see hmac.cc.
  const std::string text = std::string(key) + "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";
  std::array<unsigned char, EVP_MAX_MD_SIZE> digest{};
  unsigned size = 0;
  EVP_Digest(text.data(), text.size(), digest.data(), &size, sha1, nullptr);
  return base64({reinterpret_cast<const char*>(digest.data()), size});
}

std::optional<DeflateAnswer> answer_deflate(const HeaderList& request) {
  for (const auto& [name, value] : request) {
    if (!equal_no_case(name, "Sec-WebSocket-Extensions")) continue;
    for (const std::string_view offer : split(value, ',')) {
      const int bits = acceptable_window(offer);
      if (bits == 0) continue;
      DeflateAnswer out{{bits}, std::string(kDeflateOffer)};
      if (bits < 15) out.header += "; server_max_window_bits=" + std::to_string(bits);
      return out;
    }
  }
  return std::nullopt;
}

ClientDeflate read_deflate_answer(const HeaderList& response, bool offered) {
  bool answered = false;
  for (const auto& [name, value] : response) {
    if (!equal_no_case(name, "Sec-WebSocket-Extensions")) continue;
    if (answered || !offered) return ClientDeflate::violation;
    answered = true;
    bool no_takeover = false;
    const auto parts = split(value, ';');
    if (parts.front() != "permessage-deflate") return ClientDeflate::violation;
    for (std::size_t i = 1; i < parts.size(); ++i) {
      const std::size_t equals = parts[i].find('=');
      const std::string_view key = parts[i].substr(0, equals);
      if (key == "server_no_context_takeover") {
        no_takeover = true;
      } else if (key == "server_max_window_bits") {
        if (equals == std::string_view::npos || window_bits(parts[i].substr(equals + 1)) == 0) {
          return ClientDeflate::violation;
        }
      } else if (key != "client_no_context_takeover") {
        return ClientDeflate::violation;
      }
    }
    // Without it the server would go on with a window that we do not keep.
    if (!no_takeover) return ClientDeflate::violation;
  }
  return answered ? ClientDeflate::on : ClientDeflate::off;
}

}  // namespace tandem::net
