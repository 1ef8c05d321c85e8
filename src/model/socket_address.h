// An IP address and port, IPv4 or IPv6, without any socket library's types.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace tandem::model {

struct IpAddress {
  enum class Family : std::uint8_t { v4, v6 };
  Family family = Family::v4;
  std::array<std::uint8_t, 16> bytes{};  ///< Network order; the first four for v4.

  /// Literal addresses only ("192.0.2.1", "2001:db8::1", "[2001:db8::1]"); names are not resolved. A
  /// v4-mapped v6 address comes out as v4, so that policies cannot be slipped past.
  [[nodiscard]] static std::optional<IpAddress> parse(std::string_view text);
  [[nodiscard]] std::string str() const;  ///< Without brackets.
  [[nodiscard]] bool is_unspecified() const;
  [[nodiscard]] bool is_loopback() const;
  friend bool operator==(const IpAddress&, const IpAddress&) = default;
  friend auto operator<=>(const IpAddress&, const IpAddress&) = default;
};

struct SocketAddress {
  IpAddress ip;
  std::uint16_t port = 0;
  /// "192.0.2.1:5060" or "[2001:db8::1]:5060"; the port may be missing (0).
  [[nodiscard]] static std::optional<SocketAddress> parse(std::string_view text);
  [[nodiscard]] std::string str() const;
  friend bool operator==(const SocketAddress&, const SocketAddress&) = default;
  friend auto operator<=>(const SocketAddress&, const SocketAddress&) = default;
};

/// A network block in CIDR form ("10.0.0.0/8", "::1/128"; a bare address is a block of one).
struct IpBlock {
  IpAddress network;
  std::uint8_t prefix_bits = 0;
  [[nodiscard]] static std::optional<IpBlock> parse(std::string_view text);
  [[nodiscard]] bool contains(const IpAddress& ip) const;
  [[nodiscard]] std::string str() const;
  friend bool operator==(const IpBlock&, const IpBlock&) = default;
};

}  // namespace tandem::model
