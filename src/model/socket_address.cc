#include "model/socket_address.h"

#include <arpa/inet.h>

#include <algorithm>
#include <charconv>

namespace tandem::model {
namespace {

template <class Int>
bool parse_number(std::string_view text, Int& out) {
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), out);
  return !text.empty() && error == std::errc() && end == text.data() + text.size();
}

}  // namespace

std::optional<IpAddress> IpAddress::parse(std::string_view text) {
  if (text.size() >= 2 && text.front() == '[' && text.back() == ']') text = text.substr(1, text.size() - 2);
  if (text.size() >= INET6_ADDRSTRLEN) return std::nullopt;
  const std::string z(text);
  IpAddress out;
  if (inet_pton(AF_INET, z.c_str(), out.bytes.data()) == 1) return out;
  if (inet_pton(AF_INET6, z.c_str(), out.bytes.data()) != 1) return std::nullopt;
  static constexpr std::array<std::uint8_t, 12> kMapped{0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff};
  if (std::equal(kMapped.begin(), kMapped.end(), out.bytes.begin())) {
    std::copy_n(out.bytes.begin() + 12, 4, out.bytes.begin());
    std::fill(out.bytes.begin() + 4, out.bytes.end(), std::uint8_t{0});
    return out;
  }
  out.family = Family::v6;
  return out;
}

std::string IpAddress::str() const {
  std::array<char, INET6_ADDRSTRLEN> text{};
  if (family == Family::v6) {
    inet_ntop(AF_INET6, bytes.data(), text.data(), text.size());
    return text.data();
  }
  char* end = text.data();  // By hand: inet_ntop() goes through sprintf().
  for (std::size_t i = 0; i < 4; ++i) {
    if (i != 0) *end++ = '.';
    end = std::to_chars(end, end + 3, bytes[i]).ptr;
  }
  return {text.data(), end};
}

bool IpAddress::is_unspecified() const {
  return std::all_of(bytes.begin(), bytes.end(), [](std::uint8_t b) { return b == 0; });
}

bool IpAddress::is_loopback() const {
  if (family == Family::v4) return bytes[0] == 127;
  return std::all_of(bytes.begin(), bytes.end() - 1, [](std::uint8_t b) { return b == 0; }) && bytes[15] == 1;
}

std::optional<SocketAddress> SocketAddress::parse(std::string_view text) {
  SocketAddress out;
  std::string_view host = text;
  const std::size_t colon = text.rfind(':');
  const bool bracketed = text.starts_with('[');
  const bool has_port = colon != std::string_view::npos &&
                        (bracketed ? colon > 0 && text[colon - 1] == ']' : text.find(':') == colon);
  if (has_port) {
    host = text.substr(0, colon);
    if (!parse_number(text.substr(colon + 1), out.port)) return std::nullopt;
  }
  const auto ip = IpAddress::parse(host);
  if (!ip) return std::nullopt;
  out.ip = *ip;
  return out;
}

std::string SocketAddress::str() const {
  const std::string host = ip.family == IpAddress::Family::v6 ? "[" + ip.str() + "]" : ip.str();
  return host + ":" + std::to_string(port);
}

std::optional<IpBlock> IpBlock::parse(std::string_view text) {
  const std::size_t slash = text.find('/');
  const auto ip = IpAddress::parse(text.substr(0, slash));
  if (!ip) return std::nullopt;
  const std::uint8_t widest = ip->family == IpAddress::Family::v4 ? 32 : 128;
  IpBlock out{*ip, widest};
  if (slash != std::string_view::npos &&
      (!parse_number(text.substr(slash + 1), out.prefix_bits) || out.prefix_bits > widest)) {
    return std::nullopt;
  }
  return out;
}

bool IpBlock::contains(const IpAddress& ip) const {
  if (ip.family != network.family) return false;
  const std::size_t whole = prefix_bits / 8U;
  if (!std::equal(ip.bytes.begin(), ip.bytes.begin() + static_cast<std::ptrdiff_t>(whole),
                  network.bytes.begin())) {
    return false;
  }
  const unsigned rest = prefix_bits % 8U;
  if (rest == 0) return true;
  const unsigned mask = 0xffU << (8U - rest) & 0xffU;
  return (ip.bytes[whole] & mask) == (network.bytes[whole] & mask);
}

std::string IpBlock::str() const {
  return network.str() + "/" + std::to_string(prefix_bits);
}

}  // namespace tandem::model
