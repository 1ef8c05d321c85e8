#include "net/api/address_policy.h"

#include <algorithm>
#include <cstdint>
#include <initializer_list>
#include <string_view>
#include <utility>

namespace tandem::net {
namespace {

using model::IpAddress;
using Bytes = std::initializer_list<std::uint8_t>;

struct Rule {
  Bytes prefix;  // Network order; bits beyond `bits` are zero.
  unsigned bits;
  std::string_view name;
};

bool matches(const IpAddress& ip, const Bytes& prefix, unsigned bits) {
  for (unsigned i = 0; i * 8 < bits; ++i) {
    const unsigned left = std::min(8U, bits - i * 8);
    const unsigned mask = 0xffU << (8U - left) & 0xffU;
    const unsigned want = i < prefix.size() ? *(prefix.begin() + i) : 0U;
    if ((ip.bytes[i] & mask) != want) return false;
  }
  return true;
}

// IANA special-purpose registry, IPv4.
constexpr Rule kV4Rules[] = {{{0}, 8, "unspecified"},
                             {{10}, 8, "private"},
                             {{100, 64}, 10, "shared"},
                             {{127}, 8, "loopback"},
                             {{169, 254}, 16, "link-local"},
                             {{172, 16}, 12, "private"},
                             {{192, 0, 0}, 24, "reserved"},
                             {{192, 0, 2}, 24, "documentation"},
                             {{192, 88, 99}, 24, "6to4 relay"},
                             {{192, 168}, 16, "private"},
                             {{198, 18}, 15, "benchmarking"},
                             {{198, 51, 100}, 24, "documentation"},
                             {{203, 0, 113}, 24, "documentation"},
                             {{224}, 4, "multicast"},
                             {{240}, 4, "reserved"}};

std::string_view denied_v4(const IpAddress& ip) {
  for (const Rule& rule : kV4Rules) {
    if (matches(ip, rule.prefix, rule.bits)) return rule.name;
  }
  return {};
}

IpAddress v4_at(const IpAddress& ip, std::size_t offset, std::uint8_t flip = 0) {
  IpAddress out;
  for (std::size_t i = 0; i < 4; ++i) out.bytes[i] = ip.bytes[offset + i] ^ flip;
  return out;
}

bool is_mapped(const IpAddress& ip) {
  return matches(ip, {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff}, 96);
}

/// IPv4 addresses that travel inside `ip`: the packet may end there.
std::vector<IpAddress> wrapped_in(const IpAddress& ip) {
  if (matches(ip, {0x00, 0x64, 0xff, 0x9b}, 96)) return {v4_at(ip, 12)};                // NAT64, RFC 6052
  if (matches(ip, {0x20, 0x02}, 16)) return {v4_at(ip, 2)};                             // 6to4, RFC 3056
  if (matches(ip, {0x20, 0x01, 0, 0}, 32)) return {v4_at(ip, 4), v4_at(ip, 12, 0xff)};  // Teredo, RFC 4380
  return {};
}

constexpr Rule kV6Rules[] = {{{0xfc}, 7, "private"},
                             {{0xfe, 0x80}, 10, "link-local"},
                             {{0xfe, 0xc0}, 10, "private"},
                             {{0xff}, 8, "multicast"},
                             {{0x20, 0x01, 0x0d, 0xb8}, 32, "documentation"},
                             {{0x3f, 0xff, 0}, 20, "documentation"},
                             {{0x20, 0x01, 0, 0x02, 0, 0}, 48, "benchmarking"}};

std::string_view denied_v6(const IpAddress& ip) {
  if (ip.is_unspecified()) return "unspecified";
  if (ip.is_loopback()) return "loopback";
  for (const IpAddress& inner : wrapped_in(ip)) {
    if (const auto name = denied_v4(inner); !name.empty()) return name;
  }
  for (const Rule& rule : kV6Rules) {
    if (matches(ip, rule.prefix, rule.bits)) return rule.name;
  }
  // Global unicast is 2000::/3 only; NAT64's well-known prefix is the one exception.
  const bool global = matches(ip, {0x20}, 3) || !wrapped_in(ip).empty();
  return global ? std::string_view{} : "reserved";
}

}  // namespace

AddressPolicy::AddressPolicy(std::vector<model::IpBlock> allowed) : allowed_(std::move(allowed)) {}

bool AddressPolicy::permits(const IpAddress& ip) const {
  return denied_by(ip).empty();
}

std::string AddressPolicy::denied_by(const IpAddress& given) const {
  const bool v6 = given.family == IpAddress::Family::v6;
  const IpAddress ip = v6 && is_mapped(given) ? v4_at(given, 12) : given;
  const auto contains = [&ip](const model::IpBlock& block) { return block.contains(ip); };
  if (std::any_of(allowed_.begin(), allowed_.end(), contains)) return {};
  return std::string(ip.family == IpAddress::Family::v4 ? denied_v4(ip) : denied_v6(ip));
}

}  // namespace tandem::net
