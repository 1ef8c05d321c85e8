// Addresses by way of the system: resolver and routing table.
#include <arpa/inet.h>
#include <netdb.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <memory>

#include "server/phone/options.h"

namespace tandem::phone {
namespace {

using model::IpAddress;

IpAddress address_of(const sockaddr* address) {
  IpAddress out;
  if (address->sa_family == AF_INET6) {
    const auto* v6 = reinterpret_cast<const sockaddr_in6*>(address);
    out.family = IpAddress::Family::v6;
    std::copy_n(v6->sin6_addr.s6_addr, 16, out.bytes.begin());
  } else {
    const auto* v4 = reinterpret_cast<const sockaddr_in*>(address);
    std::copy_n(reinterpret_cast<const std::uint8_t*>(&v4->sin_addr), 4, out.bytes.begin());
  }
  return out;
}

/// Between "sip:user@" and the port or the first parameter.
std::string host_of(const std::string& uri) {
  std::string rest = uri.substr(uri.find(':') == std::string::npos ? 0 : uri.find(':') + 1);
  rest = rest.substr(0, rest.find_first_of(";?>"));
  if (const std::size_t at = rest.rfind('@'); at != std::string::npos) rest = rest.substr(at + 1);
  if (rest.starts_with('['))
    return rest.substr(1, rest.find(']') == std::string::npos ? 0 : rest.find(']') - 1);
  return rest.substr(0, rest.find(':'));
}

}  // namespace

std::optional<IpAddress> host_address(const std::string& uri) {
  const std::string host = host_of(uri);
  if (host.empty()) return std::nullopt;
  if (const auto literal = IpAddress::parse(host)) return literal;
  addrinfo hints{};
  hints.ai_socktype = SOCK_DGRAM;
  addrinfo* found = nullptr;
  if (getaddrinfo(host.c_str(), nullptr, &hints, &found) != 0 || found == nullptr) return std::nullopt;
  const std::unique_ptr<addrinfo, decltype(&freeaddrinfo)> owner(found, &freeaddrinfo);
  return address_of(found->ai_addr);
}

IpAddress local_address_towards(const IpAddress& peer) {
  const bool v6 = peer.family == IpAddress::Family::v6;
  IpAddress loopback = *IpAddress::parse(v6 ? "::1" : "127.0.0.1");
  if (peer.is_unspecified()) return loopback;
  sockaddr_storage to{};
  to.ss_family = v6 ? AF_INET6 : AF_INET;
  socklen_t size = sizeof(sockaddr_in);
  if (v6) {
    auto* in = reinterpret_cast<sockaddr_in6*>(&to);
    std::copy_n(peer.bytes.begin(), 16, in->sin6_addr.s6_addr);
    in->sin6_port = htons(9);
    size = sizeof(sockaddr_in6);
  } else {
    auto* in = reinterpret_cast<sockaddr_in*>(&to);
    std::copy_n(peer.bytes.begin(), 4, reinterpret_cast<std::uint8_t*>(&in->sin_addr));
    in->sin_port = htons(9);
  }
  // Connecting a datagram socket sends nothing; it asks the routing table.
  const int fd = ::socket(to.ss_family, SOCK_DGRAM | SOCK_CLOEXEC, 0);
  if (fd < 0) return loopback;
  sockaddr_storage local{};
  socklen_t local_size = sizeof local;
  const bool ok = ::connect(fd, reinterpret_cast<const sockaddr*>(&to), size) == 0 &&
                  ::getsockname(fd, reinterpret_cast<sockaddr*>(&local), &local_size) == 0;
  ::close(fd);
  return ok ? address_of(reinterpret_cast<const sockaddr*>(&local)) : loopback;
}

}  // namespace tandem::phone
