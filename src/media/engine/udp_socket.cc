#include "media/engine/udp_socket.h"

#include <unistd.h>

#include <algorithm>
#include <ctime>
#include <tuple>

namespace tandem::media {
namespace {

constexpr std::int64_t kMaxAgeNs = 2'000'000'000;

model::SocketAddress from_system(const sockaddr_in6& name) {
  model::SocketAddress out;
  if (name.sin6_family == AF_INET) {
    const auto& v4 = reinterpret_cast<const sockaddr_in&>(name);
    const auto* bytes = reinterpret_cast<const std::uint8_t*>(&v4.sin_addr);
    std::copy_n(bytes, 4, out.ip.bytes.begin());
    out.port = ntohs(v4.sin_port);
  } else {
    out.ip.family = model::IpAddress::Family::v6;
    std::copy_n(name.sin6_addr.s6_addr, 16, out.ip.bytes.begin());
    out.port = ntohs(name.sin6_port);
  }
  return out;
}

std::pair<sockaddr_in6, socklen_t> to_system(const model::SocketAddress& a) {
  sockaddr_in6 out{};
  if (a.ip.family == model::IpAddress::Family::v4) {
    auto& v4 = reinterpret_cast<sockaddr_in&>(out);
    v4.sin_family = AF_INET;
    v4.sin_port = htons(a.port);
    std::copy_n(a.ip.bytes.begin(), 4, reinterpret_cast<std::uint8_t*>(&v4.sin_addr));
    return {out, sizeof(sockaddr_in)};
  }
  out.sin6_family = AF_INET6;
  out.sin6_port = htons(a.port);
  std::copy_n(a.ip.bytes.begin(), 16, out.sin6_addr.s6_addr);
  return {out, sizeof(sockaddr_in6)};
}

}  // namespace

Endpoint::Endpoint(const model::SocketAddress& address) {
  if (address.port == 0 || address.ip.is_unspecified()) return;
  std::tie(storage_, length_) = to_system(address);
}

UdpSocket::~UdpSocket() {
  if (fd_ >= 0) ::close(fd_);
}

std::optional<UdpSocket> UdpSocket::bind(const model::SocketAddress& local) {
  const auto [name, length] = to_system(local);
  UdpSocket s(::socket(name.sin6_family, SOCK_DGRAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0));
  if (s.fd_ < 0) return std::nullopt;
  const int on = 1;
  if (name.sin6_family == AF_INET6) ::setsockopt(s.fd_, IPPROTO_IPV6, IPV6_V6ONLY, &on, sizeof on);
  // The buffer stays as the system has it: some 200 KB, which hold seconds of audio.
  ::setsockopt(s.fd_, SOL_SOCKET, SO_TIMESTAMPNS, &on, sizeof on);
  // Expedited forwarding (RFC 3246), as voice is marked everywhere.
  const int tos = 0xb8;
  if (name.sin6_family == AF_INET) {
    ::setsockopt(s.fd_, IPPROTO_IP, IP_TOS, &tos, sizeof tos);
  } else {
    ::setsockopt(s.fd_, IPPROTO_IPV6, IPV6_TCLASS, &tos, sizeof tos);
  }
  if (::bind(s.fd_, reinterpret_cast<const sockaddr*>(&name), length) != 0) return std::nullopt;
  s.port_ = local.port;
  if (s.port_ == 0) {
    sockaddr_in6 bound{};
    socklen_t size = sizeof bound;
    if (::getsockname(s.fd_, reinterpret_cast<sockaddr*>(&bound), &size) != 0) return std::nullopt;
    s.port_ = from_system(bound).port;
  }
  return s;
}

bool UdpSocket::send(const Endpoint& to, std::span<const std::uint8_t> bytes) const {
  return ::sendto(fd_, bytes.data(), bytes.size(), MSG_DONTWAIT | MSG_NOSIGNAL, to.data(), to.length()) >= 0;
}

ReceiveBuffers::ReceiveBuffers() {
  for (std::size_t i = 0; i < kBatch; ++i) {
    vectors_[i] = {bytes_[i].data(), kBytes};
    headers_[i].msg_hdr.msg_name = &names_[i];
    headers_[i].msg_hdr.msg_iov = &vectors_[i];
    headers_[i].msg_hdr.msg_iovlen = 1;
    headers_[i].msg_hdr.msg_control = control_[i].data();
  }
}

std::size_t ReceiveBuffers::receive(const UdpSocket& socket) {
  for (std::size_t i = 0; i < used_; ++i) {
    headers_[i].msg_hdr.msg_namelen = sizeof names_[i];
    headers_[i].msg_hdr.msg_controllen = kControlBytes;
  }
  const int n = ::recvmmsg(socket.fd(), headers_.data(), kBatch, MSG_DONTWAIT, nullptr);
  used_ = n > 0 ? static_cast<std::size_t>(n) : 0;
  if (used_ > 0) {
    timespec wall{};
    ::clock_gettime(CLOCK_REALTIME, &wall);
    wall_ns_ = wall.tv_sec * 1'000'000'000 + wall.tv_nsec;
  }
  return used_;
}

std::optional<Datagram> ReceiveBuffers::datagram(std::size_t i) {
  msghdr& h = headers_[i].msg_hdr;
  if ((h.msg_flags & MSG_TRUNC) != 0) return std::nullopt;
  Datagram d;
  d.from = from_system(names_[i]);
  d.bytes = {bytes_[i].data(), headers_[i].msg_len};
  for (cmsghdr* c = CMSG_FIRSTHDR(&h); c != nullptr; c = CMSG_NXTHDR(&h, c)) {
    if (c->cmsg_level != SOL_SOCKET || c->cmsg_type != SCM_TIMESTAMPNS) continue;
    timespec t{};
    std::copy_n(CMSG_DATA(c), sizeof t, reinterpret_cast<std::uint8_t*>(&t));
    // Clamped, since the wall clock may be set at any time.
    d.age =
        Duration(std::clamp<std::int64_t>(wall_ns_ - (t.tv_sec * 1'000'000'000 + t.tv_nsec), 0, kMaxAgeNs));
  }
  return d;
}

}  // namespace tandem::media
